//! One turn: a message is heard, its meaning found, a reply made.
//!
//! The order matters: a choice that was offered, a command, then the engine, whose danger rules
//! come before everything else it does. Danger is answered whatever the session was about.

use fenghuo_content::{DocumentId, Library};
use fenghuo_search::{AnswerKind, Engine};
use fenghuo_site::World;
use jiff::Timestamp;

use super::choice::{Action, Pick};
use super::command::{self, Command};
use super::session::State;
use super::{Choice, Gap, Lookup, Reach, Reply, ReplyKind, Session, Subscription, phrase};

/// Longest message that is read, in characters.
pub const MAX_MESSAGE: usize = 10_000;

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Typed or said something.
    Text(String),
    /// Tapped the choice of this id.
    Choice(String),
}

impl Message {
    /// The words, where there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Choice(_) => None,
        }
    }
}

/// What was looked up before the turn.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Seasonal notices (应季提示) in their window, the most urgent first.
    pub notices: Vec<SeasonalNotice>,
    /// What was sent and holds (现行通知), the newest first.
    pub sent: Vec<SentNotice>,
    /// How the channel can write to the person on its own.
    pub reach: Reach,
    /// What the person is subscribed to.
    pub subscription: Option<Subscription>,
    /// What the code in the message stands for; see [`super::code_in`].
    pub lookup: Lookup,
}

/// A seasonal notice in its window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeasonalNotice {
    /// Its document.
    pub doc: DocumentId,
    /// From then on it is not shown.
    pub expires: Timestamp,
}

/// A message that was sent and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentNotice {
    /// Its code.
    pub code: String,
    /// Its title, marked where it is a drill or a relay.
    pub title: String,
    /// What it says, line by line.
    pub lines: Vec<String>,
    /// Until when, in words.
    pub until: String,
    /// From then on it is not shown.
    pub expires: Timestamp,
    /// Address of its page.
    pub url: String,
}

/// What a message leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// What to show.
    pub reply: Reply,
    /// What to remember.
    pub session: Session,
    /// What to do, in order.
    pub effects: Vec<Effect>,
}

/// What a turn asks its caller to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Count a question the library does not answer.
    FileGap(Gap),
    /// Count a vote on a passage.
    Feedback {
        /// Document id.
        doc: String,
        /// Anchor of the passage.
        section: String,
        /// 有用 or 没用.
        helpful: bool,
    },
    /// Subscribe the person, or change what she is subscribed to; she has agreed.
    Subscribe(Subscription),
    /// End her subscription.
    Unsubscribe,
    /// Delete all that belongs to her, the session of this turn included.
    Forget,
}

/// The reply to `message`. Never fails, whatever the session and the message hold.
pub fn respond(
    world: &World,
    session: Session,
    facts: &Facts,
    message: &Message,
    now: Timestamp,
) -> Turn {
    let mut talk = Talk::new(world, session, facts, now);
    let asked = std::mem::take(&mut talk.session.code_asked);
    let mut reply = match message {
        Message::Text(text) => talk.hear(text, asked),
        Message::Choice(id) => talk.choose(id),
    };
    reply.fit();
    talk.session.offered = reply.choices().cloned().collect();
    Turn { reply, session: talk.session, effects: talk.effects }
}

/// What is shown before anything is said; nothing changes by it.
pub fn opening(world: &World, session: Session, facts: &Facts, now: Timestamp) -> Reply {
    Talk::new(world, session, facts, now).menu(phrase::MENU)
}

/// The reply to a message too large to be read at all.
pub fn refusal() -> Reply {
    Reply::new(ReplyKind::Help).with_text(phrase::TOO_LONG)
}

/// The reply to who asks faster than people do.
pub fn too_fast() -> Reply {
    Reply::new(ReplyKind::Help).with_text(phrase::TOO_FAST)
}

/// A turn in the making.
pub(super) struct Talk<'a> {
    pub(super) library: &'a Library,
    pub(super) engine: &'a Engine,
    pub(super) facts: &'a Facts,
    pub(super) now: Timestamp,
    pub(super) session: Session,
    pub(super) effects: Vec<Effect>,
}

impl<'a> Talk<'a> {
    fn new(world: &'a World, session: Session, facts: &'a Facts, now: Timestamp) -> Self {
        let (library, engine) = (&*world.library, &*world.engine);
        let mut talk = Self { library, engine, facts, now, session, effects: Vec::new() };
        if talk.session.offered.is_empty() {
            // Whoever opens a chat sees the menu first: a number typed then means its entries.
            talk.session.offered = talk.rooms();
            let push = talk.push_rooms();
            talk.session.offered.extend(push);
        }
        talk
    }

    /// `asked`: the last reply asked for the code of a notice.
    fn hear(&mut self, text: &str, asked: bool) -> Reply {
        let said: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
        let said = said.trim();
        if said.is_empty() {
            return self.menu(phrase::EMPTY);
        }
        if let Some(code) = command::code(asked, said).or_else(|| self.found_code(said)) {
            return self.verify(&code);
        }
        if let Some(reply) = self.hear_options(said) {
            return reply;
        }
        if let Some(id) = command::numbered(&self.session, said).map(|choice| choice.id.clone()) {
            return self.choose(&id);
        }
        match Command::of(said) {
            Some(Command::Help) => self.menu(&format!("{}\n{}", phrase::HELP, self.push_help())),
            Some(Command::Act(action)) => self.act(action),
            None => self.hear_sentence(said),
        }
    }

