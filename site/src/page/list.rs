//! Lists of documents with links that narrow them; every one of them is a page, so no script is needed.

use askama::Template;
use fenghuo_content::{Kind, Lang, Setting};

use super::Page;
use super::entry::{Entry, entries};
use crate::Site;
use crate::frame::render;
use crate::route::{PER_PAGE, list_address, pages, setting_address};
use crate::season::Quarter;
use crate::text::kind_name;

/// Links that narrow a list in one respect.
pub(crate) struct Facet {
    pub(crate) label: &'static str,
    pub(crate) links: Vec<FacetLink>,
    /// Whether the page shows it opened.
    pub(crate) open: bool,
}

pub(crate) struct FacetLink {
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) count: usize,
    pub(crate) current: bool,
}

/// Where a long list is cut.
pub(crate) struct Pager {
    pub(crate) number: usize,
    pub(crate) pages: usize,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl Pager {
    pub(crate) fn new(base: &str, page: usize, total: usize) -> Self {
        let pages = pages(total);
        Self {
            number: page + 1,
            pages,
            previous: page.checked_sub(1).map(|before| list_address(base, before)),
            next: (page + 1 < pages).then(|| list_address(base, page + 1)),
        }
    }
}

/// The entries of `positions` on page `page`.
pub(crate) fn slice(positions: &[usize], page: usize) -> &[usize] {
    let start = (page * PER_PAGE).min(positions.len());
    &positions[start..positions.len().min(start + PER_PAGE)]
}

#[derive(Template)]
#[template(path = "list.html")]
struct List<'a> {
    title: &'a str,
    intro: &'a str,
    lang: Lang,
    crumbs: Vec<(String, &'static str)>,
    facets: Vec<Facet>,
    total: usize,
    entries: Vec<Entry<'a>>,
    pager: Pager,
}

/// What one list shows.
pub(super) struct Spec<'a> {
    pub(super) title: &'a str,
    pub(super) intro: &'a str,
    pub(super) base: &'a str,
    pub(super) positions: &'a [usize],
    pub(super) name_kind: bool,
    pub(super) facets: Vec<Facet>,
}

/// Page `page` of the list that `spec` describes.
pub(super) fn list(site: &Site, spec: Spec<'_>, page: usize) -> Page {
    let pager = Pager::new(spec.base, page, spec.positions.len());
    let title = if page == 0 {
        spec.title.to_owned()
    } else {
        format!("{}（第 {} 页）", spec.title, page + 1)
    };
    let main = render(&List {
        title: spec.title,
        intro: spec.intro,
        lang: Lang::Zh,
        crumbs: vec![("/".to_owned(), "首页")],
        facets: spec.facets,
        total: spec.positions.len(),
        entries: entries(site, slice(spec.positions, page), spec.name_kind),
        pager,
    });
    Page { title, description: spec.intro.to_owned(), main, ..Page::default() }
}

/// One line that says what the documents of a kind are good for.
pub(crate) fn kind_intro(kind: Kind) -> &'static str {
    match kind {
        Kind::Knowledge => "一件事一页，先说怎么做，再说为什么。",
        Kind::Case => "真实的火灾和隐患，看它怎样发生、怎样避免。",
        Kind::Guide => "跟着一步一步走，每步只做一件事。",
        Kind::Lesson => "一分钟、五分钟、三十分钟三种长度，附告家长书和练习单，可直接打印。",
        Kind::Quiz => "做一做，看哪里还不清楚。不登记，不留成绩。",
        Kind::Checklist => "对照着查，查完就知道先改哪一项。勾选只留在本机。",
        Kind::Notice => "按节气和时令发出的消防安全提示，附大喇叭广播稿。",
        Kind::Bulletin => "每月火情，按乡镇和原因统计。",
        Kind::Board => "各乡镇工作目标的进展。",
        Kind::Page => "关于本站。",
    }
}

/// All documents of `kind`.
pub(super) fn kind(site: &Site, kind: Kind, page: usize) -> Page {
    let spec = Spec {
        title: kind_name(kind, Lang::Zh),
        intro: kind_intro(kind),
        base: &format!("/{}/", kind.folder()),
        positions: site.index.of_kind(kind),
        name_kind: false,
        facets: match kind {
            Kind::Page => Vec::new(),
            kind => vec![setting_facet(site, kind, None)],
        },
    };
    list(site, spec, page)
}

