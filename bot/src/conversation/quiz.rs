//! Quizzes: question by question, an explanation after each, a result at the end. Nothing is kept.

use fenghuo_content::kind::{Quiz, QuizQuestion};
use fenghuo_content::markdown::{inline_text, plain_text};
use fenghuo_content::{Content, Document, Kind};

use super::choice::{Action, List, Pick};
use super::guide::local_name;
use super::handle::handle;
use super::passage::blocks_of;
use super::respond::Talk;
use super::session::{QuizState, State};
use super::{Block, Choice, Reply, ReplyKind, phrase};

impl<'a> Talk<'a> {
    pub(super) fn start_quiz(&mut self, name: &str) -> Reply {
        match self.find(Some(Kind::Quiz), name) {
            Some(document) => self.begin_quiz(document, Vec::new()),
            None => self.stale(),
        }
    }

    /// The first question, below `note`.
    pub(super) fn begin_quiz(&mut self, document: &Document, note: Vec<Block>) -> Reply {
        self.session.state = State::Quiz(QuizState {
            doc: document.id.as_str().to_owned(),
            hash: document.hash.clone(),
            marks: String::new(),
            ticked: 0,
        });
        self.show_quiz(note)
    }

    /// Option `option` of question `question`: the answer, or a tick where several are right.
    pub(super) fn pick_option(&mut self, name: &str, question: usize, option: usize) -> Reply {
        if let Some(reply) = self.out_of_place(name, question) {
            return reply;
        }
        match self.options_expected() {
            Some((options, _)) if option >= options => {
                self.show_quiz(vec![Block::text(phrase::STALE)])
            }
            Some((_, true)) => self.tick(option),
            _ => self.pick_all(&[option]),
        }
    }

    /// Ticks option `option`, or takes its tick away.
    pub(super) fn tick(&mut self, option: usize) -> Reply {
        if let Some((_, _, state)) = self.asked() {
            state.ticked ^= 1_u32.checked_shl(u32::try_from(option).unwrap_or(32)).unwrap_or(0);
        }
        self.show_quiz(Vec::new())
    }

    /// The ticked options are the answer.
    pub(super) fn finish_question(&mut self, name: &str, question: usize) -> Reply {
        if let Some(reply) = self.out_of_place(name, question) {
            return reply;
        }
        let ticked = self.asked().map_or(0, |(_, _, state)| state.ticked);
        let picked: Vec<usize> = (0..32).filter(|n| ticked & (1 << n) != 0).collect();
        if picked.is_empty() { self.show_quiz(Vec::new()) } else { self.pick_all(&picked) }
    }

    /// Marks the question with `picked` as its answer and goes on.
    pub(super) fn pick_all(&mut self, picked: &[usize]) -> Reply {
        let Some((_, asked, state)) = self.asked() else {
            return self.stale();
        };
        let right = asked.options.iter().enumerate().all(|(n, o)| o.right == picked.contains(&n));
        state.marks.push(if right { 'r' } else { 'w' });
        state.ticked = 0;
        self.show_quiz(verdict(asked, right))
    }

    /// How many options the question asked has, and whether several of them are right.
    pub(super) fn options_expected(&mut self) -> Option<(usize, bool)> {
        self.asked().map(|(_, asked, _)| (asked.options.len(), asked.is_multiple()))
    }

    /// A tap that does not belong to the question asked: what to show instead.
    fn out_of_place(&mut self, name: &str, question: usize) -> Option<Reply> {
        let Some(document) = self.find(Some(Kind::Quiz), name) else {
            return Some(self.stale());
        };
        match &self.session.state {
            State::Quiz(state)
                if state.doc == document.id.as_str() && state.hash == document.hash =>
            {
                let here = state.question() == question;
                (!here).then(|| self.show_quiz(Vec::new()))
            }
            _ => Some(self.begin_quiz(document, vec![Block::text(phrase::RESTARTED)])),
        }
    }

    /// The question asked, unless the quiz has changed or ended.
    fn asked(&mut self) -> Option<(&'a Document, &'a QuizQuestion, &mut QuizState)> {
        let library = self.library;
        let State::Quiz(state) = &mut self.session.state else {
            return None;
        };
        let document = library.find(&state.doc).filter(|document| document.hash == state.hash)?;
        let asked = quiz_of(document)?.questions.get(state.question())?;
        Some((document, asked, state))
    }

    /// The question asked, or the result, below `before`.
    pub(super) fn show_quiz(&mut self, before: Vec<Block>) -> Reply {
        if let Some((document, asked, state)) = self.asked() {
            let total = quiz_of(document).map_or(0, |quiz| quiz.questions.len());
            return ask(document, asked, state, total, before);
        }
        let State::Quiz(state) = std::mem::take(&mut self.session.state) else {
            return self.stale();
        };
        match self.library.find(&state.doc) {
            Some(document) if document.hash == state.hash => self.result(document, &state, before),
            Some(document) => self.begin_quiz(document, vec![Block::text(phrase::RESTARTED)]),
            None => self.stale(),
        }
    }

    fn result(&self, document: &Document, state: &QuizState, before: Vec<Block>) -> Reply {
        let quiz = handle(local_name(document));
        Reply::from_document(ReplyKind::Quiz, document)
            .with_blocks(before)
            .with_text(phrase::result(state.right(), state.question()))
            .with(Block::page(document))
            .with_choices(vec![
                Choice::new(Action::Quiz { quiz: &quiz, pick: None }, phrase::AGAIN),
                Choice::new(Action::List(List::Quizzes, 0), phrase::QUIZZES),
                Choice::new(Action::Menu, phrase::TO_MENU),
            ])
    }
}

fn ask(
    document: &Document,
    asked: &QuizQuestion,
    state: &QuizState,
    total: usize,
    before: Vec<Block>,
) -> Reply {
    let number = state.question();
    let quiz = handle(local_name(document));
    let action = |pick| Action::Quiz { quiz: &quiz, pick: Some((number, pick)) };
    let mut choices: Vec<Choice> = asked
        .options
        .iter()
        .enumerate()
        .map(|(n, option)| {
            let box_ = match (asked.is_multiple(), state.ticked & (1 << (n % 32)) != 0) {
                (false, _) => "",
                (true, false) => "☐ ",
                (true, true) => "☑ ",
            };
            Choice::new(action(Pick::Option(n)), format!("{box_}{}", inline_text(&option.text)))
        })
        .collect();
    let mut text = phrase::question(number + 1, total, &asked.text);
    if asked.is_multiple() {
        text.push_str(phrase::MULTIPLE);
        choices.push(Choice::new(action(Pick::Done), phrase::DONE));
    }
    choices.push(Choice::new(Action::Leave, phrase::LEAVE));
    Reply::from_document(ReplyKind::Quiz, document)
        .with_blocks(before)
        .with_text(text)
        .with_blocks(blocks_of(&asked.blocks))
        .with_choices(choices)
}

fn verdict(asked: &QuizQuestion, right: bool) -> Vec<Block> {
    let answer: Vec<String> =
        asked.options.iter().filter(|o| o.right).map(|o| inline_text(&o.text)).collect();
    let head = if right { phrase::RIGHT.to_owned() } else { phrase::wrong(&answer.join("；")) };
    let explanation = plain_text(&asked.explanation);
    let text = if explanation.is_empty() { head } else { format!("{head}\n{explanation}") };
    vec![Block::text(text)]
}

fn quiz_of(document: &Document) -> Option<&Quiz> {
    match &document.content {
        Content::Quiz(quiz) => Some(quiz),
        _ => None,
    }
}
