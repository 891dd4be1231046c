//! What was published, what follows it, and the warnings of others.

use fenghuo_store::{
    Campaign, CampaignKind, Draft, Publication, PublicationFilter, Relay, RelayAdded, RelayId,
    Store,
};

use crate::fixture::{Fixture, later, noon, seconds};
use crate::office::{approved, code, draft, officials, sending, wang};

contract! {
    a_campaign_is_published_when_it_begins_even_to_nobody,
    what_has_expired_is_not_current,
    a_withdrawal_and_a_correction_are_seen_on_what_they_refer_to,
    a_cancel_of_the_issuer_withdraws_our_relay,
    a_relay_is_kept_byte_for_byte_and_once,
    the_chain_of_a_relay_follows_references_both_ways,
}

/// A message of the weather office.
pub(crate) fn relay(identifier: &str, msg_type: &str, references: &str) -> Relay {
    Relay {
        identifier: identifier.to_owned(),
        sender: "met@example.cn".to_owned(),
        sent: "2026-11-23T12:00:00+08:00".to_owned(),
        msg_type: msg_type.to_owned(),
        references: references.to_owned(),
        raw: b"<?xml version=\"1.0\"?>\r\n<alert>\xff\x00</alert>".to_vec(),
        issuer: "气象局".to_owned(),
        title: "大风".to_owned(),
        effective: Some(noon()),
        expires: Some(later(6)),
        source: "file".to_owned(),
    }
}

async fn current(store: &Store, hours: i64) -> Vec<String> {
    let filter =
        PublicationFilter { current_at: Some(later(hours)), ..PublicationFilter::default() };
    let found = store.publications(&filter).await.expect("listed");
    found.into_iter().map(|publication| publication.code).collect()
}

async fn published(store: &Store, campaign: &Campaign) -> Publication {
    store.publication(&campaign.code).await.expect("asked").expect("published")
}

async fn a_campaign_is_published_when_it_begins_even_to_nobody(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let campaign = approved(&store, 1, draft()).await;
    assert_eq!(store.publication(&code(1)).await.expect("asked"), None);
    assert!(current(&store, 1).await.is_empty());
    let (id, version) = (campaign.id, campaign.version);
    store.send_campaign(id, version, &wang(), seconds(5)).await.expect("sending");
    let found = published(&store, &campaign).await;
    assert_eq!((found.campaign, found.issued, found.expires), (id, seconds(5), later(48)));
    assert_eq!((found.title, found.body), (draft().title, draft().body));
    assert_eq!((found.refers, found.withdrawn, found.corrected), (None, None, None));
    assert_eq!(current(&store, 1).await, [code(1)]);
}

async fn what_has_expired_is_not_current(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    sending(&store, 1, draft()).await;
    sending(&store, 2, Draft { expires: later(2), kind: CampaignKind::Drill, ..draft() }).await;
    assert_eq!(current(&store, 1).await, [code(2), code(1)]);
    assert_eq!(current(&store, 2).await, [code(1)]);
    assert!(current(&store, -1).await.is_empty(), "not yet");
    let all = store.publications(&PublicationFilter::default()).await.expect("listed");
    assert_eq!(all.len(), 2, "they are still found by their code");
    let drills = PublicationFilter { kind: Some(CampaignKind::Drill), ..Default::default() };
    assert_eq!(store.publications(&drills).await.expect("listed").len(), 1);
    let older = PublicationFilter { before: Some(all[0].campaign), ..Default::default() };
    assert_eq!(store.publications(&older).await.expect("listed")[0].code, code(1));
}

