//! A Bot API that says yes to everything and counts the answers, as little work as can be: both sides of the
//! comparison share the machine with it.
//!
//! An answer of ours may be several messages; its last one carries the buttons.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::http::{Head, find};

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
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::clone(&counted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
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

/// Answers the requests of one connection, one after the other.
async fn serve(mut stream: TcpStream, counted: Arc<Counted>) -> Option<()> {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        let head = loop {
            if let Some(head) = Head::read(&buffer)
                && buffer.len() >= head.whole()
            {
                break head;
            }
            if stream.read_buf(&mut buffer).await.ok()? == 0 {
                return None;
            }
        };
        let text = answer(&counted, &buffer[..head.body], &buffer[head.body..head.whole()]);
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        );
        stream.write_all(response.as_bytes()).await.ok()?;
        buffer.drain(..head.whole());
    }
}

fn answer(counted: &Counted, head: &[u8], body: &[u8]) -> &'static str {
    let line = &head[..find(head, b"\r\n").unwrap_or(0)].to_ascii_lowercase();
    if find(line, b"/getme").is_some() {
        return r#"{"ok":true,"result":{"id":4242,"is_bot":true,"first_name":"b","username":"bench_bot"}}"#;
    }
    if find(line, b"/sendmessage").is_none() {
        return r#"{"ok":true,"result":true}"#;
    }
    if !counted.buttons || find(body, b"reply_markup").is_some() {
        counted.sent.fetch_add(1, Ordering::Relaxed);
        counted.news.notify_one();
    }
    r#"{"ok":true,"result":{"message_id":1,"date":1800000000,"chat":{"id":1,"type":"private","first_name":"a"},"text":"x"}}"#
}
