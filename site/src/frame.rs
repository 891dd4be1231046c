//! The frame around every page: head, header with the way to 119, footer.
//!
//! All but title, description and addresses is made once for each library.

use std::fmt::Write;

use askama::Template;
use fenghuo_content::{Hotline, Lang, Library};

use crate::Options;
use crate::asset::{RELOAD, SCRIPT, STYLE};
use crate::render::Escaped;
use crate::route::{EDITORS, home};
use crate::text::{Words, words};

/// A page that another crate wants shown in the frame of the site.
#[derive(Clone, Copy, Debug, Default)]
pub struct FramePage<'a> {
    /// Title without the name of the site.
    pub title: &'a str,
    /// One sentence for search engines; left out when empty.
    pub description: &'a str,
    /// Address on the site, e.g. `/chat`.
    pub path: &'a str,
    /// HTML of the main part, beginning with its one `<h1>`.
    pub main: &'a str,
    /// Addresses of further style sheets.
    pub styles: &'a [&'a str],
    /// Addresses of further scripts, loaded with `defer`.
    pub scripts: &'a [&'a str],
    /// Language of frame and page.
    pub lang: Lang,
    /// Whether search engines are asked to leave it out.
    pub noindex: bool,
}

/// What only pages of this crate add to the head.
#[derive(Clone, Copy, Default)]
pub(crate) struct Extra<'a> {
    /// JSON-LD, already safe inside a script element.
    pub(crate) json_ld: &'a str,
    /// Address of the same page in the other language.
    pub(crate) other: Option<&'a str>,
}

/// The constant parts in one language.
struct Parts {
    /// From the icons to the end of `<head>`.
    head: String,
    /// Header without and with each entry of the navigation marked as current.
    headers: Vec<(&'static str, String)>,
    footer: String,
}

/// The frame of one library.
pub(crate) struct Frame {
    title: String,
    url: String,
    chinese: Parts,
    english: Parts,
}

#[derive(Template)]
#[template(path = "header.html")]
struct Header<'a> {
    title: &'a str,
    words: &'a Words,
    home: &'static str,
    entries: &'a [(&'static str, &'static str)],
    current: &'static str,
}

#[derive(Template)]
#[template(path = "footer.html")]
struct Footer<'a> {
    words: &'a Words,
    lang: Lang,
    hotlines: &'a [Hotline],
    operator: &'a str,
    icp: &'a str,
    approval: String,
    pages: Vec<(String, &'a str)>,
    lists: Vec<(&'static str, &'static str)>,
}

const LISTS: [(&str, &str); 5] = [
    ("/bulletins/", "火情通报"),
    ("/boards/", "工作进展"),
    ("/quizzes/", "安全测验"),
    ("/feeds/notices.atom", "订阅提示"),
    (EDITORS, "编辑页"),
];

/// Only a server answers programs.
const OPEN_DATA: (&str, &str) = ("/open-data/", "开放数据");

impl Frame {
    pub(crate) fn new(library: &Library, options: &Options) -> Self {
        Self {
            title: library.place.title.clone(),
            url: options.public_url.trim_end_matches('/').to_owned(),
            chinese: parts(library, options, Lang::Zh),
            english: parts(library, options, Lang::En),
        }
    }

    /// `page` as a whole HTML document.
    pub(crate) fn wrap(&self, page: &FramePage<'_>, extra: &Extra<'_>) -> String {
        let parts = self.parts(page.lang);
        let header = header(parts, page.path);
        let constant = parts.head.len() + header.len() + parts.footer.len();
        // Room for title, description and addresses as well: the main part is never copied twice.
        let mut out =
            String::with_capacity(constant + extra.json_ld.len() + page.main.len() + 2048);
        self.write_head(page, extra, &mut out).expect("writing to a string cannot fail");
        out.push_str(&parts.head);
        out.push_str(header);
        out.push_str(page.main);
        out.push_str(&parts.footer);
        out
    }

    /// `page` without header and footer, to stand in a frame of another site.
    pub(crate) fn bare(&self, page: &FramePage<'_>) -> String {
        let mut out = String::new();
        self.write_head(page, &Extra::default(), &mut out)
            .expect("writing to a string cannot fail");
        out.push_str(&self.parts(page.lang).head);
        out.push_str("<body class=\"bare\"><main id=\"main\">");
        out.push_str(page.main);
        out.push_str("</main></body></html>\n");
        out
    }

    fn parts(&self, lang: Lang) -> &Parts {
        match lang {
            Lang::Zh => &self.chinese,
            Lang::En => &self.english,
        }
    }

