//! A `WeChat` official account end to end: the real binary on a simulator of the platform.

use fenghuo_store::{Account, InboxState, Listed, Store, Update};
use tempfile::TempDir;

use crate::support::wechat::{ACCOUNT, Follower, Got, Mode, NOW, Platform, Post};
use crate::support::{fixture, root};

/// What the store in `data` holds, or is to hold, while no server runs on it.
fn store<T>(data: &TempDir, look: impl AsyncFnOnce(Store) -> T) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&data.path().join("fenghuo.db")).await.expect("a store");
        let found = look(store.clone()).await;
        store.close().await;
        found
    })
}

fn account() -> Account {
    Account::new("wechat", "main")
}

fn small(mode: Mode) -> Platform {
    Platform::with(mode, &["--library", &fixture("minimal")])
}

fn text(platform: &Platform, who: &str, words: &str) -> Post {
    let inner = format!(
        "<MsgType>text</MsgType><Content><![CDATA[{words}]]></Content><MsgId>{}</MsgId>",
        platform.number()
    );
    platform.compose(who, &inner)
}

#[test]
fn from_first_hello_to_forgetting() {
    let platform = Platform::start(Mode::Safe);
    let mut resident = Follower::new(&platform, "Ma");
    resident
        .event("subscribe", "", "〈关注〉")
        .say("你好")
        .say("油锅着火怎么办")
        .pick("有用")
        // A guide, with danger in between.
        .event("CLICK", "guide", "〈菜单：遇险指引〉")
        .say("1")
        .say("我家着火了，出不去")
        // A quiz.
        .say("测验")
        .say("1")
        .say("1")
        // A subscription, by the QR code of a township.
        .event("SCAN", "t-chengguan", "〈扫城关镇的二维码〉")
        .pick("家庭")
        .pick("同意")
        .say("免打扰")
        .say("2")
        // A notice that may be forged.
        .say("查证")
        .say("A7K9M2")
        // Leaving.
        .say("忘记我")
        .say("我的订阅")
        .event("unsubscribe", "", "〈取消关注〉");
    insta::assert_snapshot!(resident.log());
}

#[test]
fn the_setup_page_works_step_by_step() {
    let page = std::fs::read_to_string(root().join("docs/OPERATIONS.md")).expect("the page");
    let page = &page[page.find("\n## 微信公众号").expect("its part")..];
    let block = |kind: &str| {
        let start = page.find(&format!("```{kind}\n")).expect(kind) + kind.len() + 4;
        &page[start..start + page[start..].find("```").expect("its end")]
    };
    let library = fixture("minimal");
    let arguments = ["--library", library.as_str()];
    let platform = Platform::configured(Mode::Safe, block("toml"), &arguments);
    assert!(page.contains("https://fire.example/in/wechat/main"));
    let mut resident = Follower::new(&platform, "Sun");
    // Anything that is no entry opens the menu, and so does help.
    let menu = resident.event("CLICK", "help", "帮助").heard().to_owned();
    let entries: serde_json::Value = serde_json::from_str(block("json")).expect("JSON");
    let mut keys = vec!["stop", "quiet", "forget", "t-east", "g-pan"];
    for button in entries["button"].as_array().expect("a list") {
        let entries = button["sub_button"].as_array().expect("a list");
        keys.extend(entries.iter().filter_map(|entry| entry["key"].as_str()));
    }
    assert!(keys.len() > 10);
    for key in keys.into_iter().filter(|key| *key != "help") {
        resident.event("CLICK", key, key);
        assert!(!resident.heard().is_empty() && resident.heard() != menu, "{key}: {menu}");
    }
    for words in ["你好", "油锅着火怎么办", "订阅", "忘记我"] {
        assert!(!resident.say(words).heard().is_empty(), "{words}");
    }
    assert!(resident.say("我家着火了").heard().starts_with("打119"));
}

#[test]
fn a_plain_and_a_mixed_account_answer_as_well() {
    for mode in [Mode::Plain, Mode::Both] {
        let platform = small(mode);
        let mut resident = Follower::new(&platform, "Li");
        resident.say("油锅着火怎么办");
        assert!(resident.heard().contains("关火"), "{}", resident.log());
        resident.say("指引").say("2").say("1");
        assert!(resident.heard().contains('['), "{}", resident.log());
    }
}

