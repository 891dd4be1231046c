//! Which rules can apply to a sentence at all, found in one pass over it.
//!
//! A pattern cannot match where none of the words it needs stands. Those words are read out of the pattern itself, so
//! that no rule has to name them twice; one automaton looks for the words of all rules, and only the rules whose
//! every pattern has one are tried.

use aho_corasick::AhoCorasick;
use regex_syntax::hir::{Class, Hir, HirKind};

/// A language larger than this is not written out.
const MOST_WORDS: usize = 400;

/// One pass over a text tells which of many patterns may match in it.
pub(super) struct Sieve {
    automaton: AhoCorasick,
    /// For each word the patterns that it may open.
    opens: Vec<Vec<u32>>,
    /// Patterns that need no word.
    always: Marks,
}

/// A set of patterns by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    fn none(patterns: usize) -> Self {
        Self(vec![0; patterns.div_ceil(64)])
    }

    fn set(&mut self, pattern: u32) {
        self.0[pattern as usize / 64] |= 1 << (pattern % 64);
    }

    /// Whether `pattern` may match.
    pub(super) fn has(&self, pattern: usize) -> bool {
        self.0[pattern / 64] & (1 << (pattern % 64)) != 0
    }

    /// Whether any may.
    pub(super) fn any(&self) -> bool {
        self.0.iter().any(|word| *word != 0)
    }
}

impl Sieve {
    /// For `patterns`, which all compile.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p str>) -> Self {
        let needs: Vec<Option<Vec<String>>> = patterns.map(words_of).collect();
        let mut always = Marks::none(needs.len());
        let mut by_word: std::collections::BTreeMap<&str, Vec<u32>> =
            std::collections::BTreeMap::new();
        for (pattern, needed) in (0..).zip(&needs) {
            match needed {
                None => always.set(pattern),
                Some(words) => {
                    words.iter().for_each(|word| by_word.entry(word).or_default().push(pattern));
                }
            }
        }
        let automaton = AhoCorasick::new(by_word.keys()).expect("a few thousand short words");
        Self { automaton, opens: by_word.into_values().collect(), always }
    }

    /// The patterns that may match in `text`.
    pub(super) fn marks(&self, text: &str) -> Marks {
        let mut marks = self.always.clone();
        for hit in self.automaton.find_overlapping_iter(text) {
            self.opens[hit.pattern().as_usize()].iter().for_each(|pattern| marks.set(*pattern));
        }
        marks
    }
}

/// Words one of which stands in whatever `pattern` matches; none where that cannot be told.
fn words_of(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).expect("patterns of the table compile");
    needed(&hir).filter(|words| words.iter().all(|word| !word.is_empty()))
}

/// The most telling set of words of which one is needed for `hir` to match.
fn needed(hir: &Hir) -> Option<Vec<String>> {
    let whole = language(hir).filter(|words| words.iter().all(|word| !word.is_empty()));
    if whole.is_some() {
        return whole;
    }
    match hir.kind() {
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(needed(branch)?);
            }
            Some(all)
        }
        HirKind::Concat(parts) => runs(parts).into_iter().max_by_key(|words| telling(words)),
        _ => None,
    }
}

/// How rarely one of `words` stands in a text: by their length, then by how few they are.
fn telling(words: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = words.iter().map(|word| word.chars().count()).min().unwrap_or(0);
    (shortest, std::cmp::Reverse(words.len()))
}

/// What is needed of each run of `parts` that can be written out, and of each part that cannot.
fn runs(parts: &[Hir]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut run = vec![String::new()];
    for part in parts {
        match language(part).and_then(|words| joined(&run, &words)) {
            Some(longer) => run = longer,
            None => {
                all.push(std::mem::replace(&mut run, vec![String::new()]));
                all.extend(needed(part));
            }
        }
    }
    all.push(run);
    all.retain(|words| words.iter().all(|word| !word.is_empty()));
    all
}

/// Every text that `hir` matches, if they are few.
fn language(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(literal) => Some(vec![String::from_utf8(literal.0.to_vec()).ok()?]),
        HirKind::Class(Class::Unicode(class)) => {
            let characters: Vec<String> = class
                .iter()
                .flat_map(|range| range.start()..=range.end())
                .take(MOST_WORDS + 1)
                .map(String::from)
                .collect();
            (characters.len() <= MOST_WORDS).then_some(characters)
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Capture(capture) => language(&capture.sub),
        HirKind::Repetition(repetition) => {
            let once = language(&repetition.sub)?;
            match (repetition.min, repetition.max) {
                (0, Some(1)) => Some([vec![String::new()], once].concat()),
                (1, Some(1)) => Some(once),
                _ => None,
            }
        }
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(vec![String::new()], |words, part| joined(&words, &language(part)?)),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(language(branch)?);
            }
            (all.len() <= MOST_WORDS).then_some(all)
        }
    }
}

/// Each of `heads` before each of `tails`, if they are few.
fn joined(heads: &[String], tails: &[String]) -> Option<Vec<String>> {
    let few = heads.len() * tails.len() <= MOST_WORDS;
    few.then(|| {
        heads
            .iter()
            .flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}")))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_needed_are_read_out_of_the_pattern() {
        let sorted = |pattern: &str| {
            words_of(pattern).map(|mut words| {
                words.sort();
                words.dedup();
                words.join(" ")
            })
        };
        assert_eq!(sorted("油锅|热油").as_deref(), Some("油锅 热油"));
        assert_eq!(sorted("(泼|浇).{0,8}?凉水").as_deref(), Some("凉水"));
        assert_eq!(sorted("水$|^火").as_deref(), Some("水 火"));
        assert_eq!(sorted("电梯?").as_deref(), Some("电 电梯"));
        assert_eq!(sorted("[^，]{0,3}"), None);
        assert_eq!(sorted("火|.*"), None);
    }

    #[test]
    fn a_pattern_is_tried_where_one_of_its_words_stands() {
        let sieve = Sieve::new(["泼.{0,8}?水", "(坐|乘)电梯", ".*"].into_iter());
        let marks = sieve.marks("赶紧坐电梯，再端盆水");
        assert_eq!([0, 1, 2].map(|pattern| marks.has(pattern)), [true, true, true]);
        assert_eq!([0, 1, 2].map(|p| sieve.marks("走楼梯").has(p)), [false, false, true]);
        assert!(!Sieve::new(["火"].into_iter()).marks("水").any());
    }
}
