//! A thin client of the Bot API: it reads of a response only what decides what happens next.
//!
//! teloxide's own requests sleep inside the call on a 5xx and take a delivered message whose reply
//! they cannot read for an error. Here a request ends in one of four ways, and the token, which is
//! part of every address, never gets into an error.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::outbound::{self, Ended, Reach};

/// The Bot API of Telegram itself.
pub(crate) const API_URL: &str = "https://api.telegram.org";

/// A batch of a hundred updates is far smaller.
const MAX_RESPONSE: usize = 16 * 1024 * 1024;

/// How a request ended.
#[derive(Debug, PartialEq)]
pub(super) enum Answer<T> {
    /// `ok: true`.
    Done(T),
    /// `ok: false`: it did not happen.
    Refused(Refusal),
    /// It never left: no connection.
    NotSent(String),
    /// It may have happened: timeout, reset, 5xx, or a response that is no JSON of the Bot API.
    Unknown(String),
}

/// What the Bot API says to a request it refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP-like: 400, 401, 403, 409, 429.
    pub(super) code: i64,
    /// For logs and lists; names no one.
    pub(super) description: String,
    /// Seconds to wait.
    pub(super) retry_after: Option<u64>,
    /// The group is a supergroup now, with this id.
    pub(super) migrate_to: Option<i64>,
}

/// One bot on one Bot API.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    base: String,
}

#[derive(Deserialize)]
struct Envelope<T> {
    ok: bool,
    result: Option<T>,
    #[serde(default)]
    error_code: i64,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// A result nobody looks at.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(from = "serde::de::IgnoredAny")]
pub(super) struct Ignored;

impl From<serde::de::IgnoredAny> for Ignored {
    fn from(_: serde::de::IgnoredAny) -> Self {
        Self
    }
}

impl Client {
    /// A client of the bot with `token` at `api_url`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(super) fn new(api_url: &str, token: &str) -> Result<Self, reqwest::Error> {
        let http = outbound::client(Reach::Anywhere)?;
        Ok(Self { http, base: format!("{}/bot{token}", api_url.trim_end_matches('/')) })
    }

    /// Calls `method` with `body`; gives up after `timeout`.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        body: &(impl Serialize + Sync),
        timeout: Duration,
    ) -> Answer<T> {
        let request = self.http.post(format!("{}/{method}", self.base)).timeout(timeout).json(body);
        match outbound::send(request, MAX_RESPONSE).await {
            Ended::NotSent(reason) => Answer::NotSent(reason),
            Ended::Unknown(reason) => Answer::Unknown(reason),
            Ended::Answered { status, .. } if status.is_server_error() => {
                Answer::Unknown(format!("HTTP {status}"))
            }
            Ended::Answered { status, body, .. } => read(&body).unwrap_or_else(|| {
                Answer::Unknown(format!("HTTP {status} without a reply of the Bot API"))
            }),
        }
    }
}

/// `None` where it is no reply of the Bot API.
fn read<T: DeserializeOwned>(body: &[u8]) -> Option<Answer<T>> {
    let outer: Envelope<serde_json::Value> = serde_json::from_slice(body).ok()?;
    if !outer.ok && (500..600).contains(&outer.error_code) {
        return Some(Answer::Unknown(format!("error {}", outer.error_code)));
    }
    if !outer.ok {
        return Some(Answer::Refused(Refusal {
            code: outer.error_code,
            description: outer.description,
            retry_after: outer.parameters.retry_after,
            migrate_to: outer.parameters.migrate_to_chat_id,
        }));
    }
    let result = serde_json::from_value(outer.result.unwrap_or_default());
    result.ok().map(Answer::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &Answer<Ignored>) {
        assert_eq!(read(body.as_bytes()).as_ref(), Some(expected), "{body}");
    }

    #[test]
    fn a_response_is_read_as_far_as_it_matters() {
        let refused = |code, description: &str, retry_after, migrate_to| {
            let description = description.to_owned();
            Answer::Refused(Refusal { code, description, retry_after, migrate_to })
        };
        check(
            r#"{"ok":true,"result":{"message_id":7,"new_field":[1]},"more":{}}"#,
            &Answer::Done(Ignored),
        );
        check(r#"{"ok":true,"result":true}"#, &Answer::Done(Ignored));
        check(
            r#"{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":5}}"#,
            &refused(429, "Too Many", Some(5), None),
        );
        check(
            r#"{"ok":false,"error_code":400,"description":"up","parameters":{"migrate_to_chat_id":-1001234567890123}}"#,
            &refused(400, "up", None, Some(-1_001_234_567_890_123)),
        );
        check(
            r#"{"ok":false,"error_code":500,"description":"x"}"#,
            &Answer::Unknown("error 500".into()),
        );
        for strange in ["<html>502</html>", "", r#"{"hello":1}"#] {
            assert_eq!(read::<Ignored>(strange.as_bytes()), None, "{strange}");
        }
    }

    #[tokio::test]
    async fn an_error_never_shows_the_token() {
        let client = Client::new("http://127.0.0.1:1", "123:SECRET").expect("a client");
        let answer = client.call::<Ignored>("getMe", &(), Duration::from_secs(5)).await;
        assert!(
            matches!(&answer, Answer::NotSent(reason) if !reason.contains("SECRET")),
            "{answer:?}"
        );
    }
}
