//! What documents say, checked in a library of their own: each rule trips where it must and nowhere else.

use std::path::Path;

use fenghuo_content::{Diagnostic, Files, Library};

const SOURCE: &str = r#"
[[sources]]
title = "中华人民共和国消防法"
issuer = "全国人民代表大会常务委员会"
date = "2021-04-29"
kind = "law"
"#;

/// A knowledge document with `extra` front matter.
fn knowledge(title: &str, answer: &str, questions: [&str; 3], extra: &str, body: &str) -> String {
    let [one, two, three] = questions;
    format!(
        "+++\ntitle = \"{title}\"\nsummary = \"摘要。\"\naudience = [\"resident\"]\ntopics = [\"kitchen\"]\n\
         reviewed = 2026-01-01\nurgency = \"prepare\"\nanswer = \"{answer}\"\n\
         questions = [\"{one}\", \"{two}\", \"{three}\"]\n{extra}{SOURCE}+++\n\n{body}\n"
    )
}

/// A knowledge document in which only the body matters.
fn said(body: &str) -> String {
    knowledge("标题", "关火，打 119。", ["问一甲", "问二乙", "问三丙"], "", body)
}

/// Rules that break when `documents` are added to the small library, with the path of each.
fn rules_of(documents: &[(&str, String)]) -> Vec<(String, &'static str)> {
    let dir = tempfile::tempdir().expect("a folder");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/minimal");
    copy(&fixture, dir.path());
    for (path, text) in documents {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
    let (_, faults) = Library::load(&Files::read(dir.path()).expect("a folder"));
    let here = |fault: &Diagnostic| documents.iter().any(|(path, _)| fault.path == *path);
    faults.into_iter().filter(here).map(|fault| (fault.path, fault.rule)).collect()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

const PATH: &str = "knowledge/kitchen/a.md";

fn rules_in(text: String) -> Vec<&'static str> {
    let mut rules: Vec<_> = rules_of(&[(PATH, text)]).into_iter().map(|(_, rule)| rule).collect();
    rules.dedup();
    rules
}

#[test]
fn a_body_trips_its_rule_and_its_twin_does_not() {
    let long = "很".repeat(61);
    let section = format!("## 一节\n\n{}", "这一句话有十个字呀。".repeat(61));
    for (rule, bad, good) in [
        ("advice-lift", "着火时坐电梯下楼。", "着火时不坐电梯下楼。"),
        ("hard-word", "切勿慌张。", "不要慌。"),
        ("sentence-long", &*long, "很短。"),
        ("section-long", &*section, "## 一节\n\n短。"),
        ("slogan", "警钟长鸣。", "睡前关阀。"),
        ("promise", "这样绝对安全。", "没有绝对安全的事。"),
        ("warning-colour", "今天发布大风红色预警。", "今天风大。"),
        ("office-renamed", "找公安消防大队。", "找消防救援大队。"),
        ("figure-source", "去年全国有 3 万起。", "去年有很多起。"),
        (
            "contradiction",
            "楼道可以给电动车充电。\n\n楼道不能给电动车充电。",
            "楼道不能给电动车充电。",
        ),
    ] {
        assert!(rules_in(said(bad)).contains(&rule), "{rule}: {:?}", rules_in(said(bad)));
        assert_eq!(rules_in(said(good)), [""; 0], "{rule}");
    }
}

#[test]
fn dangerous_advice_is_found_wherever_readers_meet_it() {
    let bad = "油锅着火，马上泼水。";
    let question = ["问一甲", "问二乙", "问三丙"];
    let option = "## 油锅着火先做什么？\n\n- [x] 马上往锅里泼水\n- [ ] 关火盖盖\n\n> 先做这一件。";
    for (path, text) in [
        (PATH, knowledge("标题", bad, question, "", "正文。")),
        ("knowledge/kitchen/t.md", knowledge("油锅着火马上泼水", "关火。", question, "", "正文。")),
        ("notices/n.md", notice(bad, "关好火。", "关火。")),
        ("notices/n.md", notice("关好火。", bad, "关火。")),
        ("notices/n.md", notice("关好火。", "关火。", bad)),
        ("quizzes/q.md", quiz(option)),
    ] {
        let rules = rules_of(&[(path, text)]);
        assert!(rules.iter().any(|(_, rule)| *rule == "advice-oil-water"), "{path} {rules:?}");
    }
}

fn notice(message: &str, script: &str, detail: &str) -> String {
    format!(
        "+++\ntitle = \"提示\"\nsummary = \"摘要。\"\naudience = [\"resident\"]\ntopics = [\"kitchen\"]\n\
         reviewed = 2026-01-01\nwhen = \"11-09\"\nseverity = \"minor\"\nexpires_after = \"72h\"\n{SOURCE}+++\n\n\
         {message}\n\n## 广播稿\n\n{script}\n\n## 详细\n\n{detail}\n"
    )
}

fn quiz(body: &str) -> String {
    format!(
        "+++\ntitle = \"测验\"\nsummary = \"摘要。\"\naudience = [\"resident\"]\ntopics = [\"kitchen\"]\n\
         reviewed = 2026-01-01\ngrades = [4]\n{SOURCE}+++\n\n{body}\n"
    )
}

#[test]
fn a_title_that_asks_its_answer_and_its_body_agree() {
    let questions = ["问一甲", "问二乙", "问三丙"];
    let title = "电动车能不能在楼道充电";
    let document = |answer, body| knowledge(title, answer, questions, "", body);
    assert_eq!(rules_in(document("不能。", "电动车不要在楼道充电。")), [""; 0]);
    assert!(rules_in(document("不能。", "电动车可以在楼道里充电。")).contains(&"contradiction"));
    assert!(rules_in(document("可以。", "不行，停到外面去。")).contains(&"contradiction"));
    let headed = "## 电动车能不能在楼道充电\n\n可以。";
    assert!(rules_in(document("不能。", headed)).contains(&"contradiction"));
}

#[test]
fn two_documents_on_one_topic_do_not_contradict_each_other() {
    let one = |body| knowledge("甲", "关火。", ["问一甲", "问二乙", "问三丙"], "", body);
    let other = |body| knowledge("乙", "关火。", ["问四甲", "问五乙", "问六丙"], "", body);
    let rules =
        |first, second| rules_of(&[(PATH, one(first)), ("knowledge/kitchen/b.md", other(second))]);
    let (yes, no) = ("灭火毯可以重复用很多次。", "灭火毯不能重复用很多次。");
    assert_eq!(rules(yes, yes), []);
    assert_eq!(rules(yes, no), [("knowledge/kitchen/b.md".to_owned(), "contradiction")]);
}

#[test]
fn a_question_is_claimed_once_however_it_is_spelled() {
    let one = knowledge("甲", "关火。", ["油锅着火怎么办", "问二乙", "问三丙"], "", "甲。");
    let two = knowledge("乙", "关火。", ["油锅起火了咋办？", "问五乙", "问六丙"], "", "乙。");
    let rules = rules_of(&[(PATH, one), ("knowledge/kitchen/b.md", two)]);
    assert_eq!(rules, [("knowledge/kitchen/b.md".to_owned(), "question-twice")]);
}

#[test]
fn sentences_that_ask_for_an_action_and_scripts_and_titles_are_short() {
    let questions = ["问一甲", "问二乙", "问三丙"];
    let long = "先把灶上的火关掉再把锅盖慢慢盖上然后走到门外边去告诉大家赶快往外走不要回头看";
    assert_eq!(
        rules_in(knowledge("甲", &format!("{long}。"), questions, "", "乙。")),
        ["action-long"]
    );
    assert_eq!(
        rules_in(knowledge("甲", "关火。盖盖。", questions, "", &format!("{long}。"))),
        [""; 0]
    );
    assert_eq!(
        rules_in(knowledge(&"题".repeat(31), "关火。", questions, "", "乙。")),
        ["title-long"]
    );
    let script = "关好火，出门看一眼。".repeat(45);
    assert_eq!(
        rules_of(&[("notices/n.md", notice("关火。", &script, "关火。"))])[0].1,
        "script-long"
    );
}

#[test]
fn only_rules_of_wording_are_allowed_to_be_broken_and_only_for_a_reason() {
    let questions = ["问一甲", "问二乙", "问三丙"];
    let allow = |rule: &str, reason: &str, body: &str| {
        let extra = format!("\n[[allow]]\nrule = \"{rule}\"\nreason = \"{reason}\"\n");
        rules_in(knowledge("甲", "关火。", questions, &extra, body))
    };
    assert_eq!(allow("slogan", "引用标语", "墙上写着警钟长鸣。"), [""; 0]);
    assert_eq!(allow("slogan", "引用标语", "睡前关阀。"), ["allow-unused"]);
    assert_eq!(allow("slogan", " ", "墙上写着警钟长鸣。"), ["allow-rule", "slogan"]);
    assert_eq!(allow("no-such-rule", "原因", "睡前关阀。"), ["allow-rule"]);
    let rules = allow("advice-oil-water", "原因", "油锅着火，马上泼水。");
    assert_eq!(rules, ["allow-rule", "advice-oil-water"]);
}

#[test]
fn old_addresses_and_links_lead_somewhere_else_and_to_what_is_published() {
    let questions = ["问一甲", "问二乙", "问三丙"];
    let aliased = |alias: &str| {
        let extra = format!("aliases = [\"{alias}\"]\n");
        rules_in(knowledge("甲", "关火。", questions, &extra, "乙。"))
    };
    assert_eq!(aliased("/old/a/"), [""; 0]);
    assert_eq!(aliased("/knowledge/kitchen/a/"), ["alias-self"]);
    let taken = knowledge(
        "乙",
        "关火。",
        ["问四甲", "问五乙", "问六丙"],
        "aliases = [\"/knowledge/kitchen/a/\"]\n",
        "乙。",
    );
    let plain = knowledge("甲", "关火。", questions, "", "甲。");
    let rules = rules_of(&[(PATH, plain), ("knowledge/kitchen/b.md", taken)]);
    assert_eq!(rules, [("knowledge/kitchen/b.md".to_owned(), "alias-taken")]);
    let linking = knowledge("甲", "关火。", questions, "", "看[乙](knowledge/kitchen/b)。");
    let draft = knowledge("乙", "关火。", ["问四甲", "问五乙", "问六丙"], "draft = true\n", "乙。");
    let rules = rules_of(&[(PATH, linking), ("knowledge/kitchen/b.md", draft)]);
    assert_eq!(rules, [(PATH.to_owned(), "link-draft")]);
}

#[test]
fn a_source_no_longer_in_force_is_an_error_in_text_and_in_the_list() {
    let questions = ["问一甲", "问二乙", "问三丙"];
    let extra = "\n[[sources]]\ntitle = \"手提式灭火器 GB 4351.1—2005\"\nissuer = \"国家标准委\"\ndate = \"2005\"\nkind = \"standard\"\n";
    assert_eq!(
        rules_in(knowledge("甲", "关火。", questions, extra, "乙。")),
        ["standard-outdated"]
    );
}
