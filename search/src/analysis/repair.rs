//! Homophone slips put right before looking up: 灭火气 → 灭火器, where only a word of ours sounds like it.

use std::collections::HashMap;

use super::pinyin::{Sound, sounds};
use super::segment::Segmenter;
use super::unit::is_han;
use fenghuo_content::Lexicon;

/// Shortest word that is put right: two characters sound like too many others (里电, 有烟).
const SHORTEST: usize = 3;

/// Longest word that is put right, in characters.
const LONGEST: usize = 6;

/// Words of the lexicon by how they sound.
#[derive(Debug, Default)]
pub(crate) struct Repair {
    words: HashMap<Vec<Sound>, String>,
}

impl Repair {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let mut words = HashMap::new();
        for word in lexicon.words.iter().map(|word| &word.text) {
            let length = word.chars().count();
            if (SHORTEST..=LONGEST).contains(&length) && word.chars().all(is_han) {
                words
                    .entry(word.chars().map(|c| sounds(c)[0]).collect())
                    .or_insert_with(|| word.clone());
            }
        }
        Self { words }
    }

    /// `text` with slips put right; text that holds none comes back as it is.
    pub(crate) fn repair(&self, text: &str, segmenter: &Segmenter) -> String {
        let chars: Vec<char> = text.chars().collect();
        let heard: Vec<Sound> = chars.iter().map(|c| sounds(*c)[0]).collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while at < chars.len() {
            match self.slip(&chars[at..], &heard[at..], segmenter) {
                Some((length, word)) => {
                    out.push_str(word);
                    at += length;
                }
                None => {
                    out.push(chars[at]);
                    at += 1;
                }
            }
        }
        out
    }

    /// The word that was meant at the beginning of `chars`, if what stands there is none.
    fn slip(
        &self,
        chars: &[char],
        heard: &[Sound],
        segmenter: &Segmenter,
    ) -> Option<(usize, &str)> {
        let longest = heard.iter().take(LONGEST).take_while(|sound| **sound != 0).count();
        (SHORTEST..=longest).rev().find_map(|length| {
            let word = self.words.get(&heard[..length])?;
            let written: String = chars[..length].iter().collect();
            let same = word.chars().zip(&chars[..length]).filter(|(a, b)| a == *b).count();
            let slipped = same < length && same * 2 > length && !segmenter.knows(&written);
            // A right word is stepped over, so that its end begins no slip.
            (slipped || same == length).then_some((length, word.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use fenghuo_content::{Lexicon, Word};

    use super::{Repair, Segmenter};

    #[test]
    fn slips_are_put_right_and_words_left_alone() {
        let words = ["灭火器", "充电宝", "烟感", "着火"];
        let lexicon = Lexicon {
            words: words.map(|text| Word { text: text.to_owned(), frequency: None }).to_vec(),
            ..Lexicon::default()
        };
        let segmenter = Segmenter::new(&lexicon);
        let repair = Repair::new(&lexicon);
        for (written, meant) in [
            ("灭火气咋用", "灭火器咋用"),
            ("充电保发烫", "充电宝发烫"),
            ("着货了", "着货了"),
            ("灭火器怎么用", "灭火器怎么用"),
            ("眼看要下雨", "眼看要下雨"),
            ("", ""),
        ] {
            assert_eq!(repair.repair(written, &segmenter), meant);
        }
    }
}
