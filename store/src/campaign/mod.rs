//! Campaigns: what officials send, from the first draft to its end. The rules of who may do what, and of
//! which state follows which, are kept here, whichever way a call comes.

mod audience;
mod draft;
mod list;
mod occasion;
mod publication;
mod row;
mod verb;
mod write;

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::word::words;

pub use audience::{Audience, AudienceCount};
pub(crate) use audience::{REACHED, following, numbers};
pub use draft::Draft;
pub(crate) use draft::is_routine;
pub use list::CampaignFilter;
pub use occasion::OccasionMark;
pub use publication::{Publication, PublicationFilter};
pub(crate) use row::{CAMPAIGN, find, read};

/// Which campaign; the compact key of the ledger. Shown as `c12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CampaignId(pub(crate) i64);

impl CampaignId {
    /// The campaign of this number.
    pub fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    pub fn number(self) -> i64 {
        self.0
    }

    /// Reads `12` or `c12`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('c').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { digits.parse().ok().map(Self) } else { None }
    }
}

impl fmt::Display for CampaignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", self.0)
    }
}

/// As it is shown.
impl Serialize for CampaignId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

words! {
    /// What a campaign is.
    CampaignKind {
        /// 安全提示: ours, advice.
        Notice = 0 "notice",
        /// 转发预警: theirs, word for word.
        Relay = 1 "relay",
        /// 演练.
        Drill = 2 "drill",
        /// A test of the channels.
        Test = 3 "test",
        /// Puts an earlier one right; goes to its audience and to all whom that one has reached.
        Correction = 4 "correction",
        /// Takes an earlier one back; goes to all whom that one has reached, and to nobody else.
        Withdrawal = 5 "withdrawal",
    }
}

words! {
    /// Where a campaign is on its way.
    CampaignState {
        /// Being written.
        Draft = 0 "draft",
        /// Waits for a second person.
        Submitted = 1 "submitted",
        /// That person wants it changed.
        Returned = 2 "returned",
        /// That person has approved it.
        Approved = 3 "approved",
        /// Approved, and begins at a given time.
        Scheduled = 4 "scheduled",
        /// Published, and on its way to everybody.
        Sending = 5 "sending",
        /// Published; nothing more goes out for the moment.
        Paused = 6 "paused",
        /// Everything has gone out.
        Done = 10 "done",
        /// Stopped for good.
        Cancelled = 11 "cancelled",
        /// Its time was over before everything had gone out.
        Expired = 12 "expired",
    }
}

impl CampaignState {
    /// Whether nothing more will happen to it.
    pub fn is_final(self) -> bool {
        self.code() >= 10
    }

    /// The state of `code`; what no version ever wrote is sent by nobody.
    pub(crate) fn of(code: i64) -> Self {
        Self::from_code(code).unwrap_or(Self::Cancelled)
    }
}

words! {
    /// What happens to a message of which nobody knows whether it arrived.
    UnknownPolicy {
        /// It is not sent again; it is listed.
        Never = 0 "never",
        /// It is sent again, at most three times; it is listed.
        Resend = 1 "resend",
        /// It is listed until an official decides.
        Ask = 2 "ask",
    }
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Campaign {
    /// Its number.
    pub id: CampaignId,
    /// The code by which anyone can check that it is ours.
    pub code: String,
    /// What its editor wrote.
    pub draft: Draft,
    /// Where it is on its way.
    pub state: CampaignState,
    /// Counts its changes; a verb names the one it was decided on.
    pub version: i64,
    /// Who created it.
    pub author: String,
    /// Who changed it last.
    pub editor: String,
    /// Who approved it.
    pub approver: Option<String>,
    /// Whether one person alone has released it, in an emergency.
    pub overridden: bool,
    /// Hash of the texts, audience and expiry that were approved, as handed in at approval.
    pub approved_hash: Option<String>,
    /// Why it was returned, paused, cancelled or released by one person.
    pub reason: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last submitted.
    pub submitted: Option<Timestamp>,
    /// When it was approved.
    pub approved: Option<Timestamp>,
    /// When sending began; since then it is published.
    pub started: Option<Timestamp>,
    /// When it came to its end.
    pub ended: Option<Timestamp>,
    /// Whether every recipient stands in the ledger.
    pub materialised: bool,
    /// Hash of the recipients, once all stand in the ledger.
    pub audience_hash: Option<String>,
    /// How many they are.
    pub audience_count: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_is_named_by_its_number() {
        for (text, expected) in [
            ("12", Some(12)),
            ("c12", Some(12)),
            ("", None),
            ("c", None),
            ("-1", None),
            ("+1", None),
            ("cc1", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(CampaignId::parse(text), expected.map(CampaignId), "{text}");
        }
        assert_eq!(CampaignId(12).to_string(), "c12");
    }

    #[test]
    fn every_word_and_number_leads_back_to_its_value() {
        for state in CampaignState::ALL {
            assert_eq!(CampaignState::parse(state.as_str()), Some(*state));
            assert_eq!(CampaignState::of(state.code()), *state);
        }
        for kind in CampaignKind::ALL {
            assert_eq!(CampaignKind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(UnknownPolicy::parse("resend"), Some(UnknownPolicy::Resend));
        assert_eq!(CampaignState::parse("Sending"), None);
    }
}
