//! The engine with the Telegram sender against the fake Bot API.

use std::num::NonZeroU32;
use std::time::Duration;

use fenghuo_bot::{TelegramAccount, TelegramMode};
use fenghuo_store::{CampaignState, DeliveryFilter, DeliveryState};

use super::county::{County, telegram};
use crate::support::bot_api::{BotApi, Fail, TOKEN};

pub(super) fn account(api: &BotApi, rate: u32) -> TelegramAccount {
    TelegramAccount {
        name: "main".to_owned(),
        token: TOKEN.to_owned(),
        mode: TelegramMode::Polling,
        api_url: Some(api.url()),
        rate: NonZeroU32::new(rate),
    }
}

fn chats(count: i64) -> impl Iterator<Item = String> {
    (1..=count).map(|chat| chat.to_string())
}

#[test]
fn whatever_telegram_answers_everybody_gets_it_once_or_is_listed() {
    let (county, api) = (County::new(), BotApi::start());
    county.follow(&telegram(), chats(120));
    let tried = std::sync::Mutex::new(std::collections::HashSet::new());
    api.gather(move |arrival| {
        // Each of them fails once, in its own way.
        let first = tried.lock().expect("not poisoned").insert(arrival.chat);
        match arrival.chat {
            10 if first => Some(Fail::TooMany(1)),
            20 => Some(Fail::Blocked),
            30 if first => Some(Fail::Migrate(-1_001_234_567_890)),
            40 => Some(Fail::BadGatewayAfterDelivery),
            50 => Some(Fail::ResetMidReply),
            60 => Some(Fail::UnknownFields),
            70 => Some(Fail::Slow(Duration::from_millis(700))),
            80 => Some(Fail::BadGateway),
            _ => None,
        }
    });
    let id = county.send(|_| {});
    let running = county.run(|it| it.telegram(&account(&api, 100)).expect("TLS"));
    let progress = county.end(id);
    running.stop();
    // 502 tells nothing about whether it arrived, nor does an answer that breaks off.
    assert_eq!((progress.sent, progress.failed, progress.unknown), (116, 1, 3), "{progress:?}");
    let delivered = api.crowd(|crowd| crowd.delivered());
    assert!(delivered.values().all(|count| *count == 1), "{delivered:?}");
    assert_eq!(delivered.get(&-1_001_234_567_890), Some(&1));
    assert!(!delivered.contains_key(&20) && !delivered.contains_key(&80));
    let listed = DeliveryFilter::State(DeliveryState::Unknown);
    let listed = county.block_on(county.store.deliveries(id, listed, 0, 9)).expect("listed");
    assert_eq!(listed.len(), 3);
    assert!(listed.iter().all(|row| row.reason.is_some()), "{listed:?}");
    let her = county.block_on(county.store.subscriber(&telegram().address("20")));
    assert!(!her.expect("read").expect("there").active);
    assert!(api.crowd(|crowd| crowd.densest(Duration::from_secs(1))) <= 100);
    api.assert_no_faults();
}

#[test]
fn a_text_telegram_cannot_read_pauses_the_campaign() {
    let (county, api) = (County::new(), BotApi::start());
    county.follow(&telegram(), chats(100));
    api.gather(|_| Some(Fail::BadText));
    let id = county.send(|_| {});
    let running = county.run(|it| it.telegram(&account(&api, 30)).expect("TLS"));
    county.wait(id, "paused", |state, _| state == CampaignState::Paused);
    running.stop();
    assert!(api.crowd(|crowd| crowd.arrivals.len()) < 10);
    assert_eq!(county.progress(id).pending(), 100);
}

#[test]
fn while_telegram_cannot_be_reached_nothing_is_lost() {
    let county = County::new();
    county.follow(&telegram(), chats(30));
    let id = county.send(|_| {});
    let away = TelegramAccount {
        api_url: Some("http://127.0.0.1:1".into()),
        ..account(&BotApi::start(), 50)
    };
    let running = county.run(|it| it.telegram(&away).expect("TLS"));
    county.wait(id, "in trouble", |_, progress| progress.retry >= 1);
    running.stop();
    let api = BotApi::start();
    api.gather(|_| None);
    let running = county.run(|it| it.telegram(&account(&api, 50)).expect("TLS"));
    assert_eq!(county.end(id).sent, 30);
    running.stop();
    let delivered = api.crowd(|crowd| crowd.delivered());
    assert!(delivered.len() == 30 && delivered.values().all(|count| *count == 1));
}