#[test]
fn a_repeat_gets_the_stored_bytes_even_after_a_power_cut() {
    let mut platform = small(Mode::Safe);
    let mut posts = Vec::new();
    for (who, words) in [("oA", "油锅着火怎么办"), ("oB", "/quiz"), ("oC", "我家着火了")]
    {
        let post = text(&platform, who, words);
        let got = platform.post(&post);
        assert!(platform.read(who, &got).is_some());
        posts.push((post, got));
    }
    let event = "<MsgType>event</MsgType><Event>CLICK</Event><EventKey>help</EventKey>";
    let event = platform.compose("oD", event);
    posts.push((event.clone(), platform.post(&event)));
    platform.power_cut();
    for (post, got) in &posts {
        assert_eq!(platform.post(post), *got);
    }
    // A repeat sealed and signed anew is the same message.
    let message = crate::support::wechat::message(
        "oE",
        "<MsgType>text</MsgType><Content>你好</Content><MsgId>77</MsgId>",
    );
    let second = crate::support::wechat::second();
    let first = platform.post(&platform.wrap(&message, second));
    assert_eq!(platform.post(&platform.wrap(&message, second + 5)), first);
    let data = platform.stop();
    let counts = store(&data, async |store| store.inbox_counts().await.expect("counts"));
    assert_eq!((counts.total(), counts.answered), (5, 5));
}

#[test]
fn everything_that_is_not_text_is_answered_kindly() {
    let platform = small(Mode::Plain);
    let mut resident = Follower::new(&platform, "Wang");
    let kind = |kind: &str, rest: &str| format!("<MsgType><![CDATA[{kind}]]></MsgType>{rest}");
    resident
        .send(&kind("image", "<PicUrl>u</PicUrl><MediaId>m</MediaId>"), "〈图片〉")
        .send(&kind("voice", "<MediaId>m</MediaId><Format>amr</Format>"), "〈语音〉")
        .send(&kind("video", "<MediaId>m</MediaId>"), "〈视频〉")
        .send(&kind("location", "<Location_X>36.0</Location_X><Label>村口</Label>"), "〈位置〉")
        .send(&kind("link", "<Title>某地着火了</Title><Url>http://x</Url>"), "〈链接〉")
        .send(&kind("hologram", "<Light/>"), "〈全息〉");
    for said in
        ["图片我看不懂", "语音我听不懂", "视频我看不懂", "位置我收不到", "网页链接", "请打字"]
    {
        assert!(resident.log().contains(said), "{said}\n{}", resident.log());
    }
    // What the platform understood of speech counts as typed.
    resident
        .send(&kind("voice", "<Recognition><![CDATA[我家着火了。]]></Recognition>"), "〈语音〉");
    assert!(resident.heard().starts_with("打119"), "{}", resident.heard());
    // Events nobody answers.
    for name in ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "telepathy"] {
        resident.event(name, "x", name);
        assert_eq!(resident.last, None, "{name}");
    }
}

#[test]
fn who_leaves_the_account_is_forgotten() {
    let mut platform = small(Mode::Plain);
    let mut resident = Follower::new(&platform, "Zhao");
    resident.event("subscribe", "qrscene_t-east", "〈扫码关注〉").pick("家庭").pick("同意");
    assert!(resident.heard().contains("东乡"), "{}", resident.log());
    let address = account().address(resident.openid());
    let data = platform.stop();
    let known = store(&data, async |store| store.known(&address).await.expect("counted"));
    assert_eq!((known.subscriptions, known.sessions), (1, 1));
    platform.serve(data, NOW);
    let mut resident = Follower::new(&platform, "Zhao");
    resident.event("unsubscribe", "", "〈取消关注〉");
    assert_eq!(resident.last, None);
    let data = platform.stop();
    assert!(store(&data, async |store| store.known(&address).await.expect("counted")).is_empty());
}

#[test]
fn who_floods_waits_and_danger_never_does() {
    let platform = small(Mode::Plain);
    let who = "oFlood";
    let heard: Vec<Option<String>> = (0..30)
        .map(|_| platform.read(who, &platform.post(&text(&platform, who, "你好"))))
        .collect();
    assert!(heard.iter().any(Option::is_none), "nobody waited");
    let warned = heard.iter().flatten().filter(|text| text.contains("问得太快了")).count();
    assert_eq!(warned, 1);
    let card = platform.read(who, &platform.post(&text(&platform, who, "我家着火了")));
    assert!(card.expect("a card").starts_with("打119"));
}

