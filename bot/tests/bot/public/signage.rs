//! Signage: what a screen shows, hears and is counted by.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use fenghuo_store::Audience;
use futures_util::StreamExt;

use super::desk::Desk;

#[tokio::test]
async fn a_screen_shows_tips_and_what_is_for_its_region() {
    let desk = Desk::open().await;
    let idle = desk.get("/signage?region=dongjie&screen=hall-1").await;
    assert_eq!(idle.status, StatusCode::OK);
    assert!(
        idle.body.contains("油锅着火怎么办") && idle.body.contains("1. 马上关火。"),
        "{}",
        idle.body
    );
    let mut draft = desk.draft(fenghuo_store::CampaignKind::Notice, "柳河的事", "请看清楚。");
    draft.audience = Audience { regions: vec!["liuhe".to_owned()], ..Audience::default() };
    desk.send(draft).await;
    desk.notice("大风天不动火", "今天风大。").await;
    let busy = desk.get("/signage?region=dongjie").await.body;
    assert!(busy.contains("大风天不动火") && !busy.contains("柳河的事"), "{busy}");
    let state = desk.get("/signage/state?region=liuhe").await.json();
    assert_eq!(state["messages"].as_array().map(Vec::len), Some(2));
    desk.pass(120);
    let state = desk.get("/signage/state?region=liuhe").await.json();
    assert_eq!(state["messages"].as_array().map(Vec::len), Some(0));
    assert!(!desk.get("/signage").await.body.contains("大风天不动火"));
    let unknown = desk.get("/signage?region=mars").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.body.contains("dongjie（东街村）"));
    for body in [&idle.body, &busy] {
        for forbidden in [" style=", " onclick=", "<style", "<script>"] {
            assert!(!body.contains(forbidden), "{forbidden}");
        }
    }
}

#[tokio::test]
async fn a_screen_hears_of_a_message_within_two_seconds_and_of_its_end() {
    let desk = Desk::open().await;
    let request = Request::get("/signage/events?region=dongjie&screen=hall-1");
    let response = desk.response(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut events = response.into_body().into_data_stream();
    let mut next = async || {
        let event = tokio::time::timeout(Duration::from_secs(2), events.next()).await;
        let bytes = event.expect("within two seconds").expect("not over").expect("whole");
        String::from_utf8(bytes.to_vec()).expect("text")
    };
    let idle = next().await;
    assert!(idle.starts_with("event: state\n") && idle.contains("\"messages\":[]"), "{idle}");
    desk.notice("大风天不动火", "今天风大。").await;
    assert!(next().await.contains("大风天不动火"));
    desk.pass(120);
    assert!(next().await.contains("\"messages\":[]"), "what has expired is taken away");
    desk.stop.send_replace(true);
    let end = tokio::time::timeout(Duration::from_secs(2), events.next()).await;
    assert!(end.expect("at once").is_none(), "the stream ends when the server stops");
    let (from, to) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
    let reach = desk.store.reach(from, to).await.expect("read");
    assert_eq!(reach.screens, [("dongjie".to_owned(), 1)]);
}

#[tokio::test]
async fn page_views_are_counted_by_part_of_the_site() {
    let desk = Desk::open().await;
    let views = desk.public.views();
    let layer = axum::middleware::from_fn_with_state(views, fenghuo_bot::public::Views::count);
    let campaign = desk.notice("大风天不动火", "今天风大。").await;
    let router = desk.public.router().layer(layer);
    let at = format!("/notices/{}/", campaign.code);
    let placed = format!("{at}?region=dongjie");
    for path in [
        "/notices/",
        &at,
        &placed,
        "/verify?code=1&region=chengguan",
        "/api/v1/notices",
        "/notices/ZZZZZZ/",
        "/verify?region=nowhere",
        "/verify?region=county",
        "/notices/ZZZZZZ/?region=liuhe",
        "/signage?region=liuhe",
        "/verify?region=%E7%81%AB&region=liuhe",
    ] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        tower::ServiceExt::oneshot(router.clone(), request).await.expect("a response");
    }
    let (stop, stopped) = tokio::sync::watch::channel(true);
    desk.public.clone().run(stopped).await;
    drop(stop);
    let day = (desk.now(), desk.now());
    let reach = desk.store.reach(day.0, day.1).await.expect("read");
    let expected = [("/verify/", 4), (&at, 2), ("/notices/", 1), ("/signage/", 1)];
    assert_eq!(reach.views, expected.map(|(page, times)| (page.to_owned(), times)));
    // A street counts for its township; the county and what nobody knows for none; screens are counted as screens.
    assert_eq!(reach.place_views, [("chengguan".to_owned(), 2)]);
}
