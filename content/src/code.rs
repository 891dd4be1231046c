//! The six characters by which anybody can look up whether a message is ours.

use std::fmt;

/// Without 0 and O, 1, I and L: what is written on paper is read back the same.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH: usize = 6;

/// The code of a sent message, e.g. `A7K9M2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

impl Code {
    /// The code that `bits` draw; random bits give one of 887 million.
    pub fn draw(bits: u64) -> Self {
        let mut rest = bits;
        let character = |_| {
            let index = usize::try_from(rest % 31).expect("less than 31");
            rest /= 31;
            char::from(ALPHABET[index])
        };
        Self((0..LENGTH).map(character).collect())
    }

    /// The code someone typed: in any case and width, with blanks and dashes in it.
    pub fn read(typed: &str) -> Option<Self> {
        let code: String = typed.chars().filter_map(meant).collect();
        let fits = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        fits.then_some(Self(code))
    }

    /// Whether `typed` has the length of a code but a character none has: O for Q or D, I or L for 1.
    pub fn is_misread(typed: &str) -> bool {
        let code: String = typed.chars().filter_map(meant).collect();
        let six = code.chars().count() == LENGTH && code.bytes().all(|b| b.is_ascii_alphanumeric());
        six && code.bytes().any(|byte| !ALPHABET.contains(&byte))
    }

    /// Its six characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `typed` as a code has it; `None` for what stands between characters.
fn meant(typed: char) -> Option<char> {
    let half = match typed {
        '！'..='～' => char::from_u32(typed as u32 - 0xFEE0).unwrap_or(typed),
        other => other,
    };
    let between = half.is_whitespace() || "-_.·‐–—:：,，。【】[]()".contains(half);
    (!between).then(|| half.to_ascii_uppercase())
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_read_back() {
        for bits in [0, 1, 31, 31 * 31, u64::MAX, 0x1234_5678_9abc_def0] {
            let code = Code::draw(bits);
            assert_eq!(Code::read(code.as_str()), Some(code.clone()), "{code}");
        }
        assert_ne!(Code::draw(1), Code::draw(2));
    }

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        for (typed, expected) in [
            ("A7K9M2", Some("A7K9M2")),
            (" a7k 9m2 ", Some("A7K9M2")),
            ("Ａ７Ｋ－９Ｍ２", Some("A7K9M2")),
            ("【a7k-9m2】。", Some("A7K9M2")),
            ("A7K9M", None),
            ("A7K9M22", None),
            ("A7K9MO", None),
            ("着火了怎么", None),
            ("", None),
        ] {
            assert_eq!(Code::read(typed).as_ref().map(Code::as_str), expected, "{typed}");
        }
    }

    #[test]
    fn a_misread_character_is_told_from_nonsense() {
        for (typed, expected) in [
            ("A7K9MO", true),
            ("a7k 90m", true),
            ("I7K9M2", true),
            ("A7K9M2", false),
            ("A7K9", false),
            ("着火了怎么办", false),
        ] {
            assert_eq!(Code::is_misread(typed), expected, "{typed}");
        }
    }
}
