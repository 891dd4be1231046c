//! Conversation and its channels: what residents say and what they get back.
//!
//! [`conversation`] is pure; everything else brings messages to it and carries replies away.

pub mod broadcast;
mod channel;
pub mod conversation;
pub mod desk;
pub mod office;
/// Until `public` links itself.
pub mod public {
    pub mod cap;
    pub mod relay;
}
mod web;

pub use channel::{
    Limits, Telegram, TelegramAccount, TelegramMode, WeChat, WeChatAccount, WeChatFault,
};
pub use web::{BotState, Clock, Visitor, router};
