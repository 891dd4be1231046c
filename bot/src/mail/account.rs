//! `[email]` as written, and what it means: relay, sender, signature, where bounces come back.

use std::path::PathBuf;

use lettre::message::Mailbox;
use lettre::message::dkim::DkimConfig;

use super::key::{KeyFault, read_key};
use super::letter;
use super::relay::Relay;

/// `[email]` as written.
#[derive(Clone, Default)]
pub struct EmailSettings {
    /// `smtp://host:port`, `smtps://user:password@host`, `smtp://…?tls=required`.
    pub smtp: String,
    /// `烽火 <notice@fire.example>`.
    pub from: String,
    /// The private key for DKIM as PEM.
    pub dkim_key: Option<String>,
    /// The name of its public half in DNS.
    pub dkim_selector: Option<String>,
    /// The domain bounces come back to.
    pub bounce_domain: Option<String>,
    /// The maildir they are delivered into.
    pub bounce_maildir: Option<PathBuf>,
}

/// What is wrong with `[email]`.
#[derive(Debug, thiserror::Error)]
pub enum EmailFault {
    /// The relay.
    #[error("smtp: {0}")]
    Relay(&'static str),
    /// The sender.
    #[error("from: write it as `Name <notice@fire.example>`, in ASCII but for the name")]
    From,
    /// The key.
    #[error("dkim_key: {0}")]
    Key(#[from] KeyFault),
    /// Half a signature.
    #[error(
        "dkim_key and dkim_selector belong together; a selector has a-z, 0-9, `-`, `_` and `.`"
    )]
    Selector,
    /// Where bounces go.
    #[error("bounce_domain: write a domain such as bounce.fire.example")]
    BounceDomain,
    /// A maildir nobody would fill.
    #[error("bounce_maildir needs bounce_domain, whose mail is delivered there")]
    Maildir,
}

/// The account we write from.
pub struct EmailAccount {
    pub(super) relay: Relay,
    pub(super) from: Mailbox,
    /// Of the sender's domain, so that DMARC finds them aligned.
    pub(super) signature: Option<DkimConfig>,
    pub(super) bounce_domain: Option<String>,
    pub(super) bounce_maildir: Option<PathBuf>,
}

impl EmailAccount {
    /// The account of `settings`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(settings: &EmailSettings) -> Result<Self, EmailFault> {
        let from: Mailbox = settings.from.parse().map_err(|_| EmailFault::From)?;
        let ascii = from.email.user().is_ascii() && from.email.domain().is_ascii();
        if !ascii || !from.email.domain().contains('.') {
            return Err(EmailFault::From);
        }
        let bounce_domain = settings.bounce_domain.as_deref().map(str::to_ascii_lowercase);
        if bounce_domain.as_deref().is_some_and(|domain| !is_domain(domain)) {
            return Err(EmailFault::BounceDomain);
        }
        if settings.bounce_maildir.is_some() && bounce_domain.is_none() {
            return Err(EmailFault::Maildir);
        }
        Ok(Self {
            relay: Relay::parse(&settings.smtp).map_err(EmailFault::Relay)?,
            signature: signature(settings, from.email.domain())?,
            from,
            bounce_domain,
            bounce_maildir: settings.bounce_maildir.clone(),
        })
    }

    /// Domain of the sender.
    pub(super) fn domain(&self) -> &str {
        self.from.email.domain()
    }
}

fn signature(settings: &EmailSettings, domain: &str) -> Result<Option<DkimConfig>, EmailFault> {
    match (&settings.dkim_key, &settings.dkim_selector) {
        (None, None) => Ok(None),
        (Some(key), Some(selector)) if is_name(selector) => {
            Ok(Some(letter::signature(selector, domain, read_key(key)?)))
        }
        _ => Err(EmailFault::Selector),
    }
}

fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=60).contains(&text.len()) && text.bytes().all(plain)
}

fn is_domain(text: &str) -> bool {
    is_name(text) && text.contains('.') && !text.contains("..") && !text.starts_with(['.', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> EmailSettings {
        EmailSettings {
            smtp: "smtp://127.0.0.1:25".to_owned(),
            from: "示范县消防 <notice@fire.example>".to_owned(),
            ..EmailSettings::default()
        }
    }

    #[test]
    fn little_is_needed() {
        let account = EmailAccount::parse(&settings()).expect("well-formed");
        assert_eq!(account.domain(), "fire.example");
        assert!(account.signature.is_none());
    }

    #[test]
    fn what_cannot_work_is_refused() {
        type Change = fn(&mut EmailSettings);
        let changes: [(&str, Change); 8] = [
            ("no relay", |s| s.smtp = String::new()),
            ("no sender", |s| s.from = String::new()),
            ("no domain", |s| s.from = "notice@fire".to_owned()),
            ("not ASCII", |s| s.from = "消防@fire.example".to_owned()),
            ("selector alone", |s| s.dkim_selector = Some("a".to_owned())),
            ("no key", |s| {
                s.dkim_selector = Some("a".to_owned());
                s.dkim_key = Some("secret".to_owned());
            }),
            ("bounce domain", |s| s.bounce_domain = Some("b@fire.example".to_owned())),
            ("maildir alone", |s| s.bounce_maildir = Some("/var/mail".into())),
        ];
        for (name, change) in changes {
            let mut settings = settings();
            change(&mut settings);
            assert!(EmailAccount::parse(&settings).is_err(), "{name}");
        }
    }
}
