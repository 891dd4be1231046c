//! `[wechat.NAME]`: an official account of ours on `WeChat`.

use anyhow::Context;
use fenghuo_bot::WeChatAccount;
use serde::Deserialize;

/// One official account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeChat {
    /// 开发者ID(AppID)
    app_id: String,
    /// 令牌(Token)
    token: String,
    /// 消息加解密密钥(EncodingAESKey); with it only sealed messages are taken (安全模式, 兼容模式).
    aes_key: Option<String>,
}

impl WeChat {
    /// Says what is wrong with the account `name`; `public`: `server.public_url` is set.
    pub(super) fn check(&self, name: &str, public: bool) -> anyhow::Result<()> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        anyhow::ensure!(
            (1..=40).contains(&name.len()) && name.chars().all(plain),
            "a name has 1 to 40 of a-z, 0-9 and `-`"
        );
        anyhow::ensure!(public, "needs [server] public_url, which the platform posts to");
        self.account(name).map(drop)
    }

    /// The account as the channel takes it.
    pub(crate) fn account(&self, name: &str) -> anyhow::Result<WeChatAccount> {
        WeChatAccount::parse(name, &self.app_id, &self.token, self.aes_key.as_deref())
            .with_context(|| format!("the account `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, public: bool, more: &str) -> bool {
        let table = format!("app_id = \"wx2c2769f8efd9abc2\"\ntoken = \"spamtest\"\n{more}");
        toml::from_str::<WeChat>(&table).is_ok_and(|account| account.check(name, public).is_ok())
    }

    #[test]
    fn what_cannot_work_is_refused() {
        let key = "aes_key = \"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG\"";
        for (name, public, more, fine) in [
            ("main", true, "", true),
            ("main", true, key, true),
            ("main", false, "", false),
            ("Main", true, "", false),
            ("../x", true, "", false),
            ("main", true, "aes_key = \"short\"", false),
            ("main", true, "encoding_aes_key = \"x\"", false),
        ] {
            assert_eq!(check(name, public, more), fine, "{name} {public} {more}");
        }
        assert!(toml::from_str::<WeChat>("app_id = \"wx2c2769f8efd9abc2\"").is_err());
    }
}
