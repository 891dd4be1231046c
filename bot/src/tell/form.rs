//! What the form sends, and what it means in the library of today.

use fenghuo_content::{Document, Kind, Library, Region};
use serde::Deserialize;

/// What may come out of a self-check, with its name. All done is `low`.
pub(crate) const LEVELS: [(&str, &str); 3] =
    [("high", "高风险"), ("medium", "中风险"), ("low", "低风险，或者都做到了")];

/// Name of the level `id`, for tables.
pub(crate) fn level_name(id: &str) -> &'static str {
    match id {
        "high" => "高",
        "medium" => "中",
        _ => "低",
    }
}

/// The fields of the form; anything else in it is refused.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Fields {
    pub(super) checklist: String,
    pub(super) region: String,
    pub(super) level: String,
    /// A number the form was given; empty on the page of the checklist.
    pub(super) form: String,
}

/// Where a form stands.
pub(super) enum Read<'a> {
    /// All three are there.
    Whole(Told<'a>),
    /// The checklist is known; township or level is missing or unknown.
    Part(&'a Document),
    /// There is no such checklist.
    Unknown,
}

/// What is told.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) checklist: &'a Document,
    pub(super) region: &'a Region,
    pub(super) level: &'static str,
    pub(super) level_name: &'static str,
}

impl Fields {
    pub(super) fn read<'a>(&self, library: &'a Library) -> Read<'a> {
        let found = library.find(&self.checklist).filter(|found| found.kind() == Kind::Checklist);
        let Some(checklist) = found else { return Read::Unknown };
        let region = library.regions.townships().find(|region| region.id == self.region);
        let level = LEVELS.into_iter().find(|(id, _)| *id == self.level);
        match (region, level) {
            (Some(region), Some((level, level_name))) => {
                Read::Whole(Told { checklist, region, level, level_name })
            }
            _ => Read::Part(checklist),
        }
    }

    /// The number of the form, where it has one that could be ours or that of the script.
    pub(super) fn number(&self) -> Option<&str> {
        let fine = (16..=40).contains(&self.form.len())
            && self.form.bytes().all(|byte| byte.is_ascii_hexdigit());
        fine.then_some(self.form.as_str())
    }
}
