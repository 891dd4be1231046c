//! One message of the maildir, read: which letter it is about and what it says of it.

use fenghuo_store::LeaveToken;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};

use super::super::verp::{Token, leave_in, token_in};

/// What a report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    /// Nothing that matters: delayed, delivered, an automatic reply, something else.
    Nothing,
    /// Not delivered this time.
    Soft,
    /// The address does not exist, or is closed.
    Hard,
    /// Its owner has marked the letter as unwanted.
    Complaint,
}

/// A report.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) word: Word,
    /// Tokens found in it, the most telling first; a forger may have written any of them.
    pub(super) tokens: Vec<Token>,
    /// It was written to the address that ends this subscription, and by no machine that answers mail.
    pub(super) leaves: Option<LeaveToken>,
}

/// Whose tokens are looked for.
pub(super) struct Domains<'a> {
    /// Bounces come back to it.
    pub(super) bounce: &'a str,
    /// Message-IDs end in it.
    pub(super) sender: &'a str,
}

impl Report {
    /// Reads a message; `None` where it is none.
    pub(super) fn read(bytes: &[u8], domains: &Domains<'_>) -> Option<Self> {
        let message = MessageParser::default().parse(bytes)?;
        // The parser takes anything for a message; one that was delivered has some of these.
        let usual = ["from", "to", "date", "received", "return-path", "delivered-to"];
        let is_usual =
            |(name, _): (&str, &str)| usual.contains(&name.to_ascii_lowercase().as_str());
        if !message.headers_raw().any(is_usual) {
            return None;
        }
        let parts = || message.parts.iter().filter_map(|part| Some((kind(part)?, part)));
        let words = parts().map(|(kind, part)| match kind.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => status(&text(part)),
            "message/feedback-report" => complaint(&text(part)),
            _ => Word::Nothing,
        });
        let word = words.max().unwrap_or(Word::Nothing);
        let mut tokens = envelope_tokens(&message, domains);
        for (kind, part) in parts() {
            match kind.as_str() {
                "message/feedback-report" => {
                    let from = fields(&text(part)).find(|(name, _)| name == "original-mail-from");
                    tokens.extend(from.and_then(|(_, value)| token_in(&value, domains.bounce)));
                }
                "message/rfc822" | "message/global" | "text/rfc822-headers" => {
                    tokens.extend(enclosed_token(part, domains));
                }
                _ => {}
            }
        }
        tokens.dedup();
        let leaves = leaving(&message, domains).filter(|_| word == Word::Nothing);
        Some(Self { word, tokens, leaves })
    }
}

/// `message/delivery-status`
fn kind(part: &MessagePart<'_>) -> Option<String> {
    let kind = part.content_type()?;
    Some(format!("{}/{}", kind.ctype(), kind.subtype()?).to_ascii_lowercase())
}

fn text(part: &MessagePart<'_>) -> String {
    String::from_utf8_lossy(part.contents()).into_owned()
}

/// Headers that say where a message was delivered to.
const ENVELOPE: [&str; 4] = ["delivered-to", "x-original-to", "envelope-to", "to"];

/// Where the message was delivered to; that address is its envelope.
fn envelope_tokens(message: &Message<'_>, domains: &Domains<'_>) -> Vec<Token> {
    message
        .headers_raw()
        .filter(|(name, _)| ENVELOPE.contains(&name.to_ascii_lowercase().as_str()))
        .filter_map(|(_, value)| token_in(value, domains.bounce))
        .collect()
}

/// Whose subscription is to end. A mail program that unsubscribes writes a mail of its own; a notice that she
/// is on holiday, or that a mail could not be delivered, is none (RFC 3834).
fn leaving(message: &Message<'_>, domains: &Domains<'_>) -> Option<LeaveToken> {
    let answers = message.headers_raw().any(|(name, value)| {
        name.eq_ignore_ascii_case("auto-submitted")
            && value.trim().to_ascii_lowercase().starts_with("auto-replied")
    });
    let to = |(name, value): (&str, &str)| {
        ENVELOPE
            .contains(&name.to_ascii_lowercase().as_str())
            .then(|| value.split(',').find_map(|address| leave_in(address, domains.bounce)))?
    };
    message.headers_raw().find_map(to).filter(|_| !answers)
}

/// The token in the Message-ID of the letter that is enclosed, whole or by its headers.
fn enclosed_token(part: &MessagePart<'_>, domains: &Domains<'_>) -> Option<Token> {
    let head = text(part);
    let (_, id) = fields(&head).find(|(name, _)| name == "message-id")?;
    let id = id.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
    Token::parse(id.strip_suffix(domains.sender)?.strip_suffix('@')?)
}

/// The worst that any recipient block of a delivery report says.
fn status(text: &str) -> Word {
    let block = |block: &str| {
        let field =
            |wanted: &str| fields(block).find(|(name, _)| name == wanted).map(|(_, value)| value);
        // `delayed` is followed by the end of it, `relayed` and `expanded` are no news.
        if !field("action").is_some_and(|action| action.eq_ignore_ascii_case("failed")) {
            return Word::Nothing;
        }
        match field("status") {
            Some(status) if is_hard(&status) => Word::Hard,
            _ => Word::Soft,
        }
    };
    text.replace("\r\n", "\n").split("\n\n").map(block).max().unwrap_or(Word::Nothing)
}

