//! Notices fall due once, on time, also after months in which nobody looked.

use fenghuo_bot::office::{DueState, SeasonRule, calendar};
use fenghuo_store::{Actor, CampaignState};

use super::Bureau;

#[tokio::test]
async fn an_occasion_becomes_a_draft_some_days_ahead_and_never_twice() {
    let bureau = Bureau::open().await;
    let other = bureau.another(SeasonRule::default()).await;
    bureau.set_clock("2027-03-24T12:00:00+08:00");
    let (first, second) = tokio::join!(bureau.office.tick_season(), other.tick_season());
    let (first, second) = (first.expect("a tick"), second.expect("a tick"));
    let plan = bureau.office.year_plan(2027).await.expect("a plan");
    let qingming = plan.iter().find(|due| due.key == "notices/qingming 2027-03-31");
    let qingming = qingming.expect("it is in the plan");
    let DueState::Drafted { campaign, is } = qingming.state else { panic!("{:?}", qingming.state) };
    assert_eq!(is, CampaignState::Draft);
    let drafted = [first.drafted, second.drafted].concat();
    assert_eq!(drafted.iter().filter(|id| **id == campaign).count(), 1, "{drafted:?}");
    let again = bureau.office.tick_season().await.expect("a tick");
    assert!(again.drafted.is_empty() && again.skipped.is_empty(), "{again:?}");
    let draft = bureau.office.campaign(campaign).await.expect("a campaign").draft;
    assert_eq!(draft.starts, Some(super::at("2027-03-31T08:10:00+08:00")));
    assert!(bureau.office.check(&draft).await.expect("a store").is_empty());
}

#[tokio::test]
async fn what_fell_due_in_months_of_downtime_is_skipped_and_told() {
    let bureau = Bureau::open().await;
    bureau.office.tick_season().await.expect("a tick");
    bureau.set_clock("2027-04-20T12:00:00+08:00");
    let ticked = bureau.office.tick_season().await.expect("a tick");
    assert!(ticked.skipped.contains(&"notices/qingming 2027-03-31".to_owned()), "{ticked:?}");
    assert!(!ticked.skipped.iter().any(|key| key.ends_with("2026-11-09")), "{ticked:?}");
    let plan = bureau.office.due().await.expect("a plan");
    let qingming = plan.iter().find(|due| due.key == "notices/qingming 2027-03-31");
    assert!(matches!(qingming.expect("told").state, DueState::Skipped { .. }));
    let log = bureau.office.store().audit_log(i64::MAX, 100).await.expect("a log");
    let told = log.iter().filter(|entry| entry.subject == "notices/qingming 2027-03-31").count();
    assert_eq!(told, 1);
    let late =
        bureau.office.draft_of_occasion("notices/qingming 2027-03-31", &Actor::desk("maxia")).await;
    assert!(late.is_err(), "what was passed over stays so");
}

#[tokio::test]
async fn where_the_county_allows_it_a_notice_goes_out_by_itself() {
    let rule = SeasonRule { auto: true, ..SeasonRule::default() };
    let bureau = Bureau::with(rule).await;
    bureau.set_clock("2027-03-24T12:00:00+08:00");
    let ticked = bureau.office.tick_season().await.expect("a tick");
    assert!(!ticked.drafted.is_empty());
    for id in ticked.drafted {
        let campaign = bureau.office.campaign(id).await.expect("a campaign");
        assert_eq!(campaign.state, CampaignState::Scheduled, "{}", campaign.draft.title);
        assert_eq!(campaign.approver.as_deref(), Some("engine"));
        assert!(campaign.approved_hash.is_some());
    }
}

#[tokio::test]
async fn every_notice_of_the_library_can_be_sent() {
    let bureau = Bureau::open().await;
    let library = super::library();
    for document in library.of_kind(fenghuo_content::Kind::Notice) {
        let id = document.id.as_str();
        let draft = fenghuo_bot::office::from_notice(&library, id, bureau.office.now());
        let faults = bureau.office.check(&draft.expect("a draft")).await.expect("a store");
        assert_eq!(faults, [], "{id}");
    }
}

#[tokio::test]
async fn the_plan_is_a_calendar_file() {
    let bureau = Bureau::open().await;
    let plan = bureau.office.year_plan(2027).await.expect("a plan");
    let ics = calendar(&plan, "示范县消防安全提示");
    assert_eq!(ics.matches("BEGIN:VEVENT").count(), plan.len());
    assert!(plan.len() > 20 && ics.contains("DTSTART;VALUE=DATE:20270331"), "{ics}");
    assert!(ics.lines().all(|line| line.len() <= 76), "lines are folded");
}
