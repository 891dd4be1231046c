//! Officials and their sessions at the desk.

use fenghuo_store::{Actor, DeskToken, Error, OfficialChange, OfficialRole};

use crate::fixture::{Fixture, later, noon};
use crate::office::{li, officials};

contract! {
    an_official_is_added_once_and_listed,
    only_an_admin_manages_officials_at_the_desk,
    names_the_program_uses_are_refused,
    a_session_lasts_until_it_is_over_or_closed,
    whoever_is_changed_or_disabled_is_logged_out,
    everyone_may_change_her_own_password,
}

async fn an_official_is_added_once_and_listed(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let operator = Actor::cli("root");
    let again = store.add_official("li", OfficialRole::Admin, "x", &operator, noon()).await;
    assert!(matches!(again, Err(Error::Taken { what: "official" })));
    let names: Vec<_> = store.officials().await.expect("listed");
    assert_eq!(names.len(), 5);
    let li = store.official("li").await.expect("asked").expect("there");
    assert_eq!((li.role, li.disabled, li.added), (OfficialRole::Editor, false, noon()));
    assert_eq!(store.password_hash("li").await.expect("asked").as_deref(), Some("hash"));
    assert_eq!(store.password_hash("nobody").await.expect("asked"), None);
    assert_eq!(store.audit_log(99, 10).await.expect("read").len(), 5);
}

async fn only_an_admin_manages_officials_at_the_desk(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let add = |actor: Actor| {
        let store = store.clone();
        async move { store.add_official("new", OfficialRole::Viewer, "x", &actor, noon()).await }
    };
    for actor in [li(), Actor::desk("wang"), Actor::desk("nobody"), Actor::engine()] {
        assert!(matches!(add(actor).await, Err(Error::NotAllowed)));
    }
    add(Actor::desk("zhao")).await.expect("an admin may");
    let admin = OfficialChange::Role(OfficialRole::Admin);
    let raise = store.change_official("li", admin, &li(), noon()).await;
    assert!(matches!(raise, Err(Error::NotAllowed)), "nobody raises herself");
}

async fn names_the_program_uses_are_refused(fixture: Fixture) {
    let store = fixture.open().await;
    for name in ["engine", "system", "relay:met", "", " "] {
        let operator = Actor::cli("root");
        let added = store.add_official(name, OfficialRole::Viewer, "x", &operator, noon()).await;
        assert!(matches!(added, Err(Error::NotAllowed)), "{name}");
    }
}

async fn a_session_lasts_until_it_is_over_or_closed(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let (one, other) = (DeskToken::from_bits(1), DeskToken::from_bits(2));
    store.open_desk_session(&one, "li", "csrf", later(12)).await.expect("opened");
    store.open_desk_session(&other, "wang", "other", later(12)).await.expect("opened");
    let session = store.desk_session(&one, noon()).await.expect("asked").expect("open");
    assert_eq!((session.official.name.as_str(), session.csrf.as_str()), ("li", "csrf"));
    assert!(!format!("{session:?}").contains("csrf\""));
    assert_eq!(store.desk_session(&one, later(12)).await.expect("asked"), None);
    assert_eq!(store.desk_session(&DeskToken::from_bits(3), noon()).await.expect("asked"), None);
    store.close_desk_session(&one).await.expect("closed");
    assert_eq!(store.desk_session(&one, noon()).await.expect("asked"), None);
    assert!(store.desk_session(&other, noon()).await.expect("asked").is_some());
    assert_eq!(store.purge(later(12)).await.expect("purged").desk_sessions, 1);
}

async fn whoever_is_changed_or_disabled_is_logged_out(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let (zhao, token) = (Actor::desk("zhao"), DeskToken::from_bits(1));
    for change in [
        OfficialChange::Role(OfficialRole::Approver),
        OfficialChange::Password("new".to_owned()),
        OfficialChange::Disabled(true),
    ] {
        store.open_desk_session(&token, "li", "csrf", later(12)).await.expect("opened");
        store.change_official("li", change, &zhao, noon()).await.expect("changed");
        assert_eq!(store.desk_session(&token, noon()).await.expect("asked"), None);
    }
    let opened = store.open_desk_session(&token, "li", "csrf", later(12)).await;
    assert!(matches!(opened, Err(Error::NotAllowed)), "she is disabled");
    assert_eq!(store.password_hash("li").await.expect("asked"), None);
    let unknown = store.change_official("nobody", OfficialChange::Disabled(true), &zhao, noon());
    assert!(matches!(unknown.await, Err(Error::NotFound { .. })));
}

async fn everyone_may_change_her_own_password(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let password = || OfficialChange::Password("new".to_owned());
    store.change_official("li", password(), &li(), noon()).await.expect("her own");
    assert_eq!(store.password_hash("li").await.expect("asked").as_deref(), Some("new"));
    let other = store.change_official("wang", password(), &li(), noon()).await;
    assert!(matches!(other, Err(Error::NotAllowed)));
    assert!(!format!("{:?}", password()).contains("new"));
}
