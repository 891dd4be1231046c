//! What goes out: one message for one recipient, and where its words come from.

use std::future::Future;
use std::sync::Arc;

use fenghuo_store::{Address, Campaign, CampaignId, LeaveToken, SubscriberId};
use jiff::Timestamp;

/// One message on its way to one recipient.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The campaign; with `recipient` the key of the ledger, and what idempotency keys are made of.
    pub campaign: CampaignId,
    /// Whom it is for.
    pub recipient: SubscriberId,
    /// Where she is reached. Never logged.
    pub to: Address,
    /// Ends her subscription; for one-click links. Never logged.
    pub leave: LeaveToken,
    /// Counts from 1: how often this row has been taken up.
    pub attempt: u32,
    /// Urgent campaigns go before others.
    pub urgent: bool,
    /// The words, shared by all recipients of a kind.
    pub text: Arc<Rendered>,
}

/// All that the words of a campaign may depend on. Recipients who are alike in it get the same words,
/// rendered once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    /// `telegram`, `wechat`, `email`, `robot`, `webhook`: decides overrides and the form of `html`.
    pub channel: String,
    /// Region id of the library.
    pub region: String,
    /// One of the seven settings.
    pub role: Option<String>,
    /// `zh`, `en`.
    pub language: String,
}

/// The words of a campaign for one [`Reader`], in the forms senders need. Complete: kind, issuer, absolute
/// expiry, code and link already stand in `plain`, `markdown` and `html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line: the subject of a mail, the head of a card.
    pub title: String,
    /// Without any marks.
    pub plain: String,
    /// As group robots take it.
    pub markdown: String,
    /// For `telegram` its few tags (<https://core.telegram.org/bots/api#html-style>), else a body of HTML.
    pub html: String,
    /// Address of the published page.
    pub link: String,
    /// Verification code.
    pub code: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// A text that cannot be made; the campaign pauses with this reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TextFault(pub String);

/// Where the words of a campaign come from.
pub trait Texts: Send + Sync + 'static {
    /// The words of `campaign` for recipients like `reader`. Called once for each kind of reader and
    /// version of the campaign, and again after a restart: it must come to the same.
    ///
    /// # Errors
    /// When the text has a fault; the campaign pauses.
    fn render(
        &self,
        campaign: &Campaign,
        reader: &Reader,
    ) -> impl Future<Output = Result<Rendered, TextFault>> + Send;

    /// Whether what would be sent now is still what was approved; asked before a scheduled campaign begins.
    ///
    /// # Errors
    /// When it is not; the campaign does not begin.
    fn approved(&self, campaign: &Campaign) -> impl Future<Output = Result<(), TextFault>> + Send {
        let _ = campaign;
        async { Ok(()) }
    }
}
