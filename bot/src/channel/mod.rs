//! What the channels share.

mod phrase;
mod telegram;
