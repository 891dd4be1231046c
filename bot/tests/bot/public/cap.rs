//! CAP: what goes out keeps the rules of the standard and of the Google profile; what comes in is judged.

use std::io::Write;
use std::path::PathBuf;

use axum::http::{StatusCode, header};
use fenghuo_bot::public::PublicOptions;
use fenghuo_bot::public::cap::{
    Alert, Area, Info, Moment, MsgType, Pair, Reference, Resource, Scope, Status, read, write,
};
use fenghuo_store::{Audience, CampaignKind};
use proptest::prelude::*;

use super::desk::{Desk, warning};

/// The published samples, where they lie beside the repository.
fn samples(folder: &str) -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let dir = root.ancestors().map(|dir| dir.join("shared/spec/cap-samples").join(folder));
    let Some(dir) = dir.into_iter().find(|dir| dir.is_dir()) else {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no shared/spec/cap-samples here; the built-in samples are tested"
        );
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("readable")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "an empty folder of samples");
    files
}

#[test]
fn valid_samples_are_read_and_written_back_the_same() {
    let built_in = warning("Alert", "1", "", 8).into_bytes();
    let files = samples("valid").into_iter().map(|path| std::fs::read(path).expect("readable"));
    for bytes in files.chain([built_in]) {
        let alert = read(&bytes)
            .unwrap_or_else(|fault| panic!("{fault}\n{:.300}", String::from_utf8_lossy(&bytes)));
        let again = read(write(&alert).as_bytes()).expect("what we write is read");
        assert_eq!(again, Alert { signed: false, ..alert });
    }
}

#[test]
fn samples_to_be_refused_are_refused_with_a_reason() {
    for path in samples("reject") {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let expected = match name.as_str() {
            "google-canada_errors.xml" => "must name the messages it follows",
            "google-invalid.xml" => "no `scope`",
            "google-noaa_errors.xml" => "no CAP 1.2",
            "google-xee.xml" => "document type",
            other => panic!("a new sample: {other}"),
        };
        let fault = read(&std::fs::read(&path).expect("readable")).expect_err(&name);
        assert!(fault.to_string().contains(expected), "{name}: {fault}");
        assert!(!fault.chinese().is_empty());
    }
}

#[test]
fn every_single_fault_is_named() {
    let good = warning("Alert", "1", "", 8);
    assert!(read(good.as_bytes()).is_ok());
    for (old, new, expected) in [
        ("<identifier>1</identifier>", "", "no `identifier`"),
        ("<identifier>1</identifier>", "<identifier> </identifier>", "no `identifier`"),
        ("<identifier>1<", "<identifier>1 2<", "may hold no blank"),
        ("<sender>qx@example.cn<", "<sender>qx,1<", "may hold no blank"),
        ("T08:00:00+08:00</sent>", "T08:00:00Z</sent>", "`sent` cannot be"),
        ("T08:00:00+08:00</sent>", "T08:00:00.5+08:00</sent>", "`sent` cannot be"),
        ("<status>Actual<", "<status>Real<", "`status` cannot be `Real`"),
        ("<msgType>Alert<", "<msgType>Update<", "must name the messages it follows"),
        ("<msgType>Alert<", "<msgType>Cancel<", "must name the messages it follows"),
        ("<scope>Public<", "<scope>Restricted<", "scope Restricted"),
        ("<scope>Public<", "<scope>Private<", "needs `addresses`"),
        (
            "<scope>Public</scope>",
            "<scope>Public</scope><restriction>x</restriction>",
            "scope Restricted",
        ),
        (
            "<scope>Public</scope>",
            "<scope>Public</scope><references>a,b</references>",
            "`references` cannot be",
        ),
        ("<category>Met</category>", "", "no `category`"),
        ("<category>Met<", "<category>Weather<", "`category` cannot be"),
        ("<urgency>Expected<", "<urgency>Soon<", "`urgency` cannot be"),
        ("<urgency>Expected</urgency>", "", "no `urgency`"),
        (
            "<event>大风</event><urgency>Expected</urgency>",
            "<urgency>Expected</urgency><event>大风</event>",
            "no `event`",
        ),
        ("</severity>", "</severity><colour>blue</colour>", "no `certainty`"),
        ("</area>", "</area><colour>blue</colour>", "`info` has a `colour`"),
        (
            "2026-11-11T08:00:00+08:00</expires>",
            "2026-11-09T08:00:00+08:00</expires>",
            "expires before",
        ),
        ("</areaDesc>", "</areaDesc><polygon>39,100 39,101 40,101</polygon>", "polygon"),
        ("</areaDesc>", "</areaDesc><polygon>39,100 39,101 40,101 40,100</polygon>", "polygon"),
        ("</areaDesc>", "</areaDesc><polygon>100,39 101,39 101,40 100,39</polygon>", "polygon"),
        ("</areaDesc>", "</areaDesc><circle>39,100</circle>", "circle"),
        ("</areaDesc>", "</areaDesc><ceiling>100</ceiling>", "`ceiling` needs"),
        ("emergency:cap:1.2", "emergency:cap:1.1", "no CAP 1.2"),
        ("<alert ", "<!DOCTYPE alert><alert ", "document type"),
    ] {
        assert!(good.contains(old), "{old}");
        let bad = good.replacen(old, new, 1);
        let fault = read(bad.as_bytes()).expect_err(new);
        assert!(fault.to_string().contains(expected), "{new}: {fault}");
    }
}

