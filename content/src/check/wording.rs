//! How documents say it: 119 where it belongs, no outdated law, no warning colours, no empty promises, short sentences.

use std::sync::LazyLock;

use rayon::prelude::*;
use regex::Regex;

use super::text::{Line, lines};
use crate::kind::Urgency;
use crate::markdown::plain_text;
use crate::{Content, Diagnostic, Document, Kind, Lang, Library};

/// Sentences longer than this are hard to follow by ear.
const LONG_SENTENCE: usize = 60;

/// A pattern of words that are wrong wherever they stand.
struct Phrase {
    id: &'static str,
    pattern: &'static str,
    why: &'static str,
    instead: &'static str,
}

const PHRASES: &[Phrase] = &[
    Phrase {
        id: "law-air-pollution",
        pattern: "大气污染防治法",
        why: "这部法律 2026-08-15 起废止",
        instead: "改引《生态环境法典》的相应条文",
    },
    Phrase {
        id: "law-public-security",
        pattern: "治安管理处罚法》?第(二十五|三十|五十|25|30|50)条",
        why: "这是旧条号，新法 2026-01-01 起施行",
        instead: "谎报警情引第二十九条，孔明灯引第四十三条，阻碍消防车引第六十一条",
    },
    Phrase {
        id: "standard-outdated",
        pattern: "GB ?17761[—-]2018|GB ?4351\\.1[—-]2005|GB ?50045|GB ?35181[—-]2017",
        why: "这个标准已被代替",
        instead: "改引 GB 17761—2024、GB 4351—2023、GB 50016、GB 35181—2025",
    },
    Phrase {
        id: "warning-colour",
        pattern: "(红|橙|黄|蓝)色(预警|警报|警戒)|预警(信号|等级|级别)?(为|：)?(红|橙|黄|蓝)色",
        why: "预警和颜色只能由有权发布的机关使用",
        instead: "写成提醒，不写颜色；转发预警另有专门的功能",
    },
    Phrase {
        id: "promise",
        pattern: "绝对安全|万无一失|百分之百安全|保证(不会?|安全)|一定(没事|安全|能得救)|绝不会(着火|起火|爆炸)",
        why: "谁也做不到这样的保证",
        instead: "写清能做到什么、还有什么危险",
    },
    Phrase {
        id: "slogan",
        pattern: "高度重视|提高(消防)?(安全)?意识|警钟长鸣|筑牢.{0,6}防线|人人有责",
        why: "口号帮不了人",
        instead: "换成一个具体的动作",
    },
];

static COMPILED: LazyLock<Vec<(&'static Phrase, Regex)>> = LazyLock::new(|| {
    let compile = |phrase: &'static Phrase| {
        (
            phrase,
            Regex::new(phrase.pattern)
                .expect("patterns of the table compile; a test reads them all"),
        )
    };
    PHRASES.iter().map(compile).collect()
});

/// Checks the wording of all documents.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    library.documents().par_iter().flat_map_iter(of_document).collect()
}

fn of_document(document: &Document) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let lines = lines(document);
    for line in &lines {
        phrases(document, line, &mut faults);
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

fn phrases(document: &Document, line: &Line, faults: &mut Vec<Diagnostic>) {
    // Whoever says that a law was repealed must name it.
    let repealed = ["废止", "代替", "取代", "过时"].iter().any(|word| line.text.contains(word));
    for (phrase, regex) in COMPILED.iter() {
        let outdated = phrase.id.starts_with("law-") || phrase.id.starts_with("standard-");
        if outdated && repealed {
            continue;
        }
        if let Some(hit) = regex.find(&line.text) {
            let message = format!("“{}”：{}", hit.as_str(), phrase.why);
            faults.push(Diagnostic::error(
                &document.path,
                line.number,
                phrase.id,
                message,
                phrase.instead,
            ));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outdated_law_colours_and_promises_are_caught_and_their_good_twins_are_not() {
        for (id, bad, good) in [
            ("law-air-pollution", "依据大气污染防治法", "依据生态环境法典"),
            ("law-public-security", "治安管理处罚法第二十五条", "治安管理处罚法第二十九条"),
            ("standard-outdated", "符合 GB 17761—2018", "符合 GB 17761—2024"),
            ("warning-colour", "大风黄色预警", "黄色的烟"),
            ("promise", "这样绝对安全", "这样更安全"),
            ("slogan", "要提高消防安全意识", "睡前关好燃气阀"),
        ] {
            let hits = |text: &str| {
                COMPILED
                    .iter()
                    .filter(|(_, r)| r.is_match(text))
                    .map(|(p, _)| p.id)
                    .collect::<Vec<_>>()
            };
            assert_eq!(hits(bad), [id], "{bad}");
            assert!(hits(good).is_empty(), "{good}");
        }
    }
}
