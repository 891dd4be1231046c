//! One request of a reply as it lies in the store, and what the Bot API said to it.
//!
//! A part is JSON without the chat it goes to: a group that gets another id gets the same words.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::client::{Answer, Client, Ignored, Refusal};
use super::render;
use crate::channel::worker::Delivery;

/// A message that Telegram has not taken after this time may have arrived.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Where the Bot API asks for silence without saying how long.
const PAUSE: Duration = Duration::from_secs(5);
/// Nothing is sent with a token that was refused; an operator must act.
const REFUSED_PAUSE: Duration = Duration::from_secs(300);

/// A request.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", content = "body")]
pub(super) enum Part {
    /// Takes the waiting mark off a tapped button.
    #[serde(rename = "answerCallbackQuery")]
    AnswerTap(Map<String, Value>),
    /// Says something.
    #[serde(rename = "sendMessage")]
    Say(Map<String, Value>),
}

/// What a reply refers to.
#[derive(Clone, Debug, Default)]
pub(super) struct Thread {
    /// The tap it answers.
    pub(super) tap: Option<String>,
    /// In groups, the message it answers.
    pub(super) message: Option<i64>,
    /// The topic of a forum.
    pub(super) topic: Option<i64>,
}

impl Thread {
    /// The stored parts of `messages`.
    pub(super) fn parts(&self, messages: Vec<render::Part>) -> Vec<String> {
        let tap = self.tap.as_ref().map(|id| {
            let body = json!({ "callback_query_id": id });
            Part::AnswerTap(body.as_object().cloned().unwrap_or_default())
        });
        let said = messages.into_iter().map(|message| Part::Say(self.body(message)));
        let written = |part: Part| serde_json::to_string(&part).expect("a part is JSON");
        tap.into_iter().chain(said).map(written).collect()
    }

    fn body(&self, message: render::Part) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("text".into(), message.text.into());
        body.insert("parse_mode".into(), "HTML".into());
        body.insert("link_preview_options".into(), json!({ "is_disabled": true }));
        if !message.keyboard.is_empty() {
            let keyboard = json!({ "inline_keyboard": message.keyboard });
            body.insert("reply_markup".into(), keyboard);
        }
        if let Some(id) = self.message {
            let reply = json!({ "message_id": id, "allow_sending_without_reply": true });
            body.insert("reply_parameters".into(), reply);
        }
        if let Some(topic) = self.topic {
            body.insert("message_thread_id".into(), topic.into());
        }
        body
    }
}

/// Sends a stored part to `chat`.
pub(super) async fn deliver(client: &Client, chat: &str, part: &str) -> Delivery {
    let refused = |reason: &str| Delivery::Refused { reason: reason.to_owned(), gone: false };
    match (serde_json::from_str(part), chat.parse::<i64>()) {
        (Ok(Part::AnswerTap(body)), _) => {
            // A mark that stays a little longer is no reason to hold back the answer.
            client.call::<Ignored>("answerCallbackQuery", &body, TIMEOUT).await;
            Delivery::Done
        }
        (Ok(Part::Say(mut body)), Ok(chat)) => {
            body.insert("chat_id".into(), chat.into());
            delivery(client.call::<Ignored>("sendMessage", &body, TIMEOUT).await)
        }
        (Err(_), _) => refused("the stored reply cannot be read"),
        (_, Err(_)) => refused("the chat has no number"),
    }
}

fn delivery(answer: Answer<Ignored>) -> Delivery {
    match answer {
        Answer::Done(_) => Delivery::Done,
        Answer::NotSent(_) => Delivery::Later(PAUSE),
        Answer::Unknown(reason) => Delivery::Unknown(reason),
        Answer::Refused(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Delivery {
    if let Some(chat) = refusal.migrate_to {
        return Delivery::Moved(chat.to_string());
    }
    match refusal.code {
        429 => Delivery::Later(refusal.retry_after.map_or(PAUSE, Duration::from_secs)),
        401 | 404 => {
            tracing::error!(code = refusal.code, "the Bot API refuses the token; check it");
            Delivery::Later(REFUSED_PAUSE)
        }
        code => {
            let gone = code == 403 || is_gone(&refusal.description);
            Delivery::Refused { reason: format!("{code} {}", refusal.description), gone }
        }
    }
}

/// What the Bot API says with a 400 of chats that nothing will ever reach again.
pub(super) fn is_gone(description: &str) -> bool {
    let said = description.to_ascii_lowercase();
    [
        "chat not found",
        "user not found",
        "peer_id_invalid",
        "user is deactivated",
        "group chat was deleted",
    ]
    .iter()
    .any(|gone| said.contains(gone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_says_all_but_the_chat() {
        let thread = Thread { tap: Some("77".into()), message: Some(3), topic: None };
        let message = render::Part { text: "关火".into(), keyboard: Vec::new() };
        let parts = thread.parts(vec![message]);
        assert_eq!(
            parts[0],
            r#"{"method":"answerCallbackQuery","body":{"callback_query_id":"77"}}"#
        );
        assert!(parts[1].contains("关火") && !parts[1].contains("chat_id"), "{}", parts[1]);
        assert!(matches!(serde_json::from_str(&parts[1]), Ok(Part::Say(_))));
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let said = |code, description: &str| {
            refused(&Refusal { code, description: description.into(), ..Refusal::default() })
        };
        assert_eq!(said(429, ""), Delivery::Later(PAUSE));
        assert!(matches!(
            said(403, "Forbidden: bot was blocked by the user"),
            Delivery::Refused { gone: true, .. }
        ));
        assert!(matches!(
            said(400, "Bad Request: chat not found"),
            Delivery::Refused { gone: true, .. }
        ));
        assert!(matches!(
            said(400, "Bad Request: can't parse entities"),
            Delivery::Refused { gone: false, .. }
        ));
        assert_eq!(said(401, "Unauthorized"), Delivery::Later(REFUSED_PAUSE));
        let moved = Refusal {
            code: 400,
            migrate_to: Some(-100),
            retry_after: None,
            description: String::new(),
        };
        assert_eq!(refused(&moved), Delivery::Moved("-100".into()));
        let wait = Refusal { code: 429, retry_after: Some(7), ..Refusal::default() };
        assert_eq!(refused(&wait), Delivery::Later(Duration::from_secs(7)));
    }
}
