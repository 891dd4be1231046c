//! The built-in library holds what the foundation promises.

use std::collections::BTreeMap;

use fenghuo_content::kind::Urgency;
use fenghuo_content::{Content, Files, Kind, Lang, Library};

use crate::support::root;

fn library() -> Library {
    let files = Files::read(&root().join("content/library")).expect("the library");
    Library::load(&files).0
}

#[test]
fn it_has_enough_of_every_kind() {
    let library = library();
    for (kind, least) in [
        (Kind::Knowledge, 120),
        (Kind::Case, 40),
        (Kind::Guide, 12),
        (Kind::Lesson, 3),
        (Kind::Quiz, 2),
        (Kind::Checklist, 3),
        (Kind::Notice, 24),
        (Kind::Bulletin, 1),
        (Kind::Board, 1),
    ] {
        let count = library.of_kind(kind).count();
        assert!(count >= least, "{kind:?}: {count} < {least}");
    }
}

#[test]
fn knowledge_covers_at_least_ten_topics() {
    let library = library();
    let mut topics: BTreeMap<&str, usize> = BTreeMap::new();
    for document in library.of_kind(Kind::Knowledge) {
        *topics.entry(&document.meta.topics[0]).or_default() += 1;
    }
    assert!(topics.len() >= 10, "{topics:?}");
}

#[test]
fn no_document_claims_an_approval_nobody_gave() {
    for document in library().documents() {
        assert_eq!(document.meta.reviewer, None, "{}", document.id);
    }
}

#[test]
fn figures_made_up_for_demonstration_say_so() {
    for document in library().documents() {
        match &document.content {
            Content::Bulletin(bulletin) => assert!(bulletin.demonstration, "{}", document.id),
            Content::Board(board) => assert!(board.demonstration, "{}", document.id),
            _ => {}
        }
    }
}

#[test]
fn only_national_numbers_are_named() {
    let library = library();
    let known = ["119", "120", "110", "12119", "122", "12345", "96119"];
    for hotline in &library.place.hotlines {
        assert!(known.contains(&hotline.number.as_str()), "{}", hotline.number);
    }
}

#[test]
fn what_is_urgent_and_every_guide_is_there_in_english() {
    let library = library();
    for document in library.documents().iter().filter(|document| document.lang == Lang::Zh) {
        let urgent = match &document.content {
            Content::Guide(_) => true,
            Content::Knowledge(knowledge) => knowledge.urgency == Urgency::Now,
            _ => false,
        };
        let english = library.find_in(document.id.as_str(), Lang::En);
        assert!(!urgent || english.is_some(), "{}", document.id);
        if let (Content::Guide(zh), Some(Content::Guide(en))) =
            (&document.content, english.map(|document| &document.content))
        {
            let steps = |guide: &fenghuo_content::kind::Guide| -> Vec<String> {
                guide.steps.iter().map(|step| step.id.clone()).collect()
            };
            assert_eq!(steps(zh), steps(en), "{}", document.id);
        }
    }
    for hotline in &library.place.hotlines {
        assert!(!hotline.name_en.is_empty(), "{}", hotline.number);
    }
}
