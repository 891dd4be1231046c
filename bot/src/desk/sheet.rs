//! The pre-flight sheet as the page of a message shows it.

use fenghuo_content::Library;
use fenghuo_store::Draft;

use super::when;
use crate::office::{ChannelSheet, Sheet, audience, content};

/// What stands on the page.
pub(super) struct SheetView {
    pub(super) total: u64,
    /// How long all of it takes.
    pub(super) last: String,
    pub(super) regions: String,
    pub(super) roles: String,
    pub(super) channels: String,
    pub(super) except: String,
    pub(super) sample_region: String,
    pub(super) by_region: Vec<(String, u64)>,
    pub(super) by_role: Vec<(String, u64)>,
    pub(super) by_channel: Vec<(String, u64)>,
    pub(super) faults: Vec<String>,
    pub(super) warnings: Vec<String>,
    pub(super) shown: Vec<Shown>,
}

/// The text on one channel.
pub(super) struct Shown {
    pub(super) name: &'static str,
    /// Length and count.
    pub(super) note: String,
    pub(super) over: bool,
    /// Whether somebody gets it there.
    pub(super) open: bool,
    pub(super) subject: Option<String>,
    pub(super) text: String,
}

impl SheetView {
    pub(super) fn of(library: &Library, draft: &Draft, sheet: Sheet) -> Self {
        let names = |ids: &[String], name: &dyn Fn(&str) -> String, all: &str| {
            let names: Vec<String> = ids.iter().map(|id| name(id)).collect();
            if names.is_empty() { all.to_owned() } else { names.join("、") }
        };
        let region = |id: &str| library.regions.name(id).to_owned();
        let setting = |id: &str| audience::setting_name(id).to_owned();
        let channel = |id: &str| content::channel_name(id).to_owned();
        let meant = &draft.audience;
        let except = [
            names(&audience::tops(library, &meant.except_regions), &region, ""),
            names(&meant.except_roles, &setting, ""),
            names(&meant.except_channels, &channel, ""),
        ];
        let except: Vec<String> = except.into_iter().filter(|names| !names.is_empty()).collect();
        let excluded = sheet.audience.excluded;
        Self {
            total: sheet.total,
            last: when::duration(sheet.last_recipient_seconds),
            regions: names(&audience::tops(library, &meant.regions), &region, "全县"),
            roles: names(&meant.roles, &setting, "不分场所"),
            channels: names(&meant.channels, &channel, "所有渠道"),
            except: match except.is_empty() {
                true => "没有排除".to_owned(),
                false => format!("{}（扣除 {excluded} 人）", except.join("；")),
            },
            sample_region: sheet.sample_region,
            by_region: sheet.by_township,
            by_role: sheet.by_setting,
            by_channel: sheet.audience.by_channel.iter().map(|(id, n)| (channel(id), *n)).collect(),
            faults: sheet.faults.iter().map(ToString::to_string).collect(),
            warnings: sheet.warnings,
            shown: sheet.channels.into_iter().map(shown).collect(),
        }
    }
}

fn shown(sheet: ChannelSheet) -> Shown {
    let (length, most) = (sheet.length, sheet.channel.most);
    let mut note = format!("{length} / {most} {}", sheet.channel.unit.name());
    if sheet.channel.sends {
        note = match sheet.configured {
            true => format!("{} 人，{note}", sheet.recipients),
            false => format!("没有接通，{note}"),
        };
    }
    if sheet.shortened {
        note.push_str("，只发短信和链接");
    }
    if let Some(quota) = &sheet.quota {
        note = format!("{note}，{quota}");
    }
    Shown {
        name: sheet.channel.name,
        note,
        over: sheet.over,
        open: sheet.recipients > 0 || sheet.over || !sheet.channel.sends,
        subject: (sheet.channel.id == "email").then_some(sheet.title),
        text: sheet.text,
    }
}
