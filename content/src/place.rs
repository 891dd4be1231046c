//! `library.toml`: which county this is, whom to call, who runs the site.

/// The county and the site.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Title of the site.
    pub title: String,
    /// Name of the county.
    pub name: String,
    /// Region id of the county, the root of the region tree.
    pub region: String,
    /// Numbers to call, in order of importance.
    pub hotlines: Vec<Hotline>,
    /// Office that runs the site.
    pub operator: String,
    /// ICP and police filing numbers, as they must be shown; empty if none.
    pub icp: String,
    /// Whether documents without `reviewer` are refused.
    pub require_reviewer: bool,
}

/// A number to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hotline {
    /// `119`
    pub number: String,
    /// `火警与救援`
    pub name: String,
    /// What it is for, in English; empty where nobody wrote it.
    pub name_en: String,
}

impl Hotline {
    /// What it is for, in `lang` where it is written.
    pub fn name_in(&self, lang: crate::Lang) -> &str {
        match lang {
            crate::Lang::En if !self.name_en.is_empty() => &self.name_en,
            _ => &self.name,
        }
    }
}
