//! What the words of a campaign depend on besides its draft: its code, what it refers to, whom it repeats.

use fenghuo_content::published::{Mode, Stage};
use fenghuo_store::{Campaign, CampaignId, CampaignKind, Draft, Store};
use jiff::Timestamp;

use crate::public::relay;

/// What stands for the code of a draft that has none yet.
pub const NO_CODE: &str = "??????";

/// Longest chain of corrections that is followed to its first message.
const MAX_CHAIN: usize = 50;

/// A campaign, or a draft that may become one, with all that its words need.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What was written.
    pub draft: Draft,
    /// Its code; [`NO_CODE`] before it is created.
    pub code: String,
    /// The message it corrects or takes back.
    pub refers: Option<Referred>,
    /// The warning it passes on.
    pub relay: Option<RelayHead>,
}

/// A message that another one refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referred {
    /// Its title.
    pub title: String,
    /// Its code.
    pub code: String,
    /// When it went out.
    pub issued: Timestamp,
    /// Whether the first message of its chain was a drill.
    pub drill: bool,
}

/// Who says what a relay says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayHead {
    /// The issuing office.
    pub issuer: String,
    /// Its number there.
    pub identifier: String,
    /// When it was issued.
    pub sent: Timestamp,
    /// Its words in paragraphs.
    pub text: Vec<String>,
    /// Areas as the issuer names them.
    pub areas: Vec<String>,
    /// Whether it is meant: a drill of the issuer stays one here.
    pub mode: Mode,
    /// Whether it begins, changes or ends something.
    pub stage: Stage,
}

impl Subject {
    /// The subject of `campaign`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(store: &Store, campaign: &Campaign) -> Result<Self, fenghuo_store::Error> {
        Self::of_draft(store, &campaign.draft, &campaign.code).await
    }

    /// The subject of `draft`, which has the code `code`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of_draft(
        store: &Store,
        draft: &Draft,
        code: &str,
    ) -> Result<Self, fenghuo_store::Error> {
        let refers = match draft.refers {
            Some(id) => referred(store, id).await?,
            None => None,
        };
        let relay = match draft.relay {
            Some(id) => store.relay(id).await?.and_then(|stored| head(&stored.relay.raw)),
            None => None,
        };
        Ok(Self { draft: draft.clone(), code: code.to_owned(), refers, relay })
    }

    /// Whether it is a test of the channels, ours or the issuer's.
    pub fn is_test(&self) -> bool {
        let issuers = self.relay.as_ref().is_some_and(|relay| relay.mode == Mode::Test);
        issuers || self.draft.kind == CampaignKind::Test
    }

    /// Whether it is a drill, or follows one.
    pub fn is_drill(&self) -> bool {
        let issuers = self.relay.as_ref().is_some_and(|relay| relay.mode == Mode::Drill);
        issuers
            || self.draft.kind == CampaignKind::Drill
            || self.refers.as_ref().is_some_and(|first| first.drill)
    }
}

/// Read from the bytes whenever it is shown, so that nobody can change a word.
fn head(raw: &[u8]) -> Option<RelayHead> {
    let relay = relay::read(raw).ok()?;
    Some(RelayHead {
        issuer: relay.issuer().to_owned(),
        identifier: relay.alert.identifier.clone(),
        sent: relay.alert.sent.at,
        text: relay.text(),
        areas: relay.areas(),
        mode: relay.mode(),
        stage: relay.stage(),
    })
}

async fn referred(store: &Store, id: CampaignId) -> Result<Option<Referred>, fenghuo_store::Error> {
    let Some(first) = store.campaign(id).await? else { return Ok(None) };
    let mut drill = first.draft.kind == CampaignKind::Drill;
    let mut up = first.draft.refers;
    for _ in 0..MAX_CHAIN {
        let Some(id) = up.filter(|_| !drill) else { break };
        let Some(earlier) = store.campaign(id).await? else { break };
        drill = earlier.draft.kind == CampaignKind::Drill;
        up = earlier.draft.refers;
    }
    Ok(Some(Referred {
        issued: first.started.unwrap_or(first.created),
        title: first.draft.title,
        code: first.code,
        drill,
    }))
}
