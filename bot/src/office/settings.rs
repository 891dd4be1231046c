//! What the office is told by the configuration.

/// Settings of the office.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where links begin, without a slash at the end.
    pub public_url: String,
    /// What sends, and how fast.
    pub lines: Vec<Line>,
    /// How notices of the library become campaigns.
    pub season: SeasonRule,
}

/// An account of ours that sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// `telegram`, `wechat`, `email`, `robot`, `webhook`.
    pub channel: String,
    /// Its name in the configuration.
    pub account: String,
    /// Messages a second.
    pub per_second: f64,
    /// What the channel allows a month or a day, in Chinese, where it does.
    pub quota: Option<String>,
}

/// `[season]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeasonRule {
    /// Whether notices go out by themselves; otherwise a draft waits for two people.
    pub auto: bool,
    /// Days between draft and occasion.
    pub ahead: u8,
    /// Hour of the day, Beijing time, at which an occasion begins.
    pub hour: u8,
}

impl Default for SeasonRule {
    fn default() -> Self {
        Self { auto: false, ahead: 7, hour: 8 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8119".to_owned(),
            lines: Vec::new(),
            season: SeasonRule::default(),
        }
    }
}
