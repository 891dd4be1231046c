//! A question as it is looked up: normalised, cut, weighted.

use std::collections::HashSet;

use fenghuo_content::Kind;

use crate::analysis::{Glyph, Normaliser, Repair, Segmenter, Terms, is_small_talk, units};
use crate::index::{Asked, View, Vocabulary, WordId};

/// Characters read from either end of a long question.
const ENDS: usize = 200;

/// Weight of a synonym beside the word itself.
const SYNONYM: f32 = 0.6;

/// Most terms of one view that are looked up.
const MOST_TERMS: usize = 80;

/// A question ready to be looked up.
#[derive(Debug)]
pub(crate) struct Query {
    /// The whole question, normalised.
    pub(crate) text: String,
    /// Its words that say what about, each once.
    pub(crate) words: Vec<Word>,
    /// Sum of their weights.
    pub(crate) weight: f32,
    pub(crate) terms: Terms,
    /// In the form documents' questions have.
    pub(crate) asked: Asked,
    /// Written in Latin letters that are no pinyin.
    pub(crate) english: bool,
    /// Asks what must not be done.
    pub(crate) forbidding: bool,
    /// Years it names.
    pub(crate) years: Vec<String>,
    /// Kinds of document it asks for by name.
    kinds: Vec<Kind>,
}

/// Words that ask for a kind of document.
const KIND_WORDS: [(Kind, &[&str]); 6] = [
    (
        Kind::Lesson,
        &[
            "教案",
            "消防课",
            "安全课",
            "班会",
            "一堂课",
            "告家长书",
            "练习单",
            "课件",
            "备课",
            "上课用",
        ],
    ),
    (Kind::Quiz, &["测验", "考题", "试题", "测试题", "知识竞赛", "小测"]),
    (Kind::Checklist, &["自查表", "检查表", "自查", "清单", "检查项", "对照检查"]),
    (
        Kind::Case,
        &[
            "那次",
            "那场",
            "案例",
            "火灾案",
            "火灾死",
            "特大火灾",
            "大火死",
            "死了多少人",
            "死了几个",
            "怎么起的",
            "的火灾",
            "火灾原因",
            "火灾 原因",
        ],
    ),
    (Kind::Guide, &["一步一步", "一步步", "带着我"]),
    (Kind::Board, &["进展", "完成多少", "建了多少"]),
];

/// What a question is read with.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) normaliser: &'a Normaliser,
    pub(crate) segmenter: &'a Segmenter,
    pub(crate) repair: &'a Repair,
    pub(crate) vocabulary: &'a Vocabulary,
}

/// A word of a question.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) id: Option<WordId>,
    pub(crate) weight: f32,
}

impl Query {
    pub(crate) fn new(question: &str, reading: &Reading<'_>) -> Self {
        let Reading { normaliser, segmenter, repair, vocabulary } = *reading;
        let text = normaliser.normalise(question);
        let read = repair.repair(&ends(&text), segmenter);
        let mut terms = Terms::of(segmenter, &read);
        for view in [&mut terms.words, &mut terms.bigrams, &mut terms.pinyin] {
            once(view);
        }
        let words: Vec<Word> = terms
            .words
            .iter()
            .filter(|word| !is_small_talk(word))
            .map(|word| Word {
                text: word.clone(),
                id: vocabulary.id(word),
                weight: vocabulary.weight(word, segmenter),
            })
            .collect();
        let mut ids: Vec<WordId> = words.iter().filter_map(|word| word.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let asked = Asked {
            words: ids,
            bigrams: terms.bigrams.iter().cloned().collect(),
            pinyin: terms.pinyin.iter().cloned().collect(),
            text: read.clone(),
        };
        let english = is_english(&read);
        let named = KIND_WORDS.iter().filter(|(_, cues)| cues.iter().any(|cue| read.contains(cue)));
        Self {
            weight: words.iter().map(|word| word.weight).sum(),
            words,
            terms,
            asked,
            english,
            forbidding: forbids(&read),
            years: years(&read),
            kinds: named.map(|(kind, _)| *kind).collect(),
            text,
        }
    }

    /// What a kind of document has ahead of others: knowledge is written to answer, a guide to be walked through.
    pub(crate) fn prior(&self, kind: Kind) -> f32 {
        if self.kinds.contains(&kind) {
            return 1.6;
        }
        match kind {
            Kind::Knowledge => 0.6,
            Kind::Case | Kind::Guide => 0.2,
            Kind::Lesson | Kind::Quiz | Kind::Checklist | Kind::Notice | Kind::Page => 0.0,
            Kind::Bulletin | Kind::Board => -0.2,
        }
    }

    /// Share of the question's weight in words that stand in `text`.
    pub(crate) fn held(&self, text: &str) -> f32 {
        let held = self.words.iter().filter(|word| text.contains(&word.text));
        held.map(|word| word.weight).sum::<f32>() / self.weight.max(f32::EPSILON)
    }

    /// Weighted terms for the index.
    pub(crate) fn index_terms<'a>(
        &'a self,
        vocabulary: &'a Vocabulary,
    ) -> Vec<(View, &'a str, f32)> {
        let pinyin = if self.terms.spelled { 2.5 } else { 0.4 };
        let mut out: Vec<(View, &str, f32)> = Vec::new();
        let mut seen = HashSet::new();
        let small = |word: &str| if is_small_talk(word) { 0.15 } else { 1.0 };
        for word in self.terms.words.iter().take(MOST_TERMS) {
            out.push((View::Words, word, small(word)));
            seen.insert(word.as_str());
        }
        for word in &self.words {
            let others = vocabulary.synonyms(&word.text).iter();
            let others = others.filter(|other| vocabulary.is_held(other) && seen.insert(other));
            out.extend(others.map(|other| (View::Words, other.as_str(), SYNONYM)));
        }
        let bigrams = self.terms.bigrams.iter().take(MOST_TERMS);
        out.extend(bigrams.map(|term| (View::Bigrams, term.as_str(), small(term))));
        let sounds = self.terms.pinyin.iter().take(MOST_TERMS);
        out.extend(sounds.map(|term| (View::Pinyin, term.as_str(), pinyin)));
        out
    }
}

/// The first and the last 200 characters of a long text.
fn ends(text: &str) -> String {
    let count = text.chars().count();
    if count <= 2 * ENDS {
        return text.to_owned();
    }
    let head = text.chars().take(ENDS);
    head.chain(std::iter::once('\n')).chain(text.chars().skip(count - ENDS)).collect()
}

fn once(terms: &mut Vec<String>) {
    let mut seen = HashSet::new();
    terms.retain(|term| seen.insert(term.clone()));
}

fn is_english(text: &str) -> bool {
    let units = units(text);
    let words = units.iter().filter(|unit| matches!(unit.glyph, Glyph::Word(_))).count();
    let han = units.iter().filter(|unit| matches!(unit.glyph, Glyph::Han(_))).count();
    words >= 2 && words > han
}

/// Years written in digits in `text`.
pub(crate) fn years(text: &str) -> Vec<String> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let year = |n: &&str| n.len() == 4 && (n.starts_with("19") || n.starts_with("20"));
    numbers.filter(year).map(str::to_owned).collect()
}

fn forbids(text: &str) -> bool {
    const ASKS: [&str; 12] = [
        "不能用",
        "不可以用",
        "不能拿",
        "不能做",
        "不该做",
        "不要做",
        "不适合",
        "不能灭",
        "哪些不能",
        "什么不能",
        "啥不能",
        "禁止",
    ];
    ASKS.iter().any(|ask| text.contains(ask))
}
