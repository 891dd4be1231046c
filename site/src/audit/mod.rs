//! What editors have to look after: broken links, reviews that fall due, texts nobody approved, texts nothing leads to, laws cited
//! with an old date.
//!
//! Found in one pass when their page is first asked for: links and titles are looked up, never searched for.

mod law;

use std::collections::{BTreeMap, HashMap};

use fenghuo_content::{DocumentId, Freshness, Lang, Library, freshness};
use jiff::ToSpan;
use jiff::civil::Date;

pub(crate) use law::Laws;

/// How many days before its review a document is named.
const SOON: i32 = 60;

/// What an editor is asked to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finding {
    /// The day of its review has passed.
    Overdue,
    /// Its review falls due within [`SOON`] days.
    Soon,
    /// No office has approved it.
    Unapproved,
    /// No other document leads to it; lists do not count.
    Orphaned,
    /// It cites a law that changed since its review, or with an older date than the rest of the library.
    Sources,
    /// A link or drawing of it leads nowhere.
    Broken,
}

impl Finding {
    pub(crate) const ALL: [Self; 6] =
        [Self::Broken, Self::Overdue, Self::Soon, Self::Unapproved, Self::Orphaned, Self::Sources];

    /// Word in addresses.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Soon => "soon",
            Self::Unapproved => "unapproved",
            Self::Orphaned => "orphaned",
            Self::Sources => "sources",
            Self::Broken => "broken",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Overdue => "已过复核日期",
            Self::Soon => "60 天内要复核",
            Self::Unapproved => "没有审定机构",
            Self::Orphaned => "没有文章链接到",
            Self::Sources => "法律变了或来源日期不一致",
            Self::Broken => "链接或图断了",
        }
    }
}

/// The state of the library on one day.
pub(crate) struct Audit {
    /// All documents, the first to review first.
    pub(crate) rows: Vec<Row>,
    /// Newest dates of the laws it cites.
    pub(crate) laws: Laws,
    /// For each finding, the places of its documents in `rows`.
    found: BTreeMap<Finding, Vec<usize>>,
}

/// One document.
pub(crate) struct Row {
    /// Position in [`Library::documents`].
    pub(crate) position: usize,
    /// Day on which its review falls due.
    pub(crate) due: Date,
    pub(crate) findings: Vec<Finding>,
    /// Lines whose link or drawing leads nowhere, and why.
    pub(crate) broken: Vec<String>,
}

impl Audit {
    pub(crate) fn new(library: &Library, today: Date) -> Self {
        let documents = library.documents();
        let laws = Laws::new(documents);
        let positions: HashMap<(&DocumentId, Lang), usize> =
            documents.iter().enumerate().map(|(i, d)| ((&d.id, d.lang), i)).collect();
        let mut audit =
            Self { rows: Vec::with_capacity(documents.len()), laws, found: BTreeMap::new() };
        for state in freshness(library, today).iter().filter(|state| !state.document.meta.draft) {
            let document = state.document;
            let Some(&position) = positions.get(&(&document.id, document.lang)) else { continue };
            let findings = Finding::ALL.into_iter().filter(|finding| match finding {
                Finding::Overdue => state.overdue,
                Finding::Soon => is_soon(state, today),
                Finding::Unapproved => document.meta.reviewer.is_none(),
                Finding::Orphaned => state.orphaned,
                Finding::Broken => !state.broken.is_empty(),
                Finding::Sources => {
                    !state.changed.is_empty() || audit.laws.outdated(document).next().is_some()
                }
            });
            let findings: Vec<Finding> = findings.collect();
            for finding in &findings {
                audit.found.entry(*finding).or_default().push(audit.rows.len());
            }
            let broken = state.broken.iter();
            let broken = broken.map(|fault| format!("第 {} 行：{}", fault.line, fault.message));
            audit.rows.push(Row { position, due: state.due, findings, broken: broken.collect() });
        }
        audit
    }

    /// Places in `rows` of the documents with `finding`.
    pub(crate) fn found(&self, finding: Finding) -> &[usize] {
        self.found.get(&finding).map_or(&[], Vec::as_slice)
    }
}

fn is_soon(state: &Freshness<'_>, today: Date) -> bool {
    !state.overdue && state.due <= today.saturating_add(SOON.days())
}
