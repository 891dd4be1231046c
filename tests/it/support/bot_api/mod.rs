//! A Bot API on loopback: it checks every request, records it, and fails as told.
//!
//! Updates pushed here come out of `getUpdates` as from Telegram: until they are confirmed by a
//! higher offset. What is wrong with a request is kept as a fault, which a test reads at its end.

mod crowd;
mod rules;
mod spec;

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) use crowd::{Arrival, Crowd};
pub(crate) use rules::seen;

use super::http::{self, Response};

/// The token of the bot.
pub(crate) const TOKEN: &str = "4242:fake_TOKEN-1";
/// The name of the bot.
pub(crate) const NAME: &str = "fenghuo_test_bot";
/// Nothing in a test takes longer.
const DEADLINE: Duration = Duration::from_secs(60);

/// How the next `sendMessage` (or, where it says so, the next `getUpdates`) fails.
#[derive(Clone, Debug)]
pub(crate) enum Fail {
    /// 429 with `retry_after`.
    TooMany(u64),
    /// 403, blocked by the user.
    Blocked,
    /// 400 with `migrate_to_chat_id`.
    Migrate(i64),
    /// 502 with HTML, nothing delivered.
    BadGateway,
    /// Delivered; the answer is cut off in the middle.
    ResetMidReply,
    /// Delivered; 502 with HTML all the same.
    BadGatewayAfterDelivery,
    /// Delivered; the answer carries what no version knows.
    UnknownFields,
    /// Delivered; the answer comes late.
    Slow(Duration),
    /// 400: the text has a fault.
    BadText,
}

/// A request that came in.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) body: Value,
    /// Whether it took effect.
    pub(crate) delivered: bool,
}

