//! Sending to followers in the way the account has.

use std::time::Duration;

use fenghuo_store::{Account, OUTLET_CHAT, QuotaTaken, Store};
use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::account::{WeChatBroadcast, WeChatQuota, WeChatTemplate, WeChatWay};
use super::api::{Api, Called};
use crate::Clock;
use crate::broadcast::robot::fit::fit;
use crate::broadcast::{Outgoing, Sender, Verdict};

/// Most followers in one mass send; the least are two.
pub(in crate::broadcast) const MASS: usize = 10_000;
/// Characters of a text message.
const TEXT: usize = 600;
/// Characters of a field `thing…` of a template.
const THING: usize = 20;
/// Beijing time.
const CHINA: Offset = Offset::constant(8);
/// A call and the tokens it may need.
const PATIENCE: Duration = Duration::from_secs(45);

/// Sends through one official account.
pub(in crate::broadcast) struct WeChatSender {
    account: Account,
    api: Api,
    way: WeChatWay,
    quota: WeChatQuota,
    store: Store,
    clock: Clock,
}

impl WeChatSender {
    /// A sender for `account`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(in crate::broadcast) fn new(
        account: WeChatBroadcast,
        store: Store,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        let api = Api::new(&account, clock.clone())?;
        let WeChatBroadcast { name, way, quota, .. } = account;
        Ok(Self { account: Account::new("wechat", name), api, way, quota, store, clock })
    }

    /// Calls the API within the quota. It is counted before, so that no death forgets it, and given back
    /// for what surely did not happen. What the platform knows by the key `once` counts once, however often
    /// it is repeated: with a quota used up nobody would hear what became of it.
    async fn call(&self, path: &str, body: &Value, once: Option<&str>) -> Verdict {
        let (period, most, left) = self.quota.period(self.clock.now());
        let what = (self.way.name(), period.as_str());
        let taken = match once {
            Some(key) => self.store.take_quota_once(&self.account, what, key, most).await,
            None => {
                self.store.take_quota(&self.account, what, 1, most).await.map(|left| match left {
                    0 => QuotaTaken::No,
                    _ => QuotaTaken::Now,
                })
            }
        };
        match taken {
            Ok(QuotaTaken::Now | QuotaTaken::Before) => {}
            Ok(QuotaTaken::No) => return Verdict::RetryAfter(left),
            Err(error) => return Verdict::NotSent(format!("quota not counted: {error}")),
        }
        let verdict = match self.api.call(path, body).await {
            Called::Answered(answer) => answer.verdict(),
            Called::NotSent(reason) => Verdict::NotSent(reason),
            Called::Unknown(reason) => Verdict::Unknown(reason),
        };
        let counts = matches!(verdict, Verdict::Sent { .. } | Verdict::Unknown(_));
        if !counts && matches!(taken, Ok(QuotaTaken::Now)) {
            let given = match once {
                Some(key) => self.store.give_back_quota_once(&self.account, what, key).await,
                None => self.store.give_back_quota(&self.account, what, 1).await,
            };
            if let Err(error) = given {
                tracing::warn!(%error, "a quota was counted too much");
            }
        }
        verdict
    }

    /// To a list of followers; to all where the account itself is the recipient.
    async fn mass(&self, messages: &[Outgoing]) -> Verdict {
        let [first, rest @ ..] = messages else {
            return Verdict::NotSent("a mass send to nobody".to_owned());
        };
        let key = mass_key(messages);
        let mut body = json!({
            "msgtype": "text",
            "text": { "content": content(first) },
            "clientmsgid": key,
        });
        if is_outlet(first) {
            body["filter"] = json!({ "is_to_all": true });
            return self.call("/cgi-bin/message/mass/sendall", &body, Some(&key)).await;
        }
        if rest.is_empty() {
            let reason = "a mass send needs two followers".to_owned();
            return Verdict::Unreachable { reason, gone: false };
        }
        let to: Vec<&str> = messages.iter().map(|message| message.to.chat.as_str()).collect();
        body["touser"] = to.into();
        self.call("/cgi-bin/message/mass/send", &body, Some(&key)).await
    }

    async fn template(&self, template: &WeChatTemplate, message: &Outgoing) -> Verdict {
        let text = &message.text;
        let mut data = json!({ &template.title: { "value": short(&text.title) } });
        if let Some(field) = &template.code {
            data[field] = json!({ "value": text.code });
        }
        if let Some(field) = &template.expires {
            data[field] =
                json!({ "value": china(text.expires).strftime("%Y-%m-%d %H:%M").to_string() });
        }
        let body = json!({
            "touser": message.to.chat,
            "template_id": template.id,
            "url": text.link,
            "client_msg_id": key(&[message]),
            "data": data,
        });
        self.call("/cgi-bin/message/template/send", &body, None).await
    }

    async fn service(&self, message: &Outgoing) -> Verdict {
        let body = json!({
            "touser": message.to.chat,
            "msgtype": "text",
            "text": { "content": content(message) },
        });
        self.call("/cgi-bin/message/custom/send", &body, None).await
    }
}

