//! Warnings of others become campaigns: word for word, with our actions beneath, to the places they are about.

use fenghuo_content::published::Stage;
use fenghuo_store::{
    Actor, Audience, Campaign, CampaignKind, Draft, RelayAdded, UnknownPolicy, Via,
};

use super::{Error, Office, audience, blank};
use crate::public::relay::{self, Relay};

impl Office {
    /// Makes a campaign of the warning `bytes`. `actions` finds ours in the library; `source` says where it
    /// came from (`file`, `feed:NAME`). `regions`: where it goes, else the places it names.
    ///
    /// # Errors
    /// [`Error::Unreadable`]; [`Error::Known`] with the campaign that passes it on; [`Error::Ended`] where it ends
    /// what was never sent; what the store refuses.
    pub async fn pass_on(
        &self,
        bytes: &[u8],
        actions: impl FnOnce(&Relay) -> String,
        source: &str,
        regions: Option<Vec<String>>,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        let relay = relay::read(bytes).map_err(|fault| Error::Unreadable(fault.chinese()))?;
        let library = self.library();
        let chain = self.chain(&relay).await?;
        let earlier = chain.iter().find(|campaign| campaign.started.is_some());
        // What only ends a warning often names no place: it goes where that one went.
        let latest = earlier.or(chain.first());
        let before = || latest.map(|first| first.draft.audience.regions.clone());
        let named = || relay::regions(&library, &relay);
        let Some(regions) = regions.or_else(named).or_else(before) else {
            return Err(Error::Unreadable(
                "它说的地方不在本县；确实要发，就写明发到哪里".to_owned(),
            ));
        };
        let stored = stored(&relay, source);
        let (RelayAdded::New(id) | RelayAdded::Known(id)) =
            self.store().add_relay(&stored, self.now()).await?;
        if let Some(campaign) = self.store().campaign_of_relay(id).await? {
            return Err(Error::Known(campaign.id));
        }
        let dropped = self.supersede(&relay, &chain, actor).await?;
        let ends = relay.stage() == Stage::Cancel;
        if ends && earlier.is_none() && (!dropped.is_empty() || actor.via == Via::Engine) {
            return Err(Error::Ended(dropped.len()));
        }
        let severe = relay.alert.infos.iter().any(|info| {
            info.urgency == "Immediate" || ["Severe", "Extreme"].contains(&info.severity.as_str())
        });
        let audience = Audience { regions, ..Audience::default() };
        let draft = Draft {
            title: relay.title(),
            body: edited(&dropped).unwrap_or_else(|| actions(&relay)),
            audience: audience::expand(&library, &audience),
            urgent: severe,
            policy: if severe { UnknownPolicy::Resend } else { UnknownPolicy::Never },
            expires: earlier.filter(|_| ends).map_or(relay.expires(), |first| {
                // As long as the warning itself may still be read somewhere.
                relay.expires().max(first.draft.expires)
            }),
            refers: earlier.map(|first| first.id),
            relay: Some(id),
            ..blank(CampaignKind::Relay, self.now())
        };
        self.create(draft, actor).await
    }

    /// Lets a warning of a configured feed out at once, without any official.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn let_relay_out(
        &self,
        campaign: &Campaign,
        actor: &Actor,
    ) -> Result<Campaign, Error> {
        let hash = self.hash(campaign).await?;
        let store = self.store();
        let approved =
            store.auto_approve(campaign.id, campaign.version, &hash, actor, self.now()).await?;
        Ok(store.send_campaign(campaign.id, approved.version, actor, self.now()).await?)
    }

    /// Lets out what a configured feed has brought, though its warnings wait for an official, when it only ends a
    /// warning that people here were told: nobody shall go on living by a warning that does not hold. `None`: it is
    /// for an official.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn let_end_out(
        &self,
        campaign: &Campaign,
        relay: &Relay,
        actor: &Actor,
    ) -> Result<Option<Campaign>, Error> {
        let told = campaign.draft.refers.is_some() && relay.stage() == Stage::Cancel;
        let own = relay.alert.references.iter().all(|first| first.sender == relay.alert.sender);
        if !told || !own {
            return Ok(None);
        }
        self.let_relay_out(campaign, actor).await.map(Some)
    }

    /// Whether `relay` ends a warning people here were told and that would still hold.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ends_current(&self, relay: &Relay) -> Result<bool, fenghuo_store::Error> {
        let holds =
            |campaign: &Campaign| campaign.started.is_some() && campaign.draft.expires > self.now();
        Ok(relay.stage() == Stage::Cancel && self.chain(relay).await?.iter().any(holds))
    }

    /// The campaigns that pass on what `relay` refers to, the latest first, whatever their state.
    async fn chain(&self, relay: &Relay) -> Result<Vec<Campaign>, fenghuo_store::Error> {
        let mut chain = Vec::new();
        for reference in relay.alert.references.iter().rev() {
            let found = self
                .store()
                .relay_with(&reference.sender, &reference.identifier, &reference.sent.text)
                .await?;
            let Some(found) = found else { continue };
            chain.extend(self.store().campaign_of_relay(found.id).await?);
        }
        Ok(chain)
    }

    /// Cancels those of `chain` that nobody was told of yet: the issuer itself has changed or ended them.
    async fn supersede(
        &self,
        relay: &Relay,
        chain: &[Campaign],
        actor: &Actor,
    ) -> Result<Vec<Campaign>, Error> {
        let mut dropped = Vec::new();
        let follows = relay.stage() != Stage::Alert;
        let own = relay.alert.references.iter().all(|first| first.sender == relay.alert.sender);
        for campaign in chain.iter().filter(|campaign| {
            follows && own && campaign.started.is_none() && !campaign.state.is_final()
        }) {
            let what = if relay.stage() == Stage::Cancel { "解除" } else { "更新" };
            let reason = format!("发布单位已经{what}：{}", relay.alert.identifier);
            let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
            let (id, version) = (campaign.id, campaign.version);
            self.store().supersede_relay(id, version, &reason, actor, self.now()).await?;
            dropped.push(campaign.clone());
        }
        Ok(dropped)
    }
}

/// Our actions as an official has edited them in a draft that was taken back: her work goes on in the next one.
fn edited(dropped: &[Campaign]) -> Option<String> {
    let edited = dropped
        .iter()
        .find(|campaign| campaign.version > 1 && !campaign.editor.starts_with("relay:"));
    edited.map(|campaign| campaign.draft.body.clone()).filter(|body| !body.trim().is_empty())
}

fn stored(relay: &Relay, source: &str) -> fenghuo_store::Relay {
    let references = relay.alert.references.iter();
    let references = references.map(|r| format!("{},{},{}", r.sender, r.identifier, r.sent.text));
    fenghuo_store::Relay {
        identifier: relay.alert.identifier.clone(),
        sender: relay.alert.sender.clone(),
        sent: relay.alert.sent.text.clone(),
        msg_type: relay.alert.msg_type.word().to_owned(),
        references: references.collect::<Vec<_>>().join(" "),
        raw: relay.raw.clone(),
        issuer: relay.issuer().to_owned(),
        title: relay.title(),
        effective: Some(relay.effective()),
        expires: Some(relay.expires()),
        source: source.to_owned(),
    }
}
