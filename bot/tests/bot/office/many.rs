//! A county of hundreds of villages: the sheet comes quickly, and still holds for each of them.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use fenghuo_bot::office::Error;
use fenghuo_content::{Files, Library};
use fenghuo_store::Actor;

use super::{Bureau, draft};

const TOWNSHIPS: usize = 20;
const VILLAGES: usize = 30;

/// The small library with 20 townships of 30 villages each; `renamed` is called otherwise.
fn county(renamed: &str) -> Arc<Library> {
    let folder = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
    copy(&from, folder.path());
    let mut regions =
        String::from("[[region]]\nid = \"county\"\nname = \"小示范县\"\nkind = \"county\"\n");
    let mut add = |id: &str, name: &str, kind: &str, up: &str| {
        let name = if id == renamed { "改名的地方" } else { name };
        writeln!(
            regions,
            "[[region]]\nid = \"{id}\"\nname = \"{name}\"\nkind = \"{kind}\"\nparent = \"{up}\""
        )
        .expect("a string");
    };
    for id in ["chengguan", "liuhe"] {
        add(id, id, "township", "county");
    }
    for town in 0..TOWNSHIPS {
        let id = format!("t{town}");
        add(&id, &format!("第{town}镇"), "township", "county");
        for village in 0..VILLAGES {
            add(&format!("{id}-{village}"), &format!("{town}镇{village}村"), "village", &id);
        }
    }
    std::fs::write(folder.path().join("regions.toml"), regions).expect("written");
    let (library, _) = Library::load(&Files::read(folder.path()).expect("readable"));
    assert_eq!(library.regions.iter().count(), 3 + TOWNSHIPS * (VILLAGES + 1));
    Arc::new(library)
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

#[tokio::test]
async fn what_was_approved_holds_for_every_one_of_hundreds_of_villages() {
    let bureau = Bureau::open().await;
    let (maxia, lichun) = (Actor::desk("maxia"), Actor::desk("lichun"));
    let become_county = |renamed: &str| {
        *bureau.library.lock().expect("unpoisoned") = county(renamed);
    };
    for (name, renamed, changed) in [
        ("place", "t7-19", true),
        ("place", "t7", true),
        ("township", "t7", true),
        // Nobody reads the name of a village there.
        ("township", "t7-19", false),
        ("county", "t7", false),
    ] {
        become_county("");
        let body = format!("{{{{ {name} }}}}的乡亲，今天风大，不烧荒。看见火打119。");
        let office = &bureau.office;
        let body = if name == "township" {
            format!("{{% if township %}}{body}{{% else %}}今天风大，不烧荒。{{% endif %}}")
        } else {
            body
        };
        let made = office.create(draft("大风天不烧荒", &body), &maxia).await.expect("made");
        let sheet = office.sheet(&made).await.expect("a sheet");
        assert_eq!(sheet.faults, []);
        let submitted = office.submit(made.id, made.version, &maxia).await.expect("submitted");
        let approved = office.approve(made.id, submitted.version, &lichun).await.expect("approved");
        become_county(renamed);
        let sent = office.send(made.id, approved.version, &lichun).await;
        assert_eq!(matches!(sent, Err(Error::Changed)), changed, "{name} {renamed}: {sent:?}");
    }
}

#[tokio::test]
async fn a_name_without_a_value_is_told_once_with_how_many_places_lack_it() {
    let bureau = Bureau::open().await;
    *bureau.library.lock().expect("unpoisoned") = county("");
    let draft = draft("大风天不烧荒", "{{ village }}今天风大。\n\n{{ township }}不烧荒。");
    let faults = bureau.office.check(&draft).await.expect("checked");
    // The county and its 22 townships have no village; the township is told of with it, being of the same text.
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].message.contains("小示范县、chengguan、liuhe等 23 个地方"), "{faults:?}");
}
