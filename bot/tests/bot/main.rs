//! The conversation and its web channel from outside.

mod broadcast;
mod desk;
mod fixture;
mod hostile;
mod office;
mod public;
mod talk;
mod tell;
mod transcript;
mod web;
mod wechat;
