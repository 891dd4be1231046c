//! From marks to a verdict: points of a trigger and of the cues near it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::impression::{MOST, impression};
use super::pattern::Strength;
use crate::analysis::{Glyph, Sound, Unit, sounds};

/// Points that make an emergency.
const ENOUGH: f32 = 3.0;

/// Units of which one impression is had.
const WHOLE: usize = 80;

/// Units by which the parts of a long text move on.
const STEP: usize = 20;

/// Units from which a text is more than key words.
const SENTENCE: usize = 9;

/// Units besides any one that a text must hold to tell something by impression.
const VARIED: usize = 3;

/// Characters that make a sentence of fewer.
const TELLING: &str = "了在把被往都我俺这那里";

/// Units around a trigger in which cues for the present count.
const NEAR: usize = 60;

/// Units around a trigger in which cues against it count: a long tale tells of last year, too.
const NOT_NOW_NEAR: usize = 30;

/// Units around a trigger in which a counter of its class takes it away.
const COUNTER_NEAR: usize = 25;

/// What cues for the present can add at most.
const MOST_NOW: i32 = 8;

/// The part a pattern plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Something burns, leaks or closes in: the class.
    Trigger(usize),
    /// The class is not meant.
    Counter(usize),
    /// It is happening at this moment.
    Now,
    /// It is not.
    NotNow,
}

impl Part {
    /// Whether homophones may stand for what is written.
    pub(super) fn is_loose(self) -> bool {
        matches!(self, Self::Trigger(_) | Self::Now)
    }
}

/// A pattern found in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) part: Part,
    pub(super) strength: Strength,
    pub(super) rule: usize,
    pub(super) at: usize,
    pub(super) end: usize,
}

/// The classes seen with their best points, and the one that is happening.
#[derive(Debug, Default)]
pub(super) struct Weighed {
    pub(super) class: Option<usize>,
    pub(super) points: BTreeMap<usize, i32>,
    pub(super) impression: f32,
}

impl Mark {
    fn near(&self, other: &Self, reach: usize) -> bool {
        self.at <= other.end + reach && other.at <= self.end + reach
    }

    /// Whether this is a counter of `trigger`: near it, or, where weak, on the same words.
    fn takes_away(&self, trigger: &Self) -> bool {
        let (Part::Counter(class), Part::Trigger(other)) = (self.part, trigger.part) else {
            return false;
        };
        let overlaps = self.at < trigger.end && trigger.at < self.end;
        class == other
            && (overlaps || (self.strength != Strength::Weak && self.near(trigger, COUNTER_NEAR)))
    }

    fn points(&self) -> i32 {
        let [weak, plain, double, most] = match self.part {
            Part::Trigger(_) => [1, 2, 4, 6],
            Part::Now => [1, 1, 2, 4],
            Part::NotNow => [-1, -1, -3, -6],
            Part::Counter(_) => [0; 4],
        };
        match self.strength {
            Strength::Weak => weak,
            Strength::Plain => plain,
            Strength::Double => double,
            Strength::Most => most,
        }
    }
}

/// Weighs `marks`, which are in order of place in `text`. The first class of the lexicon with enough points wins.
pub(super) fn weigh(marks: &[Mark], text: &[Unit], classes: usize) -> Weighed {
    let telling = is_telling(text);
    let mut impressions = Impressions { text, known: BTreeMap::new() };
    let mut weighed = Weighed::default();
    let mut meant_otherwise = false;
    let mut felt: BTreeMap<usize, f32> = BTreeMap::new();
    let (counters, hints) = apart(marks);
    let rules = marks.iter().map(|mark| mark.rule + 1).max().unwrap_or_default();
    let mut counted = vec![0; rules];
    for (number, trigger) in (1..).zip(marks) {
        let Part::Trigger(class) = trigger.part else { continue };
        let near = surroundings(&counters, trigger, COUNTER_NEAR);
        let countered = near.iter().any(|mark| mark.takes_away(trigger));
        if countered {
            meant_otherwise = true;
            continue;
        }
        let around = surroundings(&hints, trigger, NEAR);
        let first = |mark: &Mark| std::mem::replace(&mut counted[mark.rule], number) != number;
        let points = trigger.points() + cues(around, trigger, telling, first);
        let best = weighed.points.entry(class).or_insert(points);
        *best = (*best).max(points);
        let sum = points as f32 + impressions.around(trigger);
        let best = felt.entry(class).or_insert(sum);
        *best = best.max(sum);
    }
    weighed.class = (0..classes).find(|class| felt.get(class).is_some_and(|sum| *sum >= ENOUGH));
    weighed.impression = impressions.of(0, text.len());
    let open = text.len() <= WHOLE
        && is_told(text)
        && is_varied(text)
        && names_danger(text)
        && !meant_otherwise
        && !is_denied(marks);
    if weighed.class.is_none() && open && weighed.impression >= MOST {
        weighed.class = likeliest(marks, &felt, classes);
    }
    weighed
}

/// Whether a text says more than one sound again and again (`aaaa`), of which no impression is had.
fn is_varied(text: &[Unit]) -> bool {
    text.iter().any(|unit| text.iter().filter(|other| *other != unit).count() >= VARIED)
}

/// Characters, one of which or its sound whoever tells of danger uses.
const HEARD: &str = "火烟燃呛困";

