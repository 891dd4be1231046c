//! What was sent, as plain data: pages, feeds, CAP, signage and speech are made of it.
//!
//! The types keep ours and theirs apart: [`Own`] is advice and has no place for an issuer, a number
//! or a colour; [`Relayed`] holds an authorised warning word for word, with our actions beside it.

use jiff::{Timestamp, tz};

use crate::markdown::{Block, Section, parse, plain_text};
use crate::{Code, DocumentId};

/// A sent message.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Its code.
    pub code: Code,
    /// Title without any mark; see [`Published::title`].
    pub headline: String,
    /// Office that sent it; for a relay the office that passed it on.
    pub sender: String,
    /// When it was sent.
    pub issued: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// Region ids, none of which lies in another; empty for the whole county.
    pub regions: Vec<String>,
    /// Whether it went out at night, too.
    pub urgent: bool,
    /// Whether it is meant, or a drill or a test from its first message on.
    pub mode: Mode,
    /// What it says.
    pub said: Said,
    /// All messages it belongs with, oldest first, itself among them.
    pub chain: Vec<Link>,
}

/// Whether a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is.
    Real,
    /// 演练: marked as one wherever it appears.
    Drill,
    /// 测试: of a channel.
    Test,
}

/// What a message says: ours or theirs.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// 安全提示 and what follows from one; a drill and a test are our own words as well.
    Own(Own),
    /// 转发预警.
    Relay(Relayed),
}

/// Our own words.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// What part the message plays.
    pub part: Part,
    /// The short message.
    pub message: Vec<Block>,
    /// What follows it before the first section.
    pub intro: Vec<Block>,
    /// 广播稿, if it was written.
    pub script: Option<Section>,
    /// Further sections.
    pub sections: Vec<Section>,
    /// Notice of the library it came from.
    pub document: Option<DocumentId>,
}

/// What part a message of ours plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It says something for the first time.
    First,
    /// It takes the place of an earlier one.
    Correction,
    /// It takes an earlier one back.
    Withdrawal,
}

/// An authorised warning, word for word.
#[derive(Clone, Debug, PartialEq)]
pub struct Relayed {
    /// Who issued it.
    pub issuer: String,
    /// Its number with the issuer.
    pub number: String,
    /// When the issuer sent it.
    pub sent: Timestamp,
    /// What the issuer does with it.
    pub stage: Stage,
    /// Its text in paragraphs.
    pub text: Vec<String>,
    /// Areas as the issuer names them.
    pub areas: Vec<String>,
    /// What we add: at most three actions of the library. Not part of the warning.
    pub actions: Vec<Block>,
}

/// What the issuer of a warning does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Issues it.
    Alert,
    /// Changes it.
    Update,
    /// Ends it.
    Cancel,
}

/// A message of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its code.
    pub code: Code,
    /// What it is.
    pub kind: PublishedKind,
    /// What it does to the one it refers to.
    pub effect: Effect,
    /// The code it refers to.
    pub refers: Option<Code>,
    /// Its title with its mark.
    pub title: String,
    /// When it was sent.
    pub issued: Timestamp,
}

/// What a message does to the one it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It refers to none.
    Begins,
    /// It takes its place.
    Replaces,
    /// It ends it.
    Ends,
}

/// What a message is, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PublishedKind {
    /// 安全提示
    Notice,
    /// 转发预警
    Relay,
    /// 演练
    Drill,
    /// 测试
    Test,
    /// 更正
    Correction,
    /// 撤回
    Withdrawal,
}

/// Where a message stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It holds.
    Current,
    /// Its time is over.
    Expired,
    /// This later message took its place.
    Replaced(Code),
    /// This later message ended it.
    Ended(Code),
}

impl PublishedKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Notice, Self::Relay, Self::Drill, Self::Test, Self::Correction, Self::Withdrawal];

    /// Word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Relay => "relay",
            Self::Drill => "drill",
            Self::Test => "test",
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// Name for readers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "安全提示",
            Self::Relay => "转发预警",
            Self::Drill => "演练",
            Self::Test => "测试",
            Self::Correction => "更正",
            Self::Withdrawal => "撤回",
        }
    }
}

impl Mode {
    /// What must stand before anything else it says.
    pub fn first_line(self) -> Option<&'static str> {
        match self {
            Self::Real => None,
            Self::Drill => Some("【演练】这是演练，不是真的。"),
            Self::Test => Some("【测试】这是测试消息，不用做什么。"),
        }
    }
}

impl Own {
    /// What the Markdown `text` of a campaign says; what has no place in the tree is left out.
    pub fn parse(text: &str, part: Part) -> Self {
        let mut body = parse("", text, 1).body;
        let intro = if body.intro.is_empty() { Vec::new() } else { body.intro.split_off(1) };
        let script = body.sections.iter().position(|section| section.title == "广播稿");
        let script = script.map(|at| body.sections.remove(at));
        let message = body.intro;
        Self { part, message, intro, script, sections: body.sections, document: None }
    }
}

