//! The platform's API: a token of two hours, fetched when needed, replaced when it is refused.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::account::WeChatBroadcast;
use super::answer::Answer;
use crate::Clock;
use crate::outbound::{self, Ended, Reach};

const API_URL: &str = "https://api.weixin.qq.com";
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_ANSWER: usize = 64 * 1024;
/// A token is replaced this long before it ends.
const EARLY: i64 = 300;

/// How a call ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Called {
    /// The platform has answered.
    Answered(Answer),
    /// It never left, or not with a token that was good.
    NotSent(String),
    /// It may have arrived.
    Unknown(String),
}

/// The API as one account sees it.
pub(super) struct Api {
    http: reqwest::Client,
    base: String,
    app_id: String,
    app_secret: String,
    clock: Clock,
    token: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    text: String,
    until: Timestamp,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    expires_in: i64,
}

impl Api {
    /// The API for `account`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(super) fn new(account: &WeChatBroadcast, clock: Clock) -> Result<Self, reqwest::Error> {
        let base = account.api_url.as_deref().unwrap_or(API_URL).trim_end_matches('/');
        Ok(Self {
            http: outbound::client(Reach::Anywhere)?,
            base: base.to_owned(),
            app_id: account.app_id.clone(),
            app_secret: account.app_secret.clone(),
            clock,
            token: Mutex::new(None),
        })
    }

    /// Posts `body` to `path`; once more with a new token where the platform refuses the old one.
    pub(super) async fn call(&self, path: &str, body: &Value) -> Called {
        let mut refused = None;
        loop {
            let token = match self.token(refused.as_deref()).await {
                Ok(token) => token,
                Err(reason) => return Called::NotSent(reason),
            };
            let called = self.post(path, &token, body).await;
            match called {
                Called::Answered(answer) if answer.wants_token() && refused.is_none() => {
                    refused = Some(token);
                }
                called => return called,
            }
        }
    }

    async fn post(&self, path: &str, token: &str, body: &Value) -> Called {
        let request = self.http.post(format!("{}{path}", self.base)).timeout(TIMEOUT);
        let request = request.query(&[("access_token", token)]).json(body);
        match outbound::send(request, MAX_ANSWER).await {
            Ended::NotSent(reason) => Called::NotSent(reason),
            Ended::Unknown(reason) => Called::Unknown(reason),
            Ended::Answered { status, body, .. } => match serde_json::from_slice(&body) {
                Ok(answer) if status.is_success() => Called::Answered(answer),
                _ => Called::Unknown(format!("HTTP {status} without an answer of the platform")),
            },
        }
    }

    /// A good token, as far as we know; not `refused`.
    async fn token(&self, refused: Option<&str>) -> Result<String, String> {
        // One asks, the others wait for what it gets.
        let mut kept = self.token.lock().await;
        let now = self.clock.now();
        if let Some(token) = kept.as_ref()
            && token.until > now
            && refused != Some(token.text.as_str())
        {
            return Ok(token.text.clone());
        }
        let Issued { access_token, expires_in } = self.issue(refused.is_some()).await?;
        let seconds = jiff::SignedDuration::from_secs((expires_in - EARLY).clamp(0, 7200));
        let until = now.saturating_add(seconds).unwrap_or(now);
        *kept = Some(Token { text: access_token.clone(), until });
        Ok(access_token)
    }

    /// Processes that ask for the stable token get the same one, unless it is forced to change.
    async fn issue(&self, force: bool) -> Result<Issued, String> {
        let request = self.http.post(format!("{}/cgi-bin/stable_token", self.base));
        let request = request.timeout(TIMEOUT).json(&json!({
            "grant_type": "client_credential", "appid": self.app_id, "secret": self.app_secret,
            "force_refresh": force,
        }));
        match outbound::send(request, MAX_ANSWER).await {
            Ended::NotSent(reason) | Ended::Unknown(reason) => Err(format!("no token: {reason}")),
            Ended::Answered { body, .. } => serde_json::from_slice(&body).map_err(|_| {
                let answer: Answer = serde_json::from_slice(&body).unwrap_or_default();
                format!("no token: {} {}", answer.errcode, answer.errmsg)
            }),
        }
    }
}
