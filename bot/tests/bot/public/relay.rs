//! Warnings of others: what may be passed on, the chain of updates, and feeds as they are polled.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fenghuo_bot::Clock;
use fenghuo_bot::office::Error;
use fenghuo_bot::public::PublicOptions;
use fenghuo_bot::public::relay::{FeedOptions, FeedUrl, Feeds, read};
use fenghuo_site::Current;
use fenghuo_store::{Actor, Campaign, CampaignFilter, CampaignKind, CampaignState, Draft, Via};
use serde_json::json;
use tokio::sync::watch;

use super::desk::{Desk, warning};

#[test]
fn only_what_is_meant_for_the_public_is_passed_on() {
    let good = warning("Alert", "1", "", 8);
    let relay = read(good.as_bytes()).expect("a warning");
    assert_eq!(
        (relay.issuer(), relay.title().as_str()),
        ("小示范县气象台", "小示范县气象台发布大风蓝色预警")
    );
    assert_eq!(
        relay.text(),
        [
            "小示范县气象台发布大风蓝色预警",
            "预计今天白天有6级大风，阵风8级。",
            "请注意防范。",
            "停止露天作业。"
        ]
    );
    for (old, new, expected) in [
        ("<status>Actual", "<status>Draft", "draft"),
        ("<status>Actual", "<status>System", "between systems"),
        (
            "<scope>Public</scope>",
            "<scope>Restricted</scope><restriction>x</restriction>",
            "for the public",
        ),
        (
            "<scope>Public</scope>",
            "<scope>Private</scope><addresses>x</addresses>",
            "for the public",
        ),
    ] {
        let fault = read(good.replacen(old, new, 1).as_bytes()).expect_err(new);
        assert!(fault.to_string().contains(expected), "{fault}");
    }
    let start = good.find("<info>").expect("an info");
    let empty = format!("{}</alert>", &good[..start]);
    assert!(read(empty.as_bytes()).expect_err("nothing said").to_string().contains("no `info`"));
}

#[tokio::test]
async fn an_update_takes_the_place_and_a_cancel_ends_it() {
    let desk = Desk::open().await;
    let first = desk.relay(&warning("Alert", "w1", "", 8)).await;
    desk.pass(5);
    let reference = "qx@example.cn,w1,2026-11-10T08:00:00+08:00";
    let second = desk.relay(&warning("Update", "w2", reference, 9)).await;
    let page = desk.get(&format!("/notices/{}/", first.code)).await.body;
    assert!(page.contains("已更正") && page.contains("转发预警更新："), "{page}");
    desk.pass(5);
    let both = format!("{reference} qx@example.cn,w2,2026-11-10T09:00:00+08:00");
    let third = desk.relay(&warning("Cancel", "w3", &both, 10)).await;
    for code in [&first.code, &second.code] {
        let page = desk.get(&format!("/notices/{code}/")).await.body;
        assert!(page.contains("已解除") && page.contains(&third.code), "{page}");
    }
    assert!(desk.get(&format!("/notices/{}/", third.code)).await.body.contains("转发预警解除："));
    assert!(!desk.get("/signage").await.body.contains("大风蓝色预警"));
    assert_eq!(desk.get("/cap/current.xml").await.status, StatusCode::NO_CONTENT);
    let index = desk.get("/cap/index.atom").await.body;
    assert!(index.contains("/cap/w3.xml") && !index.contains("/cap/w1.xml"), "{index}");
}

#[tokio::test]
async fn a_drill_of_the_issuer_stays_one() {
    let desk = Desk::open().await;
    let xml = warning("Alert", "w1", "", 8).replace("<status>Actual", "<status>Exercise");
    let campaign = desk.relay(&xml).await;
    let item = desk.get(&format!("/api/v1/notices/{}", campaign.code)).await.json();
    assert_eq!((&item["kind"], &item["mode"]), (&json!("relay"), &json!("drill")));
    assert!(item["title"].as_str().expect("a title").starts_with("【演练】转发预警："));
}

/// A server of alerts on loopback that notes what it is asked.
#[derive(Clone, Default)]
struct Source {
    files: Arc<Mutex<std::collections::BTreeMap<String, String>>>,
    asked: Arc<Mutex<Vec<(String, StatusCode)>>>,
}

impl Source {
    fn put(&self, name: &str, text: String) {
        self.files.lock().expect("not poisoned").insert(name.to_owned(), text);
    }

    fn asked(&self) -> Vec<(String, StatusCode)> {
        std::mem::take(&mut *self.asked.lock().expect("not poisoned"))
    }

