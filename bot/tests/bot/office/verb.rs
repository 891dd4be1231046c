//! The life of a campaign up to the moment at which the engine takes over.

use fenghuo_bot::office::{Error, correction_of, withdrawal_of};
use fenghuo_content::{Files, Library};
use fenghuo_store::{Actor, Campaign, CampaignState, Error as StoreError};

use super::{Bureau, draft, words};

fn desk(name: &str) -> Actor {
    Actor::desk(name)
}

async fn approved(bureau: &Bureau) -> Campaign {
    let office = &bureau.office;
    let campaign =
        office.create(draft("大风天防火", "{{ county }}的乡亲，关火关电。"), &desk("maxia")).await;
    let campaign = campaign.expect("created");
    let campaign =
        office.submit(campaign.id, campaign.version, &desk("maxia")).await.expect("submitted");
    office.approve(campaign.id, campaign.version, &desk("lichun")).await.expect("approved")
}

#[tokio::test]
async fn two_people_take_a_campaign_to_its_readers() {
    let bureau = Bureau::open().await;
    let office = &bureau.office;
    let campaign = approved(&bureau).await;
    assert_eq!((campaign.state, campaign.code.len()), (CampaignState::Approved, 6));
    assert_eq!(campaign.approved_hash.as_ref().map(String::len), Some(64));
    let sent = office.send(campaign.id, campaign.version, &desk("lichun")).await.expect("sent");
    assert_eq!(sent.state, CampaignState::Sending);
    let wrong = correction_of(&sent, office.now());
    let correction = office.create(wrong, &desk("maxia")).await.expect("a correction");
    let sheet = office.sheet(&correction).await.expect("a sheet");
    let telegram = &sheet.channels[0].text;
    assert!(
        telegram.starts_with("【更正】大风天防火\n更正2026年11月10日9:00发出的“大风天防火”"),
        "{telegram}"
    );
    let taken_back = withdrawal_of(&sent, "时间*写*错了。", office.now());
    let withdrawal = office.create(taken_back, &desk("maxia")).await.expect("a withdrawal");
    let sheet = office.sheet(&withdrawal).await.expect("a sheet");
    let telegram = &sheet.channels[0].text;
    assert!(telegram.starts_with("【撤回】大风天防火\n撤回2026年11月10日9:00发出的"), "{telegram}");
    assert!(telegram.contains("原因：时间*写*错了。"), "{telegram}");
    let log = office.store().verify_audit().await.expect("a log");
    assert_eq!(log.broken, None);
}

#[tokio::test]
async fn nobody_approves_her_own_and_everybody_keeps_to_her_role() {
    let bureau = Bureau::open().await;
    let office = &bureau.office;
    let created =
        office.create(draft("大风天防火", "关火关电。"), &desk("lichun")).await.expect("created");
    let (id, version) = (created.id, created.version);
    let submitted = office.submit(id, version, &desk("lichun")).await.expect("submitted");
    let own = office.approve(id, submitted.version, &desk("lichun")).await;
    assert!(matches!(own, Err(Error::Store(StoreError::SamePerson))), "{own:?}");
    for name in ["maxia", "kan", "nobody"] {
        let refused = office.approve(id, submitted.version, &desk(name)).await;
        assert!(matches!(refused, Err(Error::Store(StoreError::NotAllowed))), "{name} {refused:?}");
    }
    let viewer = office.create(draft("提示", "关火。"), &desk("kan")).await;
    assert!(matches!(viewer, Err(Error::Store(StoreError::NotAllowed))), "{viewer:?}");
    let stale = office.approve(id, version, &desk("wangqiang")).await;
    assert!(matches!(stale, Err(Error::Store(StoreError::Stale))), "{stale:?}");
    let unsent = office.send(id, submitted.version, &desk("wangqiang")).await;
    assert!(matches!(unsent, Err(Error::Store(StoreError::WrongState { .. }))), "{unsent:?}");
    for error in [own, stale, unsent] {
        assert!(error.expect_err("refused").chinese().chars().count() > 8);
    }
    office.approve(id, submitted.version, &desk("wangqiang")).await.expect("another person may");
}

#[tokio::test]
async fn what_was_approved_is_what_is_sent() {
    let bureau = Bureau::open().await;
    let campaign = approved(&bureau).await;
    let files =
        Files::read(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/library")));
    // Another library has another name for the county, and other regions.
    let (other, _) = Library::load_judged(&files.expect("the folder is readable"));
    *bureau.library.lock().expect("unpoisoned") = std::sync::Arc::new(other);
    let sent = bureau.office.send(campaign.id, campaign.version, &desk("lichun")).await;
    assert!(matches!(sent, Err(Error::Changed)), "{sent:?}");
}

#[tokio::test]
async fn reasons_are_given_and_kept_short() {
    let bureau = Bureau::open().await;
    let office = &bureau.office;
    let created =
        office.create(draft("大风天防火", "关火关电。"), &desk("maxia")).await.expect("created");
    for reason in ["", "  ", &"长".repeat(201), "两\n行"] {
        let refused =
            office.override_approval(created.id, created.version, reason, &desk("lichun")).await;
        assert!(matches!(refused, Err(Error::Faults(_))), "{reason}");
        let refused = office.cancel(created.id, created.version, reason, &desk("maxia")).await;
        assert!(matches!(refused, Err(Error::Faults(_))), "{reason}");
    }
    let alone = office
        .override_approval(created.id, created.version, "草原起火，来不及", &desk("lichun"))
        .await
        .expect("released");
    assert!(alone.overridden && alone.state == CampaignState::Sending);
}

#[tokio::test]
async fn faults_keep_a_draft_out_and_lose_nothing() {
    let bureau = Bureau::open().await;
    let office = &bureau.office;
    let refused = office.create(draft("油锅", "油锅着火马上泼水。"), &desk("maxia")).await;
    assert!(matches!(refused, Err(Error::Faults(_))), "{refused:?}");
    let mut good = draft("大风天防火", "关火关电。");
    good.audience.regions = words("yangliu");
    let created = office.create(good.clone(), &desk("maxia")).await.expect("created");
    assert_eq!(created.draft.audience.regions.len(), 4, "the tree is written out");
    let mut worse = created.draft.clone();
    worse.body = "油锅着火马上泼水。".to_owned();
    let refused = office.edit(created.id, created.version, worse, &desk("maxia")).await;
    assert!(matches!(refused, Err(Error::Faults(_))), "{refused:?}");
    let kept = office.campaign(created.id).await.expect("kept");
    assert_eq!(kept, created);
    bureau.set_clock("2026-12-10T09:00:00+08:00");
    let late = office.submit(created.id, created.version, &desk("maxia")).await;
    let Err(Error::Faults(faults)) = late else { panic!("{late:?}") };
    assert_eq!(faults[0].field, "expires");
}