/// … of which the sound is too common to tell.
const WRITTEN: &str = "烧焦炸焰熏窜冒扑气汽煤炭电味毒烫熄灶炉糊昏晕";

/// Words of other scripts that tell of danger.
const NAMED_WORDS: [&str; 14] = [
    "fire",
    "fires",
    "smoke",
    "smoky",
    "burn",
    "burning",
    "burns",
    "burnt",
    "flame",
    "flames",
    "gas",
    "explosion",
    "trapped",
    "119",
];

/// Whether anything in a text names what burns, chokes or bursts: an impression alone makes no danger of a hen that
/// lays no eggs.
fn names_danger(text: &[Unit]) -> bool {
    text.iter().any(|unit| match &unit.glyph {
        Glyph::Han(c) => WRITTEN.contains(*c) || is_named_by_sound(unit),
        Glyph::Syllable => is_named_by_sound(unit),
        Glyph::Word(word) => NAMED_WORDS.contains(&word.as_str()),
        Glyph::Stop | Glyph::Pause => false,
    })
}

fn is_named_by_sound(unit: &Unit) -> bool {
    static SOUNDS: LazyLock<Vec<Sound>> =
        LazyLock::new(|| HEARD.chars().map(|c| sounds(c)[0]).collect());
    SOUNDS.contains(&unit.sounds[0])
}

/// Whether something says plainly that it is not now.
fn is_denied(marks: &[Mark]) -> bool {
    marks.iter().any(|mark| mark.part == Part::NotNow && mark.points() < -1)
}

/// The class for a text that is danger by impression alone.
fn likeliest(marks: &[Mark], felt: &BTreeMap<usize, f32>, classes: usize) -> Option<usize> {
    let best = felt.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| *class);
    let seen = || {
        marks.iter().find_map(|mark| match mark.part {
            Part::Trigger(class) => Some(class),
            _ => None,
        })
    };
    best.or_else(seen).or_else(|| classes.checked_sub(1))
}

/// Impressions of parts of a text, each made once.
struct Impressions<'a> {
    text: &'a [Unit],
    known: BTreeMap<(usize, usize), f32>,
}

impl Impressions<'_> {
    /// Of the part that holds `mark`: of all of it where it is short.
    fn around(&mut self, mark: &Mark) -> f32 {
        if self.text.len() <= WHOLE {
            return self.of(0, self.text.len());
        }
        let from = mark.at.saturating_sub(WHOLE / 2) / STEP * STEP;
        self.of(from, (from + WHOLE).max(mark.end).min(self.text.len()))
    }

    fn of(&mut self, from: usize, to: usize) -> f32 {
        *self.known.entry((from, to)).or_insert_with(|| impression(&self.text[from..to]))
    }
}

/// Whether a text tells something: key words (`电动车 着火`) do not.
fn is_telling(text: &[Unit]) -> bool {
    let tells = |unit: &Unit| match unit.glyph {
        Glyph::Han(c) => TELLING.contains(c),
        // Who types whole syllables tells something: key words are typed in characters.
        Glyph::Syllable => true,
        Glyph::Word(_) | Glyph::Stop | Glyph::Pause => false,
    };
    text.len() >= SENTENCE || (text.len() >= 5 && text.iter().any(tells))
}

/// Whether what is said, without the pauses of key words (`平衡车 充电 看护`), is enough to go by impression alone.
fn is_told(text: &[Unit]) -> bool {
    let spoken: Vec<Unit> =
        text.iter().filter(|unit| unit.glyph != Glyph::Pause).cloned().collect();
    is_telling(&spoken)
}

/// Counters, and what tells of now or not now; each in order of place. Long texts have thousands of marks.
fn apart(marks: &[Mark]) -> (Vec<Mark>, Vec<Mark>) {
    let of = |wanted: fn(&Part) -> bool| {
        marks.iter().filter(|mark| wanted(&mark.part)).copied().collect()
    };
    let counters = of(|part| matches!(part, Part::Counter(_)));
    (counters, of(|part| matches!(part, Part::Now | Part::NotNow)))
}

/// Marks that can reach `trigger`; a match is seldom longer than a hundred units.
fn surroundings<'a>(marks: &'a [Mark], trigger: &Mark, reach: usize) -> &'a [Mark] {
    let from = marks.partition_point(|m| m.at + reach + 100 < trigger.at);
    let to = marks.partition_point(|m| m.at <= trigger.end + reach);
    &marks[from..to]
}

/// Points of the cues near `trigger`, each pattern once (`first`); one more for a tale that nothing speaks against.
fn cues(
    around: &[Mark],
    trigger: &Mark,
    telling: bool,
    mut first: impl FnMut(&Mark) -> bool,
) -> i32 {
    let (mut now, mut not_now) = (0, 0);
    let reaches =
        |m: &&Mark| m.near(trigger, if m.part == Part::NotNow { NOT_NOW_NEAR } else { NEAR });
    for mark in around.iter().filter(reaches).filter(|mark| first(mark)) {
        match mark.part {
            Part::Now => now += mark.points(),
            Part::NotNow => not_now += mark.points(),
            Part::Trigger(_) | Part::Counter(_) => {}
        }
    }
    let told = i32::from(telling && not_now == 0);
    now.min(MOST_NOW) + not_now + told
}
