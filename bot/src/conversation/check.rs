//! Self-checks: item by item, how to mend each fault, then the risk and what to mend first.

use fenghuo_content::kind::{Check, Checklist, Level};
use fenghuo_content::markdown::inline_text;
use fenghuo_content::{Content, Document, Kind};

use super::choice::{Action, List, Mark};
use super::guide::local_name;
use super::handle::handle;
use super::respond::Talk;
use super::session::{CheckState, State};
use super::{Block, Choice, Reply, ReplyKind, phrase};

/// Faults named in the result; the page has them all.
const MEND_FIRST: usize = 5;

impl<'a> Talk<'a> {
    pub(super) fn start_check(&mut self, name: &str) -> Reply {
        match self.find(Some(Kind::Checklist), name) {
            Some(document) => self.begin_check(document, Vec::new()),
            None => self.stale(),
        }
    }

    /// The first item, below `note`.
    pub(super) fn begin_check(&mut self, document: &Document, note: Vec<Block>) -> Reply {
        self.session.state = State::Check(CheckState {
            doc: document.id.as_str().to_owned(),
            hash: document.hash.clone(),
            marks: String::new(),
        });
        self.show_check(note)
    }

    /// Marks item `item` and goes on; a tap on an item marked before changes nothing.
    pub(super) fn mark_item(&mut self, name: &str, item: usize, mark: Mark) -> Reply {
        let Some(document) = self.find(Some(Kind::Checklist), name) else {
            return self.stale();
        };
        match &mut self.session.state {
            State::Check(state)
                if state.doc == document.id.as_str() && state.hash == document.hash =>
            {
                let found = items(document).nth(item).filter(|_| item == state.item());
                let Some((_, check)) = found else {
                    return self.show_check(Vec::new());
                };
                state.marks.push(mark.letter());
                let fault = (mark == Mark::Faulty).then(|| Block::text(fault(check)));
                self.show_check(fault.into_iter().collect())
            }
            _ => self.begin_check(document, vec![Block::text(phrase::RESTARTED)]),
        }
    }

    pub(super) fn check_back(&mut self) -> Reply {
        if let State::Check(state) = &mut self.session.state {
            state.marks.pop();
        }
        self.show_check(Vec::new())
    }

    /// The item to look at, or the result, below `before`.
    pub(super) fn show_check(&mut self, before: Vec<Block>) -> Reply {
        let State::Check(state) = &self.session.state else {
            return self.stale();
        };
        let Some(document) = self.library.find(&state.doc) else {
            self.session.state = State::Idle;
            return self.stale();
        };
        if document.hash != state.hash {
            return self.begin_check(document, vec![Block::text(phrase::RESTARTED)]);
        }
        match items(document).nth(state.item()) {
            Some((group, check)) => ask(document, group, check, state, before),
            None => {
                let reply = result(document, state, before);
                self.session.state = State::Idle;
                reply
            }
        }
    }
}

fn ask(
    document: &Document,
    group: &str,
    check: &Check,
    state: &CheckState,
    before: Vec<Block>,
) -> Reply {
    let number = state.item();
    let checklist = handle(local_name(document));
    let mark = |mark, label| {
        Choice::new(Action::Check { checklist: &checklist, mark: Some((number, mark)) }, label)
    };
    let mut choices = vec![
        mark(Mark::Fine, phrase::FINE),
        mark(Mark::Faulty, phrase::FAULTY),
        mark(Mark::Skipped, phrase::SKIP),
    ];
    if number > 0 {
        choices.push(Choice::new(Action::Back, phrase::BACK_ITEM));
    }
    choices.push(Choice::new(Action::Leave, phrase::LEAVE));
    let total = items(document).count();
    let text = phrase::item(number + 1, total, group, &inline_text(&check.text));
    Reply::from_document(ReplyKind::Checklist, document)
        .with_blocks(before)
        .with_text(text)
        .with_choices(choices)
}

fn result(document: &Document, state: &CheckState, before: Vec<Block>) -> Reply {
    let mut faults: Vec<&Check> = items(document)
        .zip(state.marks.chars())
        .filter(|(_, mark)| *mark == Mark::Faulty.letter())
        .map(|((_, check), _)| check)
        .collect();
    // Stable: within one level the order of the list stays.
    faults.sort_by_key(|check| check.level);
    let checklist = handle(local_name(document));
    Reply::from_document(ReplyKind::Checklist, document)
        .with_blocks(before)
        .with_text(summary(state, &faults))
        .with_blocks(mend_first(&faults))
        .with_text(phrase::CHECK_NOTE)
        .with(Block::page(document))
        .with_choices(vec![
            Choice::new(Action::Check { checklist: &checklist, mark: None }, phrase::AGAIN),
            Choice::new(Action::List(List::Checklists, 0), phrase::CHECKLISTS),
            Choice::new(Action::Menu, phrase::TO_MENU),
        ])
}

/// How bad it is: as bad as the worst fault.
fn summary(state: &CheckState, faults: &[&Check]) -> String {
    let skipped = state.count(Mark::Skipped);
    let checked = state.item() - skipped;
    if checked == 0 {
        return phrase::NOTHING_CHECKED.to_owned();
    }
    let level = faults.first().map_or(Level::Low, |check| check.level);
    let verdict = phrase::verdict(level.name(), checked, faults.len(), skipped);
    if faults.is_empty() { format!("{verdict}\n{}", phrase::ALL_FINE) } else { verdict }
}

fn mend_first(faults: &[&Check]) -> Vec<Block> {
    if faults.is_empty() {
        return Vec::new();
    }
    let first = &faults[..faults.len().min(MEND_FIRST)];
    let items = first.iter().map(|check| {
        let fix = inline_text(&check.fix);
        format!("（{}）{}：{fix}", check.level.name(), inline_text(&check.text))
    });
    vec![Block::text(phrase::mend_first(first.len())), Block::Steps { items: items.collect() }]
}

fn fault(check: &Check) -> String {
    phrase::fault(
        check.level.name(),
        &inline_text(&check.risk),
        &inline_text(&check.basis),
        &inline_text(&check.fix),
    )
}

/// All items with the titles of their groups.
fn items(document: &Document) -> impl Iterator<Item = (&str, &Check)> {
    checklist_of(document)
        .into_iter()
        .flat_map(|checklist| &checklist.groups)
        .flat_map(|group| group.items.iter().map(|check| (group.title.as_str(), check)))
}

fn checklist_of(document: &Document) -> Option<&Checklist> {
    match &document.content {
        Content::Checklist(checklist) => Some(checklist),
        _ => None,
    }
}
