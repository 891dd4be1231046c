//! The form of a message: what was typed, from and to a [`Draft`]. What is typed is kept even where it makes no sense.

use std::collections::BTreeMap;

use fenghuo_content::Library;
use fenghuo_store::{Audience, CampaignId, CampaignKind, Draft, RelayId, UnknownPolicy};

use super::super::fields::Fields;
use super::super::when;
use crate::office;
use crate::office::Fault;

/// What is in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Form {
    pub(in super::super) kind: String,
    pub(in super::super) title: String,
    pub(in super::super) body: String,
    pub(in super::super) overrides: BTreeMap<String, String>,
    /// Whether all of the county was chosen.
    pub(in super::super) whole: bool,
    pub(in super::super) regions: Vec<String>,
    pub(in super::super) roles: Vec<String>,
    pub(in super::super) channels: Vec<String>,
    pub(in super::super) except_regions: Vec<String>,
    pub(in super::super) except_roles: Vec<String>,
    pub(in super::super) except_channels: Vec<String>,
    pub(in super::super) starts: String,
    pub(in super::super) expires: String,
    pub(in super::super) urgent: bool,
    pub(in super::super) policy: String,
    /// Where it comes from; fixed once it is a draft.
    pub(in super::super) origin: Origin,
}

/// Where a draft comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Origin {
    pub(in super::super) document: Option<String>,
    pub(in super::super) occasion: Option<String>,
    pub(in super::super) refers: Option<CampaignId>,
    pub(in super::super) relay: Option<RelayId>,
}

impl Form {
    pub(in super::super) fn read(fields: &Fields) -> Self {
        let given = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
        let overrides = fields.under("override:").filter(|(_, text)| !text.trim().is_empty());
        Self {
            kind: fields.text("kind").to_owned(),
            title: fields.text("title").to_owned(),
            body: fields.lines("body"),
            overrides: overrides
                .map(|(channel, text)| (channel.to_owned(), text.replace("\r\n", "\n")))
                .collect(),
            whole: fields.text("scope") == "county",
            regions: fields.all("region"),
            roles: fields.all("role"),
            channels: fields.all("channel"),
            except_regions: fields.all("except_region"),
            except_roles: fields.all("except_role"),
            except_channels: fields.all("except_channel"),
            starts: fields.text("starts").to_owned(),
            expires: fields.text("expires").to_owned(),
            urgent: fields.has("urgent"),
            policy: fields.text("policy").to_owned(),
            origin: Origin {
                document: given("document"),
                occasion: given("occasion"),
                refers: CampaignId::parse(fields.text("refers")),
                relay: fields
                    .text("relay")
                    .strip_prefix('r')
                    .and_then(|n| n.parse().ok())
                    .map(RelayId::new),
            },
        }
    }

    pub(in super::super) fn of(draft: &Draft, library: &Library) -> Self {
        let audience = &draft.audience;
        Self {
            kind: draft.kind.as_str().to_owned(),
            title: draft.title.clone(),
            body: draft.body.clone(),
            overrides: draft.overrides.clone(),
            whole: audience.regions.is_empty(),
            regions: office::audience::tops(library, &audience.regions),
            roles: audience.roles.clone(),
            channels: audience.channels.clone(),
            except_regions: office::audience::tops(library, &audience.except_regions),
            except_roles: audience.except_roles.clone(),
            except_channels: audience.except_channels.clone(),
            starts: draft.starts.map(when::input).unwrap_or_default(),
            expires: when::input(draft.expires),
            urgent: draft.urgent,
            policy: draft.policy.as_str().to_owned(),
            origin: Origin {
                document: draft.document.clone(),
                occasion: draft.occasion.clone(),
                refers: draft.refers,
                relay: draft.relay,
            },
        }
    }

    /// The draft it stands for; else what cannot be read.
    pub(in super::super) fn draft(&self) -> Result<Draft, Vec<Fault>> {
        let mut faults = Vec::new();
        let kind = CampaignKind::parse(&self.kind);
        if kind.is_none() {
            faults.push(Fault::new("kind", "请选类别"));
        }
        let expires = when::parse(&self.expires, true);
        if expires.is_none() {
            let message = if self.expires.is_empty() {
                "请填失效时间，过了就不再发"
            } else {
                "看不懂这个时间，请写 2026-11-10 20:00 这样"
            };
            faults.push(Fault::new("expires", message));
        }
        let starts = when::parse(&self.starts, false);
        if starts.is_none() && !self.starts.is_empty() {
            faults
                .push(Fault::new("starts", "看不懂这个时间，请写 2026-11-10 08:00 这样，或者留空"));
        }
        if self.whole && !self.regions.is_empty() {
            faults.push(Fault::new("audience", "既选了全县，又勾了具体的地方，请只留一样"));
        }
        if !self.whole && self.regions.is_empty() {
            faults.push(Fault::new("audience", "请勾选地方，或者选全县"));
        }
        let (Some(kind), Some(expires), true) = (kind, expires, faults.is_empty()) else {
            return Err(faults);
        };
        Ok(Draft {
            kind,
            title: self.title.clone(),
            body: self.body.clone(),
            overrides: self.overrides.clone(),
            audience: Audience {
                regions: self.regions.clone(),
                roles: self.roles.clone(),
                channels: self.channels.clone(),
                except_regions: self.except_regions.clone(),
                except_roles: self.except_roles.clone(),
                except_channels: self.except_channels.clone(),
            },
            urgent: self.urgent,
            policy: UnknownPolicy::parse(&self.policy).unwrap_or(UnknownPolicy::Never),
            expires,
            starts,
            document: self.origin.document.clone(),
            occasion: self.origin.occasion.clone(),
            refers: self.origin.refers,
            relay: self.origin.relay,
        })
    }

    /// Where it comes from, as hidden fields.
    pub(in super::super) fn hidden(&self) -> Vec<(&'static str, String)> {
        let Origin { document, occasion, refers, relay } = &self.origin;
        [
            ("document", document.clone()),
            ("occasion", occasion.clone()),
            ("refers", refers.map(|id| id.to_string())),
            ("relay", relay.as_ref().map(ToString::to_string)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// Whether it goes to those whom an earlier message has reached, and to nobody else.
    pub(in super::super) fn follows_only(&self) -> bool {
        self.kind == CampaignKind::Withdrawal.as_str()
    }

    /// The audience as hidden fields.
    pub(in super::super) fn audience(&self) -> Vec<(&'static str, &str)> {
        let lists = [
            ("region", &self.regions),
            ("role", &self.roles),
            ("channel", &self.channels),
            ("except_region", &self.except_regions),
            ("except_role", &self.except_roles),
            ("except_channel", &self.except_channels),
        ];
        let scope = ("scope", if self.whole { "county" } else { "some" });
        let each = lists.into_iter();
        let values = each.flat_map(|(name, list)| list.iter().map(move |id| (name, id.as_str())));
        std::iter::once(scope).chain(values).collect()
    }

    pub(in super::super) fn kind_name(&self) -> &'static str {
        CampaignKind::parse(&self.kind).map_or("", office::content::kind_name)
    }

    /// What `channel` says instead of the text.
    pub(in super::super) fn instead(&self, channel: &str) -> &str {
        self.overrides.get(channel).map_or("", String::as_str)
    }

    pub(in super::super) fn has_overrides(&self) -> bool {
        !self.overrides.is_empty()
    }

    pub(in super::super) fn has_exclusions(&self) -> bool {
        !(self.except_regions.is_empty()
            && self.except_roles.is_empty()
            && self.except_channels.is_empty())
    }
}
