//! What is done to campaigns. Who may do what, and from which state, is the store's rule; here the words are
//! checked, and what was approved is held to be what is sent.

use std::collections::HashMap;

use fenghuo_content::{Code, Library};
use fenghuo_store::{Actor, Campaign, CampaignId, Draft};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::content::{self, CHANNELS, Shown};
use super::{Error, Fault, Office, Subject};

/// A code is taken once in many million draws.
const DRAWS: usize = 20;

impl Office {
    /// Creates a campaign from `draft`, in which nothing is wrong.
    ///
    /// # Errors
    /// [`Error::Faults`], or what the store refuses.
    pub async fn create(&self, draft: Draft, actor: &Actor) -> Result<Campaign, Error> {
        let draft = self.checked(draft).await?;
        self.create_unchecked(draft, actor).await
    }

    /// Creates a campaign whose faults wait for an editor.
    pub(super) async fn create_unchecked(
        &self,
        draft: Draft,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        for _ in 0..DRAWS {
            let code = Code::draw(rand::random());
            let created =
                self.store().create_campaign(code.as_str(), draft.clone(), actor, self.now()).await;
            match created {
                Err(fenghuo_store::Error::Taken { what: "code" }) => {}
                created => return Ok(created?),
            }
        }
        Err(fenghuo_store::Error::Taken { what: "code" }.into())
    }

    /// Changes what a campaign says; what was submitted or approved is a draft again.
    ///
    /// # Errors
    /// [`Error::Faults`], or what the store refuses.
    pub async fn edit(
        &self,
        id: CampaignId,
        version: i64,
        draft: Draft,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        let draft = self.checked(draft).await?;
        Ok(self.store().edit_campaign(id, version, draft, actor, self.now()).await?)
    }

    /// Hands a draft to a second person.
    ///
    /// # Errors
    /// [`Error::Faults`], or what the store refuses.
    pub async fn submit(
        &self,
        id: CampaignId,
        version: i64,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        self.sound(id).await?;
        Ok(self.store().submit_campaign(id, version, actor, self.now()).await?)
    }

    /// Gives it back to be changed.
    ///
    /// # Errors
    /// What the store refuses, or when `reason` is empty.
    pub async fn return_to_author(
        &self,
        id: CampaignId,
        version: i64,
        reason: &str,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        let reason = reason_of(reason)?;
        Ok(self.store().return_campaign(id, version, reason, actor, self.now()).await?)
    }

    /// Approves it as it reads now.
    ///
    /// # Errors
    /// [`Error::Faults`], or what the store refuses.
    pub async fn approve(
        &self,
        id: CampaignId,
        version: i64,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        let hash = self.sound(id).await?;
        Ok(self.store().approve_campaign(id, version, &hash, actor, self.now()).await?)
    }

    /// Sets when it begins.
    ///
    /// # Errors
    /// [`Error::Changed`], or what the store refuses.
    pub async fn schedule(
        &self,
        id: CampaignId,
        version: i64,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        if at < self.now() {
            let fault = Fault::new("starts", "这个时间已经过了；写以后的时间，或者直接发送");
            return Err(Error::Faults(vec![fault]));
        }
        self.unchanged(id).await?;
        Ok(self.store().schedule_campaign(id, version, at, actor, self.now()).await?)
    }

    /// Begins sending. From now on it is published; a running server carries it out.
    ///
    /// # Errors
    /// [`Error::Changed`], or what the store refuses.
    pub async fn send(
        &self,
        id: CampaignId,
        version: i64,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        self.unchanged(id).await?;
        Ok(self.store().send_campaign(id, version, actor, self.now()).await?)
    }

    /// Emergency: one person releases it, for a reason. The audit log and every desk tell all officials.
    ///
    /// # Errors
    /// [`Error::Faults`], or what the store refuses.
    pub async fn override_approval(
        &self,
        id: CampaignId,
        version: i64,
        reason: &str,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        let reason = reason_of(reason)?;
        let hash = self.sound(id).await?;
        Ok(self.store().override_campaign(id, version, &hash, reason, actor, self.now()).await?)
    }

