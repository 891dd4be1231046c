//! End-to-end tests of the binary, one module a feature.

mod ask;
mod bad_input;
mod broadcast;
mod build;
mod campaign;
mod chat;
mod check;
mod docs;
mod eval;
mod invariants;
mod library;
mod mail;
mod open_data;
mod pack;
mod reload;
mod serve;
mod store;
mod stub;
mod support;
mod telegram;
mod telegram_kill;
mod telegram_notice;
mod wechat;
mod wechat_hostile;
