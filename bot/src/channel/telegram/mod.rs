//! Telegram: updates by long polling or webhook into the inbox, replies by a thin client of our own.
//!
//! teloxide gives the types, the commands and the handler tree. Its listeners, which acknowledge
//! before anything is on disk, and its sender are not used.

mod backoff;
mod bot;
mod client;
mod command;
mod inbound;
mod keyboard;
mod markup;
mod part;
mod poll;
mod render;
mod sender;
mod start;
mod tree;
mod update;
mod username;
mod webhook;

pub(crate) use sender::TelegramSender;
pub use start::{Telegram, TelegramAccount, TelegramMode};
pub use username::Usernames;
