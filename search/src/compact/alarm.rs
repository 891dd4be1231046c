//! The danger patterns as editors wrote them, for the browser to see what is happening now while somebody types.
//!
//! `site/assets/danger.js` reads the same pattern language and weighs with the same points, but hears no sounds and has
//! no impression: it only decides whether the way to 119 stands above the results.

use fenghuo_content::Library;
use serde_json::{Value, json};

/// The patterns of `library`.
pub(super) fn alarm(library: &Library) -> Value {
    let lexicon = &library.lexicon;
    let dangers = lexicon.dangers.iter();
    json!({
        "v": library.hash,
        "sets": lexicon.sets,
        "now": lexicon.now,
        "notNow": lexicon.not_now,
        "dangers": dangers.map(|danger| json!([danger.triggers, danger.counter])).collect::<Vec<_>>(),
    })
}
