//! Posts updates as Telegram does, down as many connections, each one distinct.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};

use super::fake::Fake;

/// Telegram opens so many connections to a webhook by default.
const CONNECTIONS: usize = 40;
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

    fn text(self, number: usize) -> String {
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
        let client = reqwest::Client::builder().pool_max_idle_per_host(CONNECTIONS).build();
        let client = client.expect("a client");
        // A run may follow another on the same server: its numbers go on where that one's ended.
        let first = fake.sent();
        let start = Instant::now();
        let mut posting = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (next, client, hook) = (Arc::clone(&next), client.clone(), hook.to_owned());
            posting.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= self.updates {
                        return;
                    }
                    let update = self.update(first + number, number % self.chats);
                    let request =
                        client.post(&hook).header("x-telegram-bot-api-secret-token", SECRET);
                    let answer = request.json(&update).send().await.expect("an answer");
                    assert!(answer.status().is_success(), "{}", answer.status());
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
