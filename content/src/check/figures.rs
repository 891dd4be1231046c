//! Figures that need a source, and what kind of source bears them.

use std::sync::LazyLock;

use rayon::prelude::*;
use regex::Regex;

use super::text::lines;
use crate::{Diagnostic, Document, Kind, Library, SourceKind};

/// A kind of figure.
struct Figure {
    pattern: &'static str,
    /// What it is, for the editor.
    what: &'static str,
    bears: fn(SourceKind) -> bool,
    help: &'static str,
}

/// A law tells what is punished, never how many died; a report tells the reverse.
const FIGURES: &[Figure] = &[
    Figure {
        pattern: r"\d[\d.]* ?[万亿]?余?起|\d[\d.]* ?%|[百万]分之[\d一二三四五六七八九]|(死亡|遇难|受伤|伤亡|致死|[亡死伤]) ?\d+ ?[余多]?人|\d+ ?[余多]?人(死亡|遇难|受伤|伤亡|丧生|烧死|中毒)|损失 ?(约|超过|近)? ?\d[\d.]* ?[万亿]?元?",
        what: "统计和伤亡的数字",
        bears: |kind| kind != SourceKind::Law,
        help: "加上报告、新闻发布或标准的 [[sources]]，法律条文说明不了这个数；没有就改成不带数字的说法",
    },
    Figure {
        pattern: r"罚(款)? ?\d|\d+ ?万?元(以上|以下)?.{0,4}罚款|拘留 ?\d|\d+ ?[日天](以上|以下)?.{0,6}拘留|\d+ ?年(以上|以下)有期徒刑",
        what: "罚多少、拘多久",
        bears: |kind| kind == SourceKind::Law,
        help: "加上那部法律的 [[sources]]，写清第几条",
    },
    Figure {
        pattern: r"\d[\d.]* ?(米|公里|厘米|毫米|公斤|摄氏度|℃|亿元|万元)",
        what: "距离、重量、温度、金额",
        bears: |_| true,
        help: "加上 [[sources]]，或改成不带数字的说法",
    },
];

static COMPILED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compile = |figure: &Figure| Regex::new(figure.pattern).expect("a constant pattern");
    FIGURES.iter().map(compile).collect()
});

/// Figures of all documents that no source of theirs can bear.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    library.documents().par_iter().flat_map_iter(document).collect()
}

/// Figures of one document that no source of it can bear.
pub(super) fn document(document: &Document) -> Vec<Diagnostic> {
    // The data beside a bulletin or a board is its source; a page tells of the office itself.
    if matches!(document.kind(), Kind::Bulletin | Kind::Board | Kind::Page) {
        return Vec::new();
    }
    let borne =
        |figure: &Figure| document.meta.sources.iter().any(|source| (figure.bears)(source.kind));
    let bare: Vec<(&Figure, &Regex)> =
        FIGURES.iter().zip(COMPILED.iter()).filter(|(figure, _)| !borne(figure)).collect();
    if bare.is_empty() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for line in lines(document) {
        for (figure, regex) in &bare {
            // `死亡10人以上` is the line that a law draws.
            let drawn = |end: usize| line.text[end..].starts_with(['以', '及']);
            if let Some(hit) = regex.find_iter(&line.text).find(|hit| !drawn(hit.end())) {
                let message = format!("“{}”没有来源：{}要有出处", hit.as_str(), figure.what);
                let rule = "figure-source";
                faults.push(Diagnostic::error(
                    &document.path,
                    line.number,
                    rule,
                    message,
                    figure.help,
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_other_numbers() {
        let kinds =
            |text: &str| COMPILED.iter().map(|regex| regex.is_match(text)).collect::<Vec<_>>();
        assert_eq!(kinds("全国 90.8 万起，死亡 2001 人"), [true, false, false]);
        assert_eq!(kinds("充电时起火占 22.4%"), [true, false, false]);
        assert_eq!(kinds("处 5000 元以下罚款"), [false, true, false]);
        assert_eq!(kinds("烟花离人 25 米"), [false, false, true]);
        assert_eq!(kinds("打 119，2026 年 11 月，第 28 条，20 分钟"), [false, false, false]);
    }
}
