//! Looking through the maildir now and then, and acting on what is genuine.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_store::{Bounce, Bounced, LeaveToken, Store};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::maildir::{Mark, bytes, file_away, fresh};
use super::report::{Domains, Report, Word};
use crate::Clock;
use crate::failure::chain;
use crate::mail::Token;

const EVERY: Duration = Duration::from_secs(30);

/// Takes reports out of the maildir until the process ends.
pub(crate) struct Bounces {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) maildir: PathBuf,
    /// Bounces come back to it.
    pub(crate) bounce_domain: String,
    /// Message-IDs end in it.
    pub(crate) sender_domain: String,
}

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Round {
    /// Subscribers who get no mail any more, or none for now.
    pub(crate) acted: u32,
    /// Subscribers who left by a mail.
    pub(crate) left: u32,
    /// Reports without a genuine token.
    pub(crate) forged: u32,
    /// Mail that reports nothing.
    pub(crate) other: u32,
    /// Files that could not be read; they lie flagged in `cur`.
    pub(crate) unreadable: u32,
}

impl Bounces {
    /// Looks through the maildir until `stop` changes.
    pub(crate) async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        loop {
            match self.round().await {
                Ok(round) if round != Round::default() => {
                    let Round { acted, left, forged, other, unreadable } = round;
                    tracing::info!(acted, left, forged, other, unreadable, "bounces read");
                }
                Ok(_) => {}
                Err(reason) => tracing::error!(reason, "cannot read the maildir of bounces"),
            }
            tokio::select! { () = tokio::time::sleep(EVERY) => {}, _ = stop.changed() => return }
        }
    }

    /// Acts on everything new. A file is moved only after its effect is in the database; one that is
    /// read twice after a crash counts once.
    pub(crate) async fn round(self: &Arc<Self>) -> Result<Round, String> {
        let mut round = Round::default();
        let files = self.blocking(|me| fresh(&me.maildir)).await?;
        for file in files {
            let path = file.clone();
            let mark = match self.blocking(move |_| bytes(&path)).await {
                Ok(Some(bytes)) => self.act(&bytes, &mut round).await?,
                Ok(None) | Err(_) => Mark::Flagged,
            };
            if mark == Mark::Flagged {
                round.unreadable += 1;
            }
            self.blocking(move |me| file_away(&me.maildir, &file, mark)).await?;
        }
        Ok(round)
    }

    async fn act(&self, bytes: &[u8], round: &mut Round) -> Result<Mark, String> {
        let domains = Domains { bounce: &self.bounce_domain, sender: &self.sender_domain };
        let Some(report) = Report::read(bytes, &domains) else { return Ok(Mark::Flagged) };
        let bounce = match report.word {
            Word::Nothing => {
                match report.leaves {
                    Some(token) => self.leave(&token, round).await?,
                    None => round.other += 1,
                }
                return Ok(Mark::Seen);
            }
            Word::Soft => Bounce::Soft,
            Word::Hard => Bounce::Hard,
            Word::Complaint => Bounce::Complaint,
        };
        let Some(token) = self.genuine(&report.tokens).await? else {
            round.forged += 1;
            return Ok(Mark::Seen);
        };
        let name = hash(bytes);
        let now = self.clock.now();
        let done = self.store.record_bounce(&token.recipient, &name, bounce, now).await;
        match done.map_err(|error| chain(&error))? {
            Bounced::Unknown | Bounced::Repeated => round.other += 1,
            Bounced::Counted(_) | Bounced::Inactive | Bounced::Left => round.acted += 1,
        }
        Ok(Mark::Seen)
    }

    /// Ends the subscription `token` stands for.
    async fn leave(&self, token: &LeaveToken, round: &mut Round) -> Result<(), String> {
        let told = |error: fenghuo_store::Error| chain(&error);
        let Some(subscriber) = self.store.subscriber_by_token(token).await.map_err(told)? else {
            // A second mail, or none of ours.
            round.other += 1;
            return Ok(());
        };
        self.store.forget(&subscriber.address, self.clock.now()).await.map_err(told)?;
        round.left += 1;
        Ok(())
    }

    /// The first of `tokens` that we made for a subscriber who is still there.
    async fn genuine<'a>(&self, tokens: &'a [Token]) -> Result<Option<&'a Token>, String> {
        for token in tokens.iter().take(4) {
            let found = self.store.subscriber_by_id(&token.recipient).await;
            let found = found.map_err(|error| chain(&error))?;
            if found.is_some_and(|subscriber| token.is_genuine(&subscriber.leave)) {
                return Ok(Some(token));
            }
        }
        Ok(None)
    }

    /// Does what touches the disk on a thread of its own.
    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let me = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&me)).await;
        done.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use fenghuo_store::{Account, Address, Change, SubscriberId, Subscription};
    use tempfile::TempDir;

    use super::*;

    const DSN: &str = include_str!("../../../tests/mail/postfix-5.1.1.eml");
    const ARF: &str = include_str!("../../../tests/mail/arf-abuse.eml");

    /// A maildir and one subscriber.
    struct Place {
        bounces: Arc<Bounces>,
        folder: TempDir,
    }

    fn address() -> Address {
        Account::new("email", "main").address("ma@qq.com")
    }

    impl Place {
        async fn new() -> Self {
            let folder = TempDir::new().expect("a folder");
            let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("a store");
            let clock = Clock::fixed("2027-04-05T08:00:00+08:00".parse().expect("an instant"));
            for name in ["new", "cur"] {
                std::fs::create_dir(folder.path().join(name)).expect("a folder");
            }
            let bounces = Bounces {
                store,
                clock,
                maildir: folder.path().to_owned(),
                bounce_domain: "bounce.fire.example".to_owned(),
                sender_domain: "fire.example".to_owned(),
            };
            let place = Self { bounces: Arc::new(bounces), folder };
            place.subscribe().await;
            place
        }

        async fn subscribe(&self) {
            let subscribe = Change::Subscribe {
                id: SubscriberId::from_bits(7),
                leave: LeaveToken::from_bits(9),
                address: address(),
                subscription: Subscription {
                    region: "chengguan".to_owned(),
                    role: None,
                    language: "zh".to_owned(),
                    quiet: None,
                },
            };
            let now = self.bounces.clock.now();
            self.bounces.store.apply(vec![subscribe], now).await.expect("written");
        }

        /// Delivers `text` with the token of her letter in campaign `campaign`.
        fn deliver(&self, name: &str, text: &str, campaign: &str) {
            let (recipient, leave) = (SubscriberId::from_bits(7), LeaveToken::from_bits(9));
            let token = Token::new(campaign, &recipient, &leave).text();
            self.write(name, text.replace("{token}", &token).as_bytes());
        }

        fn write(&self, name: &str, bytes: &[u8]) {
            std::fs::write(self.folder.path().join("new").join(name), bytes).expect("written");
        }

        async fn round(&self) -> Round {
            self.bounces.round().await.expect("a round")
        }

        /// Whether she is there, and active.
        async fn active(&self) -> Option<bool> {
            let found = self.bounces.store.subscriber(&address()).await.expect("read");
            found.map(|subscriber| subscriber.active)
        }

        fn filed(&self) -> Vec<String> {
            let names = std::fs::read_dir(self.folder.path().join("cur")).expect("a folder");
            let mut names: Vec<String> = names
                .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                .collect();
            names.sort();
            names
        }
    }

    #[tokio::test]
    async fn a_wrong_address_is_given_up_at_once() {
        let place = Place::new().await;
        place.deliver("1.a.host", DSN, "c12");
        assert_eq!(place.round().await, Round { acted: 1, ..Round::default() });
        assert_eq!(place.active().await, Some(false));
        assert_eq!(place.filed(), ["1.a.host:2,S"]);
        assert_eq!(place.round().await, Round::default());
    }

    #[tokio::test]
    async fn the_third_soft_bounce_ends_it_and_one_read_twice_counts_once() {
        let place = Place::new().await;
        let soft = DSN.replace("Status: 5.1.1", "Status: 4.4.1");
        for (name, campaign, active) in
            [("1", "c1", true), ("2", "c1", true), ("3", "c2", true), ("4", "c3", false)]
        {
            place.deliver(name, &soft, campaign);
            place.round().await;
            assert_eq!(place.active().await, Some(active), "{name}");
        }
    }

    #[tokio::test]
    async fn who_writes_to_the_address_that_ends_it_is_unsubscribed() {
        let place = Place::new().await;
        let to = |leave: LeaveToken| {
            format!(
                "Delivered-To: u+{}@bounce.fire.example\r\nFrom: <ma@qq.com>\r\nSubject: 退订\r\n\r\n\r\n",
                leave.as_str()
            )
        };
        place.write("1", to(LeaveToken::from_bits(8)).as_bytes());
        assert_eq!(place.round().await, Round { other: 1, ..Round::default() });
        assert_eq!(place.active().await, Some(true));
        place.write("2", to(LeaveToken::from_bits(9)).as_bytes());
        assert_eq!(place.round().await, Round { left: 1, ..Round::default() });
        assert_eq!(place.active().await, None);
        place.write("3", to(LeaveToken::from_bits(9)).as_bytes());
        assert_eq!(place.round().await, Round { other: 1, ..Round::default() });
    }

    #[tokio::test]
    async fn who_complains_is_unsubscribed() {
        let place = Place::new().await;
        place.deliver("1", ARF, "c12");
        assert_eq!(place.round().await.acted, 1);
        assert_eq!(place.active().await, None);
        // And once more, when she is gone.
        place.deliver("2", ARF, "c12");
        assert_eq!(place.round().await, Round { forged: 1, ..Round::default() });
    }

    #[tokio::test]
    async fn a_forged_report_has_no_effect() {
        let place = Place::new().await;
        let recipient = SubscriberId::from_bits(7);
        let forged = Token::new("c12", &recipient, &LeaveToken::from_bits(10)).text();
        place.write("1", DSN.replace("{token}", &forged).as_bytes());
        place.write("2", DSN.as_bytes());
        assert_eq!(place.round().await, Round { forged: 2, ..Round::default() });
        assert_eq!(place.active().await, Some(true));
    }

    #[tokio::test]
    async fn what_cannot_be_read_stays_flagged() {
        let place = Place::new().await;
        place.write("1", &[0xff; 100]);
        place.write("2", &vec![b'a'; 2 * 1024 * 1024]);
        place.write("3", b"From: a@qq.com\r\nSubject: out of office\r\n\r\nback on Monday\r\n");
        let expected = Round { unreadable: 2, other: 1, ..Round::default() };
        assert_eq!(place.round().await, expected);
        assert_eq!(place.filed(), ["1:2,F", "2:2,F", "3:2,S"]);
    }
}
