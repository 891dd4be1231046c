//! What the pages of the desk work with.

use std::ops::Deref;
use std::time::Duration;

use fenghuo_site::Current;
use tokio::sync::watch;

use super::figures::Figures;
use crate::office::Office;

/// The office, and how browsers reach it; cheap to clone.
#[derive(Clone)]
pub(super) struct DeskState {
    office: Office,
    /// Library and search engine.
    pub(super) current: Current,
    /// Turns true before the server waits for open connections.
    streams_end: watch::Receiver<bool>,
    /// Whether others reach us by https: cookies are then `Secure`.
    pub(super) https: bool,
    /// What those who watch campaigns see.
    pub(super) figures: Figures,
}

impl DeskState {
    pub(super) fn new(
        office: Office,
        current: Current,
        streams_end: watch::Receiver<bool>,
    ) -> Self {
        let https = office.settings().public_url.starts_with("https:");
        Self { office, current, streams_end, https, figures: Figures::default() }
    }

    /// Whether open connections are to end before `time` has passed.
    pub(super) async fn ends_within(&self, time: Duration) -> bool {
        let mut end = self.streams_end.clone();
        tokio::time::timeout(time, end.wait_for(|ends| *ends)).await.is_ok()
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
