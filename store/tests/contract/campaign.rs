//! Campaigns: who may do what, when, and that nobody does it alone.

use fenghuo_store::{
    Actor, Campaign, CampaignFilter, CampaignId, CampaignKind, CampaignState, Draft, Error,
    OfficialChange, RelayId, Store, Via,
};
use tokio::task::JoinSet;

use crate::fixture::{Fixture, later, noon};
use crate::office::{approved, code, draft, li, materialise, officials, sending, subscribe, wang};

contract! {
    a_campaign_goes_its_way_and_all_of_it_is_in_the_audit_log,
    nobody_approves_what_she_wrote_or_last_edited,
    an_edit_after_the_approval_makes_it_void_and_empties_the_ledger,
    roles_bound_what_an_official_may_do,
    a_verb_in_the_wrong_state_is_refused,
    a_change_decided_on_an_older_version_is_refused,
    of_two_approvals_at_once_one_counts,
    an_emergency_needs_one_approver_and_a_reason,
    the_engine_lets_out_only_what_it_wrote_itself,
    one_official_lets_a_relay_through,
    what_its_issuer_has_changed_is_stopped_before_anybody_was_told,
    an_occasion_becomes_one_campaign_also_when_many_try_at_once,
    an_occasion_passed_over_stays_so,
    a_code_is_given_once,
    an_expired_campaign_goes_nowhere,
    what_follows_needs_something_published,
    campaigns_are_found_by_what_they_are,
}

async fn a_campaign_goes_its_way_and_all_of_it_is_in_the_audit_log(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let created = store.create_campaign(&code(1), draft(), &li(), noon()).await.expect("created");
    assert_eq!((created.state, created.version), (CampaignState::Draft, 1));
    assert_eq!((created.draft.clone(), created.author.as_str()), (draft(), "li"));
    let id = created.id;
    let submitted = store.submit_campaign(id, 1, &li(), noon()).await.expect("submitted");
    let returned = store.return_campaign(id, 2, "太长", &wang(), noon()).await.expect("returned");
    assert_eq!(returned.reason.as_deref(), Some("太长"));
    let shorter = Draft { title: "短".to_owned(), ..draft() };
    let edited = store.edit_campaign(id, 3, shorter.clone(), &li(), noon()).await.expect("edited");
    assert_eq!((edited.state, &edited.draft), (CampaignState::Draft, &shorter));
    store.submit_campaign(id, 4, &li(), noon()).await.expect("submitted");
    let approved = store.approve_campaign(id, 5, "h", &wang(), noon()).await.expect("approved");
    assert_eq!(approved.approver.as_deref(), Some("wang"));
    assert_eq!((approved.approved_hash.as_deref(), approved.approved), (Some("h"), Some(noon())));
    store.schedule_campaign(id, 6, later(1), &wang(), noon()).await.expect("scheduled");
    let sent = store.send_campaign(id, 7, &Actor::engine(), later(1)).await.expect("sending");
    assert_eq!((sent.state, sent.started), (CampaignState::Sending, Some(later(1))));
    store.pause_campaign(id, 8, "错字", &wang(), later(1)).await.expect("paused");
    store.resume_campaign(id, 9, &wang(), later(1)).await.expect("resumed");
    let ended =
        store.cancel_campaign(id, 10, "不发了", &wang(), later(2)).await.expect("cancelled");
    assert_eq!((ended.state, ended.ended), (CampaignState::Cancelled, Some(later(2))));
    assert_eq!(submitted.submitted, Some(noon()));

    let history = store.campaign_history(id).await.expect("read");
    let done: Vec<_> = history.iter().map(|entry| entry.action.as_str()).collect();
    let expected = [
        "create", "submit", "return", "edit", "submit", "approve", "schedule", "send", "pause",
        "resume", "cancel",
    ];
    assert_eq!(done, expected.map(|verb| format!("campaign.{verb}")));
    assert_eq!(
        (history[2].actor.as_str(), history[2].detail.as_str()),
        ("wang", "via=cli reason=太长")
    );
    assert_eq!(history[7].actor, "engine");
    assert!(history[0].detail.starts_with("via=desk"));
    assert_eq!(store.verify_audit().await.expect("read").broken, None);
}

