//! Out of one database and into another: nothing is lost, nothing is mixed, damage is noticed.

use std::path::{Path, PathBuf};

use fenghuo_store::{
    BoardFigure, Bounce, Bounced, CampaignId, Change, Completion, ConfirmToken, Deed,
    DeliveryFilter, DeskToken, Draft, Error, LeaveToken, Outcome, Quiet, Scrubbed, Store,
    SubscriberId, Subscription, Update,
};
use tempfile::TempDir;

use crate::fixture::{Fixture, at, claim, later, noon, receive, telegram, update};
use crate::office::{approved, draft, hold, id_of, li, officials, send_all, sending, subscribe};
use crate::publication::relay;

contract! {
    a_dump_restored_into_a_file_and_dumped_again_is_the_same,
    a_copy_into_the_other_kind_of_database_and_back_is_the_same,
    a_target_with_rows_is_refused,
    a_damaged_or_cut_off_dump_is_refused_whole,
    a_dump_never_overwrites_a_file,
    a_healthy_database_verifies,
    numbers_go_on_after_a_restore,
    the_number_of_one_who_left_is_not_given_again_after_a_restore,
    a_campaign_goes_on_where_it_was_after_a_restore,
    nothing_is_copied_from_under_a_server,
    a_copy_of_a_file_made_under_load_is_restored_into_either_kind,
}

/// Something in every table, with texts that are hard to carry.
async fn fill(store: &Store) {
    let address = telegram().address("4711");
    let quiet = Some(Quiet { from: 1320, until: 420 });
    let region = "chengguan".to_owned();
    let wanted = Subscription { region, role: None, language: "zh".to_owned(), quiet };
    let changes = vec![
        Change::SaveSession { id: address.session(), state: "{\"引\":\"\\\"\n\\\"\"}".to_owned() },
        Change::FileGap { question: Scrubbed::of("无人机能灭火吗"), key: "k".to_owned() },
        Change::RecordFeedback { doc: "a/b".into(), section: "c".into(), helpful: true },
        Change::Subscribe {
            id: SubscriberId::from_bits(1),
            leave: LeaveToken::from_bits(2),
            address: address.clone(),
            subscription: wanted.clone(),
        },
    ];
    store.apply(changes, noon()).await.expect("applied");
    let token = ConfirmToken::from_bits(3);
    store.request_confirmation(&token, &address, &wanted, later(1)).await.expect("kept");
    let hold = store.hold(&telegram()).await.expect("asked").expect("free");
    let hostile = Update { body: "👩‍🚒\u{2028}\u{1}'\"\\".to_owned(), ..update("h", "b") };
    store.receive_polled(&hold, vec![hostile], 5, noon()).await.expect("received");
    // More than one page.
    receive(store, &vec!["a"; 2100]).await;
    for claimed in claim(store, noon()).await {
        let reply = Completion { reply: vec!["一\n二".to_owned()], ..Completion::default() };
        store.complete(&claimed, reply, noon()).await.expect("completed");
        store.finish(&claimed, Outcome::Sent, noon()).await.expect("finished");
    }
    store.let_go(&hold).await.expect("let go");
    fill_broadcast(store).await;
    for n in 0..3 {
        let deed = Deed {
            actor: "wang".to_owned(),
            action: "test".to_owned(),
            subject: n.to_string(),
            detail: "详情".to_owned(),
        };
        store.audit(deed, noon()).await.expect("written");
    }
}

