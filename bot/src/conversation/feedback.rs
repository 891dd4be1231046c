//! Votes: 有用 and 没用 below an answer, one vote an answer.

use super::choice::Action;
use super::respond::{Effect, Talk};
use super::session::Answered;
use super::{Choice, Reply, ReplyKind, phrase};

impl Talk<'_> {
    /// `reply` with its `choices`, then the two votes in a block of their own.
    pub(super) fn offer_vote(
        &mut self,
        reply: Reply,
        doc: &str,
        section: &str,
        choices: Vec<Choice>,
    ) -> Reply {
        self.session.remember(doc, section);
        let answered = Answered { doc: doc.to_owned(), section: section.to_owned() };
        let answer = answered.digest();
        let vote = |helpful, label| Choice::new(Action::Vote { helpful, answer: &answer }, label);
        let votes = vec![vote(true, phrase::HELPFUL), vote(false, phrase::UNHELPFUL)];
        reply.with_choices(choices).with_choices(votes)
    }

    /// The votes of the last answer that has none yet.
    pub(super) fn rate(&mut self) -> Reply {
        let Some(last) = self.session.answers.last() else {
            return self.menu(phrase::NOTHING_TO_RATE);
        };
        let answer = last.digest();
        let vote = |helpful, label| Choice::new(Action::Vote { helpful, answer: &answer }, label);
        let votes = vec![vote(true, phrase::HELPFUL), vote(false, phrase::UNHELPFUL)];
        Reply::new(ReplyKind::Help).with_text(phrase::RATE).with_choices(votes)
    }

    /// Counts a vote on an answer of this session that has none yet.
    pub(super) fn vote(&mut self, answer: &str, helpful: bool) -> Reply {
        let found = self.session.answers.iter().position(|old| old.digest() == answer);
        let Some(at) = found else {
            return self.thank(phrase::VOTE_STALE);
        };
        let Answered { doc, section } = self.session.answers.remove(at);
        self.effects.push(Effect::Feedback { doc, section, helpful });
        self.thank(if helpful { phrase::THANKS } else { phrase::SORRY })
    }

    fn thank(&self, text: &str) -> Reply {
        Reply::new(ReplyKind::Help).with_text(text).with_choices(self.way_on())
    }
}
