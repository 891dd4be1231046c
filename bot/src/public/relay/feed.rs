//! Feeds of those who may warn, asked once a minute: what is new is kept byte for byte and becomes a campaign,
//! which goes out at once where the configuration says so and else waits for one official.

use std::collections::HashSet;
use std::time::Duration;

use fenghuo_content::published::Stage;
use fenghuo_site::Current;
use fenghuo_store::{Actor, Campaign, CampaignId, CampaignState, Via};
use reqwest::Url;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::fetch::{Fetched, Fetcher, Validators};
use super::link::{Entry, Listed, listed};
use super::{actions, read, regions};
use crate::Clock;
use crate::office::{self, Office};

const EVERY: Duration = Duration::from_secs(60);

/// `[relay.NAME]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedOptions {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: FeedUrl,
    /// Whether its warnings go out without an official.
    pub auto: bool,
    /// Whether it may lie in our own networks.
    pub private: bool,
}

/// The address of a feed: `http` or `https`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedUrl(pub(super) Url);

impl FeedUrl {
    /// Reads an address of the web.
    pub fn parse(text: &str) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(Self(url))
    }
}

impl<'de> serde::Deserialize<'de> for FeedUrl {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom("write the address of the feed: https://host/path")
        })
    }
}

/// All feeds.
pub struct Feeds {
    feeds: Vec<Feed>,
}

/// One feed, with what it has said.
struct Feed {
    options: FeedOptions,
    office: Office,
    current: Current,
    clock: Clock,
    known: Validators,
    /// Entries that were dealt with.
    seen: HashSet<Entry>,
}

/// What came of one alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// It is a campaign now; `true`: on its way.
    Campaign(bool),
    /// It was one before.
    Known,
    /// It is about other places, is over, or ends what was never passed on.
    Idle,
}

impl Feeds {
    /// The feeds of the configuration, whose alerts become campaigns of `office`.
    pub fn new(office: &Office, current: &Current, clock: &Clock, feeds: &[FeedOptions]) -> Self {
        let feed = |options: &FeedOptions| Feed {
            options: options.clone(),
            office: office.clone(),
            current: current.clone(),
            clock: clock.clone(),
            known: Validators::default(),
            seen: HashSet::new(),
        };
        Self { feeds: feeds.iter().map(feed).collect() }
    }

    /// Asks each feed once.
    pub async fn poll(&mut self) {
        for feed in &mut self.feeds {
            match Fetcher::new(feed.options.private) {
                Ok(fetcher) => feed.poll(&fetcher).await,
                Err(error) => tracing::error!(%error, "no client for this feed"),
            }
        }
    }

    /// Asks each feed now and then until `stop` changes.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let mut tasks = JoinSet::new();
        for feed in self.feeds {
            tasks.spawn(feed.run(stop.clone()));
        }
        while tasks.join_next().await.is_some() {}
    }
}

impl Feed {
    async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let fetcher = match Fetcher::new(self.options.private) {
            Ok(fetcher) => fetcher,
            Err(error) => {
                tracing::error!(relay = self.options.name, %error, "no client for this feed");
                return;
            }
        };
        while !*stop.borrow() {
            self.poll(&fetcher).await;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Asks once.
    async fn poll(&mut self, fetcher: &Fetcher) {
        let name = self.options.name.clone();
        let (body, validators) = match fetcher.get(&self.options.url.0, &self.known).await {
            Ok(Fetched::Same) => return,
            Ok(Fetched::Body(body, validators)) => (body, validators),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(relay = name, error, "the feed cannot be read");
                return;
            }
        };
        let whole = match listed(&body) {
            Ok(Listed::Alert) => self.take(&body).await,
            Ok(Listed::Index(entries)) => self.follow(fetcher, entries).await,
            Err(fault) => {
                tracing::warn!(relay = name, %fault, "the feed cannot be read");
                false
            }
        };
        // What could not be taken is asked for again, though the index may not have changed.
        if whole {
            self.known = validators;
        }
    }

