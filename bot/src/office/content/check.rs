//! What keeps a text from being sent, told all at once and for every region of its audience.

use std::collections::{BTreeMap, BTreeSet};

use fenghuo_content::markdown::plain_text;
use fenghuo_content::{Library, Region, Severity};
use fenghuo_store::CampaignKind;

use super::limit::{BODY, CHANNELS, SHORT, TITLE, find_channel};
use super::placeholder::{self, fill};
use super::render::render;
use super::words::{Ground, missing};
use crate::office::{Fault, Subject};

/// Names of regions shown in one fault.
const SHOWN: usize = 3;

/// Faults of the words of `subject` for readers in `regions`.
pub(in crate::office) fn faults(
    ground: Ground<'_>,
    subject: &Subject,
    regions: &[Region],
) -> Vec<Fault> {
    let mut faults = shape(subject);
    if !faults.is_empty() {
        return faults;
    }
    faults = unfilled(ground, subject, regions);
    if faults.is_empty() {
        faults.extend(judged(ground, subject, regions, Severity::Error));
        faults.extend(too_long(ground, subject, regions));
    }
    faults.sort();
    faults.dedup();
    faults
}

/// What `check` would only warn of: hard words, long sentences.
pub(in crate::office) fn remarks(
    ground: Ground<'_>,
    subject: &Subject,
    regions: &[Region],
) -> Vec<Fault> {
    let mut remarks = judged(ground, subject, regions, Severity::Warning);
    remarks.sort();
    remarks.dedup();
    remarks
}

/// Texts that cannot be read at all.
fn shape(subject: &Subject) -> Vec<Fault> {
    let mut faults = Vec::new();
    let draft = &subject.draft;
    let length = draft.title.chars().count();
    if draft.title.trim().is_empty() {
        faults.push(Fault::new("title", "没有标题；写一句话，说清是什么事"));
    } else if length > TITLE && draft.kind != CampaignKind::Relay {
        faults.push(Fault::new("title", format!("有 {length} 字，最多 {TITLE} 字")));
    }
    if draft.title.contains(['\n', '\r']) {
        faults.push(Fault::new("title", "标题只能有一行"));
    }
    if draft.body.trim().is_empty() && subject.relay.is_none() {
        faults.push(Fault::new("body", "没有正文；第一段写 200 字以内的短信"));
    }
    for (channel, text) in &draft.overrides {
        let field = format!("override:{channel}");
        if find_channel(channel).is_none() {
            let known = CHANNELS.map(|channel| channel.id).join("、");
            faults.push(Fault::new(field, format!("没有“{channel}”这个渠道；可以写 {known}")));
        } else if text.trim().is_empty() {
            faults.push(Fault::new(field, "是空的；写上内容，或者删掉这一项"));
        }
    }
    for (field, text) in texts(subject) {
        if let Some(line) = invisible(text) {
            let message = "有看不见的控制字符；从别处粘贴的，先粘到记事本里再粘过来";
            faults.push(Fault::at(field.clone(), line, message));
        }
        if text.chars().count() > BODY {
            faults.push(Fault::new(field, format!("超过 {BODY} 字；拆成几篇，或放进资料库")));
        }
    }
    faults
}

/// Title, text and overrides, each with the name of its field.
fn texts(subject: &Subject) -> Vec<(String, &str)> {
    let draft = &subject.draft;
    let fixed = [("title".to_owned(), draft.title.as_str()), ("body".to_owned(), &draft.body)];
    let overrides = draft.overrides.iter();
    let overrides = overrides.map(|(channel, text)| (format!("override:{channel}"), text.as_str()));
    fixed.into_iter().chain(overrides).collect()
}

/// Those of them that are ours: the title of a relay is its issuer's.
fn own_texts(subject: &Subject) -> Vec<(String, &str)> {
    let mut texts = texts(subject);
    texts.retain(|(field, _)| subject.relay.is_none() || field != "title");
    texts
}

/// Line of the first character that is not seen or turns the direction of others.
fn invisible(text: &str) -> Option<u32> {
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
    };
    let at = text.find(hidden)?;
    let lines = text[..at].matches('\n').count();
    u32::try_from(lines + 1).ok()
}

