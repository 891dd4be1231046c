//! Sending through a `WeChat` official account. Three ways, each a capability an account has or has not,
//! each with its own quota: mass sends (群发) to lists of followers, template messages (模板消息), customer
//! service messages (客服消息).
//!
//! The first two know a repeat by its key. Quotas are counted in the store before a request, so that no
//! restart forgets them.

mod account;
mod answer;
mod api;
mod sender;

pub use account::{WeChatBroadcast, WeChatQuota, WeChatTemplate, WeChatWay};
pub(super) use sender::{MASS, WeChatSender};
