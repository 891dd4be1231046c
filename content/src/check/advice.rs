//! Dangerous advice: the [`RULES`] run over every sentence readers see.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::rules::{RULES, Rule};
use super::wording::{Line, lines, lines_of};
use crate::{Content, Diagnostic, Document, Library};

/// Words that turn an act into a warning against it, before it in its clause.
const NEGATIONS: &str = "不([^仅但管同过久慌怕]|$)|(^|[^特分区级辨性差个])别|勿|莫|禁|忌|避免|防止|以免|免得|没必要|没有必要|没用|无需|无法|拒绝|误区|误以为|错|只有|除非|才能|才可";

/// Words that do so after it.
const REFUSALS: &str = "不行|不能|不可|不要|不得|不对|禁止|危险|违法|违规|错误|误区|谣言|会死|会炸|会爆|致命|遇难|起火|着火|会烧|容易|引发|引起|导致|造成|罚|拘留|隐患|才行|才可以|才可";

/// Marks of a story: what somebody did is no advice to do it.
const STORY: &str = "有人|一位|有住户|住户在|当时|曾|事发|租户|店主|家人已";

/// Marks of a question, which advises nothing.
const QUESTION: &str =
    "？|吗|能不能|可不可以|行不行|为什么|怎么办|要不要|会不会|是不是|对不对|该不该";

struct Compiled {
    rule: &'static Rule,
    about: Regex,
    act: Regex,
}

struct Rules {
    acts: RegexSet,
    all: Vec<Compiled>,
    negation: Regex,
    refusal: Regex,
    question: Regex,
    story: Regex,
}

static COMPILED: LazyLock<Rules> = LazyLock::new(|| {
    let regex = |pattern: &str| {
        Regex::new(pattern).expect("patterns of the table compile; a test reads them all")
    };
    Rules {
        acts: RegexSet::new(RULES.iter().map(|rule| rule.act)).expect("each compiles alone"),
        all: RULES
            .iter()
            .map(|rule| Compiled { rule, about: regex(rule.about), act: regex(rule.act) })
            .collect(),
        negation: regex(NEGATIONS),
        refusal: regex(REFUSALS),
        question: regex(QUESTION),
        story: regex(STORY),
    }
});

/// Dangerous sentences of all documents and danger cards.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    use rayon::prelude::*;
    let mut faults: Vec<Diagnostic> = library
        .documents()
        .par_iter()
        .flat_map_iter(|document| {
            advising(document).into_iter().flat_map(|line| faults_of(&document.path, &line))
        })
        .collect();
    for danger in &library.lexicon.dangers {
        for text in &danger.card {
            let line = Line { number: danger.line, text: text.clone() };
            faults.extend(faults_of("lexicon/emergencies.toml", &line));
        }
    }
    faults
}

/// The lines that tell readers what to do: of a case, only what follows from it.
fn advising(document: &Document) -> Vec<Line> {
    match &document.content {
        Content::Case(case) => {
            let blocks = case.correction.blocks.iter().chain(&case.lesson.blocks);
            lines_of(blocks)
        }
        _ => lines(document),
    }
}

fn faults_of(path: &str, line: &Line) -> Vec<Diagnostic> {
    found(&line.text)
        .into_iter()
        .map(|(rule, clause)| {
            let message = format!("“{clause}”会害人：{}", rule.why);
            Diagnostic::error(path, line.number, rule.id, message, rule.instead)
        })
        .collect()
}

/// Rules that `text` breaks, each with the clause that breaks it.
fn found(text: &str) -> Vec<(&'static Rule, String)> {
    let rules = &*COMPILED;
    let hits = rules.acts.matches(text);
    if !hits.matched_any() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for sentence in text.split_inclusive(['。', '！', '？', '；', '\n']) {
        if rules.question.is_match(sentence) || rules.story.is_match(sentence) {
            continue;
        }
        for index in &hits {
            let Compiled { rule, about, act } = &rules.all[index];
            if about.is_match(sentence) {
                found.extend(broken_clause(sentence, act).map(|clause| (*rule, clause.to_owned())));
            }
        }
    }
    found
}

