//! Telegram.

mod client;
mod command;
mod keyboard;
mod markup;
mod render;
mod tree;
mod update;
