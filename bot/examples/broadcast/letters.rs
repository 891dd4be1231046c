//! The e-mail sender as a county has it, with a small library, signing with Ed25519.

use std::sync::Arc;

use fenghuo_bot::{BotState, Clock, Email, EmailAccount, EmailSender, EmailSettings, Limits, Ways};
use fenghuo_content::{Files, Library};
use fenghuo_search::Engine;
use fenghuo_site::{Current, Options, Site, World};
use fenghuo_store::Store;

use super::county::now;

const URL: &str = "https://fire.example";

/// Sends to the relay `smtp`.
pub(super) fn sender(store: Store, smtp: &str) -> EmailSender {
    let account = EmailAccount::parse(&EmailSettings {
        smtp: smtp.to_owned(),
        from: "示范县消防 <notice@fire.example>".to_owned(),
        dkim_key: Some(include_str!("../../tests/mail/ed25519.pem").to_owned()),
        dkim_selector: Some("s1".to_owned()),
        bounce_domain: Some("bounce.fire.example".to_owned()),
        bounce_maildir: None,
    });
    let state = BotState {
        current: Current::fixed(Arc::new(world())),
        store,
        clock: Clock::new(now),
        limits: Limits::default(),
    };
    let email = Email::new(state, URL.to_owned(), Some(account.unwrap()), Ways::default());
    email.sender().expect("there is an account")
}

fn world() -> World {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
    let library = Arc::new(Library::load(&Files::read(&folder).unwrap()).0);
    let engine = Engine::in_memory(Arc::clone(&library)).unwrap();
    let options = Options {
        public_url: URL.to_owned(),
        today: jiff::civil::date(2026, 12, 1),
        live: true,
        watch: false,
    };
    let site = Arc::new(Site::new(Arc::clone(&library), options));
    World { library, engine: Arc::new(engine), site }
}
