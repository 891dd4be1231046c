//! E-mail: how a letter is written, signed and handed over, and what comes back.
//!
//! Letters go to one relay, which delivers them. A bounce finds its way back by the envelope
//! ([`verp`]), never by an address; nothing here logs one.

mod account;
mod bounce;
#[cfg(test)]
#[expect(dead_code, reason = "the tests of the binary use more of it")]
#[path = "../../../tests/it/support/smtp.rs"]
mod fake;
mod key;
mod letter;
mod mailbox;
mod mailer;
mod relay;
mod sender;
mod smtp;
mod start;
mod verp;

pub use account::{EmailAccount, EmailFault, EmailSettings};
pub(crate) use bounce::Bounces;
pub(crate) use letter::{Letter, simple_html};
pub(crate) use mailbox::{mailbox, masked};
pub(crate) use mailer::Mailer;
pub use sender::EmailSender;
pub(crate) use smtp::Handed;
pub use start::Email;
pub(crate) use verp::Token;