#[test]
fn two_messages_of_one_person_at_once_are_answered_in_turn() {
    let mut platform = small(Mode::Safe);
    let posts: Vec<Post> = (0..12).map(|_| text(&platform, "oQuick", "油锅着火怎么办")).collect();
    std::thread::scope(|scope| {
        for post in &posts {
            let platform = &platform;
            scope.spawn(move || assert!(platform.read("oQuick", &platform.post(post)).is_some()));
        }
    });
    let data = platform.stop();
    let counts = store(&data, async |store| store.inbox_counts().await.expect("counts"));
    assert_eq!((counts.answered, counts.pending()), (12, 0), "{counts:?}");
}

#[test]
fn what_a_dead_process_left_is_done_and_listed() {
    let mut platform = small(Mode::Plain);
    let mut resident = Follower::new(&platform, "Qian");
    resident.event("subscribe", "qrscene_t-east", "〈扫码关注〉").pick("家庭").pick("同意");
    let address = account().address(resident.openid());
    let data = platform.stop();
    // It came in, and the process died before it was answered.
    store(&data, async |store| {
        let body = format!("{{\"to\":\"{ACCOUNT}\",\"kind\":{{\"text\":\"退订\"}}}}");
        let update = Update { id: "m-left".into(), chat: Some(address.chat.clone()), body };
        let now = NOW.parse().expect("an instant");
        store.receive(&account(), vec![update], now).await.expect("received");
    });
    platform.serve(data, "2026-11-10T09:01:00+08:00");
    // Her next message is answered after it.
    let next = platform.wrap(
        &crate::support::wechat::message(
            &address.chat,
            "<MsgType>text</MsgType><Content>我的订阅</Content><MsgId>9</MsgId>",
        ),
        crate::support::wechat::second() + 60,
    );
    let heard = platform.read(&address.chat, &platform.post(&next)).expect("an answer");
    assert!(heard.contains("哪个乡镇"), "{heard}");
    let data = platform.stop();
    store(&data, async |store| {
        let unknown = store.inbox(Listed::State(InboxState::Unknown), 0, 9).await.expect("rows");
        assert_eq!(unknown.len(), 1, "{unknown:?}");
        assert_eq!(unknown[0].update_id, "m-left");
        assert!(store.subscriber(&address).await.expect("read").is_none());
    });
}

#[test]
fn after_kill_9_every_message_is_answered_or_listed_and_repeats_are_identical() {
    let mut platform = small(Mode::Plain);
    let mut total = 0;
    for round in 0..4 {
        let posts: Vec<(String, Post)> = (0..16)
            .map(|number| {
                let who = format!("oKill{round}x{number}");
                let post = text(&platform, &who, "油锅着火怎么办");
                (who, post)
            })
            .collect();
        total += posts.len();
        let firsts = race(&platform, &posts, round * 4);
        platform.power_cut();
        for ((who, post), first) in posts.iter().zip(firsts) {
            let again = platform.post(post);
            assert!(platform.read(who, &again).is_some());
            if let Some(first) = first {
                assert_eq!(again, first, "{who}");
            }
        }
    }
    let data = platform.stop();
    let counts = store(&data, async |store| store.inbox_counts().await.expect("counts"));
    assert_eq!(counts.pending(), 0, "{counts:?}");
    assert_eq!(counts.answered + counts.unknown, u64::try_from(total).expect("few"), "{counts:?}");
}

/// Posts all at once and ends the server as a power cut would when `point` of them have been answered.
fn race(platform: &Platform, posts: &[(String, Post)], point: usize) -> Vec<Option<Got>> {
    let (told, heard) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let send = |post| {
            let told = told.clone();
            scope.spawn(move || {
                let got = platform.try_post(post);
                told.send(()).expect("somebody listens");
                got
            })
        };
        let sent: Vec<_> = posts.iter().map(|(_, post)| send(post)).collect();
        for _ in 0..point {
            heard.recv().expect("an answer");
        }
        platform.app().cut();
        sent.into_iter().map(|thread| thread.join().expect("it ended")).collect()
    })
}