async fn nobody_approves_what_she_wrote_or_last_edited(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    // Wang writes; whichever way she comes, she does not approve it.
    let campaign =
        store.create_campaign(&code(1), draft(), &wang(), noon()).await.expect("created");
    let id = campaign.id;
    store.submit_campaign(id, 1, &li(), noon()).await.expect("submitted");
    for via in [Via::Cli, Via::Desk] {
        let actor = Actor { name: "wang".to_owned(), via };
        let alone = store.approve_campaign(id, 2, "h", &actor, noon()).await;
        assert!(matches!(alone, Err(Error::SamePerson)), "{alone:?}");
    }
    // Sun edits it: now she is out too, and so is its author still. The admin is neither.
    store.edit_campaign(id, 2, draft(), &Actor::desk("sun"), noon()).await.expect("edited");
    store.submit_campaign(id, 3, &li(), noon()).await.expect("submitted");
    for name in ["sun", "wang"] {
        let alone = store.approve_campaign(id, 4, "h", &Actor::desk(name), noon()).await;
        assert!(matches!(alone, Err(Error::SamePerson)), "{alone:?}");
    }
    let unchanged = store.campaign(id).await.expect("asked").expect("there");
    assert_eq!((unchanged.version, unchanged.approver), (4, None));
    store.approve_campaign(id, 4, "h", &Actor::desk("zhao"), noon()).await.expect("a third one");
    // Nor does an admin approve her own.
    let own = store.create_campaign(&code(2), draft(), &Actor::cli("zhao"), noon()).await;
    let own = own.expect("created");
    let zhao = Actor::cli("zhao");
    let own = store.submit_campaign(own.id, own.version, &zhao, noon()).await.expect("submitted");
    let alone = store.approve_campaign(own.id, own.version, "h", &zhao, noon()).await;
    assert!(matches!(alone, Err(Error::SamePerson)), "{alone:?}");
}

async fn an_edit_after_the_approval_makes_it_void_and_empties_the_ledger(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a", "b"], "chengguan").await;
    let first = approved(&store, 1, draft()).await;
    assert_eq!(materialise(&store, &first).await, 2);
    let id = first.id;
    let edited = store.edit_campaign(id, first.version, draft(), &li(), noon()).await;
    let edited = edited.expect("edited");
    assert_eq!((edited.state, edited.approver), (CampaignState::Draft, None));
    assert_eq!((edited.approved_hash, edited.audience_hash), (None, None));
    assert!(!edited.materialised);
    assert_eq!(store.campaign_progress(id).await.expect("read").total(), 0);
    let send = store.send_campaign(id, edited.version, &wang(), noon()).await;
    assert!(matches!(send, Err(Error::WrongState { found: CampaignState::Draft })));
    // The same for a return.
    let again = store.submit_campaign(id, edited.version, &li(), noon()).await.expect("submitted");
    let again = store.approve_campaign(id, again.version, "h", &wang(), noon()).await;
    materialise(&store, &again.expect("approved")).await;
    let found = store.campaign(id).await.expect("asked").expect("there");
    let back = store.return_campaign(id, found.version, "改", &wang(), noon()).await;
    assert_eq!(back.expect("returned").approver, None);
    assert_eq!(store.campaign_progress(id).await.expect("read").total(), 0);
}

async fn roles_bound_what_an_official_may_do(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    for actor in [Actor::desk("ma"), Actor::desk("nobody")] {
        let created = store.create_campaign(&code(1), draft(), &actor, noon()).await;
        assert!(matches!(created, Err(Error::NotAllowed)), "{created:?}");
    }
    let campaign = store.create_campaign(&code(1), draft(), &li(), noon()).await.expect("created");
    let id = campaign.id;
    let zhao = Actor::desk("zhao");
    store.submit_campaign(id, 1, &li(), noon()).await.expect("submitted");
    let other = Actor::desk("li");
    assert!(matches!(
        store.approve_campaign(id, 2, "h", &other, noon()).await,
        Err(Error::NotAllowed)
    ));
    store.approve_campaign(id, 2, "h", &zhao, noon()).await.expect("approved");
    for refused in [
        store.schedule_campaign(id, 3, later(1), &li(), noon()).await,
        store.send_campaign(id, 3, &li(), noon()).await,
        store.return_campaign(id, 3, "x", &li(), noon()).await,
        store.cancel_campaign(id, 3, "x", &li(), noon()).await,
        store.override_campaign(id, 3, "h", "x", &li(), noon()).await,
        store.auto_approve(id, 3, "h", &li(), noon()).await,
    ] {
        assert!(matches!(refused, Err(Error::NotAllowed)), "{refused:?}");
    }
    // Whoever is disabled may nothing, from this moment on.
    let disable = OfficialChange::Disabled(true);
    store.change_official("wang", disable, &zhao, noon()).await.expect("disabled");
    let send = store.send_campaign(id, 3, &wang(), noon()).await;
    assert!(matches!(send, Err(Error::NotAllowed)));
    // An editor may still take back a draft of hers.
    let own = store.create_campaign(&code(2), draft(), &li(), noon()).await.expect("created");
    store.cancel_campaign(own.id, 1, "错", &li(), noon()).await.expect("cancelled");
}

