//! Figures: boards, views, screens, quotas, mails that come back, and the report over a period.

use fenghuo_store::{
    Actor, BoardFigure, Bounce, Bounced, CampaignId, CampaignKind, CampaignState, Draft, Error,
    QuotaTaken, Reach, Via,
};
use jiff::civil::date;
use tokio::task::JoinSet;

use crate::fixture::{Fixture, at, later, noon, telegram};
use crate::office::{
    draft, hold, id_of, li, officials, send_all, sending, subscribe, subscribe_as, wang,
};

contract! {
    a_figure_counts_once_another_has_confirmed_it,
    the_latest_confirmed_figure_of_each_region_stands,
    figures_are_entered_all_or_none,
    views_add_up_by_day,
    a_self_check_counts_once_by_month_and_township,
    a_region_has_so_many_screens,
    a_quota_is_never_overdrawn_also_by_many_at_once,
    a_repeat_counts_once_whatever_the_period,
    three_soft_bounces_in_two_weeks_or_a_hard_one_end_an_address,
    a_complaint_deletes_the_subscription,
    reach_tells_region_setting_and_month,
}

fn figure(region: &str, day: i8, value: &str) -> BoardFigure {
    BoardFigure {
        board: "boards/hydrants".to_owned(),
        region: region.to_owned(),
        date: date(2026, 11, day),
        value: value.to_owned(),
        note: String::new(),
    }
}

async fn a_figure_counts_once_another_has_confirmed_it(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let figures = vec![figure("chengguan", 1, "3"), figure("qilihe", 1, "4.5")];
    let ids = store.add_board_entries(figures, &li(), noon()).await.expect("entered");
    assert!(store.board_figures().await.expect("listed").is_empty());
    assert_eq!(store.board_waiting().await.expect("listed").len(), 2);
    let own = store.confirm_board_entry(ids[0], true, &li(), noon()).await;
    assert!(matches!(own, Err(Error::SamePerson)));
    store.confirm_board_entry(ids[0], true, &wang(), later(1)).await.expect("confirmed");
    store.confirm_board_entry(ids[1], false, &wang(), later(1)).await.expect("rejected");
    let twice = store.confirm_board_entry(ids[1], true, &Actor::desk("sun"), noon()).await;
    assert!(matches!(twice, Err(Error::NotFound { .. })));
    let nowhere = store.confirm_board_entry(99, true, &wang(), noon()).await;
    assert!(matches!(nowhere, Err(Error::NotFound { .. })));
    let figures = store.board_figures().await.expect("listed");
    assert_eq!(figures.len(), 1);
    assert_eq!((figures[0].value.as_str(), figures[0].date), ("3", date(2026, 11, 1)));
    assert_eq!(figures[0].confirmed_by.as_deref(), Some("wang"));
    let history = store.board_entries("boards/hydrants").await.expect("listed");
    assert!(history.iter().any(|entry| entry.rejected && entry.region == "qilihe"));
    let log = store.audit_log(99, 99).await.expect("read");
    let count = |action: &str| log.iter().filter(|entry| entry.action == action).count();
    assert_eq!((count("board.enter"), count("board.confirm"), count("board.reject")), (2, 1, 1));
}

async fn the_latest_confirmed_figure_of_each_region_stands(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let figures = [(5, "5"), (1, "1"), (5, "6"), (9, "9")];
    let figures = figures.map(|(day, value)| figure("chengguan", day, value)).to_vec();
    let ids = store.add_board_entries(figures, &li(), noon()).await.expect("entered");
    for id in &ids[..3] {
        store.confirm_board_entry(*id, true, &wang(), noon()).await.expect("confirmed");
    }
    let figures = store.board_figures().await.expect("listed");
    let values: Vec<_> = figures.iter().map(|entry| entry.value.as_str()).collect();
    assert_eq!(values, ["6"], "of one day the one entered last; the ninth is unconfirmed");
    assert_eq!(store.board_entries("boards/hydrants").await.expect("listed").len(), 4);
}

async fn figures_are_entered_all_or_none(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let figures = vec![figure("chengguan", 1, "3")];
    for actor in [Actor::desk("ma"), Actor::engine()] {
        let refused = store.add_board_entries(figures.clone(), &actor, noon()).await;
        assert!(matches!(refused, Err(Error::NotAllowed)));
    }
    assert!(store.board_waiting().await.expect("listed").is_empty());
}

