//! Pages, verification, loudspeaker script, the API and what the chat says of them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use fenghuo_store::{Audience, CampaignKind};
use serde_json::json;

use super::desk::{Desk, warning};

const BODY: &str = "大风天不动火。风大的时候不烧荒、不烧纸。\n\n## 怎么做\n\n- 灭掉灶火\n- 打119\n\n## 广播稿\n\n乡亲们，今天风大，见到火打119。";

#[tokio::test]
async fn a_notice_has_a_page_that_says_until_when_it_holds() {
    let desk = Desk::open().await;
    let campaign = desk.notice("大风天不动火", BODY).await;
    let page = desk.get(&format!("/notices/{}/", campaign.code)).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "<h1>大风天不动火</h1>",
        "现行通知",
        "有效到2026年11月10日14:00",
        "datetime=\"2026-11-10T14:00:00+08:00\"",
        "这是安全提示，不是预警",
        &campaign.code,
        "<h2>怎么做</h2>",
    ] {
        assert!(page.body.contains(part), "{part}\n{}", page.body);
    }
    for colour in ["红色", "橙色", "黄色", "蓝色"] {
        assert!(!page.body.contains(colour), "a notice has no colour");
    }
    let list = desk.get("/notices/").await.body;
    let current = list.find("现行通知").expect("sent ones are listed");
    let seasonal = list.find("应季提示").expect("seasonal ones are listed");
    assert!(current < seasonal && list.contains("大风天不动火") && list.contains("冬季用火提示"));

    let lower = desk.get(&format!("/notices/{}", campaign.code.to_lowercase())).await;
    assert_eq!(lower.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(lower.header(header::LOCATION), format!("/notices/{}/", campaign.code));
    assert!(
        desk.get("/notices/winter/").await.body.contains("冬季用火提示"),
        "the site keeps its folder"
    );
    assert_eq!(desk.get("/notices/ZZZZZZ/").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_has_expired_is_marked_and_never_current() {
    let desk = Desk::open().await;
    let campaign = desk.notice("大风天不动火", BODY).await;
    desk.pass(120);
    let page = desk.get(&format!("/notices/{}/", campaign.code)).await.body;
    assert!(page.contains("已过期") && !page.contains("现行通知"), "{page}");
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"));
    let list = desk.get("/notices/").await.body;
    let past = list.find("以前的通知").expect("it is listed among the past");
    assert!(list.find("大风天不动火").expect("it is listed") > past);
    assert!(list.contains("现在没有发出的通知"));
    assert!(!desk.get("/feeds/notices.atom").await.body.contains("大风天不动火"));
    let items = desk.get("/api/v1/notices?state=current").await.json();
    assert_eq!((&items["total"], &items["items"]), (&json!(0), &json!([])));
    let speech = desk.get(&format!("/notices/{}/speech.txt", campaign.code)).await.body;
    assert!(speech.contains("不要播放") && !speech.contains("乡亲们"), "{speech}");
}

#[tokio::test]
async fn a_correction_and_a_withdrawal_are_told_on_every_page_of_the_chain() {
    let desk = Desk::open().await;
    let first = desk.notice("大风天不动火", BODY).await;
    desk.pass(10);
    let mut draft = desk.draft(CampaignKind::Correction, "大风天不动火", "风大到晚上八点。");
    draft.refers = Some(first.id);
    let second = desk.send(draft).await;
    let old = desk.get(&format!("/notices/{}/", first.code)).await.body;
    assert!(old.contains("已更正") && old.contains(&format!("/notices/{}/", second.code)), "{old}");
    desk.pass(10);
    let mut draft = desk.draft(CampaignKind::Withdrawal, "大风天不动火", "风已经停了。");
    draft.refers = Some(second.id);
    let third = desk.send(draft).await;
    for code in [&first.code, &second.code] {
        let page = desk.get(&format!("/notices/{code}/")).await.body;
        assert!(page.contains("已撤回") && page.contains(&third.code), "{page}");
        assert!(!page.contains("现行通知"));
    }
    let page = desk.get(&format!("/notices/{}/", third.code)).await.body;
    assert!(page.contains("撤回：大风天不动火") && page.contains("前后几条"));
    let states: Vec<_> = desk.get("/api/v1/notices").await.json()["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| (item["kind"].clone(), item["state"].clone(), item["followed_by"].clone()))
        .collect();
    assert_eq!(
        states,
        [
            (json!("withdrawal"), json!("current"), json!(null)),
            (json!("correction"), json!("ended"), json!(third.code)),
            (json!("notice"), json!("ended"), json!(third.code)),
        ]
    );
    let verified = desk.get(&format!("/api/v1/verify/{}", first.code)).await.json();
    assert_eq!((&verified["issued"], &verified["state"]), (&json!(true), &json!("ended")));
}

#[tokio::test]
async fn a_drill_is_marked_as_one_everywhere() {
    let desk = Desk::open().await;
    let campaign = desk.send(desk.draft(CampaignKind::Drill, "疏散演练", "听到铃声就下楼。")).await;
    let mut correction = desk.draft(CampaignKind::Correction, "疏散演练", "改到下午三点。");
    correction.refers = Some(campaign.id);
    for campaign in [desk.send(correction).await, campaign] {
        let at = format!("/notices/{}/", campaign.code);
        let page = desk.get(&at).await.body;
        let title = page.split("<title>").nth(1).expect("a title");
        assert!(title.starts_with("【演练】"), "{title:.80}");
        let main = page.split("<article").nth(1).expect("an article");
        let first = main.find("【演练】这是演练，不是真的。").expect("the mark");
        assert!(first < main.find("<h1>").expect("a heading"), "the mark comes first");
        let speech = desk.get(&format!("{at}speech.txt")).await.body;
        let lines: Vec<&str> = speech.lines().collect();
        // What a correction has replaced is not read out any more.
        if !speech.contains("不要播放") {
            assert!(
                lines[1].starts_with("这是演练，不是真的。")
                    && lines.last() == Some(&"这是演练，不是真的。"),
                "{speech}"
            );
        }
        let id = desk.get(&format!("/api/v1/notices/{}", campaign.code)).await.json();
        assert_eq!(id["mode"], "drill");
        assert!(id["title"].as_str().expect("a title").starts_with("【演练】"));
        assert!(id["text"][0].as_str().expect("a line").contains("这是演练"));
        let path = id["cap"].as_str().expect("drills are always CAP");
        let cap = desk.get(path.trim_start_matches("https://example.test")).await.body;
        assert!(
            cap.contains("<status>Exercise</status>") && cap.contains("<note>【演练】"),
            "{cap}"
        );
        assert!(
            cap.contains("<headline>【演练】") && cap.contains("<description>【演练】"),
            "{cap}"
        );
    }
    let signage = desk.get("/signage").await.body;
    assert!(signage.contains("class=\"message drill on\"") && signage.contains("【演练】这是演练"));
    let feed = desk.get("/feeds/notices.atom").await.body;
    assert!(feed.contains("<title>【演练】"), "{feed}");
    let calendar = desk.get("/calendar.ics").await.body;
    assert!(calendar.contains("SUMMARY:【演练】"), "{calendar}");
}

#[tokio::test]
async fn a_relay_shows_issuer_and_number_and_our_actions_apart() {
    let desk = Desk::open().await;
    let campaign = desk.relay(&warning("Alert", "62072300_1", "", 8)).await;
    let page = desk.get(&format!("/notices/{}/", campaign.code)).await.body;
    for part in [
        "转发预警：小示范县气象台发布大风蓝色预警",
        "<dd>小示范县气象台</dd>",
        "<dd>62072300_1</dd>",
        "预计今天白天有6级大风，阵风8级。",
        "这是转发的预警，原文一字未改",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let original =
        page.split("id=\"message\"").nth(1).and_then(|rest| rest.split("</section>").next());
    assert!(!original.expect("the original").contains("我们的消防提醒"));
    let speech = desk.get(&format!("/notices/{}/speech.txt", campaign.code)).await.body;
    assert!(speech.contains("六级大风") && speech.contains("阵风八级"), "{speech}");
}

#[tokio::test]
async fn a_code_is_verified_however_it_is_typed() {
    let desk = Desk::open().await;
    let campaign = desk.notice("大风天不动火", BODY).await;
    let (left, right) = campaign.code.split_at(3);
    for typed in [
        campaign.code.clone(),
        campaign.code.to_lowercase(),
        format!("{left}%20{right}"),
        format!("%20{left}-{right}"),
    ] {
        let page = desk.get(&format!("/verify?code={typed}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("查到了，是真的") && page.body.contains("现在有效"), "{typed}");
        let api = desk.get(&format!("/api/v1/verify/{typed}")).await;
        assert_eq!(api.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
        let api = api.json();
        assert_eq!((&api["issued"], &api["kind"]), (&json!(true), &json!("notice")), "{typed}");
        assert_eq!(api["url"], format!("https://example.test/notices/{}/", campaign.code));
    }
    let unknown = desk.get("/verify?code=ZZZZZZ").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.body.contains("没有发过"));
    let misread = desk.get("/verify?code=A7K9M0").await.body;
    assert!(misread.contains("没有数字 0 和 1"), "{misread}");
    let hostile = desk.get("/verify?code=%3Cscript%3E").await.body;
    assert!(!hostile.contains("<script>") && hostile.contains("&#60;script&#62;"), "{hostile}");
    assert_eq!(desk.get("/api/v1/verify/ZZZZZZ").await.json()["issued"], false);
    assert_eq!(desk.get("/api/v1/verify/nonsense").await.json()["issued"], false);
    assert!(desk.get("/verify").await.body.contains("<form method=\"get\" action=\"/verify\">"));
}

#[tokio::test]
async fn the_chat_verifies_and_names_what_was_sent() {
    let desk = Desk::open().await;
    let campaign = desk.notice("大风天不动火", BODY).await;
    let say = async |text: &str| {
        let request =
            Request::post("/api/v1/chat").header(header::CONTENT_TYPE, "application/json");
        let body = Body::from(json!({ "text": text }).to_string());
        desk.ask(request.body(body).expect("a request")).await.json()
    };
    let reply = say(&format!("查证 {}", campaign.code.to_lowercase())).await;
    let text = reply["text"].as_str().expect("text");
    assert!(
        text.contains("是真的") && text.contains("大风天不动火") && text.contains("现在有效"),
        "{text}"
    );
    let alone = say(campaign.code.as_str()).await;
    assert!(alone["text"].as_str().expect("text").contains("是真的"), "{alone}");
    let word = say("STXVES").await;
    assert!(!word["text"].as_str().expect("text").contains("STXVES"), "{word}");
    let list = say("安全提示").await;
    let text = list["text"].as_str().expect("text");
    assert!(text.starts_with("现行通知：") && text.contains("通知：大风天不动火"), "{text}");
    assert!(text.contains("冬季用火提示"), "the seasonal ones stay: {text}");
    let id = format!("n:{}", campaign.code);
    let request = Request::post("/api/v1/chat").header(header::CONTENT_TYPE, "application/json");
    let body = Body::from(json!({ "choice": id }).to_string());
    let opened = desk.ask(request.body(body).expect("a request")).await.json();
    let text = opened["text"].as_str().expect("text");
    assert!(text.contains("大风天不动火") && text.contains("有效到2026年11月10日14:00"), "{text}");
    desk.pass(120);
    assert!(!say("安全提示").await["text"].as_str().expect("text").contains("大风天不动火"));
    let unknown = say("查证 ZZZZZZ").await;
    assert!(unknown["text"].as_str().expect("text").contains("没有查到"));
}

#[tokio::test]
async fn the_api_filters_pages_and_tags() {
    let desk = Desk::open().await;
    let mut village = desk.draft(CampaignKind::Notice, "东街停水", "东街今天停水，备好灭火用水。");
    village.audience = Audience { regions: vec!["dongjie".to_owned()], ..Audience::default() };
    let village = desk.send(village).await;
    let county = desk.notice("大风天不动火", BODY).await;
    let codes = async |query: &str| -> Vec<String> {
        let list = desk.get(&format!("/api/v1/notices{query}")).await.json();
        let items = list["items"].as_array().expect("a list").clone();
        items.iter().map(|item| item["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert_eq!(codes("").await, [county.code.clone(), village.code.clone()]);
    assert_eq!(codes("?region=dongjie").await, [county.code.clone(), village.code.clone()]);
    assert_eq!(codes("?region=chengguan").await, std::slice::from_ref(&county.code));
    assert_eq!(codes("?kind=drill").await, Vec::<String>::new());
    let page = desk.get("/api/v1/notices?limit=1&region=dongjie").await.json();
    assert_eq!(
        (&page["total"], &page["next"]),
        (&json!(2), &json!("/api/v1/notices?region=dongjie&limit=1&offset=1"))
    );
    assert_eq!(codes("?region=dongjie&limit=1&offset=1").await, [village.code]);
    for query in ["?region=mars", "?kind=x", "?state=x", "?limit=0", "?offset=-1", "?colour=red"] {
        let got = desk.get(&format!("/api/v1/notices{query}")).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(got.header(header::CONTENT_TYPE), "application/problem+json");
    }
    let first = desk.get("/api/v1/notices").await;
    let etag = first.header(header::ETAG).to_owned();
    let again = Request::get("/api/v1/notices").header(header::IF_NONE_MATCH, etag);
    let again = desk.ask(again.body(Body::empty()).expect("a request")).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn the_script_comes_from_the_notice_of_the_library_where_the_message_has_none() {
    let desk = Desk::open().await;
    let mut draft = desk.draft(CampaignKind::Notice, "冬季用火提示", "睡前看一眼炉子和插座。");
    draft.document = Some("notices/winter".to_owned());
    let campaign = desk.send(draft).await;
    let speech = desk.get(&format!("/notices/{}/speech.txt", campaign.code)).await;
    assert_eq!(speech.header(header::CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(
        speech.body,
        "小示范县的乡亲们，请注意听。\n乡亲们，睡前看一眼炉子。\n再说一遍：睡前看一眼炉子和插座。\n\
         这条通知到十一月十日十四点有效。\n"
    );
}

#[tokio::test]
async fn a_database_that_does_not_answer_leaves_the_seasonal_list() {
    let desk = Desk::open().await;
    desk.store.close().await;
    let list = desk.get("/notices/").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.body.contains("冬季用火提示"));
    assert_eq!(desk.get("/api/v1/notices").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(desk.get("/signage").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_home_page_has_what_holds_now_on_top() {
    let desk = Desk::open().await;
    assert!(!desk.get("/").await.body.contains("现行通知"));
    let campaign = desk.notice("大风天不动火", BODY).await;
    let home = desk.get("/").await.body;
    let main = home.split("<main").nth(1).expect("a main part");
    let message = main.find(&format!("/notices/{}/", campaign.code)).expect("the message");
    assert!(message < main.find("<h1").expect("a heading"));
    desk.pass(120);
    assert!(!desk.get("/").await.body.contains("大风天不动火"));
}

#[tokio::test]
async fn placeholders_are_filled_and_each_way_has_its_own_words() {
    let desk = Desk::open().await;
    let mut draft = desk.draft(CampaignKind::Notice, "{{ place }}防火", "{{ place }}今天风大。");
    draft.audience.regions = ["chengguan", "dongjie", "xijie"].map(str::to_owned).to_vec();
    draft.overrides.insert("speaker".to_owned(), "{{ place }}的人听着，风大不烧荒。".to_owned());
    let campaign = desk.send(draft).await;
    let page = desk.get(&format!("/notices/{}/", campaign.code)).await.body;
    assert!(page.contains("<h1>城关镇防火</h1>") && page.contains("城关镇今天风大。"), "{page}");
    let speech = desk.get(&format!("/notices/{}/speech.txt", campaign.code)).await.body;
    assert!(speech.contains("城关镇的人听着，风大不烧荒。"), "{speech}");
    assert!(!page.contains('{') && !speech.contains('{'));
}
