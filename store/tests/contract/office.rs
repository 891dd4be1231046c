//! A county office for the tests of broadcast: officials, subscribers, campaigns on their way.

use std::collections::BTreeMap;

use fenghuo_store::{
    Account, Actor, Audience, Campaign, CampaignKind, Change, DeliveryKey, DeliveryOutcome, Draft,
    Hold, LeaseTerms, Leased, LeaveToken, OfficialRole, Quiet, Store, SubscriberId, Subscription,
    UnknownPolicy,
};
use jiff::Timestamp;

use crate::fixture::{later, noon, seconds, telegram};

/// Li writes, Wang and Sun approve, Zhao is admin, Ma looks on.
pub(crate) async fn officials(store: &Store) {
    for (name, role) in [
        ("li", OfficialRole::Editor),
        ("wang", OfficialRole::Approver),
        ("sun", OfficialRole::Approver),
        ("zhao", OfficialRole::Admin),
        ("ma", OfficialRole::Viewer),
    ] {
        let operator = Actor::cli("root");
        store.add_official(name, role, "hash", &operator, noon()).await.expect("added");
    }
}

pub(crate) fn li() -> Actor {
    Actor::desk("li")
}

pub(crate) fn wang() -> Actor {
    Actor::cli("wang")
}

/// A notice to everybody, for two days.
pub(crate) fn draft() -> Draft {
    Draft {
        kind: CampaignKind::Notice,
        title: "清明防火".to_owned(),
        body: "上坟不带火。\n\n## 细则\n……".to_owned(),
        overrides: BTreeMap::from([("robot".to_owned(), "上坟不带火".to_owned())]),
        audience: Audience::default(),
        urgent: false,
        policy: UnknownPolicy::Never,
        expires: later(48),
        starts: None,
        document: None,
        occasion: None,
        refers: None,
        relay: None,
    }
}

pub(crate) fn urgent() -> Draft {
    Draft { urgent: true, ..draft() }
}

/// Subscribes `chats` in `region`; the n-th one of a store gets the number n.
pub(crate) async fn subscribe(store: &Store, chats: &[&str], region: &str) {
    subscribe_as(store, chats, region, (None, None)).await;
}

pub(crate) async fn subscribe_as(
    store: &Store,
    chats: &[&str],
    region: &str,
    (role, quiet): (Option<&str>, Option<Quiet>),
) {
    let change = |chat: &&str| Change::Subscribe {
        id: id_of(chat),
        leave: LeaveToken::from_bits(bits_of(chat)),
        address: telegram().address(*chat),
        subscription: Subscription {
            region: region.to_owned(),
            role: role.map(str::to_owned),
            language: "zh".to_owned(),
            quiet,
        },
    };
    store.apply(chats.iter().map(change).collect(), noon()).await.expect("subscribed");
}

fn bits_of(chat: &str) -> u128 {
    chat.bytes().fold(7, |bits, byte| bits * 257 + u128::from(byte))
}

pub(crate) fn id_of(chat: &str) -> SubscriberId {
    SubscriberId::from_bits(bits_of(chat))
}

/// Six letters nobody else has.
pub(crate) fn code(n: u32) -> String {
    format!("AB{n:04}")
}

/// A campaign that Li has written and submitted, and Wang has approved.
pub(crate) async fn approved(store: &Store, n: u32, draft: Draft) -> Campaign {
    let campaign = store.create_campaign(&code(n), draft, &li(), noon()).await.expect("created");
    let (id, version) = (campaign.id, campaign.version);
    let campaign = store.submit_campaign(id, version, &li(), noon()).await.expect("submitted");
    let (version, second) = (campaign.version, wang());
    store.approve_campaign(id, version, "hash", &second, noon()).await.expect("approved")
}

/// A campaign that is on its way, with all recipients in the ledger.
pub(crate) async fn sending(store: &Store, n: u32, draft: Draft) -> Campaign {
    let campaign = approved(store, n, draft).await;
    let (id, version) = (campaign.id, campaign.version);
    store.send_campaign(id, version, &wang(), noon()).await.expect("sending");
    materialise(store, &campaign).await;
    store.campaign(id).await.expect("asked").expect("there")
}

pub(crate) async fn materialise(store: &Store, campaign: &Campaign) -> u64 {
    let mut added = 0;
    loop {
        let chunk = store.materialise(campaign.id, 3, noon()).await.expect("materialised");
        added += chunk.added;
        if chunk.done {
            return added;
        }
    }
}

pub(crate) async fn hold(store: &Store) -> Hold {
    store.hold_sender(&telegram()).await.expect("asked").expect("free")
}

pub(crate) async fn hold_of(store: &Store, account: &Account) -> Hold {
    store.hold_sender(account).await.expect("asked").expect("free")
}

/// Leases up to ten for a minute.
pub(crate) async fn lease(store: &Store, hold: &Hold, now: Timestamp) -> Vec<Leased> {
    let until = now + jiff::SignedDuration::from_secs(60);
    store.lease(hold, LeaseTerms::new(10, until), now).await.expect("leased")
}

pub(crate) fn keys(leased: &[Leased]) -> Vec<DeliveryKey> {
    leased.iter().map(|leased| leased.key).collect()
}

/// Where they are reached, in the order of the lease.
pub(crate) fn chats(leased: &[Leased]) -> Vec<&str> {
    leased.iter().map(|leased| leased.address.chat.as_str()).collect()
}

/// Sends all that is leased at `now`, and returns how many.
pub(crate) async fn send_all(store: &Store, hold: &Hold, now: Timestamp) -> usize {
    let leased = lease(store, hold, now).await;
    let marked = store.mark_sending(hold, keys(&leased), now).await.expect("marked");
    let outcomes = marked.iter().map(|key| (*key, sent())).collect();
    store.complete_deliveries(hold, outcomes, now).await.expect("completed");
    marked.len()
}

pub(crate) fn sent() -> DeliveryOutcome {
    DeliveryOutcome::Sent { provider_id: Some("77".to_owned()) }
}

pub(crate) fn failed(gone: bool) -> DeliveryOutcome {
    DeliveryOutcome::Failed { reason: "403".to_owned(), gone }
}

pub(crate) fn unknown() -> DeliveryOutcome {
    DeliveryOutcome::Unknown { reason: "timeout".to_owned() }
}

pub(crate) fn retry(after: i64) -> DeliveryOutcome {
    DeliveryOutcome::Retry { at: seconds(after), reason: "429".to_owned() }
}
