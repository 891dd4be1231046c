//! No pupil data: what teachers and pupils use sends nothing, keeps nothing, and asks for no name.

use crate::fixture::{BUILT_IN, TODAY, built, site};

/// Scripts that run in front of a class or a pupil.
const SCRIPTS: [(&str, &str); 3] = [
    ("lesson.js", include_str!("../../assets/pack/lesson.js")),
    ("slides.js", include_str!("../../assets/pack/slides.js")),
    ("sco.js", include_str!("../../assets/pack/sco.js")),
];

#[test]
fn no_script_of_a_lesson_sends_or_keeps_anything() {
    for (name, script) in SCRIPTS {
        for way in [
            "fetch(",
            "XMLHttpRequest",
            "sendBeacon",
            "WebSocket",
            "EventSource",
            "localStorage",
            "sessionStorage",
            "indexedDB",
            "document.cookie",
            "caches.",
            "import(",
            "new Image",
            "postMessage",
            "BroadcastChannel",
        ] {
            assert!(!script.contains(way), "{name} uses {way}");
        }
    }
}

#[test]
fn a_learning_platform_is_told_score_and_status_only() {
    let (_, script) = SCRIPTS[2];
    let mut told: Vec<&str> =
        script.split("'cmi.").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(
        told,
        [
            "core.exit",
            "core.lesson_mode",
            "core.lesson_status",
            "core.score.max",
            "core.score.min",
            "core.score.raw",
            "suspend_data",
        ],
        "neither names nor ids of pupils, nor the time they took"
    );
}

#[test]
fn pages_for_a_class_have_no_field_that_is_sent() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let parts = ["letter", "worksheet", "quiz", "slides"];
    let pages = files.iter().filter(|(name, _)| {
        let part = name.strip_suffix("/index.html").and_then(|name| name.rsplit('/').next());
        name.starts_with("lessons/") && part.is_some_and(|part| parts.contains(&part))
    });
    let mut seen = 0;
    for (name, html) in pages {
        seen += 1;
        assert!(!html.contains("<form"), "{name} has a form");
        for field in html.split("<input").skip(1).filter_map(|rest| rest.split('>').next()) {
            let counted = field.contains("type=\"number\"") || field.contains("name=\"round\"");
            let written = field.contains("class=\"line") && field.contains("autocomplete=\"off\"");
            assert!(counted || written, "{name}: {field}");
        }
        assert!(!html.contains("姓名：") && !html.contains("学号"), "{name} asks for a name");
    }
    assert!(seen >= 4 * 31, "{seen}");
}

#[test]
fn every_page_of_lessons_says_that_no_pupil_data_is_kept() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    for (name, html) in &files {
        if name.starts_with("lessons/") && name.ends_with("/index.html") {
            assert!(html.contains("不保存学生资料"), "{name}");
        }
    }
}
