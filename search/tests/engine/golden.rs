//! Measures: golden questions of our own wording, questions about other things, bare retrieval.

use fenghuo_search::Engine;
use fenghuo_search::eval::{golden, retrieval};

use crate::ENGINE;

#[test]
fn questions_about_other_things_are_seldom_answered() {
    let lines = include_str!("../data/offtopic.jsonl");
    let report = golden(&ENGINE, lines).expect("the lines are readable");
    assert!(report.all.rate() >= 0.86, "{:#?}", report.failures);
}

#[test]
fn golden_questions_of_our_own_hold() {
    let report =
        golden(&ENGINE, include_str!("../data/golden.jsonl")).expect("the lines are readable");
    assert!(report.all.rate() >= 0.9, "{:#?}", report.failures);
    assert_eq!(report.by_expect["emergency"].rate(), 1.0, "{:#?}", report.failures);
}

#[test]
fn a_golden_report_counts_and_names_what_failed() {
    let lines = concat!(
        r#"{"id":"a","q":"你好","expect":"unknown","tags":["hello"]}"#,
        "\n\n",
        r#"{"id":"b","q":"你好","expect":"unknown","must":[["^没有这句"]],"tags":["hello"]}"#,
        "\n",
        r#"{"id":"c","q":"你好","expect":"unknown","must_not":["(?<=消)防"]}"#,
        "\n",
        r#"{"id":"d","q":"你好","expect":"answer"}"#,
        "\n",
    );
    let report = golden(&engine(), lines).expect("the lines are readable");
    assert_eq!((report.all.right, report.all.total), (1, 4));
    assert_eq!((report.by_tag["hello"].right, report.by_tag["hello"].total), (1, 2));
    let failed: Vec<&str> = report.failures.iter().map(|failure| failure.id.as_str()).collect();
    assert_eq!(failed, ["b", "c", "d"]);
    assert!(golden(&engine(), "{").is_err());
    assert!(
        golden(&engine(), r#"{"id":"e","q":"你好","expect":"unknown","must":[["("]]}"#).is_err()
    );
}

#[test]
fn bare_passages_are_found_by_their_questions() {
    let docs = "{\"id\":0,\"text\":\"灭火器每月检查一次压力表。\"}\n{\"id\":1,\"text\":\"蚊香放在铁盘里，离床铺远一点。\"}\n";
    let queries = "{\"question\":\"多久检查一次灭火器？\",\"doc_id\":0}\n{\"question\":\"蚊香放哪里\",\"doc_id\":1}\n{\"question\":\"没有\",\"doc_id\":7}\n";
    let scores = retrieval(docs, queries).expect("the lines are readable");
    assert_eq!((scores.docs, scores.queries), (2, 3));
    assert!((scores.recall_at_1 - 2.0 / 3.0).abs() < 1e-9);
    assert!(retrieval("x", queries).is_err());
}

fn engine() -> Engine {
    Engine::in_memory(std::sync::Arc::new(fenghuo_content::Library::default())).expect("it builds")
}
