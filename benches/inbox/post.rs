//! Posts updates as Telegram does, down as many connections, each one distinct.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::fake::Fake;
use super::http::Head;

/// As many connections as Telegram opens to a webhook that asks for it (`max_connections`).
const CONNECTIONS: usize = 100;
/// What the webhook expects along.
pub(crate) const SECRET: &str = "s3cret_of-the-bench";

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is burning: answered whoever asks how often, before any search.
    Danger,
    /// Something to look up; one chat may ask so often only, so it needs many.
    Question,
}

/// A run.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) chats: usize,
    pub(crate) updates: usize,
    pub(crate) kind: Kind,
}

const WHERE: [&str; 8] = ["厨房", "阳台", "卧室", "楼道", "车棚", "仓库", "教室", "商铺"];
const WHAT: [&str; 12] = [
    "灭火器怎么用",
    "油锅起火怎么办",
    "电动车怎么充电才安全",
    "液化气罐漏气怎么办",
    "逃生时为什么要弯腰",
    "烟头怎么处理",
    "插线板能不能串着用",
    "上坟烧纸要注意什么",
    "疏散通道能堆东西吗",
    "消火栓怎么打开",
    "取暖器旁边能不能烤衣服",
    "孩子玩打火机怎么教",
];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Danger => "danger",
            Self::Question => "questions",
        }
    }

    pub(crate) fn text(self, number: usize) -> String {
        let place = WHERE[number % WHERE.len()];
        match self {
            Self::Danger => format!("我家{place}着火了，{number}号楼"),
            Self::Question => {
                format!("{place}{}，第{number}个人问", WHAT[number / WHERE.len() % WHAT.len()])
            }
        }
    }
}

impl Load {
    /// Posts everything and waits for as many replies; the seconds from first post to last reply.
    pub(crate) async fn post(self, hook: &str, fake: &Fake) -> f64 {
        let next = Arc::new(AtomicUsize::new(0));
        let (host, path) =
            hook.strip_prefix("http://").and_then(|hook| hook.split_once('/')).expect("an address");
        // A run may follow another on the same server: its numbers go on where that one's ended.
        let first = fake.sent();
        let start = Instant::now();
        let mut posting = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (next, host, path) = (Arc::clone(&next), host.to_owned(), path.to_owned());
            posting.spawn(async move {
                let mut stream = TcpStream::connect(&host).await.expect("the webhook listens");
                stream.set_nodelay(true).expect("set");
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= self.updates {
                        return;
                    }
                    let update = self.update(first + number, number % self.chats).to_string();
                    let head = format!(
                        "POST /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
                         x-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: {}\r\n\r\n",
                        update.len()
                    );
                    accepted(&mut stream, format!("{head}{update}").as_bytes()).await;
                }
            });
        }
        while let Some(posted) = posting.join_next().await {
            posted.expect("posted");
        }
        fake.wait(first + self.updates).await;
        start.elapsed().as_secs_f64()
    }

    pub(crate) fn rate(self, seconds: f64) -> f64 {
        // A count of updates is far below 2^52.
        self.updates as f64 / seconds
    }

    fn update(self, number: usize, chat: usize) -> Value {
        let chat = 1_000_000 + chat;
        json!({ "update_id": 1_000_000 + number, "message": {
            "message_id": number, "date": 1_800_000_000, "text": self.kind.text(number),
            "from": { "id": chat, "is_bot": false, "first_name": "a" },
            "chat": { "id": chat, "type": "private", "first_name": "a" },
        } })
    }
}

/// Sends `request` and reads the answer, which must be a good one.
async fn accepted(stream: &mut TcpStream, request: &[u8]) {
    stream.write_all(request).await.expect("sent");
    let mut answer = Vec::with_capacity(1024);
    loop {
        if let Some(head) = Head::read(&answer)
            && answer.len() >= head.whole()
        {
            break;
        }
        assert_ne!(stream.read_buf(&mut answer).await.expect("read"), 0, "no answer");
    }
    let line: String = String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().into();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
}
