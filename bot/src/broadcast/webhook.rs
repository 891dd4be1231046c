//! Webhooks: the systems of a county, loudspeakers among them, hear of a campaign by a signed request.
//!
//! The body is the same however often it is sent and carries its key, so that a repeat can be told from a
//! second notice; that is why it may be repeated. What is signed: `TIMESTAMP.BODY`, HMAC-SHA256, as hex.

use std::fmt::Write;
use std::time::Duration;

use hmac::{Hmac, Mac};
use reqwest::Url;
use serde_json::json;
use sha2::Sha256;

use super::{Outgoing, Sender, Verdict};
use crate::Clock;
use crate::outbound::{self, Ended, Reach};

const TIMEOUT: Duration = Duration::from_secs(15);
/// Nobody reads what comes back.
const MAX_ANSWER: usize = 64 * 1024;
/// Where `Retry-After` is missing.
const PAUSE: Duration = Duration::from_secs(60);

/// A system that wants to hear of campaigns, as configured and checked.
#[derive(Clone)]
pub struct WebhookAccount {
    name: String,
    url: Url,
    secret: String,
    reach: Reach,
}

/// Why a webhook cannot be as it is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookFault {
    /// No address.
    #[error("url: write https://host/path")]
    Url,
    /// An address inside, and nobody said that it may be one.
    #[error(
        "url: a private address; say `private = true` if the system stands in your own network"
    )]
    Private,
    /// Too short to keep a secret.
    #[error("secret: at least 16 characters, the same as in the receiving system")]
    Secret,
}

impl WebhookAccount {
    /// The webhook `name`; `private`: its address may lie inside our own network.
    ///
    /// # Errors
    /// What cannot work, or must not.
    pub fn parse(name: &str, url: &str, secret: &str, private: bool) -> Result<Self, WebhookFault> {
        let reach = if private { Reach::Anywhere } else { Reach::Public };
        let url = Url::parse(url).map_err(|_| WebhookFault::Url)?;
        if !outbound::allows(Reach::Anywhere, &url) {
            return Err(WebhookFault::Url);
        }
        if !outbound::allows(reach, &url) {
            return Err(WebhookFault::Private);
        }
        if secret.len() < 16 {
            return Err(WebhookFault::Secret);
        }
        Ok(Self { name: name.to_owned(), url, secret: secret.to_owned(), reach })
    }

    /// Its name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Posts to one system.
pub(super) struct WebhookSender {
    account: WebhookAccount,
    http: reqwest::Client,
    clock: Clock,
}

impl WebhookSender {
    /// A sender for `account`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(super) fn new(account: WebhookAccount, clock: Clock) -> Result<Self, reqwest::Error> {
        let http = outbound::client(account.reach)?;
        Ok(Self { account, http, clock })
    }
}

impl Sender for WebhookSender {
    async fn send(&self, message: &Outgoing) -> Verdict {
        let (key, body) = (key(message), body(message));
        let stamp = self.clock.now().as_second();
        let request = self
            .http
            .post(self.account.url.clone())
            .timeout(TIMEOUT)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header("x-fenghuo-timestamp", stamp)
            .header("x-fenghuo-signature", signature(&self.account.secret, stamp, &body))
            .body(body);
        verdict(outbound::send(request, MAX_ANSWER).await)
    }

    fn idempotent(&self) -> bool {
        true
    }

    fn patience(&self) -> Duration {
        TIMEOUT
    }
}

/// The same for every repeat, and for nothing else.
fn key(message: &Outgoing) -> String {
    format!("{}-{}", message.campaign, message.recipient.as_str())
}

fn body(message: &Outgoing) -> String {
    let text = &message.text;
    json!({
        "id": key(message),
        "campaign": message.campaign.to_string(),
        "code": text.code,
        "urgent": message.urgent,
        "title": text.title,
        "text": text.plain,
        "markdown": text.markdown,
        "link": text.link,
        "expires": text.expires.to_string(),
    })
    .to_string()
}

fn signature(secret: &str, stamp: i64, body: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{stamp}.{body}").as_bytes());
    let mut hex = String::from("sha256=");
    for byte in mac.finalize().into_bytes() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn verdict(ended: Ended) -> Verdict {
    match ended {
        Ended::NotSent(reason) => Verdict::NotSent(reason),
        Ended::Unknown(reason) => Verdict::Unknown(reason),
        Ended::Answered { status, retry_after, .. } => match status.as_u16() {
            200..300 => Verdict::Sent { id: None },
            429 | 503 => Verdict::RetryAfter(retry_after.map_or(PAUSE, Duration::from_secs)),
            408 | 500.. => Verdict::Unknown(format!("HTTP {status}")),
            // Wrong for this body, whenever it comes.
            400 | 410 | 413 | 415 | 422 => {
                Verdict::Unreachable { reason: format!("HTTP {status}"), gone: false }
            }
            // A wrong secret, a moved address: an operator will mend it.
            _ => Verdict::NotSent(format!("HTTP {status}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    #[test]
    fn a_webhook_leads_inside_only_where_it_may() {
        let parse = |url, secret, private| WebhookAccount::parse("a", url, secret, private).err();
        let secret = "0123456789abcdef";
        assert_eq!(parse("https://county.example/hook", secret, false), None);
        assert_eq!(parse("http://10.0.0.8/hook", secret, false), Some(WebhookFault::Private));
        assert_eq!(parse("http://10.0.0.8/hook", secret, true), None);
        assert_eq!(parse("county.example", secret, true), Some(WebhookFault::Url));
        assert_eq!(parse("https://a.example", "short", true), Some(WebhookFault::Secret));
    }

    // python3 -c 'import hmac; print(hmac.new(b"0123456789abcdef", b"1700000000.{}", "sha256").hexdigest())'
    #[test]
    fn the_signature_is_over_time_and_body() {
        let signed = signature("0123456789abcdef", 1_700_000_000, "{}");
        assert_eq!(
            signed,
            "sha256=e4f8e2ecae2295b2ddb2f0b5584c8275e226c0ebe9b3b819e70156bb67122e3e"
        );
    }

    #[test]
    fn what_came_back_decides_whether_it_is_tried_again() {
        let said = |status: u16| {
            let status = StatusCode::from_u16(status).expect("a status");
            verdict(Ended::Answered { status, body: Vec::new(), retry_after: Some(7) })
        };
        assert_eq!(said(204), Verdict::Sent { id: None });
        assert_eq!(said(429), Verdict::RetryAfter(Duration::from_secs(7)));
        assert!(matches!(said(500), Verdict::Unknown(_)));
        assert!(matches!(said(302), Verdict::NotSent(_)));
        assert!(matches!(said(401), Verdict::NotSent(_)));
        assert!(matches!(said(422), Verdict::Unreachable { gone: false, .. }));
    }
}
