//! How easily a text is read, heard and sent: hard words, long sentences, texts longer than a channel shows.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;
use regex::Regex;

use super::text::{Line, Part, lines};
use crate::markdown::{Section, plain_text};
use crate::{Content, Diagnostic, Document, Kind, Lang, Library};

/// Sentences longer than this are hard to follow by ear.
const LONG_SENTENCE: usize = 60;

/// Where readers are told to act, letters and figures of a sentence.
const LONG_ACTION: usize = 30;

/// A title is one line on a phone and in a list.
const LONG_TITLE: usize = 30;

/// A loudspeaker script takes under two minutes to read aloud.
const LONG_SCRIPT: usize = 400;

/// `WeChat` shows 600 characters in one message, and a passage is sent as one.
const LONG_SECTION: usize = 600;

/// Hard words, each with a plain one.
static HARD: LazyLock<(AhoCorasick, Vec<(&str, &str)>)> = LazyLock::new(|| {
    let words: Vec<(&str, &str)> = include_str!("hard-words.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words.iter().map(|(hard, _)| hard))
        .expect("a few hundred short words");
    (automaton, words)
});

/// A sentence that tells facts or law is no call to act.
static FACTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"第[一二三四五六七八九十百\d ]+条|《|〔|[\d一二三四五六七八九十] ?(年|月|%|万|元|人|起|度|℃|ppm)|规定|法律|标准|条号|(法|条例)要求")
        .expect("a constant pattern")
});

/// Checks all Chinese documents.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    let chinese = library.documents().par_iter().filter(|document| document.lang == Lang::Zh);
    chinese.flat_map_iter(document).collect()
}

/// Checks how one document reads.
pub(super) fn document(document: &Document) -> Vec<Diagnostic> {
    let mut check = Check { document, faults: Vec::new() };
    check.channels();
    if !matches!(document.kind(), Kind::Page | Kind::Bulletin | Kind::Board) {
        for line in lines(document) {
            check.hard_words(&line);
            check.sentences(&line);
        }
    }
    check.faults
}

struct Check<'d> {
    document: &'d Document,
    faults: Vec<Diagnostic>,
}

impl Check<'_> {
    fn warn(&mut self, line: u32, rule: &'static str, message: String, help: impl Into<String>) {
        self.faults.push(Diagnostic::warning(&self.document.path, line, rule, message, help));
    }

    fn hard_words(&mut self, line: &Line) {
        // What happened is told in the words of the report.
        if line.part == Part::Told {
            return;
        }
        let (automaton, words) = &*HARD;
        for hit in automaton.find_iter(&line.text) {
            let (hard, plain) = words[hit.pattern().as_usize()];
            let message = format!("“{hard}”不好懂");
            self.warn(line.number, "hard-word", message, format!("换成“{plain}”这样的白话"));
        }
    }

    fn sentences(&mut self, line: &Line) {
        let acting = matches!(line.part, Part::Answer | Part::Message | Part::Script)
            || line.part == Part::Body && self.document.kind() == Kind::Guide;
        for sentence in line.text.split(['。', '！', '？', '；', '\n']) {
            let length = sentence.chars().filter(|c| !c.is_whitespace()).count();
            let spoken = sentence.chars().filter(|c| c.is_alphanumeric()).count();
            let start: String = sentence.trim().chars().take(12).collect();
            if length > LONG_SENTENCE {
                let message = format!("“{start}…”这句有 {length} 字，念起来跟不上");
                self.warn(line.number, "sentence-long", message, "拆成两句，一句只说一件事");
            } else if acting && spoken > LONG_ACTION && !FACTS.is_match(sentence) {
                let message = format!("“{start}…”叫人做事，一句有 {spoken} 字");
                self.warn(
                    line.number,
                    "action-long",
                    message,
                    "拆成几句，一句一个动作，最多 30 字",
                );
            }
        }
    }

    fn channels(&mut self) {
        let title = self.document.meta.title.chars().count();
        if title > LONG_TITLE {
            let message = format!("标题有 {title} 字，手机上一行放不下");
            self.warn(1, "title-long", message, "缩到 30 字以内");
        }
        if let Content::Notice(notice) = &self.document.content {
            let length = spoken(&notice.script);
            if length > LONG_SCRIPT {
                let message = format!("广播稿有 {length} 字，念起来超过两分钟");
                let help = "缩到 400 字以内，细节放进后面各节";
                let fault = Diagnostic::error(
                    &self.document.path,
                    notice.script.line,
                    "script-long",
                    message,
                    help,
                );
                self.faults.push(fault);
            }
        }
        for section in sections(self.document) {
            let length = spoken(section);
            if length > LONG_SECTION {
                let message = format!("“{}”这一节有 {length} 字，聊天里一条放不下", section.title);
                self.warn(section.line, "section-long", message, "拆成两节，每节最多 600 字");
            }
        }
    }
}

/// Characters of a section as a chat shows them.
fn spoken(section: &Section) -> usize {
    plain_text(&section.blocks).chars().filter(|c| !c.is_whitespace()).count()
}

/// Sections that a chat sends whole.
fn sections(document: &Document) -> &[Section] {
    match &document.content {
        Content::Knowledge(knowledge) => &knowledge.body.sections,
        Content::Notice(notice) => &notice.details,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hard_word_stands_once_with_a_plain_one_that_is_not_hard() {
        let (automaton, words) = &*HARD;
        assert!(words.len() >= 150, "{}", words.len());
        let distinct: std::collections::HashSet<_> = words.iter().map(|(hard, _)| hard).collect();
        assert_eq!(distinct.len(), words.len());
        for (hard, plain) in words {
            assert!(!plain.is_empty() && !automaton.is_match(plain), "{hard}: {plain}");
        }
    }
}
