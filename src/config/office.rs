//! What the office is told: where links begin, what sends and how fast, how notices fall due.

use std::net::SocketAddr;

use fenghuo_bot::broadcast::speed;
use fenghuo_bot::office::{Line, Place, Settings};
use fenghuo_store::{Account, WHOLE_ACCOUNT};

use super::Config;

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
            lines.push(line("telegram", name, speed::telegram(&bot.account(name))));
        }
        for (name, account) in self.wechat.iter().filter(|(_, account)| account.sends()) {
            let rate = account.broadcast(name).ok().flatten();
            let rate = rate.map_or(0.0, |account| speed::wechat(&account.way));
            lines.push(Line { quota: Some(account.quota_name()), ..line("wechat", name, rate) });
        }
        lines.extend(self.email.iter().map(|_| line("email", "main", speed::email())));
        lines.extend(self.robot.keys().map(|name| line("robot", name, speed::robot())));
        lines.extend(self.webhook.keys().map(|name| line("webhook", name, speed::webhook())));
        let season = self.season.rule();
        Settings { public_url: self.public_url(listen), lines, season }
    }

    /// Robots, webhooks and whole public accounts with whom each serves.
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
        let whole = self.wechat.iter().filter(|(_, account)| account.reaches_everyone());
        let whole = whole.map(|(name, _)| Place {
            account: Account::new("wechat", name),
            region: None,
            role: Some(WHOLE_ACCOUNT.to_owned()),
        });
        robots.chain(hooks).chain(whole).collect()
    }
}
