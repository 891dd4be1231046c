//! How documents say it: 119 where it belongs, no words that are wrong, short sentences, figures with a source.

use std::sync::LazyLock;

use rayon::prelude::*;
use regex::Regex;

use super::text::{Line, lines};
use super::{law, phrases};
use crate::kind::Urgency;
use crate::markdown::plain_text;
use crate::{Content, Diagnostic, Document, Kind, Lang, Library};

/// Sentences longer than this are hard to follow by ear.
const LONG_SENTENCE: usize = 60;

/// Checks the wording of all documents.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    library.documents().par_iter().flat_map_iter(of_document).collect()
}

fn of_document(document: &Document) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let lines = lines(document);
    for line in &lines {
        wrong_words(document, line, &mut faults);
        sentences(document, line, &mut faults);
    }
    emergency_number(document, &mut faults);
    promised_numbers(document, &mut faults);
    faults.retain(|fault| !allowed(document, fault));
    faults
}

/// `[[allow]]` silences a rule of wording, never one of danger.
fn allowed(document: &Document, fault: &Diagnostic) -> bool {
    document.meta.allow.iter().any(|(rule, _)| rule == fault.rule)
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

fn sentences(document: &Document, line: &Line, faults: &mut Vec<Diagnostic>) {
    if document.lang != Lang::Zh || matches!(document.kind(), Kind::Page | Kind::Bulletin) {
        return;
    }
    for sentence in line.text.split(['。', '！', '？', '；', '\n']) {
        let length = sentence.chars().filter(|c| !c.is_whitespace()).count();
        if length > LONG_SENTENCE {
            let start: String = sentence.trim().chars().take(12).collect();
            let message = format!("“{start}…”这句有 {length} 字，念起来跟不上");
            let help = "拆成两句，一句只说一件事";
            faults.push(Diagnostic::warning(
                &document.path,
                line.number,
                "sentence-long",
                message,
                help,
            ));
        }
    }
}

/// What is happening now names 119, and early.
fn emergency_number(document: &Document, faults: &mut Vec<Diagnostic>) {
    let Content::Knowledge(knowledge) = &document.content else { return };
    if knowledge.urgency != Urgency::Now {
        return;
    }
    let answer = plain_text(&knowledge.answer);
    if !["119", "120", "12119"].iter().any(|number| answer.contains(number)) {
        let line = knowledge.answer.first().map_or(1, |block| block.line);
        let message = "正在发生的事，答案里没有 119";
        let help = "头两行就写打 119（救人打 120，山火打 12119）";
        faults.push(Diagnostic::error(&document.path, line, "missing-119", message, help));
    }
}

/// Figures of fires and casualties need a source.
fn promised_numbers(document: &Document, faults: &mut Vec<Diagnostic>) {
    static FIGURE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d+(\.\d+)?\s*(万起|亿元|%)").expect("a constant pattern"));
    if !document.meta.sources.is_empty()
        || matches!(document.kind(), Kind::Bulletin | Kind::Board | Kind::Page)
    {
        return;
    }
    for line in lines(document) {
        if let Some(hit) = FIGURE.find(&line.text) {
            let message = format!("数字“{}”没有来源", hit.as_str());
            let help = "加上 [[sources]]，或改成不带数字的说法";
            faults.push(Diagnostic::error(
                &document.path,
                line.number,
                "figure-source",
                message,
                help,
            ));
        }
    }
}
