//! The sentence encoder against the package it was made from, with any text, and with damaged files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use fenghuo_search::encoder::{
    DIMENSIONS, Encoder, Known, Meaning, Progress, Vector, Vectors, texts,
};
use proptest::prelude::*;

use super::LIBRARY;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("encoder")
}

static MODEL: LazyLock<Vec<u8>> =
    LazyLock::new(|| std::fs::read(folder().join("use-zh-en.bin")).expect("the model is there"));

static ENCODER: LazyLock<Arc<Encoder>> =
    LazyLock::new(|| Arc::new(Encoder::from_bytes(MODEL.clone()).expect("the model is whole")));

/// The sentences of `build_expected.py` with what the original package says to them.
fn expected() -> Vec<(String, Vector)> {
    let sentences = std::fs::read_to_string(folder().join("sentences.jsonl")).expect("sentences");
    let bytes = std::fs::read(folder().join("../tests/data/encoder.vec")).expect("vectors");
    let vectors = bytes.as_chunks::<DIMENSIONS>().0.iter();
    let vectors = vectors.map(|values| Vector::of(values.map(u8::cast_signed)));
    let sentences = sentences.lines().map(|line| serde_json::from_str(line).expect("a string"));
    sentences.zip(vectors).collect()
}

#[test]
fn sentences_mean_what_they_mean_to_the_original() {
    let expected = expected();
    assert!(expected.len() >= 100);
    let cosine = |(text, vector): &(String, Vector)| ENCODER.encode(text).cosine(vector);
    let cosines: Vec<f32> = expected.iter().map(cosine).collect();
    for ((text, _), cosine) in expected.iter().zip(&cosines) {
        let short: String = text.chars().take(30).collect();
        // The vocabulary holds neither kana nor Cyrillic nor letters with marks but single ones.
        let foreign = text.contains(['の', 'п', 'Ü', '\u{301}']);
        assert!(foreign || *cosine >= 0.99, "{cosine:.4} for `{short}`");
    }
}

