//! The official account without a database: danger is answered, everything else is asked for again.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use fenghuo_bot::{BotState, Clock, Limits, WeChat, WeChatAccount};
use fenghuo_site::Current;
use fenghuo_store::Store;
use sha1::{Digest, Sha1};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::fixture::{now, world};

#[tokio::test]
async fn a_database_that_fails_never_silences_danger() {
    let folder = TempDir::new().expect("a folder");
    let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("a store");
    let state = BotState {
        current: Current::fixed(world()),
        store: store.clone(),
        clock: Clock::fixed(now()),
        limits: Limits::default(),
    };
    let account = WeChatAccount::parse("main", "wx2c2769f8efd9abc2", "spamtest", None);
    let accounts = vec![account.expect("an account")];
    let router = WeChat::new(&state, "https://fire.example", accounts).router();
    store.close().await;
    for (words, status, said) in [("我家着火了", 200, "119"), ("油锅着火了怎么办", 503, "")]
    {
        let response = router.clone().oneshot(post(words)).await.expect("a response");
        assert_eq!(response.status().as_u16(), status, "{words}");
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let body = String::from_utf8(body.to_vec()).expect("text");
        assert!(body.contains(said), "{words}: {body}");
    }
}

fn post(words: &str) -> Request<Body> {
    let second = now().as_second().to_string();
    let mut parts = ["spamtest", second.as_str(), words];
    parts.sort_unstable();
    let signature: String =
        Sha1::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect();
    let nonce: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let address = format!("/in/wechat/main?signature={signature}&timestamp={second}&nonce={nonce}");
    let body = format!(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>oA</FromUserName>\
         <CreateTime>{second}</CreateTime><MsgType>text</MsgType><Content>{words}</Content>\
         <MsgId>{}</MsgId></xml>",
        words.len()
    );
    Request::post(address).body(Body::from(body)).expect("a request")
}