async fn a_verb_in_the_wrong_state_is_refused(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let draft = store.create_campaign(&code(1), draft(), &li(), noon()).await.expect("created");
    let id = draft.id;
    for refused in [
        store.approve_campaign(id, 1, "h", &wang(), noon()).await,
        store.return_campaign(id, 1, "x", &wang(), noon()).await,
        store.schedule_campaign(id, 1, later(1), &wang(), noon()).await,
        store.send_campaign(id, 1, &wang(), noon()).await,
        store.pause_campaign(id, 1, "x", &wang(), noon()).await,
        store.resume_campaign(id, 1, &wang(), noon()).await,
    ] {
        let wrong = matches!(refused, Err(Error::WrongState { found: CampaignState::Draft }));
        assert!(wrong, "{refused:?}");
    }
    store.cancel_campaign(id, 1, "x", &li(), noon()).await.expect("cancelled");
    for refused in [
        store.submit_campaign(id, 2, &li(), noon()).await,
        store.edit_campaign(id, 2, draft.draft.clone(), &li(), noon()).await,
        store.cancel_campaign(id, 2, "x", &li(), noon()).await,
        store.override_campaign(id, 2, "h", "x", &wang(), noon()).await,
    ] {
        let wrong = matches!(refused, Err(Error::WrongState { found: CampaignState::Cancelled }));
        assert!(wrong, "{refused:?}");
    }
    let nowhere = store.submit_campaign(CampaignId::new(99), 1, &li(), noon()).await;
    assert!(matches!(nowhere, Err(Error::NotFound { what: "campaign" })));
}

async fn a_change_decided_on_an_older_version_is_refused(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let campaign = store.create_campaign(&code(1), draft(), &li(), noon()).await.expect("created");
    let id = campaign.id;
    let hers = Draft { body: "她的".to_owned(), ..draft() };
    store.edit_campaign(id, 1, hers.clone(), &Actor::desk("zhao"), noon()).await.expect("edited");
    let mine = Draft { body: "我的".to_owned(), ..draft() };
    for refused in [
        store.edit_campaign(id, 1, mine, &li(), noon()).await,
        store.submit_campaign(id, 1, &li(), noon()).await,
    ] {
        assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
    }
    assert_eq!(store.campaign(id).await.expect("asked").expect("there").draft, hers);
}

async fn of_two_approvals_at_once_one_counts(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let campaign = store.create_campaign(&code(1), draft(), &li(), noon()).await.expect("created");
    let id = campaign.id;
    store.submit_campaign(id, 1, &li(), noon()).await.expect("submitted");
    let (sun, zhao) = (Actor::desk("sun"), Actor::desk("zhao"));
    let (one, other) = tokio::join!(
        store.approve_campaign(id, 2, "h", &sun, noon()),
        store.approve_campaign(id, 2, "h", &zhao, noon()),
    );
    let refused = [&one, &other].into_iter().filter(|r| matches!(r, Err(Error::Stale))).count();
    assert_eq!(refused, 1, "{one:?} {other:?}");
    let history = store.campaign_history(id).await.expect("read");
    assert_eq!(history.len(), 3, "what was refused is not in the log");
}

