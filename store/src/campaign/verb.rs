//! From one state to the next: which verb, from where, by whom. One table of rules for desk, command line
//! and engine.

use jiff::Timestamp;

use super::{Campaign, CampaignId, CampaignKind, CampaignState, find};
use crate::actor::{permit, permit_person, record};
use crate::database::{Statement, Transaction, sql};
use crate::delivery::give_leases_back;
use crate::{Actor, Error, OfficialRole, Store, Via};
use CampaignState::{Approved, Draft, Expired, Paused, Returned, Scheduled, Sending, Submitted};

/// What is done to a campaign.
#[derive(Clone)]
enum Verb {
    Submit,
    Return { reason: String },
    Approve { hash: String },
    AutoApprove { hash: String },
    Override { hash: String, reason: String },
    Schedule { at: Timestamp },
    Send,
    Pause { reason: String },
    Resume,
    Cancel { reason: String },
    Supersede { reason: String },
}

/// Defines the public verbs: each does its thing to version `version` of the campaign `id` and returns it.
macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident ( $($arg:ident : $type:ty),* ) = $verb:expr;)*) => {
        impl Store {
            $($(#[$doc])*
            ///
            /// # Errors
            /// [`Error::Stale`] when somebody else has changed it since that version,
            /// [`Error::WrongState`], [`Error::NotAllowed`], [`Error::NotFound`].
            pub async fn $name(
                &self,
                id: CampaignId,
                version: i64,
                $($arg: $type,)*
                actor: &Actor,
                now: Timestamp,
            ) -> Result<Campaign, Error> {
                self.act((id, version), $verb, actor, now).await
            })*
        }
    };
}

verbs! {
    /// Hands a draft to a second person.
    submit_campaign() = Verb::Submit;
    /// Gives it back to be changed, with a reason; an approval is void then.
    return_campaign(reason: &str) = Verb::Return { reason: reason.to_owned() };
    /// Approves it: a second person, an approver or admin, who neither wrote nor last edited it
    /// ([`Error::SamePerson`]); save a relay, which one official may let through. `hash` is over what she
    /// has seen: texts, audience, expiry. Whoever subscribes later does not belong to its audience.
    approve_campaign(hash: &str) = Verb::Approve { hash: hash.to_owned() };
    /// Approves what a county lets out by itself: a notice made for an occasion from a document of the
    /// library, or a relay. Only the engine, and only what the engine has written and nobody edited.
    auto_approve(hash: &str) = Verb::AutoApprove { hash: hash.to_owned() };
    /// Emergency: one approver or admin releases it alone, with a reason ([`Error::Missing`]). It is sending at
    /// once, or scheduled where it starts later.
    override_campaign(hash: &str, reason: &str) =
        Verb::Override { hash: hash.to_owned(), reason: reason.to_owned() };
    /// Sets when it begins; may be changed until then.
    schedule_campaign(at: Timestamp) = Verb::Schedule { at };
    /// Begins sending: from now on it is published.
    send_campaign() = Verb::Send;
    /// Stops it for the moment: nothing more is leased or marked, what was leased is queued again.
    pause_campaign(reason: &str) = Verb::Pause { reason: reason.to_owned() };
    /// Goes on.
    resume_campaign() = Verb::Resume;
    /// Stops it for good; what was not sent is noted as skipped. An editor may cancel what is not
    /// approved yet.
    cancel_campaign(reason: &str) = Verb::Cancel { reason: reason.to_owned() };
    /// Stops a relay that nobody has been told of yet, since its issuer has changed or ended it. Also the engine.
    supersede_relay(reason: &str) = Verb::Supersede { reason: reason.to_owned() };
}

