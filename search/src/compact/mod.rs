//! The compact index: what a browser needs to find documents by itself, on a host that only serves files.
//!
//! Everything is cut, counted and turned into sounds here. The base names documents and says how large their questions
//! and passages are; the parts hold, by term, where it stands. A question needs the base and the few parts its own
//! pairs of characters and sounds lie in. `site/assets/find.js` reads them and weighs with the same features and
//! weights as the engine does without vectors.

mod alarm;
mod base;
mod gather;
mod part;

use fenghuo_content::Library;

use crate::Error;
use crate::analysis::{Normaliser, Segmenter};
use crate::index::{Catalog, Reader};
use gather::Gathered;

/// Parts for words and pairs of characters.
const PAIRS: u32 = 512;

/// Parts for pairs of sounds.
const SOUNDS: u32 = 128;

/// One file of the index.
pub struct CompactFile {
    /// `base`, `words`, `danger`, `p0` … for words and pairs of characters, `s0` … for pairs of sounds.
    pub name: String,
    /// JSON.
    pub bytes: Vec<u8>,
}

/// The index of one library as files.
pub struct Compact {
    /// All files, in the order of [`Compact::names`].
    pub files: Vec<CompactFile>,
}

impl Compact {
    /// Names of the files of every index.
    pub fn names() -> impl Iterator<Item = String> {
        let fixed = ["base", "words", "danger"].into_iter().map(str::to_owned);
        let pairs = (0..PAIRS).map(|at| format!("p{at}"));
        fixed.chain(pairs).chain((0..SOUNDS).map(|at| format!("s{at}")))
    }

    /// The index of `library`.
    ///
    /// # Errors
    /// When the tables of traditional characters cannot be read.
    pub fn new(library: &Library) -> Result<Self, Error> {
        let normaliser = Normaliser::new()?;
        let segmenter = Segmenter::new(&library.lexicon);
        let reader = Reader { normaliser: &normaliser, segmenter: &segmenter };
        let catalog = Catalog::new(library, reader);
        let gathered = Gathered::new(library, &catalog, reader);
        let base = base::base(library, &catalog, &gathered, reader);
        let words = base::words(library, &catalog, &segmenter);
        let parts = part::parts(&library.hash, &catalog, &gathered, &segmenter);
        let values = [base, words, alarm::alarm(library)].into_iter().chain(parts);
        let files = Self::names()
            .zip(values)
            .map(|(name, value)| CompactFile { name, bytes: value.to_string().into_bytes() });
        Ok(Self { files: files.collect() })
    }
}

/// The part among `parts` that a term beginning with `first` and `second` lies in; the script counts the same way.
fn place(first: char, second: char, parts: u32) -> u32 {
    (u32::from(first).wrapping_mul(31).wrapping_add(u32::from(second))) % parts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fenghuo_content::Library;
    use serde_json::Value;

    use super::{Compact, PAIRS, place};

    fn index() -> BTreeMap<String, Value> {
        let compact = Compact::new(&Library::default()).expect("tables are embedded");
        let read = |bytes: &[u8]| serde_json::from_slice(bytes).expect("every file is JSON");
        compact.files.iter().map(|file| (file.name.clone(), read(&file.bytes))).collect()
    }

    #[test]
    fn an_empty_library_has_an_index_of_the_same_files() {
        let index = index();
        assert_eq!(index.len(), Compact::names().count());
        assert_eq!(index["base"]["docs"], Value::Array(Vec::new()));
    }

    #[test]
    fn every_file_names_the_library_it_belongs_to() {
        let index = index();
        for (name, value) in &index {
            assert_eq!(value["v"], index["base"]["v"], "{name}");
        }
    }

    #[test]
    fn a_term_lies_in_the_part_its_first_two_characters_name() {
        assert_eq!(place('灭', '火', PAIRS), (0x706d * 31 + 0x706b) % 512);
    }
}
