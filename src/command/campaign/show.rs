//! Campaigns printed: for people, or as JSON for programs.

use anyhow::Context;
use fenghuo_bot::office::{Office, Sheet, Tally, calendar, content, moment, state_name};
use fenghuo_store::{Campaign, CampaignFilter, CampaignState};
use serde::Serialize;

use super::id;
use crate::clock::Clock;
use crate::command::office::refused;
use crate::failure::Failure;
use crate::{database, output};

/// Campaigns read at once.
const PAGE: u32 = 500;

/// A campaign in one line.
pub(super) fn line(campaign: &Campaign) -> String {
    let Campaign { id, state, code, author, draft, .. } = campaign;
    format!("{id}\t{state}\t{}\t{code}\t{author}\t{}", draft.kind, draft.title)
}

pub(super) async fn list(office: &Office, states: &[String], json: bool) -> Result<(), Failure> {
    let mut filter = CampaignFilter { limit: PAGE, ..CampaignFilter::default() };
    for word in states {
        let unknown = || Failure::usage(format!("`{word}` is no state"));
        filter.states.push(CampaignState::parse(word).ok_or_else(unknown)?);
    }
    loop {
        let page = office.store().campaigns(&filter).await.map_err(database::explain)?;
        for campaign in &page {
            output::print(&if json { to_json(campaign)? } else { line(campaign) });
        }
        match page.last() {
            Some(last) => filter.before = Some(last.id),
            None => return Ok(()),
        }
    }
}

pub(super) async fn status(office: &Office, text: &str, json: bool) -> Result<(), Failure> {
    let campaign = office.campaign(id(text)?).await.map_err(refused)?;
    let store = office.store();
    let progress = store.campaign_progress(campaign.id).await.map_err(database::explain)?;
    let history = store.campaign_history(campaign.id).await.map_err(database::explain)?;
    if json {
        let whole = serde_json::json!({
            "campaign": campaign, "progress": progress, "history": history
        });
        output::print(&whole.to_string());
        return Ok(());
    }
    output::print(&line(&campaign));
    output::print(&format!(
        "{}，有效期至{}",
        state_name(campaign.state),
        moment::moment(campaign.draft.expires)
    ));
    if let Some(reason) = &campaign.reason {
        output::print(&format!("理由：{reason}"));
    }
    output::print(&format!(
        "sent {}, waiting {}, failed {}, unknown {}, skipped {}",
        progress.sent,
        progress.queued + progress.retry + progress.leased + progress.sending,
        progress.failed,
        progress.unknown,
        progress.skipped
    ));
    for entry in history {
        output::print(&format!(
            "{}\t{}\t{}\t{}",
            entry.at, entry.actor, entry.action, entry.detail
        ));
    }
    Ok(())
}

pub(super) async fn preview(office: &Office, text: &str, json: bool) -> Result<(), Failure> {
    let campaign = office.campaign(id(text)?).await.map_err(refused)?;
    let sheet = office.sheet(&campaign).await.map_err(database::explain)?;
    if json {
        output::print(&to_json(&sheet)?);
    } else {
        print_sheet(&sheet);
    }
    if sheet.faults.is_empty() { Ok(()) } else { Err(Failure::Findings) }
}

fn print_sheet(sheet: &Sheet) {
    for channel in &sheet.channels {
        let (length, most, unit) =
            (channel.length, channel.channel.most, channel.channel.unit.name());
        let short =
            if channel.shortened { "，放不下全文，只发短信和链接" } else { "" };
        output::print(&format!(
            "── {}（{} 人，{length}/{most} {unit}{short}）──\n{}\n",
            channel.channel.name, channel.recipients, channel.text
        ));
    }
    output::print(&format!("── 发给谁 ──\n{}：{} 人", sheet.audience_words, sheet.total));
    for (name, count) in sheet.by_township.iter().chain(&sheet.by_setting) {
        output::print(&format!("  {name}\t{count}"));
    }
    output::print(&format!(
        "开始{}，最后一个人{}收到，有效期至{}",
        moment::moment(sheet.begins),
        moment::moment(sheet.ends),
        moment::moment(sheet.expires)
    ));
    for warning in &sheet.warnings {
        output::print(&format!("注意：{warning}"));
    }
    for fault in &sheet.faults {
        output::print(&format!("要改：{fault}"));
    }
}

pub(super) async fn report(
    office: &Office,
    text: &str,
    csv: bool,
    json: bool,
) -> Result<(), Failure> {
    let report = office.report(id(text)?).await.map_err(refused)?;
    if csv {
        output::write(report.csv().as_bytes());
        return Ok(());
    }
    if json {
        output::print(&to_json(&report)?);
        return Ok(());
    }
    output::print(&format!(
        "【{}】{}",
        content::kind_name(report.campaign.draft.kind),
        report.campaign.draft.title
    ));
    for (name, value) in report.head() {
        output::print(&format!("{name}：{value}"));
    }
    output::print("\t合计\t已送达\t未送达\t不确定\t跳过\t等待");
    let row = |name: &str, tally: &Tally| {
        let Tally { waiting, sent, failed, unknown, skipped } = *tally;
        let all = tally.all();
        output::print(&format!("{name}\t{all}\t{sent}\t{failed}\t{unknown}\t{skipped}\t{waiting}"));
    };
    row("全部", &report.total);
    for rows in [&report.by_township, &report.by_setting, &report.by_channel] {
        output::print("");
        rows.iter().for_each(|(name, tally)| row(name, tally));
    }
    output::print("");
    report.by_hour.iter().for_each(|(hour, tally)| row(&moment::moment(*hour), tally));
    for (state, reason, times) in &report.reasons {
        output::print(&format!("{state}\t{times}\t{reason}"));
    }
    Ok(())
}

pub(super) async fn plan(
    office: &Office,
    year: Option<i16>,
    ics: bool,
    json: bool,
) -> Result<(), Failure> {
    let year = year.unwrap_or_else(|| Clock::default().today().year());
    let plan = office.year_plan(year).await.map_err(database::explain)?;
    if ics {
        let title = format!("{}消防安全提示 {year}", office.library().place.name);
        output::write(calendar(&plan, &title).as_bytes());
        return Ok(());
    }
    for due in &plan {
        output::print(&if json {
            to_json(due)?
        } else {
            format!("{}\t{}\t{}\t{}", due.start, due.state, due.title, due.key)
        });
    }
    Ok(())
}

fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string(value).context("cannot write JSON")?)
}