    async fn serve(self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/{file}", get(answer)).with_state(self);
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }
}

async fn answer(
    State(source): State<Source>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let text = source.files.lock().expect("not poisoned").get(&file).cloned();
    let response = match text {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(to) if to.starts_with("http") => {
            (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
        }
        Some(text) => {
            let etag = format!("\"{}\"", text.len());
            let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| *tag == *etag);
            match known {
                true => StatusCode::NOT_MODIFIED.into_response(),
                false => ([(header::ETAG, etag)], text).into_response(),
            }
        }
    };
    source.asked.lock().expect("not poisoned").push((file, response.status()));
    response
}

fn index(files: &[&str]) -> String {
    let entries = files.iter().map(|file| {
        format!(
            "<entry><id>urn:{file}</id><updated>2026-11-10T00:00:00Z</updated>\
                 <link type=\"application/cap+xml\" href=\"{file}\"/></entry>"
        )
    });
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\">{}</feed>", entries.collect::<String>())
}

/// A feed at `url`, polled by hand.
fn feeds(desk: &Desk, url: &str, auto: bool, private: bool) -> Feeds {
    let url = FeedUrl::parse(&format!("{url}/index.atom")).expect("an address");
    let options = FeedOptions { name: "weather".to_owned(), url, auto, private };
    let (current, now) = (Current::fixed(Arc::clone(&desk.world)), desk.now());
    Feeds::new(&desk.office, &current, &Clock::fixed(now), &[options])
}

#[tokio::test]
async fn a_feed_is_read_once_and_its_warnings_wait_for_an_official() {
    let desk = Desk::open().await;
    let source = Source::default();
    let elsewhere =
        warning("Alert", "e1", "", 8).replace("小示范县</areaDesc>", "别的县</areaDesc>");
    source.put("index.atom", index(&["broken.xml", "elsewhere.xml", "missing.xml", "w1.xml"]));
    source.put("w1.xml", warning("Alert", "w1", "", 8));
    source.put("elsewhere.xml", elsewhere);
    source.put("broken.xml", "<!DOCTYPE a><a/>".to_owned());
    let url = source.clone().serve().await;
    let mut feeds = feeds(&desk, &url, false, true);
    feeds.poll().await;
    let campaigns = desk.store.campaigns(&CampaignFilter::default()).await.expect("read");
    assert_eq!(campaigns.len(), 1);
    assert_eq!(
        (campaigns[0].state, campaigns[0].draft.kind),
        (CampaignState::Draft, CampaignKind::Relay)
    );
    assert_eq!(campaigns[0].author, "relay:weather");
    assert_eq!(source.asked().len(), 5);
    feeds.poll().await;
    let again: Vec<String> = source.asked().into_iter().map(|(file, _)| file).collect();
    assert_eq!(
        again,
        ["index.atom", "missing.xml"],
        "only what could not be read is asked for again"
    );
    source.put("missing.xml", warning("Alert", "w1", "", 8));
    feeds.poll().await;
    source.asked();
    feeds.poll().await;
    assert_eq!(source.asked(), [("index.atom".to_owned(), StatusCode::NOT_MODIFIED)]);
    assert_eq!(desk.store.campaigns(&CampaignFilter::default()).await.expect("read").len(), 1);
}

#[tokio::test]
async fn an_automatic_feed_sends_at_once_and_follows_its_chain() {
    let desk = Desk::open().await;
    let source = Source::default();
    let reference = "qx@example.cn,w1,2026-11-10T08:00:00+08:00";
    source.put("w1.xml", warning("Alert", "w1", "", 8));
    source.put(
        "w2.xml",
        warning("Cancel", "w2", reference, 9)
            .replace("<area><areaDesc>小示范县</areaDesc></area>", ""),
    );
    source.put("index.atom", index(&["w1.xml"]));
    let url = source.clone().serve().await;
    let mut feeds = feeds(&desk, &url, true, true);
    feeds.poll().await;
    assert!(desk.get("/signage").await.body.contains("大风蓝色预警"));
    source.put("index.atom", index(&["w2.xml", "w1.xml"]));
    feeds.poll().await;
    assert!(!desk.get("/signage").await.body.contains("大风蓝色预警"));
    let list = desk.get("/api/v1/notices").await.json();
    assert_eq!((&list["items"][1]["state"], &list["total"]), (&json!("ended"), &json!(2)));
    desk.store.verify_audit().await.expect("the audit log holds");
}