    fn write_head(
        &self,
        page: &FramePage<'_>,
        extra: &Extra<'_>,
        out: &mut String,
    ) -> std::fmt::Result {
        let (url, path) = (&self.url, Escaped(page.path));
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">",
            page.lang.tag()
        )?;
        out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        out.push_str("<title>");
        if !page.title.is_empty() && page.title != self.title {
            write!(out, "{} · ", Escaped(page.title))?;
        }
        write!(out, "{}</title>", Escaped(&self.title))?;
        if !page.description.is_empty() {
            write!(out, "<meta name=\"description\" content=\"{}\">", Escaped(page.description))?;
        }
        if page.noindex {
            out.push_str("<meta name=\"robots\" content=\"noindex\">");
        } else {
            write!(out, "<link rel=\"canonical\" href=\"{url}{path}\">")?;
        }
        if let Some(other) = extra.other {
            for (lang, address) in both(page, other) {
                let tag = lang.tag();
                write!(
                    out,
                    "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{url}{}\">",
                    Escaped(address)
                )?;
            }
        }
        for style in page.styles {
            write!(out, "<link rel=\"stylesheet\" href=\"{}\">", Escaped(style))?;
        }
        for script in page.scripts {
            write!(out, "<script src=\"{}\" defer></script>", Escaped(script))?;
        }
        if !extra.json_ld.is_empty() {
            write!(out, "<script type=\"application/ld+json\">{}</script>", extra.json_ld)?;
        }
        Ok(())
    }
}

/// Both language variants of a page, Chinese first.
fn both<'a>(page: &FramePage<'a>, other: &'a str) -> [(Lang, &'a str); 2] {
    match page.lang {
        Lang::Zh => [(Lang::Zh, page.path), (Lang::En, other)],
        Lang::En => [(Lang::Zh, other), (Lang::En, page.path)],
    }
}

/// The header whose entry leads to a part of the site that `path` belongs to.
fn header<'a>(parts: &'a Parts, path: &str) -> &'a str {
    let marked = parts.headers.iter().skip(1).find(|(entry, _)| {
        path.trim_end_matches('/') == entry.trim_end_matches('/') || path.starts_with(entry)
    });
    marked.or(parts.headers.first()).map_or("", |(_, html)| html)
}

fn parts(library: &Library, options: &Options, lang: Lang) -> Parts {
    let entries = navigation(options.live, lang);
    let render = |current: &'static str| {
        let header = Header {
            title: &library.place.title,
            words: words(lang),
            home: home(lang),
            entries: &entries,
            current,
        };
        (current, render(&header))
    };
    let headers =
        std::iter::once("").chain(entries.iter().map(|(address, _)| *address)).map(render);
    Parts {
        head: head(options),
        headers: headers.collect(),
        footer: render_footer(library, lang, options.live),
    }
}

/// Entries of the navigation; the last two are where to ask.
fn navigation(live: bool, lang: Lang) -> Vec<(&'static str, &'static str)> {
    let last = match (lang, live) {
        (Lang::En, _) => return vec![("/en/", "All pages"), ("/", "中文")],
        (Lang::Zh, true) => ("/chat", "问一问"),
        (Lang::Zh, false) => ("/bulletins/", "通报"),
    };
    vec![
        ("/knowledge/", "知识"),
        ("/guides/", "指引"),
        ("/cases/", "案例"),
        ("/lessons/", "课程"),
        ("/checklists/", "自查"),
        ("/notices/", "提示"),
        ("/search/", "搜索"),
        last,
    ]
}

fn head(options: &Options) -> String {
    let mut head = format!(
        "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"theme-color\" content=\"#0c4a59\">\
         <link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\"><link rel=\"apple-touch-icon\" href=\"/icon-180.png\"><link rel=\"manifest\" href=\"/manifest.webmanifest\">\
         <link rel=\"alternate\" type=\"application/atom+xml\" title=\"安全提示\" href=\"/feeds/notices.atom\">\
         <link rel=\"stylesheet\" href=\"{}\"><script src=\"{}\" defer></script>",
        STYLE.address, SCRIPT.address
    );
    if options.watch {
        let _ = write!(head, "<script src=\"{}\" defer></script>", RELOAD.address);
    }
    head.push_str("</head>");
    head
}

fn render_footer(library: &Library, lang: Lang, live: bool) -> String {
    let pages = library
        .of_kind(fenghuo_content::Kind::Page)
        .filter(|document| !document.meta.draft)
        .take(8)
        .map(|document| (document.address(), document.meta.title.as_str()));
    render(&Footer {
        words: words(lang),
        lang,
        hotlines: &library.place.hotlines,
        operator: &library.place.operator,
        icp: &library.place.icp,
        approval: approval(library, lang),
        pages: pages.collect(),
        lists: LISTS.into_iter().chain(live.then_some(OPEN_DATA)).collect(),
    })
}

/// What can be said about the approval of the library as a whole.
pub(crate) fn approval(library: &Library, lang: Lang) -> String {
    let all = library.documents().len();
    let approved = library.documents().iter().filter(|d| d.meta.reviewer.is_some()).count();
    match (lang, approved) {
        (Lang::Zh, 0) => "本站资料已对照来源核对，尚未经消防救援机构审定。".to_owned(),
        (Lang::Zh, n) if n == all => "本站资料均经机构审定，审定单位见各页。".to_owned(),
        (Lang::Zh, n) => format!("本站 {all} 篇资料中有 {n} 篇经机构审定，其余待审定，见各页。"),
        (Lang::En, n) if n == all && n > 0 => "All pages are approved; see each page.".to_owned(),
        (Lang::En, _) => {
            "Checked against official sources; not yet approved by the fire brigade.".to_owned()
        }
    }
}

/// `template` as text.
pub(crate) fn render(template: &impl Template) -> String {
    // The templates of this crate write to memory and have no filter that fails.
    template.render().unwrap_or_default()
}
