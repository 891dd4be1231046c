//! How long the pre-flight sheet and the hash of the approval take for a county of many villages.
//!
//! `cargo run --release --example sheet -- FOLDER_OF_A_LIBRARY`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use fenghuo_bot::Clock;
use fenghuo_bot::office::{Office, Settings, blank};
use fenghuo_content::{Files, Library};
use fenghuo_store::{Actor, CampaignKind, Draft, OfficialRole, Store};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("name a library")?;
    let library = Arc::new(Library::load_judged(&Files::read(&folder)?).0);
    let data = tempfile::tempdir()?;
    let store = Store::open(&data.path().join("fenghuo.db")).await?;
    let now: jiff::Timestamp = "2026-11-10T04:00:00Z".parse()?;
    let (admin, chief) = (Actor::cli("console"), Actor::cli("chief"));
    store.add_official("chief", OfficialRole::Admin, "x", &admin, now).await?;
    let source = Arc::clone(&library);
    let office =
        Office::new(store, move || Arc::clone(&source), Clock::fixed(now), Settings::default());
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} places", library.regions.iter().count())?;
    for name in ["county", "place"] {
        let body = format!(
            "{{{{ {name} }}}}的乡亲，今天风大，不烧荒。看见火打119。\n\n## 怎么做\n\n1. 关炉门。\n2. 拔插头。"
        );
        let title = "大风天不烧荒".to_owned();
        let draft = Draft { title, body, ..blank(CampaignKind::Notice, now) };
        let made = office.create(draft, &chief).await?;
        let begun = Instant::now();
        office.sheet(&made).await?;
        let sheet = begun.elapsed();
        let begun = Instant::now();
        office.submit(made.id, made.version, &chief).await?;
        writeln!(out, "{{{{ {name} }}}}: sheet {sheet:?}, check and hash {:?}", begun.elapsed())?;
    }
    Ok(())
}
