//! An update as it came in: which chat it belongs to, and what it is.
//!
//! Telegram adds kinds and fields all the time. What is not known is told apart from what cannot be
//! read, and even of that the words are looked at, for they may say that a house is on fire.

use serde_json::{Map, Value, json};
use teloxide::types::{Update, UpdateKind};

/// Kinds the bot asks for; `my_chat_member` is how a block is learnt before something is sent.
pub(super) const ALLOWED: [&str; 4] =
    ["message", "edited_message", "callback_query", "my_chat_member"];

/// What an update is to us.
#[derive(Debug)]
pub(super) enum Reading {
    /// One of the kinds we know.
    Known(Box<Update>),
    /// A kind we did not ask for.
    Foreign,
    /// A kind we know in a shape we cannot read.
    Broken(Words),
}

/// What can be read of any message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// Its text or caption.
    pub(super) text: String,
    /// Its number in the chat.
    pub(super) message: Option<i64>,
}

/// The number of an update, where it has one.
pub(super) fn number(update: &Value) -> Option<i64> {
    update.get("update_id")?.as_i64()
}

/// The chat an update belongs to; where there is none, the person.
pub(super) fn chat(update: &Value) -> Option<String> {
    let (_, inner) = kind(update.as_object()?)?;
    let id = |path: &str| inner.pointer(path).and_then(Value::as_i64);
    ["/chat/id", "/message/chat/id", "/from/id", "/user/id", "/user_chat_id"]
        .into_iter()
        .find_map(id)
        .map(|id| id.to_string())
}

/// Reads an update.
pub(super) fn read(update: &Value) -> Reading {
    let Some((name, inner)) = update.as_object().and_then(kind) else {
        return Reading::Foreign;
    };
    if !ALLOWED.contains(&name) {
        return Reading::Foreign;
    }
    // teloxide takes the first key for the kind: what newer versions put beside it must go.
    let alone = json!({ "update_id": number(update).unwrap_or(0), name: inner });
    // From text, not from a value: its key must be a borrowed one.
    match serde_json::from_str::<Update>(&alone.to_string()) {
        Ok(update) if !matches!(update.kind, UpdateKind::Error(_)) => {
            Reading::Known(Box::new(update))
        }
        _ => Reading::Broken(words(inner)),
    }
}

/// The kind of an update and what it carries: a kind we know before any other object.
fn kind(update: &Map<String, Value>) -> Option<(&str, &Value)> {
    let known = ALLOWED.iter().find_map(|name| update.get(*name).map(|inner| (*name, inner)));
    known.or_else(|| {
        let mut others = update.iter().filter(|(_, inner)| inner.is_object());
        others.next().map(|(name, inner)| (name.as_str(), inner))
    })
}

fn words(message: &Value) -> Words {
    let text = ["text", "caption"].into_iter().find_map(|key| message.get(key)?.as_str());
    Words {
        text: text.unwrap_or_default().to_owned(),
        message: message.get("message_id").and_then(Value::as_i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(text: &str) -> Value {
        json!({ "message_id": 1, "date": 1, "text": text,
            "chat": { "id": 5, "type": "private", "first_name": "马" },
            "from": { "id": 5, "is_bot": false, "first_name": "马" } })
    }

    #[test]
    fn fields_and_kinds_of_a_newer_telegram_do_no_harm() {
        let mut message = private("你好");
        message["invented"] = json!({ "deep": [1, 2] });
        let update = json!({ "aaa_new": { "x": 1 }, "update_id": 9, "message": message });
        assert!(matches!(read(&update), Reading::Known(_)), "{:?}", read(&update));
        assert_eq!(chat(&update).as_deref(), Some("5"));
        let foreign = json!({ "update_id": 9, "telepathy": { "chat": { "id": 6 } } });
        assert!(matches!(read(&foreign), Reading::Foreign));
        assert_eq!(chat(&foreign).as_deref(), Some("6"));
    }

    #[test]
    fn of_a_message_that_cannot_be_read_the_words_are_kept() {
        let mut message = private("我家着火了");
        message["date"] = json!("yesterday");
        let Reading::Broken(words) = read(&json!({ "update_id": 1, "message": message })) else {
            panic!("it was read");
        };
        assert_eq!(words, Words { text: "我家着火了".into(), message: Some(1) });
    }

    #[test]
    fn nonsense_belongs_to_no_chat() {
        for update in [
            json!(null),
            json!([]),
            json!({}),
            json!({ "update_id": 1 }),
            json!({ "update_id": 1, "message": 5 }),
        ] {
            assert_eq!(chat(&update), None, "{update}");
            assert!(!matches!(read(&update), Reading::Known(_)), "{update}");
        }
    }
}
