//! Whom publicity has reached, on one page that can be printed: townships, the seven settings, months, gaps, boards.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use fenghuo_content::{Library, RegionKind, Setting};
use fenghuo_site::chart::{Bars, Row};
use fenghuo_store::{Reach, ReachRow, SelfCheck};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::board::{self, overdue};
use super::csv::Csv;
use super::error::DeskError;
use super::home::Link;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::when;
use crate::channel::word;
use crate::office::audience::setting_name;

/// Questions listed.
const QUESTIONS: usize = 10;

#[derive(Template)]
#[template(path = "desk/reach.html")]
struct View {
    frame: Frame,
    county: String,
    from: String,
    to: String,
    from_input: String,
    to_input: String,
    totals: Vec<(&'static str, u64)>,
    /// What is missing, in words.
    missing: Vec<String>,
    /// Charts as SVG.
    charts: Vec<(&'static str, String)>,
    places: Vec<Place>,
    settings: Vec<Place>,
    gaps: Vec<(String, u64)>,
    overdue: Vec<Link>,
}

/// The figures of a township or a setting.
#[derive(Default)]
struct Place {
    name: String,
    subscribers: u64,
    sent: u64,
    lost: u64,
    screens: u64,
    speakers: u64,
    /// Openings of pages through links that name the township.
    opened: u64,
    /// What reached it besides messages: how much of it, and in words.
    others: u64,
    also: String,
}

impl Place {
    fn add(&mut self, row: &ReachRow) {
        self.subscribers += row.subscribers;
        self.sent += row.sent;
        self.lost += row.failed + row.unknown + row.skipped;
    }
}

/// Which period.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Period {
    from: String,
    to: String,
}

impl Period {
    /// First and last day; this year so far where nothing sensible is asked for.
    fn days(&self, today: Date) -> (Date, Date) {
        let to = when::date(&self.to).unwrap_or(today);
        let year = Date::new(to.year(), 1, 1).unwrap_or(to);
        let from = when::date(&self.from).unwrap_or(year);
        if from <= to { (from, to) } else { (to, from) }
    }
}

async fn read(state: &DeskState, period: &Period) -> Result<(Date, Date, Reach), DeskError> {
    let (from, to) = period.days(when::day(state.now()));
    let begin = |day: Date| when::parse(&day.to_string(), false).unwrap_or(Timestamp::MIN);
    let after = to.tomorrow().unwrap_or(to);
    Ok((from, to, state.store().reach(begin(from), begin(after)).await?))
}

/// `GET /desk/reach`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    period: Result<Query<Period>, QueryRejection>,
) -> Response {
    let period = period.map(|Query(period)| period).unwrap_or_default();
    match view(&state, &signed, &period).await {
        Ok(view) => page::fine(&view),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed, period: &Period) -> Result<View, DeskError> {
    let (from, to, reach) = read(state, period).await?;
    let library = state.library();
    let told = state.store().self_checks(from, to).await?;
    let (places, settings) = (places(&library, &reach), settings(&library, &reach, &told));
    let boards = board::standing(state).await?;
    let gaps = state.store().gaps().await?;
    Ok(View {
        frame: Frame::new(state, Some(signed), "宣传成效").at("/desk/reach"),
        county: library.place.name.clone(),
        from: when::day_label(from),
        to: when::day_label(to),
        from_input: from.to_string(),
        to_input: to.to_string(),
        totals: totals(&reach, &places),
        missing: missing(&places, &settings),
        charts: charts(&reach, &places, &settings),
        places,
        settings,
        gaps: gaps.into_iter().take(QUESTIONS).map(|gap| (gap.sample, gap.count)).collect(),
        overdue: overdue(&boards),
    })
}

fn totals(reach: &Reach, places: &[Place]) -> Vec<(&'static str, u64)> {
    let sum = |count: fn(&Place) -> u64| places.iter().map(count).sum();
    vec![
        ("现有订阅", sum(|place| place.subscribers)),
        ("送达", sum(|place| place.sent)),
        ("没发到", sum(|place| place.lost)),
        ("屏幕", sum(|place| place.screens)),
        ("大喇叭播出", sum(|place| place.speakers)),
        ("网页打开", reach.views.iter().map(|(_, times)| times).sum()),
    ]
}

/// Every township of the county, also those that nothing has reached.
fn places(library: &Library, reach: &Reach) -> Vec<Place> {
    let mut by: BTreeMap<&str, Place> = BTreeMap::new();
    let county = library.place.region.as_str();
    let townships: Vec<&str> =
        library.regions.children(county).map(|region| region.id.as_str()).collect();
    for id in &townships {
        by.entry(id).or_default();
    }
    for row in &reach.rows {
        by.entry(township(library, &row.region)).or_default().add(row);
    }
    for (region, count) in &reach.screens {
        by.entry(township(library, region)).or_default().screens += count;
    }
    for (region, kind, count) in &reach.acknowledged {
        if kind == "loudspeaker" {
            by.entry(township(library, region)).or_default().speakers += count;
        }
    }
    for (region, count) in &reach.place_views {
        by.entry(township(library, region)).or_default().opened += count;
    }
    let order =
        |id: &&str| townships.iter().position(|township| township == id).unwrap_or(usize::MAX);
    let mut ids: Vec<&str> = by.keys().copied().collect();
    ids.sort_by_key(order);
    ids.into_iter()
        .filter_map(|id| Some(Place { name: place_name(library, id), ..by.remove(id)? }))
        .collect()
}

/// The seven, and whoever gave none, each with what reaches it besides messages.
fn settings(library: &Library, reach: &Reach, told: &[SelfCheck]) -> Vec<Place> {
    let of = |role: Option<&str>, name: &str| {
        let mut place = Place { name: name.to_owned(), ..Place::default() };
        reach.rows.iter().filter(|row| row.role.as_deref() == role).for_each(|row| place.add(row));
        place
    };
    let mut all: Vec<Place> = Setting::ALL
        .into_iter()
        .map(|setting| {
            let (others, also) = also(library, reach, told, setting);
            Place { others, also, ..of(Some(word(setting)), setting.name()) }
        })
        .collect();
    let none = of(None, "没有选身份");
    if none.subscribers + none.sent + none.lost > 0 {
        all.push(none);
    }
    all
}

/// Villages hear loudspeakers, streets see screens, schools open lessons, enterprises check themselves; the web is
/// counted in openings. Openings of a page count for the setting the page is written for, whoever opened it.
fn also(library: &Library, reach: &Reach, told: &[SelfCheck], setting: Setting) -> (u64, String) {
    let opened = |pages: &[&str]| -> u64 {
        let pages = reach.views.iter().filter(|(page, _)| pages.contains(&page.as_str()));
        pages.map(|(_, times)| times).sum()
    };
    let portal = format!("/for/{}/", word(setting));
    let mut parts = match setting {
        Setting::Community => {
            let screens: u64 = reach.screens.iter().map(|(_, count)| count).sum();
            vec![(screens, format!("屏幕 {screens} 块"))]
        }
        Setting::Village => {
            let heard = reach.acknowledged.iter().filter(|(_, kind, _)| kind == "loudspeaker");
            let heard: u64 = heard.map(|(_, _, count)| count).sum();
            vec![(heard, format!("大喇叭播出 {heard} 次"))]
        }
        Setting::School => {
            let lessons = opened(&["/lessons/", "/quizzes/"]);
            vec![(lessons, format!("课程和测验打开 {lessons} 次"))]
        }
        Setting::Web => {
            let all: u64 = reach.views.iter().map(|(_, times)| times).sum();
            vec![(all, format!("网页打开 {all} 次"))]
        }
        Setting::Agency | Setting::Enterprise | Setting::Home => Vec::new(),
    };
    let here = opened(&[&portal]);
    parts.push((here, format!("专页打开 {here} 次")));
    let checks: u64 =
        told.iter().filter(|told| is_for(library, told, setting)).map(|t| t.times).sum();
    parts.push((checks, format!("自查告诉乡镇 {checks} 份")));
    // The first one is what the setting is known by: a zero there says something.
    let shown = parts.iter().enumerate().filter(|(at, (count, _))| *at == 0 || *count > 0);
    let words = shown.map(|(_, (_, text))| text.as_str()).collect::<Vec<_>>().join("，");
    (parts.iter().map(|(count, _)| count).sum(), words)
}

/// Whether the list is written for people of `setting`.
fn is_for(library: &Library, told: &SelfCheck, setting: Setting) -> bool {
    let found = library.find(&told.checklist).map(|document| &document.meta.audience);
    found.is_some_and(|audiences| {
        let mut known = library.audiences.iter().filter(|known| audiences.contains(&known.id));
        known.any(|audience| audience.settings.contains(&setting))
    })
}

/// The township of a region; the county itself for whoever follows all of it.
fn township<'a>(library: &'a Library, region: &'a str) -> &'a str {
    let village = library.regions.find(region).filter(|found| found.kind == RegionKind::Village);
    village.and_then(|village| village.parent.as_deref()).unwrap_or(region)
}

fn place_name(library: &Library, id: &str) -> String {
    let name = library.regions.name(id);
    if id == library.place.region { format!("{name}（没选乡镇）") } else { name.to_owned() }
}

fn missing(places: &[Place], settings: &[Place]) -> Vec<String> {
    let names = |list: &[Place], is: fn(&Place) -> bool| {
        list.iter()
            .filter(|place| is(place))
            .map(|place| place.name.as_str())
            .collect::<Vec<_>>()
            .join("、")
    };
    let nobody = names(places, |place| place.subscribers == 0 && !place.name.contains('（'));
    let silent =
        names(places, |place| place.screens + place.speakers == 0 && !place.name.contains('（'));
    let unreached = names(settings, |place| place.subscribers + place.others == 0);
    [
        ("没有人订阅的乡镇", nobody),
        ("没有屏幕也没有大喇叭记录的乡镇", silent),
        ("没有人订阅、也没有别的记录的场所", unreached),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(what, names)| format!("{what}：{names}"))
    .collect()
}

fn charts(reach: &Reach, places: &[Place], settings: &[Place]) -> Vec<(&'static str, String)> {
    let row = |name: &str, value: u64| Row {
        name: name.to_owned(),
        value: u32::try_from(value).unwrap_or(u32::MAX),
    };
    let of = |list: &[Place], count: fn(&Place) -> u64| -> Vec<Row> {
        list.iter().map(|place| row(&place.name, count(place))).collect()
    };
    let months = |count: fn(&fenghuo_store::Month) -> u64| -> Vec<Row> {
        reach.months.iter().map(|month| row(&month.month, count(month))).collect()
    };
    let charts = [
        ("各乡镇订阅人数", of(places, |place| place.subscribers)),
        ("各乡镇送达", of(places, |place| place.sent)),
        ("七个场所订阅人数", of(settings, |place| place.subscribers)),
        ("七个场所送达", of(settings, |place| place.sent)),
        ("各乡镇从通知里打开网页", of(places, |place| place.opened)),
        ("每月订阅人数", months(|month| month.subscribers)),
        ("每月送达", months(|month| month.sent)),
        ("每月网页打开", months(|month| month.views)),
    ];
    charts
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(name, rows)| (name, Bars::new(name, rows).to_string()))
        .collect()
}

/// `GET /desk/reach.csv`
pub(super) async fn csv(
    State(state): State<DeskState>,
    signed: Signed,
    period: Result<Query<Period>, QueryRejection>,
) -> Response {
    let period = period.map(|Query(period)| period).unwrap_or_default();
    let (from, to, reach) = match read(&state, &period).await {
        Ok(read) => read,
        Err(error) => return error.page(&state, Some(&signed)),
    };
    let library = state.library();
    let columns =
        ["乡镇", "村（社区）", "场所", "订阅人数", "群和平台", "送达", "失败", "不确定", "跳过"];
    let mut csv = Csv::new(&columns);
    for row in &reach.rows {
        let above = township(&library, &row.region);
        let village = if above == row.region { "" } else { library.regions.name(&row.region) };
        let setting = row.role.as_deref().map_or("没有选身份", setting_name);
        let counts = [row.subscribers, row.outlets, row.sent, row.failed, row.unknown, row.skipped];
        let counts = counts.map(|count| count.to_string());
        let mut cells = vec![place_name(&library, above), village.to_owned(), setting.to_owned()];
        cells.extend(counts);
        csv.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    csv.answer(&format!("fenghuo-reach-{from}-{to}.csv")).into_response()
}
