//! Logging in: no answer tells more than it must, and nobody is locked out by others.

use fenghuo_bot::office::{Credentials, Error, LoginError};
use fenghuo_store::{Actor, OfficialRole};

use super::Bureau;

const PASSWORD: &str = "槐树下的红砖房子2026";

fn credentials<'a>(name: &'a str, password: &'a str, from: &str) -> Credentials<'a> {
    Credentials { name, password, from: Some(from.parse().expect("an address")), device: None }
}

async fn bureau() -> Bureau {
    let bureau = Bureau::open().await;
    let console = Actor::cli("console");
    bureau
        .office
        .add_official("马霞", OfficialRole::Editor, PASSWORD, &console)
        .await
        .expect("added");
    bureau
}

#[tokio::test]
async fn the_right_password_opens_a_session_that_ends() {
    let bureau = bureau().await;
    let office = &bureau.office;
    let login = office.login(credentials(" 马霞 ", PASSWORD, "192.0.2.1")).await.expect("in");
    assert_eq!(login.official.role, OfficialRole::Editor);
    let session = office.session(&login.token).await.expect("a store").expect("a session");
    assert_eq!((session.official.name.as_str(), &session.csrf), ("马霞", &login.csrf));
    office.set_disabled("马霞", true, &Actor::cli("console")).await.expect("disabled");
    assert!(office.session(&login.token).await.expect("a store").is_none());
    let again = office.login(credentials("马霞", PASSWORD, "192.0.2.1")).await;
    assert!(matches!(again, Err(LoginError::Wrong)), "{again:?}");
    office.set_disabled("马霞", false, &Actor::cli("console")).await.expect("enabled");
    let login = office.login(credentials("马霞", PASSWORD, "192.0.2.1")).await.expect("in");
    bureau.set_clock("2026-11-10T22:00:00+08:00");
    assert!(office.session(&login.token).await.expect("a store").is_none());
}

#[tokio::test]
async fn wrong_names_and_passwords_get_one_answer() {
    let bureau = bureau().await;
    let huge = "x".repeat(100_000);
    for (name, password) in [
        ("马霞", "falsch"),
        ("nobody", PASSWORD),
        ("", ""),
        ("马霞", huge.as_str()),
        (huge.as_str(), PASSWORD),
        ("马霞\u{0}", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ] {
        let refused = bureau.office.login(credentials(name, password, "192.0.2.9")).await;
        let refused = refused.expect_err("refused");
        let told = refused.chinese();
        assert!(told == "姓名或密码不对" || told.starts_with("试错太多次"), "{told}");
    }
}

#[tokio::test]
async fn whoever_was_there_before_is_not_slowed_by_an_attacker_beside_her() {
    let bureau = bureau().await;
    let office = &bureau.office;
    let first = office.login(credentials("马霞", PASSWORD, "192.0.2.1")).await.expect("in");
    let mut waits = 0;
    for _ in 0..12 {
        let guess = office.login(credentials("马霞", "falsch", "192.0.2.1")).await;
        waits += usize::from(matches!(guess, Err(LoginError::Wait(_))));
    }
    assert_eq!(waits, 7);
    let stranger = office.login(credentials("马霞", PASSWORD, "192.0.2.1")).await;
    assert!(matches!(stranger, Err(LoginError::Wait(_))), "{stranger:?}");
    let mut own = credentials("马霞", PASSWORD, "192.0.2.1");
    own.device = Some(&first.device);
    office.login(own).await.expect("her own browser lets her in");
    own.device = Some("00");
    assert!(office.login(own).await.is_err(), "a forged mark is none");
    office.login(credentials("马霞", PASSWORD, "198.51.100.1")).await.expect("from elsewhere");
}

#[tokio::test]
async fn names_and_passwords_have_rules() {
    let bureau = bureau().await;
    let console = Actor::cli("console");
    for (name, password, field) in [
        ("", PASSWORD, "name"),
        ("a b", PASSWORD, "name"),
        (&"长".repeat(21), PASSWORD, "name"),
        ("<b>", PASSWORD, "name"),
        ("lina", "kurz", "password"),
        ("lina", "lina-lina-lina", "password"),
    ] {
        let added =
            bureau.office.add_official(name, OfficialRole::Viewer, password, &console).await;
        let Err(Error::Faults(faults)) = added else { panic!("{name} {password}") };
        assert_eq!(faults[0].field, field);
    }
    let taken = bureau.office.add_official("马霞", OfficialRole::Admin, PASSWORD, &console).await;
    assert!(taken.expect_err("taken").is_refusal());
}
