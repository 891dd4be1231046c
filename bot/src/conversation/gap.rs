//! Gaps: which unanswered questions are worth an editor's time, and which of them are the same.

use fenghuo_store::Scrubbed;

/// Longest key, in characters.
const MAX_KEY: usize = 60;

/// A question the library does not answer, without what could name a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The question.
    pub question: Scrubbed,
    /// What equal questions share.
    pub key: String,
}

impl Gap {
    /// The gap `question` shows; `None` for noise.
    pub fn of(question: &str) -> Option<Self> {
        let question = Scrubbed::of(question);
        let key: String =
            question.as_str().chars().filter(|c| c.is_alphabetic()).take(MAX_KEY).collect();
        let key = key.to_lowercase();
        (!is_noise(&key)).then_some(Self { question, key })
    }
}

/// One character, or one repeated, says nothing; a Chinese character says as much as two letters.
fn is_noise(key: &str) -> bool {
    let width: usize = key.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    width < 4 || key.chars().all(|c| key.starts_with(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_no_gap() {
        for noise in [
            "",
            "   ",
            "？？？",
            "123456",
            "a",
            "ok",
            "👍👍👍",
            "啊啊啊啊",
            "火",
            "……",
            "\u{0}\u{1}",
            "13812345678",
        ] {
            assert_eq!(Gap::of(noise), None, "{noise}");
        }
    }

    #[test]
    fn wordings_that_differ_in_marks_numbers_and_case_share_a_key() {
        for (one, other) in [
            ("无人机能灭火吗？", "无人机 能灭火吗"),
            ("Drone 灭火", "drone灭火！"),
            ("我电话13812345678，无人机能用吗", "我电话13912345678，无人机能用吗"),
        ] {
            assert_eq!(Gap::of(one).map(|g| g.key), Gap::of(other).map(|g| g.key), "{one}");
            assert!(Gap::of(one).is_some(), "{one}");
        }
    }
}
