//! How fast campaigns go out through each kind of account: what the engine holds to is what officials are told before.

use super::pace::{Limit, Rate};
use super::wechat::{MASS, WeChatWay};
use crate::TelegramAccount;
use crate::channel::TelegramSender;

/// Platforms allow twenty a minute and punish the twenty-first.
pub(super) const ROBOT: Rate = Rate { own: Some(Limit::per_minute(15)), whole: None };
/// A system of the county is not overrun.
pub(super) const WEBHOOK: Rate = Rate { own: Some(Limit::per_second(5)), whole: None };
/// Letters that the mail server of the county is handed.
pub(super) const EMAIL: Limit = Limit::per_second(50);
/// Each carries up to [`MASS`].
const WECHAT_MASS: Rate = Rate { own: Some(Limit::per_second(1)), whole: None };
const WECHAT: Rate = Rate { own: Some(Limit::per_second(20)), whole: None };

/// Messages a second to a group chat.
pub fn robot() -> f64 {
    reached(ROBOT, 1)
}

/// Messages a second to a system of the county.
pub fn webhook() -> f64 {
    reached(WEBHOOK, 1)
}

/// Letters a second.
pub fn email() -> f64 {
    reached(Rate::of(EMAIL), 1)
}

/// Chats a second that `account` reaches.
pub fn telegram(account: &TelegramAccount) -> f64 {
    reached(TelegramSender::rate(account), 1)
}

/// Followers a second that an official account reaches which sends by `way`.
pub fn wechat(way: &WeChatWay) -> f64 {
    let batch = if *way == WeChatWay::Mass { MASS } else { 1 };
    reached(wechat_rate(way), batch)
}

pub(super) fn wechat_rate(way: &WeChatWay) -> Rate {
    if *way == WeChatWay::Mass { WECHAT_MASS } else { WECHAT }
}

/// Recipients a second where each request carries `batch`.
fn reached(rate: Rate, batch: usize) -> f64 {
    let batch = u32::try_from(batch).map_or(1.0, f64::from);
    rate.own.map_or(f64::INFINITY, |limit| batch / limit.spacing().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_officials_are_told_is_what_the_engine_holds_to() {
        let near = |told: f64, held: f64| (told - held).abs() < held / 1e6;
        assert!(near(robot(), 0.25) && near(webhook(), 5.0) && near(email(), 50.0));
        assert!(
            near(wechat(&WeChatWay::Mass), 10_000.0) && near(wechat(&WeChatWay::Service), 20.0)
        );
    }
}