/// A campaign that is half sent, a second one that is not, and all that stands around them.
async fn fill_broadcast(store: &Store) {
    officials(store).await;
    let token = DeskToken::from_bits(1);
    store.open_desk_session(&token, "li", "csrf", later(1)).await.expect("opened");
    subscribe(store, &["gone", "there"], "chengguan").await;
    let occasion = Some("notices/qingming 2027".to_owned());
    sending(store, 1, Draft { occasion, ..draft() }).await;
    let hold = hold(store).await;
    assert_eq!(send_all(store, &hold, noon()).await, 3);
    store.let_go(&hold).await.expect("let go");
    approved(store, 2, draft()).await;
    let report = store.record_bounce(&id_of("there"), "r", Bounce::Soft, noon()).await;
    assert_eq!(report.expect("noted"), Bounced::Counted(1));
    store.forget(&telegram().address("gone"), noon()).await.expect("forgotten");
    let account = telegram();
    store.take_quota(&account, ("mass", "2026-12"), 1, 4).await.expect("taken");
    store.add_relay(&relay("one", "Alert", ""), noon()).await.expect("kept");
    let figure = BoardFigure {
        board: "boards/hydrants".to_owned(),
        region: "chengguan".to_owned(),
        date: jiff::civil::date(2026, 11, 1),
        value: "12.5".to_owned(),
        note: "注".to_owned(),
    };
    store.add_board_entries(vec![figure], &li(), noon()).await.expect("entered");
    store
        .count_views(&[("/".to_owned(), 3)], &[("chengguan".to_owned(), 2)], noon())
        .await
        .expect("counted");
    let told = ("checklists/farmstay", "chengguan", "low");
    assert!(store.record_self_check("1", told, noon()).await.expect("told"));
    store.screen_seen("chengguan", "hall", noon()).await.expect("seen");
    store
        .acknowledge(CampaignId::new(1), "chengguan", "loudspeaker", &li(), noon())
        .await
        .expect("noted");
    store.record_coverage(noon()).await.expect("counted");
}

async fn dump(store: &Store, path: &Path) -> Vec<u8> {
    store.dump(path).await.expect("dumped");
    std::fs::read(path).expect("a file")
}

fn folder() -> (TempDir, impl Fn(&str) -> PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let base = folder.path().to_owned();
    (folder, move |name: &str| base.join(name))
}

async fn a_dump_restored_into_a_file_and_dumped_again_is_the_same(fixture: Fixture) {
    let (_folder, path) = folder();
    let store = fixture.open().await;
    fill(&store).await;
    let first = dump(&store, &path("first.jsonl")).await;
    let other = Store::open(&path("other.db")).await.expect("opened");
    let counts = other.restore(&path("first.jsonl"), &path("scratch")).await.expect("restored");
    assert!(counts.iter().all(|(_, rows)| *rows > 0), "{counts:?}");
    let second = dump(&other, &path("second.jsonl")).await;
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
    let verified = other.verify(noon()).await.expect("verified");
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);
    assert_eq!((verified.audit.entries, verified.tables), (17, counts));
}

/// The other kind of database than the fixture's, empty; `None` without a server.
async fn other_kind(fixture: &Fixture, path: &Path) -> Option<Store> {
    if !fixture.is_file() {
        return Some(Store::open(path).await.expect("opened"));
    }
    let fixture = Fixture::server(&format!("{}", path.display())).await?;
    Some(fixture.open().await)
}

async fn a_copy_into_the_other_kind_of_database_and_back_is_the_same(fixture: Fixture) {
    let (_folder, path) = folder();
    let Some(there) = other_kind(&fixture, &path("there.db")).await else { return };
    let filler = fixture.open().await;
    fill(&filler).await;
    // Having claimed made it a server, which copying refuses.
    filler.close().await;
    let store = fixture.open().await;
    let counts = store.copy_to(&there).await.expect("copied");
    let back = Store::open(&path("back.db")).await.expect("opened");
    assert_eq!(there.copy_to(&back).await.expect("copied back"), counts);
    let first = dump(&store, &path("first.jsonl")).await;
    let second = dump(&back, &path("second.jsonl")).await;
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
}

