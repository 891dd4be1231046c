//! Texts: what residents write, spoiled; pieces of the rules themselves; and noise of every script.

use fenghuo_content::Library;

use crate::random::Random;

/// Most characters of a question.
const MOST: usize = 10_000;

/// Marks that have broken readers of text before.
const ODD: [char; 24] = [
    '\0',
    '\n',
    '\r',
    '\t',
    '\u{b}',
    '\u{85}',
    '\u{a0}',
    '\u{ad}',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{202e}',
    '\u{2028}',
    '\u{3000}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{fffd}',
    '\u{301}',
    '\u{1f525}',
    '\u{20e3}',
    '０',
    'ｶ',
    'ﷺ',
    '㌀',
];

const SYLLABLES: [&str; 16] = [
    "zhao", "huo", "le", "mei", "qi", "lou", "dao", "xian", "jiu", "ming", "dian", "che", "yan",
    "xi'an", "lv", "nve",
];

pub(crate) struct Texts {
    /// Questions, titles, patterns and words of the library.
    pieces: Vec<String>,
}

impl Texts {
    pub(crate) fn of(library: &Library) -> Self {
        let mut pieces = Vec::new();
        for document in library.documents() {
            pieces.push(document.meta.title.clone());
            pieces.extend(document.questions().iter().map(ToString::to_string));
        }
        let lexicon = &library.lexicon;
        let classes = lexicon.dangers.iter();
        pieces
            .extend(classes.flat_map(|class| class.triggers.iter().chain(&class.counter)).cloned());
        pieces.extend(lexicon.now.iter().chain(&lexicon.not_now).cloned());
        pieces.extend(lexicon.sets.values().flatten().cloned());
        pieces.extend(lexicon.synonyms.iter().flatten().cloned());
        Self { pieces }
    }

    /// A text of any kind.
    pub(crate) fn any(&self, random: &mut Random) -> String {
        let mut text = match random.below(8) {
            0 => noise(random),
            1 => spelled(random),
            2 => random.pick(&self.pieces).clone(),
            _ => self.joined(random),
        };
        if !random.one_in(3) {
            text = spoiled(&text, random);
        }
        if random.one_in(2_000) {
            let times = MOST / text.chars().count().max(1) + 1;
            text = text.repeat(times);
        }
        text.chars().take(MOST).collect()
    }

    fn joined(&self, random: &mut Random) -> String {
        let between = ["", "，", "。", " ", "了", "\n", "？"];
        let count = 1 + random.below(4);
        let parts: Vec<&str> = (0..count).map(|_| random.pick(&self.pieces).as_str()).collect();
        parts.join(*random.pick(&between))
    }
}

fn character(random: &mut Random) -> char {
    let (from, to) = *random.pick(&[
        (0x20_u32, 0x7f),
        (0x4e00, 0x9fa6),
        (0x4e00, 0x9fa6),
        (0x3400, 0x4dc0),
        (0x2_0000, 0x2_a6e0),
        (0x3000, 0x3100),
        (0xff00, 0xfff0),
        (0xc0, 0x600),
        (0x1_f300, 0x1_f700),
        (0x0, 0x11_0000),
    ]);
    char::from_u32(from + random.below((to - from) as usize) as u32).unwrap_or('火')
}

fn noise(random: &mut Random) -> String {
    let length = random.below(60);
    (0..length)
        .map(|_| if random.one_in(6) { *random.pick(&ODD) } else { character(random) })
        .collect()
}

fn spelled(random: &mut Random) -> String {
    let between = ["", " ", "'", "，"];
    let gap = *random.pick(&between);
    let count = 1 + random.below(20);
    let parts: Vec<&str> = (0..count).map(|_| *random.pick(&SYLLABLES)).collect();
    parts.join(gap)
}

/// Characters lost, doubled, exchanged, put in between, repeated.
fn spoiled(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(chars.len() + 1);
        match random.below(6) {
            0 if at < chars.len() => {
                chars.remove(at);
            }
            1 if at + 1 < chars.len() => chars.swap(at, at + 1),
            2 if at < chars.len() => chars[at] = character(random),
            3 if at < chars.len() => {
                let again = std::iter::repeat_n(chars[at], 1 + random.below(8));
                chars.splice(at..at, again);
            }
            4 => chars.insert(at, *random.pick(&ODD)),
            _ => chars.truncate(at.max(1)),
        }
    }
    chars.into_iter().collect()
}
