//! Creating and editing a campaign.

use jiff::Timestamp;

use super::verb::{check_version, forget_audience};
use super::{Campaign, CampaignId, CampaignKind, CampaignState, Draft, find, occasion};
use crate::actor::{permit, record};
use crate::database::{Statement, Transaction, sql};
use crate::{Actor, Error, OfficialRole, Store};

impl Store {
    /// Creates a campaign as a draft. `code` is drawn by the caller.
    ///
    /// # Errors
    /// [`Error::Taken`] for the code: draw another. [`Error::OccasionTaken`]: the occasion has been dealt with,
    /// nothing was created. [`Error::NotFound`] and [`Error::WrongState`] when what it refers to is not there or
    /// was never published; [`Error::Missing`] when a relay names no warning. [`Error::NotAllowed`].
    pub async fn create_campaign(
        &self,
        code: &str,
        draft: Draft,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Campaign, Error> {
        let (code, actor) = (code.to_owned(), actor.clone());
        self.write(move |transaction| {
            Box::pin(async move {
                permit(transaction, &actor, OfficialRole::Editor).await?;
                check_reference(transaction, &draft, draft.kind).await?;
                let id = insert(transaction, &code, &draft, (&actor, now)).await?;
                if let Some(name) = &draft.occasion {
                    occasion::take(transaction, name, id, now).await?;
                }
                let detail = format!("kind={} code={code}", draft.kind);
                let subject = id.to_string();
                record(transaction, &actor, ("campaign.create", &subject), &detail, now).await?;
                find(transaction, id).await
            })
        })
        .await
    }

    /// Changes what a campaign says. What was submitted or approved is a draft again, its approval gone.
    ///
    /// Kind and occasion stay as they were created.
    ///
    /// # Errors
    /// [`Error::Stale`] when somebody else has changed it since version `version`; [`Error::WrongState`] once it
    /// is published or at its end; [`Error::NotAllowed`], [`Error::NotFound`].
    pub async fn edit_campaign(
        &self,
        id: CampaignId,
        version: i64,
        draft: Draft,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Campaign, Error> {
        let actor = actor.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                permit(transaction, &actor, OfficialRole::Editor).await?;
                let found = find(transaction, id).await?;
                check_version(&found, version)?;
                if found.started.is_some() || found.state.is_final() {
                    return Err(Error::WrongState { found: found.state });
                }
                check_reference(transaction, &draft, found.draft.kind).await?;
                forget_audience(transaction, id).await?;
                transaction.execute(update(id, &draft, &actor)).await?;
                let detail = match found.state {
                    CampaignState::Approved | CampaignState::Scheduled => "approval is void",
                    _ => "",
                };
                let subject = id.to_string();
                record(transaction, &actor, ("campaign.edit", &subject), detail, now).await?;
                find(transaction, id).await
            })
        })
        .await
    }
}

/// What follows an earlier campaign needs one that was published; a relay needs a warning we keep, because it
/// needs no second person.
async fn check_reference(
    transaction: &mut Transaction,
    draft: &Draft,
    kind: CampaignKind,
) -> Result<(), Error> {
    if kind == CampaignKind::Relay {
        let relay = draft.relay.ok_or(Error::Missing { what: "relay" })?;
        let known = sql("SELECT id FROM relay WHERE id = $1").bind(relay.number());
        transaction.row(known).await?.ok_or(Error::NotFound { what: "relay" })?;
    }
    let Some(first) = draft.refers else {
        let lacks = kind.follows();
        return if lacks { Err(Error::Missing { what: "reference" }) } else { Ok(()) };
    };
    let statement = sql("SELECT state, started FROM campaign WHERE id = $1").bind(first.0);
    let row = transaction.row(statement).await?.ok_or(Error::NotFound { what: "campaign" })?;
    match row.get::<Option<i64>>("started")? {
        Some(_) => Ok(()),
        None => Err(Error::WrongState { found: CampaignState::of(row.get("state")?) }),
    }
}

async fn insert(
    transaction: &mut Transaction,
    code: &str,
    draft: &Draft,
    (actor, now): (&Actor, Timestamp),
) -> Result<CampaignId, Error> {
    let statement = sql("INSERT INTO campaign (title, body, overrides, audience, urgent, policy,
             expires, starts, document, refers, relay, editor, kind, occasion, code, author, created,
             state, version, overridden, position, materialised, swept)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $12, $16,
                 0, 1, FALSE, 0, FALSE, FALSE)
         ON CONFLICT (code) DO NOTHING RETURNING id");
    let statement = bind_draft(statement, draft, actor)
        .bind(draft.kind.code())
        .bind(draft.occasion.clone())
        .bind(code)
        .bind(now.as_second());
    let row = transaction.row(statement).await?.ok_or(Error::Taken { what: "code" })?;
    Ok(CampaignId(row.get("id")?))
}

fn update(id: CampaignId, draft: &Draft, actor: &Actor) -> Statement {
    let statement = sql("UPDATE campaign SET title = $1, body = $2, overrides = $3, audience = $4,
             urgent = $5, policy = $6, expires = $7, starts = $8, document = $9, refers = $10,
             relay = $11, editor = $12, state = 0, version = version + 1, submitted = NULL
         WHERE id = $13");
    bind_draft(statement, draft, actor).bind(id.0)
}

/// The twelve values of a draft that may change, its editor last.
fn bind_draft(statement: Statement, draft: &Draft, actor: &Actor) -> Statement {
    let json = |value: Result<String, serde_json::Error>| value.expect("texts can be written");
    statement
        .bind(&draft.title)
        .bind(&draft.body)
        .bind(json(serde_json::to_string(&draft.overrides)))
        .bind(json(serde_json::to_string(&draft.audience)))
        .bind(draft.urgent)
        .bind(draft.policy.code())
        .bind(draft.expires.as_second())
        .bind(draft.starts.map(Timestamp::as_second))
        .bind(draft.document.clone())
        .bind(draft.refers.map(|first| first.0))
        .bind(draft.relay.map(|relay| relay.0))
        .bind(&actor.name)
}
