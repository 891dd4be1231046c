//! How documents say it: 119 where it belongs, no words that are wrong, short sentences, figures with a source.

use std::sync::LazyLock;

use rayon::prelude::*;
use regex::Regex;

use super::text::{Line, lines};
use super::{law, phrases};
use crate::kind::Urgency;
use crate::markdown::plain_text;
use crate::{Content, Diagnostic, Document, Lang, Library};

/// Characters at the head of an answer within which the number is named.
fn early(lang: Lang) -> usize {
    match lang {
        Lang::Zh => 160,
        Lang::En => 400,
    }
}

/// Whom to call when it burns or somebody is hurt.
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(^|\D)(119|120|12119|110|122)(\D|$)").expect("a constant pattern")
});

/// Checks the wording of all documents.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    library.documents().par_iter().flat_map_iter(document).collect()
}

/// Checks the wording of one document.
pub(super) fn document(document: &Document) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let lines = lines(document);
    for line in &lines {
        wrong_words(document, line, &mut faults);
    }
    emergency_number(document, &mut faults);
    for source in &document.meta.sources {
        let named = format!("{} {}", source.title, source.article.as_deref().unwrap_or_default());
        for (law, words) in law::cited(&named) {
            let message = format!("来源“{words}”：{}", law.why);
            faults.push(Diagnostic::error(&document.path, 1, law.id, message, law.instead));
        }
    }
    faults
}

fn wrong_words(document: &Document, line: &Line, faults: &mut Vec<Diagnostic>) {
    let wrong = phrases::found(&line.text)
        .into_iter()
        .map(|(phrase, words)| (phrase.id, words, phrase.why, phrase.instead));
    let outdated = law::cited(&line.text)
        .into_iter()
        .map(|(law, words)| (law.id, words, law.why, law.instead));
    for (id, words, why, instead) in wrong.chain(outdated) {
        let message = format!("“{words}”：{why}");
        faults.push(Diagnostic::error(&document.path, line.number, id, message, instead));
    }
}

/// What is happening now names 119, and early.
fn emergency_number(document: &Document, faults: &mut Vec<Diagnostic>) {
    let (text, line, message) = match &document.content {
        Content::Knowledge(knowledge) if knowledge.urgency == Urgency::Now => (
            plain_text(&knowledge.answer).chars().take(early(document.lang)).collect(),
            knowledge.answer.first().map_or(1, |block| block.line),
            "正在发生的事，答案开头没有 119",
        ),
        Content::Guide(guide) => (
            guide.steps.iter().map(|step| plain_text(&step.blocks)).collect::<String>(),
            guide.steps.first().map_or(1, |step| step.line),
            "分步指引里没有 119",
        ),
        _ => return,
    };
    if !NUMBERS.is_match(&text) {
        let help = "头两行就写打 119（救人打 120，山火打 12119）";
        faults.push(Diagnostic::error(&document.path, line, "missing-119", message, help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hotline_that_ends_in_119_is_not_119() {
        assert!(NUMBERS.is_match("打119，说清地方") && NUMBERS.is_match("打 12119。"));
        assert!(!NUMBERS.is_match("打96119举报") && !NUMBERS.is_match("第1190号"));
    }
}