async fn views_add_up_by_day(fixture: Fixture) {
    let store = fixture.open().await;
    let page = |page: &str, times| (page.to_owned(), times);
    let places = [page("chengguan", 2)];
    store.count_views(&[page("/", 3), page("/a/", 1)], &places, noon()).await.expect("counted");
    store.count_views(&[page("/", 2)], &places, later(1)).await.expect("counted");
    store.count_views(&[page("/", 9)], &[page("x", 1)], later(24 * 30)).await.expect("counted");
    let reach = store.reach(later(-24), later(24)).await.expect("asked");
    assert_eq!(reach.views, [page("/", 5), page("/a/", 1)]);
    assert_eq!(reach.place_views, [page("chengguan", 4)]);
    // What is asked for ends with a midnight: the day that begins there is no part of it.
    let midnight = at("2026-11-24T16:00:00Z");
    store.count_views(&[page("/b/", 1)], &[page("y", 1)], midnight).await.expect("counted");
    let before = store.reach(at("2026-11-24T00:00:00Z"), midnight).await.expect("asked");
    let after = store.reach(midnight, later(48)).await.expect("asked");
    assert!(!before.views.contains(&page("/b/", 1)) && !before.place_views.contains(&page("y", 1)));
    assert_eq!((after.views, after.place_views), (vec![page("/b/", 1)], vec![page("y", 1)]));
}

async fn a_self_check_counts_once_by_month_and_township(fixture: Fixture) {
    let store = fixture.open().await;
    let (shop, inn) = ("checklists/noodle-shop", "checklists/farmstay");
    let tell = |form: &'static str, what: (&'static str, &'static str, &'static str), now| {
        let store = store.clone();
        async move { store.record_self_check(form, what, now).await.expect("told") }
    };
    assert!(tell("1", (shop, "chengguan", "high"), noon()).await);
    assert!(!tell("1", (shop, "chengguan", "high"), later(1)).await, "a second tap");
    assert!(!tell("1", (inn, "qilihe", "low"), later(1)).await, "the same form, filled in anew");
    assert!(tell("2", (shop, "chengguan", "high"), later(1)).await);
    assert!(tell("3", (inn, "qilihe", "low"), later(1)).await);
    // 00:30 Beijing on the first of December.
    assert!(tell("4", (shop, "chengguan", "high"), at("2026-11-30T16:30:00Z")).await);
    let mut many = JoinSet::new();
    for _ in 0..10 {
        let store = store.clone();
        many.spawn(async move {
            store.record_self_check("5", (shop, "qilihe", "medium"), noon()).await.expect("told")
        });
    }
    assert_eq!(many.join_all().await.into_iter().filter(|first| *first).count(), 1);
    let told = store.self_checks(date(2026, 11, 30), date(2026, 11, 1)).await.expect("read");
    let told: Vec<_> =
        told.iter().map(|t| (t.checklist.as_str(), t.level.as_str(), t.times)).collect();
    assert_eq!(told, [(inn, "low", 1), (shop, "high", 2), (shop, "medium", 1)]);
    let all = store.self_checks(date(2026, 1, 1), date(2026, 12, 1)).await.expect("read");
    assert_eq!(all.last().map(|told| (told.month.as_str(), told.times)), Some(("2026-12", 1)));
    // Forms are forgotten after two days, figures after three years.
    assert_eq!(store.purge(later(49)).await.expect("purged").self_checks, 0);
    assert!(tell("2", (shop, "chengguan", "high"), later(49)).await);
    assert_eq!(store.purge(later(24 * 3 * 366)).await.expect("purged").self_checks, 0);
    assert_eq!(store.purge(later(24 * (3 * 366 + 31))).await.expect("purged").self_checks, 3);
    let left = store.self_checks(date(2026, 1, 1), date(2027, 1, 1)).await.expect("read");
    assert!(left.iter().all(|told| told.month == "2026-12"), "{left:?}");
}

