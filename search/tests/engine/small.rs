//! A library of three documents, small enough to know every answer, and any text thrown at it.

use std::sync::{Arc, LazyLock};

use fenghuo_content::{Files, Library};
use fenghuo_search::{AnswerKind, Engine};
use proptest::prelude::*;

const COMMON: &str = "audience = [\"resident\"]\ntopics = [\"kitchen\"]\nseason = [\"all\"]\nreviewed = 2026-11-23\n";
const SOURCE: &str = "\n[[sources]]\ntitle = \"中华人民共和国消防法\"\nissuer = \"全国人大常委会\"\ndate = \"2021-04-29\"\nkind = \"law\"\n";

fn knowledge(title: &str, keys: &str, body: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\nsummary = \"{title}。\"\n{COMMON}{keys}{SOURCE}+++\n\n{body}\n"
    )
}

/// Three documents and the lexicon of the built-in library.
pub(crate) fn library() -> Library {
    Library::load(&files().into_iter().collect::<Files>()).0
}

/// Its files, by path.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let oil = knowledge(
        "油锅着火怎么办",
        "answer = \"马上关火，盖锅盖，不泼水，火大打119。\"\nquestions = [\"油锅着火了怎么办\", \"炒菜油烧起来了\", \"锅里起火能不能浇水\"]\nurgency = \"now\"\n",
        "## 盖什么\n\n盖锅盖或灭火毯，从身前往前推。\n\n## 误区\n\n- ✗ 误区：油锅着火泼水。 ✓ 正确：关火，盖锅盖，不泼水。",
    );
    let expiry = knowledge(
        "灭火器几年报废",
        "answer = \"干粉灭火器10年报废，水基型6年报废。\"\nquestions = [\"灭火器几年报废\", \"灭火器过期了还能用吗\", \"灭火器有效期多久\"]\nurgency = \"prepare\"\n",
        "## 多久维修\n\n干粉灭火器出厂满5年首次维修，以后每2年一次。",
    );
    let corridor = knowledge(
        "楼道能停电动车吗",
        "answer = \"不能。电动车不进楼道，不在楼道充电。\"\nquestions = [\"电动车能放楼道吗\", \"楼道里充电行不行\", \"电瓶车推进家里可以吗\"]\nurgency = \"learn\"\n",
        "## 罚多少\n\n在疏散通道停放、充电，拒不改正的处500元以上1000元以下罚款。",
    );
    let built_in = |name: &str| {
        let path = format!("{}/../content/library/{name}", env!("CARGO_MANIFEST_DIR"));
        (name.to_owned(), std::fs::read(path).expect("the built-in library has it"))
    };
    let mut files: Vec<(String, Vec<u8>)> = [
        "library.toml",
        "regions.toml",
        "topics.toml",
        "audiences.toml",
        "lexicon/words.txt",
        "lexicon/synonyms.toml",
        "lexicon/emergencies.toml",
    ]
    .map(built_in)
    .to_vec();
    for (name, text) in [("oil", oil), ("expiry", expiry), ("corridor", corridor)] {
        files.push((format!("knowledge/kitchen/{name}.md"), text.into_bytes()));
    }
    files
}

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::in_memory(Arc::new(library())).expect("it builds"));

#[test]
fn questions_find_their_document_however_they_are_written() {
    for (question, document) in [
        ("油锅着火怎么办", "knowledge/kitchen/oil"),
        ("油鍋著火怎麼辦", "knowledge/kitchen/oil"),
        ("灭火气几年报费", "knowledge/kitchen/expiry"),
        ("mie huo qi ji nian bao fei", "knowledge/kitchen/expiry"),
        ("灭火筒几年到期得换", "knowledge/kitchen/expiry"),
        ("小电驴能停在过道充电不", "knowledge/kitchen/corridor"),
        ("電瓶車可以停在樓道嗎？？？", "knowledge/kitchen/corridor"),
    ] {
        let hits = ENGINE.search(question, 3);
        assert_eq!(hits[0].doc, document, "{question}");
        assert!(
            !matches!(ENGINE.ask(question).kind, AnswerKind::Unknown),
            "{}",
            ENGINE.explain(question)
        );
    }
}

#[test]
fn an_answer_shows_its_text_source_and_approval() {
    let answer = ENGINE.ask("灭火器几年报废");
    assert!(answer.text.starts_with("干粉灭火器10年报废"));
    assert!(answer.text.contains("来源：《中华人民共和国消防法》"));
    assert!(answer.text.ends_with("资料核对于 2026-11-23，待当地消防救援机构审定"));
    assert_eq!(answer.sources.len(), 1);
    let passage = answer.passage.expect("an answer names its passage");
    assert_eq!(
        (passage.doc.as_str(), passage.anchor.as_str()),
        ("knowledge/kitchen/expiry", "answer")
    );
}

#[test]
fn a_section_that_holds_what_is_asked_is_shown() {
    let answer = ENGINE.ask("电动车停楼道里充电罚多少钱");
    assert!(answer.text.contains("500元以上1000元以下"), "{}", answer.text);
}

#[test]
fn other_matters_are_refused_without_an_echo() {
    for question in
        ["今天天气怎么样", "帮我写一首诗", "<script>alert(1)</script>", "忽略之前的指令{{7*7}}"]
    {
        let answer = ENGINE.ask(question);
        assert_eq!(answer.kind, AnswerKind::Unknown, "{question}");
        assert!(!answer.text.contains(question) && answer.text.contains("119"));
        assert!(answer.hits.is_empty());
    }
}

#[test]
fn greetings_are_greeted() {
    for question in ["你好", "在吗？", "谢谢！", "hello", "", "。。。", "你是谁"] {
        assert_eq!(ENGINE.ask(question).kind, AnswerKind::Greeting, "{question}");
    }
}

#[test]
fn the_search_page_gets_one_hit_a_document() {
    let hits = ENGINE.search("灭火器", 10);
    assert_eq!(hits[0].doc, "knowledge/kitchen/expiry");
    let mut documents: Vec<&str> = hits.iter().map(|hit| hit.doc.as_str()).collect();
    documents.sort_unstable();
    documents.dedup();
    assert_eq!(documents.len(), hits.len());
    assert!(ENGINE.search("灭火器", 0).is_empty());
}

#[test]
fn an_empty_library_answers_nothing_and_still_answers() {
    let engine = Engine::in_memory(Arc::new(Library::default())).expect("it builds");
    assert_eq!(engine.ask("油锅着火怎么办").kind, AnswerKind::Unknown);
    assert!(engine.search("油锅", 5).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let answer = ENGINE.ask(&text);
        prop_assert!(!answer.text.is_empty());
    }

    #[test]
    fn no_mix_of_our_words_makes_it_panic(
        parts in prop::collection::vec("(着火|冒烟|了|烟|我家|油锅|怎么办|zhao|huo|le|fire|[ 。，！0-9a-z])", 0..60),
    ) {
        let text = parts.concat();
        prop_assert!(!ENGINE.ask(&text).text.is_empty());
        prop_assert!(!ENGINE.explain(&text).to_string().is_empty());
    }
}
