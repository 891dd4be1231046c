//! What a match can begin with, as a small filter: cheap to ask, and it never turns away what could match.

use super::program::is_number;
use crate::analysis::{Glyph, Sound, Unit};

/// Bits of one kind.
const BITS: u32 = 256;

/// First units of a pattern or of a part of one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filter {
    written: [u64; 4],
    heard: [u64; 4],
    number: bool,
    mark: bool,
    anything: bool,
}

/// A unit of a text, hashed once for all patterns.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trace {
    written: Option<u8>,
    /// Sounds it may be taken by.
    heard: [Option<u8>; 2],
    number: bool,
    mark: bool,
}

impl Trace {
    /// Of `unit`; `slip` where it may be a homophone.
    pub(super) fn of(unit: &Unit, slip: bool) -> Self {
        let sound = |at: usize| Some(unit.sounds[at]).filter(|s| *s != 0).map(place_of_sound);
        let heard = match unit.glyph {
            Glyph::Syllable => [sound(0), sound(1)],
            Glyph::Han(_) if slip => [sound(0), None],
            _ => [None, None],
        };
        Self {
            written: place_of(&unit.glyph),
            heard,
            number: is_number(unit),
            mark: matches!(unit.glyph, Glyph::Stop | Glyph::Pause),
        }
    }
}

impl Filter {
    /// Lets everything pass, also the end of the text.
    pub(super) fn open() -> Self {
        Self { anything: true, ..Self::default() }
    }

    pub(super) fn number() -> Self {
        Self { number: true, ..Self::default() }
    }

    pub(super) fn mark() -> Self {
        Self { mark: true, ..Self::default() }
    }

    pub(super) fn unit(unit: &Unit) -> Self {
        let Some(place) = place_of(&unit.glyph) else { return Self::open() };
        let mut filter = Self::default();
        set(&mut filter.written, place);
        for sound in unit.sounds.iter().filter(|sound| **sound != 0) {
            set(&mut filter.heard, place_of_sound(*sound));
        }
        filter
    }

    pub(super) fn or(mut self, other: &Self) -> Self {
        for (own, other) in self.written.iter_mut().zip(other.written) {
            *own |= other;
        }
        for (own, other) in self.heard.iter_mut().zip(other.heard) {
            *own |= other;
        }
        self.number |= other.number;
        self.mark |= other.mark;
        self.anything |= other.anything;
        self
    }

    /// Whether a match could begin at a unit with this trace; none at the end of the text.
    pub(super) fn lets(&self, trace: Option<&Trace>) -> bool {
        if self.anything {
            return true;
        }
        let Some(trace) = trace else { return false };
        trace.written.is_some_and(|place| has(&self.written, place))
            || trace.heard.iter().flatten().any(|place| has(&self.heard, *place))
            || (self.number && trace.number)
            || (self.mark && trace.mark)
    }
}

fn set(bits: &mut [u64; 4], place: u8) {
    bits[usize::from(place / 64)] |= 1 << (place % 64);
}

fn has(bits: &[u64; 4], place: u8) -> bool {
    bits[usize::from(place / 64)] & (1 << (place % 64)) != 0
}

fn place_of(glyph: &Glyph) -> Option<u8> {
    match glyph {
        Glyph::Han(c) => Some(mixed(u32::from(*c))),
        Glyph::Word(word) => {
            Some(mixed(word.bytes().fold(0x811c_9dc5, |hash, byte| {
                (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            })))
        }
        Glyph::Syllable | Glyph::Stop | Glyph::Pause => None,
    }
}

fn place_of_sound(sound: Sound) -> u8 {
    mixed(u32::from(sound))
}

fn mixed(number: u32) -> u8 {
    (number.wrapping_mul(0x9e37_79b1) >> 16).to_le_bytes()[0]
}

const _: () = assert!(BITS == u8::MAX as u32 + 1, "a place is one byte");

#[cfg(test)]
mod tests {
    use super::{Filter, Trace};
    use crate::analysis::units;

    fn lets(pattern: &str, text: &str, slip: bool) -> bool {
        let pattern =
            units(pattern).iter().map(Filter::unit).fold(Filter::default(), |a, b| a.or(&b));
        pattern.lets(units(text).first().map(|unit| Trace::of(unit, slip)).as_ref())
    }

    #[test]
    fn what_could_match_passes() {
        assert!(lets("火烟", "烟", false));
        assert!(lets("火烟", "货", true), "a homophone where slips count");
        assert!(!lets("火烟", "货", false));
        assert!(lets("火烟", "huo yan", false));
        assert!(lets("火烟", "hou yan", false), "typed carelessly");
        assert!(!lets("火烟", "", false));
        assert!(!lets("火烟", "。", false));
        assert!(Filter::open().lets(None));
        assert!(Filter::mark().lets(Some(&Trace::of(&units("火。")[1], false))));
        assert!(Filter::number().lets(Some(&Trace::of(&units("119")[0], false))));
    }
}
