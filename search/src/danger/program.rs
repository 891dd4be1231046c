//! A pattern compiled to a few instructions, run at one place of a text.

use super::filter::{Filter, Trace};
use super::pattern::Node;
use crate::analysis::{Glyph, Unit};

/// Units a gap may span.
const GAP: usize = 10;

/// Units a wide gap may span.
const WIDE_GAP: usize = 40;

/// Steps one attempt may take: a pattern with many gaps gives up rather than hang.
const MAX_STEPS: usize = 4_000;

#[derive(Clone, Debug)]
enum Op {
    Unit(Unit),
    /// Try each address in turn that can begin with what stands here.
    Split(Vec<(usize, Filter)>),
    Jump(usize),
    Number,
    Mark,
    /// With what can follow.
    Gap(Filter),
    WideGap(Filter),
    Start,
    End,
    Match,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Program {
    ops: Vec<Op>,
    first: Filter,
}

/// What a pattern can begin with, to try only patterns that have a chance.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads {
    pub(super) units: Vec<Unit>,
    /// It can begin anywhere (with a gap, a number or a mark).
    pub(super) anywhere: bool,
    /// It begins with the text (`^`).
    pub(super) start: bool,
}

/// A text as patterns read it.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) units: &'a [Unit],
    /// Of each unit, for patterns that homophones may stand for or for those they may not.
    pub(super) traces: &'a [Trace],
    /// Units that may be homophone slips.
    pub(super) slips: &'a [bool],
}

/// How much of a match rests on sound alone: never more than is exact, and each time beside what is exact.
#[derive(Clone, Copy, Default)]
struct Likeness {
    exact: u16,
    by_sound: u16,
    /// Of the exact ones, how many were written as pinyin.
    spelled: u16,
    last: Last,
}

/// How the unit before was matched.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    /// Nothing stands directly before.
    #[default]
    Nothing,
    Exact,
    /// By sound, with what is exact before it.
    SoundHeld,
    /// By sound, and nothing exact beside it yet.
    SoundLoose,
}

struct Run<'a> {
    ops: &'a [Op],
    text: Text<'a>,
    steps: usize,
}

impl Program {
    pub(super) fn compile(nodes: &[Node]) -> Self {
        let mut ops = Vec::new();
        emit(nodes, &mut ops);
        ops.push(Op::Match);
        // Backwards: what an address can begin with rests on those behind it.
        for at in (0..ops.len()).rev() {
            match &ops[at] {
                Op::Split(ways) => {
                    let ways = ways.iter().map(|(way, _)| (*way, first_of(&ops, *way))).collect();
                    ops[at] = Op::Split(ways);
                }
                Op::Gap(_) => ops[at] = Op::Gap(first_of(&ops, at + 1)),
                Op::WideGap(_) => ops[at] = Op::WideGap(first_of(&ops, at + 1)),
                _ => {}
            }
        }
        Self { first: first_of(&ops, 0), ops }
    }

    /// End of the match that begins at unit `at` of `text`.
    ///
    /// Homophones count only where `slips` allows them.
    pub(super) fn run(&self, text: Text<'_>, at: usize) -> Option<usize> {
        if !self.first.lets(text.traces.get(at)) {
            return None;
        }
        Run { ops: &self.ops, text, steps: 0 }.step(0, at, Likeness::default())
    }

    pub(super) fn heads(&self) -> Heads {
        let mut heads = Heads::default();
        self.collect_heads(0, &mut heads);
        heads
    }

    fn collect_heads(&self, at: usize, heads: &mut Heads) {
        match &self.ops[at] {
            Op::Unit(unit) => heads.units.push(unit.clone()),
            Op::Split(ways) => ways.iter().for_each(|(way, _)| self.collect_heads(*way, heads)),
            Op::Jump(to) => self.collect_heads(*to, heads),
            Op::Start if at == 0 => heads.start = true,
            Op::Number
            | Op::Mark
            | Op::Gap(_)
            | Op::WideGap(_)
            | Op::Start
            | Op::End
            | Op::Match => heads.anywhere = true,
        }
    }
}

/// What can stand first from `op` on.
fn first_of(ops: &[Op], op: usize) -> Filter {
    match &ops[op] {
        Op::Unit(unit) => Filter::unit(unit),
        Op::Split(ways) => ways.iter().fold(Filter::default(), |all, (_, first)| all.or(first)),
        Op::Jump(to) => first_of(ops, *to),
        Op::Number => Filter::number(),
        Op::Mark => Filter::mark(),
        Op::Gap(_) | Op::WideGap(_) | Op::Start | Op::End | Op::Match => Filter::open(),
    }
}

fn emit(nodes: &[Node], ops: &mut Vec<Op>) {
    for node in nodes {
        match node {
            Node::Unit(unit) => ops.push(Op::Unit(unit.clone())),
            Node::Number => ops.push(Op::Number),
            Node::Mark => ops.push(Op::Mark),
            Node::Gap => ops.push(Op::Gap(Filter::open())),
            Node::WideGap => ops.push(Op::WideGap(Filter::open())),
            Node::Start => ops.push(Op::Start),
            Node::End => ops.push(Op::End),
            Node::Any(ways) => emit_any(ways, ops),
        }
    }
}