/// What officials see: state, editor and words of the campaigns, the oldest first.
async fn campaigns(desk: &Desk) -> Vec<Campaign> {
    let mut all = desk.store.campaigns(&CampaignFilter::default()).await.expect("read");
    all.sort_by_key(|campaign| campaign.id);
    all
}

const FIRST: &str = "qx@example.cn,w1,2026-11-10T08:00:00+08:00";

#[tokio::test]
async fn the_end_of_a_warning_people_were_told_waits_for_nobody() {
    let desk = Desk::open().await;
    let source = Source::default();
    // Told by an official, from a file; its feed waits for officials.
    desk.relay(&warning("Alert", "w1", "", 8)).await;
    assert!(desk.get("/signage").await.body.contains("大风蓝色预警"));
    // Somebody else's word does not end it, neither does an update: an official looks at both.
    source.put("x.xml", warning("Cancel", "x", FIRST, 9).replace("<sender>qx@", "<sender>other@"));
    source.put("u.xml", warning("Update", "u", FIRST, 9));
    source.put("index.atom", index(&["u.xml", "x.xml"]));
    let url = source.clone().serve().await;
    let mut waiting = feeds(&desk, &url, false, true);
    waiting.poll().await;
    let states: Vec<CampaignState> = campaigns(&desk).await.iter().map(|c| c.state).collect();
    assert_eq!(states, [CampaignState::Sending, CampaignState::Draft, CampaignState::Draft]);
    assert!(desk.get("/signage").await.body.contains("大风蓝色预警"));
    source.put("c.xml", warning("Cancel", "c", FIRST, 10));
    source.put("index.atom", index(&["c.xml", "u.xml", "x.xml"]));
    waiting.poll().await;
    let told = campaigns(&desk).await;
    let last = told.last().expect("the end");
    assert_eq!((last.state, last.draft.refers), (CampaignState::Sending, Some(told[0].id)));
    assert_eq!(last.draft.audience, told[0].draft.audience);
    assert!(!desk.get("/signage").await.body.contains("大风蓝色预警"));
    assert_eq!(desk.get("/cap/current.xml").await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_end_that_comes_late_still_ends_what_would_hold() {
    let desk = Desk::open().await;
    let source = Source::default();
    let long = |xml: String| xml.replace("2026-11-11T08:00", "2026-11-20T08:00");
    desk.relay(&long(warning("Alert", "w1", "", 8))).await;
    // The feed was out of reach for two days: the cancel names an end that is over.
    desk.pass(48 * 60);
    source.put("c.xml", warning("Cancel", "c", FIRST, 10));
    source
        .put("d.xml", warning("Cancel", "d", "qx@example.cn,nobody,2026-11-10T08:00:00+08:00", 10));
    source.put("index.atom", index(&["d.xml", "c.xml"]));
    let url = source.clone().serve().await;
    feeds(&desk, &url, false, true).poll().await;
    let told = campaigns(&desk).await;
    assert_eq!(told.len(), 2, "what was never told needs no end");
    assert_eq!(
        (told[1].state, told[1].draft.expires),
        (CampaignState::Sending, told[0].draft.expires)
    );
    assert!(!desk.get("/signage").await.body.contains("大风蓝色预警"));
}

#[tokio::test]
async fn a_warning_that_waits_is_replaced_by_its_update_and_dropped_at_its_end() {
    let desk = Desk::open().await;
    let source = Source::default();
    source.put("w1.xml", warning("Alert", "w1", "", 8));
    source.put("index.atom", index(&["w1.xml"]));
    let url = source.clone().serve().await;
    let mut waiting = feeds(&desk, &url, false, true);
    waiting.poll().await;
    let first = campaigns(&desk).await.remove(0);
    // An official has begun to work on it, and it is approved but not sent.
    let writer = Actor::cli("writer");
    let draft = Draft {
        body: "1. 关好炉门。\n2. 大棚不点火堆。".to_owned(),
        ..first.draft.clone()
    };
    let edited = desk.office.edit(first.id, first.version, draft, &writer).await.expect("edited");
    let submitted = desk.office.submit(first.id, edited.version, &writer).await.expect("handed on");
    let chief = Actor::cli("chief");
    desk.office.approve(first.id, submitted.version, &chief).await.expect("approved");
    let silent =
        warning("Update", "w2", FIRST, 9).replace("<area><areaDesc>小示范县</areaDesc></area>", "");
    source.put("w2.xml", silent);
    source.put("index.atom", index(&["w2.xml", "w1.xml"]));
    waiting.poll().await;
    let [old, new] = campaigns(&desk).await.try_into().expect("two");
    assert_eq!((old.state, new.state), (CampaignState::Cancelled, CampaignState::Draft));
    assert!(new.draft.body.contains("大棚不点火堆"), "what the official has written goes on");
    assert_eq!((new.draft.refers, &new.draft.audience), (None, &old.draft.audience));
    assert_eq!(old.reason.as_deref(), Some("发布单位已经更新：w2"));
    assert!(
        desk.office.send(old.id, old.version, &chief).await.is_err(),
        "the old one cannot go out"
    );
    let both = format!("{FIRST} qx@example.cn,w2,2026-11-10T09:00:00+08:00");
    source.put("w3.xml", warning("Cancel", "w3", &both, 10));
    source.put("index.atom", index(&["w3.xml", "w2.xml", "w1.xml"]));
    waiting.poll().await;
    waiting.poll().await;
    let all = campaigns(&desk).await;
    let states: Vec<CampaignState> = all.iter().map(|campaign| campaign.state).collect();
    assert_eq!(
        states,
        [CampaignState::Cancelled; 2],
        "nobody was told, so nobody is told of the end"
    );
    let log = desk.store.campaign_history(all[1].id).await.expect("listed");
    assert!(log.iter().any(|entry| entry.action == "campaign.supersede"), "{log:?}");
    assert!(!desk.get("/notices/").await.body.contains("大风蓝色预警"));
}

#[tokio::test]
async fn a_file_that_ends_what_waits_cancels_it_and_says_so() {
    let desk = Desk::open().await;
    let actor = Actor::cli("writer");
    let pass = |xml: String| {
        let (office, actor) = (desk.office.clone(), actor.clone());
        async move { office.pass_on(xml.as_bytes(), |_| String::new(), "file", None, &actor).await }
    };
    let made = pass(warning("Alert", "w1", "", 8)).await.expect("a draft");
    let viewer = Actor::cli("nobody");
    let cancel = warning("Cancel", "w2", FIRST, 9);
    let refused = desk.office.pass_on(cancel.as_bytes(), |_| String::new(), "file", None, &viewer);
    assert!(refused.await.is_err(), "not everybody may");
    let ended = pass(cancel).await.expect_err("nothing to send");
    assert!(matches!(ended, Error::Ended(1)), "{ended:?}");
    assert!(ended.chinese().contains("草稿已经取消"), "{}", ended.chinese());
    let old = desk.office.campaign(made.id).await.expect("there");
    assert_eq!(old.state, CampaignState::Cancelled);
}

#[tokio::test]
async fn an_automatic_warning_that_was_written_and_not_let_out_goes_out_at_the_next_look() {
    let desk = Desk::open().await;
    let source = Source::default();
    let feed = Actor { name: "relay:weather".to_owned(), via: Via::Engine };
    let xml = warning("Alert", "w1", "", 8);
    let made = desk.office.pass_on(xml.as_bytes(), |_| String::new(), "feed:weather", None, &feed);
    let made = made.await.expect("written, and then the process died");
    source.put("w1.xml", xml);
    source.put("index.atom", index(&["w1.xml"]));
    let url = source.clone().serve().await;
    feeds(&desk, &url, true, true).poll().await;
    assert_eq!(desk.office.campaign(made.id).await.expect("there").state, CampaignState::Sending);
}

#[tokio::test]
async fn our_own_networks_are_not_asked_unless_configured() {
    let desk = Desk::open().await;
    let source = Source::default();
    source.put("index.atom", index(&["w1.xml"]));
    let url = source.clone().serve().await;
    feeds(&desk, &url, false, false).poll().await;
    assert_eq!(source.asked(), []);
}

#[tokio::test]
async fn redirects_end_and_large_answers_are_cut_off() {
    let desk = Desk::open().await;
    let source = Source::default();
    let url = source.clone().serve().await;
    source.put("index.atom", format!("{url}/index.atom"));
    let mut looping = feeds(&desk, &url, false, true);
    looping.poll().await;
    assert!(source.asked().len() <= 5, "a circle of redirects ends");
    source.put("index.atom", format!("<feed>{}</feed>", " ".repeat(1024 * 1024)));
    looping.poll().await;
    assert!(desk.store.campaigns(&CampaignFilter::default()).await.expect("read").is_empty());
}

#[tokio::test]
async fn feeds_stop_when_the_server_does() {
    let desk = Desk::with(PublicOptions::default()).await;
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(feeds(&desk, "http://127.0.0.1:1", false, true).run(stopped));
    stop.send_replace(true);
    running.await.expect("it ends");
}
