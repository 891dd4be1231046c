//! `[robot.NAME]` and `[webhook.NAME]`: group robots and systems of the county that get what goes to their place.

use anyhow::Context;
use fenghuo_bot::broadcast::{RobotAccount, RobotKind, WebhookAccount};
use fenghuo_bot::office::audience;
use serde::Deserialize;

/// `[robot.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Robot {
    kind: Kind,
    url: String,
    secret: Option<String>,
    /// Region it serves; the county by default.
    pub(crate) region: Option<String>,
    /// One of the seven settings, if it serves one.
    pub(crate) role: Option<String>,
}

/// `[webhook.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhook {
    url: String,
    secret: String,
    /// Whether it stands in our own network.
    #[serde(default)]
    private: bool,
    /// Region it serves; the county by default.
    pub(crate) region: Option<String>,
    /// One of the seven settings, if it serves one.
    pub(crate) role: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    WeCom,
    DingTalk,
    Feishu,
}

impl Robot {
    /// Says what is wrong with the robot `name`.
    pub(super) fn check(&self, name: &str) -> anyhow::Result<()> {
        super::check_name(name)?;
        check_role(self.role.as_deref())?;
        self.account(name).map(drop)
    }

    /// The robot as the broadcast takes it.
    pub(crate) fn account(&self, name: &str) -> anyhow::Result<RobotAccount> {
        let kind = match self.kind {
            Kind::WeCom => RobotKind::WeCom,
            Kind::DingTalk => RobotKind::DingTalk,
            Kind::Feishu => RobotKind::Feishu,
        };
        RobotAccount::parse(name, kind, &self.url, self.secret.as_deref())
            .with_context(|| format!("the robot `{name}`"))
    }
}

impl Webhook {
    /// Says what is wrong with the webhook `name`.
    pub(super) fn check(&self, name: &str) -> anyhow::Result<()> {
        super::check_name(name)?;
        check_role(self.role.as_deref())?;
        self.account(name).map(drop)
    }

    /// The webhook as the broadcast takes it.
    pub(crate) fn account(&self, name: &str) -> anyhow::Result<WebhookAccount> {
        WebhookAccount::parse(name, &self.url, &self.secret, self.private)
            .with_context(|| format!("the webhook `{name}`"))
    }
}

fn check_role(role: Option<&str>) -> anyhow::Result<()> {
    let known = role.is_none_or(|role| audience::setting(role).is_some());
    anyhow::ensure!(known, "role: agency, school, community, enterprise, village, home or web");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused() {
        let wecom =
            "kind = \"wecom\"\nurl = \"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1\"";
        for (name, text, fine) in [
            ("main", wecom.to_owned(), true),
            ("main", format!("{wecom}\nregion = \"chengguan\"\nrole = \"school\""), true),
            ("main", format!("{wecom}\nrole = \"teacher\""), false),
            ("main", format!("{wecom}\nsecret = \"SEC\""), false),
            ("main", format!("{wecom}\nfoo = 1"), false),
            ("Main", wecom.to_owned(), false),
            ("main", "kind = \"slack\"\nurl = \"https://a.example\"".to_owned(), false),
        ] {
            let robot = toml::from_str::<Robot>(&text);
            assert_eq!(robot.is_ok_and(|robot| robot.check(name).is_ok()), fine, "{name} {text}");
        }
        for (text, fine) in [
            ("url = \"https://platform.example/in\"\nsecret = \"0123456789abcdef\"", true),
            ("url = \"http://10.0.0.7/in\"\nsecret = \"0123456789abcdef\"", false),
            ("url = \"http://10.0.0.7/in\"\nprivate = true\nsecret = \"0123456789abcdef\"", true),
            ("url = \"https://platform.example/in\"\nsecret = \"short\"", false),
            ("url = \"https://platform.example/in\"", false),
        ] {
            let webhook = toml::from_str::<Webhook>(text);
            assert_eq!(webhook.is_ok_and(|hook| hook.check("main").is_ok()), fine, "{text}");
        }
    }
}
