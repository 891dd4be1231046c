//! A message from its first word to its report, and who may do what on the way.

use axum::http::StatusCode;
use fenghuo_store::{CampaignFilter, CampaignId, CampaignState, OfficialRole};

use super::{Desk, at, filled};
use crate::fixture::now;

async fn state_of(desk: &Desk, path: &str) -> CampaignState {
    let id = CampaignId::parse(path.rsplit('/').next().expect("a name")).expect("an id");
    desk.store.campaign(id).await.expect("a store").expect("a campaign").state
}

#[tokio::test]
async fn a_message_goes_from_one_person_through_another_to_its_report() {
    let desk = Desk::staffed().await;
    desk.subscribe("chengguan", 3).await;
    desk.subscribe("liuhe", 2).await;
    let (editor, approver) = (desk.enter("editor").await, desk.enter("approver").await);
    let path = editor.write(&[("scope", "some"), ("region", "chengguan")]).await;
    let sheet = editor.get(&path).await;
    assert!(sheet.says("大风天不烧荒") && sheet.says("<dd>3 人</dd>"), "{}", sheet.body);
    assert!(sheet.says("2026年11月13日 20:00") || sheet.says("11月13日20时"), "{}", sheet.body);

    assert_eq!(editor.press(&path, "submit", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(approver.get("/desk").await.says("大风天不烧荒"), "it waits for the approver");
    let returned = approver.press(&path, "return", &[("reason", "写明\r\n哪天")]).await;
    assert_eq!(returned.status, StatusCode::SEE_OTHER, "{}", returned.body);
    assert!(editor.get(&path).await.says("写明 哪天"));

    editor.press(&path, "submit", &[]).await;
    assert_eq!(approver.press(&path, "approve", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(approver.press(&path, "send", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(state_of(&desk, &path).await, CampaignState::Sending);
    let page = approver.get(&path).await;
    assert!(page.says("data-events=\"/desk/campaigns/c1/events?state=发送中\""), "{}", page.body);
    // A page that was drawn before the state changed is told so at once; its stream ends.
    let late = approver.get("/desk/campaigns/c1/events?state=%E5%AE%9A%E6%97%B6").await;
    assert!(late.says("event: over\ndata: now"), "{}", late.body);

    approver.press(&path, "pause", &[]).await;
    assert_eq!(state_of(&desk, &path).await, CampaignState::Paused);
    approver.press(&path, "resume", &[]).await;
    approver.press(&path, "cancel", &[("reason", "风停了")]).await;
    assert_eq!(state_of(&desk, &path).await, CampaignState::Cancelled);
    let report = editor.get(&format!("{path}/report")).await;
    assert!(
        report.says("发送报告") && report.says("风停了") | report.says("已取消"),
        "{}",
        report.body
    );
    let csv = editor.get(&format!("{path}/report.csv")).await;
    assert_eq!(csv.header(axum::http::header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert!(csv.body.starts_with('\u{feff}'));
}

#[tokio::test]
async fn whoever_wrote_it_cannot_approve_it() {
    let desk = Desk::staffed().await;
    desk.hire("second", OfficialRole::Approver).await;
    let approver = desk.enter("approver").await;
    let path = approver.write(&[]).await;
    approver.press(&path, "submit", &[]).await;
    let page = approver.get(&path).await;
    assert!(page.says("须由另一位审批员批准") && page.says("second"), "{}", page.body);
    assert!(!page.says(&format!("action=\"{path}/approve\"")));
    let got = approver.press(&path, "approve", &[]).await;
    assert_eq!(got.status, StatusCode::CONFLICT);
    assert!(got.says("不能自己批"), "{}", got.body);
    assert_eq!(state_of(&desk, &path).await, CampaignState::Submitted);
    let second = desk.enter("second").await;
    assert_eq!(second.press(&path, "approve", &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn roles_decide_what_is_offered_and_what_is_done() {
    let desk = Desk::staffed().await;
    let (viewer, editor) = (desk.enter("viewer").await, desk.enter("editor").await);
    let path = editor.write(&[]).await;

    let home = viewer.get("/desk").await;
    assert!(!home.says("/desk/start") && !home.says("/desk/officials"), "{}", home.body);
    assert_eq!(viewer.get(&path).await.status, StatusCode::OK, "a viewer reads");
    for (path, status) in [
        ("/desk/start", 403),
        ("/desk/campaigns/new", 403),
        ("/desk/campaigns/c1/edit", 403),
        ("/desk/relay", 403),
        ("/desk/officials", 403),
        ("/desk/campaigns", 200),
        ("/desk/audit", 200),
        ("/desk/reach", 200),
    ] {
        assert_eq!(viewer.get(path).await.status.as_u16(), status, "{path}");
    }
    assert_eq!(
        viewer.post("/desk/campaigns/new", &filled(&[])).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(editor.get("/desk/officials").await.status, StatusCode::FORBIDDEN);

    editor.press(&path, "submit", &[]).await;
    for verb in ["approve", "send", "pause", "resume"] {
        let got = editor.press(&path, verb, &[("version", "2")]).await;
        assert!(got.status.is_client_error(), "{verb}: {}", got.status);
    }
    let got = editor.press(&path, "override", &[("reason", "急"), ("sure", "1")]).await;
    assert!(got.status.is_client_error(), "{}", got.status);
    assert_eq!(state_of(&desk, &path).await, CampaignState::Submitted);
}

#[tokio::test]
async fn an_emergency_needs_a_reason_said_twice_and_is_told_to_everybody() {
    let desk = Desk::staffed().await;
    let (approver, viewer) = (desk.enter("approver").await, desk.enter("viewer").await);
    let path = approver.write(&[("urgent", "1")]).await;
    for more in [&[("reason", "山火逼近")][..], &[("sure", "1")][..]] {
        let got = approver.press(&path, "override", more).await;
        assert!(got.status.is_client_error(), "{more:?}");
        assert_eq!(state_of(&desk, &path).await, CampaignState::Draft, "{more:?}");
    }
    let got = approver.press(&path, "override", &[("reason", "山火逼近"), ("sure", "1")]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    assert_eq!(state_of(&desk, &path).await, CampaignState::Sending);
    let told = viewer.get("/desk").await;
    assert!(told.says("紧急发送通告") && told.says("山火逼近"), "{}", told.body);
}

#[tokio::test]
async fn loudspeakers_that_have_read_it_out_are_noted_once_after_it_was_sent() {
    let desk = Desk::staffed().await;
    let (approver, viewer) = (desk.enter("approver").await, desk.enter("viewer").await);
    let path = approver.write(&[("urgent", "1")]).await;
    let heard = [("region", "chengguan")];
    let early = approver.press(&path, "heard", &heard).await;
    assert!(early.status.is_client_error(), "{}", early.status);
    approver.press(&path, "override", &[("reason", "山火逼近"), ("sure", "1")]).await;
    assert!(approver.get(&path).await.says("还没有地方说播过"));
    for _ in 0..2 {
        let got = approver.press(&path, "heard", &heard).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    }
    let page = viewer.get(&path).await;
    assert!(page.says("播过的：城关镇。") && !page.says("记下</button>"), "{}", page.body);
    for wrong in [&[("region", "nowhere")][..], &[]] {
        assert!(approver.press(&path, "heard", wrong).await.status.is_client_error());
    }
    assert!(viewer.press(&path, "heard", &heard).await.status.is_client_error());
}

#[tokio::test]
async fn a_verb_on_a_version_nobody_has_seen_is_refused() {
    let desk = Desk::staffed().await;
    let (editor, approver) = (desk.enter("editor").await, desk.enter("approver").await);
    let path = editor.write(&[]).await;
    editor.press(&path, "submit", &[]).await;
    let seen = approver.get(&path).await.hidden("version");
    editor
        .post(&format!("{path}/edit"), &filled(&[("version", &seen), ("title", "另一个标题")]))
        .await;
    editor.press(&path, "submit", &[]).await;
    for version in [seen.as_str(), "", "x", "-1", "99999999999999999999"] {
        let got = approver.post(&format!("{path}/approve"), &[("version", version)]).await;
        assert!(got.status.is_client_error(), "{version}: {}", got.status);
    }
    assert_eq!(state_of(&desk, &path).await, CampaignState::Submitted);
}

#[tokio::test]
async fn a_scheduled_message_says_when_and_what_is_past_is_refused() {
    let desk = Desk::staffed().await;
    let (editor, approver) = (desk.enter("editor").await, desk.enter("approver").await);
    let path = editor.write(&[]).await;
    editor.press(&path, "submit", &[]).await;
    approver.press(&path, "approve", &[]).await;
    for wrong in ["", "明天", "2026-11-01T08:00"] {
        let got = approver.press(&path, "schedule", &[("at", wrong)]).await;
        assert!(got.status.is_client_error(), "{wrong}");
    }
    approver.press(&path, "schedule", &[("at", "2026-11-11T08:10")]).await;
    let id = CampaignId::new(1);
    let campaign = desk.store.campaign(id).await.expect("a store").expect("a campaign");
    assert_eq!(campaign.state, CampaignState::Scheduled);
    assert_eq!(campaign.draft.starts, Some(at("2026-11-11T00:10:00Z")));
    assert!(now() < at("2026-11-11T00:10:00Z"));
}

#[tokio::test]
async fn a_correction_begins_with_what_it_corrects_and_refers_to_it() {
    let desk = Desk::staffed().await;
    let (editor, approver) = (desk.enter("editor").await, desk.enter("approver").await);
    let path = editor.write(&[]).await;
    let early = editor.get(&format!("{path}/correct")).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "not sent yet");
    editor.press(&path, "submit", &[]).await;
    approver.press(&path, "approve", &[]).await;
    approver.press(&path, "send", &[]).await;
    for (way, kind) in [("correct", "correction"), ("withdraw", "withdrawal")] {
        let form = editor.get(&format!("{path}/{way}")).await;
        assert_eq!(form.hidden("refers"), "c1", "{}", form.body);
        assert!(form.says(&format!("name=\"kind\" value=\"{kind}\"")), "{}", form.body);
        let saved = editor.write(&[("kind", kind), ("refers", "c1")]).await;
        assert!(editor.get(&saved).await.says("href=\"/desk/campaigns/c1\""));
    }
    let filter = CampaignFilter::default();
    let all = desk.store.campaigns(&filter).await.expect("a list");
    assert_eq!(all.iter().filter(|c| c.draft.refers == Some(CampaignId::new(1))).count(), 2);
}
