//! What others than the platform send to an official account, and what goes wrong on the way.

use std::io::{Read, Write};
use std::net::TcpStream;

use fenghuo_store::Store;

use crate::support::fixture;
use crate::support::wechat::{APP_ID, Mode, Platform, Post, TOKEN, message, second, sign};

const TEXT: &str = "<MsgType>text</MsgType><Content>油锅着火怎么办</Content><MsgId>1</MsgId>";

fn small(mode: Mode) -> Platform {
    Platform::with(mode, &["--library", &fixture("minimal")])
}

fn get(platform: &Platform, account: &str, query: &[(&str, &str)]) -> (u16, String) {
    let request = platform.app().request("GET", &format!("/in/wechat/{account}")).query(query);
    let answer = request.send().expect("an answer");
    (answer.status().as_u16(), answer.text().expect("text"))
}

#[test]
fn the_address_is_confirmed_to_the_platform_only() {
    for mode in [Mode::Plain, Mode::Safe] {
        let platform = small(mode);
        let ask = |signature: &str, time: &str| {
            let query = [
                ("signature", signature),
                ("timestamp", time),
                ("nonce", "5"),
                ("echostr", "2333"),
            ];
            get(&platform, "main", &query)
        };
        let now = second().to_string();
        assert_eq!(ask(&sign(&[TOKEN, &now, "5"]), &now), (200, "2333".to_owned()));
        assert_eq!(ask(&sign(&["otherToken", &now, "5"]), &now).0, 403);
        assert_eq!(ask("", &now).0, 403);
        let old = (second() - 600).to_string();
        assert_eq!(ask(&sign(&[TOKEN, &old, "5"]), &old).0, 403);
        assert_eq!(get(&platform, "main", &[]).0, 403);
        assert_eq!(get(&platform, "other", &[]).0, 404);
    }
}

#[test]
fn forged_old_and_reused_requests_are_refused_and_leave_nothing() {
    let mut platform = small(Mode::Plain);
    let good = platform.compose("oA", TEXT);
    let status = |post: &Post| platform.post(post).status;
    let with = |name: &str, value: &str| {
        let mut post = good.clone();
        let field = post.query.iter_mut().find(|(key, _)| *key == name).expect("there");
        value.clone_into(&mut field.1);
        post
    };
    assert_eq!(status(&with("signature", "")), 403);
    assert_eq!(status(&with("signature", &"0".repeat(40))), 403);
    assert_eq!(status(&with("nonce", "1")), 403);
    assert_eq!(status(&with("timestamp", "x")), 403);
    assert_eq!(status(&platform.wrap(&message("oA", TEXT), second() - 400)), 403);
    assert_eq!(status(&platform.wrap(&message("oA", TEXT), second() + 4000)), 403);
    assert_eq!(status(&good), 200);
    // Someone who saw that address posts another message with it.
    let stolen = Post { body: message("oB", &TEXT.replace(">1<", ">2<")), ..good.clone() };
    assert_eq!(status(&stolen), 403);
    assert_eq!(status(&good), 200);
    assert_eq!(counts(&mut platform), (1, 0));
}

#[test]
fn in_safe_mode_only_what_is_sealed_for_us_comes_in() {
    let mut platform = small(Mode::Safe);
    let whole = message("oA", TEXT);
    let status = |post: &Post| platform.post(post).status;
    assert_eq!(status(&platform.wrap_for(&whole, second(), "wx0000000000000000")), 403);
    assert_eq!(status(&platform.wrap_for(&whole, second(), "")), 403);
    let good = platform.wrap(&whole, second());
    let open = Post { body: whole.clone(), query: good.query[..3].to_vec() };
    assert_eq!(status(&open), 403, "not sealed");
    let bare = Post { body: whole.clone(), query: good.query.clone() };
    assert_eq!(status(&bare), 403, "said to be sealed");
    let mut damaged = good.clone();
    damaged.body = damaged.body.replacen("CDATA[", "CDATA[A", 2);
    assert_eq!(status(&damaged), 403);
    assert_eq!(status(&good), 200);
    assert_eq!(counts(&mut platform), (1, 0));
}

#[test]
fn hostile_bodies_do_no_harm_and_are_listed() {
    let mut platform = small(Mode::Plain);
    let status = |body: &str| platform.post(&platform.wrap(body, second())).status;
    let bomb =
        "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><xml><Content>&b;</Content></xml>";
    let file =
        "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><xml><Content>&f;</Content></xml>";
    let whole = message("oA", TEXT);
    assert_eq!(status(bomb), 400);
    assert_eq!(status(file), 400);
    assert_eq!(status(&whole[..whole.len() / 2]), 400);
    assert_eq!(status(""), 400);
    assert_eq!(status("{\"MsgType\":\"text\"}"), 400);
    assert_eq!(status(&whole.replace("oA", "o A<b/>")), 400);
    assert_eq!(status(&"<a>".repeat(3_000)), 400);
    assert_eq!(status(&format!("<xml>{}</xml>", "火".repeat(30_000))), 413);
    // Long words and strange characters are a message like any other.
    let long = TEXT.replace("油锅", &"油锅\u{202e}🔥".repeat(900)).replace(">1<", ">2<");
    assert_eq!(status(&message("oB", &long)), 200);
    assert_eq!(status(&whole), 200);
    assert_eq!(counts(&mut platform), (9, 7));
}

#[test]
fn a_body_that_breaks_off_is_no_message() {
    let mut platform = small(Mode::Plain);
    let post = platform.compose("oA", TEXT);
    let query: Vec<String> =
        post.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut stream = TcpStream::connect(platform.app().address()).expect("it listens");
    write!(
        stream,
        "POST /in/wechat/main?{} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{}",
        query.join("&"),
        post.body.len(),
        &post.body[..40]
    )
    .expect("written");
    stream.shutdown(std::net::Shutdown::Write).expect("closed");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("read");
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(platform.read("oA", &platform.post(&post)).is_some());
    assert_eq!(counts(&mut platform), (1, 0));
}

#[test]
fn an_account_that_cannot_work_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("fenghuo.toml");
    let account = format!("[wechat.main]\napp_id = \"{APP_ID}\"\ntoken = \"{TOKEN}\"\n");
    let public = "[server]\npublic_url = \"https://fire.example\"\n";
    for (config, said) in [
        (account.clone(), "public_url"),
        (format!("{public}{account}aes_key = \"short\""), "aes_key"),
        (format!("{public}{}", account.replace(APP_ID, "gh_1")), "app_id"),
        (format!("{public}{account}secret = \"x\""), "secret"),
    ] {
        std::fs::write(&file, config).expect("written");
        let path = file.display().to_string();
        let output = crate::support::run(&["serve", "--config", &path]);
        assert_eq!(output.status.code(), Some(2), "{said}");
        let error = crate::support::stderr(&output);
        assert!(error.contains(said), "{said}: {error}");
    }
}

/// Rows in the inbox once the server has ended: all, and those that could not be read.
fn counts(platform: &mut Platform) -> (u64, u64) {
    let data = platform.stop();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let counts = runtime.block_on(async {
        let store = Store::open(&data.path().join("fenghuo.db")).await.expect("a store");
        let counts = store.inbox_counts().await.expect("counts");
        store.close().await;
        counts
    });
    (counts.total(), counts.unparsed)
}