#[derive(Default)]
struct State {
    queue: Vec<Value>,
    calls: Vec<Call>,
    faults: Vec<String>,
    fails: VecDeque<Fail>,
    polls_refused: VecDeque<(i64, &'static str)>,
    updates: i64,
    messages: i64,
    closed: bool,
    /// Takes all messages, where there are too many to write each down whole.
    crowd: Option<Crowd>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    spec: Option<spec::Spec>,
}

/// The running server.
pub(crate) struct BotApi {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl BotApi {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let spec = spec::Spec::read();
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), spec });
        let server = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&server);
                std::thread::spawn(move || {
                    http::serve(stream, |request| shared.answer(&request.path, &request.body));
                });
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts an update where `getUpdates` finds it; its number.
    pub(crate) fn push(&self, update: Value) -> i64 {
        let update = self.number(update);
        let id = update["update_id"].as_i64().expect("a number");
        self.state().queue.push(update);
        self.shared.changed.notify_all();
        id
    }

    /// `update` with the next number, for a webhook.
    pub(crate) fn number(&self, mut update: Value) -> Value {
        let mut state = self.state();
        state.updates += 1;
        update["update_id"] = (1000 + state.updates).into();
        update
    }

    /// The next `sendMessage` fails like this.
    pub(crate) fn fail(&self, fail: Fail) {
        self.state().fails.push_back(fail);
    }

    /// The next `getUpdates` is refused.
    pub(crate) fn refuse_poll(&self, code: i64, description: &'static str) {
        self.state().polls_refused.push_back((code, description));
    }

    /// From now on all messages go to a crowd, which fails as `rule` says.
    pub(crate) fn gather(&self, rule: impl Fn(&Arrival) -> Option<Fail> + Send + 'static) {
        self.state().crowd = Some(Crowd::new(rule));
    }

    /// What the crowd got.
    pub(crate) fn crowd<T>(&self, look: impl FnOnce(&Crowd) -> T) -> T {
        look(self.state().crowd.as_ref().expect("a crowd was gathered"))
    }

    /// All requests so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// How many requests so far are such.
    pub(crate) fn count(&self, such: impl Fn(&Call) -> bool) -> usize {
        self.state().calls.iter().filter(|call| such(call)).count()
    }

    /// All messages delivered to `chat` so far.
    pub(crate) fn messages(&self, chat: i64) -> Vec<Value> {
        let to = |call: &&Call| {
            call.delivered && call.method == "sendmessage" && call.body["chat_id"] == chat
        };
        self.state().calls.iter().filter(to).map(|call| call.body.clone()).collect()
    }

    /// Waits until `done` holds of the requests.
    pub(crate) fn wait(&self, what: &str, done: impl Fn(&[Call]) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut state = self.state();
        while !done(&state.calls) {
            let left = until.saturating_duration_since(Instant::now());
            let last = state.calls.len().saturating_sub(20);
            assert!(!left.is_zero(), "never came: {what}\n{:#?}", &state.calls[last..]);
            state = self
                .shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits for the `n`th message to `chat`.
    pub(crate) fn wait_message(&self, chat: i64, n: usize) -> Value {
        self.wait(&format!("message {n} to {chat}"), |calls| {
            let to = |call: &&Call| {
                call.delivered && call.method == "sendmessage" && call.body["chat_id"] == chat
            };
            calls.iter().filter(to).count() >= n
        });
        self.messages(chat).swap_remove(n - 1)
    }

    /// Waits until all updates have been confirmed by an offset.
    pub(crate) fn wait_confirmed(&self) {
        let until = Instant::now() + DEADLINE;
        let mut state = self.state();
        while !state.queue.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "updates are never confirmed");
            state = self
                .shared
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Fails where any request broke the rules.
    pub(crate) fn assert_no_faults(&self) {
        assert_eq!(self.state().faults, Vec::<String>::new());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for BotApi {
    fn drop(&mut self) {
        self.state().closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn answer(&self, path: &str, body: &[u8]) -> Response {
        let Some(method) = path.strip_prefix(&format!("/bot{TOKEN}/")) else {
            return refused(401, "Unauthorized", Value::Null);
        };
        let method = method.to_ascii_lowercase();
        let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        self.judge(&method, &body);
        match method.as_str() {
            "getupdates" => self.poll(&body),
            "getme" => self.note(
                &method,
                body,
                ok(json!({
                    "id": 4242, "is_bot": true, "first_name": "烽火", "username": NAME,
                })),
            ),
            "sendmessage" => self.message(body),
            _ => self.note(&method, body, ok(json!(true))),
        }
    }

    fn judge(&self, method: &str, body: &Value) {
        let mut faults = rules::faults(method, body);
        if let Some(spec) = &self.spec {
            faults.extend(spec.faults(method, body));
        }
        self.lock().faults.extend(faults.into_iter().map(|fault| format!("{method}: {fault}")));
    }

    fn note(&self, method: &str, body: Value, response: Response) -> Response {
        let call = Call { method: method.to_owned(), body, delivered: true };
        self.lock().calls.push(call);
        self.changed.notify_all();
        response
    }

    fn message(&self, body: Value) -> Response {
        let mut state = self.lock();
        let fail = match &mut state.crowd {
            Some(crowd) => crowd.arrive(&body),
            None => state.fails.pop_front(),
        };
        state.messages += 1;
        let message = json!({ "message_id": state.messages, "date": 1, "text": "",
            "chat": { "id": body["chat_id"], "type": "private" } });
        if state.crowd.is_none() {
            let delivered = fail.as_ref().is_none_or(Fail::is_delivered);
            state.calls.push(Call { method: "sendmessage".to_owned(), body, delivered });
        }
        drop(state);
        self.changed.notify_all();
        fail.map_or_else(|| ok(message.clone()), |fail| fail.response(&message))
    }

    /// Answers at once where updates wait, else when one comes or the caller's time is up.
    fn poll(&self, body: &Value) -> Response {
        if let Some((code, description)) = self.lock().polls_refused.pop_front() {
            return refused(code, description, Value::Null);
        }
        let offset = body["offset"].as_i64().unwrap_or(0);
        let wait = Duration::from_secs(body["timeout"].as_u64().unwrap_or(0));
        let until = Instant::now() + wait;
        let mut state = self.lock();
        state.queue.retain(|update| update["update_id"].as_i64() >= Some(offset));
        self.changed.notify_all();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if !state.queue.is_empty() || left.is_zero() || state.closed {
                let limit = body["limit"].as_u64().unwrap_or(100);
                let limit = usize::try_from(limit).unwrap_or(100);
                return ok(state.queue.iter().take(limit).cloned().collect());
            }
            state =
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fail {
    /// Whether the message has arrived all the same.
    pub(crate) fn is_delivered(&self) -> bool {
        use Fail::{BadGateway, BadText, Blocked, Migrate, TooMany};
        !matches!(self, TooMany(_) | Blocked | Migrate(_) | BadGateway | BadText)
    }

    fn response(self, message: &Value) -> Response {
        match self {
            Self::UnknownFields => ok(json!({ "message_id": { "new": "shape" }, "x": [1] })),
            Self::TooMany(seconds) => {
                refused(429, "Too Many Requests", json!({ "retry_after": seconds }))
            }
            Self::Blocked => refused(403, "Forbidden: bot was blocked by the user", Value::Null),
            Self::BadText => {
                refused(400, "Bad Request: can't parse entities: unclosed tag", Value::Null)
            }
            Self::Migrate(to) => refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                json!({ "migrate_to_chat_id": to }),
            ),
            Self::BadGateway | Self::BadGatewayAfterDelivery => Response {
                status: 502,
                kind: "text/html",
                body: "<html><h1>502 Bad Gateway</h1></html>".to_owned(),
                cut: false,
            },
            Self::ResetMidReply => Response { cut: true, ..ok(message.clone()) },
            Self::Slow(delay) => {
                std::thread::sleep(delay);
                ok(message.clone())
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "callers write the value in place")]
fn ok(result: Value) -> Response {
    Response::json(200, &json!({ "ok": true, "result": result }))
}

fn refused(code: i64, description: &str, parameters: Value) -> Response {
    let mut body = json!({ "ok": false, "error_code": code, "description": description });
    if !parameters.is_null() {
        body["parameters"] = parameters;
    }
    Response::json(u16::try_from(code).unwrap_or(400), &body)
}
