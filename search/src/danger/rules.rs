//! The compiled rules: all patterns of the lexicon, and what they find in a text.

use std::collections::{BTreeMap, HashMap};

use fenghuo_content::Lexicon;

use super::filter::Trace;
use super::pattern::{Strength, parse};
use super::program::{Program, Text};
use super::weigh::{Mark, Part, weigh};
use crate::Error;
use crate::analysis::{Glyph, Segmenter, Sound, Unit, units};

/// All danger patterns of a lexicon.
pub(crate) struct Rules {
    rules: Vec<Rule>,
    /// Rules by what they can begin with, as it is written and as it sounds.
    written: HashMap<Glyph, Vec<usize>>,
    heard: HashMap<Sound, Vec<usize>>,
    anywhere: Vec<usize>,
    /// Rules that begin with the text.
    start: Vec<usize>,
    classes: usize,
    segmenter: Segmenter,
}

/// One pattern with the part it plays.
struct Rule {
    program: Program,
    part: Part,
    strength: Strength,
    written: String,
}

/// A character met this often in general Chinese is meant as it stands.
const COMMON: usize = 15_000;

/// Characters that are rare in books but meant as they stand where people talk: `是咋了` is no `是炸了`.
const SPOKEN: &str = "咋啥俺咱咧哩嘛呗";

/// What the rules say about a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// Index of the class of danger in the lexicon, if it is happening now.
    pub(crate) class: Option<usize>,
    /// What was seen, for the explanation.
    pub(crate) seen: Vec<String>,
}

impl Rules {
    pub(crate) fn compile(lexicon: &Lexicon, segmenter: &Segmenter) -> Result<Self, Error> {
        let mut rules = Self {
            rules: Vec::new(),
            written: HashMap::new(),
            heard: HashMap::new(),
            anywhere: Vec::new(),
            start: Vec::new(),
            classes: lexicon.dangers.len(),
            segmenter: segmenter.clone(),
        };
        for (class, danger) in lexicon.dangers.iter().enumerate() {
            rules.add_all(&danger.triggers, Part::Trigger(class), &danger.id, &lexicon.sets)?;
            rules.add_all(&danger.counter, Part::Counter(class), &danger.id, &lexicon.sets)?;
        }
        rules.add_all(&lexicon.now, Part::Now, "now", &lexicon.sets)?;
        rules.add_all(&lexicon.not_now, Part::NotNow, "not_now", &lexicon.sets)?;
        Ok(rules)
    }

    fn add_all(
        &mut self,
        patterns: &[String],
        part: Part,
        class: &str,
        sets: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), Error> {
        for written in patterns {
            let fault = |reason| Error::Pattern {
                class: class.to_owned(),
                pattern: written.clone(),
                reason,
            };
            let pattern = parse(written, sets).map_err(fault)?;
            self.add(Rule {
                program: Program::compile(&pattern.nodes),
                part,
                strength: pattern.strength,
                written: written.clone(),
            });
        }
        Ok(())
    }

    fn add(&mut self, rule: Rule) {
        let id = self.rules.len();
        let heads = rule.program.heads();
        self.rules.push(rule);
        if heads.anywhere {
            return self.anywhere.push(id);
        }
        if heads.start {
            return self.start.push(id);
        }
        let file = |filed: &mut Vec<usize>| {
            if filed.last() != Some(&id) {
                filed.push(id);
            }
        };
        for unit in &heads.units {
            file(self.written.entry(unit.glyph.clone()).or_default());
            for sound in unit.sounds.iter().filter(|sound| **sound != 0) {
                file(self.heard.entry(*sound).or_default());
            }
        }
    }

    /// Index of the class of danger that normalised `text` tells of, if it is happening now.
    pub(crate) fn class(&self, text: &str) -> Option<usize> {
        let text = units(text);
        weigh(&self.marks(&text), &text, self.classes).class
    }