#[test]
fn what_means_the_same_is_nearer_than_what_does_not() {
    for (question, near, far) in [
        ("油锅起火咋办", "锅里的油烧起来了怎么灭", "电动车能在楼道充电吗"),
        ("oil in the pan is on fire", "油锅起火怎么办", "煤气泄漏怎么办"),
        ("滅火器怎麼用", "灭火器的使用方法", "今天天气怎么样"),
    ] {
        let [question, near, far] = [question, near, far].map(|text| ENCODER.encode(text));
        assert!(question.cosine(&near) > question.cosine(&far) + 0.1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_text_has_a_meaning(text in "\\PC{0,60}|[\\x00-\\x7f]{0,40}|[一-龥　-〿！-～]{0,300}") {
        let vector = ENCODER.encode(&text);
        prop_assert!((vector.cosine(&vector) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn a_damaged_model_is_an_error(at in 0..17_000_000_usize, flip in 1..=255_u8, cut: bool) {
        // A byte of the head or of the body, or an end too early; hashing all of it 256 times would take a minute.
        let mut bytes = MODEL[..4096].to_vec();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
        let error = Encoder::from_bytes(bytes).expect_err("damaged");
        prop_assert!(error.to_string().contains("build_model.py"));
    }
}

/// A file of the model's format whose hash is right, whatever it holds.
fn sealed(body: &[u8], magic: &[u8; 8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    [&magic[..], &Sha256::digest(body), body].concat()
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
    for at in [8, 39, 40, 60, MODEL.len() / 2, MODEL.len() - 1] {
        let mut bytes = MODEL.clone();
        bytes[at] ^= 1;
        assert!(Encoder::from_bytes(bytes).is_err(), "byte {at}");
    }
}

#[test]
fn a_model_that_is_wrong_inside_is_an_error_or_at_least_no_panic() {
    let body = &MODEL[40..];
    let heads = [0, 8, 12, 16];
    for at in heads.into_iter().chain((0..body.len()).step_by(body.len() / 8)) {
        for value in [0, 0x7f, 0xff] {
            let mut body = body.to_vec();
            body[at..].iter_mut().take(8).for_each(|byte| *byte = value);
            if let Ok(encoder) = Encoder::from_bytes(sealed(&body, b"FHENC003")) {
                encoder.encode("油锅着火了 what to do ＡＢＣ ①");
            }
        }
    }
    for length in [0, 1, 15, 16, 17, 1000, body.len() - 1] {
        assert!(Encoder::from_bytes(sealed(&body[..length], b"FHENC003")).is_err(), "{length}");
    }
}

#[test]
fn kept_vectors_come_back_and_damaged_ones_are_an_error() {
    let lines = ["油锅着火了怎么办", "电梯能坐吗", ""];
    let vectors = Vectors::build(&lines.map(|line| ENCODER.encode(line)));
    let mut bytes = Vec::new();
    Known::of(&ENCODER, lines, &vectors).write(&mut bytes).expect("memory takes it");
    let again = Known::from_bytes(bytes.clone()).expect("whole");
    assert!(again.is_of(&ENCODER));
    assert_eq!(again.len(), 3);
    assert_eq!(again.vector(lines[1]), Some(ENCODER.encode(lines[1])));
    assert_eq!(again.vector("没有见过的"), None);
    for length in 0..bytes.len() {
        assert!(Known::from_bytes(bytes[..length].to_vec()).is_err(), "{length}");
    }
    for at in (0..bytes.len()).step_by(7) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 4;
        assert!(Known::from_bytes(bytes).is_err(), "{at}");
    }
    let disorder = sealed(&[&bytes[40..72], &bytes[600..], &bytes[72..600]].concat(), b"FHVEC001");
    let error = Known::from_bytes(disorder).expect_err("in disorder");
    assert!(error.to_string().contains("--example vectors"));
}

#[test]
fn the_nearest_are_those_of_a_full_comparison() {
    let questions: Vec<Vector> = expected().into_iter().map(|(_, vector)| vector).collect();
    let vectors = Vectors::build(&questions);
    for question in questions.iter().step_by(10) {
        let mut all: Vec<(usize, f32)> =
            (0..vectors.len()).map(|index| (index, vectors.cosine(index, question))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        assert_eq!(vectors.nearest(question, 7), all[..7]);
    }
    assert_eq!(vectors.nearest(&questions[0], 10_000).len(), questions.len());
    assert!(vectors.nearest(&questions[0], 0).is_empty());
    assert!(Vectors::default().nearest(&questions[0], 3).is_empty());
}

#[test]
fn a_new_library_gets_its_meaning_in_the_background_and_keeps_it() {
    let library = super::small::library();
    let folder = tempfile::tempdir().expect("a folder");
    let cache = folder.path().join("vectors");
    let first = Meaning::start(&library, &ENCODER, &[], Some(&cache));
    let count = first.wait().len();
    assert_eq!(first.progress(), Progress { done: count, total: count });
    let question = ENCODER.encode("油锅起火咋办");
    let near = first.nearest(&question, 3).expect("it is complete");
    assert_eq!(near.len(), 3);
    drop(first);

    let again = Meaning::start(&library, &ENCODER, &[], Some(&cache));
    assert!(again.vectors().is_some(), "all of it is in the cache");
    assert_eq!(again.nearest(&question, 3), Some(near.clone()));

    for file in std::fs::read_dir(&cache).expect("a folder") {
        std::fs::write(file.expect("a file").path(), b"FHVEC001 damaged").expect("written");
    }
    let mended = Meaning::start(&library, &ENCODER, &[], Some(&cache));
    assert_eq!(mended.wait().len(), count);
    assert_eq!(mended.nearest(&question, 3), Some(near));
}

#[test]
fn the_kept_vectors_are_those_of_the_built_in_library() {
    let bytes = std::fs::read(folder().join("library.vec")).expect("the vectors are there");
    let known = Known::from_bytes(bytes).expect("the vectors are whole");
    let advice = "run `cargo run -p fenghuo-search --example vectors` and check `search/encoder/library.vec` in";
    assert!(known.is_of(&ENCODER), "the model has changed: {advice}");
    let all = texts(&LIBRARY);
    let missing: Vec<&str> =
        all.iter().map(|text| &*text.text).filter(|text| known.vector(text).is_none()).collect();
    assert!(
        missing.is_empty(),
        "{} texts of the library have no vector, `{}` among them: {advice}",
        missing.len(),
        missing[0]
    );
    // Every hundredth is what the encoder says today.
    for text in all.iter().step_by(100) {
        let kept = known.vector(&text.text).expect("it is there");
        assert!(kept.cosine(&ENCODER.encode(&text.text)) > 0.999, "`{}`: {advice}", text.text);
    }
}
