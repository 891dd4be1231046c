//! Verifying a notice by its 6-character code, so that nobody has to believe a forged one.

use fenghuo_content::Code;
use fenghuo_content::published::State;
use jiff::Timestamp;
use jiff::tz;

use super::choice::Action;
use super::respond::Talk;
use super::{Block, Choice, Message, Reply, ReplyKind, Session, command, phrase};

/// What a code stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Lookup {
    /// Nobody could look: the database does not answer.
    #[default]
    Impossible,
    /// No notice has this code.
    Unknown,
    /// It has a character that no code has.
    Misread,
    /// This one.
    Found(Verified),
}

/// A notice that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Office that issued it.
    pub issuer: String,
    /// Name of its kind: 安全提示, 转发预警, 演练, 更正.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// When it was issued.
    pub at: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// Where it stands now.
    pub standing: State,
    /// Address of its page.
    pub url: String,
}

/// The code `message` asks about, which its caller looks up before the turn.
pub fn code_in(session: &Session, message: &Message) -> Option<String> {
    match message {
        Message::Text(text) => command::code(session.code_asked, text).or_else(|| bare(text)),
        Message::Choice(_) => None,
    }
}

/// The code `said` may be though nobody asked for one; only the look-up can tell it from a word.
fn bare(said: &str) -> Option<String> {
    Code::read(said).map(|code| code.to_string())
}

impl Talk<'_> {
    /// The code `said` is, asked for or not, when a message of ours has it.
    pub(super) fn found_code(&self, said: &str) -> Option<String> {
        bare(said).filter(|_| matches!(self.facts.lookup, Lookup::Found(_)))
    }

    /// Asks for the code.
    pub(super) fn ask_code(&mut self) -> Reply {
        self.session.code_asked = true;
        let choices = vec![Choice::new(Action::Menu, phrase::TO_MENU)];
        Reply::new(ReplyKind::Verify).with_text(phrase::ASK_CODE).with_choices(choices)
    }

    /// Says what `code` stands for.
    pub(super) fn verify(&mut self, code: &str) -> Reply {
        let reply = Reply::new(ReplyKind::Verify);
        let reply = match &self.facts.lookup {
            Lookup::Impossible => reply.with_text(phrase::cannot_verify(code)),
            Lookup::Unknown => reply.with_text(phrase::unverified(code)),
            Lookup::Misread => reply.with_text(phrase::misread(code)),
            Lookup::Found(found) => {
                let link = Block::Link {
                    label: phrase::whole_text(&found.title),
                    href: found.url.clone(),
                };
                reply.with_text(self.verified(code, found)).with(link)
            }
        };
        reply.with_choices(self.way_on())
    }

    fn verified(&self, code: &str, found: &Verified) -> String {
        let state = match &found.standing {
            State::Replaced(later) => format!("已经更正，以 {later} 为准"),
            State::Ended(later) => format!("已经撤回或解除，见 {later}"),
            State::Current | State::Expired if found.expires <= self.now => "已经过期".to_owned(),
            State::Current | State::Expired => "现在有效".to_owned(),
        };
        format!(
            "编号 {code} 查到了，是真的。\n{}：{}\n发布：{}，{}\n有效到：{}（{state}）\n\
             你收到的如果和这里写的不一样，不要信，也不要转发。",
            found.kind,
            found.title,
            found.issuer,
            moment(found.at),
            moment(found.expires)
        )
    }
}

/// `2026-11-24 08:00`, Beijing time.
fn moment(at: Timestamp) -> String {
    tz::offset(8).to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}
