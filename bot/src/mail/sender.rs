//! E-mail as a channel of the broadcast: one letter for one recipient, and what came of it.

use std::time::Duration;

use fenghuo_site::Current;

use super::letter::{Letter, List, simple_html};
use super::{Handed, Mailer, Token};
use crate::Clock;
use crate::broadcast::{Outgoing, Sender, Verdict};

/// A relay that greylists wants a few minutes.
const LATER: Duration = Duration::from_secs(5 * 60);
/// Retries of one recipient come no slower than this.
const LATEST: Duration = Duration::from_secs(60 * 60);

/// Sends campaigns by e-mail.
pub struct EmailSender {
    mailer: Mailer,
    current: Current,
    clock: Clock,
    public_url: String,
}

impl EmailSender {
    pub(super) fn new(mailer: Mailer, current: Current, clock: Clock, public_url: String) -> Self {
        Self { mailer, current, clock, public_url }
    }

    fn letter(&self, message: &Outgoing, token: &Token) -> Letter {
        let leave = format!("{}/u/{}", self.public_url, message.leave.as_str());
        let rendered = &message.text;
        let foot = format!(
            "你订阅了消防安全通知，所以收到这封信。退订、换乡镇、设免打扰时间：\n{leave}\n\
             核对真假：打开 {}/verify 输入编号 {}",
            self.public_url, rendered.code
        );
        Letter {
            to: message.to.chat.clone(),
            subject: rendered.title.clone(),
            text: format!("{}\n\n-- \n{foot}\n", rendered.plain.trim_end()),
            html: format!("{}\n<hr>\n{}", rendered.html, simple_html(&foot)),
            name: token.text(),
            date: self.clock.now(),
            list: Some(List {
                name: self.current.get().library.place.title.clone(),
                leave,
                token: message.leave.clone(),
            }),
        }
    }
}

impl Sender for EmailSender {
    async fn send(&self, message: &Outgoing) -> Verdict {
        let campaign = message.campaign.to_string();
        let token = Token::new(&campaign, &message.recipient, &message.leave);
        let handed = self.mailer.send(self.letter(message, &token), &token.user()).await;
        verdict(handed, &token, message.attempt)
    }

    fn patience(&self) -> Duration {
        super::smtp::PATIENCE
    }
}