/// What the Google Public Alerts profile and CAP's own traps ask of an alert that is given out.
fn profile_faults(alert: &Alert) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |fine: bool, what: &str| {
        if !fine {
            faults.push(what.to_owned());
        }
    };
    check(!alert.infos.is_empty(), "a cancel, too, needs an info");
    for info in &alert.infos {
        check(info.language.as_deref() == Some("zh-CN"), "language");
        check(info.expires.is_some() && info.effective.is_some(), "effective and expires");
        check(info.sender_name.is_some() && info.web.is_some(), "senderName and web");
        check(info.headline.as_ref().is_some_and(|text| text.chars().count() <= 160), "headline");
        check(info.description.is_some() && info.instruction.is_some(), "text");
        check(!info.response_types.is_empty(), "responseType");
        for word in [&info.urgency, &info.severity, &info.certainty] {
            check(word != "Unknown", "nothing unknown");
        }
        let texts = [&info.headline, &info.description, &info.instruction];
        check(texts.into_iter().flatten().all(|text| !text.contains(['<', '>'])), "plain text");
        check(!info.areas.is_empty(), "an area");
        for area in &info.areas {
            check(area.description.chars().count() < 50, "areaDesc");
            for polygon in &area.polygons {
                let pairs: Vec<&str> = polygon.split(' ').collect();
                check(pairs.len() >= 4 && pairs.first() == pairs.last(), "closed polygon");
                let decimals = |text: &str| text.split('.').nth(1).map_or(0, str::len);
                check(polygon.split([' ', ',']).all(|text| decimals(text) <= 6), "six decimals");
            }
        }
    }
    faults
}

#[tokio::test]
async fn ours_keep_the_profile_and_refer_to_the_whole_chain() {
    let desk = Desk::with(PublicOptions { cap_notices: true, ..PublicOptions::default() }).await;
    let long = "很长的标题".repeat(60);
    let mut draft = desk.draft(CampaignKind::Notice, &long, "风大，别烧荒 & 别烧纸。\n\n第二段。");
    let regions = ["chengguan", "dongjie", "xijie", "liuhe"].map(str::to_owned).to_vec();
    draft.audience = Audience { regions, ..Audience::default() };
    let first = desk.send(draft).await;
    let mut sent = vec![(first.clone(), MsgType::Alert)];
    for (kind, msg_type) in
        [(CampaignKind::Correction, MsgType::Update), (CampaignKind::Withdrawal, MsgType::Cancel)]
    {
        desk.pass(5);
        let mut draft = desk.draft(kind, "大风天", "风停了。");
        draft.refers = Some(sent.last().expect("sent before").0.id);
        sent.push((desk.send(draft).await, msg_type));
    }
    let mut earlier = Vec::new();
    for (campaign, msg_type) in sent {
        let item = desk.get(&format!("/api/v1/notices/{}", campaign.code)).await.json();
        let path =
            item["cap"].as_str().expect("notices are CAP").replace("https://example.test", "");
        let got = desk.get(&path).await;
        assert_eq!(got.header(header::CONTENT_TYPE), "application/cap+xml");
        let alert = read(got.body.as_bytes()).expect("our own rules");
        assert_eq!(profile_faults(&alert), Vec::<String>::new(), "{}", got.body);
        assert_eq!(
            (alert.status, alert.msg_type, alert.scope),
            (Status::Actual, msg_type, Scope::Public)
        );
        assert!(alert.identifier.starts_with("62072300000000_2026111012"), "{}", alert.identifier);
        assert_eq!(path, format!("/cap/{}.xml", alert.identifier));
        assert_eq!(alert.references, earlier);
        let info = &alert.infos[0];
        assert_eq!((info.event.as_str(), info.severity.as_str()), ("消防安全提示", "Minor"));
        if msg_type == MsgType::Alert {
            assert_eq!(info.urgency, "Future");
            let names: Vec<&str> =
                info.areas.iter().map(|area| area.description.as_str()).collect();
            assert_eq!(names, ["小示范县城关镇", "小示范县柳河乡"]);
            assert_eq!(info.areas[0].geocodes[0].value, "620723100");
            assert_eq!(info.areas[0].polygons, ["39.1,100.1 39.1,100.3 39.3,100.2 39.1,100.1"]);
        }
        earlier.push(Reference {
            sender: alert.sender.clone(),
            identifier: alert.identifier.clone(),
            sent: alert.sent.clone(),
        });
    }
}

