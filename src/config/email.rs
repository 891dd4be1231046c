//! `[email]`: the relay we hand mail to, what signs it, where bounces come back.

use std::path::PathBuf;

use fenghuo_bot::{EmailAccount, EmailSettings};
use serde::Deserialize;

/// `[email]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Email {
    /// `smtp://host:port`; `smtps://user:password@host` or `smtp://…?tls=required` for another machine.
    smtp: String,
    /// `Name <notice@fire.example>`
    from: String,
    /// Private key in PEM form; `dkim_key_file` names a file.
    dkim_key: Option<String>,
    /// Its name in DNS.
    dkim_selector: Option<String>,
    /// Domain that bounces come back to.
    bounce_domain: Option<String>,
    /// Maildir that its mail is delivered into.
    bounce_maildir: Option<PathBuf>,
}

impl Email {
    /// Says what is wrong; `public`: `server.public_url` is set.
    pub(super) fn check(&self, public: bool) -> anyhow::Result<()> {
        anyhow::ensure!(public, "needs [server] public_url, which links in letters begin with");
        self.account().map(drop)
    }

    /// The account as the channel takes it.
    pub(crate) fn account(&self) -> anyhow::Result<EmailAccount> {
        let Self { smtp, from, dkim_key, dkim_selector, bounce_domain, bounce_maildir } =
            self.clone();
        let settings =
            EmailSettings { smtp, from, dkim_key, dkim_selector, bounce_domain, bounce_maildir };
        Ok(EmailAccount::parse(&settings)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(public: bool, more: &str) -> bool {
        let table =
            format!("smtp = \"smtp://127.0.0.1:25\"\nfrom = \"notice@fire.example\"\n{more}");
        toml::from_str::<Email>(&table).is_ok_and(|email| email.check(public).is_ok())
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for (public, more, fine) in [
            (true, "", true),
            (true, "bounce_domain = \"b.fire.example\"\nbounce_maildir = \"/var/mail/b\"", true),
            (false, "", false),
            (true, "bounce_maildir = \"/var/mail/b\"", false),
            (true, "dkim_selector = \"s1\"", false),
            (true, "smpt = \"x\"", false),
        ] {
            assert_eq!(check(public, more), fine, "{more}");
        }
    }
}