/// RFC 3463: 5.1.x is the address, 5.2.1 a closed mailbox. 5.1.7 and 5.1.8 are about our own address.
fn is_hard(status: &str) -> bool {
    let status = status.split_whitespace().next().unwrap_or_default();
    (status.starts_with("5.1.") && !matches!(status, "5.1.7" | "5.1.8")) || status == "5.2.1"
}

fn complaint(text: &str) -> Word {
    let kind = fields(text).find(|(name, _)| name == "feedback-type").map(|(_, value)| value);
    match kind.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("abuse" | "opt-out") => Word::Complaint,
        _ => Word::Nothing,
    }
}

/// Fields `Name: value` with folded lines joined, names in lower case.
fn fields(text: &str) -> impl Iterator<Item = (String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields.into_iter()
}

#[cfg(test)]
mod tests {
    use fenghuo_store::{LeaveToken, SubscriberId};

    use super::*;

    const DOMAINS: Domains<'static> =
        Domains { bounce: "bounce.fire.example", sender: "fire.example" };

    fn token() -> Token {
        Token::new("c12", &SubscriberId::from_bits(7), &LeaveToken::from_bits(9))
    }

    /// A fixture with the token in its place.
    fn read(text: &str) -> Option<Report> {
        Report::read(text.replace("{token}", &token().text()).as_bytes(), &DOMAINS)
    }

    #[test]
    fn a_postfix_bounce_of_a_wrong_address_is_hard() {
        let report = read(include_str!("../../../tests/mail/postfix-5.1.1.eml")).expect("read");
        assert_eq!(report.word, Word::Hard);
        assert_eq!(report.tokens.first(), Some(&token()));
    }

    #[test]
    fn what_a_status_means() {
        let dsn = include_str!("../../../tests/mail/postfix-5.1.1.eml");
        for (action, status, expected) in [
            ("failed", "5.1.1", Word::Hard),
            ("failed", "5.1.10", Word::Hard),
            ("Failed", "5.2.1 (closed)", Word::Hard),
            ("failed", "5.1.8", Word::Soft),
            ("failed", "5.2.2", Word::Soft),
            ("failed", "5.7.1", Word::Soft),
            ("failed", "4.4.1", Word::Soft),
            ("failed", "", Word::Soft),
            ("delayed", "4.4.1", Word::Nothing),
            ("relayed", "2.0.0", Word::Nothing),
        ] {
            let text = dsn
                .replace("Action: failed", &format!("Action: {action}"))
                .replace("Status: 5.1.1", &format!("Status: {status}"));
            assert_eq!(read(&text).expect("read").word, expected, "{action} {status}");
        }
    }

    #[test]
    fn a_complaint_names_the_letter_by_what_it_encloses() {
        let report = read(include_str!("../../../tests/mail/arf-abuse.eml")).expect("read");
        let leaves = None;
        assert_eq!(report, Report { word: Word::Complaint, tokens: vec![token()], leaves });
        let fraud = include_str!("../../../tests/mail/arf-abuse.eml")
            .replace("-Type: abuse", "-Type: fraud");
        assert_eq!(read(&fraud).expect("read").word, Word::Nothing);
    }

    #[test]
    fn a_mail_to_the_address_that_ends_a_subscription_says_whose() {
        let leave = LeaveToken::from_bits(9);
        let mail = |to: &str, more: &str| {
            format!("To: {to}\r\nFrom: a@qq.com\r\n{more}Subject: unsubscribe\r\n\r\n\r\n")
        };
        let address = format!("u+{}@bounce.fire.example", leave.as_str());
        for (text, expected) in [
            (mail(&format!("<{address}>"), ""), Some(leave.clone())),
            (mail(&address.to_ascii_uppercase(), "Auto-Submitted: no\r\n"), Some(leave.clone())),
            (
                mail("list@fire.example", &format!("Delivered-To: {address}\r\n")),
                Some(leave.clone()),
            ),
            (mail(&address, "Auto-Submitted: auto-replied (vacation)\r\n"), None),
            (mail(&address.replace("bounce", "other"), ""), None),
            (mail(&address.replace("u+", "b+"), ""), None),
        ] {
            assert_eq!(read(&text).expect("read").leaves, expected, "{text}");
        }
        // A mail to it that came back is a report, whoever enclosed what.
        let dsn = include_str!("../../../tests/mail/postfix-5.1.1.eml");
        let dsn = format!("Delivered-To: {address}\r\n{dsn}");
        assert_eq!(read(&dsn).expect("read").leaves, None);
    }

    #[test]
    fn other_mail_says_nothing_and_rubbish_is_no_mail() {
        let reply = "Delivered-To: b+{token}@bounce.fire.example\r\nFrom: a@qq.com\r\nSubject: x\r\nAuto-Submitted: auto-replied\r\n\r\nStatus: 5.1.1\r\n";
        let report = read(reply).expect("read");
        assert_eq!((report.word, report.tokens.len()), (Word::Nothing, 1));
        for rubbish in ["", "\u{0}\u{1}\u{2}", "没有头"] {
            assert_eq!(read(rubbish), None, "{rubbish:?}");
        }
    }
}
