//! Lesson packs: what is in them, what they state, and that nothing in a text can break them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::Arc;

use fenghuo_content::{Content, Kind, Library};
use fenghuo_site::{Format, PackError, Site};
use jiff::civil::date;
use zip::ZipArchive;

use crate::fixture::{BUILT_IN, TODAY, library, site};

/// A lesson whose every text has what could be taken for mark-up.
const HOSTILE: &str = include_str!("../../../tests/packs/hostile/lesson.md");

const HOSTILE_QUIZ: &str = include_str!("../../../tests/packs/hostile/quiz.md");

fn hostile() -> Site {
    let documents = [("lessons/hostile.md", HOSTILE), ("quizzes/hostile.md", HOSTILE_QUIZ)];
    site(library(&documents), TODAY)
}

fn lessons(library: &Library) -> Vec<String> {
    library.of_kind(Kind::Lesson).map(|document| document.id.as_str().to_owned()).collect()
}

fn bytes(site: &Site, name: &str, format: Format) -> Vec<u8> {
    site.pack(name, format).expect("the pack exists").bytes
}

fn text(site: &Site, name: &str, format: Format) -> String {
    String::from_utf8(bytes(site, name, format)).expect("UTF-8")
}

/// The files of a ZIP by name.
fn unpack(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file of the ZIP");
        let name = file.name().expect("a name in UTF-8").into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        files.insert(name, bytes);
    }
    files
}

/// All text of a pack, that of files inside it too.
fn all_text(name: &str, bytes: Vec<u8>) -> String {
    if !name.ends_with(".zip") && !name.ends_with(".epub") {
        // Lines of a calendar are folded.
        return String::from_utf8_lossy(&bytes).replace("\r\n ", "");
    }
    unpack(bytes).into_iter().map(|(name, bytes)| all_text(&name, bytes)).collect()
}

fn well_formed(name: &str, text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag)) => {
                let fine = tag.attributes().all(|attribute| attribute.is_ok());
                assert!(fine, "{name}: attributes of {tag:?}");
            }
            Ok(_) => {}
            Err(error) => panic!("{name}: {error} at {}", reader.error_position()),
        }
    }
}

#[test]
fn every_pack_states_source_review_version_approval_and_what_is_not_kept() {
    let site = site(BUILT_IN.clone(), TODAY);
    for document in BUILT_IN.of_kind(Kind::Lesson) {
        let name = document.id.as_str();
        let source = &document.meta.sources[0].title;
        for format in Format::ALL {
            let pack = site.pack(name, format).expect("the pack exists");
            let text = all_text(&pack.name, pack.bytes);
            for stated in
                ["待当地消防救援机构审定", "2026-11-23", "版本", "不保存学生资料", source.as_str()]
            {
                assert!(text.contains(stated), "{}: {stated}", pack.name);
            }
        }
    }
}

#[test]
fn a_pack_is_the_same_however_often_it_is_made() {
    let (one, two) = (site(BUILT_IN.clone(), TODAY), site(BUILT_IN.clone(), date(2027, 3, 1)));
    for name in ["summer-p46", "drill-p16"] {
        for format in Format::ALL {
            assert_eq!(bytes(&one, name, format), bytes(&two, name, format), "{name} {format:?}");
        }
    }
}

#[test]
fn the_version_changes_with_the_quiz() {
    let version = |quiz: &str| {
        let site =
            site(library(&[("lessons/hostile.md", HOSTILE), ("quizzes/hostile.md", quiz)]), TODAY);
        let gift = text(&site, "hostile", Format::Gift);
        let (_, rest) = gift.split_once("// 版本 ").expect("a version");
        rest.chars().take(12).collect::<String>()
    };
    assert_ne!(version(HOSTILE_QUIZ), version(&HOSTILE_QUIZ.replace("乙 # 乙", "丁")));
}

