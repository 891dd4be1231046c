//! Whom a campaign reaches: regions with all that lies below them, settings, channels, less the exclusions.
//!
//! Between the lists everything must hold, inside one any. An empty list is no condition.

use fenghuo_content::{Library, Region, RegionKind, Setting};
use fenghuo_store::Audience;

use super::Fault;
use super::content::{CHANNELS, channel_name};
use crate::channel::word;

/// The setting of the word `id`.
pub fn setting(id: &str) -> Option<Setting> {
    Setting::ALL.into_iter().find(|setting| word(*setting) == id)
}

/// Chinese name of the setting `id`, or the id itself.
pub fn setting_name(id: &str) -> &str {
    match setting(id) {
        Some(setting) => setting.name(),
        None => id,
    }
}

/// `audience` with every region replaced by itself and all below it; the whole county becomes no condition.
pub fn expand(library: &Library, audience: &Audience) -> Audience {
    let mut wide = audience.clone();
    let whole = audience.regions.contains(&library.place.region);
    wide.regions = if whole { Vec::new() } else { below(library, &audience.regions) };
    wide.except_regions = below(library, &audience.except_regions);
    for list in
        [&mut wide.roles, &mut wide.channels, &mut wide.except_roles, &mut wide.except_channels]
    {
        list.sort();
        list.dedup();
    }
    wide
}

/// The regions `ids` and all below them in the order of the tree; unknown ones stay, so that they are told.
fn below(library: &Library, ids: &[String]) -> Vec<String> {
    let within = |region: &&Region| ids.iter().any(|id| library.regions.within(&region.id, id));
    let mut all: Vec<String> =
        library.regions.iter().filter(within).map(|region| region.id.clone()).collect();
    let unknown = ids.iter().filter(|id| library.regions.find(id).is_none());
    all.extend(unknown.cloned());
    all.dedup();
    all
}

/// The township the region `id` lies in or is; none for the county and for what nobody knows.
pub fn township_of<'a>(library: &'a Library, id: &str) -> Option<&'a str> {
    let found = library.regions.find(id)?;
    match found.kind {
        RegionKind::County => None,
        RegionKind::Township => Some(&found.id),
        RegionKind::Village => found.parent.as_deref().and_then(|up| township_of(library, up)),
    }
}

/// The inverse of [`expand`] for forms: regions of which no other one of the list holds everything.
pub fn tops(library: &Library, ids: &[String]) -> Vec<String> {
    let covered = |id: &String| {
        let parent = library.regions.find(id).and_then(|region| region.parent.as_ref());
        parent.is_some_and(|parent| ids.contains(parent))
    };
    ids.iter().filter(|id| !covered(id)).cloned().collect()
}

/// The regions from which recipients may come.
pub fn regions(library: &Library, audience: &Audience) -> Vec<Region> {
    let wanted = |region: &&Region| {
        (audience.regions.is_empty() || audience.regions.contains(&region.id))
            && !audience.except_regions.contains(&region.id)
    };
    library.regions.iter().filter(wanted).cloned().collect()
}

/// What is wrong with `audience`, which has been expanded.
pub(super) fn faults(library: &Library, audience: &Audience) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |message: String| faults.push(Fault::new("audience", message));
    for id in audience.regions.iter().chain(&audience.except_regions) {
        if library.regions.find(id).is_none() {
            fault(format!("没有“{id}”这个地方；用 regions.toml 里的编号"));
        }
    }
    for id in audience.roles.iter().chain(&audience.except_roles) {
        if setting(id).is_none() {
            let known = Setting::ALL.map(word).join("、");
            fault(format!("没有“{id}”这个场所；可以写 {known}"));
        }
    }
    let sends: Vec<&str> = CHANNELS.iter().filter(|c| c.sends).map(|c| c.id).collect();
    for id in audience.channels.iter().chain(&audience.except_channels) {
        if !sends.contains(&id.as_str()) {
            fault(format!("没有“{id}”这个渠道；可以写 {}", sends.join("、")));
        }
    }
    let all_out = |only: &[String], except: &[String]| {
        !only.is_empty() && only.iter().all(|id| except.contains(id))
    };
    let nobody = regions(library, audience).is_empty()
        || all_out(&audience.roles, &audience.except_roles)
        || all_out(&audience.channels, &audience.except_channels);
    if faults.is_empty() && nobody {
        faults.push(Fault::new("audience", "选的全被排除了，一个人也不剩；去掉一些排除"));
    }
    faults
}

/// The audience in words: `城关镇、柳河村；学校、农村；Telegram；不发：东街社区`.
pub fn words(library: &Library, audience: &Audience) -> String {
    let regions = |ids: &[String]| {
        tops(library, ids).iter().map(|id| library.regions.name(id).to_owned()).collect::<Vec<_>>()
    };
    let settings = |ids: &[String]| ids.iter().map(|id| setting_name(id).to_owned()).collect();
    let channels = |ids: &[String]| ids.iter().map(|id| channel_name(id).to_owned()).collect();
    let mut parts = vec![match audience.regions.is_empty() {
        true => "全县".to_owned(),
        false => regions(&audience.regions).join("、"),
    }];
    for names in [settings(&audience.roles), channels(&audience.channels)] {
        let names: Vec<String> = names;
        parts.extend((!names.is_empty()).then(|| names.join("、")));
    }
    let except: Vec<String> = [
        regions(&audience.except_regions),
        settings(&audience.except_roles),
        channels(&audience.except_channels),
    ]
    .concat();
    parts.extend((!except.is_empty()).then(|| format!("不发：{}", except.join("、"))));
    parts.join("；")
}
