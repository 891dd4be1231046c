//! The same thing said to be right in one place and wrong in another: title against answer, answer against body,
//! document against document.
//!
//! A clause with a word such as `能` or `不要` is a claim. Without that word and without small words it is a key; two
//! claims with one key must have one sign. A title or heading that asks (`能不能…`) makes a claim of the bare `可以` or
//! `不行` below it.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::clause::sentences;
use super::text::{Line, Part, lines};
use crate::{Diagnostic, Document, Lang, Library};

/// Shorter keys mean too many things.
const SHORTEST: usize = 5;

/// Between documents, where conditions differ more.
const SHORTEST_BETWEEN: usize = 7;

/// Words that make a claim: what they are about, whether they affirm, the words.
const MODALS: &[(char, bool, &str)] = &[
    (
        '能',
        false,
        "千万不要|千万别|一律不得|绝对不能|绝不能|不能够?|不可以|不要|不得|不准|不许|不应该?|不该|不可|不宜|不行|严禁|禁止|切勿|切忌|别",
    ),
    ('能', true, "可以|能够|应该|应当|必须|一定要|能|应|要"),
    ('用', false, "不用|不必|不需要|没必要|无需|用不着"),
    ('用', true, "需要|有必要|得要"),
    ('会', false, "不会"),
    ('会', true, "会"),
    ('是', false, "不是"),
    ('是', true, "就是|是"),
];

/// How a yes-or-no question is asked: what about, the words.
const ASKED: &[(char, &str)] = &[
    ('能', "能不能|可不可以|可以不可以|该不该|应不应该|要不要|行不行|行吗|可以吗|好不好|对不对"),
    ('用', "用不用|需不需要|有没有必要|有必要吗"),
    ('会', "会不会"),
    ('是', "是不是"),
];

/// Words left out of keys.
const SMALL: &str = "的|了|着|吗|呢|啊|呀|吧|就|也|都|还|请|里|时候|时|来|去|在|给|把|将|一定|千万|到底|究竟|其实|绝对|直接|马上|赶紧|立即|立刻|[^\\p{L}\\p{N}]";

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(Grammar::new);

struct Grammar {
    modals: Vec<(char, bool, Regex)>,
    asked: Vec<(char, Regex)>,
    asks: Regex,
    small: Regex,
    yes: Regex,
    no: Regex,
    condition: Regex,
}

impl Grammar {
    fn new() -> Self {
        let regex = |pattern: &str| Regex::new(pattern).expect("a constant pattern");
        Self {
            modals: MODALS.iter().map(|(what, sign, words)| (*what, *sign, regex(words))).collect(),
            asked: ASKED.iter().map(|(what, words)| (*what, regex(words))).collect(),
            asks: regex(
                "[？?]|吗|呢$|什么|怎么|咋|哪|谁|几|多少|为啥|还是|是否|能否|不能不|(.)不$",
            ),
            small: regex(SMALL),
            yes: regex("^(可以|能|能的|行|对|对的|要|应该|应当|需要|会|会的|是|是的|没错|有必要)$"),
            no: regex(
                "^(不可以|不能|不行|不对|不要|千万不要|千万别|别|绝对不行|不应该|不该|不需要|不用|不必|不会|不是|没必要|没用|不可)$",
            ),
            condition: regex(
                "(时|时候|后|以前|之前|前|了|的话|就)$|^(如果|要是|只要|只有|除非|遇到|假如|没有|没|万一|一旦|不管)",
            ),
        }
    }

    /// The claim a clause makes: what about, its key, whether it affirms.
    fn claim(&self, clause: &str) -> Option<(String, bool)> {
        if self.asks.is_match(clause) || clause.ends_with('的') {
            return None;
        }
        let (what, sign, hit) = self
            .modals
            .iter()
            .filter_map(|(what, sign, regex)| Some((*what, *sign, regex.find(clause)?)))
            .min_by_key(|(_, _, hit)| (hit.start(), std::cmp::Reverse(hit.end())))?;
        let rest = format!("{}{}", &clause[..hit.start()], &clause[hit.end()..]);
        // A second such word changes the sense of the first (`可以不用`, `不能不`).
        let once =
            !self.modals.iter().any(|(_, _, regex)| regex.is_match(&rest)) && !rest.contains('不');
        once.then(|| (self.key(what, &rest), sign))
    }

    fn key(&self, what: char, text: &str) -> String {
        let text = self.small.replace_all(text, "").to_lowercase();
        // `楼道里给电动车充电` and `给电动车在楼道充电` say the same.
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        std::iter::once(what).chain(letters).collect()
    }

    /// Key of a yes-or-no question.
    fn question(&self, text: &str) -> Option<String> {
        let asked = self.asked.iter().find_map(|(what, regex)| {
            regex.is_match(text).then(|| self.key(*what, &regex.replace(text, "")))
        });
        let tagged = || {
            let plain = text.trim_end_matches(['？', '?']).strip_suffix('吗')?;
            let (what, _, hit) = self
                .modals
                .iter()
                .filter(|(_, sign, _)| *sign)
                .find_map(|(what, sign, regex)| Some((*what, *sign, regex.find(plain)?)))?;
            Some(self.key(what, &format!("{}{}", &plain[..hit.start()], &plain[hit.end()..])))
        };
        asked.or_else(tagged)
    }

