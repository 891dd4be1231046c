//! What an editor writes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Audience, CampaignId, CampaignKind, UnknownPolicy};
use crate::RelayId;

/// The content of a campaign. The store takes it as it is; whoever writes it has checked it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// What it is.
    pub kind: CampaignKind,
    /// Title.
    pub title: String,
    /// Markdown; the first paragraph is the short message.
    pub body: String,
    /// Text of single channels that differs from the body.
    pub overrides: BTreeMap<String, String>,
    /// Who gets it.
    pub audience: Audience,
    /// Whether it goes out first, and into quiet hours.
    pub urgent: bool,
    /// What happens where nobody knows whether it arrived.
    pub policy: UnknownPolicy,
    /// From when on it is not sent nor shown as current any more.
    pub expires: Timestamp,
    /// When it is to begin; `None`: when somebody sends it.
    pub starts: Option<Timestamp>,
    /// The document of the library it came from.
    pub document: Option<String>,
    /// The occasion it was made for; set when it is created, never changed, unique for good.
    pub occasion: Option<String>,
    /// The campaign it corrects or takes back.
    pub refers: Option<CampaignId>,
    /// The warning it passes on.
    pub relay: Option<RelayId>,
}

/// Whether such a campaign counts for the weekly cap: corrections and withdrawals do not, whoever got the
/// first message has a right to them.
pub(crate) fn is_routine(kind: CampaignKind, urgent: bool) -> bool {
    !urgent && !kind.follows()
}

impl CampaignKind {
    /// Whether it follows an earlier one.
    pub(crate) fn follows(self) -> bool {
        matches!(self, Self::Correction | Self::Withdrawal)
    }
}
