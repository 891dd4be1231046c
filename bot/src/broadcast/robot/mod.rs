//! Robots of group chats: `WeCom` (企业微信), `DingTalk` (钉钉), Feishu (飞书).
//!
//! A robot is one recipient, its group. All three answer 200 whatever happens and say in the body how it
//! ended; none knows a repeat.

mod account;
mod answer;
pub(super) mod fit;
mod sender;
mod sign;

pub use account::{RobotAccount, RobotFault, RobotKind};
pub(super) use sender::RobotSender;
