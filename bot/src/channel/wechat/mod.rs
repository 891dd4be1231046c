//! A WeChat official account (公众号): the platform posts what a resident says, and our answer to that
//! request is the reply she reads.
//!
//! The platform waits five seconds and asks three times. What it posts is on disk before it is
//! answered, the reply is on disk before it is given, and whoever asks again gets the same bytes.

mod cipher;
mod envelope;
mod intent;
mod phrase;
mod post;
mod render;
mod replay;
mod signature;
mod xml;
