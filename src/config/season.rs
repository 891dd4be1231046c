//! `[season]`: how notices of the library become campaigns.

use fenghuo_bot::office::SeasonRule;
use serde::Deserialize;

/// How notices of the library become campaigns.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Season {
    /// Whether they go out by themselves on their day; otherwise a draft waits for two people.
    auto: bool,
    /// Days between draft and occasion.
    ahead: u8,
    /// Hour of the day, Beijing time, at which they begin.
    hour: u8,
}

impl Default for Season {
    fn default() -> Self {
        let SeasonRule { auto, ahead, hour } = SeasonRule::default();
        Self { auto, ahead, hour }
    }
}

impl Season {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.hour <= 23, "hour `{}`: 0 to 23", self.hour);
        anyhow::ensure!(self.ahead <= 60, "ahead `{}`: at most 60 days", self.ahead);
        Ok(())
    }

    /// The rule as the office takes it.
    pub(super) fn rule(&self) -> SeasonRule {
        SeasonRule { auto: self.auto, ahead: self.ahead, hour: self.hour }
    }
}
