//! `[cap]` and `[relay.NAME]`: what goes out for other systems, and who may warn.

use fenghuo_bot::public::relay::{FeedOptions, FeedUrl};
use serde::Deserialize;

/// `[cap]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Cap {
    /// Whether our own notices are given out as CAP; drills and relays always are.
    pub(crate) notices: bool,
}

/// `[relay.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relay {
    /// An Atom or RSS index of CAP alerts, or one alert.
    url: FeedUrl,
    /// Whether its warnings go out without an official.
    #[serde(default)]
    auto: bool,
    /// Whether it may lie in our own networks.
    #[serde(default)]
    private: bool,
}

impl Relay {
    /// The feed of this name.
    pub(crate) fn feed(&self, name: &str) -> FeedOptions {
        FeedOptions {
            name: name.to_owned(),
            url: self.url.clone(),
            auto: self.auto,
            private: self.private,
        }
    }
}
