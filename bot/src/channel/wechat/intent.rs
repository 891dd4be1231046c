//! What a post means to the conversation.

use super::phrase;
use super::post::{Kind, is_revoked};
use crate::channel::phrase::Unreadable;
use crate::conversation::{Message, deep_link};

/// What a post means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// She said or chose something.
    Said(Message),
    /// She follows us now, perhaps through a QR code that asks for something.
    Joined(Message),
    /// Something without words; this is what we say to it.
    Unread(&'static str),
    /// She follows us no more, or wants her data gone.
    Gone,
    /// Nothing that wants an answer.
    Nothing,
}

/// Before the scene of a QR code, where it made her follow us.
const SCENE: &str = "qrscene_";

/// What menu entries may ask for; each is a command of the conversation.
const COMMANDS: [&str; 12] = [
    "help",
    "guide",
    "check",
    "quiz",
    "lesson",
    "case",
    "notice",
    "subscribe",
    "stop",
    "quiet",
    "verify",
    "forget",
];

/// What `kind` means.
pub(super) fn intent(kind: &Kind) -> Intent {
    match kind {
        Kind::Text(text) => Intent::Said(Message::Text(text.clone())),
        Kind::Voice(heard) if heard.trim().is_empty() => Intent::Unread(Unreadable::Voice.reply()),
        Kind::Voice(heard) => Intent::Said(Message::Text(heard.clone())),
        Kind::Picture => Intent::Unread(Unreadable::Picture.reply()),
        Kind::Video => Intent::Unread(Unreadable::Video.reply()),
        Kind::Place => Intent::Unread(Unreadable::Place.reply()),
        Kind::Link => Intent::Unread(phrase::LINK),
        Kind::Other => Intent::Unread(Unreadable::Other.reply()),
        Kind::Event { name, key } => event(name, key),
    }
}

fn event(name: &str, key: &str) -> Intent {
    match name {
        "subscribe" => Intent::Joined(deep_link(key.strip_prefix(SCENE).unwrap_or_default())),
        "scan" => Intent::Said(deep_link(key)),
        "click" => Intent::Said(clicked(key)),
        "unsubscribe" => Intent::Gone,
        _ if is_revoked(name) => Intent::Gone,
        _ => Intent::Nothing,
    }
}

/// A menu entry: a command, or what a QR code may ask for as well. Anything else opens the menu.
fn clicked(key: &str) -> Message {
    let key = key.trim();
    match COMMANDS.contains(&key) {
        true => Message::Text(format!("/{key}")),
        false => deep_link(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(name: &str, key: &str) -> Intent {
        intent(&Kind::Event { name: name.into(), key: key.into() })
    }

    fn text(text: &str) -> Message {
        Message::Text(text.into())
    }

    #[test]
    fn a_scanned_code_opens_what_it_stands_for() {
        let town = Message::Choice("s:t:chengguan".into());
        assert_eq!(done("scan", "t-chengguan"), Intent::Said(town.clone()));
        assert_eq!(done("subscribe", "qrscene_t-chengguan"), Intent::Joined(town));
        for key in ["", "qrscene_123", "last_trade_no_4008072001", "t-chengguan"] {
            assert_eq!(done("subscribe", key), Intent::Joined(text("/start")), "{key}");
        }
    }

    #[test]
    fn menu_entries_are_commands_and_nothing_else() {
        assert_eq!(done("click", "quiz"), Intent::Said(text("/quiz")));
        assert_eq!(done("click", "subscribe"), Intent::Said(text("/subscribe")));
        assert_eq!(done("click", "v-A1B2C3"), Intent::Said(text("/verify A1B2C3")));
        assert_eq!(done("click", "rm -rf"), Intent::Said(text("/start")));
    }

    #[test]
    fn speech_counts_as_words_where_it_was_understood() {
        let heard = |words: &str| intent(&Kind::Voice(words.into()));
        assert_eq!(heard("我家着火了。"), Intent::Said(text("我家着火了。")));
        assert_eq!(heard(" "), Intent::Unread(Unreadable::Voice.reply()));
    }

    #[test]
    fn leaving_and_events_of_the_platform_are_told_apart() {
        for name in ["unsubscribe", "user_authorization_revoke", "user_authorization_cancellation"]
        {
            assert_eq!(done(name, ""), Intent::Gone, "{name}");
        }
        for name in ["view", "location", "templatesendjobfinish", "masssendjobfinish", ""] {
            assert_eq!(done(name, "x"), Intent::Nothing, "{name}");
        }
    }
}
