//! The other pages: officials, boards, reach, calendar, audit, relays.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use fenghuo_store::OfficialRole;

use super::{Desk, PASSWORD, Person};

#[tokio::test]
async fn an_admin_adds_and_changes_officials_but_not_herself() {
    let desk = Desk::staffed().await;
    let admin = desk.enter("admin").await;
    let new = [("name", "王建国"), ("role", "approver"), ("password", "石桥镇的二十四节气歌")];
    let got = admin.post("/desk/officials", &new).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    let again = admin.post("/desk/officials", &new).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the name is taken");
    assert!(again.says("value=\"王建国\""), "what was typed is kept");
    let short = [("name", "李秀英"), ("role", "editor"), ("password", "123456")];
    let got = admin.post("/desk/officials", &short).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(got.says("密码") && !got.says("value=\"123456\""), "a password is never shown again");

    let viewer = desk.enter("viewer").await;
    admin
        .post("/desk/officials/change", &[("name", "viewer"), ("do", "role"), ("role", "editor")])
        .await;
    assert_eq!(viewer.get("/desk").await.status, StatusCode::SEE_OTHER, "her sessions have ended");
    admin.post("/desk/officials/change", &[("name", "editor"), ("do", "disable")]).await;
    assert_eq!(desk.try_enter("editor", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let own = admin.post("/desk/officials/change", &[("name", "admin"), ("do", "disable")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let approver = desk.store.official("王建国").await.expect("a store").expect("an official");
    assert_eq!(approver.role, OfficialRole::Approver);
}

#[tokio::test]
async fn everybody_changes_her_own_password_with_the_old_one() {
    let desk = Desk::staffed().await;
    let viewer = desk.enter("viewer").await;
    let next = "麦场村的老井旁边有树";
    for (old, new, twice) in
        [("wrong", next, next), (PASSWORD, next, "别的什么密码写错了"), (PASSWORD, "短", "短")]
    {
        let got =
            viewer.post("/desk/password", &[("old", old), ("new", new), ("twice", twice)]).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{old} {new}");
    }
    let got =
        viewer.post("/desk/password", &[("old", PASSWORD), ("new", next), ("twice", next)]).await;
    assert_eq!(got.location(), "/desk/login", "{}", got.body);
    assert_eq!(desk.try_enter("viewer", next).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_figure_counts_once_somebody_else_has_confirmed_it() {
    let desk = Desk::staffed().await;
    let (editor, approver) = (desk.enter("editor").await, desk.enter("approver").await);
    let page = "/desk/boards/hydrants";
    let figure =
        [("region", "liuhe"), ("date", "2026-11-09"), ("value", "3"), ("note", "新修一个")];
    assert_eq!(editor.post(page, &figure).await.status, StatusCode::SEE_OTHER);
    let waiting = editor.get(page).await;
    assert!(waiting.says("这是您填的") && !waiting.says("value=\"accept\""), "{}", waiting.body);
    assert!(!editor.get(&format!("{page}.csv")).await.says("新修一个"), "nobody has confirmed it");
    let own = editor.post(&format!("{page}/confirm"), &[("entry", "1"), ("do", "accept")]).await;
    assert!(own.status.is_client_error(), "{}", own.status);

    assert!(approver.get("/desk").await.says("等确认的台账数字"));
    let got = approver.post(&format!("{page}/confirm"), &[("entry", "1"), ("do", "accept")]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    assert!(editor.get(&format!("{page}.csv")).await.says("liuhe,柳河乡,2026-11-09,3,新修一个"));
}

#[tokio::test]
async fn a_table_is_taken_whole_or_not_at_all() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let page = "/desk/boards/hydrants/import";
    let bad = "region,date,value,note\nliuhe,2026-11-09,3,\n没有这个村,2026-11-09,x,\nchengguan,2027-01-01,1,";
    let got = editor.post(page, &[("csv", bad)]).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(got.says("第 3 行") && got.says("第 4 行") && got.says("没有这个村"), "{}", got.body);
    assert!(desk.store.board_waiting().await.expect("a list").is_empty());
    let good =
        "地方,日期,做到,说明\n柳河乡,2026-11-09,3,\"冬天,也出水\"\nchengguan,2026-11-09,2.5,";
    let got = editor.post(page, &[("csv", good)]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    let waiting = desk.store.board_waiting().await.expect("a list");
    assert_eq!(waiting.len(), 2);
    assert_eq!((waiting[0].region.as_str(), waiting[0].note.as_str()), ("liuhe", "冬天,也出水"));
}

#[tokio::test]
async fn the_reach_page_names_every_township_and_all_seven_settings() {
    let desk = Desk::staffed().await;
    desk.subscribe("liuhe", 5).await;
    let viewer = desk.enter("viewer").await;
    let page = viewer.get("/desk/reach").await;
    for text in [
        "城关镇",
        "柳河乡",
        "机关",
        "学校",
        "社区",
        "企业",
        "农村",
        "家庭",
        "网站",
        "没有人订阅的乡镇",
    ] {
        assert!(page.says(text), "{text}\n{}", page.body);
    }
    for period in ["?from=x&to=y", "?from=2027-01-01&to=2026-01-01", "?from=0001-01-01"] {
        assert_eq!(
            viewer.get(&format!("/desk/reach{period}")).await.status,
            StatusCode::OK,
            "{period}"
        );
    }
    assert!(viewer.get("/desk/reach.csv").await.says("柳河乡,,家庭,5,"));
}

#[tokio::test]
async fn an_occasion_becomes_one_message_however_often_it_is_asked_for() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let plan = editor.get("/desk/year?year=2027").await;
    assert!(plan.says("冬季用火提示") && plan.says("11月9日"), "{}", plan.body);
    let key = [("key", "notices/winter 2027-11-09")];
    let key = if plan.says(key[0].1) { key } else { panic!("{}", plan.body) };
    let first = editor.post("/desk/occasion", &key).await;
    assert_eq!(first.location(), "/desk/campaigns/c1/edit", "{}", first.body);
    let second = editor.post("/desk/occasion", &key).await;
    assert!(second.location().starts_with("/desk/campaigns/c1"), "{}", second.body);
    assert!(editor.get("/desk/year?year=2027").await.says("/desk/campaigns/c1"));
    for year in ["?year=x", "?year=99999", "?year=-1", ""] {
        assert_eq!(editor.get(&format!("/desk/year{year}")).await.status, StatusCode::OK, "{year}");
    }
}

#[tokio::test]
async fn the_audit_log_is_shown_and_its_chain_followed() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    editor.write(&[]).await;
    let page = editor.get("/desk/audit?verify=1").await;
    assert!(page.says("没有被改过") && page.says("/desk/campaigns/c1"), "{}", page.body);
    assert_eq!(editor.get("/desk/audit?before=x").await.status, StatusCode::OK);
}

const ALERT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>62000000000000_20261110090000_1</identifier><sender>qx@county.example</sender>
  <sent>2026-11-10T09:00:00+08:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>zh-CN</language><category>Met</category><event>大风</event><urgency>Expected</urgency>
    <severity>Severe</severity><certainty>Likely</certainty><expires>2026-11-11T09:00:00+08:00</expires>
    <senderName>小示范县气象台</senderName><headline>小示范县气象台发布大风蓝色预警信号</headline>
    <description>预计今天夜间有八级大风。</description>
    <area><areaDesc>小示范县</areaDesc></area></info>
</alert>
"#;

async fn upload(editor: &Person<'_>, file: &str) -> super::Got {
    let boundary = "----boundary";
    let csrf = &editor.csrf;
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xml\"\r\n\
         Content-Type: text/xml\r\n\r\n{file}\r\n--{boundary}--\r\n"
    );
    let request = Request::post("/desk/relay")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
        .header(header::COOKIE, &editor.cookie)
        .body(Body::from(body));
    editor.desk.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_warning_is_kept_byte_for_byte_and_taken_once() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let got = upload(&editor, ALERT).await;
    assert_eq!(got.location(), "/desk/campaigns/c1", "{}", got.body);
    let relays = desk.store.relays(10).await.expect("a list");
    assert_eq!(relays[0].relay.raw, ALERT.as_bytes());
    assert!(editor.get("/desk/campaigns/c1").await.says("小示范县气象台"));
    assert_eq!(upload(&editor, ALERT).await.location(), "/desk/campaigns/c1", "known");
    for file in [
        "",
        "<alert/>",
        "not xml at all",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><alert>&b;</alert>",
    ] {
        let got = upload(&editor, file).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        assert!(!got.says("root:"), "{file}");
    }
}

#[tokio::test]
async fn self_checks_are_counted_by_department_and_place_and_few_ones_do_not_say_how_bad() {
    let desk = Desk::staffed().await;
    let viewer = desk.enter("viewer").await;
    let empty = viewer.get("/desk/checks").await;
    assert!(empty.says("还没有人告诉乡镇"), "{}", empty.body);
    for (number, region, level) in [
        (1, "chengguan", "high"),
        (2, "chengguan", "high"),
        (3, "chengguan", "low"),
        (4, "liuhe", "high"),
    ] {
        let what = ("checklists/home", region, level);
        let form = format!("{number:032}");
        let told = desk.store.record_self_check(&form, what, crate::fixture::now());
        assert!(told.await.expect("told"));
    }
    let page = viewer.get("/desk/checks").await;
    assert!(
        page.says("一共 4 份") && page.says("按主管部门") && page.says("城关镇"),
        "{}",
        page.body
    );
    // Three of one township say how bad; the one of the other does not. No table says who is best.
    assert!(page.says("data-label=\"高风险\">2<") && page.says("data-label=\"高风险\">—<"));
    let (here, there) = (page.body.find("城关镇"), page.body.find("柳河乡"));
    assert!(here < there, "in the order of the library");
    let csv = viewer.get("/desk/checks.csv?from=2026-01&to=2026-12").await;
    let lines: Vec<&str> = csv.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "月份,乡镇,主管部门,自查表,份数,高,中,低");
    assert!(lines[1].starts_with("2026-11,城关镇,") && lines[1].ends_with(",3,2,0,1"), "{lines:?}");
    assert!(lines[2].starts_with("2026-11,柳河乡,") && lines[2].ends_with(",1,,,"), "{lines:?}");
    for odd in ["?from=%27&to=9999-99", "?from=火", "?from=2027-01&to=2026-01", "?to=&to="] {
        assert_eq!(viewer.get(&format!("/desk/checks{odd}")).await.status, StatusCode::OK, "{odd}");
    }
    let early = viewer.get("/desk/checks?from=2025-01&to=2025-12").await;
    assert!(early.says("还没有人告诉乡镇"));
    let nobody = Request::get("/desk/checks.csv").body(Body::empty()).expect("a request");
    assert_eq!(desk.send(nobody).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_setting_has_a_figure_and_townships_their_openings() {
    let desk = Desk::staffed().await;
    let viewer = desk.enter("viewer").await;
    let page = |name: &str, times| (name.to_owned(), times);
    let pages = [page("/lessons/", 3), page("/for/home/", 5), page("/", 2)];
    let places = [page("liuhe", 4)];
    desk.store.count_views(&pages, &places, crate::fixture::now()).await.expect("counted");
    let got = viewer.get("/desk/reach").await;
    for words in
        ["课程和测验打开 3 次", "专页打开 5 次", "网页打开 10 次", "大喇叭播出 0 次", "屏幕 0 块"]
    {
        assert!(got.says(words), "{words}: {}", got.body);
    }
    assert!(got.says("data-label=\"打开网页\">4<"), "{}", got.body);
}