async fn a_withdrawal_and_a_correction_are_seen_on_what_they_refer_to(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let first = sending(&store, 1, draft()).await;
    let follow = |kind, refers: &Campaign| Draft { kind, refers: Some(refers.id), ..draft() };
    let correction = sending(&store, 2, follow(CampaignKind::Correction, &first)).await;
    let withdrawal = approved(&store, 3, follow(CampaignKind::Withdrawal, &correction)).await;
    assert_eq!(published(&store, &correction).await.withdrawn, None, "not before it is out");
    let (id, version) = (withdrawal.id, withdrawal.version);
    store.send_campaign(id, version, &wang(), noon()).await.expect("sending");
    let found = published(&store, &first).await;
    assert_eq!((found.withdrawn, found.corrected), (None, Some(code(2))));
    let found = published(&store, &correction).await;
    assert_eq!((found.refers, found.withdrawn), (Some(code(1)), Some(code(3))));
    for n in 1..=3 {
        let chain = store.publication_chain(&code(n)).await.expect("asked");
        let codes: Vec<_> = chain.into_iter().map(|publication| publication.code).collect();
        assert_eq!(codes, [code(1), code(2), code(3)]);
    }
    sending(&store, 4, draft()).await;
    assert_eq!(store.publication_chain(&code(4)).await.expect("asked").len(), 1);
    assert!(store.publication_chain("NOBODY").await.expect("asked").is_empty());
}

async fn a_cancel_of_the_issuer_withdraws_our_relay(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let mut first = None;
    for (n, identifier, msg_type) in
        [(1, "one", "Alert"), (2, "two", "Update"), (3, "three", "Cancel")]
    {
        let added = store.add_relay(&relay(identifier, msg_type, ""), noon()).await.expect("kept");
        let RelayAdded::New(id) = added else { panic!("new") };
        let draft = Draft { kind: CampaignKind::Relay, relay: Some(id), refers: first, ..draft() };
        let campaign = sending(&store, n, draft).await;
        first = first.or(Some(campaign.id));
        let found = store.publication(&code(1)).await.expect("asked").expect("published");
        let expected = match n {
            1 => (None, None),
            2 => (None, Some(code(2))),
            _ => (Some(code(3)), Some(code(2))),
        };
        assert_eq!((found.withdrawn, found.corrected), expected);
    }
}

async fn a_relay_is_kept_byte_for_byte_and_once(fixture: Fixture) {
    let store = fixture.open().await;
    let one = relay("one", "Alert", "");
    let RelayAdded::New(id) = store.add_relay(&one, noon()).await.expect("kept") else {
        panic!("new")
    };
    let again = store.add_relay(&one, later(1)).await.expect("known");
    assert_eq!(again, RelayAdded::Known(id));
    let kept = store.relay(id).await.expect("asked").expect("there");
    assert_eq!((&kept.relay, kept.received), (&one, noon()));
    let found = store.relay_with(&one.sender, "one", &one.sent).await.expect("asked");
    assert_eq!(found.as_ref(), Some(&kept));
    assert_eq!(store.relay_with(&one.sender, "two", &one.sent).await.expect("asked"), None);
    let later_one = Relay { sent: "2026-11-23T13:00:00+08:00".to_owned(), ..one };
    store.add_relay(&later_one, noon()).await.expect("kept");
    assert_eq!(store.relay_named("one").await.expect("listed").len(), 2);
    assert_eq!(store.relay(RelayId::new(99)).await.expect("asked"), None);
    assert_eq!(store.relays(1).await.expect("listed")[0].relay, later_one);
}

async fn the_chain_of_a_relay_follows_references_both_ways(fixture: Fixture) {
    let store = fixture.open().await;
    let name = |identifier: &str| format!("met@example.cn,{identifier},2026-11-23T12:00:00+08:00");
    let both = format!("{} {}", name("one"), name("two"));
    let mut ids = Vec::new();
    for (identifier, references) in [
        ("one", String::new()),
        ("other", String::new()),
        ("two", name("one")),
        ("three", both),
        ("unrelated", name("nobody")),
    ] {
        let added = store.add_relay(&relay(identifier, "Update", &references), noon()).await;
        let RelayAdded::New(id) = added.expect("kept") else { panic!("new") };
        ids.push(id);
    }
    for start in [ids[0], ids[2], ids[3]] {
        let chain = store.relay_chain(start).await.expect("asked");
        let found: Vec<_> = chain.iter().map(|relay| relay.id).collect();
        assert_eq!(found, [ids[0], ids[2], ids[3]]);
    }
    assert_eq!(store.relay_chain(ids[1]).await.expect("asked").len(), 1);
}
