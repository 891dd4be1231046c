//! What the office is told: where links begin, what sends and how fast, how notices fall due.

use std::net::SocketAddr;

use fenghuo_bot::office::{Line, Settings};

use super::Config;

/// Telegram allows about 30 a second; some are left for answers.
const TELEGRAM: f64 = 25.0;
/// One mass send reaches everybody who follows the account.
const WECHAT: f64 = 100.0;

impl Config {
    /// The settings of the office, for a server that listens on `listen`.
    pub(crate) fn office(&self, listen: SocketAddr) -> Settings {
        let line = |channel: &str, account: &str, per_second: f64| Line {
            channel: channel.to_owned(),
            account: account.to_owned(),
            per_second,
            quota: None,
        };
        let telegram = self.telegram.iter();
        let telegram = telegram.map(|(name, bot)| {
            line("telegram", name, bot.rate().map_or(TELEGRAM, |rate| f64::from(rate.get())))
        });
        let wechat = self.wechat.keys().map(|name| Line {
            quota: Some("服务号每人每月 4 次，订阅号每天 1 次".to_owned()),
            ..line("wechat", name, WECHAT)
        });
        Settings {
            public_url: self.public_url(listen),
            lines: telegram.chain(wechat).collect(),
            season: self.season.rule(),
        }
    }
}
