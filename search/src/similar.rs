//! Questions that ask the same in other letters, brought together: by pairs of characters and of sounds.

use std::collections::HashSet;

use crate::Error;
use crate::analysis::{Normaliser, is_small_sound, is_small_talk, sound_pairs, units};

/// Share of pairs two questions have in common to be near-duplicates.
const ENOUGH: f32 = 0.5;

/// Pairs of one question that tell something.
struct Pairs {
    written: HashSet<String>,
    heard: HashSet<String>,
}

impl Pairs {
    fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let written = chars.windows(2).map(|pair| pair.iter().collect::<String>());
        let written = written.filter(|pair| !is_small_talk(pair)).collect();
        let heard = sound_pairs(&units(text)).into_iter().filter(|pair| !is_small_sound(pair));
        Self { written, heard: heard.collect() }
    }

    fn likeness(&self, other: &Self) -> f32 {
        share(&self.written, &other.written).max(share(&self.heard, &other.heard))
    }
}

/// Common pairs against all of both (Dice).
fn share(one: &HashSet<String>, other: &HashSet<String>) -> f32 {
    let all = one.len() + other.len();
    if all == 0 { 0.0 } else { 2.0 * one.intersection(other).count() as f32 / all as f32 }
}

/// Groups of `questions` by place, each led by its first; questions that come first lead, so put the most asked first.
///
/// # Errors
/// When the language data cannot be loaded.
pub fn group_similar(questions: &[&str]) -> Result<Vec<Vec<usize>>, Error> {
    let normaliser = Normaliser::new()?;
    let mut groups: Vec<(Pairs, Vec<usize>)> = Vec::new();
    for (place, question) in questions.iter().enumerate() {
        let pairs = Pairs::of(&normaliser.normalise(question));
        let near = groups.iter_mut().find(|(leader, _)| leader.likeness(&pairs) >= ENOUGH);
        match near {
            Some((_, members)) => members.push(place),
            None => groups.push((pairs, vec![place])),
        }
    }
    Ok(groups.into_iter().map(|(_, members)| members).collect())
}

#[cfg(test)]
mod tests {
    use super::group_similar;

    #[test]
    fn near_duplicates_are_one_group() {
        let questions = [
            "电动车上牌要带什么证件",
            "暖气费什么时候交",
            "電動車上牌照要帶啥證件",
            "dian dong che shang pai yao dai zheng jian",
            "暖气费啥时候缴",
            "",
        ];
        let groups = group_similar(&questions).expect("the language data is embedded");
        assert_eq!(groups, [vec![0, 2, 3], vec![1, 4], vec![5]]);
    }
}