fn verdict(handed: Handed, token: &Token, attempt: u32) -> Verdict {
    match handed {
        Handed::Accepted => Verdict::Sent { id: Some(token.text()) },
        Handed::NotSent(reason) => Verdict::NotSent(reason),
        Handed::Later(_) => Verdict::Busy((LATER * attempt.clamp(1, 12)).min(LATEST)),
        Handed::Refused { reason, gone } => Verdict::Unreachable { reason, gone },
        Handed::Unfit(reason) => Verdict::Rejected(reason),
        Handed::Unknown(reason) => Verdict::Unknown(reason),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use fenghuo_content::{Files, Library};
    use fenghuo_search::Engine;
    use fenghuo_site::{Options, Site, World};
    use fenghuo_store::{Account, CampaignId, LeaveToken, SubscriberId};
    use jiff::Timestamp;

    use super::*;
    use crate::broadcast::Rendered;
    use crate::mail::fake::{Fail, Relay};
    use crate::mail::{EmailAccount, EmailSettings};

    fn now() -> Timestamp {
        "2027-04-05T08:00:00+08:00".parse().expect("an instant")
    }

    fn world() -> World {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
        let (library, _) = Library::load(&Files::read(&folder).expect("readable"));
        let library = Arc::new(library);
        let engine = Engine::in_memory(Arc::clone(&library)).expect("an engine");
        let options = Options {
            public_url: "https://fire.example".to_owned(),
            today: jiff::civil::date(2027, 4, 5),
            live: true,
            watch: false,
        };
        let site = Arc::new(Site::new(Arc::clone(&library), options));
        World { library, engine: Arc::new(engine), site }
    }

    fn sender(relay: &str) -> EmailSender {
        let account = EmailAccount::parse(&EmailSettings {
            smtp: relay.to_owned(),
            from: "示范县消防 <notice@fire.example>".to_owned(),
            dkim_key: Some(include_str!("../../tests/mail/ed25519.pem").to_owned()),
            dkim_selector: Some("s1".to_owned()),
            bounce_domain: Some("bounce.fire.example".to_owned()),
            bounce_maildir: None,
        })
        .expect("well-formed");
        let current = Current::fixed(Arc::new(world()));
        let url = "https://fire.example".to_owned();
        EmailSender::new(Mailer::new(account), current, Clock::fixed(now()), url)
    }

    fn message() -> Outgoing {
        let text = Rendered {
            title: "清明防火".to_owned(),
            plain: "不带火种上山。".to_owned(),
            markdown: String::new(),
            html: "<p>不带火种上山。</p>".to_owned(),
            link: "https://fire.example/notices/A2B3C4/".to_owned(),
            code: "A2B3C4".to_owned(),
            expires: now(),
        };
        Outgoing {
            campaign: CampaignId::new(12),
            recipient: SubscriberId::from_bits(7),
            to: Account::new("email", "main").address("ma@qq.com"),
            leave: LeaveToken::from_bits(9),
            attempt: 1,
            urgent: false,
            text: Arc::new(text),
        }
    }

    #[tokio::test]
    async fn each_letter_carries_its_own_way_out_and_its_own_way_back() {
        let relay = Relay::start();
        let sender = sender(&relay.url());
        let verdicts = [sender.send(&message()).await, sender.send(&message()).await];
        let token = Token::new("c12", &SubscriberId::from_bits(7), &LeaveToken::from_bits(9));
        let sent = Verdict::Sent { id: Some(token.text()) };
        assert_eq!(verdicts, [sent.clone(), sent]);
        let taken = relay.taken();
        assert_eq!(taken[0].from, format!("{}@bounce.fire.example", token.user()));
        let leave = format!("<https://fire.example/u/{}>", LeaveToken::from_bits(9).as_str());
        let unfolded = taken[0].letter.replace("\r\n ", " ");
        for part in [
            &format!("Message-ID: <{}@fire.example>", token.text()),
            &leave,
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "DKIM-Signature: v=1; a=ed25519-sha256; d=fire.example; s=s1;",
        ] {
            assert!(unfolded.contains(part), "{part} is not in\n{unfolded}");
        }
        // A repeat is the same letter: whoever gets it twice can tell.
        let id = |letter: &str| {
            letter.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned)
        };
        assert_eq!(id(&taken[0].letter), id(&taken[1].letter));
    }

    #[tokio::test]
    async fn what_the_relay_says_becomes_a_verdict() {
        let relay = Relay::start();
        let sender = sender(&relay.url());
        let unreachable =
            |reason: &str, gone| Verdict::Unreachable { reason: reason.to_owned(), gone };
        for (fail, expected) in [
            (Fail::Rcpt("550 5.1.1 nobody"), unreachable("550 5.1.1", true)),
            (Fail::Rcpt("550 5.7.1 policy"), unreachable("550 5.7.1", false)),
            (Fail::Rcpt("451 4.7.1 greylisted"), Verdict::Busy(LATER)),
            (Fail::Dot("451 4.3.0 later"), Verdict::Busy(LATER)),
            (Fail::Dot("552 5.3.4 too large"), Verdict::Rejected("552 5.3.4".to_owned())),
            (Fail::CutAfterDot, Verdict::Unknown("connection closed by the relay".to_owned())),
        ] {
            relay.fail(fail);
            assert_eq!(sender.send(&message()).await, expected, "{fail:?}");
        }
    }

    #[tokio::test]
    async fn without_a_relay_nothing_is_sent() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = port.local_addr().expect("an address").port();
        let verdict = sender(&format!("smtp://127.0.0.1:{port}")).send(&message()).await;
        assert!(matches!(verdict, Verdict::NotSent(_)), "{verdict:?}");
    }
}
