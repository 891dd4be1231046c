//! Campaigns over Telegram: one `sendMessage` for each recipient, and what its answer means.

use std::time::Duration;

use fenghuo_store::Address;
use serde_json::{Value, json};

use super::client::{API_URL, Answer, Client, Refusal};
use super::part::is_gone;
use super::start::TelegramAccount;
use crate::broadcast::{Limit, Outgoing, Rate, Sender, Verdict};

/// A message that Telegram has not taken after this time may have arrived.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Where the Bot API asks for silence without saying how long.
const PAUSE: Duration = Duration::from_secs(5);

// Telegram allows about thirty messages a second over all chats, one a second in a chat, twenty a minute in
// a group: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
const WHOLE: Limit = Limit::per_second(30);
/// What campaigns take of it; the rest is for answers, which other processes may be giving.
const OWN: Limit = Limit::per_second(25);
const CHAT: &[Limit] = &[Limit::per_second(1)];
const GROUP: &[Limit] = &[Limit::per_second(1), Limit::per_minute(20)];

/// Sends campaigns as one bot.
pub(crate) struct TelegramSender(Client);

impl TelegramSender {
    /// A sender for `account`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new(account: &TelegramAccount) -> Result<Self, reqwest::Error> {
        let url = account.api_url.as_deref().unwrap_or(API_URL);
        Client::new(url, &account.token).map(Self)
    }

    /// How fast campaigns go out through `account`.
    pub(crate) fn rate(account: &TelegramAccount) -> Rate {
        match account.rate {
            Some(rate) => Rate::of(Limit::per_second(rate.get())),
            None => Rate { own: Some(OWN), whole: Some(WHOLE) },
        }
    }
}

impl Sender for TelegramSender {
    async fn send(&self, message: &Outgoing) -> Verdict {
        let Ok(chat) = message.to.chat.parse::<i64>() else {
            let reason = "the chat has no number".to_owned();
            return Verdict::Unreachable { reason, gone: true };
        };
        let body = json!({
            "chat_id": chat,
            "text": message.text.html,
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
        });
        let answer = self.0.call::<Value>("sendMessage", &body, TIMEOUT).await;
        verdict(answer, is_group(&message.to))
    }

    fn patience(&self) -> Duration {
        TIMEOUT
    }

    fn chat_limits(&self, to: &Address) -> &'static [Limit] {
        if is_group(to) { GROUP } else { CHAT }
    }
}

/// Groups and channels have negative numbers (<https://core.telegram.org/bots/api#chat>).
fn is_group(to: &Address) -> bool {
    to.chat.starts_with('-')
}

fn verdict(answer: Answer<Value>, group: bool) -> Verdict {
    match answer {
        // Whatever else it says: it has been sent.
        Answer::Done(message) => {
            Verdict::Sent { id: message["message_id"].as_i64().map(|id| id.to_string()) }
        }
        Answer::NotSent(reason) => Verdict::NotSent(reason),
        Answer::Unknown(reason) => Verdict::Unknown(reason),
        Answer::Refused(refusal) => refused(&refusal, group),
    }
}

fn refused(refusal: &Refusal, group: bool) -> Verdict {
    let Refusal { code, description, retry_after, migrate_to } = refusal;
    if let Some(chat) = migrate_to {
        return Verdict::Moved(chat.to_string());
    }
    let reason = format!("{code} {description}");
    match code {
        429 => {
            let wait = retry_after.map_or(PAUSE, Duration::from_secs);
            // A group has a limit of its own; should it be that of the bot, others will say so too.
            if group { Verdict::Busy(wait) } else { Verdict::RetryAfter(wait) }
        }
        401 | 404 => {
            tracing::error!(code, "the Bot API refuses the token; check it");
            Verdict::NotSent(reason)
        }
        403 => Verdict::Unreachable { reason, gone: true },
        _ if is_gone(description) => Verdict::Unreachable { reason, gone: true },
        400 if is_content(description) => Verdict::Rejected(reason),
        _ => Verdict::Unreachable { reason, gone: false },
    }
}

/// What the Bot API says with a 400 of a text that nobody could get.
fn is_content(description: &str) -> bool {
    let said = description.to_ascii_lowercase();
    ["can't parse", "too long", "message text is empty", "text must be non-empty", "entit"]
        .iter()
        .any(|fault| said.contains(fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: i64, description: &str, group: bool) -> Verdict {
        let description = description.to_owned();
        refused(&Refusal { code, description, ..Refusal::default() }, group)
    }

    #[test]
    fn what_was_taken_is_sent_whatever_the_answer_looks_like() {
        let done = |message| verdict(Answer::Done(message), false);
        assert_eq!(done(json!({ "message_id": 7 })), Verdict::Sent { id: Some("7".into()) });
        assert_eq!(done(json!({ "message_id": { "new": 1 } })), Verdict::Sent { id: None });
        assert_eq!(done(json!(true)), Verdict::Sent { id: None });
    }

    #[test]
    fn a_refusal_is_a_fault_of_the_recipient_or_the_text_or_nobody() {
        assert_eq!(said(429, "", false), Verdict::RetryAfter(PAUSE));
        assert_eq!(said(429, "", true), Verdict::Busy(PAUSE));
        for gone in ["Forbidden: bot was blocked by the user", "Forbidden: user is deactivated"] {
            assert!(matches!(said(403, gone, false), Verdict::Unreachable { gone: true, .. }));
        }
        assert!(matches!(
            said(400, "Bad Request: chat not found", false),
            Verdict::Unreachable { gone: true, .. }
        ));
        assert!(matches!(
            said(400, "Bad Request: not enough rights to send text messages to the chat", true),
            Verdict::Unreachable { gone: false, .. }
        ));
        for fault in ["can't parse entities: unclosed tag", "message is too long"] {
            let fault = format!("Bad Request: {fault}");
            assert!(matches!(said(400, &fault, false), Verdict::Rejected(_)), "{fault}");
        }
        assert!(matches!(said(401, "Unauthorized", false), Verdict::NotSent(_)));
        let moved = Refusal { code: 400, migrate_to: Some(-100), ..Refusal::default() };
        assert_eq!(refused(&moved, true), Verdict::Moved("-100".into()));
    }
}