impl Store {
    async fn act(
        &self,
        (id, version): (CampaignId, i64),
        verb: Verb,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Campaign, Error> {
        let actor = actor.clone();
        let campaign = self
            .write(move |transaction| {
                Box::pin(async move {
                    let found = find(transaction, id).await?;
                    check_version(&found, version)?;
                    verb.check_person(transaction, &found, &actor).await?;
                    verb.check(&found, now)?;
                    verb.clear(transaction, &found).await?;
                    transaction.execute(verb.statement(&found, &actor, now)).await?;
                    let subject = id.to_string();
                    record(transaction, &actor, (verb.action(), &subject), &verb.detail(), now)
                        .await?;
                    find(transaction, id).await
                })
            })
            .await?;
        self.ring();
        Ok(campaign)
    }
}

/// Refuses a change that was decided on an older version.
pub(super) fn check_version(found: &Campaign, version: i64) -> Result<(), Error> {
    if found.version == version { Ok(()) } else { Err(Error::Stale) }
}

/// Takes back approval and audience: what was frozen for the old text does not hold for another.
pub(super) async fn forget_audience(
    transaction: &mut Transaction,
    id: CampaignId,
) -> Result<(), Error> {
    let rows = sql("DELETE FROM delivery WHERE campaign = $1").bind(id.0);
    transaction.execute(rows).await?;
    let approval =
        sql("UPDATE campaign SET approver = NULL, approved_hash = NULL, approved = NULL,
             overridden = FALSE, frontier = NULL, position = 0, materialised = FALSE,
             audience_hash = NULL, audience_count = NULL
         WHERE id = $1");
    transaction.execute(approval.bind(id.0)).await.map(drop)
}

impl Verb {
    fn action(&self) -> &'static str {
        match self {
            Self::Submit => "campaign.submit",
            Self::Return { .. } => "campaign.return",
            Self::Approve { .. } | Self::AutoApprove { .. } => "campaign.approve",
            Self::Override { .. } => "campaign.override",
            Self::Schedule { .. } => "campaign.schedule",
            Self::Send => "campaign.send",
            Self::Pause { .. } => "campaign.pause",
            Self::Resume => "campaign.resume",
            Self::Cancel { .. } => "campaign.cancel",
            Self::Supersede { .. } => "campaign.supersede",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Submit | Self::Send | Self::Resume => String::new(),
            Self::Return { reason }
            | Self::Pause { reason }
            | Self::Cancel { reason }
            | Self::Supersede { reason } => format!("reason={reason}"),
            Self::Approve { hash } => format!("hash={hash}"),
            Self::AutoApprove { hash } => format!("auto hash={hash}"),
            Self::Override { hash, reason } => format!("hash={hash} reason={reason}"),
            Self::Schedule { at } => format!("at={at}"),
        }
    }

    /// The states it may be done in.
    fn from(&self) -> &'static [CampaignState] {
        match self {
            Self::Submit => &[Draft, Returned],
            Self::Return { .. } => &[Submitted, Approved, Scheduled],
            Self::Approve { .. } => &[Submitted],
            Self::AutoApprove { .. } | Self::Override { .. } => &[Draft, Submitted, Returned],
            Self::Schedule { .. } | Self::Send => &[Approved, Scheduled],
            Self::Pause { .. } => &[Sending],
            Self::Resume => &[Paused],
            Self::Cancel { .. } => {
                &[Draft, Submitted, Returned, Approved, Scheduled, Sending, Paused]
            }
            Self::Supersede { .. } => &[Draft, Submitted, Returned, Approved, Scheduled],
        }
    }

    /// Whether this person may do it.
    async fn check_person(
        &self,
        transaction: &mut Transaction,
        found: &Campaign,
        actor: &Actor,
    ) -> Result<(), Error> {
        match self {
            Self::Submit => permit(transaction, actor, OfficialRole::Editor).await,
            Self::Schedule { .. } | Self::Send | Self::Pause { .. } => {
                permit(transaction, actor, OfficialRole::Approver).await
            }
            Self::Approve { .. } => {
                permit_person(transaction, actor, OfficialRole::Approver).await?;
                let wrote = actor.name == found.author || actor.name == found.editor;
                let second = !wrote || found.draft.kind == CampaignKind::Relay;
                if second { Ok(()) } else { Err(Error::SamePerson) }
            }
            Self::AutoApprove { .. } => {
                if is_automatic(found, actor) {
                    Ok(())
                } else {
                    Err(Error::NotAllowed)
                }
            }
            Self::Return { .. } | Self::Override { .. } | Self::Resume => {
                permit_person(transaction, actor, OfficialRole::Approver).await
            }
            Self::Cancel { .. } => {
                let approved = found.approved.is_some();
                let least = if approved { OfficialRole::Approver } else { OfficialRole::Editor };
                permit_person(transaction, actor, least).await
            }
            Self::Supersede { .. } => {
                permit(transaction, actor, OfficialRole::Editor).await?;
                if found.draft.relay.is_some() { Ok(()) } else { Err(Error::NotAllowed) }
            }
        }
    }

