//! One spelling for one thing: width, case, traditional characters, invisible characters, stutter.

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::UnicodeNormalization;

use crate::Error;

/// Longest question that is read, in characters.
const MAX_CHARS: usize = 10_000;

/// How often a character may stand in a row; digits are exempt (`1000`).
const MAX_REPEAT: usize = 2;

/// Normalises text; holds the tables for traditional characters.
pub(crate) struct Normaliser {
    characters: OpenCC,
    taiwan: OpenCC,
}

impl Normaliser {
    pub(crate) fn new() -> Result<Self, Error> {
        let load =
            |config| OpenCC::from_config(config).map_err(|error| Error::Language(Box::new(error)));
        Ok(Self { characters: load(BuiltinConfig::T2s)?, taiwan: load(BuiltinConfig::Tw2sp)? })
    }

    /// `text` in simplified, lower-case, half-width characters without invisible ones, at most 10,000 characters.
    pub(crate) fn normalise(&self, text: &str) -> String {
        let plain: String = text
            .chars()
            .take(MAX_CHARS)
            .nfkc()
            .flat_map(char::to_lowercase)
            .map(straighten)
            .collect();
        let visible = collapse(&plain);
        if visible.is_ascii() { visible } else { self.simplify(visible) }
    }

    /// Only text with traditional characters goes through the phrase table (會著火 → 会着火): it would read
    /// simplified words as Taiwan's, and 么 as 幺.
    fn simplify(&self, text: String) -> String {
        if self.characters.convert(&text).replace('幺', "么") == text {
            return text;
        }
        self.taiwan.convert(&text).replace('幺', "么")
    }
}

/// Line breaks and odd spaces become a space; 。-like marks of other scripts stay.
fn straighten(c: char) -> char {
    match c {
        '\n' | '\r' => '\n',
        c if c.is_whitespace() => ' ',
        '〇' => '零',
        '\u{2018}' | '\u{2019}' => '\'',
        c => c,
    }
}

/// Without invisible characters, and no character more than twice in a row.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = '\0';
    let mut run = 0;
    for c in text.chars().filter(|c| !invisible(*c)) {
        run = if c == last { run + 1 } else { 1 };
        last = c;
        let limit = if c.is_ascii_digit() {
            usize::MAX
        } else if c.is_alphanumeric() {
            MAX_REPEAT
        } else {
            1
        };
        if run <= limit {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

fn invisible(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::Normaliser;

    fn check(input: &str, expected: &str) {
        let normaliser = Normaliser::new().expect("tables are embedded");
        assert_eq!(normaliser.normalise(input), expected, "{input:?}");
    }

    #[test]
    fn one_thing_has_one_spelling() {
        check("１１９", "119");
        check("電動車樓道充電會著火嗎", "电动车楼道充电会着火吗");
        check("KTV　进门", "ktv 进门");
        check("怎么办", "怎么办");
        check("着\u{200b}火\u{feff}了", "着火了");
        check("啊啊啊啊啊着火了！！！！", "啊啊着火了!");
        check("损失1000万", "损失1000万");
        check("  a\u{0}b \t c ", "ab c");
        check("", "");
    }

    #[test]
    fn no_more_than_ten_thousand_characters_are_read() {
        let normaliser = Normaliser::new().expect("tables are embedded");
        let long = "火灾".repeat(50_000);
        assert_eq!(normaliser.normalise(&long).chars().count(), 10_000);
    }
}
