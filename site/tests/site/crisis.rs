//! The crisis copy: one file, whole, dated, asking nothing of a network.

use jiff::civil::date;

use crate::fixture::{BUILT_IN, TODAY, site};

#[test]
fn the_copy_holds_every_document_and_its_day() {
    let copy = site(BUILT_IN.clone(), TODAY).crisis_copy().expect("the index is made");
    assert!(copy.contains("2026年11月9日 制作"));
    for document in BUILT_IN.documents().iter().filter(|document| !document.meta.draft) {
        let anchor = document.address();
        let leaf = format!("<section class=\"leaf\" id=\"{}\"", anchor.trim_matches('/'));
        assert!(copy.contains(&leaf), "{anchor} is not in the copy");
    }
}

#[test]
fn a_copy_asks_nothing_of_a_network() {
    let copy = site(BUILT_IN.clone(), TODAY).crisis_copy().expect("the index is made");
    assert!(copy.contains("default-src 'none'"));
    for asking in ["<script src", "<link rel=\"stylesheet\"", "src=\"/", "href=\"/"] {
        assert!(!copy.contains(asking), "the copy holds {asking}");
    }
}

#[test]
fn no_notice_is_current_in_a_copy() {
    for day in [TODAY, date(2026, 4, 4), date(2026, 12, 15)] {
        let copy = site(BUILT_IN.clone(), day).crisis_copy().expect("the index is made");
        assert!(!copy.contains("data-expires=\""), "{day}");
    }
}

#[test]
fn the_index_cannot_end_its_script_element() {
    let copy = site(BUILT_IN.clone(), TODAY).crisis_copy().expect("the index is made");
    let (_, rest) = copy.split_once("id=\"index\">").expect("the index is there");
    let (index, _) = rest.split_once("</script>").expect("the element ends");
    let index: serde_json::Value = serde_json::from_str(index).expect("the index is whole");
    assert!(index["base"]["docs"].as_array().is_some_and(|docs| docs.len() > 300));
}
