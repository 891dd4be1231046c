//! A `WeChat` official account (公众号): the platform posts what a resident says, and our answer to that
//! request is the reply she reads.
//!
//! The platform waits five seconds and asks three times. What it posts is on disk before it is
//! answered, the reply is on disk before it is given, and whoever asks again gets the same bytes.

mod account;
mod answer;
mod callback;
mod cipher;
mod desk;
mod envelope;
mod gate;
mod intent;
mod memory;
mod phrase;
mod post;
mod render;
mod replay;
mod signature;
mod start;
mod sweep;
mod xml;

pub use account::{WeChatAccount, WeChatFault};
pub use start::WeChat;
