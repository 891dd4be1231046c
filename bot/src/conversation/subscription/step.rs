//! The steps of subscribing as they travel in choice ids (`s:…`).

use fenghuo_content::Setting;

use super::Quiet;

/// What a choice about subscriptions asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::conversation) enum Step<'a> {
    /// One's own subscription, or the first step to one.
    Show,
    /// A page of the townships.
    Towns(usize),
    /// This township; as whom?
    Town(&'a str),
    /// This township as this; what is stored for it?
    Role(&'a str, Setting),
    /// Yes.
    Agreed(&'a str, Setting),
    /// No more.
    Leave,
    /// Which hours without messages?
    QuietHours,
    /// These, or none.
    Quiet(Option<Quiet>),
}

impl<'a> Step<'a> {
    /// Reads what follows `s:` in an id, cut at its colons.
    pub(in crate::conversation) fn parse(parts: &[&'a str]) -> Option<Self> {
        Some(match *parts {
            [] => Self::Show,
            ["p", page] => Self::Towns(page.parse().ok()?),
            ["t", region] => Self::Town(region),
            ["r", region, role] => Self::Role(region, setting(role)?),
            ["y", region, role] => Self::Agreed(region, setting(role)?),
            ["x"] => Self::Leave,
            ["q"] => Self::QuietHours,
            ["q", "off"] => Self::Quiet(None),
            ["q", hours] => Self::Quiet(Some(quiet(hours)?)),
            _ => return None,
        })
    }

    /// The id of the choice. Region ids have at most 40 bytes, so it has at most 56.
    pub(in crate::conversation) fn id(self) -> String {
        match self {
            Self::Show => "s".to_owned(),
            Self::Towns(page) => format!("s:p:{page}"),
            Self::Town(region) => format!("s:t:{region}"),
            Self::Role(region, role) => format!("s:r:{region}:{}", word(role)),
            Self::Agreed(region, role) => format!("s:y:{region}:{}", word(role)),
            Self::Leave => "s:x".to_owned(),
            Self::QuietHours => "s:q".to_owned(),
            Self::Quiet(None) => "s:q:off".to_owned(),
            Self::Quiet(Some(Quiet { from, to })) => format!("s:q:{from}-{to}"),
        }
    }
}

/// The word the contract has for each setting.
fn word(setting: Setting) -> &'static str {
    match setting {
        Setting::Agency => "agency",
        Setting::School => "school",
        Setting::Community => "community",
        Setting::Enterprise => "enterprise",
        Setting::Village => "village",
        Setting::Home => "home",
        Setting::Web => "web",
    }
}

fn setting(text: &str) -> Option<Setting> {
    Setting::ALL.into_iter().find(|setting| word(*setting) == text)
}

fn quiet(hours: &str) -> Option<Quiet> {
    let (from, to) = hours.split_once('-')?;
    let hour = |text: &str| text.parse::<u8>().ok().filter(|hour| *hour < 24);
    let quiet = Quiet { from: hour(from)?, to: hour(to)? };
    (quiet.from != quiet.to).then_some(quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_survives_its_id_within_64_bytes() {
        let region = "x".repeat(40);
        for step in [
            Step::Show,
            Step::Towns(12),
            Step::Town(&region),
            Step::Role(&region, Setting::Enterprise),
            Step::Agreed(&region, Setting::Community),
            Step::Leave,
            Step::QuietHours,
            Step::Quiet(None),
            Step::Quiet(Some(Quiet::NIGHT)),
        ] {
            let id = step.id();
            assert!(id.len() <= 64, "{id}");
            let parts: Vec<&str> = id.split(':').skip(1).collect();
            assert_eq!(Step::parse(&parts), Some(step), "{id}");
        }
    }

    #[test]
    fn what_we_never_wrote_is_no_step() {
        for parts in [
            &["z"][..],
            &["p", "-1"],
            &["r", "a", "boss"],
            &["y", "a"],
            &["q", "24-7"],
            &["q", "7-7"],
            &["q", "7"],
            &["t", "a", "b"],
        ] {
            assert_eq!(Step::parse(parts), None, "{parts:?}");
        }
    }
}
