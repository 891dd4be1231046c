//! The normaliser of the model's own vocabulary: width, compatibility forms and white space, by the table that came with
//! it, so that a text is cut as it was when the model was trained.

/// What stands for a space in pieces: U+2581.
const SPACE: &[u8] = "\u{2581}".as_bytes();

/// A double-array trie (darts-clone) of what is replaced, and what it is replaced by.
#[derive(Debug)]
pub(super) struct Normaliser {
    units: Vec<u32>,
    replaced: Vec<u8>,
}

impl Normaliser {
    pub(super) fn new(units: Vec<u32>, replaced: Vec<u8>) -> Self {
        Self { units, replaced }
    }

    /// The text as pieces are looked up in it: UTF-8, with a mark in front of every word; empty for white space.
    pub(super) fn normalise(&self, text: &str) -> Vec<u8> {
        let mut rest = text.as_bytes();
        while let (b" ", length) = self.prefix(rest)
            && length > 0
        {
            rest = &rest[length..];
        }
        let mut out = Vec::with_capacity(rest.len() + SPACE.len());
        if rest.is_empty() {
            return out;
        }
        out.extend_from_slice(SPACE);
        let mut after_space = true;
        while !rest.is_empty() {
            let (mut piece, length) = self.prefix(rest);
            rest = &rest[length..];
            while let (true, [b' ', tail @ ..]) = (after_space, piece) {
                piece = tail;
            }
            for byte in piece {
                if *byte == b' ' { out.extend_from_slice(SPACE) } else { out.push(*byte) }
            }
            after_space = piece.last().map_or(after_space, |last| *last == b' ');
        }
        while out.ends_with(SPACE) {
            out.truncate(out.len() - SPACE.len());
        }
        out
    }

    /// What the longest known beginning of `text` becomes, and its length; else the first character as it is.
    fn prefix<'a>(&'a self, text: &'a [u8]) -> (&'a [u8], usize) {
        match self
            .longest(text)
            .and_then(|(value, length)| Some((self.replacement(value)?, length)))
        {
            Some(found) => found,
            None => {
                let length = character(text);
                (&text[..length], length)
            }
        }
    }

    fn longest(&self, text: &[u8]) -> Option<(u32, usize)> {
        let unit = |at: usize| self.units.get(at).copied();
        let mut found = None;
        let mut node = offset(unit(0)?);
        for (i, byte) in text.iter().enumerate() {
            node ^= usize::from(*byte);
            let Some(here) = unit(node).filter(|here| here & 0x8000_00ff == u32::from(*byte))
            else {
                break;
            };
            node ^= offset(here);
            if here & 0x100 != 0 {
                found = unit(node).map(|leaf| (leaf & 0x7fff_ffff, i + 1));
            }
        }
        found
    }

    fn replacement(&self, value: u32) -> Option<&[u8]> {
        let tail = self.replaced.get(usize::try_from(value).ok()?..)?;
        tail.split(|byte| *byte == 0).next()
    }
}

fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}

/// Bytes of the first character of UTF-8.
pub(super) fn character(text: &[u8]) -> usize {
    let length = match text.first() {
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf7) => 4,
        _ => 1,
    };
    length.min(text.len())
}
