//! Our calendar against another implementation: `tests/external/calendar.py` wrote the days.

use std::collections::BTreeMap;

use fenghuo_content::{When, solar_terms};

/// Days by rule and year.
fn theirs() -> BTreeMap<(String, i16), Vec<String>> {
    let mut days: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for line in include_str!("data/calendar.csv").lines().skip(1) {
        let [rule, year, day] = line.split(',').collect::<Vec<_>>()[..] else { panic!("`{line}`") };
        let year = year.parse().expect("a year");
        days.entry((rule.to_owned(), year)).or_default().push(day.to_owned());
    }
    days
}

#[test]
fn lunar_days_and_terms_agree_with_another_implementation() {
    let theirs = theirs();
    assert!(theirs.len() > 1900, "only {} rules", theirs.len());
    for ((rule, year), days) in theirs {
        let when = When::parse(&rule).expect("a rule");
        let ours: Vec<String> = when.occasions(year).iter().map(|o| o.start.to_string()).collect();
        assert_eq!(ours, days, "{rule} {year}");
    }
}

#[test]
fn the_list_of_terms_agrees_with_the_rules() {
    for (day, name) in solar_terms(2031) {
        let when = When::parse(name).expect("a term");
        assert_eq!(when.occasions(2031)[0].start, day, "{name}");
    }
}
