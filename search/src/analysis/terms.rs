//! Terms of a text: words, character bigrams, pinyin bigrams.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::pinyin::sound_name;
use super::segment::Segmenter;
use super::unit::{Glyph, Unit, units};

/// Terms of one text in the three views the index has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) words: Vec<String>,
    pub(crate) bigrams: Vec<String>,
    pub(crate) pinyin: Vec<String>,
    /// Whether the text was written in pinyin altogether.
    pub(crate) spelled: bool,
}

impl Terms {
    /// Terms of normalised `text`.
    pub(crate) fn of(segmenter: &Segmenter, text: &str) -> Self {
        let units = units(text);
        let spelled = units.iter().any(|u| u.glyph == Glyph::Syllable)
            && !units.iter().any(|u| matches!(u.glyph, Glyph::Han(_)));
        let words = if spelled {
            Vec::new()
        } else {
            segmenter.search_words(text).into_iter().map(str::to_owned).collect()
        };
        Self { words, bigrams: bigrams(&units), pinyin: pinyin_bigrams(&units), spelled }
    }
}

/// Adjacent pairs of Han characters.
fn bigrams(units: &[Unit]) -> Vec<String> {
    units
        .windows(2)
        .filter_map(|pair| match (&pair[0].glyph, &pair[1].glyph) {
            (Glyph::Han(a), Glyph::Han(b)) => Some([*a, *b].iter().collect()),
            _ => None,
        })
        .collect()
}

/// Adjacent pairs of sounds, `mie_huo`.
pub(crate) fn pinyin_bigrams(units: &[Unit]) -> Vec<String> {
    units
        .windows(2)
        .filter(|pair| pair.iter().all(|unit| unit.sounds[0] != 0))
        .map(|pair| format!("{}_{}", sound_name(pair[0].sounds[0]), sound_name(pair[1].sounds[0])))
        .collect()
}

/// All words of small talk.
pub(crate) fn small_talk() -> impl Iterator<Item = &'static str> {
    SMALL_TALK.iter().copied()
}

/// Words that say how one asks, not what about. Negations and numbers are none of them.
pub(crate) fn is_small_talk(word: &str) -> bool {
    SMALL_TALK.contains(word)
}

/// Whether a pair of sounds belongs to small talk (`zen_me`).
pub(crate) fn is_small_sound(pair: &str) -> bool {
    SMALL_SOUNDS.contains(pair)
}

static SMALL_SOUNDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| SMALL_TALK.iter().flat_map(|word| pinyin_bigrams(&units(word))).collect());

static SMALL_TALK: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("small_talk.txt").split_whitespace().collect());