fn emit_any(ways: &[Vec<Node>], ops: &mut Vec<Op>) {
    let split = ops.len();
    ops.push(Op::Split(Vec::new()));
    let mut starts = Vec::new();
    let mut jumps = Vec::new();
    for way in ways {
        starts.push(ops.len());
        emit(way, ops);
        jumps.push(ops.len());
        ops.push(Op::Jump(0));
    }
    let end = ops.len();
    jumps.into_iter().for_each(|jump| ops[jump] = Op::Jump(end));
    ops[split] = Op::Split(starts.into_iter().map(|way| (way, Filter::open())).collect());
}

impl Run<'_> {
    fn step(&mut self, mut op: usize, mut at: usize, mut like: Likeness) -> Option<usize> {
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            match &self.ops[op] {
                Op::Match => return like.holds().then_some(at),
                Op::Jump(to) => op = *to,
                Op::Unit(unit) => {
                    let slip = self.text.slips.get(at).copied().unwrap_or(false);
                    like = like.with(unit, self.text.units.get(at)?, slip)?;
                    at += 1;
                    op += 1;
                }
                Op::Number if self.text.units.get(at).is_some_and(is_number) => {
                    at += 1;
                    op += 1;
                }
                Op::Mark if self.text.units.get(at).is_some_and(is_mark) => {
                    at += 1;
                    op += 1;
                }
                Op::Start if at == 0 => op += 1,
                Op::End if self.text.units[at..].iter().all(is_mark) => op += 1,
                Op::Number | Op::Mark | Op::Start | Op::End => return None,
                Op::Split(ways) => {
                    let here = self.text.traces.get(at);
                    return ways
                        .iter()
                        .filter(|(_, first)| first.lets(here))
                        .find_map(|(way, _)| self.step(*way, at, like));
                }
                Op::Gap(next) => return self.gap((op + 1, next), at, like.parted()?),
                Op::WideGap(next) => return self.wide_gap((op + 1, next), at, like.parted()?),
            }
        }
    }

    fn gap(&mut self, (op, next): (usize, &Filter), at: usize, like: Likeness) -> Option<usize> {
        for at in at..=at + GAP {
            if next.lets(self.text.traces.get(at))
                && let Some(end) = self.step(op, at, like)
            {
                return Some(end);
            }
            if self.text.units.get(at).is_none_or(|unit| unit.glyph == Glyph::Stop) {
                return None;
            }
        }
        None
    }

    fn wide_gap(
        &mut self,
        (op, next): (usize, &Filter),
        at: usize,
        like: Likeness,
    ) -> Option<usize> {
        let last = (at + WIDE_GAP).min(self.text.units.len());
        let fits = |at: &usize| next.lets(self.text.traces.get(*at));
        let places: Vec<usize> = (at..=last).filter(fits).collect();
        places.into_iter().find_map(|at| self.step(op, at, like))
    }
}

impl Likeness {
    /// With `pattern` laid on `text`, or nothing if they differ too much.
    fn with(self, pattern: &Unit, text: &Unit, slip: bool) -> Option<Self> {
        if pattern.glyph == text.glyph {
            return Some(Self { exact: self.exact + 1, last: Last::Exact, ..self });
        }
        let mistyped = pattern.is_mistyped_in(text);
        if !mistyped && !pattern.is_heard_in(text) {
            return None;
        }
        if text.glyph == Glyph::Syllable && !mistyped {
            let spelled = self.spelled + 1;
            return Some(Self { exact: self.exact + 1, spelled, last: Last::Exact, ..self });
        }
        if !slip && !mistyped {
            return None;
        }
        let last = match self.last {
            Last::Exact => Last::SoundHeld,
            Last::Nothing => Last::SoundLoose,
            Last::SoundHeld | Last::SoundLoose => return None,
        };
        Some(Self { by_sound: self.by_sound + 1, last, ..self })
    }

    /// Whether it is enough for a match; one syllable alone means too many characters.
    fn holds(self) -> bool {
        let lone_syllable = self.spelled == 1 && self.exact == 1;
        self.last != Last::SoundLoose && self.by_sound <= self.exact && !lone_syllable
    }

    /// Before a gap or the end; nothing if a likeness in sound hangs in the air.
    fn parted(self) -> Option<Self> {
        (self.last != Last::SoundLoose).then_some(Self { last: Last::Nothing, ..self })
    }
}

pub(super) fn is_number(unit: &Unit) -> bool {
    matches!(&unit.glyph, Glyph::Word(word) if word.bytes().all(|b| b.is_ascii_digit()))
}

fn is_mark(unit: &Unit) -> bool {
    matches!(unit.glyph, Glyph::Stop | Glyph::Pause)
}
