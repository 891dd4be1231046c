//! What the platform posts: from whom, to whom, what it is, and the id by which a repeat is known.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::signature::hex;
use super::xml::Fields;

/// Longer names than any openid or account id are not the platform's.
const MAX_NAME: usize = 64;

/// A message or event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Post {
    /// The same for every repeat, another for everything else. Holds no address.
    pub(super) id: String,
    /// Whom it is about: her openid.
    pub(super) chat: String,
    /// What is kept to answer it.
    pub(super) incoming: Incoming,
}

/// What of a post is kept until it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Incoming {
    /// Our own account as the platform names it; the reply comes from there.
    pub(super) to: String,
    /// What was said or done.
    pub(super) kind: Kind,
}

/// What was said or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// Typed.
    Text(String),
    /// Spoken; what the platform understood of it, maybe nothing.
    Voice(String),
    /// A picture.
    Picture,
    /// A film.
    Video,
    /// A place.
    Place,
    /// A page she passed on.
    Link,
    /// A kind nobody knew when this was written.
    Other,
    /// She did something.
    Event {
        /// What, in lower case.
        name: String,
        /// Key of the menu entry, or scene of the QR code.
        key: String,
    },
}

impl Post {
    /// Reads a message; `None` where it has no sender, no kind or neither id nor time.
    pub(super) fn read(fields: &Fields) -> Option<Self> {
        let kind = Kind::read(fields)?;
        let to = named(fields.text("ToUserName"))?;
        // These two come from the platform itself; whom they are about stands in another field.
        let about = match &kind {
            Kind::Event { name, .. } if is_revoked(name) => fields.text("OpenID"),
            _ => fields.text("FromUserName"),
        };
        let chat = named(about)?;
        let id = id(fields, &kind, chat)?;
        let incoming = Incoming { to: to.to_owned(), kind };
        Some(Self { id, chat: chat.to_owned(), incoming })
    }
}

/// She withdrew her consent, or closed her account; the platform demands that her data go.
pub(super) fn is_revoked(event: &str) -> bool {
    matches!(event, "user_authorization_revoke" | "user_authorization_cancellation")
}

impl Kind {
    fn read(fields: &Fields) -> Option<Self> {
        let owned = |name: &str| fields.text(name).to_owned();
        Some(match fields.text("MsgType").trim().to_ascii_lowercase().as_str() {
            "" => return None,
            "text" => Self::Text(owned("Content")),
            "voice" => Self::Voice(owned("Recognition")),
            "image" => Self::Picture,
            "video" | "shortvideo" => Self::Video,
            "location" => Self::Place,
            "link" => Self::Link,
            "event" => Self::Event {
                name: fields.text("Event").trim().to_ascii_lowercase(),
                key: owned("EventKey"),
            },
            _ => Self::Other,
        })
    }
}

/// Names of the platform are letters, digits and a few marks.
fn named(name: &str) -> Option<&str> {
    let name = name.trim();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.@".contains(&b);
    ((1..=MAX_NAME).contains(&name.len()) && name.bytes().all(plain)).then_some(name)
}

/// Messages have a number. Events have none: the platform names them by sender and second; what
/// happened is added, for she may do two things in one second.
fn id(fields: &Fields, kind: &Kind, chat: &str) -> Option<String> {
    let number = fields.text("MsgId").trim();
    match kind {
        Kind::Event { name, key } => {
            let second =
                Some(fields.text("CreateTime").trim()).filter(|second| !second.is_empty())?;
            Some(format!("e-{}", digest(&[chat, second, name, key])))
        }
        _ if number.is_empty() => None,
        _ => Some(format!("m-{}", digest(&[chat, number]))),
    }
}

/// A short hash of `parts`; ids are kept for good, so no openid may be read in them.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::super::xml;
    use super::*;

    fn post(inner: &str) -> Option<Post> {
        let body = format!(
            "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\
             <FromUserName><![CDATA[oAbc-_1]]></FromUserName>\
             <CreateTime>1348831860</CreateTime>{inner}</xml>"
        );
        Post::read(&xml::read(&body).expect("well-formed"))
    }

    fn kind(inner: &str) -> Kind {
        post(&format!("{inner}<MsgId>1</MsgId>")).expect("a message").incoming.kind
    }

    fn event(name: &str, key: &str) -> Option<Post> {
        post(&format!("<MsgType>event</MsgType><Event>{name}</Event><EventKey>{key}</EventKey>"))
    }

    #[test]
    fn every_kind_of_the_documentation_is_known() {
        let typed = |kind: &str, rest: &str| format!("<MsgType>{kind}</MsgType>{rest}");
        for (inner, expected) in [
            (typed("text", "<Content>油锅</Content>"), Kind::Text("油锅".into())),
            (typed("voice", "<Recognition>油锅。</Recognition>"), Kind::Voice("油锅。".into())),
            (typed("voice", "<MediaId>m</MediaId>"), Kind::Voice(String::new())),
            (typed("image", ""), Kind::Picture),
            (typed("video", ""), Kind::Video),
            (typed("shortvideo", ""), Kind::Video),
            (typed("location", "<Label>某村</Label>"), Kind::Place),
            (typed("link", "<Title>t</Title>"), Kind::Link),
            (typed("hologram", ""), Kind::Other),
        ] {
            assert_eq!(kind(&inner), expected, "{inner}");
        }
        let scan = event("SCAN", "t-chengguan").expect("an event");
        assert_eq!(
            scan.incoming.kind,
            Kind::Event { name: "scan".into(), key: "t-chengguan".into() }
        );
    }

    #[test]
    fn a_repeat_has_the_id_of_the_first_and_nothing_else_has() {
        let said = |number: u64| {
            post(&format!("<MsgType>text</MsgType><Content>a</Content><MsgId>{number}</MsgId>"))
        };
        assert_eq!(said(1), said(1));
        assert_ne!(said(1).map(|post| post.id), said(2).map(|post| post.id));
        let id = |name: &str, key: &str| event(name, key).map(|post| post.id);
        assert_eq!(id("CLICK", "quiz"), id("CLICK", "quiz"));
        assert_ne!(id("CLICK", "quiz"), id("CLICK", "case"));
        assert_ne!(id("subscribe", ""), id("SCAN", ""));
        assert!(!id("CLICK", "quiz").expect("an id").contains("oAbc"));
    }

    #[test]
    fn a_withdrawn_consent_is_about_whom_it_names() {
        let post = post(
            "<MsgType>event</MsgType><Event>user_authorization_revoke</Event><OpenID>oHer</OpenID>",
        );
        assert_eq!(post.expect("an event").chat, "oHer");
    }

    #[test]
    fn what_cannot_be_answered_is_no_message() {
        for inner in [
            "",
            "<MsgType>text</MsgType><Content>a</Content>",
            "<MsgType> </MsgType><MsgId>1</MsgId>",
        ] {
            assert_eq!(post(inner), None, "{inner}");
        }
        for (from, to) in [("", "gh_1"), ("oA", ""), ("o A", "gh_1"), ("oA]]>", "gh_1")] {
            let body = format!(
                "<xml>{}{}<MsgType>image</MsgType><MsgId>1</MsgId></xml>",
                xml::cdata("FromUserName", from),
                xml::cdata("ToUserName", to)
            );
            assert_eq!(Post::read(&xml::read(&body).expect("well-formed")), None, "{from} {to}");
        }
    }
}
