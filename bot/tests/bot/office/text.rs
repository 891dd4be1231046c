//! One source, every channel: what is shown, what is filled in, what is refused.

use std::fmt::Write;

use fenghuo_store::{Audience, CampaignKind, Draft};

use super::{Bureau, draft, words};

const BODY: &str = "今天刮大风，**不要**在外面烧东西。出门前关火、关电、关气，看一眼炉子。看见冒烟就打{{ hotline }}。

## 广播稿

乡亲们，今天大风，不要在外面烧东西。着火打一一九。

## 家里看三处

1. 炉子：灰用水浇灭再倒
2. 插座：人走拔掉
3. 柴草：离房子远一些

看这一篇：[柴草堆](knowledge/village/firewood)。

- ✗ 误区：风大火小没事 ✓ 正确：风大就不用火
";

async fn faults(bureau: &Bureau, draft: &Draft) -> Vec<String> {
    let faults = bureau.office.check(draft).await.expect("a store");
    faults.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn every_channel_shows_the_same_words_in_its_own_way() {
    let bureau = Bureau::open().await;
    let mut draft = draft("大风天{{ place }}防火", BODY);
    draft.audience.regions = words("liuhe");
    let sheet = bureau.office.sheet_of_draft(&draft).await.expect("a sheet");
    assert_eq!(sheet.faults, []);
    let mut shown = String::new();
    for channel in &sheet.channels {
        let id = channel.channel.id;
        let _ = writeln!(shown, "═ {id} {}: {}", channel.length, channel.title);
        let _ = writeln!(shown, "{}\n", channel.text);
        if let Some(html) = channel.html.as_ref().filter(|_| id == "email") {
            let _ = writeln!(shown, "─ html\n{html}");
        }
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn drills_corrections_and_withdrawals_say_so_first() {
    let bureau = Bureau::open().await;
    let drill = Draft {
        kind: CampaignKind::Drill,
        ..draft("疏散演练", "听到哨声从两个楼梯下楼。")
    };
    let sheet = bureau.office.sheet_of_draft(&drill).await.expect("a sheet");
    assert_eq!(sheet.faults, []);
    for channel in sheet.channels.iter().filter(|channel| channel.channel.id != "speaker") {
        assert!(channel.text.starts_with("【演练】这是演练"), "{}", channel.text);
        assert!(channel.title.starts_with("【演练】"), "{}", channel.title);
        assert!(channel.text.contains("有效期至2026年11月13日9:00"), "{}", channel.text);
    }
}

#[tokio::test]
async fn a_placeholder_without_a_value_is_told_with_its_line_and_its_places() {
    let bureau = Bureau::open().await;
    for (regions, body, expected) in [
        ("", "{{ county }}、{{ place }}、{{ hotline }}。", ""),
        ("yangliu", "{{ township }}的乡亲。", ""),
        ("liuhe", "{{ township }}{{ village }}的乡亲。", ""),
        ("yangliu", "{% if village %}{{ village }}{% else %}{{ township }}{% endif %}的乡亲。", ""),
        (
            "",
            "第一行。\n\n{{ township }}的乡亲。",
            "正文第 3 行：“示范县”没有 {{ township }} 的值；改用 {{ place }}",
        ),
        ("yangliu", "{{ village }}的乡亲。", "“杨柳镇”没有 {{ village }} 的值"),
        ("", "{{ village }}的乡亲。", "（示范县、城关镇、杨柳镇等 7 个地方都是这样）"),
        ("", "{{ name }}您好。", "没有 {{ name }} 这一项；可以写 {{ county }}、"),
        ("", "{% if county %}没有结束。", "不成对"),
        ("", "{{ county", "看不懂“{{ county”"),
    ] {
        let mut draft = draft("大风天防火", body);
        draft.audience.regions = words(regions);
        let faults = faults(&bureau, &draft).await.join("\n");
        let fine = if expected.is_empty() { faults.is_empty() } else { faults.contains(expected) };
        assert!(fine, "{body}\n{faults}");
    }
}

#[tokio::test]
async fn no_text_can_loop_call_or_grow() {
    let bureau = Bureau::open().await;
    for hostile in [
        "{% for x in range(1000000000) %}火{% endfor %}",
        "{{ '火' * 1000000000 }}",
        "{{ county.__class__ }}",
        "{{ county|upper }}",
        "{{ lipsum() }}",
        "{% include '/etc/passwd' %}",
        "{% set x = county %}",
        "{% macro a() %}{% endmacro %}",
        "{# 看不见的话 #}",
        "{% raw %}{{ x }}{% endraw %}",
    ] {
        for field in ["title", "body", "override:telegram"] {
            let mut draft = draft("大风天防火", "关火关电。");
            match field {
                "title" => draft.title = hostile.chars().take(40).collect(),
                "body" => draft.body = hostile.to_owned(),
                _ => {
                    draft.overrides.insert("telegram".to_owned(), hostile.to_owned());
                }
            }
            let faults = bureau.office.check(&draft).await.expect("a store");
            assert!(
                faults.iter().any(|fault| fault.field == field),
                "{field} {hostile} {faults:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_check_refuses_no_campaign_says() {
    let bureau = Bureau::open().await;
    for (title, body, expected) in [
        ("油锅着火", "油锅着火马上泼水。", "会害人"),
        ("大风红色预警", "关火关电。", "标题：“红色预警”"),
        ("提示", "看<script>alert(1)</script>。", "HTML"),
        ("提示", "看[这里](knowledge/none/none)。", "没有文章"),
        ("提示", "## 只有小标题\n\n字。", "第一段不是短信"),
        ("提示", &"火".repeat(201), "短信（第一段）有 201 字，最多 200 字"),
        (&"长".repeat(41), "关火。", "标题：有 41 字，最多 40 字"),
        ("提\u{202e}示", "关火。", "看不见的控制字符"),
        ("提示", "关\u{0}火。", "看不见的控制字符"),
        ("", "关火。", "没有标题"),
        ("提示", " \n ", "没有正文"),
        ("提示", &"火。\n\n".repeat(10_000), "超过 20000 字"),
    ] {
        let faults = faults(&bureau, &draft(title, body)).await.join("\n");
        assert!(faults.contains(expected), "{title} {faults}");
    }
}

#[tokio::test]
async fn what_does_not_fit_goes_as_its_short_message_with_a_link() {
    let bureau = Bureau::open().await;
    let long =
        format!("出门前关火关电。\n\n## 细说\n\n{}", "大风天不要在外面烧纸烧荒。\n\n".repeat(90));
    let draft = draft("大风天防火", &long);
    let sheet = bureau.office.sheet_of_draft(&draft).await.expect("a sheet");
    assert_eq!(sheet.faults, []);
    for channel in &sheet.channels {
        let short = ["wechat", "robot"].contains(&channel.channel.id);
        assert_eq!(channel.shortened, short, "{}", channel.channel.id);
        assert!(channel.length <= channel.channel.most, "{}", channel.channel.id);
        if short {
            assert!(
                channel.text.contains("看全文（https://fire.example/notices/"),
                "{}",
                channel.text
            );
            assert!(!channel.text.contains("细说"), "{}", channel.text);
        }
    }
    let mut own = draft.clone();
    own.overrides.insert("wechat".to_owned(), "出门前关火关电。风大不烧荒。".to_owned());
    let sheet = bureau.office.sheet_of_draft(&own).await.expect("a sheet");
    let wechat = sheet.channels.iter().find(|c| c.channel.id == "wechat").expect("wechat");
    assert!(wechat.text.contains("风大不烧荒") && !wechat.shortened, "{}", wechat.text);
}

#[tokio::test]
async fn times_documents_and_kinds_are_checked() {
    let bureau = Bureau::open().await;
    let at = super::at;
    let fine = draft("大风天防火", "关火关电。");
    for (draft, expected) in [
        (
            Draft { expires: at("2026-11-10T08:59:00+08:00"), ..fine.clone() },
            "有效期：有效期已经过了",
        ),
        (Draft { expires: at("2028-11-10T09:00:00+08:00"), ..fine.clone() }, "有效期最长一年"),
        (
            Draft { starts: Some(at("2026-12-10T09:00:00+08:00")), ..fine.clone() },
            "开始时间在有效期之后",
        ),
        (Draft { document: Some("notices/none".to_owned()), ..fine.clone() }, "资料库里没有这一篇"),
        (Draft { document: Some("../etc".to_owned()), ..fine.clone() }, "资料库里没有这一篇"),
        (Draft { kind: CampaignKind::Relay, ..fine.clone() }, "要从预警文件开始"),
        (Draft { kind: CampaignKind::Correction, ..fine.clone() }, "要从原来那条通知开始"),
        (
            Draft {
                audience: Audience { regions: words("nowhere"), ..Audience::default() },
                ..fine.clone()
            },
            "没有“nowhere”这个地方",
        ),
    ] {
        let faults = faults(&bureau, &draft).await.join("\n");
        assert!(faults.contains(expected), "{faults}");
    }
    assert!(faults(&bureau, &fine).await.is_empty());
}

#[tokio::test]
async fn what_follows_a_message_needs_no_value_where_the_first_readers_are_now() {
    let bureau = Bureau::open().await;
    let office = &bureau.office;
    let actor = |name: &str| fenghuo_store::Actor::desk(name);
    let mut first = draft("{{ township }}大风天防火", "{{ township }}的乡亲，关火关电。");
    first.audience.regions = words("yangliu");
    let first = office.create(first, &actor("maxia")).await.expect("created");
    let lichun = actor("lichun");
    let alone = office.override_approval(first.id, first.version, "风大，来不及", &lichun);
    let sent = alone.await.expect("sent");
    let correction = fenghuo_bot::office::correction_of(&sent, office.now());
    let sheet = office.sheet_of_draft(&correction).await.expect("a sheet");
    assert_eq!(sheet.faults, []);
    let telegram = &sheet.channels[0].text;
    assert!(
        telegram.contains("发出的“杨柳镇大风天防火”")
            || telegram.contains("发出的“本乡镇大风天防火”"),
        "{telegram}"
    );
    assert!(!telegram.contains("{{"), "{telegram}");
}