    /// Stops it for the moment.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn pause(
        &self,
        id: CampaignId,
        version: i64,
        reason: &str,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        Ok(self.store().pause_campaign(id, version, reason.trim(), actor, self.now()).await?)
    }

    /// Goes on.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn resume(
        &self,
        id: CampaignId,
        version: i64,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        Ok(self.store().resume_campaign(id, version, actor, self.now()).await?)
    }

    /// Stops it for good.
    ///
    /// # Errors
    /// What the store refuses, or when `reason` is empty.
    pub async fn cancel(
        &self,
        id: CampaignId,
        version: i64,
        reason: &str,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        let reason = reason_of(reason)?;
        Ok(self.store().cancel_campaign(id, version, reason, actor, self.now()).await?)
    }

    /// The campaign `id`.
    ///
    /// # Errors
    /// [`fenghuo_store::Error::NotFound`], or when the store fails.
    pub async fn campaign(&self, id: CampaignId) -> Result<Campaign, Error> {
        let found = self.store().campaign(id).await?;
        Ok(found.ok_or(fenghuo_store::Error::NotFound { what: "campaign" })?)
    }

    /// Refuses a campaign with faults; the hash of what it says to everybody.
    async fn sound(&self, id: CampaignId) -> Result<String, Error> {
        let campaign = self.campaign(id).await?;
        let faults = self.check(&campaign.draft).await?;
        if !faults.is_empty() {
            return Err(Error::Faults(faults));
        }
        self.hash(&campaign).await
    }

    /// Refuses a campaign that does not say any more what was approved.
    async fn unchanged(&self, id: CampaignId) -> Result<(), Error> {
        let campaign = self.campaign(id).await?;
        match &campaign.approved_hash {
            Some(approved) if *approved != self.hash(&campaign).await? => Err(Error::Changed),
            // Not approved: the store says so.
            _ => Ok(()),
        }
    }

    /// Hash of the words of `campaign` on every channel in every region, its audience and its expiry.
    pub(super) async fn hash(&self, campaign: &Campaign) -> Result<String, Error> {
        let library = self.library();
        let subject = Subject::of(self.store(), campaign).await?;
        Ok(self.aside(move |office| office.hash_of(&library, &subject)).await)
    }

    fn hash_of(&self, library: &Library, subject: &Subject) -> String {
        let mut digest = Sha256::new();
        let mut add = |part: &str| {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        };
        let draft = &subject.draft;
        add(draft.kind.as_str());
        add(&draft.expires.as_second().to_string());
        add(&format!("{:?}", draft.audience));
        add(&format!("{} {}", draft.urgent, draft.policy));
        let regions = self.readers(library, subject);
        let regions = content::differing(subject, &regions);
        let alike = content::alike(library, subject, regions);
        // Hundreds of villages whose readers get the same words: written out once.
        let mut written: HashMap<(usize, &str), Option<Shown>> = HashMap::new();
        for (region, same) in regions.iter().zip(alike) {
            for channel in &CHANNELS {
                let shown = written.entry((same, channel.id)).or_insert_with(|| {
                    content::render(self.ground(library), subject, channel, region).ok()
                });
                let Some(shown) = shown else { continue };
                for part in [&region.id, channel.id, &shown.rendered.title, &shown.rendered.plain] {
                    add(part);
                }
                add(&shown.rendered.html);
            }
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Reasons are read by everybody in the audit log: one line, not too long, never empty.
fn reason_of(reason: &str) -> Result<&str, Error> {
    let reason = reason.trim();
    let message = if reason.is_empty() {
        "要写理由；以后查记录的人要看得懂"
    } else if reason.chars().count() > 200 {
        "理由太长，最多 200 字"
    } else if reason.chars().any(char::is_control) {
        "理由只能有一行"
    } else {
        return Ok(reason);
    };
    Err(Error::Faults(vec![Fault::new("reason", message)]))
}
