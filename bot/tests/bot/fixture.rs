//! A small library as a world, and a chat with it that reads like one.

use std::path::Path;
use std::sync::Arc;

use fenghuo_bot::conversation::{Effect, Facts, Message, Reply, SeasonalNotice, Session, respond};
use fenghuo_content::{DocumentId, Files, Library};
use fenghuo_search::Engine;
use fenghuo_site::{Options, Site, World};
use jiff::Timestamp;

/// Noon of the day the fixtures were written.
pub(crate) fn now() -> Timestamp {
    "2026-11-10T04:00:00Z".parse().expect("an instant")
}

/// The library of `tests/library`, shared by all tests.
pub(crate) fn world() -> Arc<World> {
    static WORLD: std::sync::OnceLock<Arc<World>> = std::sync::OnceLock::new();
    let load = || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
        let files = Files::read(&folder).expect("the folder is readable");
        let (library, diagnostics) = Library::load(&files);
        assert!(diagnostics.is_empty(), "{diagnostics:#?}");
        of(library)
    };
    Arc::clone(WORLD.get_or_init(load))
}

/// A world of `library`.
pub(crate) fn of(library: Library) -> Arc<World> {
    let library = Arc::new(library);
    let engine = Engine::in_memory(Arc::clone(&library)).expect("an engine");
    let options = Options {
        public_url: "https://example.test".to_owned(),
        today: jiff::civil::date(2026, 11, 10),
        live: true,
        watch: false,
    };
    let site = Arc::new(Site::new(Arc::clone(&library), options));
    Arc::new(World { library, engine: Arc::new(engine), site })
}

/// A conversation: what is said is answered and written down.
pub(crate) struct Chat {
    pub(crate) world: Arc<World>,
    pub(crate) facts: Facts,
    pub(crate) session: Session,
    pub(crate) effects: Vec<Effect>,
    pub(crate) reply: Option<Reply>,
    log: String,
}

impl Chat {
    pub(crate) fn new() -> Self {
        Self {
            world: world(),
            facts: Facts::default(),
            session: Session::default(),
            effects: Vec::new(),
            reply: None,
            log: String::new(),
        }
    }

    pub(crate) fn with_notice(mut self, id: &str, expires: Timestamp) -> Self {
        let doc = DocumentId::parse(id).expect("an id");
        self.facts.notices.push(SeasonalNotice { doc, expires });
        self
    }

    /// Types `text`.
    pub(crate) fn say(&mut self, text: &str) -> &mut Self {
        self.take(&Message::Text(text.to_owned()), text)
    }

    /// Taps the choice labelled `label` of the last reply.
    pub(crate) fn tap(&mut self, label: &str) -> &mut Self {
        let id = self.id_of(label);
        self.take(&Message::Choice(id), &format!("[{label}]"))
    }

    /// Sends the choice `id`, offered or not.
    pub(crate) fn send(&mut self, id: &str) -> &mut Self {
        self.take(&Message::Choice(id.to_owned()), &format!("<{id}>"))
    }

    /// The id of the choice labelled `label` in the last reply.
    pub(crate) fn id_of(&self, label: &str) -> String {
        let reply = self.reply.as_ref().expect("something was said");
        let found = reply.choices().find(|choice| choice.label == label);
        found.unwrap_or_else(|| panic!("no choice {label} in\n{}", reply.text())).id.clone()
    }

    fn take(&mut self, message: &Message, shown: &str) -> &mut Self {
        // Through JSON, as between two requests.
        let session = Session::read(Some(&self.session.write()));
        let turn = respond(&self.world, session, &self.facts, message, now());
        self.log.push_str(&format!("人：{shown}\n\n{}\n", turn.reply.text()));
        for effect in &turn.effects {
            self.log.push_str(&format!("→ {effect:?}\n"));
        }
        self.log.push_str("\n──────────\n\n");
        self.session = turn.session;
        self.effects.extend(turn.effects);
        self.reply = Some(turn.reply);
        self
    }

    /// The last reply as text.
    pub(crate) fn text(&self) -> String {
        self.reply.as_ref().expect("something was said").text()
    }

    /// All that was said.
    pub(crate) fn log(&self) -> &str {
        &self.log
    }
}