    /// Fetches the alerts of an index that are new; whether all of them were dealt with.
    async fn follow(&mut self, fetcher: &Fetcher, entries: Vec<Entry>) -> bool {
        self.seen.retain(|entry| entries.contains(entry));
        let mut whole = true;
        // The oldest first, so that an update finds what it follows.
        for entry in entries.into_iter().rev() {
            if self.seen.contains(&entry) {
                continue;
            }
            if self.fetch(fetcher, &entry).await {
                self.seen.insert(entry);
            } else {
                whole = false;
            }
        }
        whole
    }

    /// Fetches one alert; `false`: to be tried again.
    async fn fetch(&self, fetcher: &Fetcher, entry: &Entry) -> bool {
        let name = self.options.name.as_str();
        let Ok(url) = self.options.url.0.join(&entry.href) else {
            tracing::warn!(relay = name, "an entry has no readable address");
            return true;
        };
        match fetcher.get(&url, &Validators::default()).await {
            Ok(Fetched::Body(bytes, _)) => self.take(&bytes).await,
            Ok(Fetched::Same) => true,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(relay = name, error, "an alert of the feed cannot be read");
                false
            }
        }
    }

    /// Deals with one alert; `false`: to be tried again.
    async fn take(&self, bytes: &[u8]) -> bool {
        let name = self.options.name.as_str();
        match self.pass_on(bytes).await {
            Ok(Taken::Campaign(sent)) => {
                tracing::info!(relay = name, sent, "a warning has become a campaign");
                true
            }
            Ok(Taken::Known | Taken::Idle) => true,
            Err(office::Error::Unreadable(reason)) => {
                tracing::warn!(relay = name, reason, "an alert of the feed is refused");
                true
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(relay = name, error, "a warning could not be made a campaign");
                false
            }
        }
    }

    async fn pass_on(&self, bytes: &[u8]) -> Result<Taken, office::Error> {
        let relay = read(bytes).map_err(|fault| office::Error::Unreadable(fault.to_string()))?;
        let world = self.current.get();
        // Of what is over, only the end of a warning that would still hold is of use.
        if relay.expires() <= self.clock.now() && !self.office.ends_current(&relay).await? {
            return Ok(Taken::Idle);
        }
        let elsewhere = regions(&world.library, &relay).is_none();
        let follows = !relay.alert.references.is_empty();
        if elsewhere && !follows {
            return Ok(Taken::Idle);
        }
        let name = format!("relay:{}", self.options.name);
        let actor = Actor { name, via: Via::Engine };
        let source = format!("feed:{}", self.options.name);
        let find = |relay: &super::Relay| actions(&world, relay);
        let campaign = match self.office.pass_on(bytes, find, &source, None, &actor).await {
            Ok(campaign) => campaign,
            // A death between writing it and letting it out must not leave it waiting.
            Err(office::Error::Known(id)) => match self.unfinished(id, &relay, &actor).await? {
                Some(campaign) => campaign,
                None => return Ok(Taken::Known),
            },
            // It follows what was never passed on, and names no place of ours.
            Err(office::Error::Unreadable(_)) if elsewhere => return Ok(Taken::Idle),
            Err(office::Error::Ended(dropped)) => {
                tracing::info!(dropped, "a warning was ended before anybody was told of it");
                return Ok(Taken::Idle);
            }
            Err(error) => return Err(error),
        };
        let out = match self.options.auto {
            true => Some(self.office.let_relay_out(&campaign, &actor).await?),
            false => self.office.let_end_out(&campaign, &relay, &actor).await?,
        };
        Ok(Taken::Campaign(out.is_some()))
    }

    /// The campaign `id`, if it is to go out by itself and is still as this feed has written it.
    async fn unfinished(
        &self,
        id: CampaignId,
        relay: &super::Relay,
        actor: &Actor,
    ) -> Result<Option<Campaign>, office::Error> {
        if !self.options.auto && relay.stage() != Stage::Cancel {
            return Ok(None);
        }
        let campaign = self.office.campaign(id).await?;
        let untouched = campaign.state == CampaignState::Draft
            && campaign.author == actor.name
            && campaign.editor == actor.name;
        Ok(Some(campaign).filter(|_| untouched))
    }
}
