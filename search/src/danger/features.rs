//! What the impression of a text is made of: short runs of characters and of sounds, hashed.

use crate::analysis::{Glyph, Unit, sound_name};

/// Buckets of the hash.
pub(super) const BUCKETS: usize = 1 << 16;

/// Longest run.
const RUN: usize = 4;

/// Buckets that `text` fills, each once. Marks do not count: who speaks or panics sets none.
pub(super) fn features(text: &[Unit]) -> Vec<u32> {
    let tokens: Vec<Token> = text.iter().filter_map(Token::of).collect();
    let mut out = Vec::with_capacity(tokens.len() * 10);
    for at in 0..tokens.len() {
        let rest = &tokens[at..];
        runs(rest, 1, |token| token.written, &mut out);
        runs(rest, 2, |token| token.heard, &mut out);
        for apart in [2, 3] {
            let pair = rest[0].written.zip(rest.get(apart).and_then(|token| token.written));
            out.extend(pair.map(|(a, b)| mix(mix(apart as u32, a), b)));
        }
    }
    out.iter_mut().for_each(|hash| *hash = finish(*hash));
    out.sort_unstable();
    out.dedup();
    out
}

/// A unit as it is written and as it sounds, hashed.
#[derive(Clone, Copy)]
struct Token {
    written: Option<u32>,
    heard: Option<u32>,
}

impl Token {
    fn of(unit: &Unit) -> Option<Self> {
        let heard = (unit.sounds[0] != 0).then(|| hash(sound_name(unit.sounds[0])) ^ 0x5bd1_e995);
        let written = match &unit.glyph {
            Glyph::Han(c) => Some(hash(c.encode_utf8(&mut [0; 4]))),
            Glyph::Word(word) if word.bytes().all(|b| b.is_ascii_digit()) => Some(hash("#")),
            Glyph::Word(word) => Some(hash(word)),
            Glyph::Syllable => None,
            Glyph::Stop | Glyph::Pause => return None,
        };
        Some(Self { written, heard: heard.or(written) })
    }
}

/// Hashes of the runs of `shortest` to [`RUN`] tokens at the beginning of `tokens`.
fn runs(tokens: &[Token], shortest: usize, view: fn(&Token) -> Option<u32>, out: &mut Vec<u32>) {
    let mut run = 0;
    for (length, token) in (1..=RUN).zip(tokens) {
        let Some(hash) = view(token) else { return };
        run = mix(run, hash);
        if length >= shortest {
            out.push(run);
        }
    }
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn mix(hash: u32, next: u32) -> u32 {
    (hash.rotate_left(7) ^ next).wrapping_mul(0x9e37_79b1)
}

fn finish(hash: u32) -> u32 {
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
    (hash ^ (hash >> 13)) & (BUCKETS as u32 - 1)
}
