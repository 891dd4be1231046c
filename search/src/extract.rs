//! Pieces of a text cut at the borders of sentences; a wrong belief and its correction never part.

use crate::query::Query;

/// At most `limit` characters of `text` from its beginning, whole sentences.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.trim_end().to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for sentence in sentences(text) {
        used += sentence.chars().count();
        if used > limit && !out.is_empty() {
            break;
        }
        out.push_str(sentence);
    }
    out.trim_end().to_owned()
}

/// At most `limit` characters of `text`: a run of sentences that holds most of what `query` asks.
pub(crate) fn extract(text: &str, limit: usize, query: &Query) -> String {
    if text.chars().count() <= limit {
        return text.trim_end().to_owned();
    }
    let sentences = sentences(text);
    let weight = |sentence: &str| -> f32 {
        query
            .words
            .iter()
            .filter(|word| sentence.contains(&word.text))
            .map(|word| word.weight)
            .sum()
    };
    let mut best = (0.0_f32, 0);
    for start in 0..sentences.len() {
        let mut used = 0;
        let held: f32 = sentences[start..]
            .iter()
            .take_while(|sentence| {
                used += sentence.chars().count();
                used <= limit
            })
            .map(|sentence| weight(sentence))
            .sum();
        if held > best.0 + 0.01 {
            best = (held, start);
        }
    }
    shorten(&sentences[best.1..].concat(), limit)
}

/// Sentences with their marks and line breaks; a line with ✗ stays whole.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.contains('✗') {
            out.push(line);
        } else {
            out.extend(line.split_inclusive(['。', '！', '？', '；', '\n']));
        }
    }
    out
}