async fn a_target_with_rows_is_refused(fixture: Fixture) {
    let (_folder, path) = folder();
    let store = fixture.open().await;
    store.file_gap(&Scrubbed::of("问"), "问", noon()).await.expect("filed");
    dump(&store, &path("a.jsonl")).await;
    let restored = store.restore(&path("a.jsonl"), &path("scratch")).await;
    assert!(matches!(restored, Err(Error::NotEmpty { table: "gap" })), "{restored:?}");
    let other = Store::open(&path("other.db")).await.expect("opened");
    let copied = other.copy_to(&store).await;
    assert!(matches!(copied, Err(Error::NotEmpty { .. })), "{copied:?}");
    assert_eq!(store.gaps().await.expect("gaps").len(), 1);
}

async fn a_damaged_or_cut_off_dump_is_refused_whole(fixture: Fixture) {
    let (_folder, path) = folder();
    let source = Store::open(&path("source.db")).await.expect("opened");
    fill(&source).await;
    let good = String::from_utf8(dump(&source, &path("good.jsonl")).await).expect("text");
    let (head, rest) = good.split_once('\n').expect("lines");
    let last = good.trim_end().rfind('\n').expect("lines");
    let store = fixture.open().await;
    for (name, text) in [
        ("empty", String::new()),
        ("letter", "你好\n".to_owned()),
        ("cut off", good[..last + 1].to_owned()),
        ("cut in a line", good.chars().take(good.chars().count() / 2).collect()),
        ("changed", good.replacen("chengguan", "qilihe", 1)),
        ("a line less", good.replacen("{\"table\":\"gap\"", "{\"table\":\"gaps\"", 1)),
        ("newer", format!("{}\n{rest}", head.replace("\"schema\":", "\"schema\":9"))),
        ("twice", format!("{good}{good}")),
        ("foreign", head.replace("fenghuo-store", "other") + "\n"),
    ] {
        let file = path("bad.jsonl");
        std::fs::write(&file, text).expect("written");
        let restored = store.restore(&file, &path("scratch")).await;
        assert!(matches!(restored, Err(Error::Backup { .. })), "{name}: {restored:?}");
        assert_eq!(store.inbox_counts().await.expect("counts").total(), 0, "{name}");
    }
    store.restore(&path("good.jsonl"), &path("scratch")).await.expect("the good one");
}

async fn a_dump_never_overwrites_a_file(fixture: Fixture) {
    let (_folder, path) = folder();
    let store = fixture.open().await;
    std::fs::write(path("precious"), "precious").expect("written");
    assert!(matches!(store.dump(&path("precious")).await, Err(Error::File { .. })));
    assert!(matches!(store.dump(&path("no/such/folder")).await, Err(Error::File { .. })));
    assert_eq!(std::fs::read(path("precious")).expect("there"), b"precious");
}

async fn a_healthy_database_verifies(fixture: Fixture) {
    let store = fixture.open().await;
    fill(&store).await;
    let verified = store.verify(noon()).await.expect("verified");
    assert!(verified.findings.is_empty(), "{:?}", verified.findings);
    let days_later = store.verify(at("2026-12-01T00:00:00Z")).await.expect("verified");
    assert!(!days_later.findings.is_empty(), "nothing was erased in time");
    store.purge(at("2026-12-01T00:00:00Z")).await.expect("purged");
    let purged = store.verify(at("2026-12-01T00:00:00Z")).await.expect("verified");
    assert!(purged.findings.is_empty(), "{:?}", purged.findings);
}

async fn numbers_go_on_after_a_restore(fixture: Fixture) {
    let (_folder, path) = folder();
    let source = Store::open(&path("source.db")).await.expect("opened");
    receive(&source, &["a", "b", "c"]).await;
    dump(&source, &path("a.jsonl")).await;
    let store = fixture.open().await;
    store.restore(&path("a.jsonl"), &path("scratch")).await.expect("restored");
    let received = store.receive(&telegram(), vec![update("9", "d")], noon()).await;
    assert_eq!(received.expect("received")[0].row, 4);
}