impl Relayed {
    /// Our actions as blocks from the Markdown `text`.
    pub fn actions(text: &str) -> Vec<Block> {
        parse("", text, 1).body.intro
    }
}

impl Published {
    /// What it is, in one word: a drill stays one when it is corrected.
    pub fn kind(&self) -> PublishedKind {
        match (&self.said, self.mode) {
            (Said::Own(Own { part: Part::Correction, .. }), _) => PublishedKind::Correction,
            (Said::Own(Own { part: Part::Withdrawal, .. }), _) => PublishedKind::Withdrawal,
            (Said::Relay(_), _) => PublishedKind::Relay,
            (Said::Own(_), Mode::Real) => PublishedKind::Notice,
            (Said::Own(_), Mode::Drill) => PublishedKind::Drill,
            (Said::Own(_), Mode::Test) => PublishedKind::Test,
        }
    }

    /// What it does to the one it refers to.
    pub fn effect(&self) -> Effect {
        match &self.said {
            Said::Own(own) => match own.part {
                Part::First => Effect::Begins,
                Part::Correction => Effect::Replaces,
                Part::Withdrawal => Effect::Ends,
            },
            Said::Relay(relay) => match relay.stage {
                Stage::Alert => Effect::Begins,
                Stage::Update => Effect::Replaces,
                Stage::Cancel => Effect::Ends,
            },
        }
    }

    /// Title as it is shown everywhere: a drill, a test and what is not a first word of ours say so.
    pub fn title(&self) -> String {
        let mark = match self.mode {
            Mode::Real => "",
            Mode::Drill => "【演练】",
            Mode::Test => "【测试】",
        };
        let part = match &self.said {
            Said::Own(Own { part: Part::First, .. }) => "",
            Said::Own(Own { part: Part::Correction, .. }) => "更正：",
            Said::Own(Own { part: Part::Withdrawal, .. }) => "撤回：",
            Said::Relay(Relayed { stage: Stage::Alert, .. }) => "转发预警：",
            Said::Relay(Relayed { stage: Stage::Update, .. }) => "转发预警更新：",
            Said::Relay(Relayed { stage: Stage::Cancel, .. }) => "转发预警解除：",
        };
        // Whoever wrote the mark into the title does not get it twice.
        let headline = self.headline.strip_prefix(mark).unwrap_or(&self.headline);
        let headline = headline.strip_prefix(part).unwrap_or(headline);
        format!("{mark}{part}{headline}")
    }

    /// The short message line by line, as a channel without any markup shows it.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.mode.first_line().map(str::to_owned).into_iter().collect();
        match &self.said {
            Said::Own(own) => lines.extend(plain_text(&own.message).lines().map(str::to_owned)),
            Said::Relay(relay) => {
                lines.push(format!("发布：{}，编号 {}", relay.issuer, relay.number));
                lines.extend(relay.text.iter().cloned());
                if !relay.actions.is_empty() {
                    lines.push("以上是预警原文。我们的消防提醒：".to_owned());
                    lines.extend(plain_text(&relay.actions).lines().map(str::to_owned));
                }
            }
        }
        lines
    }

    /// Where it stands at `now`.
    pub fn state(&self, now: Timestamp) -> State {
        let later = |effect| {
            let mut links = self.chain.iter().rev();
            links.find(|link| link.effect == effect && self.is_before(link)).map(|l| l.code.clone())
        };
        if let Some(code) = later(Effect::Ends) {
            return State::Ended(code);
        }
        if let Some(code) = later(Effect::Replaces) {
            return State::Replaced(code);
        }
        if self.expires <= now { State::Expired } else { State::Current }
    }

    /// Whether `link` came after it in the chain.
    fn is_before(&self, link: &Link) -> bool {
        let position = |code: &Code| self.chain.iter().position(|link| link.code == *code);
        position(&self.code) < position(&link.code)
    }

    /// Whether it holds at `now`.
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.state(now) == State::Current
    }

    /// Whether it tells people something to do: what only ends another message does not.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.is_current(now) && self.effect() != Effect::Ends
    }

    /// Its place in its chain.
    pub fn link(&self) -> Link {
        Link {
            code: self.code.clone(),
            kind: self.kind(),
            effect: self.effect(),
            refers: None,
            title: self.title(),
            issued: self.issued,
        }
    }

    /// `有效到 2026年11月12日 8:00`, Beijing time.
    pub fn until(&self) -> String {
        format!("有效到{}", moment(self.expires))
    }

    /// Address of its page on the site.
    pub fn address(&self) -> String {
        format!("/notices/{}/", self.code)
    }
}

/// `2026年11月12日8:05`, Beijing time; midnight is the end of the day before.
pub fn moment(at: Timestamp) -> String {
    let time = tz::offset(8).to_datetime(at);
    let day =
        |date: jiff::civil::Date| format!("{}年{}月{}日", date.year(), date.month(), date.day());
    match (time.hour(), time.minute()) {
        (0, 0) => format!("{}24:00", day(time.date().yesterday().unwrap_or(time.date()))),
        (hour, minute) => format!("{}{hour}:{minute:02}", day(time.date())),
    }
}
