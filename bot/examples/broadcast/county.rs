//! A county of subscribers and a campaign that two people have approved.

use std::collections::BTreeMap;
use std::time::SystemTime;

use fenghuo_bot::broadcast::{Reader, Rendered, TextFault, Texts};
use fenghuo_store::{
    Account, Actor, Audience, Campaign, CampaignId, CampaignKind, Change, Draft, LeaveToken,
    OfficialRole, Store, SubscriberId, Subscription, UnknownPolicy,
};
use jiff::{SignedDuration, Timestamp};

pub(super) fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap()
}

/// So many people follow `account`.
pub(super) async fn follow(store: &Store, account: &Account, recipients: u32) {
    let subscription = || Subscription {
        region: "town".to_owned(),
        role: Some("home".to_owned()),
        language: "zh".to_owned(),
        quiet: None,
    };
    let chats: Vec<u32> = (0..recipients).collect();
    for chunk in chats.chunks(2000) {
        let subscribe = |chat: &u32| Change::Subscribe {
            id: SubscriberId::from_bits(rand::random()),
            leave: LeaveToken::from_bits(rand::random()),
            address: account.address(format!("{chat}@fire.example")),
            subscription: subscription(),
        };
        store.apply(chunk.iter().map(subscribe).collect(), now()).await.unwrap();
    }
}

pub(super) async fn approve(store: &Store) -> CampaignId {
    let console = Actor::cli("console");
    store.add_official("ma", OfficialRole::Editor, "-", &console, now()).await.unwrap();
    store.add_official("li", OfficialRole::Approver, "-", &console, now()).await.unwrap();
    let (ma, li) = (Actor::cli("ma"), Actor::cli("li"));
    let draft = Draft {
        kind: CampaignKind::Notice,
        title: "冬季防火提示".to_owned(),
        body: "睡前关火、关电、关气。".to_owned(),
        overrides: BTreeMap::new(),
        audience: Audience::default(),
        urgent: false,
        policy: UnknownPolicy::Never,
        expires: now() + SignedDuration::from_hours(24),
        starts: None,
        document: None,
        occasion: None,
        refers: None,
        relay: None,
    };
    let made = store.create_campaign("BENCH2", draft, &ma, now()).await.unwrap();
    let made = store.submit_campaign(made.id, made.version, &ma, now()).await.unwrap();
    let made = store.approve_campaign(made.id, made.version, "-", &li, now()).await.unwrap();
    store.send_campaign(made.id, made.version, &li, now()).await.unwrap().id
}

/// The words of the draft.
pub(super) struct Words;

impl Texts for Words {
    async fn render(&self, campaign: &Campaign, _: &Reader) -> Result<Rendered, TextFault> {
        let text = campaign.draft.body.clone();
        Ok(Rendered {
            title: campaign.draft.title.clone(),
            plain: text.clone(),
            markdown: text.clone(),
            html: text,
            link: String::new(),
            code: campaign.code.clone(),
            expires: campaign.draft.expires,
        })
    }
}