impl Sender for WeChatSender {
    async fn send(&self, message: &Outgoing) -> Verdict {
        match &self.way {
            WeChatWay::Mass => self.mass(std::slice::from_ref(message)).await,
            WeChatWay::Template(template) => self.template(template, message).await,
            WeChatWay::Service => self.service(message).await,
        }
    }

    async fn send_all(&self, messages: &[Outgoing]) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(messages.len());
        if self.way == WeChatWay::Mass {
            // The account itself is no follower among followers.
            let same = |one: &Outgoing, other: &Outgoing| is_outlet(one) == is_outlet(other);
            for list in messages.chunk_by(same) {
                verdicts.extend(vec![self.mass(list).await; list.len()]);
            }
            return verdicts;
        }
        for message in messages {
            verdicts.push(self.send(message).await);
        }
        verdicts
    }

    fn batch(&self) -> usize {
        if self.way == WeChatWay::Mass { MASS } else { 1 }
    }

    fn idempotent(&self) -> bool {
        self.way != WeChatWay::Service
    }

    fn patience(&self) -> Duration {
        PATIENCE
    }
}

impl WeChatWay {
    /// Its name among the quotas.
    fn name(&self) -> &'static str {
        match self {
            Self::Mass => "mass",
            Self::Template(_) => "template",
            Self::Service => "service",
        }
    }
}

impl WeChatQuota {
    /// The period `now` falls into, how much it holds, and how long it lasts yet.
    fn period(self, now: Timestamp) -> (String, u32, Duration) {
        let today = china(now).date();
        let (name, most, next) = match self {
            Self::Daily(most) => (today.strftime("%Y-%m-%d"), most, today.tomorrow()),
            Self::Monthly(most) => {
                (today.strftime("%Y-%m"), most, today.last_of_month().tomorrow())
            }
        };
        let next = next.and_then(|next| CHINA.to_timestamp(next.to_datetime(Time::midnight())));
        let left = next.map_or(SignedDuration::ZERO, |next| next.duration_since(now));
        (name.to_string(), most, Duration::try_from(left).unwrap_or_default())
    }
}

fn china(at: Timestamp) -> DateTime {
    CHINA.to_datetime(at)
}

fn is_outlet(message: &Outgoing) -> bool {
    message.to.chat == OUTLET_CHAT
}

fn content(message: &Outgoing) -> String {
    let text = &message.text;
    fit(&text.plain, &text.link, TEXT, characters)
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

fn short(title: &str) -> String {
    if characters(title) <= THING {
        return title.to_owned();
    }
    let cut: String = title.chars().take(THING - 1).collect();
    format!("{cut}…")
}

/// The same for the same campaign and followers: 32 bytes, as much as the platform surely takes.
fn mass_key(messages: &[Outgoing]) -> String {
    let mut sorted: Vec<&Outgoing> = messages.iter().collect();
    sorted.sort_by(|one, other| one.recipient.cmp(&other.recipient));
    key(&sorted)
}

fn key(messages: &[&Outgoing]) -> String {
    let mut hash = Sha256::new();
    for message in messages {
        hash.update(format!("{} {}\n", message.campaign, message.recipient.as_str()));
    }
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_lasts_to_the_end_of_its_day_or_month_in_beijing() {
        let period = |quota: WeChatQuota, now: &str| {
            let (name, most, left) = quota.period(now.parse().expect("an instant"));
            (name, most, left.as_secs())
        };
        let now = "2026-12-31T15:30:00Z";
        assert_eq!(period(WeChatQuota::Daily(1), now), ("2026-12-31".into(), 1, 1800));
        assert_eq!(period(WeChatQuota::Monthly(4), now), ("2026-12".into(), 4, 1800));
        let now = "2026-12-31T16:00:00Z";
        assert_eq!(period(WeChatQuota::Daily(1), now), ("2027-01-01".into(), 1, 86_400));
        assert_eq!(period(WeChatQuota::Monthly(4), now).0, "2027-01");
    }

    #[test]
    fn a_title_fits_into_a_field() {
        assert_eq!(short("清明森林防火"), "清明森林防火");
        assert_eq!(characters(&short(&"火".repeat(30))), THING);
    }
}