async fn an_emergency_needs_one_approver_and_a_reason(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let campaign =
        store.create_campaign(&code(1), draft(), &wang(), noon()).await.expect("created");
    let id = campaign.id;
    let silent = store.override_campaign(id, 1, "h", " ", &wang(), noon()).await;
    assert!(matches!(silent, Err(Error::Missing { what: "reason" })));
    let out = store.override_campaign(id, 1, "h", "火场蔓延", &wang(), noon()).await.expect("out");
    assert_eq!((out.state, out.started), (CampaignState::Sending, Some(noon())));
    assert_eq!((out.overridden, out.reason.as_deref()), (true, Some("火场蔓延")));
    assert_eq!((out.author, out.approver), ("wang".to_owned(), Some("wang".to_owned())));
    let later_on = Draft { starts: Some(later(2)), ..draft() };
    let campaign =
        store.create_campaign(&code(2), later_on, &wang(), noon()).await.expect("created");
    let waits = store.override_campaign(campaign.id, 1, "h", "夜里", &wang(), noon()).await;
    assert_eq!(waits.expect("out").state, CampaignState::Scheduled);
    let filter = CampaignFilter { overridden: true, ..CampaignFilter::default() };
    assert_eq!(store.campaigns(&filter).await.expect("listed").len(), 2);
    let history = store.campaign_history(id).await.expect("read");
    assert_eq!(history[1].action, "campaign.override");
    assert!(history[1].detail.contains("火场蔓延"));
}

async fn the_engine_lets_out_only_what_it_wrote_itself(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let engine = Actor::engine();
    let seasonal = |n: u32| Draft {
        document: Some("notices/qingming".to_owned()),
        occasion: Some(format!("notices/qingming {n}")),
        ..draft()
    };
    let create = |n: u32, draft: Draft, actor: Actor| {
        let store = store.clone();
        async move { store.create_campaign(&code(n), draft, &actor, noon()).await.expect("created") }
    };
    let good = create(1, seasonal(1), engine.clone()).await;
    let out = store.auto_approve(good.id, 1, "h", &engine, noon()).await.expect("approved");
    assert_eq!((out.state, out.approver.as_deref()), (CampaignState::Approved, Some("engine")));
    let touched = create(2, seasonal(2), engine.clone()).await;
    store.edit_campaign(touched.id, 1, draft(), &li(), noon()).await.expect("edited");
    for (campaign, version) in [
        (touched.id, 2),
        (create(3, seasonal(3), li()).await.id, 1),
        (create(4, draft(), engine.clone()).await.id, 1),
        (create(5, Draft { kind: CampaignKind::Drill, ..seasonal(5) }, engine.clone()).await.id, 1),
    ] {
        let out = store.auto_approve(campaign, version, "h", &engine, noon()).await;
        assert!(matches!(out, Err(Error::NotAllowed)), "{out:?}");
    }
    // Nor does it approve, return, resume, cancel or release anything in the name of an official.
    let waiting = create(6, draft(), li()).await;
    store.submit_campaign(waiting.id, 1, &li(), noon()).await.expect("submitted");
    for refused in [
        store.approve_campaign(waiting.id, 2, "h", &engine, noon()).await,
        store.return_campaign(waiting.id, 2, "x", &engine, noon()).await,
        store.override_campaign(waiting.id, 2, "h", "x", &engine, noon()).await,
        store.cancel_campaign(waiting.id, 2, "x", &engine, noon()).await,
    ] {
        assert!(matches!(refused, Err(Error::NotAllowed)), "{refused:?}");
    }
}

async fn one_official_lets_a_relay_through(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let relay = |relay| Draft { kind: CampaignKind::Relay, relay, ..draft() };
    for (n, given) in [None, Some(RelayId::new(1))].into_iter().enumerate() {
        let made = store.create_campaign("AAAAAA", relay(given), &wang(), noon()).await;
        let refused = matches!(made, Err(Error::Missing { .. } | Error::NotFound { .. }));
        assert!(refused, "{n}: a relay of nothing would need no second person");
    }
    let warning = crate::publication::relay("one", "Alert", "");
    store.add_relay(&warning, noon()).await.expect("kept");
    let relay = relay(Some(RelayId::new(1)));
    let campaign = store.create_campaign(&code(1), relay.clone(), &wang(), noon()).await;
    let id = campaign.expect("created").id;
    store.submit_campaign(id, 1, &wang(), noon()).await.expect("submitted");
    store.approve_campaign(id, 2, "h", &wang(), noon()).await.expect("a relay needs one");
    let feed = Actor { name: "relay:met".to_owned(), via: Via::Engine };
    let campaign = store.create_campaign(&code(2), relay, &feed, noon()).await.expect("created");
    let out = store.auto_approve(campaign.id, 1, "h", &feed, noon()).await.expect("approved");
    store.send_campaign(out.id, out.version, &feed, noon()).await.expect("sending");
    assert_eq!(
        store.campaign_of_relay(RelayId::new(1)).await.expect("asked").map(|found| found.id),
        Some(campaign.id)
    );
}

