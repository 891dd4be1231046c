//! Whom it reaches: trees downwards, AND between lists, never a surprise.

use fenghuo_bot::office::audience::{expand, regions, tops, words as shown};
use fenghuo_store::{Account, Audience, Change, LeaveToken, SubscriberId, Subscription};

use super::{Bureau, at, draft, library, words};

fn audience(regions: &str, roles: &str, except: &str) -> Audience {
    Audience {
        regions: words(regions),
        roles: words(roles),
        except_regions: words(except),
        ..Audience::default()
    }
}

#[test]
fn a_township_means_its_villages_and_exceptions_too() {
    let library = library();
    let wide = expand(&library, &audience("yangliu shangba", "school", "liuhe"));
    assert_eq!(wide.regions, words("yangliu liuhe shangba huaishu"));
    assert_eq!(tops(&library, &wide.regions), words("yangliu"));
    let left: Vec<String> = regions(&library, &wide).into_iter().map(|r| r.id).collect();
    assert_eq!(left, words("yangliu shangba huaishu"));
    assert_eq!(shown(&library, &wide), "杨柳镇；学校；不发：柳河村");
    assert!(expand(&library, &audience("shifan", "", "")).regions.is_empty(), "the county is all");
    assert_eq!(shown(&library, &Audience::default()), "全县");
}

#[tokio::test]
async fn an_audience_of_nobody_or_of_unknown_words_is_refused() {
    let bureau = Bureau::open().await;
    for (audience, expected) in [
        (audience("liuhe", "", "yangliu"), "一个人也不剩"),
        (
            Audience {
                roles: words("school"),
                except_roles: words("school"),
                ..Audience::default()
            },
            "一个人也不剩",
        ),
        (audience("nowhere", "", ""), "没有“nowhere”这个地方"),
        (audience("", "teacher", ""), "没有“teacher”这个场所"),
        (Audience { channels: words("fax"), ..Audience::default() }, "没有“fax”这个渠道"),
        (Audience { except_channels: words("page"), ..Audience::default() }, "没有“page”这个渠道"),
    ] {
        let mut draft = draft("大风天防火", "关火关电。");
        draft.audience = audience;
        let faults = bureau.office.check(&draft).await.expect("a store");
        assert!(faults.iter().any(|f| f.message.contains(expected)), "{expected} {faults:?}");
    }
}

#[tokio::test]
async fn the_sheet_counts_who_gets_it_and_warns() {
    let bureau = Bureau::open().await;
    let people = [
        ("liuhe", Some("village"), false),
        ("liuhe", Some("school"), true),
        ("yangliu", Some("school"), false),
        ("dongjie", Some("home"), false),
        ("shifan", None, false),
    ];
    for (number, (region, role, quiet)) in people.into_iter().enumerate() {
        let subscription = Subscription {
            region: region.to_owned(),
            role: role.map(str::to_owned),
            language: "zh".to_owned(),
            quiet: quiet.then_some(fenghuo_store::Quiet { from: 8 * 60, until: 20 * 60 }),
        };
        let change = Change::Subscribe {
            id: SubscriberId::from_bits(number as u128),
            leave: LeaveToken::from_bits(number as u128),
            address: Account::new("telegram", "main").address(number.to_string()),
            subscription,
        };
        let now = at("2026-11-01T09:00:00+08:00");
        bureau.office.store().apply(vec![change], now).await.expect("subscribed");
    }
    let mut draft = draft("大风天防火", "关火关电。");
    draft.audience = audience("yangliu", "village school", "");
    let sheet = bureau.office.sheet_of_draft(&draft).await.expect("a sheet");
    assert_eq!(sheet.total, 3);
    assert_eq!(sheet.by_township, [("杨柳镇".to_owned(), 3)]);
    assert_eq!(sheet.by_setting, [("学校".to_owned(), 2), ("农村".to_owned(), 1)]);
    assert_eq!((sheet.last_recipient_seconds, sheet.audience.sample.len()), (1, 3));
    assert!(sheet.warnings.iter().any(|w| w.contains("1 人设了免打扰")), "{:?}", sheet.warnings);
    draft.audience = audience("songlin", "", "");
    let sheet = bureau.office.sheet_of_draft(&draft).await.expect("a sheet");
    assert!(sheet.warnings[0].contains("没有人会收到"), "{:?}", sheet.warnings);
    draft.audience = Audience::default();
    let sheet = bureau.office.sheet_of_draft(&draft).await.expect("a sheet");
    assert_eq!((sheet.total, sheet.audience.excluded), (5, 0));
}
