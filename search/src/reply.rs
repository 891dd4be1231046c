//! From what was found to the [`Answer`]: card, passage with its sections, choices, hits.

use fenghuo_content::{Document, Kind, Lang, Library, Role};

use crate::answer::{Answer, AnswerKind, Choice, Hit, PassageRef};
use crate::compose::Sections;
use crate::index::Catalog;
use crate::query::Query;
use crate::retrieve::{Found, covered, pairs_held};
use crate::{compose, extract, small_talk};

/// Choices of one suggestion.
const CHOICES: usize = 4;

/// Characters of a hit's text.
const HIT_CHARS: usize = 200;

/// Sections shown with an answer at most.
const SECTIONS: usize = 2;

/// Likeness from which a heading is what was asked.
const ASKED: f32 = 0.7;

/// What a section must add to the answer to be shown with it.
const GAIN: f32 = 0.25;

/// What replies are made from.
#[derive(Clone, Copy)]
pub(crate) struct Replier<'a> {
    pub(crate) library: &'a Library,
    pub(crate) catalog: &'a Catalog,
    pub(crate) query: &'a Query,
}

impl Replier<'_> {
    /// The card of a danger.
    pub(crate) fn emergency(&self, class: usize) -> Answer {
        let danger = &self.library.lexicon.dangers[class];
        let (card, text) = compose::emergency(self.library, danger, self.query.english);
        let guide = danger.guide.as_ref().and_then(|id| self.library.find(id.as_str()));
        Answer {
            danger: Some(danger.id.clone()),
            card,
            guide: guide.map(|document| document.id.clone()),
            sources: guide.map(|document| document.meta.sources.clone()).unwrap_or_default(),
            reviewed: guide.map(|document| document.meta.reviewed),
            approval: guide.map(Document::approval),
            ..Answer::of(AnswerKind::Emergency, text)
        }
    }

    /// What the document found says.
    pub(crate) fn answer(&self, found: &Found) -> Answer {
        let entry = &self.catalog.entries[found.entry];
        let document = self.document(found);
        let sections = self.sections(found);
        let text = compose::answer(self.query, document, entry, &sections);
        Answer {
            guide: (document.kind() == Kind::Guide).then(|| document.id.clone()),
            passage: Some(PassageRef {
                doc: document.id.clone(),
                lang: document.lang,
                anchor: entry.anchor.to_string(),
            }),
            sources: document.meta.sources.clone(),
            reviewed: Some(document.meta.reviewed),
            approval: Some(document.approval()),
            ..Answer::of(AnswerKind::Answer, text)
        }
    }

    /// Near topics to choose from.
    pub(crate) fn suggestion(&self, found: &[Found]) -> Answer {
        let near = found.iter().filter(|f| self.document(f).lang == Lang::Zh).take(CHOICES);
        let choice = |document: &Document| Choice {
            id: document.id.to_string(),
            label: document.meta.title.clone(),
            doc: document.id.clone(),
        };
        let choices: Vec<Choice> = near.map(|found| choice(self.document(found))).collect();
        let text = small_talk::suggest(&choices);
        Answer { choices, ..Answer::of(AnswerKind::Suggest, text) }
    }

    /// Passages found, one a document.
    pub(crate) fn hits(&self, found: &[Found], limit: usize) -> Vec<Hit> {
        let hit = |found: &Found| {
            let entry = &self.catalog.entries[found.entry];
            let document = self.document(found);
            let title = &document.meta.title;
            Hit {
                doc: document.id.to_string(),
                section: entry.anchor.to_string(),
                title: if *entry.heading == **title {
                    title.clone()
                } else {
                    format!("{title} · {}", entry.heading)
                },
                score: found.score,
                text: extract::extract(&entry.text, HIT_CHARS, self.query),
            }
        };
        found.iter().take(limit).map(hit).collect()
    }

    /// The sections to show with the answer, the most telling first: what they hold of the question that the answer
    /// leaves open, how near their headings and texts are to it, and whether they hold the thing asked for.
    fn sections(&self, found: &Found) -> Sections<'_> {
        let catalog = self.catalog;
        let entries = catalog.profiles[found.document].entries.clone();
        let lead = entries.start;
        let held = covered(self.query, &[&catalog.words[lead]]);
        let pairs = pairs_held(self.query, &[&catalog.pairs[lead]]);
        let missing = self.query.things.without(catalog.things[lead]);
        let heading = |at: usize| found.headings.iter().find(|h| h.0 == at).map_or(0.0, |h| h.1);
        let value = |at: usize| {
            let words = covered(self.query, &[&catalog.words[lead], &catalog.words[at]]) - held;
            let written =
                pairs_held(self.query, &[&catalog.pairs[lead], &catalog.pairs[at]]) - pairs;
            let near = found.near.iter().find(|(entry, _)| *entry == at);
            words
                + written
                + heading(at) * if heading(at) >= ASKED { 2.0 } else { 0.5 }
                + near.map_or(0.0, |(_, cosine)| cosine.max(0.0))
                + 0.4 * missing.share_in(catalog.things[at])
        };
        let mut sections: Vec<(usize, f32)> = entries
            .filter(|at| catalog.entries[*at].role == Role::Section)
            .map(|at| (at, value(at)))
            .filter(|(_, value)| *value >= GAIN)
            .collect();
        sections.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let asked = sections.first().is_some_and(|(at, _)| heading(*at) >= ASKED);
        let entries = sections.into_iter().take(SECTIONS).map(|(at, _)| &catalog.entries[at]);
        Sections { entries: entries.collect(), asked }
    }

    fn document(&self, found: &Found) -> &Document {
        &self.library.documents()[found.document]
    }
}
