//! What the office is told: where links begin, what sends and how fast, how notices fall due.

use std::net::SocketAddr;

use fenghuo_bot::office::{Line, Place, Settings};
use fenghuo_store::Account;

use super::Config;

/// Telegram allows about 30 a second; some are left for answers.
const TELEGRAM: f64 = 25.0;
/// One request of a mass send carries up to ten thousand.
const WECHAT: f64 = 10_000.0;
/// Letters a second that the relay is handed.
pub(crate) const EMAIL_PER_SECOND: u32 = 50;
/// Fifteen a minute.
const ROBOT: f64 = 0.25;
const WEBHOOK: f64 = 5.0;

impl Config {
    /// The settings of the office, for a server that listens on `listen`.
    pub(crate) fn office(&self, listen: SocketAddr) -> Settings {
        let line = |channel: &str, account: &str, per_second: f64| Line {
            channel: channel.to_owned(),
            account: account.to_owned(),
            per_second,
            quota: None,
        };
        let mut lines = Vec::new();
        for (name, bot) in &self.telegram {
            let rate = bot.rate().map_or(TELEGRAM, |rate| f64::from(rate.get()));
            lines.push(line("telegram", name, rate));
        }
        for (name, account) in self.wechat.iter().filter(|(_, account)| account.sends()) {
            lines.push(Line { quota: Some(account.quota_name()), ..line("wechat", name, WECHAT) });
        }
        lines.extend(self.email.iter().map(|_| line("email", "main", f64::from(EMAIL_PER_SECOND))));
        lines.extend(self.robot.keys().map(|name| line("robot", name, ROBOT)));
        lines.extend(self.webhook.keys().map(|name| line("webhook", name, WEBHOOK)));
        let season = self.season.rule();
        Settings { public_url: self.public_url(listen), lines, season }
    }

    /// Robots and webhooks with whom each serves.
    pub(crate) fn outlets(&self) -> Vec<Place> {
        let robots = self.robot.iter().map(|(name, robot)| Place {
            account: Account::new("robot", name),
            region: robot.region.clone(),
            role: robot.role.clone(),
        });
        let hooks = self.webhook.iter().map(|(name, hook)| Place {
            account: Account::new("webhook", name),
            region: hook.region.clone(),
            role: hook.role.clone(),
        });
        robots.chain(hooks).collect()
    }
}
