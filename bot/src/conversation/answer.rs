//! What the engine answers, as a reply: the one place that knows `search::Answer`.

use fenghuo_content::Document;
use fenghuo_search::{Answer, AnswerKind};

use super::choice::Action;
use super::document::start_guide;
use super::list::open_as;
use super::passage::blocks_of_text;
use super::respond::{Effect, Talk};
use super::session::State;
use super::{Block, Choice, Gap, Reply, ReplyKind, phrase};

/// Related documents offered below an answer.
const RELATED: usize = 3;

impl<'a> Talk<'a> {
    /// The reply that shows `answer` to `question`.
    pub(super) fn answer(&mut self, answer: Answer, question: &str) -> Reply {
        match answer.kind {
            AnswerKind::Emergency => self.emergency(answer),
            AnswerKind::Answer => self.found(answer),
            AnswerKind::Suggest => self.suggest(&answer),
            AnswerKind::Unknown => {
                self.effects.extend(Gap::of(question).map(Effect::FileGap));
                self.unknown(&answer)
            }
            AnswerKind::Greeting => {
                let mut choices = self.way_back();
                choices.extend(self.rooms());
                Reply::new(ReplyKind::Greeting)
                    .with_blocks(blocks_of_text(&answer.text))
                    .with_choices(choices)
            }
        }
    }

    /// Danger ends quizzes and checks; a guide stays, for it may be the one that helps.
    fn emergency(&mut self, answer: Answer) -> Reply {
        if !matches!(self.session.state, State::Guide(_)) {
            self.session.state = State::Idle;
        }
        let guide = self.guide_of(&answer);
        let inside = |guide: &&Document| match &self.session.state {
            State::Guide(state) => state.doc == guide.id.as_str(),
            _ => false,
        };
        let mut choices: Vec<Choice> =
            guide.filter(|guide| !inside(guide)).map(start_guide).into_iter().collect();
        choices.extend(self.way_back());
        let lines = match answer.card.as_slice() {
            [] => body(&answer).lines().map(str::to_owned).collect(),
            card => card.to_vec(),
        };
        // The button to call stands between the Chinese lines and the same in English.
        let (chinese, english): (Vec<String>, Vec<String>) =
            lines.into_iter().partition(|line| !line.is_ascii());
        let card = |lines: Vec<String>| (!lines.is_empty()).then_some(Block::Card { lines });
        Reply {
            sources: answer.sources,
            reviewed: answer.reviewed,
            approval: answer.approval,
            ..Reply::new(ReplyKind::Emergency)
        }
        .with_blocks(card(chinese))
        .with(Block::Link { label: phrase::CALL_119.to_owned(), href: phrase::CALL.to_owned() })
        .with_blocks(card(english))
        .with_choices(choices)
    }

    fn found(&mut self, answer: Answer) -> Reply {
        let document = answer.passage.as_ref().and_then(|p| self.library.document(&p.doc, p.lang));
        let mut choices: Vec<Choice> =
            self.guide_of(&answer).map(start_guide).into_iter().collect();
        choices.extend(self.topics(&answer).take(RELATED));
        choices.extend(self.way_back());
        let body = blocks_of_text(body(&answer));
        let reply = Reply {
            sources: answer.sources,
            reviewed: answer.reviewed,
            approval: answer.approval,
            ..Reply::new(ReplyKind::Answer)
        }
        .with_blocks(body)
        .with_blocks(document.map(Block::page));
        match answer.passage {
            Some(passage) => self.offer_vote(reply, passage.doc.as_str(), &passage.anchor, choices),
            None => reply.with_choices(choices),
        }
    }

    fn suggest(&self, answer: &Answer) -> Reply {
        let mut choices: Vec<Choice> = self.topics(answer).collect();
        choices.extend(self.way_on());
        Reply::new(ReplyKind::Suggest)
            .with_blocks(blocks_of_text(body(answer)))
            .with_choices(choices)
    }

    fn unknown(&self, answer: &Answer) -> Reply {
        let mut choices: Vec<Choice> = self.topics(answer).collect();
        choices.extend(self.way_back());
        choices.push(Choice::new(Action::Menu, phrase::TO_MENU));
        Reply::new(ReplyKind::Unknown)
            .with_blocks(blocks_of_text(body(answer)))
            .with_choices(choices)
    }

    fn topics(&self, answer: &Answer) -> impl Iterator<Item = Choice> {
        let guide = answer.guide.as_ref();
        answer
            .choices
            .iter()
            .filter(move |topic| Some(&topic.doc) != guide)
            .filter_map(|topic| Some(open_as(self.library.find(topic.doc.as_str())?, &topic.label)))
    }

    fn guide_of(&self, answer: &Answer) -> Option<&'a Document> {
        self.library.find(answer.guide.as_ref()?.as_str())
    }
}

/// The text without the lines about sources and approval, which a reply keeps apart, and without
/// numbered topics, which become choices.
fn body(answer: &Answer) -> &str {
    let note = |line: &str| {
        line.starts_with("来源：") || answer.approval.as_deref().is_some_and(|a| line.trim() == a)
    };
    let end = answer
        .text
        .lines()
        .find(|line| note(line))
        .map(|line| line.as_ptr() as usize - answer.text.as_ptr() as usize);
    answer.text[..end.unwrap_or(answer.text.len())].trim_end()
}
