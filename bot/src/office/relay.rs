//! Warnings of others become campaigns: word for word, with our actions beneath, to the places they are about.

use fenghuo_store::{Actor, Audience, Campaign, CampaignKind, Draft, RelayAdded, UnknownPolicy};

use super::{Error, Office, audience, blank};
use crate::public::relay::{self, Relay};

impl Office {
    /// Makes a campaign of the warning `bytes`. `actions` finds ours in the library; `source` says where it
    /// came from (`file`, `feed:NAME`). `regions`: where it goes, else the places it names.
    ///
    /// # Errors
    /// [`Error::Unreadable`]; [`Error::Known`] with the campaign that passes it on; what the store refuses.
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
        let earlier = self.earlier(&relay).await?;
        // What only ends a warning often names no place: it goes where that one went.
        let before = || earlier.as_ref().map(|first| first.draft.audience.regions.clone());
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
        let severe = relay.alert.infos.iter().any(|info| {
            info.urgency == "Immediate" || ["Severe", "Extreme"].contains(&info.severity.as_str())
        });
        let audience = Audience { regions, ..Audience::default() };
        let draft = Draft {
            title: relay.title(),
            body: actions(&relay),
            audience: audience::expand(&library, &audience),
            urgent: severe,
            policy: if severe { UnknownPolicy::Resend } else { UnknownPolicy::Never },
            expires: relay.expires(),
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

    /// The published campaign that passes on what `relay` refers to, the latest first.
    async fn earlier(&self, relay: &Relay) -> Result<Option<Campaign>, fenghuo_store::Error> {
        for reference in relay.alert.references.iter().rev() {
            let found = self
                .store()
                .relay_with(&reference.sender, &reference.identifier, &reference.sent.text)
                .await?;
            let Some(found) = found else { continue };
            let campaign = self.store().campaign_of_relay(found.id).await?;
            if let Some(campaign) = campaign.filter(|campaign| campaign.started.is_some()) {
                return Ok(Some(campaign));
            }
        }
        Ok(None)
    }
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