async fn the_number_of_one_who_left_is_not_given_again_after_a_restore(fixture: Fixture) {
    let (_folder, path) = folder();
    let source = Store::open(&path("source.db")).await.expect("opened");
    officials(&source).await;
    subscribe(&source, &["a", "b"], "chengguan").await;
    let campaign = sending(&source, 1, draft()).await;
    source.forget(&telegram().address("b"), noon()).await.expect("forgotten");
    dump(&source, &path("a.jsonl")).await;
    let store = fixture.open().await;
    store.restore(&path("a.jsonl"), &path("scratch")).await.expect("restored");
    subscribe(&store, &["stranger"], "chengguan").await;
    let rows = store.deliveries(campaign.id, DeliveryFilter::All, 0, 9).await.expect("listed");
    assert_eq!(rows.iter().map(|row| row.recipient).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(rows[1].subscriber, None, "a stranger got her number, and with it her messages");
}

async fn a_campaign_goes_on_where_it_was_after_a_restore(fixture: Fixture) {
    let (_folder, path) = folder();
    let source = Store::open(&path("source.db")).await.expect("opened");
    officials(&source).await;
    subscribe(&source, &["a", "b", "c"], "chengguan").await;
    let campaign = sending(&source, 1, draft()).await;
    let old = hold(&source).await;
    let leased = crate::office::lease(&source, &old, noon()).await;
    source.mark_sending(&old, crate::office::keys(&leased[..1]), noon()).await.expect("marked");
    dump(&source, &path("a.jsonl")).await;
    let store = fixture.open().await;
    store.restore(&path("a.jsonl"), &path("scratch")).await.expect("restored");
    let Some(new) = store.hold_sender(&telegram()).await.expect("asked") else {
        panic!("whoever held it there is not here");
    };
    let back = store.recover_deliveries(&new, false, noon()).await.expect("recovered");
    assert_eq!((back.requeued, back.unknown), (2, 1));
    assert_eq!(send_all(&store, &new, noon()).await, 2);
    let frozen = (campaign.audience_count.expect("set"), campaign.audience_hash.expect("set"));
    assert_eq!(store.recount_audience(campaign.id).await.expect("counted"), frozen);
}

async fn nothing_is_copied_from_under_a_server(fixture: Fixture) {
    let (_folder, path) = folder();
    let server = fixture.open().await;
    let lock = server.lock().await.expect("locked");
    let target = Store::open(&path("target.db")).await.expect("opened");
    let store = fixture.open().await;
    let copied = store.copy_to(&target).await;
    assert!(matches!(copied, Err(Error::Served { .. })), "{copied:?}");
    drop(lock);
    server.close().await;
    store.copy_to(&target).await.expect("copied");
}

async fn a_copy_of_a_file_made_under_load_is_restored_into_either_kind(fixture: Fixture) {
    let (_folder, path) = folder();
    let server = Store::open(&path("source.db")).await.expect("opened");
    let _lock = server.lock().await.expect("locked");
    let load = {
        let server = server.clone();
        tokio::spawn(async move {
            for n in 0..200 {
                let both = vec![update(&format!("{n}a"), "a"), update(&format!("{n}b"), "b")];
                server.receive(&telegram(), both, noon()).await.expect("received");
            }
        })
    };
    let command = Store::open(&path("source.db")).await.expect("opened");
    assert!(command.copy_file(&path("copy.db")).await.expect("copied"));
    load.await.expect("no panic");
    let store = fixture.open().await;
    let counts = store.restore(&path("copy.db"), &path("scratch")).await.expect("restored");
    let rows = store.inbox_counts().await.expect("counts").total();
    assert!(counts.contains(&("inbox", rows)));
    assert_eq!(rows % 2, 0, "a batch is there whole or not at all");
    assert!(!path("scratch/restoring").exists());
    let damaged = std::fs::read(path("copy.db")).expect("read");
    std::fs::write(path("damaged.db"), &damaged[..damaged.len() / 2]).expect("written");
    let other = Store::open(&path("other.db")).await.expect("opened");
    other.restore(&path("damaged.db"), &path("scratch")).await.expect_err("damaged");
    assert_eq!(other.inbox_counts().await.expect("counts").total(), 0);
}
