//! Guides: one step at a time, with the way back and the way out at every step.

use fenghuo_content::kind::{Guide, Step};
use fenghuo_content::{Content, Document, Kind};

use super::choice::Action;
use super::handle::{handle, names};
use super::passage::blocks_of;
use super::respond::Talk;
use super::session::{GuideState, State};
use super::{Block, Choice, Reply, ReplyKind, phrase};

impl<'a> Talk<'a> {
    /// Step `step` of the guide `name`; from another state it can be entered anywhere.
    pub(super) fn guide_step(&mut self, name: &str, step: Option<&str>) -> Reply {
        let Some((document, guide)) = self.find(Some(Kind::Guide), name).and_then(guide_of) else {
            return self.stale();
        };
        let found = match step {
            Some(step) => guide.steps.iter().find(|s| names(step, &s.id)),
            None => return self.start_guide(document, guide),
        };
        let Some(step) = found else {
            return self.start_guide(document, guide);
        };
        match &mut self.session.state {
            State::Guide(state) if state.doc == document.id.as_str() => state.go(&step.id),
            _ => self.session.state = at(document, step),
        }
        self.show_guide()
    }

    /// The first step of a guide.
    pub(super) fn start_guide(&mut self, document: &Document, guide: &Guide) -> Reply {
        match guide.first() {
            Some(step) => {
                self.session.state = at(document, step);
                self.show_guide()
            }
            None => self.stale(),
        }
    }

    pub(super) fn guide_back(&mut self) -> Reply {
        if let State::Guide(state) = &mut self.session.state {
            state.back();
        }
        self.show_guide()
    }

    /// The step the session is at; what an edit has removed ends the guide.
    pub(super) fn show_guide(&mut self) -> Reply {
        let State::Guide(state) = &self.session.state else {
            return self.stale();
        };
        let found = self.library.find(&state.doc).and_then(guide_of);
        let step = found.and_then(|(document, guide)| Some((document, guide.step(&state.step)?)));
        match step {
            Some((document, step)) => show(document, step, !state.path.is_empty()),
            None => {
                self.session.state = State::Idle;
                self.stale()
            }
        }
    }
}

fn show(document: &Document, step: &Step, has_path: bool) -> Reply {
    let end = step.choices.is_empty();
    Reply::from_document(ReplyKind::Guide, document)
        .with_text(phrase::heading(&step.title))
        .with_blocks(blocks_of(&step.blocks))
        .with_blocks(end.then(|| Block::text(phrase::GUIDE_END)))
        .with_blocks(end.then(|| Block::page(document)))
        .with_choices(choices(document, step, has_path))
}

fn choices(document: &Document, step: &Step, has_path: bool) -> Vec<Choice> {
    let guide = handle(local_name(document));
    let mut choices: Vec<Choice> = step
        .choices
        .iter()
        .map(|choice| {
            let step = handle(&choice.to);
            Choice::new(Action::Guide { guide: &guide, step: Some(&step) }, &choice.label)
        })
        .collect();
    if has_path {
        choices.push(Choice::new(Action::Back, phrase::BACK));
    }
    if step.choices.is_empty() && has_path {
        choices.push(Choice::new(Action::Guide { guide: &guide, step: None }, phrase::AGAIN));
    }
    choices.push(Choice::new(Action::Leave, phrase::LEAVE));
    choices
}

/// The id without the folder of its kind.
pub(super) fn local_name(document: &Document) -> &str {
    let id = document.id.as_str();
    id.split_once('/').map_or(id, |(_, name)| name)
}

fn guide_of(document: &Document) -> Option<(&Document, &Guide)> {
    match &document.content {
        Content::Guide(guide) => Some((document, guide)),
        _ => None,
    }
}

fn at(document: &Document, step: &Step) -> State {
    State::Guide(GuideState {
        doc: document.id.as_str().to_owned(),
        step: step.id.clone(),
        path: Vec::new(),
    })
}
