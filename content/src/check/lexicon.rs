//! The lexicon as its files are written: what is empty, said twice or at odds with itself, each with its line.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use crate::{Diagnostic, Files};

pub(super) const WORDS: &str = "lexicon/words.txt";
pub(super) const SYNONYMS: &str = "lexicon/synonyms.toml";
pub(super) const EMERGENCIES: &str = "lexicon/emergencies.toml";

/// Longest word the segmenter is given, in characters; longer ones are sentences.
const LONGEST_WORD: usize = 12;

#[derive(Deserialize)]
struct Synonyms {
    #[serde(default)]
    group: Vec<Spanned<Group>>,
}

#[derive(Deserialize)]
struct Group {
    words: Vec<Spanned<String>>,
}

type Patterns = Vec<Spanned<String>>;

#[derive(Deserialize)]
struct Emergencies {
    #[serde(default)]
    now: Patterns,
    #[serde(default)]
    not_now: Patterns,
    #[serde(default)]
    sets: BTreeMap<Spanned<String>, Patterns>,
    #[serde(default)]
    danger: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    id: Spanned<String>,
    #[serde(default)]
    triggers: Patterns,
    #[serde(default)]
    counter: Patterns,
}

/// Faults of the lexicon files; what TOML itself cannot read is told by its reader.
pub(super) fn files(files: &Files) -> Vec<Diagnostic> {
    let mut faults = words(files);
    faults.extend(synonyms(files));
    faults.extend(emergencies(files));
    faults
}

/// A file with its faults so far.
struct Page<'a> {
    path: &'static str,
    text: &'a str,
    faults: Vec<Diagnostic>,
}

impl<'a> Page<'a> {
    fn of(files: &'a Files, path: &'static str) -> Option<Self> {
        let text = std::str::from_utf8(files.bytes(path)?).ok()?;
        Some(Self { path, text, faults: Vec::new() })
    }

    fn line_of<T>(&self, place: &Spanned<T>) -> u32 {
        let before = &self.text.as_bytes()[..place.span().start.min(self.text.len())];
        1 + u32::try_from(before.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(0)
    }

    fn error(&mut self, line: u32, rule: &'static str, message: String, help: &str) {
        self.faults.push(Diagnostic::error(self.path, line, rule, message, help));
    }

    fn warn(&mut self, line: u32, rule: &'static str, message: String, help: &str) {
        self.faults.push(Diagnostic::warning(self.path, line, rule, message, help));
    }

    /// Names every entry of `list` that is empty or was there before.
    fn entries(&mut self, list: &Patterns, whose: &str) {
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for entry in list {
            let line = self.line_of(entry);
            let text = entry.as_ref().trim();
            if text.is_empty() {
                self.error(line, "lexicon-empty", format!("{whose}有空的一项"), "删掉空的一项");
            } else if let Some(first) = seen.insert(text, line) {
                let message = format!("{whose}里 `{text}` 写了两次，第 {first} 行已经有");
                self.warn(line, "lexicon-twice", message, "删掉一个");
            }
        }
    }

    /// Names every entry of `list` that stands in `other` as well.
    fn conflicts(&mut self, list: &Patterns, other: &Patterns, what: &str) {
        for entry in list {
            let text = bare(entry.as_ref());
            let twin = other.iter().find(|twin| bare(twin.as_ref()) == text);
            if let Some(twin) = twin.filter(|_| !text.is_empty()) {
                let (line, twin) = (self.line_of(entry), self.line_of(twin));
                let message = format!("{what}：`{text}`，另一处在第 {twin} 行");
                self.error(line, "lexicon-conflict", message, "只留在一边");
            }
        }
    }
}

/// A pattern without its marks of strength.
fn bare(pattern: &str) -> &str {
    pattern.trim().trim_start_matches(['?', '!'])
}

/// `词 [frequency]`: what is said twice, what is no word, what would never be cut or always.
fn words(files: &Files) -> Vec<Diagnostic> {
    let Some(mut page) = Page::of(files, WORDS) else { return Vec::new() };
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (line, text) in (1..).zip(page.text.lines()) {
        let mut parts = text.split('#').next().unwrap_or_default().split_whitespace();
        let Some(word) = parts.next() else { continue };
        if parts.next() == Some("0") {
            let message = format!("`{word}` 的词频是 0，等于没写");
            page.error(line, "lexicon-word", message, "去掉 0，或写大一点的数字");
        }
        let length = word.chars().count();
        let spelled = word.chars().all(char::is_alphanumeric);
        if length < 2 || !spelled {
            let message = format!("`{word}` 不是一个词");
            page.error(line, "lexicon-word", message, "写两个字以上的词，不带标点符号");
        } else if length > LONGEST_WORD {
            let message = format!("`{word}` 太长，像一句话");
            page.warn(line, "lexicon-word", message, "拆成几个词");
        }
        if let Some(first) = seen.insert(word.to_lowercase(), line) {
            let message = format!("`{word}` 写了两次，第 {first} 行已经有");
            page.warn(line, "lexicon-twice", message, "删掉一个");
        }
    }
    page.faults
}

/// Groups must have two words or more, and a word belongs to one group only: it would join both in one direction.
fn synonyms(files: &Files) -> Vec<Diagnostic> {
    let Some(mut page) = Page::of(files, SYNONYMS) else { return Vec::new() };
    let Ok(all) = toml::from_str::<Synonyms>(page.text) else { return Vec::new() };
    let mut owners: HashMap<String, (usize, u32)> = HashMap::new();
    for (number, group) in all.group.iter().enumerate() {
        let words = &group.as_ref().words;
        page.entries(words, "这一组同义词");
        if words.len() < 2 {
            let line = page.line_of(group);
            let message = "一组同义词不到两个词".to_owned();
            page.error(line, "lexicon-empty", message, "每组至少两个词");
        }
        for word in words.iter().filter(|word| !word.as_ref().trim().is_empty()) {
            let line = page.line_of(word);
            let first =
                *owners.entry(word.as_ref().trim().to_lowercase()).or_insert((number, line));
            if first.0 != number {
                let message = format!("`{}` 在第 {} 行那一组也有", word.as_ref(), first.1);
                page.error(line, "lexicon-conflict", message, "合成一组，或只留在一组里");
            }
        }
    }
    page.faults
}

static SET: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("<([^<>]+)>").expect("a fixed pattern compiles"));

