//! The conversation and its web channel from outside.

mod fixture;
mod hostile;
mod public;
mod talk;
mod transcript;
mod web;
mod wechat;
