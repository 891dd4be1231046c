//! What the sentence encoder does alone, on every core: the ceiling of all that answers by meaning.

use std::path::Path;
use std::time::Instant;

use fenghuo_search::encoder::Encoder;

use super::post::Kind;

/// As many as the machine of the benchmark has cores.
pub(crate) const THREADS: usize = 2;

/// Questions a second, each one distinct.
pub(crate) fn rate(questions: usize) -> f64 {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("search/encoder/use-zh-en.bin");
    let encoder = Encoder::from_bytes(std::fs::read(model).expect("the model is there"));
    let encoder = encoder.expect("it loads");
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let encoder = &encoder;
            scope.spawn(move || {
                for number in (thread..questions).step_by(THREADS) {
                    std::hint::black_box(encoder.encode(&Kind::Question.text(number)));
                }
            });
        }
    });
    questions as f64 / begun.elapsed().as_secs_f64()
}
