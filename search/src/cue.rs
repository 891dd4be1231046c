//! What a question tells by single cues: the kind of document it wants, years, whether it forbids, the clause that asks.

use fenghuo_content::Kind;

use crate::analysis::{Glyph, units};

/// Words that ask for a kind of document.
pub(crate) const KIND_WORDS: [(Kind, &[&str]); 7] = [
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
            "有课没",
            "一节课",
            "思政课",
            "给小朋友讲",
            "给学生讲",
            "给同学讲",
            "给娃们讲",
            "给孩子们讲",
            "老师怎么带",
            "活动方案",
        ],
    ),
    (Kind::Quiz, &["测验", "考题", "试题", "测试题", "知识竞赛", "小测"]),
    (
        Kind::Checklist,
        &[
            "自查表",
            "检查表",
            "自查",
            "清单",
            "检查项",
            "对照检查",
            "单子",
            "打钩",
            "打勾",
            "表格",
            "哪张单",
            "张单",
            "单单",
            "能打印的",
            "巡查表",
            "逐项查",
        ],
    ),
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
            "死了多少",
            "没了几个",
            "死了好多",
            "死亡人数",
            "真事",
            "没跑出来",
            "出过什么事",
        ],
    ),
    (
        Kind::Guide,
        &["一步一步", "一步步", "带着我", "照着做", "一二三四", "步骤", "步聚", "按顺序"],
    ),
    (
        Kind::Notice,
        &[
            "发个通知",
            "的通知",
            "发个提醒",
            "发一条",
            "发一则",
            "发一段",
            "发条",
            "发点啥",
            "能念的",
            "大喇叭",
            "广播稿",
            "提醒文字",
            "业主群",
            "的提醒",
            "提示卡",
        ],
    ),
    (Kind::Board, &["进展", "完成多少", "建了多少"]),
];

/// What makes a clause a question.
const ASKING: [&str; 34] = [
    "怎么",
    "咋",
    "吗",
    "么",
    "啥",
    "什么",
    "多少",
    "多久",
    "多远",
    "几",
    "谁",
    "哪",
    "能不能",
    "行不",
    "可以不",
    "中不中",
    "要不要",
    "该不该",
    "会不会",
    "算不算",
    "是不是",
    "有没有",
    "为何",
    "为啥",
    "如何",
    "对吧",
    "行吧",
    "可不可以",
    "值不值",
    "犯法",
    "违法",
    "要紧",
    "得不得",
    "成不",
];

/// Shortest question, in characters, of which only the clause that asks is compared as well.
const LONG: usize = 24;

/// Shortest clause that stands for a question.
const CLAUSE: usize = 6;

/// Kinds of document `text` asks for by name.
pub(crate) fn kinds(text: &str) -> Vec<Kind> {
    let named = KIND_WORDS.iter().filter(|(_, cues)| cues.iter().any(|cue| text.contains(cue)));
    named.map(|(kind, _)| *kind).collect()
}

/// Years written in digits in `text`.
pub(crate) fn years(text: &str) -> Vec<String> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let year = |n: &&str| n.len() == 4 && (n.starts_with("19") || n.starts_with("20"));
    numbers.filter(year).map(str::to_owned).collect()
}

/// Whether it asks what must not be done.
pub(crate) fn forbids(text: &str) -> bool {
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

/// Whether it is written in Latin letters that are no pinyin.
pub(crate) fn is_english(text: &str) -> bool {
    let units = units(text);
    let words = units.iter().filter(|unit| matches!(unit.glyph, Glyph::Word(_))).count();
    let han = units.iter().filter(|unit| matches!(unit.glyph, Glyph::Han(_))).count();
    words >= 2 && words > han
}

/// The clause of a long question that asks, with the one before it; `None` when there is nothing to leave out.
pub(crate) fn focus(text: &str) -> Option<String> {
    if text.chars().count() < LONG {
        return None;
    }
    let clauses: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "，,。.！!？?；;、：:".contains(c))
        .filter(|clause| !clause.is_empty())
        .collect();
    let asks = |clause: &&str| {
        clause.chars().count() >= 2 && ASKING.iter().any(|cue| clause.contains(cue))
    };
    let last = clauses.iter().rposition(asks)?;
    let mut first = last;
    let mut length = clauses[last].chars().count();
    while first > 0 && (length < 2 * CLAUSE || first == last) {
        first -= 1;
        length += clauses[first].chars().count();
    }
    let left_out = clauses.len() - (last + 1 - first);
    (left_out > 0 && length >= CLAUSE).then(|| clauses[first..=last].join("，"))
}

#[cfg(test)]
mod tests {
    use super::focus;

    #[test]
    fn the_clause_that_asks_is_taken_out_of_a_long_question() {
        assert_eq!(
            focus("上次我们庄老王家着火，一群人站那干看着，门口堵着路，报完警到消防车来之前村里人该干些啥").as_deref(),
            Some("门口堵着路，报完警到消防车来之前村里人该干些啥")
        );
        assert_eq!(focus("油锅着火怎么办"), None);
        assert_eq!(focus(&"火灾".repeat(40)), None);
    }
}
