//! The thing that is asked for (an amount, a time, a distance, who, which number …) and the things a text holds.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// A set of things, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Things(u16);

/// One thing: how it is asked for, and what stands in a text that holds it.
struct Thing {
    name: &'static str,
    cues: &'static [&'static str],
    /// After a number.
    units: &'static [&'static str],
    /// Anywhere.
    marks: &'static [&'static str],
}

const THINGS: [Thing; 12] = [
    Thing {
        name: "money",
        cues: &[
            "多少钱",
            "罚多少",
            "怎么罚",
            "咋罚",
            "罚款",
            "罚几",
            "挨罚",
            "要罚",
            "罚不罚",
            "处罚",
            "交多少",
            "赔多少",
            "几块钱",
            "损失多少",
            "烧掉多少",
        ],
        units: &["元", "万元", "亿元", "块"],
        marks: &["罚款", "免费", "不收费", "不收任何"],
    },
    Thing {
        name: "sentence",
        cues: &[
            "判几年",
            "判多少年",
            "坐牢",
            "拘留",
            "被拘",
            "判刑",
            "犯罪",
            "判什么",
            "什么罪",
            "啥罪",
            "刑",
        ],
        units: &[],
        marks: &["拘留", "有期徒刑", "判", "犯罪", "罪"],
    },
    Thing {
        name: "duration",
        cues: &[
            "多久",
            "多长时间",
            "几年",
            "几天",
            "几个月",
            "几小时",
            "几分钟",
            "多大会",
            "多少年",
            "多少天",
            "啥时候换",
            "多少时间",
            "几秒",
            "多少分钟",
        ],
        units: &["年", "个月", "天", "日", "小时", "个小时", "分钟", "秒", "周"],
        marks: &["一夜", "半小时", "过夜", "十几分钟"],
    },
    Thing {
        name: "distance",
        cues: &[
            "多远",
            "几米",
            "多宽",
            "多高",
            "多少米",
            "隔多",
            "距离",
            "多大地方",
            "多大的",
            "离多",
            "留空",
        ],
        units: &["米", "厘米", "公里", "平方米"],
        marks: &["一步", "一人高"],
    },
    Thing {
        name: "count",
        cues: &[
            "多少人",
            "几个人",
            "死了多少",
            "死了几",
            "没了几个",
            "多少起",
            "死亡人数",
            "伤亡",
            "几具",
            "几个",
            "多少个",
            "几次",
            "死多少",
        ],
        units: &["人", "起", "个", "具", "次", "名", "死"],
        marks: &["一次性"],
    },
    Thing {
        name: "share",
        cues: &["百分之几", "占比", "占多少", "比例", "几成", "多大比例"],
        units: &["%", "成"],
        marks: &["百分之"],
    },
    Thing {
        name: "degree",
        cues: &["多少度", "温度", "几度", "多热"],
        units: &["度", "℃", "°"],
        marks: &["摄氏"],
    },
    Thing {
        name: "often",
        cues: &[
            "多久一次",
            "隔多久",
            "几个月一次",
            "多长时间一次",
            "多久查",
            "多久换",
            "多久检",
            "每年几次",
            "一年几次",
            "多久修",
            "多久看",
        ],
        units: &[],
        marks: &["每月", "每年", "每天", "每周", "每两", "每半年", "每季", "每隔", "一次"],
    },
    Thing {
        name: "phone",
        cues: &[
            "什么电话",
            "打哪个",
            "打几号",
            "打啥号",
            "什么号码",
            "啥电话",
            "哪个号",
            "打什么号",
            "电话是多少",
            "往哪儿反映",
            "哪里举报",
            "去哪举报",
            "向谁举报",
            "往哪举报",
            "找谁举报",
            "打哪里",
            "119还是",
        ],
        units: &[],
        marks: &["119", "12119", "120", "110", "12345", "12350", "96119"],
    },
    Thing {
        name: "who",
        cues: &["谁", "哪个部门", "哪个单位", "归谁", "找谁", "谁负责", "谁的责任", "谁管"],
        units: &[],
        marks: &[
            "负责",
            "责任",
            "部门",
            "物业",
            "公司",
            "村委会",
            "单位",
            "电工",
            "政府",
            "机构",
            "房东",
        ],
    },
    Thing {
        name: "law",
        cues: &["违法", "犯法", "哪条", "第几条", "合法", "法律", "规定", "违规", "犯不犯"],
        units: &[],
        marks: &["违法", "消防法", "条例", "规定", "第", "罚", "不得"],
    },
    Thing {
        name: "reason",
        cues: &[
            "为什么",
            "为啥",
            "原因",
            "咋起的",
            "怎么起的",
            "咋引起",
            "怎么引起",
            "为何",
            "凭啥",
        ],
        units: &[],
        marks: &["因为", "原因", "由于", "引燃", "就会", "容易"],
    },
];

