//! Half-written drafts are kept: an editor who is called away finds everything again. What is missing is told on
//! the sheet, and keeps a draft from being submitted, approved or released.

use fenghuo_store::{Actor, Campaign, CampaignId, Draft};

use super::{Error, Fault, Office};

/// Most characters of a text that is kept; far more than anything that can be sent.
const MOST: usize = 50_000;
/// Most characters of a title that is kept.
const TITLE: usize = 500;

impl Office {
    /// Keeps `draft` as a new campaign, whatever is wrong with its words and times.
    ///
    /// # Errors
    /// [`Error::Faults`] for an audience, kind or document that makes no sense; what the store refuses.
    pub async fn keep_new(&self, draft: Draft, actor: &Actor) -> Result<Campaign, Error> {
        self.storable(&draft).await?;
        self.create_unchecked(self.written_out(draft), actor).await
    }

    /// Keeps `draft` as what the campaign says now; what was submitted or approved is a draft again.
    ///
    /// # Errors
    /// As [`Office::keep_new`].
    pub async fn keep(
        &self,
        id: CampaignId,
        version: i64,
        draft: Draft,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        self.storable(&draft).await?;
        let draft = self.written_out(draft);
        Ok(self.store().edit_campaign(id, version, draft, actor, self.now()).await?)
    }

    async fn storable(&self, draft: &Draft) -> Result<(), Error> {
        let too_long = |field: &str, text: &str, most: usize| {
            let fault = || Fault::new(field, format!("太长，最多存 {most} 字"));
            (text.chars().count() > most).then(fault)
        };
        let mut faults: Vec<Fault> = too_long("title", &draft.title, TITLE)
            .into_iter()
            .chain(too_long("body", &draft.body, MOST))
            .collect();
        for (channel, text) in &draft.overrides {
            faults.extend(too_long(&format!("override:{channel}"), text, MOST));
        }
        // Checking words means writing them out for every channel and region: not for texts beyond all measure.
        if faults.is_empty() {
            let told = self.check(draft).await?.into_iter();
            faults.extend(
                told.filter(|fault| {
                    ["audience", "kind", "document"].contains(&fault.field.as_str())
                }),
            );
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Faults(faults)) }
    }
}
