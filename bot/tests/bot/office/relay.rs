//! Warnings of others: word for word, once, apart from what we add.

use fenghuo_bot::office::Error;
use fenghuo_store::{Actor, CampaignKind, CampaignState};

use super::Bureau;

const ACTIONS: &str = "1. 关好炉门。\n2. 不烧荒。\n3. 拔插头。\n";

fn cap(id: &str, kind: &str, references: &str, extra: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\
         <identifier>{id}</identifier><sender>qxj@example.gov.cn</sender>\
         <sent>2026-11-10T08:30:00+08:00</sent><status>Actual</status><msgType>{kind}</msgType>\
         <scope>Public</scope>{references}\
         <info><language>zh-CN</language><category>Met</category><event>大风</event>\
         <urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty>\
         <expires>2026-11-11T08:30:00+08:00</expires><senderName>示范县气象台</senderName>\
         <headline>示范县气象台发布大风蓝色预警</headline>\
         <description>预计未来24小时，{{{{ 原文 }}}}平均风力6级&amp;阵风8级。</description>{extra}\
         <area><areaDesc>示范县</areaDesc></area></info></alert>"
    )
}

#[tokio::test]
async fn one_official_passes_a_warning_on_word_for_word() {
    let bureau = Bureau::open().await;
    let office = &bureau.office;
    let actor = Actor::desk("lichun");
    let bytes = cap("A-1", "Alert", "", "");
    let pass = |bytes: String| async move {
        office.pass_on(bytes.as_bytes(), |_| ACTIONS.to_owned(), "file", None, &actor_of()).await
    };
    let campaign = pass(bytes.clone()).await.expect("a campaign");
    assert_eq!(campaign.draft.kind, CampaignKind::Relay);
    let sheet = office.sheet(&campaign).await.expect("a sheet");
    assert_eq!(sheet.faults, []);
    let telegram = &sheet.channels[0].text;
    for words in [
        "【转发预警】示范县气象台发布大风蓝色预警",
        "发布单位：示范县气象台",
        "原文编号：A-1",
        "预计未来24小时，{{ 原文 }}平均风力6级&阵风8级。",
        "以上是预警原文。我们的消防提醒：",
        "转发：",
    ] {
        assert!(telegram.contains(words), "{words}\n{telegram}");
    }
    let known = pass(bytes).await;
    assert!(matches!(known, Err(Error::Known(id)) if id == campaign.id), "{known:?}");
    let submitted = office.submit(campaign.id, campaign.version, &actor).await.expect("submitted");
    let approved =
        office.approve(campaign.id, submitted.version, &actor).await.expect("one is enough");
    office.send(campaign.id, approved.version, &actor).await.expect("sent");
    let references =
        "<references>qxj@example.gov.cn,A-1,2026-11-10T08:30:00+08:00</references>".to_owned();
    let update = pass(cap("A-2", "Update", &references, "")).await.expect("an update");
    assert_eq!(update.draft.refers, Some(campaign.id));
    let sheet = office.sheet(&update).await.expect("a sheet");
    assert!(sheet.channels[0].text.starts_with("【转发预警更新】"), "{}", sheet.channels[0].text);
}

fn actor_of() -> Actor {
    Actor::desk("lichun")
}

#[tokio::test]
async fn what_is_no_warning_for_us_is_refused() {
    let bureau = Bureau::open().await;
    let elsewhere = cap("A-3", "Alert", "", "").replace("<areaDesc>示范县", "<areaDesc>远方县");
    for bytes in [
        String::new(),
        "<html/>".to_owned(),
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><alert>&x;</alert>".to_owned(),
        "火".repeat(1_000_000),
        elsewhere,
        cap("A-4", "Alert", "", "").replace("Public", "Private"),
    ] {
        let refused = bureau
            .office
            .pass_on(bytes.as_bytes(), |_| String::new(), "file", None, &actor_of())
            .await;
        let refused = refused.expect_err("refused");
        assert!(matches!(refused, Error::Unreadable(_)), "{refused:?}");
        assert!(refused.chinese().starts_with("这个文件不能转发"), "{}", refused.chinese());
    }
    let (viewer, bytes) = (Actor::desk("kan"), cap("A-5", "Alert", "", ""));
    let viewer = bureau.office.pass_on(bytes.as_bytes(), |_| String::new(), "file", None, &viewer);
    assert!(viewer.await.is_err());
}

#[tokio::test]
async fn a_feed_may_let_a_warning_out_by_itself() {
    let bureau = Bureau::open().await;
    let feed = Actor { name: "relay:qxj".to_owned(), via: fenghuo_store::Via::Engine };
    let bytes = cap("A-6", "Alert", "", "");
    let campaign = bureau
        .office
        .pass_on(bytes.as_bytes(), |_| ACTIONS.to_owned(), "feed:qxj", None, &feed)
        .await
        .expect("a campaign");
    let out = bureau.office.let_relay_out(&campaign, &feed).await.expect("out");
    assert_eq!(out.state, CampaignState::Sending);
}