/// All documents of a topic.
pub(super) fn topic(site: &Site, position: usize, page: usize) -> Page {
    let topic = &site.library.topics[position];
    let spec = Spec {
        title: &topic.name,
        intro: &format!("关于“{}”的知识、指引、自查表、课程和案例。", topic.name),
        base: &format!("/topics/{}/", topic.id),
        positions: site.index.of_topic(&topic.id),
        name_kind: true,
        facets: vec![topic_facet(site, Some(position))],
    };
    list(site, spec, page)
}

/// What matters most in a season.
pub(super) fn season(site: &Site, quarter: Quarter, page: usize) -> Page {
    let positions = site.index.seasons.get(&quarter).map_or(&[][..], Vec::as_slice);
    let spec = Spec {
        title: &format!("{}防火", quarter.name()),
        intro: "这个季节最要紧的内容。全年都要注意的不列在这里。",
        base: &format!("/season/{}/", quarter.key()),
        positions,
        name_kind: true,
        facets: vec![season_facet(site, Some(quarter))],
    };
    list(site, spec, page)
}

/// Documents of one kind for one setting.
pub(super) fn setting(site: &Site, setting: Setting, kind: Kind, page: usize) -> Page {
    let spec = Spec {
        title: &format!("{} · {}", setting.name(), kind.name()),
        intro: kind_intro(kind),
        base: &format!("{}{}/", setting_address(setting), kind.folder()),
        positions: site.index.of_setting(setting, kind),
        name_kind: false,
        facets: vec![setting_facet(site, kind, Some(setting))],
    };
    list(site, spec, page)
}

/// All English pages.
pub(super) fn english(site: &Site, page: usize) -> Page {
    let title = "Fire safety in English";
    let intro = "In danger, call 119. Say where you are and what is burning.";
    let positions = &site.index.english;
    let main = render(&List {
        title,
        intro,
        lang: Lang::En,
        crumbs: Vec::new(),
        facets: Vec::new(),
        total: positions.len(),
        entries: entries(site, slice(positions, page), true),
        pager: Pager::new("/en/", page, positions.len()),
    });
    Page {
        title: title.to_owned(),
        description: intro.to_owned(),
        main,
        lang: Lang::En,
        other: Some("/".to_owned()),
        ..Page::default()
    }
}

pub(super) fn topic_facet(site: &Site, current: Option<usize>) -> Facet {
    let topics = site.library.topics.iter().enumerate();
    let links = topics.map(|(position, topic)| FacetLink {
        address: format!("/topics/{}/", topic.id),
        name: topic.name.clone(),
        count: site.index.of_topic(&topic.id).len(),
        current: current == Some(position),
    });
    Facet {
        label: "换个主题", links: links.filter(|link| link.count > 0).collect(), open: false
    }
}

pub(super) fn season_facet(site: &Site, current: Option<Quarter>) -> Facet {
    let links = Quarter::ALL.into_iter().map(|quarter| FacetLink {
        address: format!("/season/{}/", quarter.key()),
        name: quarter.name().to_owned(),
        count: site.index.seasons.get(&quarter).map_or(0, Vec::len),
        current: current == Some(quarter),
    });
    Facet { label: "按季节", links: links.collect(), open: true }
}

/// Settings in which there is something of `kind`.
pub(super) fn setting_facet(site: &Site, kind: Kind, current: Option<Setting>) -> Facet {
    let settings = Setting::ALL.into_iter().map(|setting| FacetLink {
        address: format!("{}{}/", setting_address(setting), kind.folder()),
        name: setting.name().to_owned(),
        count: site.index.of_setting(setting, kind).len(),
        current: current == Some(setting),
    });
    let mut links: Vec<FacetLink> = settings.filter(|link| link.count > 0).collect();
    let all = FacetLink {
        address: format!("/{}/", kind.folder()),
        name: "全部".to_owned(),
        count: site.index.of_kind(kind).len(),
        current: current.is_none(),
    };
    links.insert(0, all);
    Facet { label: "看给谁用的", links, open: true }
}
