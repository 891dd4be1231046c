//! What texts are read with, made once from the lexicon and shared by every version of a library that keeps it.

use std::fmt::{Debug, Write};
use std::sync::Arc;

use fenghuo_content::Lexicon;

use crate::Error;
use crate::analysis::{Normaliser, Repair, Segmenter};
use crate::danger::Rules;
use crate::index::Reader;
use crate::select::Topic;

/// Dictionary, repair, words of the field, danger rules.
#[derive(Clone)]
pub(crate) struct Language {
    reading: Arc<Reading>,
    rules: Arc<Rules>,
    /// Fingerprint of what the rules are made from.
    ruled: u64,
}

struct Reading {
    normaliser: Normaliser,
    segmenter: Segmenter,
    repair: Repair,
    topic: Topic,
    /// Fingerprint of what decides how texts are cut.
    cutting: u64,
}

impl Language {
    pub(crate) fn new(lexicon: &Lexicon) -> Result<Self, Error> {
        let reading = Reading::new(lexicon, cutting(lexicon))?;
        let rules = Rules::compile(lexicon, &reading.segmenter)?;
        Ok(Self { reading: Arc::new(reading), rules: Arc::new(rules), ruled: ruled(lexicon) })
    }

    /// The language of the next `lexicon`; what did not change is shared.
    pub(crate) fn renewed(&self, lexicon: &Lexicon) -> Result<Self, Error> {
        let cutting = cutting(lexicon);
        let reading = if cutting == self.reading.cutting {
            Arc::clone(&self.reading)
        } else {
            Arc::new(Reading::new(lexicon, cutting)?)
        };
        let same = cutting == self.reading.cutting && ruled(lexicon) == self.ruled;
        let rules = if same {
            Arc::clone(&self.rules)
        } else {
            Arc::new(Rules::compile(lexicon, &reading.segmenter)?)
        };
        Ok(Self { reading, rules, ruled: ruled(lexicon) })
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader { normaliser: &self.reading.normaliser, segmenter: &self.reading.segmenter }
    }

    pub(crate) fn repair(&self) -> &Repair {
        &self.reading.repair
    }

    pub(crate) fn topic(&self) -> &Topic {
        &self.reading.topic
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Fingerprint of how texts are cut: equal ones cut alike.
    pub(crate) fn cutting(&self) -> u64 {
        self.reading.cutting
    }
}

impl Reading {
    fn new(lexicon: &Lexicon, cutting: u64) -> Result<Self, Error> {
        let normaliser = Normaliser::new()?;
        let topic = Topic::new(lexicon, &normaliser);
        Ok(Self {
            segmenter: Segmenter::new(lexicon),
            repair: Repair::new(lexicon),
            normaliser,
            topic,
            cutting,
        })
    }
}

fn cutting(lexicon: &Lexicon) -> u64 {
    fingerprint(&(&lexicon.words, &lexicon.synonyms))
}

fn ruled(lexicon: &Lexicon) -> u64 {
    fingerprint(&(&lexicon.dangers, &lexicon.now, &lexicon.not_now, &lexicon.sets))
}

fn fingerprint(value: &impl Debug) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    write!(hash, "{value:?}").expect("a hash takes any text");
    hash.0
}

/// FNV-1a, which is the same on every machine and in every version.
struct Fnv(u64);

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(())
    }
}
