//! Township, role and quiet hours as a form sends them, and what they mean in the library of today.

use fenghuo_content::{Library, Region, RegionKind, Setting};
use fenghuo_store::{Quiet, Subscription};
use serde::Deserialize;

use crate::channel::word;

/// The one language subscriptions are in so far.
const LANGUAGE: &str = "zh";
/// Nights, as a new subscription has them (minutes after midnight).
const NIGHT: Quiet = Quiet { from: 22 * 60, until: 7 * 60 };
/// Offered besides.
const QUIET: [Quiet; 3] =
    [NIGHT, Quiet { from: 21 * 60, until: 8 * 60 }, Quiet { from: 23 * 60, until: 6 * 60 }];

/// The fields of both forms.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Fields {
    #[serde(default)]
    pub(super) region: String,
    #[serde(default)]
    pub(super) role: String,
    #[serde(default)]
    pub(super) quiet: Option<String>,
    #[serde(default)]
    pub(super) email: String,
    /// `change` on the form that changes; a one-click request has none.
    #[serde(default, rename = "do")]
    pub(super) verb: String,
}

impl Fields {
    /// The subscription they ask for; `None` where township or role are not of this library.
    pub(super) fn subscription(&self, library: &Library) -> Option<Subscription> {
        let region = regions(library).into_iter().find(|region| region.id == self.region)?;
        let role = Setting::ALL.into_iter().find(|role| word(*role) == self.role)?;
        let quiet = match self.quiet.as_deref() {
            None => Some(NIGHT),
            Some("") => None,
            Some(text) => Some(parse_quiet(text)?),
        };
        Some(Subscription {
            region: region.id.clone(),
            role: Some(word(role).to_owned()),
            language: LANGUAGE.to_owned(),
            quiet,
        })
    }
}

/// One line of a list to choose from.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// Townships, and the county as a whole.
pub(super) fn regions(library: &Library) -> Vec<&Region> {
    let county = library.regions.iter().filter(|region| region.kind == RegionKind::County);
    library.regions.townships().chain(county).collect()
}

pub(super) fn region_choices(library: &Library, chosen: &str) -> Vec<Choice> {
    let choice = |region: &Region| Choice {
        value: region.id.clone(),
        label: region_name(library, &region.id),
        chosen: region.id == chosen,
    };
    regions(library).into_iter().map(choice).collect()
}

/// `城关镇`, `示范县（全县）`
pub(super) fn region_name(library: &Library, id: &str) -> String {
    match library.regions.find(id) {
        Some(region) if region.kind == RegionKind::County => format!("{}（全县）", region.name),
        Some(region) => region.name.clone(),
        None => id.to_owned(),
    }
}

pub(super) fn role_choices(chosen: &str) -> Vec<Choice> {
    let choice = |(role, label): &(Setting, &str)| Choice {
        value: word(*role).to_owned(),
        label: (*label).to_owned(),
        chosen: word(*role) == chosen,
    };
    crate::conversation::ROLES.iter().map(choice).collect()
}

/// Name of the setting the store calls `role`.
pub(super) fn role_name(role: Option<&str>) -> &'static str {
    let known = Setting::ALL.into_iter().find(|setting| Some(word(*setting)) == role);
    known.map_or("没有选", Setting::name)
}

/// Quiet hours to choose from, with those one has.
pub(super) fn quiet_choices(own: Option<Quiet>) -> Vec<Choice> {
    let offered = QUIET.into_iter().map(Some).chain([None]);
    let other = own.filter(|own| !QUIET.contains(own)).map(Some);
    offered
        .chain(other)
        .map(|quiet| Choice {
            value: quiet.map(quiet_value).unwrap_or_default(),
            label: quiet_name(quiet),
            chosen: quiet == own,
        })
        .collect()
}

/// `晚上22:00到早上7:00不发，紧急通知除外`
pub(super) fn quiet_name(quiet: Option<Quiet>) -> String {
    let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
    match quiet {
        Some(Quiet { from, until }) => {
            format!("{}到{}不发，紧急通知除外", clock(from), clock(until))
        }
        None => "随时都可以发".to_owned(),
    }
}

fn quiet_value(quiet: Quiet) -> String {
    format!("{}-{}", quiet.from, quiet.until)
}

fn parse_quiet(text: &str) -> Option<Quiet> {
    let (from, until) = text.split_once('-')?;
    let minute = |text: &str| text.parse::<u16>().ok().filter(|minute| *minute < 24 * 60);
    let quiet = Quiet { from: minute(from)?, until: minute(until)? };
    (quiet.from != quiet.until).then_some(quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_are_read_as_they_are_written() {
        for quiet in QUIET {
            assert_eq!(parse_quiet(&quiet_value(quiet)), Some(quiet));
        }
        for bad in ["", "1320", "1320-1320", "1440-0", "-1-3", "a-b"] {
            assert_eq!(parse_quiet(bad), None, "{bad}");
        }
    }

    #[test]
    fn hours_of_ones_own_are_offered_too() {
        let own = Some(Quiet { from: 0, until: 30 });
        let choices = quiet_choices(own);
        assert_eq!(choices.len(), 5);
        let chosen: Vec<&str> =
            choices.iter().filter(|c| c.chosen).map(|c| c.label.as_str()).collect();
        assert_eq!(chosen, ["0:00到0:30不发，紧急通知除外"]);
        assert!(quiet_choices(None).iter().any(|choice| choice.chosen && choice.value.is_empty()));
    }
}
