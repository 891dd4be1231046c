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
            list: Some(List { name: self.current.get().library.place.title.clone(), leave }),
        }
    }
}

impl Sender for EmailSender {
    async fn send(&self, message: &Outgoing) -> Verdict {
        let campaign = message.campaign.to_string();
        let token = Token::new(&campaign, &message.recipient, &message.leave);
        let handed = self.mailer.send(self.letter(message, &token), &token.user()).await;
        verdict(handed, token, message.attempt)
    }

    fn patience(&self) -> Duration {
        super::smtp::PATIENCE
    }
}

fn verdict(handed: Handed, token: Token, attempt: u32) -> Verdict {
    match handed {
        Handed::Accepted => Verdict::Sent { id: Some(token.text()) },
        Handed::NotSent(reason) => Verdict::NotSent(reason),
        Handed::Later(_) => Verdict::Busy((LATER * attempt.clamp(1, 12)).min(LATEST)),
        Handed::Refused { reason, gone } => Verdict::Unreachable { reason, gone },
        Handed::Unfit(reason) => Verdict::Rejected(reason),
        Handed::Unknown(reason) => Verdict::Unknown(reason),
    }
}
