//! What the packs of one lesson are made of: the lesson, its quiz, its drawings, and what every pack states.

use std::collections::{BTreeMap, HashMap};

use fenghuo_content::kind::{Lesson, Quiz};
use fenghuo_content::markdown::{Block, BlockKind};
use fenghuo_content::{Content, Document, Lang, Media};
use sha2::{Digest, Sha256};

use super::Format;
use super::address::file_name;
use crate::Site;
use crate::render::{Context, Drawing};

/// Raised when packs of the same lesson come out different, so that portals fetch them again.
const EDITION: &[u8] = b"1";

/// The promise of every pack; `tests/site/privacy.rs` holds it.
pub(crate) const NO_PUPIL_DATA: &str = "不登记姓名，不建学生账号，不保存学生资料，不打卡，不排名。";

/// A lesson with all that its packs need.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) site: &'a Site,
    pub(crate) document: &'a Document,
    pub(crate) lesson: &'a Lesson,
    pub(crate) quiz: Option<(&'a Document, &'a Quiz)>,
}

impl<'a> Subject<'a> {
    /// The Chinese lesson at `position` of the library.
    pub(crate) fn of(site: &'a Site, position: usize) -> Option<Self> {
        Self::new(site, site.library.documents().get(position)?)
    }

    /// `document`, if it is a Chinese lesson; packs exist in Chinese only.
    pub(crate) fn new(site: &'a Site, document: &'a Document) -> Option<Self> {
        let Content::Lesson(lesson) = &document.content else { return None };
        if document.lang != Lang::Zh {
            return None;
        }
        let quiz = lesson.quiz.as_ref().and_then(|id| site.library.find(id.as_str()));
        let quiz = quiz.and_then(|document| match &document.content {
            Content::Quiz(quiz) => Some((document, quiz)),
            _ => None,
        });
        Some(Self { site, document, lesson, quiz })
    }

    pub(crate) fn title(&self) -> &'a str {
        &self.document.meta.title
    }

    /// The last part of its id, which names its files.
    pub(crate) fn slug(&self) -> &'a str {
        let id = self.document.id.as_str();
        id.rsplit('/').next().unwrap_or(id)
    }

    /// Name of the file of `format`.
    pub(crate) fn file(&self, format: Format) -> String {
        file_name(self.document, format)
    }

    /// Its id without the kind: a path that names no other lesson.
    pub(crate) fn folder(&self) -> &'a str {
        let id = self.document.id.as_str();
        id.split_once('/').map_or(id, |(_, rest)| rest)
    }

    /// Whether there is anything to put into `format`.
    pub(crate) fn has(&self, format: Format) -> bool {
        format != Format::Gift || self.quiz.is_some()
    }

    /// Public address of the page of the lesson.
    pub(crate) fn url(&self) -> String {
        self.site.absolute(&self.document.address())
    }

    /// Twelve hex digits that change whenever lesson, quiz or a drawing does.
    pub(crate) fn version(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(EDITION);
        hash.update(&self.document.hash);
        if let Some((document, _)) = self.quiz {
            hash.update(&document.hash);
        }
        for media in self.media().values() {
            hash.update(&media.bytes);
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What every pack states: sources, approval, version, what is not kept, and from where.
    pub(crate) fn imprint(&self) -> Imprint {
        let sources = self.document.meta.sources.iter().map(|source| {
            let article = source.article.as_deref().unwrap_or_default();
            format!("《{}》{article}，{}，{}", source.title, source.issuer, source.date)
        });
        Imprint {
            sources: sources.collect(),
            approval: self.document.approval(),
            version: self.version(),
            privacy: NO_PUPIL_DATA,
            url: self.url(),
            operator: self.site.library.place.operator.clone(),
        }
    }

    /// Drawings of lesson and quiz by path (`media/…`).
    pub(crate) fn media(&self) -> BTreeMap<&'a str, &'a Media> {
        let mut paths = Vec::new();
        for section in self.lesson.sections() {
            figures(&section.blocks, &mut paths);
        }
        for question in self.quiz.iter().flat_map(|(_, quiz)| &quiz.questions) {
            figures(&question.blocks, &mut paths);
            figures(&question.explanation, &mut paths);
        }
        let library = &self.site.library;
        paths.into_iter().filter_map(|path| Some((path, library.media.get(path)?))).collect()
    }

    /// The drawings with their addresses inside a pack, given by `address`.
    pub(crate) fn drawings(
        &self,
        address: impl Fn(&str, &Media) -> String,
    ) -> HashMap<String, Drawing> {
        let known = self.site.context(Lang::Zh).sizes;
        let media = self.media().into_iter();
        media
            .filter_map(|(path, media)| {
                let Drawing { width, height, .. } = *known.get(path)?;
                Some((path.to_owned(), Drawing { address: address(path, media), width, height }))
            })
            .collect()
    }

    /// What text outside the site is rendered against: `drawings` of the pack, links to the public site.
    pub(crate) fn away<'b>(
        &self,
        drawings: &'b HashMap<String, Drawing>,
        url: &'b str,
    ) -> Context<'b>
    where
        'a: 'b,
    {
        let home = self.site.options.public_url.trim_end_matches('/');
        Context { sizes: drawings, home, page: url, ..self.site.context(Lang::Zh) }
    }
}

/// Paths of the figures in `blocks`.
fn figures<'a>(blocks: &'a [Block], paths: &mut Vec<&'a str>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Figure { src, .. } => paths.push(src),
            BlockKind::Quote(inner) => figures(inner, paths),
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| figures(&item.blocks, paths));
            }
            _ => {}
        }
    }
}

/// What every pack states.
pub(crate) struct Imprint {
    pub(crate) sources: Vec<String>,
    /// `资料核对于 2026-11-23，待当地消防救援机构审定`
    pub(crate) approval: String,
    pub(crate) version: String,
    pub(crate) privacy: &'static str,
    pub(crate) url: String,
    pub(crate) operator: String,
}

impl Imprint {
    /// As plain lines, for formats without mark-up.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("{}。", self.approval),
            format!("版本 {}。出自 {}", self.version, self.url),
            self.privacy.to_owned(),
        ];
        lines.extend(self.sources.iter().map(|source| format!("来源：{source}")));
        if !self.operator.is_empty() {
            lines.push(format!("主办：{}", self.operator));
        }
        lines
    }
}
