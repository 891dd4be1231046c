//! What the channels share: turns, limits, the worker that takes an inbox to its end; and the channels.

mod flight;
mod intake;
mod limits;
mod phrase;
mod telegram;
mod turn;
mod wechat;
mod worker;

pub(crate) use intake::{Flow, Intake};
pub use limits::Limits;
pub(crate) use limits::network;
pub(crate) use telegram::TelegramSender;
pub use telegram::{Telegram, TelegramAccount, TelegramMode, Usernames};
pub(crate) use turn::{Person, Sent, changes, known, word};
pub use wechat::{WeChat, WeChatAccount, WeChatFault};
