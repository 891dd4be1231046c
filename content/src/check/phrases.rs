//! Words that are wrong wherever they stand: warning colours, promises, slogans. Laws are `law.rs`'s part.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{Sentence, sentences};

/// A pattern of words that are wrong.
pub(super) struct Phrase {
    pub(super) id: &'static str,
    pattern: &'static str,
    pub(super) why: &'static str,
    pub(super) instead: &'static str,
    /// Whether denying them (`没有绝对安全`) is right.
    deniable: bool,
}

pub(super) const PHRASES: &[Phrase] = &[
    Phrase {
        id: "warning-colour",
        pattern: "(红|橙|黄|蓝)色.{0,8}(预警|警报|警戒)|(预警|警报)(信号|等级|级别)?.{0,4}(红|橙|黄|蓝)色|(Ⅰ|Ⅱ|Ⅲ|Ⅳ|一|二|三|四|特)级.{0,4}(预警|警报)",
        why: "预警、等级和颜色只能由有权发布的机关使用",
        instead: "写成提醒，不写颜色和等级；转发预警另有专门的功能",
        deniable: false,
    },
    Phrase {
        id: "promise",
        pattern: "绝对(不会|没有?(事|危险|问题)|安全|可靠|放心|有效|能(逃|灭|救))|万无一失|百分之?百(安全|有效|不会|能|可靠|没事)|100 ?%(安全|有效|可靠)|保(证|管|准|你|他|您)(不会?|安全|没事|无事|平安|能(逃|救|灭|活|脱)|活命|万全|.{0,6}(平安|没事|无事|不着火|不出事))|包(你|您|管).{0,4}(没事|平安|安全|能灭)|(一定|肯定|准|必定)(没事|安全|能得救|不会(着火|起火|爆炸|出事|有事))|(绝|决|永远|根本|永)不会?(着火|起火|爆炸|出事|有危险|自燃|发生火灾)|零风险|(一劳永逸|高枕无忧)|不可能(着火|起火|爆炸|自燃|发生|出事|有危险)",
        why: "谁也做不到这样的保证",
        instead: "写清能做到什么、还有什么危险",
        deniable: true,
    },
    Phrase {
        id: "slogan",
        pattern: "高度重视|(提高|增强|强化|树立|树牢)(了)?(全民|群众|居民|学生|大家的?|广大.{0,4})?(的)?(消防)?(安全)?(防范|防火)?意识|警钟长鸣|筑牢.{0,6}防线|人人有责|绷紧.{0,8}(弦|神经)|常抓不懈|严防死守|压紧压实|重于泰山|防患于未然|众志成城|营造.{0,8}(氛围|环境)|共建平安",
        why: "口号帮不了人",
        instead: "换成一个具体的动作",
        deniable: false,
    },
];

static COMPILED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compile = |phrase: &Phrase| {
        Regex::new(phrase.pattern).expect("patterns of the table compile; a test reads them all")
    };
    PHRASES.iter().map(compile).collect()
});

/// The phrases that `text` uses, each with its words.
pub(super) fn found(text: &str) -> Vec<(&'static Phrase, String)> {
    PHRASES
        .iter()
        .zip(COMPILED.iter())
        .filter(|(_, regex)| regex.is_match(text))
        .filter_map(|(phrase, regex)| Some((phrase, words(phrase, regex, text)?)))
        .collect()
}

fn words(phrase: &Phrase, regex: &Regex, text: &str) -> Option<String> {
    if !phrase.deniable {
        return regex.find(text).map(|hit| hit.as_str().to_owned());
    }
    sentences(text).find_map(|sentence| Some(Sentence::read(sentence)?.claimed(regex)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_wrong_are_found_and_their_good_twins_are_not() {
        for (id, bad, good) in [
            ("warning-colour", "大风黄色预警", "黄色的烟"),
            ("warning-colour", "林区红色火险预警", "预警由气象台发布"),
            ("warning-colour", "发布二级预警", "二级以上医院"),
            ("promise", "这样绝对安全", "这样更安全"),
            ("promise", "装上它，保你一家平安", "装上它，也不保你一家平安"),
            ("promise", "新电池绝不会起火", "没有绝不会起火的电池"),
            ("promise", "关了门就万无一失", "关了门也不是万无一失"),
            ("slogan", "要提高消防安全意识", "睡前关好燃气阀"),
            ("slogan", "时刻绷紧安全这根弦", "弦断了换一根"),
        ] {
            let ids = |text| found(text).into_iter().map(|(p, _)| p.id).collect::<Vec<_>>();
            assert_eq!(ids(bad), [id], "{bad}");
            assert!(ids(good).is_empty(), "{good}: {:?}", ids(good));
        }
    }
}
