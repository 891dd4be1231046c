//! A letter as bytes: headers in the order of the standard, text and simple HTML, signed.
//!
//! Everything in it follows from its parameters, the boundary too: the same letter is the same
//! bytes, so a repeat is recognised by whoever gets it twice.

use std::time::{Duration, SystemTime};

use fenghuo_store::LeaveToken;
use jiff::Timestamp;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningKey,
};
use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0, MessageId,
};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};

use super::account::EmailAccount;
use super::verp::leave_address;

/// Signed headers. lettre's default leaves out those of the list, which the large providers demand.
const SIGNED: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Id",
];

/// What goes to one person.
pub(crate) struct Letter {
    /// Her address, as `mailbox` makes it.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// A fragment of simple HTML that says the same.
    pub(crate) html: String,
    /// What is unique of the letter; its Message-ID is made from it.
    pub(crate) name: String,
    /// When it was written.
    pub(crate) date: Timestamp,
    /// Set for what one subscribes to.
    pub(crate) list: Option<List>,
}

/// The list a letter goes out on (RFC 2919, RFC 2369, RFC 8058); one for the whole county.
pub(crate) struct List {
    /// What readers see as its name.
    pub(crate) name: String,
    /// Address that ends the subscription by one POST.
    pub(crate) leave: String,
    /// What ends it by a mail, where mails that come back are read.
    pub(crate) token: LeaveToken,
}

impl EmailAccount {
    /// `letter` as it goes over the line; `None` where its address is none.
    pub(super) fn write(&self, letter: &Letter) -> Option<Vec<u8>> {
        let message_id = format!("<{}@{}>", letter.name, self.domain());
        let to = Mailbox::new(None, letter.to.parse().ok()?);
        let seconds = u64::try_from(letter.date.as_second()).unwrap_or(0);
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(one_line(&letter.subject))
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .header(MessageId::from(message_id))
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        for (name, value) in letter.list.iter().flat_map(|list| self.list_headers(list)) {
            builder = builder.raw_header(header(name, value));
        }
        let (kind, body) = body(letter)?;
        let mut message = builder.header(MIME_VERSION_1_0).header(kind).body(body).ok()?;
        if let Some(signature) = &self.signature {
            message.sign(signature);
        }
        Some(message.formatted())
    }

    fn list_headers(&self, list: &List) -> [(&'static str, String); 3] {
        let id = format!("{} <notices.{}>", one_line(&list.name), self.domain());
        [
            ("List-Id", id),
            ("List-Unsubscribe", self.ways_to_leave(list)),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ]
    }
}

impl EmailAccount {
    /// The page that takes one POST, and the address whose mail somebody reads.
    fn ways_to_leave(&self, list: &List) -> String {
        let read = self.bounce_maildir.is_some();
        match self.bounce_domain.as_deref().filter(|_| read) {
            Some(domain) => {
                format!("<{}>, <mailto:{}>", list.leave, leave_address(&list.token, domain))
            }
            None => format!("<{}>", list.leave),
        }
    }
}

/// What signs with `key`, relaxed in headers and body: relays fold lines anew.
pub(super) fn signature(selector: &str, domain: &str, key: DkimSigningKey) -> DkimConfig {
    let relaxed = DkimCanonicalization {
        header: DkimCanonicalizationType::Relaxed,
        body: DkimCanonicalizationType::Relaxed,
    };
    let headers = SIGNED.map(HeaderName::new_from_ascii_str).to_vec();
    DkimConfig::new(selector.to_owned(), domain.to_owned(), key, headers, relaxed)
}

/// The parts as one body with its type. lettre would put the type of a multipart behind the headers it
/// signs, so that no signature over it ever verified.
fn body(letter: &Letter) -> Option<(ContentType, Body)> {
    let parts = parts(letter);
    let kind = parts.headers().get::<ContentType>()?;
    let formatted = parts.formatted();
    let end = formatted.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let bytes = formatted.get(end..)?.to_vec();
    Some((kind, Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::SevenBit)))
}