async fn a_region_has_so_many_screens(fixture: Fixture) {
    let store = fixture.open().await;
    for n in 0..500 {
        assert!(store.screen_seen("chengguan", &n.to_string(), noon()).await.expect("seen"));
    }
    assert!(!store.screen_seen("chengguan", "one more", noon()).await.expect("refused"));
    assert!(store.screen_seen("chengguan", "7", later(1)).await.expect("a known one"));
    assert!(store.screen_seen("qilihe", "hall", noon()).await.expect("another region"));
    let reach = store.reach(later(1), later(2)).await.expect("asked");
    assert_eq!(reach.screens, [("chengguan".to_owned(), 1)], "only those seen in the period");
}

async fn a_quota_is_never_overdrawn_also_by_many_at_once(fixture: Fixture) {
    let store = fixture.open().await;
    let account = telegram();
    let take = |amount| store.take_quota(&account, ("mass", "2026-12"), amount, 10);
    assert_eq!(take(4).await.expect("taken"), 4);
    assert_eq!(take(9).await.expect("taken"), 6, "what is left");
    assert_eq!(take(1).await.expect("asked"), 0);
    store.give_back_quota(&account, ("mass", "2026-12"), 3).await.expect("given back");
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let (store, account) = (store.clone(), account.clone());
        tasks.spawn(async move {
            store.take_quota(&account, ("mass", "2026-12"), 1, 10).await.expect("asked")
        });
    }
    assert_eq!(tasks.join_all().await.iter().sum::<u32>(), 3);
    for other in [("mass", "2027-01"), ("template", "2026-12")] {
        assert_eq!(store.take_quota(&account, other, 1, 1).await.expect("taken"), 1, "{other:?}");
    }
}

async fn a_repeat_counts_once_whatever_the_period(fixture: Fixture) {
    let store = fixture.open().await;
    let account = telegram();
    let (december, january) = (("mass", "2026-12"), ("mass", "2027-01"));
    let take = |period, key| store.take_quota_once(&account, period, key, 1);
    assert_eq!(take(december, "a").await.expect("asked"), QuotaTaken::Now);
    assert_eq!(take(december, "b").await.expect("asked"), QuotaTaken::No);
    assert_eq!(take(december, "a").await.expect("asked"), QuotaTaken::Before);
    assert_eq!(take(january, "a").await.expect("asked"), QuotaTaken::Before);
    // Given back once, however often it is said.
    for _ in 0..2 {
        store.give_back_quota_once(&account, december, "a").await.expect("given back");
    }
    assert_eq!(take(december, "b").await.expect("asked"), QuotaTaken::Now);
    assert_eq!(take(december, "a").await.expect("asked"), QuotaTaken::No);
    assert_eq!(take(january, "a").await.expect("asked"), QuotaTaken::Now);
}

async fn three_soft_bounces_in_two_weeks_or_a_hard_one_end_an_address(fixture: Fixture) {
    let store = fixture.open().await;
    subscribe(&store, &["a", "b"], "chengguan").await;
    let (a, b) = (id_of("a"), id_of("b"));
    let soft =
        |report: &'static str, hours| store.record_bounce(&a, report, Bounce::Soft, later(hours));
    assert_eq!(soft("1", 0).await.expect("noted"), Bounced::Counted(1));
    assert_eq!(soft("1", 1).await.expect("noted"), Bounced::Repeated);
    assert_eq!(soft("2", 2).await.expect("noted"), Bounced::Counted(2));
    // The first two are out of the window.
    assert_eq!(soft("3", 24 * 15).await.expect("noted"), Bounced::Counted(1));
    assert_eq!(store.purge(later(24 * 15)).await.expect("purged").bounces, 2);
    assert_eq!(soft("4", 24 * 16).await.expect("noted"), Bounced::Counted(2));
    assert_eq!(soft("5", 24 * 17).await.expect("noted"), Bounced::Inactive);
    let hard = store.record_bounce(&b, "6", Bounce::Hard, noon()).await.expect("noted");
    assert_eq!(hard, Bounced::Inactive);
    for id in [&a, &b] {
        assert!(!store.subscriber_by_id(id).await.expect("asked").expect("kept").active);
    }
    // Whoever subscribes again begins anew.
    subscribe(&store, &["a"], "chengguan").await;
    assert!(store.subscriber_by_id(&a).await.expect("asked").expect("kept").active);
    assert_eq!(soft("7", 24 * 17).await.expect("noted"), Bounced::Counted(1));
    let nobody = store.record_bounce(&id_of("c"), "8", Bounce::Hard, noon()).await;
    assert_eq!(nobody.expect("asked"), Bounced::Unknown);
}

