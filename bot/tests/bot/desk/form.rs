//! The form of a message: whatever is wrong with it, it comes back with everything in it.

use axum::http::StatusCode;
use fenghuo_store::{CampaignFilter, CampaignId};

use super::{Desk, filled};

/// As askama writes it.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '"' | '\'' => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

#[tokio::test]
async fn a_form_that_is_refused_comes_back_with_everything_in_it() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let fields = [
        ("title", "大风 <b>\"天\"</b>"),
        ("body", "第一段\r\n\r\n第二段 & 别的"),
        ("override:telegram", "给 Telegram 的另一稿"),
        ("scope", "some"),
        ("region", "liuhe"),
        ("role", "school"),
        ("channel", "telegram"),
        ("except_region", "chengguan"),
        ("except_role", "web"),
        ("except_channel", "email"),
        ("starts", "明天早上"),
        ("expires", "过两天"),
        ("urgent", "1"),
        ("policy", "ask"),
    ];
    let got = editor.post("/desk/campaigns/new", &filled(&fields)).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        &escaped("大风 <b>\"天\"</b>"),
        "第一段\n\n第二段 &#38; 别的",
        "给 Telegram 的另一稿",
        "name=\"scope\" value=\"some\" checked",
        "name=\"region\" value=\"liuhe\" checked",
        "name=\"role\" value=\"school\" checked",
        "name=\"channel\" value=\"telegram\" checked",
        "name=\"except_region\" value=\"chengguan\" checked",
        "name=\"except_role\" value=\"web\" checked",
        "name=\"except_channel\" value=\"email\" checked",
        "value=\"明天早上\"",
        "value=\"过两天\"",
        "name=\"urgent\" value=\"1\" checked",
        "value=\"ask\" selected",
        "href=\"#expires\"",
        "href=\"#starts\"",
    ] {
        assert!(got.says(kept), "{kept}\n{}", got.body);
    }
    assert!(desk.store.campaigns(&CampaignFilter::default()).await.expect("a list").is_empty());
}

#[tokio::test]
async fn nobody_reaches_the_whole_county_by_leaving_something_out() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    for audience in [
        vec![("scope", "some")],
        vec![("scope", "")],
        vec![("scope", "nonsense")],
        vec![("scope", "some"), ("region", "no-such-place")],
        vec![("scope", "some"), ("region", "")],
        vec![("scope", "county"), ("region", "liuhe")],
    ] {
        let got = editor.post("/desk/campaigns/new", &filled(&audience)).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{audience:?}");
        assert!(got.says("href=\"#audience\""), "{audience:?}");
    }
    assert!(desk.store.campaigns(&CampaignFilter::default()).await.expect("a list").is_empty());
}

#[tokio::test]
async fn a_half_written_message_is_kept_and_says_what_is_missing() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let path = editor.write(&[("title", ""), ("body", "写到一半")]).await;
    let page = editor.get(&path).await;
    assert!(page.says("还不能送审") && page.says("写到一半"), "{}", page.body);
    assert!(!page.says(&format!("action=\"{path}/submit\"")), "nobody is sent a half message");
    assert!(editor.get(&format!("{path}/edit")).await.says("写到一半"));
}

#[tokio::test]
async fn when_somebody_else_was_faster_both_versions_are_shown() {
    let desk = Desk::staffed().await;
    let (editor, other) = (desk.enter("editor").await, desk.enter("admin").await);
    let path = editor.write(&[]).await;
    let edit = format!("{path}/edit");
    let version = editor.get(&edit).await.hidden("version");
    let theirs = [("version", version.as_str()), ("title", "别人改的标题")];
    assert_eq!(other.post(&edit, &filled(&theirs)).await.status, StatusCode::SEE_OTHER);

    let mine = [("version", version.as_str()), ("title", "我改的标题"), ("body", "我写的正文")];
    let got = editor.post(&edit, &filled(&mine)).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in ["别人改的标题", "我改的标题", "我写的正文", "别人刚刚改过"] {
        assert!(got.says(text), "{text}\n{}", got.body);
    }
    let again = got.hidden("version");
    assert_ne!(again, version);
    let mine = [("version", again.as_str()), ("title", "我改的标题"), ("body", "我写的正文。")];
    assert_eq!(editor.post(&edit, &filled(&mine)).await.status, StatusCode::SEE_OTHER);
    let campaign = desk.store.campaign(CampaignId::new(1)).await.expect("a store");
    assert_eq!(campaign.expect("a campaign").draft.title, "我改的标题");
}

#[tokio::test]
async fn the_button_counts_without_saving() {
    let desk = Desk::staffed().await;
    desk.subscribe("liuhe", 4).await;
    let editor = desk.enter("editor").await;
    let fields = filled(&[("do", "measure"), ("scope", "some"), ("region", "liuhe")]);
    let got = editor.post("/desk/campaigns/new", &fields).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.says("发给 4 人") && got.says("value=\"大风天不烧荒\""), "{}", got.body);
    let fragment = editor.post("/desk/measure", &fields).await;
    assert!(fragment.says("发给 4 人") && !fragment.says("<html"), "{}", fragment.body);
    assert!(desk.store.campaigns(&CampaignFilter::default()).await.expect("a list").is_empty());
}

#[tokio::test]
async fn hostile_and_huge_input_is_shown_as_text_or_refused() {
    let desk = Desk::staffed().await;
    let editor = desk.enter("editor").await;
    let long = "火".repeat(30_000);
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</textarea><script>alert(1)</script>",
        "{{ 7 * 7 }} {% for i in range(99999) %}x{% endfor %}",
        "\u{0}\u{1}\u{202e}\u{feff}",
        "' OR 1=1 --",
        "👩‍🚒🔥",
        long.as_str(),
    ] {
        let fields = filled(&[("title", text), ("body", text), ("override:telegram", text)]);
        for path in ["/desk/campaigns/new", "/desk/measure"] {
            let got = editor.post(path, &fields).await;
            assert!(got.status.as_u16() < 500, "{path}: {text:.40}");
            let page = match got.status {
                StatusCode::SEE_OTHER => editor.get(&got.location()).await,
                _ => got,
            };
            assert!(page.status.as_u16() < 500, "{path}: {text:.40}");
            assert!(!page.says("<script>alert") && !page.says("<img src=x"), "{path}: {text:.40}");
        }
    }
    for path in [
        "/desk/campaigns/c0",
        "/desk/campaigns/c99999999999999999999",
        "/desk/campaigns/'",
        "/desk/boards/..%2f..",
        "/desk/campaigns/c1%00/report",
    ] {
        let got = editor.get(path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        editor.get("/desk/campaigns?before=x&state=%00&kind=%27&q=%25_%27").await.status,
        StatusCode::OK
    );
}
