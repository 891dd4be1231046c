//! The regions as a tree of check boxes. A township that is ticked stands for itself and all its villages.

use std::collections::BTreeSet;

use fenghuo_content::{Region, Regions};

/// A township with its villages.
pub(super) struct Branch {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) checked: bool,
    pub(super) villages: Vec<Leaf>,
}

/// A village.
pub(super) struct Leaf {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) checked: bool,
}

impl Branch {
    /// Villages ticked on their own.
    pub(super) fn ticked(&self) -> usize {
        self.villages.iter().filter(|village| village.checked).count()
    }
}

/// The tree with `chosen` ticked.
pub(super) fn tree(regions: &Regions, county: &str, chosen: &[String]) -> Vec<Branch> {
    let chosen: BTreeSet<&str> = chosen.iter().map(String::as_str).collect();
    let leaf = |region: &Region| Leaf {
        id: region.id.clone(),
        name: region.name.clone(),
        checked: chosen.contains(region.id.as_str()),
    };
    let branch = |region: &Region| Branch {
        id: region.id.clone(),
        name: region.name.clone(),
        checked: chosen.contains(region.id.as_str()),
        villages: regions.children(&region.id).map(leaf).collect(),
    };
    regions.children(county).map(branch).collect()
}
