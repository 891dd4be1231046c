//! Posting to a robot.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use serde_json::{Value, json};

use super::account::{RobotAccount, RobotKind};
use super::answer::verdict;
use super::fit::{bytes, fit, json_bytes};
use super::sign;
use crate::Clock;
use crate::broadcast::{Outgoing, Sender, Verdict};
use crate::outbound::{self, Ended, Reach};

const TIMEOUT: Duration = Duration::from_secs(10);
/// An answer of a platform is a few dozen bytes.
const MAX_ANSWER: usize = 64 * 1024;
/// `WeCom`: bytes of the text.
const WECOM_TEXT: usize = 2048;
/// `DingTalk` takes bodies of 20,000 bytes, Feishu of 20 KB; so much of it may be text.
const BODY_TEXT: usize = 19_000;

/// Platforms are overrun at full and half hours and refuse then; a minute around them nothing is sent,
/// and a request needs its time.
const HALF_HOUR: i64 = 1800;
const AROUND: i64 = 60;

/// Posts to one robot.
pub(in crate::broadcast) struct RobotSender {
    account: RobotAccount,
    http: reqwest::Client,
    clock: Clock,
}

impl RobotSender {
    /// A sender for `account`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(in crate::broadcast) fn new(
        account: RobotAccount,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self { account, http: outbound::client(Reach::Anywhere)?, clock })
    }

    fn request(&self, message: &Outgoing) -> (Url, Value) {
        let text = &message.text;
        let RobotAccount { kind, url, secret, .. } = &self.account;
        let (mut url, now) = (url.clone(), self.clock.now());
        let whole = format!("{}\n{}", text.title, text.plain);
        let body = match kind {
            RobotKind::WeCom => {
                let content = fit(&whole, &text.link, WECOM_TEXT, bytes);
                let everybody: &[&str] = if message.urgent { &["@all"] } else { &[] };
                json!({ "msgtype": "text",
                    "text": { "content": content, "mentioned_list": everybody } })
            }
            RobotKind::DingTalk => {
                if let Some(secret) = secret {
                    let stamp = now.as_millisecond();
                    url.query_pairs_mut()
                        .append_pair("timestamp", &stamp.to_string())
                        .append_pair("sign", &sign::dingtalk(secret, stamp));
                }
                let content = fit(&text.markdown, &text.link, BODY_TEXT, json_bytes);
                json!({ "msgtype": "markdown",
                    "markdown": { "title": text.title, "text": content },
                    "at": { "isAtAll": message.urgent } })
            }
            RobotKind::Feishu => {
                let content = fit(&whole, &text.link, BODY_TEXT, json_bytes);
                let mut body = json!({ "msg_type": "text", "content": { "text": content } });
                if let Some(secret) = secret {
                    let stamp = now.as_second();
                    body["timestamp"] = stamp.to_string().into();
                    body["sign"] = sign::feishu(secret, stamp).into();
                }
                body
            }
        };
        (url, body)
    }
}

impl Sender for RobotSender {
    async fn send(&self, message: &Outgoing) -> Verdict {
        let (url, body) = self.request(message);
        let request = self.http.post(url).timeout(TIMEOUT).json(&body);
        let ended: Ended = outbound::send(request, MAX_ANSWER).await;
        verdict(self.account.kind, ended)
    }

    fn patience(&self) -> Duration {
        TIMEOUT
    }

    fn closed(&self, now: Timestamp) -> Option<Duration> {
        closed(now)
    }
}

/// How long it is closed from `now` on: until a minute after the full or half hour.
fn closed(now: Timestamp) -> Option<Duration> {
    let patience = i64::try_from(TIMEOUT.as_secs()).expect("a few seconds");
    // Every time zone of China begins its hours and half hours when UTC does.
    let into = now.as_second().rem_euclid(HALF_HOUR);
    let left = if into <= AROUND {
        AROUND + 1 - into
    } else if into >= HALF_HOUR - AROUND - patience {
        HALF_HOUR - into + AROUND + 1
    } else {
        return None;
    };
    Some(Duration::from_secs(left.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_around_full_and_half_hours() {
        let at = |time: &str| {
            let now = format!("2026-12-01T{time}+08:00").parse().expect("an instant");
            closed(now).map(|left| left.as_secs())
        };
        for (time, left) in [
            ("10:00:00", Some(61)),
            ("10:01:00", Some(1)),
            ("10:01:01", None),
            ("17:28:49", None),
            ("17:28:50", Some(131)),
            ("17:29:30", Some(91)),
            ("17:30:10", Some(51)),
            ("17:15:00", None),
        ] {
            assert_eq!(at(time), left, "{time}");
        }
    }
}
