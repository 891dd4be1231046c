//! How a sentence is read: its clauses, and whether a clause tells readers to do an act, not to, or neither.
//!
//! Chinese negates before the act (`不要泼水`), after it (`泼水不行`), by what comes of it (`一泼水就炸`) and by a
//! heading (`不要做：…`). What is asked, told as a story or quoted to be refuted advises nothing.

use std::ops::Range;

use regex::Regex;

use super::grammar::{EXCUSES, GRAMMAR, PERMISSIONS};

/// What a clause does with an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stance {
    /// It tells readers to do it.
    Advised,
    /// It tells them not to, or what comes of it.
    Forbidden,
    /// It only mentions it.
    Mentioned,
}

/// A sentence that states something, cut into clauses.
pub(super) struct Sentence {
    pub(super) text: String,
    clauses: Vec<Range<usize>>,
    /// From this clause on everything stands below a forbidding heading.
    forbidden_from: usize,
}

/// The sentences of `text`, each with the mark that ends it.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['。', '！', '？', '；', '\n'])
}

impl Sentence {
    /// Reads `text`; nothing where it is a question, a story or a refutation.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = affirmed(&breaks_for_spaces(text.trim()));
        let mut clauses = Vec::new();
        let mut forbidden_from = usize::MAX;
        let mut start = 0;
        for (at, mark) in
            text.char_indices().filter(|(_, c)| "，；：。！？,;:!（）()\n".contains(*c))
        {
            if matches!(mark, '：' | ':') && GRAMMAR.lead.is_match(&calm(&text[start..at])) {
                forbidden_from = forbidden_from.min(clauses.len() + 1);
            }
            clauses.push(start..at);
            start = at + mark.len_utf8();
        }
        clauses.push(start..text.len());
        clauses.retain(|clause| !text[clause.clone()].trim().is_empty());
        // `怎么办，快泼水` asks first and advises then; only a question at the end makes the whole a question.
        let last = clauses.last()?;
        let asked = text.ends_with('？') || asks(&text[last.clone()]);
        let told = [&GRAMMAR.story, &GRAMMAR.rebuttal, &GRAMMAR.pointer]
            .iter()
            .any(|mark| mark.is_match(&text));
        (!asked && !told).then_some(Self { text, clauses, forbidden_from })
    }

    /// The first clause that advises `act`.
    pub(super) fn advised(&self, act: &Regex) -> Option<&str> {
        self.find(act, |stance| stance == Stance::Advised)
    }

    /// The first clause that makes the false `claim`; negations inside the claim are part of it.
    pub(super) fn claimed(&self, claim: &Regex) -> Option<&str> {
        self.clauses.iter().enumerate().find_map(|(index, range)| {
            let clause = &self.text[range.clone()];
            let hit = claim.find(clause)?;
            let before = calm(&clause[..hit.start()]);
            // What comes of it may be part of the claim (`不能先关阀，会回火`).
            let refuted = index >= self.forbidden_from
                || GRAMMAR.prohibition.is_match(&before)
                || asks(clause)
                || GRAMMAR.refusal.is_match(&clause[hit.end()..])
                || clause[hit.end()..].starts_with('的');
            (!refuted).then(|| clause.trim())
        })
    }

    fn find(&self, act: &Regex, wanted: impl Fn(Stance) -> bool) -> Option<&str> {
        let hits = |index: usize, range: Range<usize>, across: Option<usize>| {
            let clause = &self.text[range.clone()];
            act.find_iter(clause)
                .filter(|hit| across.is_none_or(|comma| hit.range().contains(&comma)))
                .any(|hit| wanted(self.stance(act, index, &range, hit.range())))
                .then(|| clause.trim())
        };
        let within = (0..self.clauses.len())
            .find_map(|index| hits(index, self.clauses[index].clone(), None));
        // `楼道宽敞，纸箱先放着`: what is done may be said in the next clause.
        within.or_else(|| {
            (1..self.clauses.len()).find_map(|next| {
                let (one, two) = (&self.clauses[next - 1], &self.clauses[next]);
                let comma = self.text[one.end..two.start].starts_with('，');
                comma.then(|| hits(next, one.start..two.end, Some(one.end - one.start)))?
            })
        })
    }

    /// What the text at `range`, which ends with clause `index`, does with the act at `hit` in it.
    fn stance(&self, act: &Regex, index: usize, range: &Range<usize>, hit: Range<usize>) -> Stance {
        let clause = &self.text[range.clone()];
        if asks(clause) {
            return Stance::Mentioned;
        }
        if index >= self.forbidden_from || negated(act, clause, &hit) {
            return Stance::Forbidden;
        }
        let refused = GRAMMAR.refusal.is_match(&clause[hit.end..]);
        if refused || self.comes_to_grief(range.start + hit.start) {
            return Stance::Forbidden;
        }
        if mentions(clause, &hit) { Stance::Mentioned } else { Stance::Advised }
    }

    /// Whether what follows byte `from` tells of harm that the act does.
    fn comes_to_grief(&self, from: usize) -> bool {
        let rest = self.text[from..].replace("一点就着", "");
        let end = GRAMMAR.otherwise.find(&rest).map_or(rest.len(), |hit| hit.start());
        GRAMMAR.consequence.is_match(&rest[..end])
    }
}

