//! The words of a campaign for the engine that sends it.

use fenghuo_store::Campaign;

use super::content::{self, CHANNELS, find_channel};
use super::{Error, Office, Subject, township_of};
use crate::broadcast::{Reader, Rendered, TextFault, Texts};

impl Texts for Office {
    async fn render(&self, campaign: &Campaign, reader: &Reader) -> Result<Rendered, TextFault> {
        let library = self.library();
        let subject = Subject::of(self.store(), campaign)
            .await
            .map_err(|error| TextFault(error.to_string()))?;
        // A channel without words of its own gets those for platforms.
        let channel = find_channel(&reader.channel).unwrap_or(&CHANNELS[4]);
        let region = content::region_of(&library, &reader.region);
        let shown = content::render(self.ground(&library), &subject, channel, &region)
            .map_err(|fault| TextFault(fault.to_string()))?;
        let township = township_of(&library, &region.id);
        Ok(content::placed(shown, channel, township).rendered)
    }

    async fn approved(&self, campaign: &Campaign) -> Result<(), TextFault> {
        let hash = self.hash(campaign).await.map_err(|error| TextFault(error.to_string()))?;
        match &campaign.approved_hash {
            Some(approved) if *approved == hash => Ok(()),
            _ => Err(TextFault(Error::Changed.to_string())),
        }
    }
}
