//! Warnings of those who may issue them, to be passed on word for word.
//!
//! A relay is what its bytes say and nothing else: its text is read from them whenever it is shown.
//! What we add, our matching actions, is kept apart from it.

mod actions;
mod feed;
mod fetch;
mod link;
mod place;

pub use actions::actions;
pub use feed::{FeedOptions, FeedUrl, Feeds};
pub use place::regions;

use fenghuo_content::published::{Mode, Relayed, Stage};
use jiff::{SignedDuration, Timestamp};

use super::cap::{self, Alert, Fault, Info, MsgType, Scope, Status};

/// How long a warning that names no end is passed on.
const WITHOUT_END: SignedDuration = SignedDuration::from_hours(24);

/// A warning that may be passed on, with the bytes it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Relay {
    /// What the bytes say.
    pub alert: Alert,
    /// The bytes, as they came.
    pub raw: Vec<u8>,
}

/// Reads a warning that may be passed on.
///
/// # Errors
/// It is no CAP 1.2 alert, or one that is not meant for the public.
pub fn read(bytes: &[u8]) -> Result<Relay, Fault> {
    let alert = cap::read(bytes)?;
    let refused = |english, chinese| Err(Fault::Meaning { english, chinese });
    if alert.scope != Scope::Public {
        return refused(
            "only what is for the public is passed on",
            "这条预警不是向公众发布的，不能转发。",
        );
    }
    if matches!(alert.status, Status::System | Status::Draft) {
        return refused(
            "a draft or a message between systems is not passed on",
            "这是草稿或系统之间的消息，不能转发。",
        );
    }
    if matches!(alert.msg_type, MsgType::Ack | MsgType::Error) {
        return refused(
            "a receipt or an error is not passed on",
            "这是回执或错误报告，不是预警，不能转发。",
        );
    }
    if alert.infos.is_empty() && alert.msg_type != MsgType::Cancel {
        return refused(
            "it says nothing: there is no `info`",
            "这条预警没有内容（info），不能转发。",
        );
    }
    Ok(Relay { alert, raw: bytes.to_vec() })
}

impl Relay {
    /// Its parts in Chinese, or in its first language where it has none in Chinese.
    fn infos(&self) -> Vec<&Info> {
        let lang = |info: &Info| info.language.as_deref().unwrap_or("en-US").to_lowercase();
        let chinese: Vec<&Info> =
            self.alert.infos.iter().filter(|info| lang(info).starts_with("zh")).collect();
        if !chinese.is_empty() {
            return chinese;
        }
        let first = self.alert.infos.first().map(lang);
        self.alert.infos.iter().filter(|info| Some(lang(info)) == first).collect()
    }

    /// Name of the issuer for readers.
    pub fn issuer(&self) -> &str {
        let named = self.infos().into_iter().find_map(|info| info.sender_name.as_deref());
        named.unwrap_or(&self.alert.sender).trim()
    }

    /// Its headline, else its event.
    pub fn title(&self) -> String {
        let infos = self.infos();
        let headline = infos.iter().find_map(|info| info.headline.as_deref());
        let title = headline.or(infos.first().map(|info| info.event.as_str()));
        title.unwrap_or(&self.alert.identifier).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Types of its events, once each.
    pub fn events(&self) -> Vec<&str> {
        let mut events: Vec<&str> =
            self.infos().into_iter().map(|info| info.event.trim()).collect();
        events.dedup();
        events
    }

    /// Its text in paragraphs: headline, description, instruction of each part, as written.
    pub fn text(&self) -> Vec<String> {
        let mut text: Vec<String> = Vec::new();
        for info in self.infos() {
            let parts = [&info.headline, &info.description, &info.instruction];
            let lines = parts.into_iter().flatten().flat_map(|part| part.lines());
            let lines = lines.map(str::trim).filter(|line| !line.is_empty());
            for line in lines {
                // Several parts of one alert often have the same headline.
                if text.last().is_none_or(|last| last != line) {
                    text.push(line.to_owned());
                }
            }
        }
        if text.is_empty() {
            text.extend(self.events().into_iter().map(str::to_owned));
        }
        text
    }

    /// Its areas as the issuer names them, once each.
    pub fn areas(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for area in self.infos().into_iter().flat_map(|info| &info.areas) {
            let name = area.description.trim();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// From when it holds.
    pub fn effective(&self) -> Timestamp {
        let times = self.infos().into_iter().filter_map(|info| info.effective.as_ref());
        times.map(|moment| moment.at).min().unwrap_or(self.alert.sent.at)
    }

    /// When it ends: the latest end it names, else a day after it was sent.
    pub fn expires(&self) -> Timestamp {
        let times = self.infos().into_iter().filter_map(|info| info.expires.as_ref());
        let sent = self.alert.sent.at;
        let fallback = || sent.saturating_add(WITHOUT_END).unwrap_or(sent);
        times.map(|moment| moment.at).max().unwrap_or_else(fallback)
    }

    /// What the issuer does with it.
    pub fn stage(&self) -> Stage {
        match self.alert.msg_type {
            MsgType::Update => Stage::Update,
            MsgType::Cancel => Stage::Cancel,
            MsgType::Alert | MsgType::Ack | MsgType::Error => Stage::Alert,
        }
    }

    /// Whether it is meant: a drill of the issuer stays one here.
    pub fn mode(&self) -> Mode {
        match self.alert.status {
            Status::Exercise => Mode::Drill,
            Status::Test => Mode::Test,
            Status::Actual | Status::System | Status::Draft => Mode::Real,
        }
    }

    /// The same for readers, with our actions from the Markdown `actions` beside it.
    pub fn relayed(&self, actions: &str) -> Relayed {
        Relayed {
            issuer: self.issuer().to_owned(),
            number: self.alert.identifier.clone(),
            sent: self.alert.sent.at,
            stage: self.stage(),
            text: self.text(),
            areas: self.areas(),
            actions: Relayed::actions(actions),
        }
    }
}
