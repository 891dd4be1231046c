//! Subscriptions in talk: township, role, consent, quiet hours, leaving, forgetting.
//!
//! What is asked for leaves as effects; what stands already comes in as facts. Only channels that
//! can write to a person later take part ([`Reach`]).

mod phrase;
mod step;

use fenghuo_content::{Region, Setting};

pub(crate) use phrase::ROLES;
pub(super) use step::Step;

use super::choice::Action;
use super::respond::{Effect, Talk};
use super::{Choice, Reply, ReplyKind};

/// The page with all ways to subscribe.
const SUBSCRIBE: &str = "/subscribe";
/// Townships of one page of the list.
const PAGE: usize = 8;

/// How a channel can write to a person on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Not at all, as a web page.
    #[default]
    None,
    /// To her alone.
    Private,
    /// Only to a group; her own chat with the bot begins at this address.
    Group {
        /// Address that opens a private chat.
        link: String,
    },
}

/// What a person asked to be told about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Id of a township or of the county.
    pub region: String,
    /// As whom.
    pub role: Setting,
    /// When not, but for urgent messages.
    pub quiet: Option<Quiet>,
}

/// Hours without messages, Beijing time, from the first to before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// First hour, 0 to 23.
    pub from: u8,
    /// First hour after, 0 to 23.
    pub to: u8,
}

impl Quiet {
    /// What a new subscription has until its owner chooses otherwise.
    pub const NIGHT: Self = Self { from: 22, to: 7 };
    const OFFERED: [Self; 3] = [Self::NIGHT, Self { from: 21, to: 8 }, Self { from: 23, to: 6 }];
}

impl<'a> Talk<'a> {
    /// One step of subscribing, or of changing or leaving what one has.
    pub(super) fn subscription(&mut self, step: Step<'_>) -> Reply {
        match (&self.facts.reach, step) {
            // Leaving never depends on anything.
            (_, Step::Leave) => self.unsubscribe(),
            (Reach::None, _) => self.menu(phrase::NOT_HERE).with(super::Block::Link {
                label: phrase::WAYS.to_owned(),
                href: SUBSCRIBE.to_owned(),
            }),
            (Reach::Group { link }, _) => {
                let block = super::Block::Link { label: phrase::ALONE.into(), href: link.clone() };
                Reply::new(ReplyKind::Help).with_text(phrase::NOT_IN_GROUPS).with(block)
            }
            (Reach::Private, Step::Show) => self.show_subscription(),
            (Reach::Private, Step::Towns(page)) => self.list_towns(page),
            (Reach::Private, Step::Town(region)) => self.ask_role(region),
            (Reach::Private, Step::Role(region, role)) => self.ask_consent(region, role),
            (Reach::Private, Step::Agreed(region, role)) => self.subscribe(region, role),
            (Reach::Private, Step::QuietHours) => self.ask_quiet(),
            (Reach::Private, Step::Quiet(quiet)) => self.set_quiet(quiet),
        }
    }

    /// The entries of the menu that only such channels have.
    pub(super) fn push_rooms(&self) -> Vec<Choice> {
        if self.facts.reach == Reach::None {
            return Vec::new();
        }
        let left = |effect: &Effect| matches!(effect, Effect::Unsubscribe | Effect::Forget);
        let has_one = self.facts.subscription.is_some() && !self.effects.iter().any(left);
        let label = if has_one { phrase::MINE } else { phrase::SUBSCRIBE };
        vec![choice(Step::Show, label), Choice::new(Action::Verify, phrase::VERIFY)]
    }