impl Things {
    /// What `question` asks for.
    pub(crate) fn asked(question: &str) -> Self {
        let asks = |thing: &Thing| thing.cues.iter().any(|cue| question.contains(cue));
        Self::of(asks)
    }

    /// What `text` holds.
    pub(crate) fn held(text: &str) -> Self {
        let mut bits = 0;
        for found in MARKS.0.find_overlapping_iter(text) {
            let (bit, unit) = MARKS.1[found.pattern().as_usize()];
            if !unit || after_number(&text[..found.start()]) {
                bits |= bit;
            }
        }
        Self(bits)
    }

    /// The words that ask for each thing, in the order of their bits.
    pub(crate) fn cues() -> impl Iterator<Item = &'static [&'static str]> {
        THINGS.iter().map(|thing| thing.cues)
    }

    /// One bit each.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    fn of(has: impl Fn(&Thing) -> bool) -> Self {
        let bits = THINGS.iter().enumerate().filter(|(_, thing)| has(thing));
        Self(bits.fold(0, |all, (at, _)| all | 1 << at))
    }

    /// Those of both.
    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that `other` lacks.
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Share of these that `other` holds; 0 for none asked.
    pub(crate) fn share_in(self, other: Self) -> f32 {
        (self.0 & other.0).count_ones() as f32 / self.0.count_ones().max(1) as f32
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their names, for editors.
    pub(crate) fn names(self) -> Vec<&'static str> {
        let held = THINGS.iter().enumerate().filter(|(at, _)| self.0 & (1 << at) != 0);
        held.map(|(_, thing)| thing.name).collect()
    }
}

fn after_number(before: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十百千万两几半";
    before
        .trim_end()
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_digit() || NUMERALS.contains(c))
}

/// Marks and units of all things, with the bit of their thing and whether they count only after a number.
static MARKS: LazyLock<(AhoCorasick, Vec<(u16, bool)>)> = LazyLock::new(|| {
    let mut patterns = Vec::new();
    let mut kinds = Vec::new();
    for (at, thing) in THINGS.iter().enumerate() {
        for (words, unit) in [(thing.units, true), (thing.marks, false)] {
            patterns.extend_from_slice(words);
            kinds.extend(words.iter().map(|_| (1 << at, unit)));
        }
    }
    let built = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns);
    (built.expect("a short list of words compiles"), kinds)
});

#[cfg(test)]
mod tests {
    use super::Things;

    fn check(question: &str, asked: &[&str]) {
        assert_eq!(Things::asked(question).names(), asked, "{question}");
    }

    #[test]
    fn what_is_asked_for_is_known() {
        check("堵了消防通道罚多少", &["money"]);
        check("灭火器几年报废", &["duration"]);
        check("气瓶离灶台多远", &["distance"]);
        check("消火栓归谁管", &["who"]);
        check("油锅着火怎么办", &[]);
    }

    #[test]
    fn a_text_holds_an_amount_only_with_a_number() {
        assert!(Things::held("交五百元以下").names().contains(&"money"));
        assert!(Things::held("离灶台1.5米").names().contains(&"distance"));
        assert!(!Things::held("米面不能吃").names().contains(&"distance"));
    }
}
