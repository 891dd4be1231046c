//! A question written in pinyin read as characters, with the words of the library: `dian ping che` → 电瓶车.

use std::collections::{HashMap, HashSet};

use super::pinyin::{Sound, sounds};
use super::segment::Segmenter;
use super::terms::small_talk;
use super::unit::{Glyph, Unit, is_han};

/// Longest word, in syllables.
const LONGEST: usize = 6;

/// Spellings kept for one run of sounds, and readings kept at one place.
const KEPT: usize = 5;

/// What a document that holds a word counts, in occurrences per million of general Chinese.
const OURS: f32 = 20.0;

/// Occurrences in jieba's dictionary altogether, in thousands.
const GENERAL: f32 = 60_000.0;

/// What a pair of characters that stands in the library takes off where two words meet.
const SEEN_PAIR: f32 = 2.0;

/// Words by their sounds, the likeliest first.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    words: HashMap<Vec<Sound>, Vec<(String, f32)>>,
    pairs: HashSet<(char, char)>,
}

/// A reading of the first units.
#[derive(Clone)]
struct Reading {
    cost: f32,
    text: String,
}

impl Decoder {
    /// `held` are the words of the library, each with the number of documents that hold it; `pairs` the pairs of
    /// characters that stand in it.
    pub(crate) fn new<'a>(
        held: impl Iterator<Item = (&'a str, u32)>,
        pairs: HashSet<(char, char)>,
        segmenter: &Segmenter,
    ) -> Self {
        let mut decoder = Self { words: HashMap::new(), pairs };
        let characters: Vec<String> = ('\u{4e00}'..='\u{9fa5}')
            .map(String::from)
            .filter(|c| segmenter.frequency(c) > 0)
            .collect();
        let general = characters.into_iter().chain(small_talk().map(str::to_owned));
        let mut counts: HashMap<String, u32> = general.map(|word| (word, 0)).collect();
        counts.extend(held.map(|(word, count)| (word.to_owned(), count)));
        for (word, count) in &counts {
            decoder.add(word, OURS * *count as f32 + segmenter.frequency(word) as f32 / 1000.0);
        }
        for spellings in decoder.words.values_mut() {
            spellings.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
            spellings.truncate(KEPT);
        }
        decoder
    }

    fn add(&mut self, word: &str, occurrences: f32) {
        if word.chars().count() > LONGEST || !word.chars().all(is_han) {
            return;
        }
        let cost = ((GENERAL + 1.0) / (occurrences + 0.2)).ln();
        let mut heard: Vec<Vec<Sound>> = vec![Vec::new()];
        for c in word.chars() {
            let all = sounds(c);
            // 着 is zhe or zhao; other characters are typed by their usual sound.
            let used: &[Sound] = if c == '着' { &all } else { &all[..1] };
            heard = heard
                .iter()
                .flat_map(|head| {
                    used.iter()
                        .filter(|sound| **sound != 0)
                        .map(|sound| head.iter().copied().chain([*sound]).collect())
                })
                .collect();
        }
        for key in heard.into_iter().filter(|key| !key.is_empty()) {
            self.words.entry(key).or_default().push((word.to_owned(), cost));
        }
    }

    /// The likeliest characters for `units`; what is no syllable stays as it is.
    pub(crate) fn decode(&self, units: &[Unit]) -> String {
        let mut readings: Vec<Vec<Reading>> = vec![Vec::new(); units.len() + 1];
        readings[0].push(Reading { cost: 0.0, text: String::new() });
        for at in 0..units.len() {
            let mut here = std::mem::take(&mut readings[at]);
            here.sort_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| a.text.cmp(&b.text)));
            here.truncate(KEPT);
            for (length, spelling, cost) in self.spellings(&units[at..]) {
                for reading in &here {
                    readings[at + length].push(self.append(reading, &spelling, cost));
                }
            }
        }
        let last = readings.pop().unwrap_or_default();
        last.into_iter()
            .min_by(|a, b| a.cost.total_cmp(&b.cost))
            .map(|r| r.text)
            .unwrap_or_default()
    }

    fn append(&self, reading: &Reading, spelling: &str, cost: f32) -> Reading {
        let meeting = reading.text.chars().next_back().zip(spelling.chars().next());
        let seen = meeting.is_some_and(|pair| self.pairs.contains(&pair));
        let cost = reading.cost + cost - if seen { SEEN_PAIR } else { 0.0 };
        Reading { cost, text: format!("{}{spelling}", reading.text) }
    }

    /// What the first units can be: length, characters, cost.
    fn spellings(&self, units: &[Unit]) -> Vec<(usize, String, f32)> {
        let syllables = units.iter().take(LONGEST).take_while(|unit| unit.glyph == Glyph::Syllable);
        let heard: Vec<Sound> = syllables.map(|unit| unit.sounds[0]).collect();
        let mut out: Vec<(usize, String, f32)> = Vec::new();
        for length in 1..=heard.len() {
            let known = self.words.get(&heard[..length]).into_iter().flatten();
            out.extend(known.map(|(word, cost)| (length, word.clone(), *cost)));
        }
        if out.iter().all(|(length, ..)| *length > 1) {
            let text = match &units[0].glyph {
                Glyph::Word(word) => format!(" {word} "),
                Glyph::Han(c) => c.to_string(),
                Glyph::Stop => "。".to_owned(),
                Glyph::Pause => "，".to_owned(),
                Glyph::Syllable => String::new(),
            };
            out.push((1, text, 12.0));
        }
        out
    }
}
