//! The base: documents, lengths, the tables a question is read with, and the weights.

use std::collections::BTreeMap;

use fenghuo_content::kind::Urgency;
use fenghuo_content::{Document, Lang, Library};
use serde_json::{Value, json};

use super::gather::Gathered;
use super::part::logarithm;
use super::{PAIRS, SOUNDS};
use crate::analysis::{
    Segmenter, Sound, is_han, is_small_sound, small_talk, sound_name, sounds, spellings,
};
use crate::cue::KIND_WORDS;
use crate::index::{Catalog, Reader};
use crate::rank::{RANK, Things, Weights};

/// The base of the index.
pub(super) fn base(
    library: &Library,
    catalog: &Catalog,
    gathered: &Gathered,
    reader: Reader<'_>,
) -> Value {
    let weights = Weights::built_in();
    let small: Vec<&str> = sorted(small_talk());
    let cues = KIND_WORDS.map(|(kind, cues)| json!([kind.folder(), cues]));
    let characters: String = gathered.characters.iter().collect();
    let common = |c: &char| logarithm(reader.segmenter.frequency(&c.to_string()));
    json!({
        "v": library.hash,
        "parts": [PAIRS, SOUNDS],
        "docs": documents(library, catalog),
        "headings": headings(library, catalog),
        "sizes": sizes(catalog),
        "lengths": lengths(gathered),
        "total": catalog.vocabulary.total(),
        "chars": characters,
        "common": gathered.characters.iter().map(common).collect::<Vec<_>>(),
        "sounds": by_sound(gathered),
        "spellings": spellings().map(|(text, sound)| (text.to_owned(), json!(sound_name(sound)))).collect::<serde_json::Map<_, _>>(),
        "traditional": traditional(gathered, reader),
        "small": small,
        "smallCommon": small.iter().map(|word| logarithm(reader.segmenter.frequency(word))).collect::<Vec<_>>(),
        "smallSounds": sorted(catalog.questions.of_sounds().map(|(pair, _)| pair).filter(|pair| is_small_sound(pair))),
        "kindWords": cues,
        "thingWords": Things::cues().collect::<Vec<_>>(),
        "things": catalog.things.iter().map(|things| things.bits()).collect::<Vec<_>>(),
        "slips": slips(library),
        "weights": {
            "rank": RANK.iter().zip(&weights.of(crate::rank::Mode::Lexical).rank.weights).map(|(n, w)| ((*n).to_owned(), json!(w))).collect::<serde_json::Map<_, _>>(),
            "likeness": weights.likeness,
            "head": weights.look_up.head,
            "body": weights.look_up.body,
            "passages": weights.look_up.passages,
            "questions": weights.look_up.questions,
            "synonym": weights.look_up.synonym,
        },
    })
}

/// Words of the library that are written in characters, with how often they are met, for questions in pinyin.
pub(super) fn words(library: &Library, catalog: &Catalog, segmenter: &Segmenter) -> Value {
    let mut held: Vec<(&str, u32)> = catalog.vocabulary.held().collect();
    held.retain(|(word, _)| word.chars().count() > 1 && word.chars().all(is_han));
    held.sort_unstable();
    let counts = held.iter().map(|(word, documents)| {
        logarithm((20_000 * *documents as usize) + segmenter.frequency(word))
    });
    json!({
        "v": library.hash,
        "counts": counts.collect::<Vec<_>>(),
        "words": held.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" "),
    })
}

/// Address, title, summary, kind, language, urgency, how many questions and passages.
fn documents(library: &Library, catalog: &Catalog) -> Vec<Value> {
    let row = |(document, profile): (&Document, &crate::index::Profile)| {
        let urgency = match profile.urgency {
            Urgency::Now => 0,
            Urgency::Prepare => 1,
            Urgency::Learn => 2,
        };
        json!([
            document.address(),
            document.meta.title,
            document.meta.summary,
            document.kind().folder(),
            document.kind().name(),
            u8::from(document.lang == Lang::En),
            urgency,
            document.questions().len(),
            profile.entries.len(),
        ])
    };
    library.documents().iter().zip(&catalog.profiles).map(row).collect()
}

/// Heading of each passage, with its anchor where that is another word; empty where it is the title.
fn headings(library: &Library, catalog: &Catalog) -> Vec<Value> {
    let heading = |entry: &crate::index::Entry| {
        let title = &library.documents()[entry.document].meta.title;
        let name = if *entry.heading == **title { "" } else { &*entry.heading };
        if *entry.anchor == *name { json!(name) } else { json!([name, &*entry.anchor]) }
    };
    catalog.entries.iter().map(heading).collect()
}

/// Weight of all words, pairs and sounds of each question, in quarters.
fn sizes(catalog: &Catalog) -> [Vec<u32>; 3] {
    [0, 1, 2].map(|view| {
        let sizes = catalog.questions.sizes().iter();
        sizes.map(|size| (size[view] * 4.0).round() as u32).collect()
    })
}

/// Words and pairs of the text of each passage.
fn lengths(gathered: &Gathered) -> [Vec<usize>; 2] {
    [0, 1].map(|view| gathered.lengths.iter().map(|length| length[view]).collect())
}

/// Characters of the library by their usual sound.
fn by_sound(gathered: &Gathered) -> BTreeMap<&'static str, String> {
    let mut out: BTreeMap<&'static str, String> = BTreeMap::new();
    for c in &gathered.characters {
        let sound: Sound = sounds(*c)[0];
        if sound != 0 {
            out.entry(sound_name(sound)).or_default().push(*c);
        }
    }
    out
}

/// Traditional characters, each followed by the simple one the library has for it.
fn traditional(gathered: &Gathered, reader: Reader<'_>) -> String {
    let pair = |c: char| {
        let written = reader.normaliser.normalise(&c.to_string());
        let simple = written.chars().next().filter(|simple| *simple != c)?;
        gathered.characters.contains(&simple).then_some([c, simple])
    };
    ('\u{4e00}'..='\u{9fff}').filter_map(pair).flatten().collect()
}

/// Words of ours that slips of the same sound are put right to.
fn slips(library: &Library) -> String {
    let words = library.lexicon.words.iter().map(|word| word.text.as_str());
    let fitting = words.filter(|word| (3..=6).contains(&word.chars().count()));
    fitting.filter(|word| word.chars().all(is_han)).collect::<Vec<_>>().join(" ")
}

fn sorted<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    words
}