    /// Whether it may be done now.
    fn check(&self, found: &Campaign, now: Timestamp) -> Result<(), Error> {
        if !self.from().contains(&found.state) {
            return Err(Error::WrongState { found: found.state });
        }
        let (expires, over) = (found.draft.expires, Error::WrongState { found: Expired });
        match self {
            Self::Return { .. }
            | Self::Pause { .. }
            | Self::Cancel { .. }
            | Self::Supersede { .. } => Ok(()),
            Self::Override { reason, .. } if reason.trim().is_empty() => {
                Err(Error::Missing { what: "reason" })
            }
            Self::Schedule { at } if *at >= expires => Err(Error::Missing { what: "later expiry" }),
            _ if expires <= now => Err(over),
            _ => Ok(()),
        }
    }

    /// Puts away what the state it leaves has brought into the ledger.
    async fn clear(&self, transaction: &mut Transaction, found: &Campaign) -> Result<(), Error> {
        match self {
            Self::Return { .. } => forget_audience(transaction, found.id).await,
            Self::Pause { .. } | Self::Cancel { .. } => {
                give_leases_back(transaction, found.id).await
            }
            _ => Ok(()),
        }
    }

    fn statement(&self, found: &Campaign, actor: &Actor, now: Timestamp) -> Statement {
        let id = found.id.0;
        let second = now.as_second();
        match self {
            Self::Submit => {
                change("state = 1, submitted = $2, reason = NULL").bind(id).bind(second)
            }
            Self::Return { reason } => change("state = 2, reason = $2").bind(id).bind(reason),
            Self::Approve { hash } | Self::AutoApprove { hash } => approve("state = 3")
                .bind(id)
                .bind(&actor.name)
                .bind(hash)
                .bind(second)
                .bind(false)
                .bind(None::<String>),
            Self::Override { hash, reason } => {
                let later = found.draft.starts.is_some_and(|starts| starts > now);
                approve(if later { "state = 4" } else { "state = 5, started = $4" })
                    .bind(id)
                    .bind(&actor.name)
                    .bind(hash)
                    .bind(second)
                    .bind(true)
                    .bind(reason)
            }
            Self::Schedule { at } => change("state = 4, starts = $2").bind(id).bind(at.as_second()),
            Self::Send => change("state = 5, started = $2").bind(id).bind(second),
            Self::Pause { reason } => change("state = 6, reason = $2").bind(id).bind(reason),
            Self::Resume => change("state = 5, reason = NULL").bind(id),
            Self::Cancel { reason } | Self::Supersede { reason } => {
                change("state = 11, ended = $2, reason = $3").bind(id).bind(second).bind(reason)
            }
        }
    }
}

fn change(columns: &str) -> Statement {
    let text = format!("UPDATE campaign SET {columns}, version = version + 1 WHERE id = $1");
    sql(sqlx::AssertSqlSafe(text))
}

/// Approval, with what frames the audience: nobody above the frontier had subscribed then.
fn approve(state: &str) -> Statement {
    change(&format!(
        "{state}, approver = $2, approved_hash = $3, approved = $4, overridden = $5, reason = $6,
         frontier = (SELECT COALESCE(MAX(number), 0) FROM subscriber)"
    ))
}

/// Whether the engine may let `found` out without any official.
fn is_automatic(found: &Campaign, actor: &Actor) -> bool {
    let draft = &found.draft;
    let kind = match draft.kind {
        CampaignKind::Notice => draft.occasion.is_some() && draft.document.is_some(),
        CampaignKind::Relay => draft.relay.is_some(),
        _ => false,
    };
    let ours = |name: &str| name == "engine" || name.starts_with("relay:");
    kind && actor.via == Via::Engine && ours(&found.author) && ours(&found.editor)
}
