//! Feeds of regions and the calendar.

use axum::http::{StatusCode, header};
use fenghuo_store::{Audience, CampaignKind};

use super::desk::Desk;

#[tokio::test]
async fn a_feed_has_what_is_for_its_region_or_any_above() {
    let desk = Desk::open().await;
    desk.notice("全县的事", "全县今天风大。").await;
    for (title, regions) in [
        ("城关的事", vec!["chengguan", "dongjie", "xijie"]),
        ("东街的事", vec!["dongjie"]),
        ("柳河的事", vec!["liuhe"]),
    ] {
        let mut draft = desk.draft(CampaignKind::Notice, title, "请看清楚。");
        let regions = regions.into_iter().map(str::to_owned).collect();
        draft.audience = Audience { regions, ..Audience::default() };
        desk.send(draft).await;
    }
    for (feed, expected) in [
        ("notices", vec!["全县的事", "城关的事", "东街的事", "柳河的事", "冬季用火提示"]),
        ("dongjie", vec!["全县的事", "城关的事", "东街的事", "冬季用火提示"]),
        ("xijie", vec!["全县的事", "城关的事", "冬季用火提示"]),
        ("chengguan", vec!["全县的事", "城关的事", "冬季用火提示"]),
        ("liuhe", vec!["全县的事", "柳河的事", "冬季用火提示"]),
        ("county", vec!["全县的事", "冬季用火提示"]),
    ] {
        let got = desk.get(&format!("/feeds/{feed}.atom")).await;
        assert_eq!(got.status, StatusCode::OK, "{feed}");
        assert_eq!(got.header(header::CONTENT_TYPE), "application/atom+xml; charset=utf-8");
        for title in ["全县的事", "城关的事", "东街的事", "柳河的事", "冬季用火提示"]
        {
            let there = got.body.contains(&format!("<title>{title}</title>"));
            assert_eq!(there, expected.contains(&title), "{feed}: {title}");
        }
    }
    assert_eq!(desk.get("/feeds/library.atom").await.status, StatusCode::OK, "the site's own");
    assert_eq!(desk.get("/feeds/mars.atom").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn regions_left_out_are_left_out() {
    let desk = Desk::open().await;
    let mut draft = desk.draft(CampaignKind::Notice, "除了西街", "请看清楚。");
    draft.audience.regions = ["chengguan", "dongjie", "xijie"].map(str::to_owned).to_vec();
    draft.audience.except_regions = vec!["xijie".to_owned()];
    let campaign = desk.send(draft).await;
    let item = desk.get(&format!("/api/v1/notices/{}", campaign.code)).await.json();
    assert_eq!(item["area"], "东街村");
    assert!(!desk.get("/feeds/xijie.atom").await.body.contains("除了西街"));
    assert!(desk.get("/feeds/dongjie.atom").await.body.contains("除了西街"));
}

#[tokio::test]
async fn the_calendar_has_safety_days_and_messages() {
    let desk = Desk::open().await;
    let campaign = desk.notice("大风天不动火", "今天风大；别烧荒，别烧纸。").await;
    let got = desk.get("/calendar.ics").await;
    assert_eq!(got.header(header::CONTENT_TYPE), "text/calendar; charset=utf-8");
    let text = got.body.replace("\r\n ", "");
    for part in [
        "SUMMARY:冬季用火提示",
        "DTSTART;VALUE=DATE:20261109",
        "SUMMARY:大风天不动火",
        "DTSTART:20261110T040000Z",
        "DTEND:20261110T060000Z",
        &format!("UID:{}@example.test", campaign.code),
        "DESCRIPTION:今天风大；别烧荒，别烧纸。",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(
        got.body,
        desk.get("/calendar.ics").await.body,
        "nothing in it comes from a clock of its own"
    );
}