    /// Most points that any class gets by the rules alone.
    pub(crate) fn points(&self, text: &str) -> i32 {
        let text = units(text);
        weigh(&self.marks(&text), &text, self.classes).points.into_values().max().unwrap_or(0)
    }

    /// What normalised `text` says, and why.
    pub(crate) fn judge(&self, text: &str) -> Verdict {
        let text = units(text);
        let marks = self.marks(&text);
        let weighed = weigh(&marks, &text, self.classes);
        let seen = marks
            .iter()
            .map(|mark| {
                let rule = &self.rules[mark.rule];
                format!("{:?} {} @{}", rule.part, rule.written, mark.at)
            })
            .chain(
                weighed
                    .points
                    .iter()
                    .map(|(class, points)| format!("class {class}: {points} points")),
            )
            .chain([format!("impression {:+.1}", weighed.impression)])
            .collect();
        Verdict { class: weighed.class, seen }
    }

    fn marks(&self, text: &[Unit]) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut tried = vec![usize::MAX; self.rules.len()];
        let slips = self.slips(text);
        let strict = vec![false; text.len()];
        let traces = |slips: &[bool]| -> Vec<Trace> {
            text.iter().zip(slips).map(|(unit, slip)| Trace::of(unit, *slip)).collect()
        };
        let (loosely, strictly) = (traces(&slips), traces(&strict));
        let loosely = Text { units: text, traces: &loosely, slips: &slips };
        let strictly = Text { units: text, traces: &strictly, slips: &strict };
        for (at, slip) in slips.iter().enumerate() {
            for &id in self.filed(text, at, *slip) {
                // A unit has several keys; one attempt a place is enough.
                if std::mem::replace(&mut tried[id], at) == at {
                    continue;
                }
                let rule = &self.rules[id];
                let text = if rule.part.is_loose() { loosely } else { strictly };
                if let Some(end) = rule.program.run(text, at) {
                    let Rule { part, strength, .. } = *rule;
                    marks.push(Mark { part, strength, rule: id, at, end });
                }
            }
        }
        marks
    }

    /// Rules that can begin at unit `at`: by what is written, and by sound where that counts.
    fn filed(&self, text: &[Unit], at: usize, slip: bool) -> impl Iterator<Item = &usize> {
        let unit = &text[at];
        let heard = match unit.glyph {
            Glyph::Syllable => &unit.sounds[..2],
            Glyph::Han(_) if slip => &unit.sounds[..1],
            _ => &[],
        };
        let heard: Vec<&Vec<usize>> = heard.iter().filter_map(|s| self.heard.get(s)).collect();
        let start: &[usize] = if at == 0 { &self.start } else { &[] };
        let written = self.written.get(&unit.glyph).into_iter();
        written.chain(heard).flatten().chain(&self.anywhere).chain(start)
    }

    /// Which characters may be slips: neither common nor part of a word as they stand.
    fn slips(&self, text: &[Unit]) -> Vec<bool> {
        let han = |at: usize| match text.get(at).map(|unit| &unit.glyph) {
            Some(Glyph::Han(c)) => Some(*c),
            _ => None,
        };
        let word = |first: Option<char>, second: Option<char>| {
            let pair = first.zip(second).map(|(first, second)| String::from_iter([first, second]));
            pair.is_some_and(|pair| self.segmenter.knows(&pair))
        };
        let mut rare: HashMap<char, bool> = HashMap::new();
        let slip = |at: usize| {
            let Some(own) = han(at) else { return false };
            let before = at.checked_sub(1).and_then(han);
            let frequency = || self.segmenter.frequency(own.encode_utf8(&mut [0; 4]));
            *rare.entry(own).or_insert_with(|| frequency() < COMMON && !SPOKEN.contains(own))
                && !word(before, Some(own))
                && !word(Some(own), han(at + 1))
        };
        (0..text.len()).map(slip).collect()
    }
}