    /// Whether a clause is a bare yes or no.
    fn bare(&self, clause: &str) -> Option<bool> {
        let clause = clause.trim();
        match (self.yes.is_match(clause), self.no.is_match(clause)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// Something a document says.
struct Claim<'d> {
    document: &'d Document,
    line: u32,
    affirms: bool,
    words: String,
}

/// Claims that contradict each other, in one document or in two that share a topic.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut known: HashMap<String, Vec<Claim<'_>>> = HashMap::new();
    for document in library.documents().iter().filter(|document| document.lang == Lang::Zh) {
        for (key, claim) in claims(document) {
            let others = known.entry(key.clone()).or_default();
            if let Some(other) = others.iter().find(|other| contradicts(&key, &claim, other)) {
                faults.push(fault(&claim, other));
            }
            // One of each sign and document is enough to meet every later one.
            let told = |other: &Claim<'_>| {
                other.affirms == claim.affirms && other.document.id == claim.document.id
            };
            if !others.iter().any(told) {
                others.push(claim);
            }
        }
    }
    faults
}

fn contradicts(key: &str, one: &Claim<'_>, other: &Claim<'_>) -> bool {
    let same = one.document.id == other.document.id;
    let near =
        one.document.meta.topics.iter().any(|topic| other.document.meta.topics.contains(topic));
    let long = key.chars().count() > SHORTEST_BETWEEN;
    one.affirms != other.affirms && (same || near && long)
}

fn fault(claim: &Claim<'_>, other: &Claim<'_>) -> Diagnostic {
    let place = if claim.document.id == other.document.id {
        format!("第 {} 行", other.line)
    } else {
        format!("{} 第 {} 行", other.document.path, other.line)
    };
    let message = format!("“{}”和{place}的“{}”说反了", claim.words, other.words);
    let help = "对着来源核一遍，两处写成一样；条件不同就把条件写进同一句";
    Diagnostic::error(&claim.document.path, claim.line, "contradiction", message, help)
}

/// All claims of `document` with their keys.
fn claims(document: &Document) -> Vec<(String, Claim<'_>)> {
    let mut found = Vec::new();
    let lines = lines(document);
    let title = GRAMMAR.question(&document.meta.title);
    let mut asked = title.clone();
    let mut seen = [false; 2];
    for line in lines.iter().filter(|line| line.part != Part::Told) {
        match line.part {
            Part::Title => {}
            Part::Heading => asked = GRAMMAR.question(&line.text),
            part => {
                // The title is replied to by the answer and by what stands first in the body.
                let opening = usize::from(part != Part::Answer);
                let question = asked.take().or_else(|| title.clone().filter(|_| !seen[opening]));
                seen[opening] |= part != Part::Summary;
                found.extend(reply(document, line, question));
                found.extend(statements(document, line));
            }
        }
    }
    found
}

/// What a bare yes or no at the head of `line` says about the `question` above it.
fn reply<'d>(
    document: &'d Document,
    line: &Line,
    question: Option<String>,
) -> Option<(String, Claim<'d>)> {
    let key = question.filter(|key| key.chars().count() >= SHORTEST)?;
    let first = line.text.split(['，', '。', '！', '；', '：', ',', '\n']).next()?;
    let affirms = GRAMMAR.bare(first)?;
    Some((key, Claim { document, line: line.number, affirms, words: first.trim().to_owned() }))
}

fn statements<'d>(document: &'d Document, line: &Line) -> Vec<(String, Claim<'d>)> {
    let mut found = Vec::new();
    for sentence in sentences(&line.text) {
        if sentence.ends_with(['？', '?']) {
            continue;
        }
        let mut before = String::new();
        for clause in sentence.split(['，', '。', '！', '；', '：', ',']) {
            if let Some((key, affirms)) = GRAMMAR.claim(clause)
                && key.chars().count() > SHORTEST
            {
                let words = clause.trim().to_owned();
                let claim = Claim { document, line: line.number, affirms, words };
                found.push((format!("{key}{before}"), claim));
            }
            before = if GRAMMAR.condition.is_match(clause.trim()) {
                GRAMMAR.key('若', clause)
            } else {
                String::new()
            };
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_have_a_key_and_a_sign() {
        for (one, other) in [
            ("电动车可以在楼道里充电", "电动车不能在楼道充电"),
            ("油锅着火要端锅", "油锅着火千万别端锅"),
            ("湿毛巾能防毒烟", "湿毛巾不能防毒烟"),
            ("灭火器会过期", "灭火器不会过期"),
        ] {
            let (one, other) = (GRAMMAR.claim(one), GRAMMAR.claim(other));
            let (Some((key, true)), Some((same, false))) = (&one, &other) else {
                panic!("{one:?} {other:?}");
            };
            assert_eq!(key, same);
        }
        assert_eq!(GRAMMAR.claim("不能不报警的地方"), None);
        assert_eq!(GRAMMAR.claim("楼道能不能充电"), None);
    }

    #[test]
    fn questions_have_the_key_of_their_reply() {
        let key = GRAMMAR.claim("电动车可以在楼道充电").map(|(key, _)| key);
        for question in
            ["电动车能不能在楼道充电", "电动车在楼道充电行不行？", "电动车可以在楼道充电吗？"]
        {
            assert_eq!(GRAMMAR.question(question), key, "{question}");
        }
        assert_eq!(GRAMMAR.question("电动车怎么充电"), None);
        assert_eq!(
            (GRAMMAR.bare("不行"), GRAMMAR.bare("可以"), GRAMMAR.bare("走")),
            (Some(false), Some(true), None)
        );
    }
}
