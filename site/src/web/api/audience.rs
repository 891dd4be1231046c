//! For whom a list is asked for.

use fenghuo_content::{Document, Library, Setting};

use super::value::refused;
use crate::route::setting_key;
use crate::web::Problem;

/// One audience, or all of a setting.
#[derive(Debug, PartialEq)]
pub(super) enum For {
    Audience(String),
    Setting(Setting),
}

impl For {
    /// A setting wins over an audience of the same name: it takes in that audience.
    pub(super) fn parse(library: &Library, id: &str) -> Result<Self, Problem> {
        if let Some(setting) = Setting::ALL.into_iter().find(|setting| setting_key(*setting) == id)
        {
            return Ok(Self::Setting(setting));
        }
        match library.audience(id) {
            Some(_) => Ok(Self::Audience(id.to_owned())),
            None => {
                let settings =
                    Setting::ALL.into_iter().map(|setting| setting_key(setting).to_owned());
                let audiences = library.audiences.iter().map(|audience| audience.id.clone());
                Err(refused("audience", settings.chain(audiences)))
            }
        }
    }

    /// Whether `document` is written for them.
    pub(super) fn takes(&self, library: &Library, document: &Document) -> bool {
        let mut audience = document.meta.audience.iter();
        match self {
            Self::Audience(id) => audience.any(|own| own == id),
            Self::Setting(setting) => audience
                .filter_map(|id| library.audience(id))
                .any(|audience| audience.settings.contains(setting)),
        }
    }
}