/// Whether `clause` asks; what is to be found out by looking is no question.
fn asks(clause: &str) -> bool {
    GRAMMAR.question.is_match(&GRAMMAR.indirect.replace_all(clause, ""))
}

/// Whether the act at `hit` is negated by what stands before or inside it.
fn negated(act: &Regex, clause: &str, hit: &Range<usize>) -> bool {
    let before = calm(&clause[..hit.start]);
    let inside = &clause[hit.clone()];
    if GRAMMAR.adjacent.is_match(&before) || negates_inside(act, inside) {
        return true;
    }
    // `走不了就跳窗`: what cannot be done is the condition, the act comes after `就`.
    let condition =
        before.rfind('就').filter(|_| !EXCUSES.iter().any(|word| before.contains(word)));
    let governed = condition.map_or(before.as_str(), |at| &before[at..]);
    let whole = calm(&format!("{governed}{inside}"));
    // `出不去`: whether 不 negates depends on the verb after it, which may be the first of the act.
    let first = inside.chars().next().map(String::from).unwrap_or_default();
    GRAMMAR.prohibition.is_match(&whole)
        || GRAMMAR.not.is_match(&calm(&format!("{governed}{first}")))
}

/// Whether a negation stands inside the act; one that the act is itself written with (`整夜不关`) does not negate it.
fn negates_inside(act: &Regex, inside: &str) -> bool {
    let mut rest = calm(inside);
    for (at, no) in act.as_str().match_indices('不') {
        let own: String = act.as_str()[at..].chars().take(2).collect();
        if own.chars().count() == 2 && own != no {
            rest = rest.replace(&own, "");
        }
    }
    ["不", "没有", "未", "勿", "莫", "甭", "禁", "避免"].iter().any(|no| rest.contains(no))
}

/// Whether the clause speaks of the act at `hit` without telling anybody to do it.
fn mentions(clause: &str, hit: &Range<usize>) -> bool {
    let after = &clause[hit.end..];
    let permitted = PERMISSIONS.iter().any(|word| clause.contains(word));
    // `整夜通电的电热毯` describes a thing; `可以用水浇的` tells.
    let relative = ["着的", "了的", "住的", "过的"].iter().any(|mark| {
        let inside =
            clause[hit.clone()].replace("烧着的", "").replace("燃着的", "").replace("点着的", "");
        inside.contains(mark)
    });
    let describes = relative
        || after.starts_with('的') && after.chars().count() > 1
        || (clause.ends_with('的') && after.chars().count() <= 2 && !permitted);
    // `放炮、烧荒、进浓烟` counts things up.
    let counts_up = clause.matches('、').count() >= 2 && !permitted;
    // `容易烤着`: it comes of something else.
    describes
        || GRAMMAR.befalls.is_match(&clause[..hit.start])
        || counts_up
        || GRAMMAR.subject.is_match(after)
        || GRAMMAR.sight.is_match(&clause[..hit.end])
}

/// `text` without the words that only calm or hurry.
fn calm(text: &str) -> String {
    GRAMMAR.reassurance.replace_all(text, "").into_owned()
}

/// `text` with its double negatives said plainly: `不能不浇` and `非浇不可` tell to do it.
fn affirmed(text: &str) -> String {
    let text = GRAMMAR.doubled.replace_all(text, "必须");
    GRAMMAR.insisted.replace_all(&text, "必须$1").into_owned()
}

/// Between Chinese characters a space stands for a comma, as people type it.
fn breaks_for_spaces(text: &str) -> String {
    let chinese = |c: Option<char>| c.is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() && chinese(out.chars().next_back()) && chinese(chars.peek().copied()) {
            out.push('，');
        } else {
            out.push(c);
        }
    }
    out
}
