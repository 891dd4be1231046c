//! Who gets in, and whose POSTs are taken.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use fenghuo_store::CampaignFilter;

use super::{Desk, PASSWORD, filled, form};

#[tokio::test]
async fn the_login_says_so_when_there_is_no_official() {
    let desk = Desk::empty().await;
    let page = desk.get("/desk/login", "").await;
    assert!(page.says("fenghuo official add"), "{}", page.body);
    desk.staff().await;
    assert!(!desk.get("/desk/login", "").await.says("fenghuo official add"));
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_login() {
    let desk = Desk::staffed().await;
    for path in [
        "/desk",
        "/desk/start",
        "/desk/campaigns",
        "/desk/campaigns/c1",
        "/desk/campaigns/c1/events",
        "/desk/campaigns/c1/report.csv",
        "/desk/campaigns/new",
        "/desk/officials",
        "/desk/audit",
        "/desk/reach",
        "/desk/reach.csv",
        "/desk/boards/x",
        "/desk/gaps",
        "/desk/year",
        "/desk/relay",
        "/desk/password",
    ] {
        for cookie in ["", "desk=0123456789abcdef0123456789abcdef", "desk=", "desk=;;=", "desk=x"] {
            let got = desk.get(path, cookie).await;
            assert_eq!(got.status, StatusCode::SEE_OTHER, "{path} {cookie}");
            assert!(got.location().starts_with("/desk/login"), "{path} {cookie}");
        }
    }
}

#[tokio::test]
async fn wrong_passwords_unknown_names_and_the_disabled_get_the_same_answer() {
    let desk = Desk::staffed().await;
    let console = fenghuo_store::Actor::cli("console");
    desk.office.set_disabled("viewer", true, &console).await.expect("disabled");
    for (name, password) in [
        ("editor", "wrong password of hers"),
        ("nobody", PASSWORD),
        ("viewer", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ] {
        let got = desk.try_enter(name, password).await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{name}");
        assert!(got.says("姓名或密码不对"), "{name}");
        assert!(!got.cookies().iter().any(|cookie| cookie.starts_with("desk=")), "{name}");
    }
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let desk = Desk::at("https://county.example").await;
    desk.staff().await;
    let got = desk.try_enter("editor", PASSWORD).await;
    let all = got.headers.get_all(header::SET_COOKIE).iter();
    let all: Vec<&str> = all.filter_map(|value| value.to_str().ok()).collect();
    let session = all.iter().find(|cookie| cookie.starts_with("__Host-desk=")).expect("a session");
    for attribute in ["; Path=/;", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(session.contains(attribute), "{session}");
    }
    assert!(
        all.iter().all(|cookie| cookie.ends_with("; HttpOnly; SameSite=Strict; Secure")),
        "{all:?}"
    );
}

#[tokio::test]
async fn whoever_leaves_is_out() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let got = editor.post("/desk/logout", &[]).await;
    assert_eq!(got.location(), "/desk/login");
    assert_eq!(editor.get("/desk").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_post_without_the_token_of_its_session_is_refused() {
    let desk = Desk::staffed().await;
    let (editor, admin) = (desk.enter("editor").await, desk.enter("admin").await);
    for csrf in ["", "x", admin.csrf.as_str(), &editor.csrf[1..]] {
        let mut fields = vec![("csrf", csrf)];
        fields.extend(filled(&[]));
        let got = desk.post("/desk/campaigns/new", &editor.cookie, &fields).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{csrf}");
    }
    let got = desk.post("/desk/campaigns/new", &editor.cookie, &filled(&[])).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN, "no token at all");
    assert!(desk.store.campaigns(&CampaignFilter::default()).await.expect("a list").is_empty());
}

#[tokio::test]
async fn a_post_from_another_site_is_refused_even_with_the_token() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let mut fields = vec![("csrf", editor.csrf.as_str())];
    fields.extend(filled(&[]));
    for (name, value, status) in [
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("origin", "http://127.0.0.1:8119.evil.example", 403),
        ("origin", "http://127.0.0.1:8120", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", "http://127.0.0.1:8119", 303),
        ("sec-fetch-site", "same-origin", 303),
    ] {
        let mut request = form("/desk/campaigns/new", &editor.cookie, &fields);
        request.headers_mut().insert(name, value.parse().expect("a value"));
        let got = desk.send(request).await;
        assert_eq!(got.status.as_u16(), status, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_login_sent_by_another_site_is_refused() {
    let desk = Desk::staffed().await;
    let fields = [("name", "editor"), ("password", PASSWORD), ("door", "x")];
    assert_eq!(desk.post("/desk/login", "", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        desk.post("/desk/login", "desk-door=y", &fields).await.status,
        StatusCode::FORBIDDEN
    );
    let mut request = form("/desk/login", "desk-door=x", &fields);
    request.headers_mut().insert("origin", "https://evil.example".parse().expect("a value"));
    assert_eq!(desk.send(request).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn guessing_is_slowed_and_says_how_long() {
    let desk = Desk::staffed().await;
    let mut waits = false;
    for guess in 0..12 {
        let got = desk.try_enter("editor", &format!("guess number {guess}")).await;
        waits |= got.status == StatusCode::TOO_MANY_REQUESTS
            && got.headers.contains_key(header::RETRY_AFTER)
            && got.says("账号没有被锁");
    }
    assert!(waits, "twelve guesses are let through");
}

#[tokio::test]
async fn what_was_being_written_when_a_session_ended_is_carried_through_the_login() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    editor.post("/desk/logout", &[]).await;
    let late = editor
        .post(
            "/desk/campaigns/new",
            &filled(&[("body", "写到一半的<b>正文</b>"), ("region", "liuhe")]),
        )
        .await;
    assert!(late.says("您写的内容还在") && late.says("name=\"held:body\""), "{}", late.body);
    assert!(
        late.says("写到一半的&#60;b&#62;正文") || late.says("写到一半的&lt;b&gt;正文"),
        "{}",
        late.body
    );

    let door = late.hidden("door");
    let fields = [
        ("door", door.as_str()),
        ("to", "/desk/campaigns/new"),
        ("name", "editor"),
        ("password", PASSWORD),
        ("held:body", "写到一半的正文"),
        ("held:title", "大风"),
    ];
    let got = desk.post("/desk/login", &format!("desk-door={door}"), &fields).await;
    assert_eq!(got.status, StatusCode::OK, "it is shown, not done");
    assert!(got.says("action=\"/desk/campaigns/new\"") && got.says("value=\"写到一半的正文\""));
    assert!(desk.store.campaigns(&CampaignFilter::default()).await.expect("a list").is_empty());
}

#[tokio::test]
async fn pages_are_strict_and_kept_nowhere() {
    let desk = Desk::staffed().await;
    let admin = desk.enter("admin").await;
    for page in [desk.get("/desk/login", "").await, admin.get("/desk").await] {
        let policy = page.header(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(page.header(header::X_FRAME_OPTIONS), "DENY");
        // With `no-referrer` browsers send `Origin: null`, which the guard refuses.
        assert_eq!(page.header(header::REFERRER_POLICY), "same-origin");
        for inline in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
            assert!(!page.says(inline), "{inline}");
        }
        assert_eq!(page.body.matches("<script").count(), 1, "the one of the frame");
    }
}

#[tokio::test]
async fn bodies_that_are_no_forms_or_too_long_are_refused_politely() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let huge = "x".repeat(2 * 1024 * 1024);
    let many = "region=a&".repeat(6000);
    for (kind, body, status) in [
        ("application/json", "{}".to_owned(), 415),
        ("multipart/form-data", String::new(), 400),
        ("multipart/form-data; boundary=x", "--x\r\nnonsense".to_owned(), 400),
        ("application/x-www-form-urlencoded", huge, 413),
        ("application/x-www-form-urlencoded", many, 413),
        ("application/x-www-form-urlencoded", "%".to_owned(), 403),
    ] {
        let request = Request::post("/desk/campaigns/new")
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, &editor.cookie)
            .body(Body::from(body));
        let got = desk.send(request.expect("a request")).await;
        assert_eq!(got.status.as_u16(), status, "{kind}: {}", got.body);
        assert!(got.says("<h1>"), "{kind}: a page in Chinese");
    }
}