/// Never 8-bit: lettre codes what is not ASCII as quoted-printable or base64, so every relay takes it.
fn parts(letter: &Letter) -> MultiPart {
    let html = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body>{}</body></html>",
        escaped(&one_line(&letter.subject)),
        letter.html
    );
    // `_` and `=` side by side stand in no line of base64 or quoted-printable.
    MultiPart::alternative()
        .boundary(format!("=_{}", letter.name))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(html))
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// A header is one line whatever it is made from.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `text` as simple HTML: paragraphs at empty lines, addresses as links.
pub(crate) fn simple_html(text: &str) -> String {
    let word = |word: &str| match word.starts_with("https://") || word.starts_with("http://") {
        true => format!("<a href=\"{0}\">{0}</a>", escaped(word)),
        false => escaped(word),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let paragraph = |text: &str| text.lines().map(line).collect::<Vec<_>>().join("<br>\n");
    text.split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .map(|part| format!("<p>{}</p>\n", paragraph(part.trim())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::EmailSettings;

    fn account(key: Option<&str>) -> EmailAccount {
        EmailAccount::parse(&EmailSettings {
            smtp: "smtp://127.0.0.1:25".to_owned(),
            from: "示范县消防 <notice@fire.example>".to_owned(),
            dkim_key: key.map(str::to_owned),
            dkim_selector: key.map(|_| "s2026".to_owned()),
            ..EmailSettings::default()
        })
        .expect("well-formed")
    }

    fn letter() -> Letter {
        Letter {
            to: "ma@qq.com".to_owned(),
            subject: "清明上坟防火\r\nBcc: other@qq.com".to_owned(),
            text: "不带火种上山。\n.\n着火了打119。".to_owned(),
            html: "<p>不带火种上山。</p>".to_owned(),
            name: "c12.abc".to_owned(),
            date: "2027-04-05T08:00:00+08:00".parse().expect("an instant"),
            list: Some(List {
                name: "示范县消防知识".to_owned(),
                leave: "https://fire.example/u/0123".to_owned(),
                token: LeaveToken::from_bits(9),
            }),
        }
    }

    #[test]
    fn where_mails_are_read_one_may_leave_by_mail() {
        let account = EmailAccount {
            bounce_domain: Some("bounce.fire.example".to_owned()),
            bounce_maildir: Some("/var/mail/fenghuo".into()),
            ..account(None)
        };
        let text = String::from_utf8(account.write(&letter()).expect("a letter")).expect("text");
        let unfolded = text.replace("\r\n ", " ");
        let token = LeaveToken::from_bits(9);
        let expected = format!(
            "List-Unsubscribe: <https://fire.example/u/0123>, <mailto:u+{}@bounce.fire.example>",
            token.as_str()
        );
        assert!(unfolded.lines().any(|line| line == expected), "{text}");
        let unread = EmailAccount { bounce_maildir: None, ..account };
        let text = String::from_utf8(unread.write(&letter()).expect("a letter")).expect("text");
        assert!(!text.contains("mailto:"), "{text}");
    }

    fn written(key: Option<&str>) -> String {
        String::from_utf8(account(key).write(&letter()).expect("a letter")).expect("text")
    }

    #[test]
    fn a_letter_is_seven_bit_with_the_headers_of_a_list() {
        let text = written(None);
        assert!(text.is_ascii());
        for line in [
            "To: ma@qq.com",
            "Date: Mon, 05 Apr 2027 00:00:00 +0000",
            "Message-ID: <c12.abc@fire.example>",
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe: <https://fire.example/u/0123>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(text.contains("<notices.fire.example>"));
        assert!(!text.contains("\r\nBcc"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 998));
    }

    #[test]
    fn the_same_letter_is_the_same_bytes() {
        assert_eq!(written(None), written(None));
    }

    #[test]
    fn the_signature_covers_the_headers_of_the_list() {
        for key in
            [include_str!("../../tests/mail/rsa.pem"), include_str!("../../tests/mail/ed25519.pem")]
        {
            let text = written(Some(key));
            let signature = text.split("DKIM-Signature:").nth(1).expect("a signature");
            assert!(signature.contains("c=relaxed/relaxed"));
            assert!(signature.contains("list-unsubscribe:list-unsubscribe-post:list-id"));
        }
    }

    #[test]
    fn text_becomes_paragraphs_and_links() {
        let html = simple_html("第一段\n接着 <b>\n\nhttps://fire.example/u/1?a=1&b=2");
        assert_eq!(
            html,
            "<p>第一段<br>\n接着 &lt;b&gt;</p>\n\
             <p><a href=\"https://fire.example/u/1?a=1&amp;b=2\">https://fire.example/u/1?a=1&amp;b=2</a></p>\n"
        );
    }
}
