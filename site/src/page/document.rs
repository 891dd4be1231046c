//! What the pages of all kinds of document have in common.

use std::sync::LazyLock;

use fenghuo_content::markdown::Section;
use fenghuo_content::{Content, Document, Kind, Lang, Source};

use super::entry::Entry;
use super::{
    Page, board, bulletin, case, checklist, guide, knowledge, lesson, notice, plain, quiz,
};
use crate::asset::{Asset, CHECKLIST, QR, SHARE, SHEET_STYLE};
use crate::render::{Context, Html};
use crate::text::{Words, kind_name, source_kind, words};
use crate::{Site, json_ld};

/// Everything around the text of a document.
pub(crate) struct Common<'a> {
    pub(crate) site: &'a Site,
    pub(crate) document: &'a Document,
    pub(crate) words: &'static Words,
    pub(crate) context: Context<'a>,
    /// From the home page down: address and name.
    pub(crate) crumbs: Vec<(String, &'a str)>,
    /// Address of the variant in the other language.
    pub(crate) other: Option<String>,
    pub(crate) sources: Vec<SourceLine<'a>>,
    pub(crate) approval: String,
    pub(crate) related: Vec<Entry<'a>>,
    /// For whom: names of audiences.
    pub(crate) audience: Vec<&'a str>,
}

/// A source as readers see it.
pub(crate) struct SourceLine<'a> {
    pub(crate) source: &'a Source,
    pub(crate) kind: &'static str,
}

/// A section ready for its template.
pub(crate) struct Part<'a> {
    pub(crate) anchor: &'a str,
    pub(crate) title: &'a str,
    pub(crate) html: Html<'a>,
}

impl<'a> Common<'a> {
    fn new(site: &'a Site, position: usize) -> Self {
        let document = &site.library.documents()[position];
        let lang = document.lang;
        let sources = document.meta.sources.iter();
        let related = site.index.related(&site.library, position);
        Self {
            site,
            document,
            words: words(lang),
            context: site.context(lang),
            crumbs: crumbs(site, document),
            other: other(site, document),
            sources: sources
                .map(|s| SourceLine { source: s, kind: source_kind(s.kind, lang) })
                .collect(),
            approval: document.approval(),
            related: related.into_iter().map(|d| Entry::new(d, true)).collect(),
            audience: audience(site, document),
        }
    }

    /// Whether the page is in Chinese.
    pub(crate) fn chinese(&self) -> bool {
        self.document.lang == Lang::Zh
    }

    /// Changes with every change of its file; posters carry it.
    pub(crate) fn version(&self) -> &str {
        self.document.hash.get(..8).unwrap_or(&self.document.hash)
    }

    /// Whether it says what to do in a few lines, as a poster must.
    pub(crate) fn hangs(&self) -> bool {
        matches!(self.document.kind(), Kind::Knowledge | Kind::Notice)
    }

    /// Address of the script that makes QR codes.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    pub(crate) fn qr(&self) -> &str {
        &QR.address
    }

    pub(crate) fn html(&self, blocks: &'a [fenghuo_content::markdown::Block]) -> Html<'a> {
        Html { blocks, context: self.context }
    }

    pub(crate) fn part(&self, section: &'a Section) -> Part<'a> {
        Part { anchor: &section.anchor, title: &section.title, html: self.html(&section.blocks) }
    }

    pub(crate) fn parts(&self, sections: &'a [Section]) -> Vec<Part<'a>> {
        sections.iter().map(|section| self.part(section)).collect()
    }
}

/// The page of the document at `position`.
pub(super) fn document(site: &Site, position: usize) -> Page {
    let common = Common::new(site, position);
    let document = common.document;
    let main = match &document.content {
        Content::Knowledge(knowledge) => knowledge::main(&common, knowledge),
        Content::Case(case) => case::main(&common, case),
        Content::Guide(guide) => guide::main(&common, guide),
        Content::Lesson(lesson) => lesson::main(&common, lesson),
        Content::Quiz(quiz) => quiz::main(&common, quiz),
        Content::Checklist(checklist) => checklist::main(&common, checklist),
        Content::Notice(notice) => notice::main(&common, notice),
        Content::Bulletin(bulletin) => bulletin::main(&common, bulletin),
        Content::Board(board) => board::main(&common, board),
        Content::Page(page) => plain::main(&common, page),
    };
    Page {
        title: document.meta.title.clone(),
        description: document.meta.summary.clone(),
        main,
        json_ld: json_ld::document(site, document),
        other: common.other,
        lang: document.lang,
        styles: styles(document),
        scripts: scripts(document),
        ..Page::default()
    }
}

/// Lessons offer files, which only they show.
fn styles(document: &Document) -> Vec<String> {
    match document.content {
        Content::Lesson(_) => vec![SHEET_STYLE.address.clone()],
        _ => Vec::new(),
    }
}

/// Every document can be sent on; only self-checks give a result.
fn scripts(document: &Document) -> Vec<String> {
    let check: &[&LazyLock<Asset>] = match document.content {
        Content::Checklist(_) => &[&QR, &CHECKLIST],
        _ => &[],
    };
    check.iter().chain(&[&SHARE]).map(|asset| asset.address.clone()).collect()
}

fn crumbs<'a>(site: &'a Site, document: &'a Document) -> Vec<(String, &'a str)> {
    let lang = document.lang;
    let mut crumbs = vec![(crate::route::home(lang).to_owned(), words(lang).home)];
    if lang == Lang::En || document.kind() == Kind::Page {
        return crumbs;
    }
    crumbs.push((format!("/{}/", document.kind().folder()), kind_name(document.kind(), lang)));
    let topic = document.meta.topics.first().and_then(|id| site.library.topic(id));
    if let Some(topic) = topic {
        crumbs.push((format!("/topics/{}/", topic.id), topic.name.as_str()));
    }
    crumbs
}

fn other(site: &Site, document: &Document) -> Option<String> {
    let lang = match document.lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    let variant = site.library.find_in(document.id.as_str(), lang).filter(|d| !d.meta.draft);
    variant.map(Document::address)
}

fn audience<'a>(site: &'a Site, document: &'a Document) -> Vec<&'a str> {
    if document.lang == Lang::En {
        return Vec::new();
    }
    let names = document.meta.audience.iter().filter_map(|id| site.library.audience(id));
    names.map(|audience| audience.name.as_str()).collect()
}
