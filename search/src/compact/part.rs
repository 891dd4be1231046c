//! The parts: postings as lists of differences, small enough to be sent one by one.

use serde_json::{Map, Value, json};

use super::gather::{Gathered, Posting};
use super::{PAIRS, SOUNDS, place};
use crate::analysis::{Segmenter, is_small_talk};
use crate::index::Catalog;

/// Most times a term is counted in a heading and in a text; more changes no score.
const MOST: [u32; 2] = [3, 7];

/// All parts, those of pairs of characters first.
pub(super) fn parts(
    hash: &str,
    catalog: &Catalog,
    gathered: &Gathered,
    segmenter: &Segmenter,
) -> Vec<Value> {
    let mut words = vec![Map::new(); PAIRS as usize];
    let mut pairs = vec![Map::new(); PAIRS as usize];
    let mut sounds = vec![Map::new(); SOUNDS as usize];
    for (word, posting) in &gathered.words {
        let value = self::word(word, posting, (catalog, gathered), segmenter);
        words[part(word, PAIRS)].insert(word.clone(), value);
    }
    for (pair, posting) in &gathered.pairs {
        pairs[part(pair, PAIRS)].insert(pair.clone(), self::pair(pair, posting));
    }
    for (sound, questions) in catalog.questions.of_sounds() {
        sounds[sound_part(sound)].insert(sound.to_owned(), steps(questions));
    }
    let pairs = words.into_iter().zip(pairs).map(|(w, p)| json!({ "v": hash, "w": w, "p": p }));
    pairs.chain(sounds.into_iter().map(|s| json!({ "v": hash, "s": s }))).collect()
}

/// Id, how common it is, what it tells by itself and as one of its synonyms, then its postings; last, where its
/// synonyms stand, so that a question needs no further part for them.
fn word(
    word: &str,
    posting: &Posting,
    (catalog, gathered): (&Catalog, &Gathered),
    segmenter: &Segmenter,
) -> Value {
    let vocabulary = &catalog.vocabulary;
    let id = vocabulary.id(word);
    let others = vocabulary.synonyms(word).iter().filter(|other| vocabulary.is_held(other));
    let others = others.filter_map(|other| Some(entries(gathered.words.get(other.as_str())?)));
    json!([
        id,
        logarithm(segmenter.frequency(word)),
        hundredths(vocabulary.weight(word, segmenter)),
        hundredths(id.map_or(0.0, |id| vocabulary.weight_of(id))),
        entries(posting),
        steps(&posting.questions),
        steps(&posting.lead),
        steps(&posting.documents),
        others.collect::<Vec<_>>(),
    ])
}

/// Small talk is compared in questions only: every passage holds it.
fn pair(pair: &str, posting: &Posting) -> Value {
    let entries = if is_small_talk(pair) { json!([]) } else { entries(posting) };
    json!([entries, steps(&posting.questions), steps(&posting.lead)])
}

/// Every passage as one number: 32 for each step from the one before, 8 for each time in the heading, and the text.
fn entries(posting: &Posting) -> Value {
    let mut last = 0;
    let number = |(entry, head, body): &(u32, u32, u32)| {
        let step = entry - std::mem::replace(&mut last, *entry);
        step * 32 + head.min(&MOST[0]) * 8 + body.min(&MOST[1])
    };
    posting.entries.iter().map(number).collect()
}

/// Each number as the step from the one before.
fn steps(numbers: &[u32]) -> Value {
    let mut last = 0;
    numbers.iter().map(|at| at - std::mem::replace(&mut last, *at)).collect()
}

fn part(term: &str, parts: u32) -> usize {
    let mut chars = term.chars();
    let first = chars.next().unwrap_or('\0');
    place(first, chars.next().unwrap_or('\0'), parts) as usize
}

/// Pairs of sounds are spread by all their letters.
fn sound_part(sound: &str) -> usize {
    let sum = sound.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    (sum % SOUNDS) as usize
}

/// Ten times the natural logarithm: enough to choose between ways to cut.
pub(super) fn logarithm(frequency: usize) -> u32 {
    ((frequency.max(1) as f32).ln() * 10.0).round() as u32
}

fn hundredths(weight: f32) -> u32 {
    (weight * 100.0).round() as u32
}
