//! A robot of ours, as configured and checked.

use reqwest::Url;

use crate::outbound::{Reach, allows};

/// Which platform a robot lives on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RobotKind {
    /// 企业微信 <https://developer.work.weixin.qq.com/document/path/91770>
    WeCom,
    /// 钉钉 <https://open.dingtalk.com/document/robots/custom-robot-access>
    DingTalk,
    /// 飞书 <https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>
    Feishu,
}

/// A robot in a group chat.
#[derive(Clone)]
pub struct RobotAccount {
    pub(super) name: String,
    pub(super) kind: RobotKind,
    pub(super) url: Url,
    pub(super) secret: Option<String>,
}

/// Why a robot cannot be as it is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RobotFault {
    /// No address.
    #[error("url: write the webhook address as the platform shows it, https://…")]
    Url,
    /// `WeCom` signs nothing; a secret there is a mistake.
    #[error("secret: a WeCom robot has none, its key is in the address")]
    Secret,
}

impl RobotAccount {
    /// The robot `name`. Without a `secret` its platform must let it in by keyword or address.
    ///
    /// # Errors
    /// What the platform never gives.
    pub fn parse(
        name: &str,
        kind: RobotKind,
        url: &str,
        secret: Option<&str>,
    ) -> Result<Self, RobotFault> {
        let url = Url::parse(url).map_err(|_| RobotFault::Url)?;
        if !allows(Reach::Anywhere, &url) {
            return Err(RobotFault::Url);
        }
        let secret = secret.filter(|secret| !secret.is_empty()).map(str::to_owned);
        if kind == RobotKind::WeCom && secret.is_some() {
            return Err(RobotFault::Secret);
        }
        Ok(Self { name: name.to_owned(), kind, url, secret })
    }

    /// Its name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused() {
        let parse = |kind, url, secret| RobotAccount::parse("main", kind, url, secret).err();
        let url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1";
        assert_eq!(parse(RobotKind::WeCom, url, None), None);
        assert_eq!(parse(RobotKind::WeCom, url, Some("SEC1")), Some(RobotFault::Secret));
        assert_eq!(parse(RobotKind::DingTalk, url, Some("SEC1")), None);
        for bad in ["", "qyapi.weixin.qq.com", "file:///etc/passwd"] {
            assert_eq!(parse(RobotKind::Feishu, bad, None), Some(RobotFault::Url), "{bad}");
        }
    }
}
