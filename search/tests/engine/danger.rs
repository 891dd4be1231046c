//! Danger: a corpus of what people write when it burns, and of what only sounds like it.

use fenghuo_search::AnswerKind;
use serde::Deserialize;

use crate::{ENGINE, LIBRARY};

#[derive(Deserialize)]
struct Line {
    q: String,
    danger: bool,
}

fn corpus(danger: bool) -> Vec<Line> {
    let lines = include_str!("../data/danger.jsonl").lines();
    let all =
        lines.map(|line| serde_json::from_str::<Line>(line).expect("a line of the corpus is JSON"));
    all.filter(|line| line.danger == danger).collect()
}

fn wrong(lines: &[Line]) -> Vec<&str> {
    let is_emergency = |q: &str| ENGINE.ask(q).kind == AnswerKind::Emergency;
    lines
        .iter()
        .filter(|line| is_emergency(&line.q) != line.danger)
        .map(|line| line.q.as_str())
        .collect()
}

#[test]
fn danger_that_is_happening_is_seen() {
    let lines = corpus(true);
    let missed = wrong(&lines);
    assert!(lines.len() >= 150);
    assert!(
        missed.len() * 100 <= lines.len(),
        "{} of {} missed: {missed:#?}",
        missed.len(),
        lines.len()
    );
}

#[test]
fn what_only_sounds_like_danger_gets_no_card() {
    let lines = corpus(false);
    let false_alarms = wrong(&lines);
    assert!(lines.len() >= 150);
    assert!(false_alarms.len() * 100 <= lines.len() * 3, "false alarms: {false_alarms:#?}");
}

/// Sentences of the later corpora, without their tags.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.rsplit_once('\t').map_or(line, |(_, sentence)| sentence))
}

/// At most `most` of a thousand sentences of `text` are taken wrongly.
fn check(name: &str, text: &str, danger: bool, most: usize) {
    let all: Vec<Line> = sentences(text).map(|q| Line { q: q.to_owned(), danger }).collect();
    let wrong = wrong(&all);
    assert!(
        wrong.len() * 1000 <= all.len() * most,
        "{name}: {} of {} taken wrongly: {wrong:#?}",
        wrong.len(),
        all.len()
    );
}

#[test]
fn danger_of_the_later_corpora_is_seen() {
    let all = [
        include_str!("../data/field-danger.tsv"),
        include_str!("../data/more-danger.tsv"),
        include_str!("../data/fresh-danger.tsv"),
        include_str!("../data/final-danger.tsv"),
    ];
    check("danger", &all.concat(), true, 10);
}

#[test]
fn what_only_sounds_like_it_in_the_later_corpora_gets_no_card() {
    let all = [
        include_str!("../data/field-nearmiss.tsv"),
        include_str!("../data/more-nearmiss.tsv"),
        include_str!("../data/fresh-nearmiss.tsv"),
        include_str!("../data/final-nearmiss.tsv"),
    ];
    check("near-misses", &all.concat(), false, 15);
}

/// Questions of the library are asked ahead or afterwards; one in twenty is what people write when it happens.
#[test]
fn few_questions_of_the_library_are_taken_for_danger() {
    let questions: Vec<String> = LIBRARY
        .documents()
        .iter()
        .filter(|document| document.kind() != fenghuo_content::Kind::Guide)
        .flat_map(|document| document.questions().iter().map(ToString::to_string))
        .collect();
    assert!(questions.len() > 4_000);
    check("questions of the library", &questions.join("\n"), false, 56);
}

#[test]
fn danger_is_seen_at_either_end_and_in_the_middle_of_a_long_text() {
    let chatter =
        "今天早上我去集上买了两斤面回来路上碰见老王说了一会话然后去接娃放学。".repeat(120);
    for text in [
        format!("我家厨房着火了，火很大。{chatter}"),
        format!("{chatter}现在我家厨房着火了，火很大。{chatter}"),
        format!("{chatter}我家厨房着火了，火很大"),
    ] {
        assert_eq!(ENGINE.ask(&text).kind, AnswerKind::Emergency);
    }
}

#[test]
fn the_class_fits_the_danger() {
    for (question, class) in [
        ("我身上着火了", "person-on-fire"),
        ("我们被困在五楼了楼下全是火", "trapped"),
        ("门缝往里冒黑烟我不敢开门", "smoke-outside"),
        ("烧着煤炉子一家人都头晕恶心", "co"),
        ("有人掉进化粪池了", "pit"),
        ("厨房煤气味好大快熏死了", "gas-leak"),
        ("煤气罐着火了关不上阀", "gas-fire"),
        ("化肥库着火了", "chemical"),
        ("我充电宝冒烟了", "battery"),
        ("油锅着火了火好大", "oil-pan"),
        ("我的车在路上着火了", "vehicle"),
        ("后山着火了往村里烧", "wildfire"),
        ("我家草垛着火了", "village-fire"),
        ("插座着火了火往上窜", "electric-fire"),
        ("我房间着火了", "room-fire"),
    ] {
        let answer = ENGINE.ask(question);
        assert_eq!(answer.danger.as_deref(), Some(class), "{question}");
    }
}

#[test]
fn every_card_is_short_and_names_119_first() {
    for danger in &LIBRARY.lexicon.dangers {
        let id = &danger.id;
        assert!((1..=4).contains(&danger.card.len()), "{id}");
        assert!((1..=4).contains(&danger.card_en.len()), "{id}");
        assert!(danger.card[0].contains("119"), "{id}");
        assert!(danger.card_en.iter().take(2).any(|line| line.contains("119")), "{id}");
        let guide = danger.guide.as_ref();
        assert!(guide.is_none_or(|guide| LIBRARY.find(guide.as_str()).is_some()), "{id}");
    }
}

#[test]
fn who_asks_in_english_gets_the_card_in_both_languages() {
    let answer = ENGINE.ask("Smoke is coming under my hotel room door, what should I do now?");
    assert_eq!(answer.kind, AnswerKind::Emergency);
    assert!(answer.text.lines().count() <= 12);
    assert!(answer.text.contains("Call 119") && answer.text.contains("关紧门"));
}

#[test]
fn who_talks_hears_what_who_asks_reads() {
    for said in ["我家厨房着火了快来人", "灭火器多久换一次", "你好", "今天股票涨了吗", ""]
    {
        let (asked, told) = (ENGINE.ask(said), ENGINE.talk(said));
        assert_eq!((told.kind, &told.text, told.danger), (asked.kind, &asked.text, asked.danger));
        assert_eq!(ENGINE.is_danger(said), told.kind == AnswerKind::Emergency, "{said}");
    }
}