    /// The help of such channels, below that of all.
    pub(super) fn push_help(&self) -> &'static str {
        if self.facts.reach == Reach::None { super::phrase::HELP_FORGET } else { phrase::HELP }
    }

    fn show_subscription(&mut self) -> Reply {
        let Some(own) = &self.facts.subscription else {
            return self.list_towns(0);
        };
        let regions = &self.library.regions;
        let text = phrase::own(regions.name(&own.region), phrase::role(own.role), own.quiet);
        let choices = vec![
            choice(Step::Leave, phrase::LEAVE),
            choice(Step::QuietHours, phrase::QUIET),
            choice(Step::Towns(0), phrase::CHANGE),
            Choice::new(Action::Menu, super::phrase::TO_MENU),
        ];
        Reply::new(ReplyKind::Subscription).with_text(text).with_choices(choices)
    }

    fn list_towns(&mut self, page: usize) -> Reply {
        let towns: Vec<&Region> =
            self.library.regions.townships().chain(self.library.county()).collect();
        if towns.is_empty() {
            return self.menu(super::phrase::EMPTY_LIST);
        }
        let page = if page.saturating_mul(PAGE) < towns.len() { page } else { 0 };
        let rest = &towns[page * PAGE..];
        let county = &self.library.place.region;
        let label = |region: &Region| match region.id == *county {
            true => phrase::whole(&region.name),
            false => region.name.clone(),
        };
        let mut choices: Vec<Choice> = rest
            .iter()
            .take(PAGE)
            .map(|region| choice(Step::Town(&region.id), &label(region)))
            .collect();
        if rest.len() > PAGE {
            choices.push(choice(Step::Towns(page + 1), super::phrase::MORE));
        }
        choices.push(Choice::new(Action::Menu, phrase::NOT_NOW));
        Reply::new(ReplyKind::Subscription).with_text(phrase::PICK_TOWN).with_choices(choices)
    }

    fn ask_role(&mut self, region: &str) -> Reply {
        let Some(region) = self.town(region) else {
            return self.stale();
        };
        let mut choices: Vec<Choice> = phrase::ROLES
            .iter()
            .map(|(role, label)| choice(Step::Role(&region.id, *role), label))
            .collect();
        choices.push(choice(Step::Towns(0), phrase::OTHER_TOWN));
        Reply::new(ReplyKind::Subscription)
            .with_text(phrase::pick_role(&region.name))
            .with_choices(choices)
    }

    fn ask_consent(&mut self, region: &str, role: Setting) -> Reply {
        let Some(region) = self.town(region) else {
            return self.stale();
        };
        let choices = vec![
            choice(Step::Agreed(&region.id, role), phrase::AGREE),
            choice(Step::Town(&region.id), phrase::OTHER_ROLE),
            Choice::new(Action::Menu, phrase::NOT_NOW),
        ];
        Reply::new(ReplyKind::Subscription)
            .with_text(phrase::consent(&region.name, phrase::role(role)))
            .with_choices(choices)
    }

    fn subscribe(&mut self, region: &str, role: Setting) -> Reply {
        let Some(region) = self.town(region) else {
            return self.stale();
        };
        // A change of township keeps the hours chosen before.
        let quiet = self.facts.subscription.as_ref().map_or(Some(Quiet::NIGHT), |own| own.quiet);
        let wanted = Subscription { region: region.id.clone(), role, quiet };
        self.effects.push(Effect::Subscribe(wanted));
        let text = phrase::subscribed(&region.name, phrase::role(role), quiet);
        let choices =
            vec![choice(Step::Leave, phrase::LEAVE), choice(Step::QuietHours, phrase::QUIET)];
        Reply::new(ReplyKind::Subscription).with_text(text).with_choices(choices)
    }

    fn unsubscribe(&mut self) -> Reply {
        if self.facts.subscription.is_none() {
            return self.menu(phrase::NOTHING_TO_LEAVE);
        }
        self.effects.push(Effect::Unsubscribe);
        self.menu(phrase::LEFT)
    }

    fn ask_quiet(&mut self) -> Reply {
        if self.facts.subscription.is_none() {
            return self.list_towns(0);
        }
        let mut choices: Vec<Choice> = Quiet::OFFERED
            .iter()
            .map(|quiet| choice(Step::Quiet(Some(*quiet)), &phrase::hours(*quiet)))
            .collect();
        choices.push(choice(Step::Quiet(None), phrase::ANY_TIME));
        Reply::new(ReplyKind::Subscription).with_text(phrase::PICK_QUIET).with_choices(choices)
    }

    fn set_quiet(&mut self, quiet: Option<Quiet>) -> Reply {
        let Some(own) = &self.facts.subscription else {
            return self.list_towns(0);
        };
        self.effects.push(Effect::Subscribe(Subscription { quiet, ..own.clone() }));
        let choices = vec![choice(Step::Leave, phrase::LEAVE), choice(Step::Show, phrase::MINE)];
        Reply::new(ReplyKind::Subscription)
            .with_text(phrase::quiet_set(quiet))
            .with_choices(choices)
    }

    /// Everything about the person goes; the reply says what it was.
    pub(super) fn forget(&mut self) -> Reply {
        self.session = super::Session::default();
        self.effects.push(Effect::Forget);
        match &self.facts.subscription {
            _ if self.facts.reach == Reach::None => self.menu(super::phrase::FORGOTTEN),
            None => self.menu(phrase::FORGOTTEN),
            Some(own) => {
                let region = self.library.regions.name(&own.region);
                self.menu(&phrase::forgotten(region, phrase::role(own.role)))
            }
        }
    }

    /// A township, or the county itself.
    fn town(&self, id: &str) -> Option<&'a Region> {
        let region = self.library.regions.find(id)?;
        (region.kind != fenghuo_content::RegionKind::Village).then_some(region)
    }
}

fn choice(step: Step<'_>, label: &str) -> Choice {
    Choice::new(Action::Subscription(step), label)
}
