//! Our three actions beneath a warning: from the library, by what the warning is about.
//!
//! They are ours, so they are about fire: what to do with stove, wire and flame in that weather. Found once, when
//! the draft is made; the official sees them and may take them out.

use fenghuo_content::kind::Knowledge;
use fenghuo_content::markdown::{Block, BlockKind, inline_text, plain_text};
use fenghuo_content::{Content, Document, Kind, Lang};
use fenghuo_search::AnswerKind;
use fenghuo_site::World;

use super::Relay;

/// Most actions of one warning.
const MOST: usize = 3;
/// Longest action: a person remembers no more.
const LONGEST: usize = 60;

/// An action says what to do or not to do, …
const DOING: [&str; 24] = [
    "不", "别", "停", "关", "打", "离", "走", "拔", "灭", "报", "喊", "清", "查", "装", "盖", "断",
    "撤", "先", "开", "躲", "收", "备", "看", "放",
];
/// … and not when a rule holds or what it costs.
const TELLING: [&str; 5] = ["为准", "一般从", "次年", "罚", "规定"];

/// What a warning is about, by words in event and headline, and what to ask the library then. The first that fits
/// counts, so what is nearest to fire stands first.
const MATTERS: [(&[&str], &str); 8] = [
    (
        &["森林火险", "草原火险", "森林草原", "森林火灾", "草原火灾", "wildfire", "red flag"],
        "森林草原防火期不能干什么",
    ),
    (&["燃气", "天然气", "gas leak"], "闻到燃气味怎么办"),
    (&["大风", "沙尘", "台风", "high wind", "wind advisory"], "大风天防火要做什么"),
    (&["雷", "冰雹", "强对流", "暴雨", "thunderstorm", "tornado"], "打雷下雨用电安全"),
    (&["高温", "heat"], "夏天高温防火"),
    (
        &[
            "寒潮", "低温", "霜冻", "暴雪", "雪灾", "结冰", "积冰", "cold", "snow", "freez",
            "blizzard",
        ],
        "冬天取暖防火防中毒",
    ),
    (&["干旱", "干燥", "drought"], "大风干燥天防火要做什么"),
    (&["停电", "power outage"], "停电用蜡烛安全"),
];

/// Markdown of at most three short actions with the way to their document; empty where the library has none.
pub fn actions(world: &World, relay: &Relay) -> String {
    let about = format!("{} {}", relay.events().join(" "), relay.title()).to_lowercase();
    let matter = MATTERS.iter().find(|(words, _)| words.iter().any(|word| about.contains(word)));
    let document = match matter {
        Some((_, question)) => best(world, question),
        None => answered(world, &about),
    };
    document.map(markdown).unwrap_or_default()
}

/// The best article for `question`.
fn best<'a>(world: &'a World, question: &str) -> Option<(&'a Document, &'a Knowledge)> {
    let hits = world.engine.search(question, 10);
    hits.iter().find_map(|hit| article(world, hit.doc.as_str()))
}

/// The article that answers `question`, if the engine is sure of one.
fn answered<'a>(world: &'a World, question: &str) -> Option<(&'a Document, &'a Knowledge)> {
    let answer = world.engine.ask(question);
    let passage = answer.passage.filter(|_| answer.kind == AnswerKind::Answer)?;
    article(world, passage.doc.as_str())
}

fn article<'a>(world: &'a World, id: &str) -> Option<(&'a Document, &'a Knowledge)> {
    let document = world.library.find_in(id, Lang::Zh).filter(|d| d.kind() == Kind::Knowledge)?;
    match &document.content {
        Content::Knowledge(knowledge) => Some((document, knowledge)),
        _ => None,
    }
}

fn markdown((document, knowledge): (&Document, &Knowledge)) -> String {
    let actions = sentences(&knowledge.answer);
    if actions.is_empty() {
        return String::new();
    }
    let lines = actions.iter().enumerate().map(|(at, text)| format!("{}. {text}\n", at + 1));
    let list: String = lines.collect();
    format!("{list}\n详见[{}]({})。\n", document.meta.title, document.id)
}

/// The first short sentences of an answer: its steps, where it has any. What is wrong and what is right are never
/// parted, so a myth gives none.
fn sentences(answer: &[Block]) -> Vec<String> {
    let steps = answer.iter().find_map(|block| match &block.kind {
        BlockKind::List { items, .. } => Some(items),
        _ => None,
    });
    let whole: Vec<String> = match steps {
        Some(items) => items.iter().map(|item| plain_text(&item.blocks)).collect(),
        None => answer
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Paragraph(inlines) => Some(inline_text(inlines)),
                _ => None,
            })
            .collect(),
    };
    let told = whole.iter().filter(|text| !text.contains(['✗', '✓']));
    let parts = told.flat_map(|text| text.split_inclusive(['。', '！', '\n']));
    let short = parts.map(|text| text.trim().trim_end_matches('。'));
    short
        .filter(|text| is_action(text) && text.chars().count() <= LONGEST)
        .take(MOST)
        .map(escaped)
        .collect()
}

fn is_action(text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(&DOING) && !has(&TELLING)
}

/// Text that Markdown takes for nothing else.
fn escaped(text: &str) -> String {
    let special = |c: char| "\\`*_[]<>#".contains(c);
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect::<String>()
        + "。"
}

#[cfg(test)]
mod tests {
    use fenghuo_content::published::Relayed;

    use super::*;

    #[test]
    fn steps_come_before_sentences_and_long_ones_are_left_out() {
        let long = "很".repeat(61);
        for (answer, expected) in [
            (
                "先说一句。\n\n1. 关火。\n2. 盖盖。\n3. 走人。\n4. 报警。",
                vec!["关火。", "盖盖。", "走人。"],
            ),
            ("不烧纸。不烧荒。风大不用火。记住了。", vec!["不烧纸。", "不烧荒。", "风大不用火。"]),
            (long.as_str(), vec![]),
            ("- ✗ 误区：泼水。 ✓ 正确：盖盖。", vec![]),
            (
                "防火期内不要野外用火。防火期一般从 11 月 1 日起，以政府令为准。擅自用火，个人罚 200 到 3000 元。带走火种。",
                vec!["防火期内不要野外用火。", "带走火种。"],
            ),
            ("", vec![]),
        ] {
            assert_eq!(sentences(&Relayed::actions(answer)), expected, "{answer}");
        }
    }
}
