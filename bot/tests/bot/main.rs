//! The conversation and its web channel from outside.

mod broadcast;
mod desk;
mod fixture;
mod hostile;
mod office;
mod talk;
mod transcript;
mod web;
mod wechat;