async fn what_its_issuer_has_changed_is_stopped_before_anybody_was_told(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let feed = Actor { name: "relay:met".to_owned(), via: Via::Engine };
    store.add_relay(&crate::publication::relay("one", "Alert", ""), noon()).await.expect("kept");
    let relay = Draft { kind: CampaignKind::Relay, relay: Some(RelayId::new(1)), ..draft() };
    let waits = store.create_campaign(&code(1), relay.clone(), &feed, noon()).await.expect("made");
    let viewer = Actor::desk("ma");
    let refused = store.supersede_relay(waits.id, 1, "w2", &viewer, noon()).await;
    assert!(matches!(refused, Err(Error::NotAllowed)), "{refused:?}");
    let stale = store.supersede_relay(waits.id, 7, "w2", &feed, noon()).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    let stopped = store.supersede_relay(waits.id, 1, "w2", &feed, noon()).await.expect("stopped");
    assert_eq!((stopped.state, stopped.reason.as_deref()), (CampaignState::Cancelled, Some("w2")));
    // Also what was approved, by an editor who brings the new one; the audience in the ledger is skipped.
    let ready = approved(&store, 2, relay.clone()).await;
    subscribe(&store, &["a"], "chengguan").await;
    materialise(&store, &ready).await;
    let stopped = store.supersede_relay(ready.id, ready.version, "w2", &li(), noon()).await;
    assert_eq!(stopped.expect("stopped").state, CampaignState::Cancelled);
    // What people were told is never taken back in silence, and no notice of ours at all.
    let told = sending(&store, 3, relay).await;
    let refused = store.supersede_relay(told.id, told.version, "w2", &feed, noon()).await;
    assert!(matches!(refused, Err(Error::WrongState { .. })), "{refused:?}");
    let ours = store.create_campaign(&code(4), draft(), &li(), noon()).await.expect("made");
    let refused = store.supersede_relay(ours.id, 1, "w2", &feed, noon()).await;
    assert!(matches!(refused, Err(Error::NotAllowed)), "{refused:?}");
    let log = store.campaign_history(waits.id).await.expect("listed");
    assert_eq!(log.last().map(|entry| entry.action.as_str()), Some("campaign.supersede"));
}

