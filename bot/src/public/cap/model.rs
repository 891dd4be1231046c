//! A CAP 1.2 alert as the standard names its parts.

use jiff::{Timestamp, tz};

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Number of the message with its sender.
    pub identifier: String,
    /// Who sends it.
    pub sender: String,
    /// When it was sent.
    pub sent: Moment,
    /// Whether it is meant.
    pub status: Status,
    /// What it does.
    pub msg_type: MsgType,
    /// Operator or device it came from.
    pub source: Option<String>,
    /// Who may see it.
    pub scope: Scope,
    /// Rule for a restricted one.
    pub restriction: Option<String>,
    /// Receivers of a private one.
    pub addresses: Option<String>,
    /// Codes for special handling.
    pub codes: Vec<String>,
    /// Remark for the receiving systems.
    pub note: Option<String>,
    /// Earlier messages it follows.
    pub references: Vec<Reference>,
    /// Incidents it belongs to.
    pub incidents: Option<String>,
    /// What it says, once a language or part.
    pub infos: Vec<Info>,
    /// Whether a signature is in it; it is not verified and not written again.
    pub signed: bool,
}

/// What an alert says in one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Info {
    /// Language tag.
    pub language: Option<String>,
    /// `Met`, `Fire`, …
    pub categories: Vec<String>,
    /// Type of the event.
    pub event: String,
    /// What is recommended, in one word.
    pub response_types: Vec<String>,
    /// How soon to act.
    pub urgency: String,
    /// How bad.
    pub severity: String,
    /// How sure.
    pub certainty: String,
    /// Whom it is for.
    pub audience: Option<String>,
    /// Codes of the event.
    pub event_codes: Vec<Pair>,
    /// From when the information holds.
    pub effective: Option<Moment>,
    /// When it begins.
    pub onset: Option<Moment>,
    /// When the information ends.
    pub expires: Option<Moment>,
    /// Name of the issuer for readers.
    pub sender_name: Option<String>,
    /// Title.
    pub headline: Option<String>,
    /// What happens.
    pub description: Option<String>,
    /// What to do.
    pub instruction: Option<String>,
    /// Page with more.
    pub web: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Further values.
    pub parameters: Vec<Pair>,
    /// Pictures, sounds.
    pub resources: Vec<Resource>,
    /// Where.
    pub areas: Vec<Area>,
}

/// A name with its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// `valueName`
    pub name: String,
    /// `value`
    pub value: String,
}

/// A file that belongs to an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// What it is.
    pub description: String,
    /// MIME type.
    pub mime: String,
    /// Bytes.
    pub size: Option<String>,
    /// Where it is.
    pub uri: Option<String>,
    /// Itself, in base64.
    pub deref: Option<String>,
    /// SHA-1.
    pub digest: Option<String>,
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Area {
    /// Its name.
    pub description: String,
    /// Outlines as written: `lat,lon lat,lon …`, closed.
    pub polygons: Vec<String>,
    /// Circles as written: `lat,lon km`.
    pub circles: Vec<String>,
    /// Codes of the place.
    pub geocodes: Vec<Pair>,
    /// Feet above the sea.
    pub altitude: Option<String>,
    /// Feet above the sea, the upper end.
    pub ceiling: Option<String>,
}

/// An earlier message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its sender.
    pub sender: String,
    /// Its number.
    pub identifier: String,
    /// When it was sent, as written.
    pub sent: Moment,
}

/// An instant with the text it was written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// `2026-11-09T08:00:00+08:00`
    pub text: String,
    /// The instant.
    pub at: Timestamp,
}

impl Moment {
    /// `at` to the second in Beijing time, as CAP wants it: no `Z`, no fraction.
    pub fn beijing(at: Timestamp) -> Self {
        let text = tz::offset(8).to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        Self { text: format!("{text}+08:00"), at }
    }

    /// Reads the one form CAP 1.2 allows.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = b"dddd-dd-ddTdd:dd:dd+dd:dd";
        let fits = text.len() == shape.len()
            && text.bytes().zip(shape).all(|(byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                b'+' => byte == b'+' || byte == b'-',
                other => byte == *other,
            });
        if !fits {
            return None;
        }
        // `-00:00` is UTC, which only says that the sender's own zone is not told.
        let readable = text.strip_suffix("-00:00").map(|local| format!("{local}+00:00"));
        let at = readable.as_deref().unwrap_or(text).parse().ok()?;
        Some(Self { text: text.to_owned(), at })
    }
}

/// An enumeration whose words are those of the standard.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $word:ident,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $word,)+ }

        impl $name {
            /// The word of the standard.
            pub fn word(self) -> &'static str {
                match self { $(Self::$word => stringify!($word),)+ }
            }

            /// What `word` names.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $(stringify!($word) => Some(Self::$word),)+ _ => None }
            }
        }
    };
}

words! {
    /// Whether a message is meant.
    Status {
        /// It is.
        Actual,
        /// A drill.
        Exercise,
        /// Between systems.
        System,
        /// Of a channel.
        Test,
        /// Not for action.
        Draft,
    }
}

words! {
    /// What a message does.
    MsgType {
        /// Says something for the first time.
        Alert,
        /// Takes the place of earlier ones.
        Update,
        /// Ends earlier ones.
        Cancel,
        /// Confirms receipt.
        Ack,
        /// Refuses one.
        Error,
    }
}

words! {
    /// Who may see a message.
    Scope {
        /// Everybody.
        Public,
        /// Those a rule names.
        Restricted,
        /// Those named.
        Private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_of_the_standard_is_a_moment() {
        for (text, expected) in [
            ("2026-11-09T08:00:00+08:00", Some("2026-11-09T00:00:00Z")),
            ("2011-09-02T11:36:50-00:00", Some("2011-09-02T11:36:50Z")),
            ("2003-06-17T14:57:00-07:00", Some("2003-06-17T21:57:00Z")),
            ("2026-11-09T08:00:00Z", None),
            ("2026-11-09T08:00:00.5+08:00", None),
            ("2026-11-09 08:00:00+08:00", None),
            ("2026-13-09T08:00:00+08:00", None),
            ("2026-02-30T08:00:00+08:00", None),
            ("", None),
        ] {
            let found = Moment::parse(text).map(|moment| moment.at.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn ours_are_in_beijing_time_without_fractions() {
        let at = "2026-11-09T00:00:00.75Z".parse().expect("an instant");
        let moment = Moment::beijing(at);
        assert_eq!(moment.text, "2026-11-09T08:00:00+08:00");
        assert_eq!(Moment::parse(&moment.text), Some(moment));
    }
}
