//! Conversation and its channels: what residents say and what they get back.
//!
//! [`conversation`] is pure; everything else brings messages to it and carries replies away.

pub mod broadcast;
mod channel;
pub mod conversation;
pub mod desk;
mod failure;
mod mail;
pub mod office;
mod outbound;
pub mod public;
mod subscribe;
mod tell;
mod web;

pub use channel::{
    Limits, Telegram, TelegramAccount, TelegramMode, Usernames, WeChat, WeChatAccount, WeChatFault,
};
pub use mail::{Email, EmailAccount, EmailFault, EmailSender, EmailSettings};
pub use subscribe::Ways;
pub use tell::tell;
pub use web::{BotState, Clock, Visitor, router, widget};
