//! What the pages of the desk work with.

use std::ops::Deref;

use fenghuo_site::Current;

use crate::office::Office;

/// The office, and how browsers reach it; cheap to clone.
#[derive(Clone)]
pub(super) struct DeskState {
    office: Office,
    /// Library and search engine.
    pub(super) current: Current,
    /// Whether others reach us by https: cookies are then `Secure`.
    pub(super) https: bool,
}

impl DeskState {
    pub(super) fn new(office: Office, current: Current) -> Self {
        let https = office.settings().public_url.starts_with("https:");
        Self { office, current, https }
    }

    /// `__Host-` binds a cookie to this host alone; browsers take it only when it is `Secure`.
    pub(super) fn cookie_name(&self) -> &'static str {
        if self.https { "__Host-desk" } else { "desk" }
    }

    /// Scheme, host and port of the public address, as browsers write an origin.
    pub(super) fn origin(&self) -> String {
        let public_url = &self.office.settings().public_url;
        let Some((scheme, rest)) = public_url.split_once("://") else { return String::new() };
        format!("{scheme}://{}", rest.split('/').next().unwrap_or_default())
    }
}

/// The desk adds pages to the office and nothing else.
impl Deref for DeskState {
    type Target = Office;

    fn deref(&self) -> &Office {
        &self.office
    }
}
