//! A Bot API that says yes to everything and counts the answers, as little work as can be.
//!
//! An answer of ours may be several messages; its last one carries the buttons.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::any;
use tokio::sync::Notify;

/// The fake; it ends with the process.
pub(crate) struct Fake {
    url: String,
    counted: Arc<Counted>,
}

#[derive(Default)]
struct Counted {
    /// Only messages with buttons count.
    buttons: bool,
    sent: AtomicUsize,
    news: Notify,
}

impl Fake {
    /// Counts messages with `buttons`, or all of them.
    pub(crate) async fn start(buttons: bool) -> Self {
        let counted = Arc::new(Counted { buttons, ..Counted::default() });
        let router =
            Router::new().route("/{bot}/{method}", any(answer)).with_state(Arc::clone(&counted));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, counted }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Answers so far.
    pub(crate) fn sent(&self) -> usize {
        self.counted.sent.load(Ordering::Relaxed)
    }

    /// Waits until `count` answers were sent; panics when none comes for long.
    pub(crate) async fn wait(&self, count: usize) {
        let mut before = self.sent();
        while self.sent() < count {
            let news = self.counted.news.notified();
            let _ = tokio::time::timeout(Duration::from_millis(20), news).await;
            if self.sent() == before {
                let quiet = tokio::time::timeout(Duration::from_secs(30), self.grow(before)).await;
                assert!(quiet.is_ok(), "{before} of {count} messages and no more");
            }
            before = self.sent();
        }
    }

    async fn grow(&self, from: usize) {
        while self.sent() == from {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

async fn answer(
    State(counted): State<Arc<Counted>>,
    Path((_bot, method)): Path<(String, String)>,
    body: Bytes,
) -> impl IntoResponse {
    let text = match method.to_ascii_lowercase().as_str() {
        "getme" => {
            r#"{"ok":true,"result":{"id":4242,"is_bot":true,"first_name":"b","username":"bench_bot"}}"#
        }
        "sendmessage" => {
            let has_buttons = || body.windows(12).any(|part| part == b"reply_markup");
            if !counted.buttons || has_buttons() {
                counted.sent.fetch_add(1, Ordering::Relaxed);
                counted.news.notify_one();
            }
            r#"{"ok":true,"result":{"message_id":1,"date":1800000000,"chat":{"id":1,"type":"private","first_name":"a"},"text":"x"}}"#
        }
        _ => r#"{"ok":true,"result":true}"#,
    };
    ([(CONTENT_TYPE, "application/json")], text)
}
