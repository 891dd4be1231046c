//! The office from outside: words, audience, verbs, seasons, relays, passwords.

mod audience;
mod login;
mod many;
mod relay;
mod season;
mod text;
mod verb;

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use fenghuo_bot::Clock;
use fenghuo_bot::office::{Line, Office, SeasonRule, Settings, blank};
use fenghuo_content::{Files, Library};
use fenghuo_store::{Actor, CampaignKind, Draft, OfficialRole, Store};
use jiff::Timestamp;
use tempfile::TempDir;

/// An office over the built-in library with four officials and a clock of its own.
pub(crate) struct Bureau {
    pub(crate) office: Office,
    pub(crate) library: Arc<Mutex<Arc<Library>>>,
    now: Arc<Mutex<Timestamp>>,
    dir: TempDir,
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// The built-in library.
fn library() -> Arc<Library> {
    static LIBRARY: OnceLock<Arc<Library>> = OnceLock::new();
    let load = || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/library");
        let files = Files::read(&folder).expect("the folder is readable");
        Arc::new(Library::load_judged(&files).0)
    };
    Arc::clone(LIBRARY.get_or_init(load))
}

impl Bureau {
    async fn open() -> Self {
        Self::with(SeasonRule::default()).await
    }

    async fn with(season: SeasonRule) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::open(&dir.path().join("fenghuo.db")).await.expect("a store");
        let now = Arc::new(Mutex::new(at("2026-11-10T09:00:00+08:00")));
        for (name, role) in [
            ("maxia", OfficialRole::Editor),
            ("lichun", OfficialRole::Approver),
            ("wangqiang", OfficialRole::Admin),
            ("kan", OfficialRole::Viewer),
        ] {
            let added = *now.lock().expect("unpoisoned");
            store
                .add_official(name, role, "no password", &Actor::cli("console"), added)
                .await
                .expect("added");
        }
        let library = Arc::new(Mutex::new(library()));
        let office = second(&store, &library, &now, season);
        Self { office, library, now, dir }
    }

    /// Another process on the same database.
    async fn another(&self, season: SeasonRule) -> Office {
        let store = Store::open(&self.dir.path().join("fenghuo.db")).await.expect("a store");
        second(&store, &self.library, &self.now, season)
    }

    fn set_clock(&self, text: &str) {
        *self.now.lock().expect("unpoisoned") = at(text);
    }
}

fn second(
    store: &Store,
    library: &Arc<Mutex<Arc<Library>>>,
    now: &Arc<Mutex<Timestamp>>,
    season: SeasonRule,
) -> Office {
    let (library, now) = (library.clone(), now.clone());
    let settings = Settings {
        public_url: "https://fire.example".to_owned(),
        lines: vec![Line {
            channel: "telegram".to_owned(),
            account: "main".to_owned(),
            per_second: 25.0,
            quota: None,
        }],
        season,
    };
    Office::new(
        store.clone(),
        move || library.lock().expect("unpoisoned").clone(),
        Clock::new(move || *now.lock().expect("unpoisoned")),
        settings,
    )
}

/// A notice in which nothing is wrong.
fn draft(title: &str, body: &str) -> Draft {
    Draft {
        title: title.to_owned(),
        body: body.to_owned(),
        ..blank(CampaignKind::Notice, at("2026-11-10T09:00:00+08:00"))
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
