//! The compiled rules: all patterns of the lexicon, and what they find in a text.

use std::collections::{BTreeMap, HashMap};

use fenghuo_content::Lexicon;

use super::pattern::parse;
use super::program::{Key, Program, keys};
use super::weigh::{Mark, Part, weigh};
use crate::Error;
use crate::analysis::{Glyph, Unit, units};

/// All danger patterns of a lexicon.
pub(crate) struct Rules {
    rules: Vec<Rule>,
    /// Rules by what they can begin with.
    heads: HashMap<Key, Vec<usize>>,
    anywhere: Vec<usize>,
    classes: usize,
}

/// One pattern with the part it plays.
struct Rule {
    program: Program,
    part: Part,
    double: bool,
    written: String,
}

/// Units from which a text is more than key words.
const SENTENCE: usize = 9;

/// Characters that make a sentence of fewer.
const TELLING: &str = "了在把被往都我俺这那里";

/// Whether a text tells something: key words (`电动车 着火`) do not.
fn is_telling(text: &[Unit]) -> bool {
    let tells = |unit: &Unit| matches!(unit.glyph, Glyph::Han(c) if TELLING.contains(c));
    text.len() >= SENTENCE || (text.len() >= 5 && text.iter().any(tells))
}

/// What the rules say about a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// Index of the class of danger in the lexicon, if it is happening now.
    pub(crate) class: Option<usize>,
    /// What was seen, for the explanation.
    pub(crate) seen: Vec<String>,
}

impl Rules {
    pub(crate) fn compile(lexicon: &Lexicon) -> Result<Self, Error> {
        let mut rules = Self {
            rules: Vec::new(),
            heads: HashMap::new(),
            anywhere: Vec::new(),
            classes: lexicon.dangers.len(),
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
                double: pattern.double,
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
        for key in heads.units.iter().flat_map(keys) {
            let filed = self.heads.entry(key).or_default();
            if filed.last() != Some(&id) {
                filed.push(id);
            }
        }
    }

    /// What normalised `text` says.
    pub(crate) fn judge(&self, text: &str) -> Verdict {
        let text = units(text);
        let marks = self.marks(&text);
        let weighed = weigh(&marks, self.classes, is_telling(&text));
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
            .collect();
        Verdict { class: weighed.class, seen }
    }

    fn marks(&self, text: &[Unit]) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut tried = vec![usize::MAX; self.rules.len()];
        for (at, unit) in text.iter().enumerate() {
            let filed = keys(unit).filter_map(|key| self.heads.get(&key)).flatten();
            for &id in filed.chain(&self.anywhere) {
                // A unit has several keys; one attempt a place is enough.
                if std::mem::replace(&mut tried[id], at) == at {
                    continue;
                }
                let rule = &self.rules[id];
                if let Some(end) = rule.program.run(text, at, rule.part.is_loose()) {
                    marks.push(Mark { part: rule.part, double: rule.double, rule: id, at, end });
                }
            }
        }
        marks
    }
}