async fn an_occasion_becomes_one_campaign_also_when_many_try_at_once(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let other = fixture.open().await;
    let occasion = "notices/qingming 2027-04-05".to_owned();
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let store: Store = if n % 2 == 0 { store.clone() } else { other.clone() };
        let draft = Draft { occasion: Some(occasion.clone()), ..draft() };
        tasks.spawn(async move {
            store.create_campaign(&code(n), draft, &Actor::engine(), noon()).await
        });
    }
    let results = tasks.join_all().await;
    let made: Vec<&Campaign> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
    assert_eq!(made.len(), 1);
    for result in &results {
        match result {
            Ok(_) => {}
            Err(Error::OccasionTaken { campaign }) => assert_eq!(*campaign, Some(made[0].id)),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(store.campaigns(&CampaignFilter::default()).await.expect("listed").len(), 1);
    // Not even when that one was cancelled.
    let id = made[0].id;
    store.cancel_campaign(id, 1, "x", &li(), noon()).await.expect("cancelled");
    let draft = Draft { occasion: Some(occasion), ..draft() };
    let again = store.create_campaign(&code(99), draft, &Actor::engine(), noon()).await;
    assert!(matches!(again, Err(Error::OccasionTaken { .. })), "{again:?}");
}

async fn an_occasion_passed_over_stays_so(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let (engine, name) = (Actor::engine(), "notices/a_b%c 2027-04-05");
    assert!(store.skip_occasion(name, "太迟", &engine, noon()).await.expect("noted"));
    assert!(!store.skip_occasion(name, "更迟", &engine, later(1)).await.expect("known"));
    let draft = Draft { occasion: Some(name.to_owned()), ..draft() };
    let made = store.create_campaign(&code(1), draft, &engine, noon()).await;
    assert!(matches!(made, Err(Error::OccasionTaken { campaign: None })), "{made:?}");
    let marks = store.occasions("notices/a_b%").await.expect("listed");
    assert_eq!(marks.len(), 1);
    assert_eq!((marks[0].skipped.as_deref(), marks[0].at), (Some("太迟"), noon()));
    assert!(store.occasions("notices/aXb").await.expect("listed").is_empty());
    let refused = store.skip_occasion("x", "y", &li(), noon()).await;
    assert!(matches!(refused, Err(Error::NotAllowed)), "an editor does not decide that");
}

async fn a_code_is_given_once(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    store.create_campaign("QX7Z4M", draft(), &li(), noon()).await.expect("created");
    let again = store.create_campaign("QX7Z4M", draft(), &li(), noon()).await;
    assert!(matches!(again, Err(Error::Taken { what: "code" })), "{again:?}");
    let found = store.campaign_by_code("QX7Z4M").await.expect("asked").expect("there");
    assert_eq!(found.code, "QX7Z4M");
    assert_eq!(store.campaign_by_code("QX7Z4N").await.expect("asked"), None);
}

async fn an_expired_campaign_goes_nowhere(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let campaign = store.create_campaign(&code(1), draft(), &li(), noon()).await.expect("created");
    let id = campaign.id;
    let over = |result: Result<Campaign, Error>| {
        assert!(
            matches!(result, Err(Error::WrongState { found: CampaignState::Expired })),
            "{result:?}"
        );
    };
    over(store.submit_campaign(id, 1, &li(), later(48)).await);
    store.submit_campaign(id, 1, &li(), noon()).await.expect("submitted");
    over(store.approve_campaign(id, 2, "h", &wang(), later(48)).await);
    store.approve_campaign(id, 2, "h", &wang(), noon()).await.expect("approved");
    let late = store.schedule_campaign(id, 3, later(48), &wang(), noon()).await;
    assert!(matches!(late, Err(Error::Missing { what: "later expiry" })));
    over(store.send_campaign(id, 3, &wang(), later(48)).await);
}

async fn what_follows_needs_something_published(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let first = approved(&store, 1, draft()).await;
    let correction = |refers| Draft { kind: CampaignKind::Correction, refers, ..draft() };
    let create = |n: u32, draft: Draft| {
        let store = store.clone();
        async move { store.create_campaign(&code(n), draft, &li(), noon()).await }
    };
    let alone = create(2, correction(None)).await;
    assert!(matches!(alone, Err(Error::Missing { what: "reference" })));
    let early = create(2, correction(Some(first.id))).await;
    assert!(matches!(early, Err(Error::WrongState { found: CampaignState::Approved })));
    let nowhere = create(2, correction(Some(CampaignId::new(99)))).await;
    assert!(matches!(nowhere, Err(Error::NotFound { .. })));
    let published = sending(&store, 3, draft()).await;
    create(4, correction(Some(published.id))).await.expect("it is published");
}

async fn campaigns_are_found_by_what_they_are(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let named = |title: &str, kind| Draft { title: title.to_owned(), kind, ..draft() };
    let notice = CampaignKind::Notice;
    for (n, draft, actor) in [
        (1, named("100%安全", notice), li()),
        (2, named("冬季取暖", notice), wang()),
        (3, named("演练", CampaignKind::Drill), li()),
        (4, Draft { document: Some("notices/x".into()), ..named("四", notice) }, li()),
    ] {
        store.create_campaign(&code(n), draft, &actor, noon()).await.expect("created");
    }
    store.submit_campaign(CampaignId::new(2), 1, &wang(), noon()).await.expect("submitted");
    let all = CampaignFilter::default;
    for (filter, expected) in [
        (all(), vec![4, 3, 2, 1]),
        (CampaignFilter { states: vec![CampaignState::Submitted], ..all() }, vec![2]),
        (CampaignFilter { kind: Some(CampaignKind::Drill), ..all() }, vec![3]),
        (CampaignFilter { author: Some("wang".into()), ..all() }, vec![2]),
        (CampaignFilter { contains: Some("0%".into()), ..all() }, vec![1]),
        (CampaignFilter { document: Some("notices/x".into()), ..all() }, vec![4]),
        (CampaignFilter { before: Some(CampaignId::new(3)), limit: 1, ..all() }, vec![2]),
    ] {
        let found = store.campaigns(&filter).await.expect("listed");
        let ids: Vec<_> = found.iter().map(|campaign| campaign.id.number()).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
}
