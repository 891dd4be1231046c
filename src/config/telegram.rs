//! `[telegram.NAME]`: a bot of ours on Telegram.

use std::num::NonZeroU32;

use fenghuo_bot::{TelegramAccount, TelegramMode};
use serde::Deserialize;

/// One bot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Telegram {
    /// What `@BotFather` gave: digits, a colon, letters.
    token: String,
    /// What Telegram sends along with each update; needed in webhook mode.
    secret: Option<String>,
    #[serde(default)]
    mode: Mode,
    /// Another Bot API than Telegram's: a server of one's own, or a fake in tests.
    api_url: Option<String>,
    /// Most messages a second; as many as Telegram allows by default.
    rate: Option<NonZeroU32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Polling,
    Webhook,
}

impl Telegram {
    /// Says what is wrong with the bot `name`; `public`: `server.public_url` is set.
    pub(super) fn check(&self, name: &str, public: bool) -> anyhow::Result<()> {
        super::check_name(name)?;
        anyhow::ensure!(
            is_token(&self.token),
            "token: write it as @BotFather gave it, 123456:ABC…"
        );
        if let Some(url) = &self.api_url {
            let fine = url.starts_with("https://") || url.starts_with("http://");
            anyhow::ensure!(fine, "api_url `{url}`: write https://host");
        }
        if self.mode == Mode::Webhook {
            let secret = self.secret.as_deref().unwrap_or_default();
            anyhow::ensure!(
                is_secret(secret),
                "secret: mode = \"webhook\" needs 1 to 256 of A-Z, a-z, 0-9, `_` and `-`"
            );
            anyhow::ensure!(
                public,
                "mode = \"webhook\" needs [server] public_url, which Telegram posts to"
            );
        }
        Ok(())
    }

    /// The bot as the channel takes it.
    pub(crate) fn account(&self, name: &str) -> TelegramAccount {
        let mode = match self.mode {
            Mode::Polling => TelegramMode::Polling,
            Mode::Webhook => {
                TelegramMode::Webhook { secret: self.secret.clone().unwrap_or_default() }
            }
        };
        TelegramAccount {
            name: name.to_owned(),
            token: self.token.clone(),
            mode,
            api_url: self.api_url.clone(),
            rate: self.rate,
        }
    }
}

/// The token becomes part of an address: nothing may leave it.
fn is_token(token: &str) -> bool {
    token.split_once(':').is_some_and(|(id, key)| {
        let key_byte = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        !id.is_empty()
            && id.bytes().all(|b| b.is_ascii_digit())
            && !key.is_empty()
            && key.bytes().all(key_byte)
    })
}

/// <https://core.telegram.org/bots/api#setwebhook>
fn is_secret(secret: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (1..=256).contains(&secret.len()) && secret.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> bool {
        let table = format!("token = \"123:ABC\"\n{text}");
        toml::from_str::<Telegram>(&table).is_ok_and(|bot| bot.check("main", true).is_ok())
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for (text, fine) in [
            ("", true),
            ("mode = \"polling\"\nrate = 25", true),
            ("mode = \"webhook\"\nsecret = \"a_B-1\"", true),
            ("api_url = \"http://127.0.0.1:1\"", true),
            ("mode = \"webhook\"", false),
            ("mode = \"webhook\"\nsecret = \"a b\"", false),
            ("mode = \"push\"", false),
            ("rate = 0", false),
            ("api_url = \"127.0.0.1\"", false),
            ("tokken = \"1\"", false),
        ] {
            assert_eq!(check(text), fine, "{text}");
        }
    }

    #[test]
    fn names_and_tokens_have_their_shape() {
        let bot: Telegram = toml::from_str("token = \"123:ABC\"").expect("well-formed");
        for name in ["", "Main", "a b", "../x"] {
            assert!(bot.check(name, true).is_err(), "{name}");
        }
        for token in ["", "123", ":ABC", "123:", "123:A/../B", "x:ABC", "123:ABC\n"] {
            assert!(!is_token(token), "{token}");
        }
        let webhook = "token = \"1:A\"\nmode = \"webhook\"\nsecret = \"s\"";
        let webhook: Telegram = toml::from_str(webhook).expect("well-formed");
        assert!(webhook.check("main", false).is_err());
    }
}
