//! Sending campaigns: what lies in the ledger goes out once, at the pace of each account, and what came of
//! it goes back into the ledger.
//!
//! A channel is a [`Sender`]; what it sends comes from [`Texts`]. Who may be reached, what was sent and
//! what may not be sent again is `store`'s business.

mod chat;
mod conductor;
mod event;
mod judge;
mod line;
mod message;
mod pace;
mod robot;
mod sender;
mod shift;
pub mod speed;
mod stage;
mod start;
mod trouble;
mod webhook;
mod wechat;
mod words;

pub use message::{Outgoing, Reader, Rendered, TextFault, Texts};
pub use pace::{Limit, Rate};
pub use robot::{RobotAccount, RobotFault, RobotKind};
pub use sender::{Sender, Verdict};
pub use start::Broadcast;
pub use webhook::{WebhookAccount, WebhookFault};
pub use wechat::{WeChatBroadcast, WeChatQuota, WeChatTemplate, WeChatWay};