async fn a_complaint_deletes_the_subscription(fixture: Fixture) {
    let store = fixture.open().await;
    subscribe(&store, &["a"], "chengguan").await;
    let left = store.record_bounce(&id_of("a"), "1", Bounce::Complaint, noon()).await;
    assert_eq!(left.expect("noted"), Bounced::Left);
    assert_eq!(store.subscriber(&telegram().address("a")).await.expect("asked"), None);
}

async fn reach_tells_region_setting_and_month(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe_as(&store, &["a", "b"], "chengguan", (Some("home"), None)).await;
    subscribe(&store, &["c"], "qilihe").await;
    sending(&store, 1, draft()).await;
    let hold = hold(&store).await;
    // 23:30 and 00:30 Beijing, on the two sides of a month's end.
    let (november, december) = (at("2026-11-30T15:30:00Z"), at("2026-11-30T16:30:00Z"));
    sending(&store, 2, Draft { expires: later(24 * 30), ..draft() }).await;
    send_all(&store, &hold, noon()).await;
    sending(&store, 3, Draft { expires: later(24 * 30), kind: CampaignKind::Test, ..draft() })
        .await;
    send_all(&store, &hold, november).await;
    sending(&store, 4, Draft { expires: later(24 * 30), ..draft() }).await;
    send_all(&store, &hold, december).await;
    for (now, views) in [(noon(), 5), (november, 7), (december, 11)] {
        store.record_coverage(now).await.expect("counted");
        store.record_coverage(now).await.expect("again");
        store.count_views(&[("/".to_owned(), views)], &[], now).await.expect("counted");
    }
    for (region, kind) in
        [("chengguan", "loudspeaker"), ("chengguan", "loudspeaker"), ("x", "poster")]
    {
        store.acknowledge(CampaignId::new(1), region, kind, &li(), noon()).await.expect("noted");
    }
    let again = store.acknowledge(CampaignId::new(1), "x", "poster", &li(), noon()).await;
    assert!(!again.expect("asked"), "noted before");
    let unsent = store.create_campaign("UNSENT", draft(), &li(), noon()).await.expect("written");
    let early = store.acknowledge(unsent.id, "x", "loudspeaker", &li(), noon()).await;
    assert!(matches!(early, Err(Error::WrongState { found: CampaignState::Draft })), "{early:?}");
    let nobody = Actor { name: "nobody".to_owned(), via: Via::Desk };
    let refused = store.acknowledge(CampaignId::new(1), "x", "loudspeaker", &nobody, noon()).await;
    assert!(matches!(refused, Err(Error::NotAllowed)), "{refused:?}");
    let noted = store.campaign_history(CampaignId::new(1)).await.expect("listed");
    let noted = noted.iter().filter(|entry| entry.action == "campaign.acknowledge");
    assert_eq!(noted.count(), 2);
    assert_eq!(store.acknowledgements(CampaignId::new(1)).await.expect("listed").len(), 2);

    let Reach { rows, months, acknowledged, .. } =
        store.reach(at("2026-11-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).await.expect("asked");
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.region.as_str(), row.role.as_deref(), row.subscribers, row.sent))
        .collect();
    // Three notices count, the test does not.
    assert_eq!(told, [("chengguan", Some("home"), 2, 6), ("qilihe", None, 1, 3)]);
    let told: Vec<_> =
        months.iter().map(|m| (m.month.as_str(), m.subscribers, m.sent, m.views)).collect();
    assert_eq!(told, [("2026-11", 3, 6, 12), ("2026-12", 3, 3, 11)]);
    assert_eq!(acknowledged[0], ("chengguan".to_owned(), "loudspeaker".to_owned(), 1));
    let nothing = store.reach(later(-48), later(-24)).await.expect("asked");
    assert_eq!(nothing.rows.iter().map(|row| row.sent).sum::<u64>(), 0);
}