/// The first clause that does the act without negating it.
fn broken_clause<'s>(sentence: &'s str, act: &Regex) -> Option<&'s str> {
    let rules = &*COMPILED;
    sentence.split(['，', '；', '：', '。', '！', ',', ';']).map(str::trim).find(|clause| {
        act.find(clause).is_some_and(|hit| {
            let negated = rules.negation.is_match(&clause[..hit.end()]);
            let refused = rules.refusal.is_match(&clause[hit.start()..]);
            // `整夜通电的电热毯`: the act describes a thing, nobody is told to do it.
            let describes = clause[hit.end()..].starts_with('的') || clause.ends_with('的');
            !(negated || refused || describes)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<&'static str> {
        found(text).into_iter().map(|(rule, _)| rule.id).collect()
    }

    #[test]
    fn dangerous_sentences_trip_their_rule_and_their_negated_twins_do_not() {
        for (id, bad, good) in [
            ("advice-oil-water", "油锅着火马上泼水。", "油锅着火不要泼水。"),
            ("advice-oil-carry", "油锅着火，快端锅出去。", "油锅着火，不端锅。"),
            ("advice-lift", "着火了坐电梯下楼。", "着火了不坐电梯，走楼梯。"),
            ("advice-go-back", "火小了可以返回屋里拿钱。", "逃出来不要返回屋里拿钱。"),
            ("advice-cross-smoke", "用湿毛巾捂住口鼻冲出去。", "不要捂着毛巾冲过浓烟。"),
            ("advice-towel-filter", "湿毛巾可以过滤毒气。", "湿毛巾不能过滤毒气。"),
            ("advice-jump", "火大了就跳楼。", "火再大也不要跳楼。"),
            ("advice-bathroom", "着火时躲进卫生间。", "着火时不要躲进卫生间。"),
            ("advice-roof", "楼下着火往楼顶跑。", "楼下着火不要往楼顶跑。"),
            ("advice-sheet-rope", "把床单打结，从窗口滑下去逃生。", "不要把床单打结往下滑。"),
            ("advice-bag-hood", "用塑料袋套在头上防烟。", "不要用塑料袋套头。"),
            ("advice-drain-air", "趴在地漏口呼吸。", "不要趴在地漏口呼吸。"),
            ("advice-hide", "着火了躲到床底。", "着火了不要躲到床底。"),
            ("advice-open-hot-door", "门烫也要打开门冲出去。", "门烫，就不要打开门出去。"),
            (
                "advice-lithium-powder",
                "锂电池着火用干粉灭火器就能扑灭。",
                "锂电池着火，不能靠用干粉扑灭。",
            ),
            ("advice-lithium-carry", "电池冒烟，抱着跑出去。", "电池冒烟，不要抱着跑。"),
            ("advice-lithium-cover", "电动车着火用灭火毯盖住。", "电动车着火不要用灭火毯盖。"),
            ("advice-gas-switch", "闻到煤气味，打开排风扇。", "闻到煤气味，不要打开排风扇。"),
            ("advice-gas-flame", "用打火机试漏气。", "不要用打火机试漏气。"),
            ("advice-gas-phone", "闻到燃气味就在屋里打电话。", "闻到燃气味，不要在屋里打电话。"),
            ("advice-cylinder-carry", "气瓶着火，抱起来扔到外面。", "气瓶着火，不要抱起来跑。"),
            ("advice-cylinder-order", "气瓶着火先灭火再关阀。", "气瓶着火不要先灭火再关阀。"),
            ("advice-cylinder-heat", "气瓶没气了用热水烫一下。", "气瓶不能用热水烫。"),
            (
                "advice-electric-water",
                "电器着火用水泼。\n带电的设备可以浇水。",
                "电器带电时不能浇水。",
            ),
            ("advice-fuse-wire", "保险丝断了用铜丝代替。", "不能用铜丝代替保险丝。"),
            ("advice-extinguisher-top", "灭火器对准火焰的上部喷。", "灭火器不要对准火焰上部。"),
            ("advice-burn-smear", "烫伤抹点牙膏。", "烫伤不要抹牙膏。"),
            ("advice-burn-tear", "烧伤后撕掉粘住的衣服。", "烧伤后不要撕掉粘住的衣服。"),
            ("advice-run-burning", "身上着火赶紧往外跑。", "身上着火不要奔跑。"),
            ("advice-wildfire-fight", "发生山火，村民上山扑救。", "发生山火，村民不要上山扑救。"),
            ("advice-wildfire-uphill", "遇到山火往山上跑。", "遇到山火不要往山上跑。"),
            ("advice-child-fight", "学生可以留下灭火。", "学生不要留下灭火。"),
            ("advice-charge-indoors", "把电瓶车推到楼道充电。", "不要把电瓶车推到楼道充电。"),
            ("advice-lock-exit", "晚上锁好安全出口。", "晚上也不能锁安全出口。"),
            ("advice-prop-fire-door", "通风时把防火门顶开。", "不要把防火门顶开。"),
            ("advice-charcoal-indoors", "天冷在屋里烧炭盆。", "天冷也不要在屋里烧炭盆。"),
            ("advice-blanket-night", "电热毯可以整夜开着。", "电热毯不要整夜开着。"),
            ("advice-add-fuel", "火小了往炉子里倒酒精。", "不要往炉子里倒酒精。"),
            ("advice-approach-dud", "鞭炮没响，走近看看。", "鞭炮没响，不要走近看。"),
        ] {
            assert!(ids(bad).contains(&id), "must trip {id}: {bad}");
            assert!(!ids(good).contains(&id), "must not trip {id}: {good}");
        }
    }

    #[test]
    fn questions_advise_nothing() {
        assert!(ids("油锅着火能不能浇水？").is_empty());
        assert!(ids("着火了坐电梯行不行").is_empty());
    }

    #[test]
    fn every_rule_has_a_reason_a_remedy_and_an_id_of_its_own() {
        let ids: std::collections::HashSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        assert!(RULES.iter().all(|rule| !rule.why.is_empty() && !rule.instead.is_empty()));
    }
}
