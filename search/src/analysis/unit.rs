//! Text as danger patterns and pinyin read it: one unit a Han character, a word of letters, or a mark.

use super::pinyin::{Sound, sounds, spell, spell_loosely, twin};

/// What a unit looks like.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Glyph {
    /// A Han character.
    Han(char),
    /// Letters or digits that stand together, in lower case.
    Word(String),
    /// A syllable written in letters.
    Syllable,
    /// A mark that ends a sentence.
    Stop,
    /// A mark inside a sentence.
    Pause,
}

/// One unit with the sounds it can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) glyph: Glyph,
    pub(crate) sounds: [Sound; 3],
}

impl Unit {
    fn silent(glyph: Glyph) -> Self {
        Self { glyph, sounds: [0; 3] }
    }

    /// Whether `text` can be this unit by its sound: in pinyin any sound of a character counts, between
    /// characters only the usual ones do.
    pub(crate) fn is_heard_in(&self, text: &Self) -> bool {
        let heard = text.sounds[0];
        heard != 0
            && if text.glyph == Glyph::Syllable {
                self.sounds.contains(&heard)
            } else {
                self.sounds[0] == heard
            }
    }

    /// Whether `text` is this unit typed carelessly in pinyin (`hou` for `huo`).
    pub(crate) fn is_mistyped_in(&self, text: &Self) -> bool {
        let twin = text.sounds[1];
        text.glyph == Glyph::Syllable && twin != 0 && self.sounds[0] == twin
    }
}

/// Units of normalised `text`; runs of letters that spell pinyin become syllables.
pub(crate) fn units(text: &str) -> Vec<Unit> {
    let pinyin = reads_as_pinyin(text);
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() || (c == '\'' && !word.is_empty()) {
            word.push(c);
            continue;
        }
        push_word(&mut word, pinyin, &mut out);
        match c {
            c if is_han(c) => out.push(Unit { glyph: Glyph::Han(c), sounds: sounds(c) }),
            '。' | '!' | '?' | ';' | '\n' => out.push(Unit::silent(Glyph::Stop)),
            ' ' | '-' => {}
            _ => out.push(Unit::silent(Glyph::Pause)),
        }
    }
    // The closing line break is ours.
    out.pop();
    out
}

fn push_word(word: &mut String, pinyin: bool, out: &mut Vec<Unit>) {
    if word.is_empty() {
        return;
    }
    match pinyin.then(|| spell(word).or_else(|| spell_loosely(word))).flatten() {
        Some(syllables) => out.extend(
            syllables.into_iter().map(|s| Unit { glyph: Glyph::Syllable, sounds: [s, twin(s), 0] }),
        ),
        None => out.push(Unit::silent(Glyph::Word(word.clone()))),
    }
    word.clear();
}

/// Letters are pinyin when nearly all of them spell syllables and there are at least three; English holds
/// words that do not (`the`, `is`, `fire`).
fn reads_as_pinyin(text: &str) -> bool {
    let (mut spelled, mut loose, mut other, mut syllables) = (0, 0, 0, 0);
    for word in text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).take(400) {
        match spell(word) {
            Some(all) => {
                spelled += word.len();
                syllables += all.len();
            }
            None if spell_loosely(word).is_some() => loose += word.len(),
            None => other += word.len(),
        }
    }
    let exact_enough = loose <= spelled * 2 || other + spelled == 0;
    exact_enough && syllables + loose / 4 >= 2 && other * 6 <= spelled + loose
}

/// Whether `c` is a Han character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2fa1f}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::{Glyph, units};

    fn shape(text: &str) -> String {
        units(text)
            .iter()
            .map(|unit| match &unit.glyph {
                Glyph::Han(_) => 'h',
                Glyph::Word(_) => 'w',
                Glyph::Syllable => 's',
                Glyph::Stop => '.',
                Glyph::Pause => ',',
            })
            .collect()
    }

    #[test]
    fn text_is_read_in_units() {
        assert_eq!(shape("着火了,快!"), "hhh,h.");
        assert_eq!(shape("wo men lou xia"), "ssss");
        assert_eq!(shape("smoke is coming"), "www");
        assert_eq!(shape("119 打不通"), "whhh");
        assert_eq!(shape(""), "");
    }
}
