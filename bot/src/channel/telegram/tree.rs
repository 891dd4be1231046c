//! What an update means to the bot: the handler tree, on one screen. It asks nobody and sends nothing.

#![expect(clippy::needless_pass_by_value, reason = "dptree hands dependencies over by value")]

use teloxide::dispatching::{DpHandlerDescription, HandlerExt, UpdateFilterExt};
use teloxide::dptree::{self, Handler};
use teloxide::types::{
    CallbackQuery, ChatMemberUpdated, Me, MediaKind, Message, MessageKind, Update,
};

use super::command::Command;
use crate::channel::phrase::Unreadable;
use crate::conversation;

/// What an update means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// Said or tapped, to us.
    Said(conversation::Message),
    /// Said where we are only present, or said before and edited: answered where it is danger.
    Overheard(String),
    /// To us, but nothing we can read.
    Unread(Unreadable),
    /// We were taken into a group.
    Joined,
    /// She can be reached again.
    Reachable,
    /// She blocked us, or the group removed us.
    Gone,
    /// The group has another id now.
    Moved(i64),
    /// Not for us.
    Nothing,
}

/// The tree; `Update` and `Me` must be given to it.
pub(super) fn tree() -> Handler<'static, Intent, DpHandlerDescription> {
    let messages = Update::filter_message()
        .branch(dptree::filter_map(migration).endpoint(moved))
        .branch(dptree::filter(is_service).endpoint(nothing))
        .branch(dptree::entry().filter_command::<Command>().endpoint(commanded))
        .branch(
            dptree::filter(is_for_us)
                .branch(dptree::filter_map(words).endpoint(said))
                .endpoint(unread),
        )
        .branch(dptree::filter_map(words).endpoint(overheard));
    dptree::entry()
        .branch(messages)
        .branch(Update::filter_callback_query().endpoint(tapped))
        .branch(Update::filter_my_chat_member().endpoint(membership))
        .branch(Update::filter_edited_message().filter_map(words).endpoint(overheard))
}

/// The new id of a group that became a supergroup.
fn migration(message: Message) -> Option<i64> {
    message.migrate_to_chat_id().map(|chat| chat.0)
}

/// Joins, pins, new titles: nobody said anything.
fn is_service(message: Message) -> bool {
    !matches!(message.kind, MessageKind::Common(_) | MessageKind::Dice(_))
}

/// In her own chat everything is for us; in a group what names us or replies to us.
fn is_for_us(message: Message, me: Me) -> bool {
    let replied = message.reply_to_message().and_then(|said| said.from.as_ref());
    message.chat.is_private()
        || replied.is_some_and(|author| author.id == me.user.id)
        || without_mention(text_of(&message).unwrap_or_default(), me.username()).is_some()
}

/// What was said, without our name in it.
fn words(message: Message, me: Me) -> Option<String> {
    let text = text_of(&message)?;
    Some(without_mention(text, me.username()).unwrap_or_else(|| text.to_owned()))
}

fn text_of(message: &Message) -> Option<&str> {
    message.text().or_else(|| message.caption())
}

/// `text` without `@name`; `None` where it does not stand there as a whole word.
fn without_mention(text: &str, name: &str) -> Option<String> {
    let mention = format!("@{}", name.to_ascii_lowercase());
    let lower = text.to_ascii_lowercase();
    let ends = |at: &usize| {
        let after = lower[at + mention.len()..].bytes().next();
        !after.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let at = lower.match_indices(&mention).map(|(at, _)| at).find(ends)?;
    Some(format!("{} {}", &text[..at], &text[at + mention.len()..]).trim().to_owned())
}

async fn moved(to: i64) -> Intent {
    Intent::Moved(to)
}

async fn nothing() -> Intent {
    Intent::Nothing
}

async fn commanded(command: Command) -> Intent {
    Intent::Said(command.message())
}

async fn said(text: String) -> Intent {
    Intent::Said(conversation::Message::Text(text))
}

async fn overheard(text: String) -> Intent {
    Intent::Overheard(text)
}

async fn tapped(query: CallbackQuery) -> Intent {
    // Buttons of games carry no data; ours always do.
    query.data.map_or(Intent::Nothing, |id| Intent::Said(conversation::Message::Choice(id)))
}

async fn unread(message: Message) -> Intent {
    let MessageKind::Common(common) = &message.kind else {
        return Intent::Unread(Unreadable::Other);
    };
    Intent::Unread(match &common.media_kind {
        MediaKind::Photo(_) | MediaKind::Document(_) => Unreadable::Picture,
        MediaKind::Video(_) | MediaKind::VideoNote(_) | MediaKind::Animation(_) => {
            Unreadable::Video
        }
        MediaKind::Voice(_) | MediaKind::Audio(_) => Unreadable::Voice,
        MediaKind::Location(_) | MediaKind::Venue(_) => Unreadable::Place,
        _ => Unreadable::Other,
    })
}

async fn membership(change: ChatMemberUpdated) -> Intent {
    let (was, is) =
        (change.old_chat_member.kind.is_present(), change.new_chat_member.kind.is_present());
    match (is, was, change.chat.is_private()) {
        (false, ..) => Intent::Gone,
        (true, _, true) => Intent::Reachable,
        (true, false, false) => Intent::Joined,
        (true, true, false) => Intent::Nothing,
    }
}