fn emergencies(files: &Files) -> Vec<Diagnostic> {
    let Some(mut page) = Page::of(files, EMERGENCIES) else { return Vec::new() };
    let Ok(all) = toml::from_str::<Emergencies>(page.text) else { return Vec::new() };
    page.entries(&all.now, "now ");
    page.entries(&all.not_now, "not_now ");
    page.conflicts(&all.not_now, &all.now, "既说正在发生又说没有发生");
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for class in &all.danger {
        let (id, line) = (class.id.as_ref().as_str(), page.line_of(&class.id));
        if let Some(first) = seen.insert(id, line) {
            let message = format!("险情 `{id}` 写了两次，第 {first} 行已经有");
            page.error(line, "lexicon-conflict", message, "合成一类，或换一个编号");
        }
        if class.triggers.is_empty() {
            let message = format!("险情 `{id}` 没有触发词");
            page.error(line, "lexicon-empty", message, "至少写一个触发词");
        }
        page.entries(&class.triggers, &format!("`{id}` 的触发词"));
        page.entries(&class.counter, &format!("`{id}` 的反例"));
        page.conflicts(&class.counter, &class.triggers, &format!("`{id}` 的触发词和反例相同"));
    }
    sets(&mut page, &all);
    page.faults
}

/// Sets: none empty, none without use, none used that is not there.
fn sets(page: &mut Page<'_>, all: &Emergencies) {
    let classes = all.danger.iter().flat_map(|class| class.triggers.iter().chain(&class.counter));
    let patterns = all.now.iter().chain(&all.not_now).chain(classes);
    let mut used = Vec::new();
    for pattern in patterns.chain(all.sets.values().flatten()) {
        for name in SET.captures_iter(pattern.as_ref()).filter_map(|found| found.get(1)) {
            used.push(name.as_str().to_owned());
            if !all.sets.keys().any(|known| known.as_ref() == name.as_str()) {
                let line = page.line_of(pattern);
                let message = format!("没有叫 `<{}>` 的一组词", name.as_str());
                page.error(line, "lexicon-set", message, "在 [sets] 里写上，或改名字");
            }
        }
    }
    for (name, words) in &all.sets {
        let (line, name) = (page.line_of(name), name.as_ref());
        page.entries(words, &format!("`<{name}>` "));
        if words.is_empty() {
            let message = format!("`<{name}>` 是空的");
            page.error(line, "lexicon-empty", message, "写上词，或删掉这一组");
        }
        if !used.contains(name) {
            let message = format!("`<{name}>` 没有用到");
            page.warn(line, "lexicon-set", message, "删掉，或在触发词里用它");
        }
    }
}
