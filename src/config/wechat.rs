//! `[wechat.NAME]`: an official account of ours on `WeChat`.

use anyhow::Context;
use fenghuo_bot::WeChatAccount;
use fenghuo_bot::broadcast::{WeChatBroadcast, WeChatQuota, WeChatTemplate, WeChatWay};
use serde::Deserialize;

/// One official account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeChat {
    /// 开发者ID(AppID)
    app_id: String,
    /// 开发者密码(AppSecret); with it the account sends campaigns, too.
    app_secret: Option<String>,
    /// 令牌(Token)
    token: String,
    /// 消息加解密密钥(EncodingAESKey); with it only sealed messages are taken (安全模式, 兼容模式).
    aes_key: Option<String>,
    /// Another API than `WeChat`'s: a fake in tests.
    api_url: Option<String>,
    /// How campaigns go out.
    #[serde(default)]
    way: Way,
    /// Whether what is for the whole county goes to all who follow the account, subscribed or not.
    #[serde(default)]
    everyone: bool,
    /// How often: `4/month` for a service account, `1/day` for a subscription account.
    quota: Option<String>,
    /// Template and fields of `way = "template"`.
    template: Option<Template>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Way {
    /// 群发
    #[default]
    Mass,
    /// 模板消息
    Template,
    /// 客服消息
    Service,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    id: String,
    title: String,
    code: Option<String>,
    expires: Option<String>,
}

impl WeChat {
    /// Says what is wrong with the account `name`; `public`: `server.public_url` is set.
    pub(super) fn check(&self, name: &str, public: bool) -> anyhow::Result<()> {
        super::check_name(name)?;
        anyhow::ensure!(public, "needs [server] public_url, which the platform posts to");
        self.broadcast(name)?;
        let mass = self.sends() && self.way == Way::Mass;
        anyhow::ensure!(
            mass || !self.everyone,
            "everyone = true needs app_secret and way = \"mass\""
        );
        self.account(name).map(drop)
    }

    /// The account as the channel takes it.
    pub(crate) fn account(&self, name: &str) -> anyhow::Result<WeChatAccount> {
        WeChatAccount::parse(name, &self.app_id, &self.token, self.aes_key.as_deref())
            .with_context(|| format!("the account `{name}`"))
    }

    /// The account as the broadcast takes it; `None` without its secret.
    pub(crate) fn broadcast(&self, name: &str) -> anyhow::Result<Option<WeChatBroadcast>> {
        let Some(secret) = &self.app_secret else { return Ok(None) };
        let way = match (self.way, &self.template) {
            (Way::Mass, None) => WeChatWay::Mass,
            (Way::Service, None) => WeChatWay::Service,
            (Way::Template, Some(template)) => WeChatWay::Template(template.fields()),
            (Way::Template, None) => {
                anyhow::bail!("way = \"template\" needs template = {{ id, title }}")
            }
            (Way::Mass | Way::Service, Some(_)) => {
                anyhow::bail!("template belongs to way = \"template\"")
            }
        };
        Ok(Some(WeChatBroadcast {
            name: name.to_owned(),
            app_id: self.app_id.clone(),
            app_secret: secret.clone(),
            api_url: self.api_url.clone(),
            quota: self.quota(&way)?,
            way,
        }))
    }

    /// Whether it sends campaigns.
    pub(super) fn sends(&self) -> bool {
        self.app_secret.is_some()
    }

    /// Whether it reaches all its followers at once.
    pub(super) fn reaches_everyone(&self) -> bool {
        self.everyone && self.sends()
    }

    /// What it may send, for officials.
    pub(super) fn quota_name(&self) -> String {
        match (self.way, &self.quota) {
            (_, Some(quota)) => {
                format!("限额 {}", quota.replace("/month", " 次一月").replace("/day", " 次一天"))
            }
            (Way::Mass, None) => "限额 4 次一月".to_owned(),
            (Way::Template, None) => "限额 100000 次一天".to_owned(),
            (Way::Service, None) => "只发给 48 小时内来过消息的人".to_owned(),
        }
    }

    fn quota(&self, way: &WeChatWay) -> anyhow::Result<WeChatQuota> {
        let Some(text) = &self.quota else {
            // What the platform allows where it says no more: <https://developers.weixin.qq.com>
            return Ok(match way {
                WeChatWay::Mass => WeChatQuota::Monthly(4),
                WeChatWay::Template(_) | WeChatWay::Service => WeChatQuota::Daily(100_000),
            });
        };
        let (number, period) = text.split_once('/').unwrap_or((text, ""));
        let number: u32 = number
            .trim()
            .parse()
            .ok()
            .filter(|n| *n > 0)
            .with_context(|| format!("quota `{text}`: write 4/month or 1/day"))?;
        match period.trim() {
            "month" => Ok(WeChatQuota::Monthly(number)),
            "day" => Ok(WeChatQuota::Daily(number)),
            _ => anyhow::bail!("quota `{text}`: write 4/month or 1/day"),
        }
    }
}

impl Template {
    fn fields(&self) -> WeChatTemplate {
        let Self { id, title, code, expires } = self.clone();
        WeChatTemplate { id, title, code, expires }
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
        let secret = "app_secret = \"0123456789abcdef0123456789abcdef\"";
        for (name, public, more, fine) in [
            ("main", true, "", true),
            ("main", true, key, true),
            ("main", false, "", false),
            ("Main", true, "", false),
            ("../x", true, "", false),
            ("main", true, "aes_key = \"short\"", false),
            ("main", true, "encoding_aes_key = \"x\"", false),
            ("main", true, secret, true),
            ("main", true, &format!("{secret}\nquota = \"1/day\""), true),
            ("main", true, &format!("{secret}\nquota = \"often\""), false),
            ("main", true, &format!("{secret}\nquota = \"0/day\""), false),
            ("main", true, &format!("{secret}\nway = \"service\""), true),
            ("main", true, &format!("{secret}\nway = \"template\""), false),
            (
                "main",
                true,
                &format!(
                    "{secret}\nway = \"template\"\ntemplate = {{ id = \"x\", title = \"thing1\" }}"
                ),
                true,
            ),
        ] {
            assert_eq!(check(name, public, more), fine, "{name} {public} {more}");
        }
        assert!(toml::from_str::<WeChat>("app_id = \"wx2c2769f8efd9abc2\"").is_err());
    }
}