    /// A sentence: the label of a choice, or a question.
    fn hear_sentence(&mut self, said: &str) -> Reply {
        let labelled = command::labelled(&self.session, said).map(|choice| choice.id.clone());
        // Guides and quizzes offer labels that sound like danger; there the label is an answer to us.
        if let Some(id) = labelled.as_ref().filter(|_| self.session.state != State::Idle) {
            return self.choose(id);
        }
        let head: String = said.chars().take(MAX_MESSAGE).collect();
        let answer = self.engine.talk(&head);
        match labelled.filter(|_| answer.kind != AnswerKind::Emergency) {
            Some(id) => self.choose(&id),
            None if answer.kind != AnswerKind::Emergency && head.len() < said.len() => {
                self.menu(phrase::TOO_LONG)
            }
            None => self.answer(answer, &head),
        }
    }

    /// Options of a quiz by letter, or several of them typed at once.
    fn hear_options(&mut self, said: &str) -> Option<Reply> {
        let is_option = |choice: &Choice| {
            matches!(Action::parse(&choice.id), Some(Action::Quiz { pick: Some(_), .. }))
        };
        // A number means what was shown last; that need not be the question any more.
        self.session.offered.iter().find(|choice| is_option(choice))?;
        let (options, multiple) = self.options_expected()?;
        let picked = command::several(said, options)?;
        match (picked.as_slice(), multiple) {
            ([option], true) => Some(self.tick(*option)),
            ([_], false) | (_, true) => Some(self.pick_all(&picked)),
            _ => None,
        }
    }

    fn choose(&mut self, id: &str) -> Reply {
        let id = id.to_owned();
        match Action::parse(&id) {
            Some(action) => self.act(action),
            None => self.stale(),
        }
    }

    fn act(&mut self, action: Action<'_>) -> Reply {
        match action {
            Action::Menu => self.menu(phrase::MENU),
            Action::Leave => self.leave(),
            Action::Back => self.back(),
            Action::Resume => self.resume(),
            Action::Forget => self.forget(),
            Action::List(list, page) => self.list(list, page),
            Action::Document(name) => self.open_named(name),
            Action::Guide { guide, step } => self.guide_step(guide, step),
            Action::Quiz { quiz, pick: None } => self.start_quiz(quiz),
            Action::Quiz { quiz, pick: Some((question, Pick::Option(option))) } => {
                self.pick_option(quiz, question, option)
            }
            Action::Quiz { quiz, pick: Some((question, Pick::Done)) } => {
                self.finish_question(quiz, question)
            }
            Action::Check { checklist, mark: None } => self.start_check(checklist),
            Action::Check { checklist, mark: Some((item, mark)) } => {
                self.mark_item(checklist, item, mark)
            }
            Action::Vote { helpful, answer } => self.vote(answer, helpful),
            Action::Rate => self.rate(),
            Action::Subscription(step) => self.subscription(step),
            Action::Verify => self.ask_code(),
            Action::Sent(code) => self.sent(code),
        }
    }

    /// A choice nobody offered, or not any more.
    pub(super) fn stale(&mut self) -> Reply {
        self.menu(phrase::STALE)
    }

    fn leave(&mut self) -> Reply {
        let idle = std::mem::take(&mut self.session.state) == State::Idle;
        self.menu(if idle { phrase::NOTHING_TO_LEAVE } else { phrase::LEFT })
    }

    fn back(&mut self) -> Reply {
        match self.session.state {
            State::Guide(_) => self.guide_back(),
            State::Check(_) => self.check_back(),
            State::Quiz(_) => self.resume(),
            State::Idle => self.menu(phrase::NO_BACK),
        }
    }

    fn resume(&mut self) -> Reply {
        match self.session.state {
            State::Guide(_) => self.show_guide(),
            State::Check(_) => self.show_check(Vec::new()),
            State::Quiz(_) => self.show_quiz(Vec::new()),
            State::Idle => self.menu(phrase::NOTHING_TO_LEAVE),
        }
    }

    /// What leads back into a guide, quiz or check that something else interrupted.
    pub(super) fn way_back(&self) -> Vec<Choice> {
        let doc = match &self.session.state {
            State::Idle => return Vec::new(),
            State::Guide(guide) => &guide.doc,
            State::Quiz(quiz) => &quiz.doc,
            State::Check(check) => &check.doc,
        };
        self.library.find(doc).map_or_else(Vec::new, |document| {
            vec![
                Choice::new(Action::Resume, phrase::resume(&document.meta.title)),
                Choice::new(Action::Leave, phrase::LEAVE),
            ]
        })
    }

    /// Words of our own, then the way back and the menu.
    pub(super) fn menu(&self, text: &str) -> Reply {
        let mut choices = self.way_back();
        choices.extend(self.rooms());
        choices.extend(self.push_rooms());
        Reply::new(ReplyKind::Help).with_text(text).with_choices(choices)
    }
}