/// Placeholders without a value, each with the regions that lack it.
fn unfilled(ground: Ground<'_>, subject: &Subject, regions: &[Region]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let alike = alike(ground.library, subject, regions);
    for (field, text) in own_texts(subject) {
        // What reads the same fails the same.
        let mut found: BTreeMap<usize, Fault> = BTreeMap::new();
        for (place, region) in
            regions.iter().enumerate().filter(|(place, _)| alike[*place] == *place)
        {
            let reader = (region, missing(subject));
            if let Err(fault) = fill(ground.library, reader, &field, text) {
                found.insert(place, fault);
            }
        }
        let Some(first) = found.values().next() else { continue };
        let mut fault = first.clone();
        let failed: Vec<&Region> = (regions.iter().zip(&alike))
            .filter(|(_, same)| found.contains_key(same))
            .map(|(region, _)| region)
            .collect();
        if failed.len() > 1 {
            let names: Vec<&str> =
                failed.iter().take(SHOWN).map(|region| region.name.as_str()).collect();
            fault.message = format!(
                "{}（{}等 {} 个地方都是这样）",
                fault.message,
                names.join("、"),
                failed.len()
            );
        }
        faults.push(fault);
    }
    faults
}

/// What the rules of the library say to each text, as readers of the first region of each kind get it.
fn judged(
    ground: Ground<'_>,
    subject: &Subject,
    regions: &[Region],
    severity: Severity,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let relay = subject.relay.is_some();
    for region in first_of_kind(regions) {
        let reader = (region, missing(subject));
        let fill = |field: &str, text: &str| fill(ground.library, reader, field, text).ok();
        let title = if relay { Some(String::new()) } else { fill("title", &subject.draft.title) };
        let Some(title) = title else { continue };
        for (field, text) in own_texts(subject).into_iter().filter(|(field, _)| field != "title") {
            let Some(text) = fill(&field, text) else { continue };
            let read = ground.library.read_text(&title, &text);
            for fault in read.faults.iter().filter(|fault| fault.severity == severity) {
                let field = if fault.line == 0 { "title" } else { &field };
                let message = format!("{}；{}", fault.message, fault.help);
                faults.push(match fault.line {
                    0 => Fault::new(field, message),
                    line => Fault::at(field, line, message),
                });
            }
            let short = plain_text(read.body.intro.first());
            let length = short.chars().count();
            if severity != Severity::Error || relay {
                continue;
            }
            if short.is_empty() {
                faults.push(Fault::at(&field, 1, "第一段不是短信；小标题前面先写一段话"));
            } else if length > SHORT {
                let message = format!("短信（第一段）有 {length} 字，最多 {SHORT} 字");
                faults.push(Fault::at(&field, 1, message));
            }
        }
    }
    faults
}

/// The regions whose readers get words of their own: without placeholders all get the same.
pub(in crate::office) fn differing<'a>(subject: &Subject, regions: &'a [Region]) -> &'a [Region] {
    let filled = texts(subject).iter().any(|(_, text)| text.contains('{'));
    if filled { regions } else { &regions[..regions.len().min(1)] }
}

/// For each of `regions` the place of the first one whose readers get the same words.
pub(in crate::office) fn alike(
    library: &Library,
    subject: &Subject,
    regions: &[Region],
) -> Vec<usize> {
    let mut all: Vec<&str> = texts(subject).into_iter().map(|(_, text)| text).collect();
    // The title of what is corrected stands in the words, too.
    all.extend(subject.refers.as_ref().map(|first| first.title.as_str()));
    placeholder::alike(library, &all, regions)
}

/// A text differs between county, townships and villages; names of places break no rule.
fn first_of_kind(regions: &[Region]) -> Vec<&Region> {
    let mut seen = BTreeSet::new();
    regions.iter().filter(|region| seen.insert(region.kind)).collect()
}

/// Channels on which even the short form is too long, with the longest of it.
fn too_long(ground: Ground<'_>, subject: &Subject, regions: &[Region]) -> Vec<Fault> {
    let mut longest: BTreeMap<&str, usize> = BTreeMap::new();
    let alike = alike(ground.library, subject, regions);
    let distinct = regions.iter().enumerate().filter(|(place, _)| alike[*place] == *place);
    let distinct: Vec<&Region> = distinct.map(|(_, region)| region).collect();
    for channel in &CHANNELS {
        for region in &distinct {
            let Ok(shown) = render(ground, subject, channel, region) else { continue };
            let most = longest.entry(channel.id).or_default();
            *most = shown.length.max(*most);
        }
    }
    let over = CHANNELS.iter().filter_map(|channel| {
        let length = *longest.get(channel.id)?;
        (length > channel.most).then(|| {
            let own = subject.draft.overrides.contains_key(channel.id);
            let field = if own { format!("override:{}", channel.id) } else { "body".to_owned() };
            let (name, most, unit) = (channel.name, channel.most, channel.unit.name());
            let message =
                format!("{name}有 {length} {unit}，最多 {most} {unit}；写短些，或给{name}另写一稿");
            Fault::new(field, message)
        })
    });
    over.collect()
}
