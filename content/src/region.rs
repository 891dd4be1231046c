//! The tree of regions: one county, its townships, their villages.

use std::collections::HashMap;

/// Level of a region.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum RegionKind {
    /// 县
    County,
    /// 乡镇、街道
    Township,
    /// 村、社区
    Village,
}

/// One region.
#[derive(Clone, Debug)]
pub struct Region {
    /// Id, `[a-z0-9-]{1,40}`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Level.
    pub kind: RegionKind,
    /// Id of the region above; `None` for the county.
    pub parent: Option<String>,
    /// Administrative code, if given.
    pub code: Option<String>,
    /// Outline as `lat,lon` pairs, if given.
    pub polygon: Vec<(f64, f64)>,
}

/// All regions in file order.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    all: Vec<Region>,
    by_id: HashMap<String, usize>,
}

impl Regions {
    pub(crate) fn new(all: Vec<Region>) -> Self {
        let by_id = all.iter().enumerate().map(|(i, region)| (region.id.clone(), i)).collect();
        Self { all, by_id }
    }

    /// All regions in file order.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.all.iter()
    }

    /// The region `id`.
    pub fn find(&self, id: &str) -> Option<&Region> {
        self.by_id.get(id).map(|i| &self.all[*i])
    }

    /// Name of the region `id`, or the id itself where it is unknown.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.find(id).map_or(id, |region| &region.name)
    }

    /// Regions whose parent is `id`.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Region> {
        self.all.iter().filter(move |region| region.parent.as_deref() == Some(id))
    }

    /// All townships in file order.
    pub fn townships(&self) -> impl Iterator<Item = &Region> {
        self.all.iter().filter(|region| region.kind == RegionKind::Township)
    }

    /// Whether `id` is `ancestor` or lies below it.
    pub fn within(&self, id: &str, ancestor: &str) -> bool {
        let mut current = self.find(id);
        for _ in 0..4 {
            match current {
                Some(region) if region.id == ancestor => return true,
                Some(region) => current = region.parent.as_deref().and_then(|up| self.find(up)),
                None => return false,
            }
        }
        false
    }
}
