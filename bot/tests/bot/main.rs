//! The conversation and its web channel from outside.

mod desk;
mod fixture;
mod hostile;
mod talk;
mod transcript;
mod web;
mod wechat;