#[tokio::test]
async fn notices_are_no_alerts_unless_the_county_says_so_and_drills_always_are() {
    let desk = Desk::open().await;
    let idle = desk.get("/cap/current.xml").await;
    assert_eq!((idle.status, idle.body.as_str()), (StatusCode::NO_CONTENT, ""));
    let notice = desk.notice("大风天不动火", "今天风大。").await;
    assert_eq!(desk.get("/cap/current.xml").await.status, StatusCode::NO_CONTENT);
    let item = desk.get(&format!("/api/v1/notices/{}", notice.code)).await.json();
    assert!(item["cap"].is_null());
    let identifier = format!("62072300000000_20261110120000_{}", notice.code);
    assert_eq!(desk.get(&format!("/cap/{identifier}.xml")).await.status, StatusCode::NOT_FOUND);
    assert!(!desk.get("/cap/index.atom").await.body.contains("<entry>"));

    let test = desk.send(desk.draft(CampaignKind::Test, "通道测试", "请忽略。")).await;
    let drill = desk.send(desk.draft(CampaignKind::Drill, "疏散演练", "听到铃声就下楼。")).await;
    for (campaign, status, event) in
        [(test, Status::Test, "系统测试"), (drill, Status::Exercise, "消防演练")]
    {
        let at = format!("/cap/62072300000000_20261110120000_{}.xml", campaign.code);
        let alert = read(desk.get(&at).await.body.as_bytes()).expect("our own rules");
        assert_eq!((alert.status, alert.infos[0].event.as_str()), (status, event));
        assert_eq!(profile_faults(&alert), Vec::<String>::new());
        assert!(alert.note.is_some());
    }
    let index = desk.get("/cap/index.atom").await;
    assert_eq!(index.body.matches("type=\"application/cap+xml\"").count(), 2);
    assert!(index.body.len() < 900 * 1024);
    assert_eq!(desk.get("/cap/current.xml").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_relay_goes_out_byte_for_byte_under_its_own_number() {
    let desk = Desk::open().await;
    let xml = warning("Alert", "urn:oid:2.49/1", "", 8);
    let campaign = desk.relay(&xml).await;
    let stored = desk.raw(campaign.draft.relay.expect("a relay")).await;
    assert_eq!(stored, xml.as_bytes());
    let at = "/cap/urn:oid:2.49%2F1.xml";
    assert_eq!(desk.get(at).await.body, xml);
    assert_eq!(desk.get("/cap/current.xml").await.body, xml);
    assert!(desk.get("/cap/index.atom").await.body.contains(at));
    assert_eq!(desk.get("/cap/urn:oid:2.49%2F2.xml").await.status, StatusCode::NOT_FOUND);
}

fn text() -> impl Strategy<Value = String> {
    // Whatever an editor may write, and what XML must not be broken by.
    "[a-z火<>&\"'\\]\\[ \n\r\t\u{0}\u{7}\u{85}\u{2028}]{1,30}x"
}

fn maybe_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(text())
}

fn pairs() -> impl Strategy<Value = Vec<Pair>> {
    proptest::collection::vec((text(), text()).prop_map(|(name, value)| Pair { name, value }), 0..3)
}

prop_compose! {
    fn infos()(event in text(), headline in maybe_text(), description in maybe_text(),
        audience in maybe_text(), parameters in pairs(), area in text(), geocodes in pairs(),
        uri in maybe_text(), hours in 1_i64..100) -> Info {
        let sent: jiff::Timestamp = "2026-11-10T00:00:00Z".parse().expect("an instant");
        Info {
            language: Some("zh-CN".into()),
            categories: vec!["Fire".into(), "Met".into()],
            event,
            response_types: vec!["Prepare".into()],
            urgency: "Future".into(), severity: "Minor".into(), certainty: "Possible".into(),
            audience, headline, description, parameters,
            expires: Some(Moment::beijing(sent + jiff::SignedDuration::from_hours(hours))),
            resources: vec![Resource { description: "d".into(), mime: "a/b".into(), uri, ..Resource::default() }],
            areas: vec![Area { description: area, geocodes, ..Area::default() }],
            ..Info::default()
        }
    }
}

/// What XML carries of `text`: no control characters.
fn carried(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}')).collect()
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back(infos in proptest::collection::vec(infos(), 1..3), note in maybe_text()) {
        let alert = Alert {
            identifier: "id".into(), sender: "s".into(),
            sent: Moment::parse("2026-11-10T08:00:00+08:00").expect("well formed"),
            status: Status::Test, msg_type: MsgType::Alert, source: None, scope: Scope::Public,
            restriction: None, addresses: None, codes: vec!["c".into()], note,
            references: Vec::new(), incidents: None, infos, signed: false,
        };
        let xml = write(&alert);
        let again = read(xml.as_bytes());
        prop_assert!(again.is_ok(), "{:?}\n{}", again, xml);
        let again = again.expect("checked");
        prop_assert_eq!(write(&again), xml);
        prop_assert_eq!(&again.infos[0].event, &carried(&alert.infos[0].event));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_damage_makes_the_reader_panic(at in 0_usize..1200, byte in any::<u8>(), cut in 0_usize..1200) {
        let mut bytes = warning("Alert", "1", "", 8).into_bytes();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(cut % length + 1);
        let _ = read(&bytes);
    }
}