#[test]
fn an_epub_begins_with_its_media_type_and_lists_every_file() {
    let site = site(BUILT_IN.clone(), TODAY);
    for name in lessons(&BUILT_IN) {
        let book = bytes(&site, &name, Format::Epub);
        assert_eq!(&book[30..58], b"mimetypeapplication/epub+zip", "{name}");
        let files = unpack(book);
        let package = String::from_utf8_lossy(&files["EPUB/package.opf"]).into_owned();
        for file in files.keys().filter_map(|file| file.strip_prefix("EPUB/")) {
            let listed = package.contains(&format!("href=\"{file}\""));
            assert!(listed || file == "package.opf", "{name}: {file} is not in the manifest");
        }
        for needed in [
            "<dc:language>zh-CN</dc:language>",
            "schema:accessMode",
            "schema:accessibilityFeature",
            "schema:accessibilityHazard",
            "schema:accessibilitySummary",
            "properties=\"nav\"",
        ] {
            assert!(package.contains(needed), "{name}: {needed}");
        }
    }
}

#[test]
fn a_scorm_manifest_lists_every_file_and_its_schemas_are_there() {
    let site = site(BUILT_IN.clone(), TODAY);
    for name in lessons(&BUILT_IN) {
        let files = unpack(bytes(&site, &name, Format::Scorm));
        let manifest = String::from_utf8_lossy(&files["imsmanifest.xml"]).into_owned();
        let listed: BTreeSet<&str> = manifest
            .split("<file href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let present: BTreeSet<&str> =
            files.keys().map(String::as_str).filter(|file| *file != "imsmanifest.xml").collect();
        assert_eq!(listed, present, "{name}");
        assert!(manifest.contains("<schemaversion>1.2</schemaversion>"), "{name}");
        let (_, locations) = manifest.split_once("schemaLocation=\"").expect("schemas are named");
        let locations = locations.split('"').next().unwrap_or_default();
        for schema in locations.split(' ').skip(1).step_by(2) {
            assert!(files.contains_key(schema), "{name}: {schema} is named but not there");
        }
    }
}

#[test]
fn a_drawing_goes_with_the_lesson_that_shows_it() {
    let site = site(BUILT_IN.clone(), TODAY);
    let name = "media/meeting-point.svg";
    let drawing = &BUILT_IN.media[name].bytes;
    assert_eq!(unpack(bytes(&site, "drill-p16", Format::Scorm))[name], *drawing);
    assert_eq!(unpack(bytes(&site, "drill-p16", Format::Epub))[&format!("EPUB/{name}")], *drawing);
    for format in [Format::A4, Format::Slides] {
        let html = text(&site, "drill-p16", format);
        assert!(html.contains("<img src=\"data:image/svg+xml;base64,"), "{format:?}");
    }
}

#[test]
fn nothing_in_a_text_breaks_a_pack() {
    let site = hostile();
    for format in [Format::Epub, Format::Scorm] {
        for (name, bytes) in unpack(bytes(&site, "hostile", format)) {
            if [".xml", ".opf", ".xhtml", ".xsd"].iter().any(|ending| name.ends_with(ending)) {
                well_formed(&name, &String::from_utf8(bytes).expect("UTF-8"));
            }
        }
    }
    for format in [Format::A4, Format::Slides] {
        let html = text(&site, "hostile", format);
        assert!(strip(&html).contains("课 <门> & \"窗\" ~ = # { } : ]]>"), "{format:?}");
        assert!(!html.contains("<门>") && !html.contains("<甲>"), "{format:?}");
    }
    let calendar = text(&site, "hostile", Format::Ics).replace("\r\n ", "");
    assert!(calendar.contains("X-WR-CALNAME:安全日：课 <门> & \"窗\" ~ = # { } : ]]>"));
}

#[test]
fn gift_escapes_what_it_would_take_for_its_own() {
    let gift = text(&hostile(), "hostile", Format::Gift);
    assert!(gift.contains("[plain]选 \\{甲\\} \\~ \\= \\# \\:"), "{gift}");
    assert!(
        gift.contains(
            "\t~%50%甲 \\{a\\} \\= % & <对>\n\t~%50%丙 \\~ 丙\n\t~%-100%乙 \\# 乙 \\: 乙"
        ),
        "{gift}"
    );
    assert!(gift.contains("$CATEGORY: 消防安全/测 <验> & {题} ／ 一\n"), "{gift}");
}

#[test]
fn a_slide_has_few_words_and_the_notes_hold_the_whole_plan() {
    let site = site(BUILT_IN.clone(), TODAY);
    for document in BUILT_IN.of_kind(Kind::Lesson) {
        let name = document.id.as_str();
        let html = text(&site, name, Format::Slides);
        let faces: Vec<String> = between(&html, "<div class=\"face\">", "</div>");
        assert!(faces.len() > 8, "{name}: {} slides", faces.len());
        for face in &faces {
            let words = strip(face).chars().filter(|c| !c.is_whitespace()).count();
            assert!(words <= 40, "{name}: {words} characters on {face}");
        }
        let notes = strip(&between(&html, "<aside class=\"notes\"", "</aside>").concat());
        let Content::Lesson(lesson) = &document.content else { continue };
        let plan = fenghuo_content::markdown::plain_text(&lesson.thirty_minutes.blocks);
        let shown = format!("{}{notes}", strip(&faces.concat()));
        for cell in plan.lines().skip(1).flat_map(|line| line.splitn(3, '，').skip(2)) {
            if plan.contains(&format!("，{cell}")) && !cell.starts_with("怎么做") {
                assert!(shown.contains(cell.trim()), "{name}: `{cell}` is not in the notes");
            }
        }
    }
}

fn between(html: &str, start: &str, end: &str) -> Vec<String> {
    html.split(start).skip(1).filter_map(|rest| rest.split(end).next()).map(str::to_owned).collect()
}

/// Text without tags and with the entities of the renderer read back.
fn strip(html: &str) -> String {
    let mut out = String::new();
    for piece in html.split('<') {
        out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    let entities = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&gt;", ">"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(out, |text, (entity, plain)| text.replace(entity, plain))
}

#[test]
fn a_wrong_belief_stays_on_one_slide_with_its_correction() {
    let long = "这句话很长".repeat(12);
    let lesson = HOSTILE
        .replace("1. 写 <三个> 数字。", "画。")
        .replace("1. 说 {a} ~ b = c # d : e。", &format!("- ✗ 误区：{long}。 ✓ 正确：先走。"));
    let documents = [("lessons/hostile.md", lesson.as_str()), ("quizzes/hostile.md", HOSTILE_QUIZ)];
    let html = text(&site(library(&documents), TODAY), "hostile", Format::Slides);
    let faces = between(&html, "<div class=\"face\">", "</div>");
    let myth = faces.iter().find(|face| face.contains("✗ 误区：")).expect("the belief is shown");
    assert!(myth.contains("✓ 正确：先走。") && myth.contains(&long), "{myth}");
}

#[test]
fn a_plan_without_a_table_is_told_in_the_notes() {
    let lesson = HOSTILE.replace(
        "| 分钟 | 环节 | 怎么做 |\n|---|---|---|\n| 30 | 导入 & <讲解> | 问：先做什么？ |",
        "练一遍，再讲一遍。",
    );
    let documents = [("lessons/hostile.md", lesson.as_str()), ("quizzes/hostile.md", HOSTILE_QUIZ)];
    let html = text(&site(library(&documents), TODAY), "hostile", Format::Slides);
    assert!(between(&html, "<aside", "</aside>").concat().contains("练一遍，再讲一遍。"), "{html}");
}

#[test]
fn a_calendar_has_unique_events_of_the_school_year_in_narrow_lines() {
    let site = site(BUILT_IN.clone(), TODAY);
    let calendar = text(&site, "summer-p46", Format::Ics);
    assert!(calendar.split_terminator("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let all = String::from_utf8(bytes(&site, "drill-p16", Format::Ics)).expect("UTF-8");
    let all = all.replace("\r\n ", "");
    let uids: Vec<&str> = all.lines().filter(|line| line.starts_with("UID:")).collect();
    assert!(uids.len() > 8, "{uids:?}");
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), uids.len());
    let starts = all.lines().filter_map(|line| line.strip_prefix("DTSTART;VALUE=DATE:"));
    for start in starts {
        assert!(("20260901"..="20270831").contains(&start), "{start}");
    }
    for (title, day) in [
        ("全国中小学生安全教育日", "20270329"),
        ("11月9日：消防日", "20261109"),
        ("防灾减灾日", "20270512"),
    ] {
        let event = all.split("BEGIN:VEVENT").find(|event| event.contains(title));
        let event = event.unwrap_or_else(|| panic!("{title} is missing"));
        assert!(event.contains(&format!("DTSTART;VALUE=DATE:{day}")), "{event}");
    }
}

#[test]
fn a_season_is_one_zip_with_a_folder_a_lesson() {
    let site = site(BUILT_IN.clone(), TODAY);
    let pack = site.pack("season/summer", Format::Zip).expect("summer lessons");
    assert_eq!(pack.name, "summer-lessons.zip");
    let files = unpack(pack.bytes);
    let readme = String::from_utf8_lossy(&files["README.txt"]).into_owned();
    assert!(readme.starts_with('\u{feff}') && readme.contains("暑期消防安全课\r\n"), "{readme}");
    let summer = BUILT_IN.of_kind(Kind::Lesson).filter(|document| {
        let season = document.meta.season;
        !season.is_all() && [6, 7, 8].into_iter().any(|month| season.contains(month))
    });
    let mut folders = BTreeSet::new();
    for document in summer {
        let slug = document.id.as_str().trim_start_matches("lessons/");
        folders.insert(slug.to_owned());
        for ending in ["-a4.html", "-slides.html", ".epub", "-scorm.zip", "-gift.txt", ".ics"] {
            assert!(files.contains_key(&format!("{slug}/{slug}{ending}")), "{slug}{ending}");
        }
        assert!(readme.contains(&document.meta.title), "{slug}");
    }
    let present: BTreeSet<String> = files
        .keys()
        .filter_map(|name| name.split_once('/').map(|(folder, _)| folder.to_owned()))
        .collect();
    assert_eq!(present, folders);
    let contents = String::from_utf8_lossy(&files["index.html"]).into_owned();
    for href in contents.split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let elsewhere = href.starts_with("http") || href.starts_with("tel:");
        assert!(elsewhere || files.contains_key(href), "index.html leads to {href}");
    }
}

#[test]
fn a_name_that_is_no_lesson_is_told_with_those_there_are() {
    let site = site(BUILT_IN.clone(), TODAY);
    for name in ["nothing", "", "quizzes/drill", "season/spring", "season/nothing", "../summer-p46"]
    {
        let error = site.pack(name, Format::Zip).err().expect("no pack");
        assert!(
            matches!(&error, PackError::Unknown { known, .. } if known.contains("summer-p46")),
            "{name}: {error}"
        );
    }
    assert!(site.pack("/lessons/summer-p46/", Format::Gift).is_ok());
}

#[test]
fn a_lesson_without_a_quiz_has_all_packs_but_gift() {
    let lesson = HOSTILE.replace("quiz = \"quizzes/hostile\"\n", "");
    let site = site(library(&[("lessons/hostile.md", &lesson)]), TODAY);
    for format in Format::ALL {
        assert_eq!(site.pack("hostile", format).is_ok(), format != Format::Gift, "{format:?}");
    }
    let page =
        String::from_utf8_lossy(&unpack(bytes(&site, "hostile", Format::Scorm))["index.html"])
            .into_owned();
    assert!(page.contains("id=\"done\"") && !page.contains("id=\"quiz\""));
    let names: Vec<String> = unpack(bytes(&site, "hostile", Format::Zip)).into_keys().collect();
    assert!(!names.iter().any(|name| name.contains("gift")), "{names:?}");
}

#[test]
fn a_library_without_lessons_has_no_packs() {
    let site = site(Arc::clone(&library(&[])), TODAY);
    let error = site.pack("any", Format::Zip).err().expect("no pack");
    assert_eq!(error.to_string(), "no lesson is named `any`; the library has none");
}
