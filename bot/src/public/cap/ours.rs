//! Our messages as alerts: drills and tests always, notices only where the county allows it.
//!
//! A notice is advice, so it is never urgent, severe or coloured. A relay has no alert of ours: it is
//! given out as it came.

use fenghuo_content::published::{Effect, Link, Mode, Part, Said};
use fenghuo_content::{Code, Library, Published, PublishedKind, Region};
use jiff::{Timestamp, tz};

use super::model::{Alert, Area, Info, Moment, MsgType, Pair, Reference, Scope, Status};

/// Longest headline that is shown whole everywhere.
const MAX_HEADLINE: usize = 160;
/// An area is named in less than this.
const MAX_AREA: usize = 49;

/// What our alerts are made with.
#[derive(Clone, Copy)]
pub struct Profile<'a> {
    /// Place, regions, hotlines.
    pub library: &'a Library,
    /// Public address without a slash at its end.
    pub public_url: &'a str,
    /// `[cap] notices`: whether our own notices are given out as CAP.
    pub notices: bool,
}

/// `published` as an alert; `None` for what is given out otherwise or not at all.
pub fn alert(published: &Published, profile: Profile<'_>) -> Option<Alert> {
    let Said::Own(own) = &published.said else { return None };
    // Nobody but its issuer cancels a warning.
    let follows_relay = published.chain.iter().any(|link| link.kind == PublishedKind::Relay);
    if follows_relay || (published.mode == Mode::Real && !profile.notices) {
        return None;
    }
    let sender = sender(profile.public_url);
    let earlier = published.chain.iter().take_while(|link| link.code != published.code);
    let reference = |link: &Link| Reference {
        sender: sender.clone(),
        identifier: identifier(profile.library, &link.code, link.issued),
        sent: Moment::beijing(link.issued),
    };
    let references: Vec<Reference> = earlier.map(reference).collect();
    let msg_type = match own.part {
        Part::Correction if !references.is_empty() => MsgType::Update,
        Part::Withdrawal if !references.is_empty() => MsgType::Cancel,
        _ => MsgType::Alert,
    };
    Some(Alert {
        identifier: identifier(profile.library, &published.code, published.issued),
        sender,
        sent: Moment::beijing(published.issued),
        status: match published.mode {
            Mode::Real => Status::Actual,
            Mode::Drill => Status::Exercise,
            Mode::Test => Status::Test,
        },
        msg_type,
        source: None,
        scope: Scope::Public,
        restriction: None,
        addresses: None,
        codes: Vec::new(),
        note: published.mode.first_line().map(str::to_owned),
        references,
        incidents: None,
        infos: vec![info(published, profile)],
        signed: false,
    })
}

/// `000000` and eight zeros, the time, the code: in the shape of GB/T 35965.1, with zeros where the national
/// platform gives numbers to offices that issue warnings, which ours are not.
pub fn identifier(library: &Library, code: &Code, issued: Timestamp) -> String {
    let region = library.county().and_then(|county| county.code.as_deref()).unwrap_or_default();
    let digits: String = region.chars().filter(char::is_ascii_digit).take(6).collect();
    let time = tz::offset(8).to_datetime(issued).strftime("%Y%m%d%H%M%S").to_string();
    format!("{digits:0<6}00000000_{time}_{code}")
}

/// The host of the public address: unique, and free of what parts references.
fn sender(public_url: &str) -> String {
    let rest = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    host.chars().filter(|c| !c.is_whitespace() && !",<&".contains(*c)).collect()
}

fn info(published: &Published, profile: Profile<'_>) -> Info {
    let ends = published.effect() == Effect::Ends;
    let (event, response) = match (published.mode, ends) {
        (Mode::Real, false) => ("消防安全提示", "Prepare"),
        (Mode::Real, true) => ("消防安全提示", "None"),
        (Mode::Drill, _) => ("消防演练", "None"),
        (Mode::Test, _) => ("系统测试", "None"),
    };
    let title = published.title();
    let sent = Moment::beijing(published.issued);
    Info {
        language: Some("zh-CN".to_owned()),
        categories: vec!["Fire".to_owned()],
        event: event.to_owned(),
        response_types: vec![response.to_owned()],
        urgency: if ends { "Past" } else { "Future" }.to_owned(),
        severity: "Minor".to_owned(),
        certainty: "Possible".to_owned(),
        effective: Some(sent),
        expires: Some(Moment::beijing(published.expires)),
        sender_name: Some(profile.library.place.operator.clone()).filter(|name| !name.is_empty()),
        headline: Some(title.chars().take(MAX_HEADLINE).collect()),
        description: Some(published.lines().join("\n")),
        instruction: Some(instruction(published.mode, profile.library)),
        web: Some(format!("{}{}", profile.public_url, published.address())),
        parameters: vec![Pair {
            name: "fenghuo:code".to_owned(),
            value: published.code.to_string(),
        }],
        areas: areas(published, profile.library),
        ..Info::default()
    }
}

fn instruction(mode: Mode, library: &Library) -> String {
    match mode {
        Mode::Drill => "这是演练，请按演练安排行动，不要报警。".to_owned(),
        Mode::Test => "这是测试，不用做什么。".to_owned(),
        Mode::Real => {
            let number = library.place.hotlines.first().map_or("119", |line| line.number.as_str());
            format!("照提示检查身边的火源。着火了、有人被困，马上打{number}。")
        }
    }
}

fn areas(published: &Published, library: &Library) -> Vec<Area> {
    let regions: Vec<&Region> = if published.regions.is_empty() {
        library.county().into_iter().collect()
    } else {
        published.regions.iter().filter_map(|id| library.regions.find(id)).collect()
    };
    if regions.is_empty() {
        let description = library.place.name.chars().take(MAX_AREA).collect();
        return vec![Area { description, ..Area::default() }];
    }
    regions.into_iter().map(|region| area(region, library)).collect()
}

fn area(region: &Region, library: &Library) -> Area {
    let mut names = vec![region.name.as_str()];
    let mut above = region.parent.as_deref();
    while let Some(parent) =
        above.and_then(|id| library.regions.find(id)).filter(|_| names.len() < 4)
    {
        names.push(&parent.name);
        above = parent.parent.as_deref();
    }
    let name: String = names.iter().rev().flat_map(|name| name.chars()).collect();
    Area {
        description: name.chars().take(MAX_AREA).collect(),
        polygons: outline(&region.polygon).into_iter().collect(),
        geocodes: region
            .code
            .iter()
            .map(|code| Pair { name: "GB/T 2260".to_owned(), value: code.clone() })
            .collect(),
        ..Area::default()
    }
}

/// `lat,lon` pairs to six decimals, closed; nothing where the outline encloses nothing.
fn outline(points: &[(f64, f64)]) -> Option<String> {
    let on_earth = |(lat, lon): &(f64, f64)| lat.abs() <= 90.0 && lon.abs() <= 180.0;
    if !points.iter().all(on_earth) {
        return None;
    }
    let mut pairs: Vec<String> =
        points.iter().map(|(lat, lon)| format!("{},{}", decimal(*lat), decimal(*lon))).collect();
    pairs.dedup();
    if pairs.first() != pairs.last() {
        pairs.extend(pairs.first().cloned());
    }
    (pairs.len() >= 4).then(|| pairs.join(" "))
}

/// At most six decimals: a tenth of a metre.
fn decimal(degrees: f64) -> String {
    let text = format!("{degrees:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_is_closed_or_left_out() {
        let square = [(39.0, 100.0), (39.0, 100.5), (39.5, 100.5)];
        for (points, expected) in [
            (&square[..], Some("39,100 39,100.5 39.5,100.5 39,100")),
            (&square[..2], None),
            (&[][..], None),
            (&[(95.0, 100.0), (39.0, 100.5), (39.5, 100.5)][..], None),
            (&[(39.0, 100.0), (39.0, 100.0), (39.0, 100.0)][..], None),
        ] {
            assert_eq!(outline(points).as_deref(), expected);
        }
        assert_eq!(decimal(39.123_456_789), "39.123457");
        assert_eq!(decimal(-0.5), "-0.5");
    }

    #[test]
    fn the_sender_is_the_host() {
        for (url, expected) in [
            ("https://xf.example.cn/fire", "xf.example.cn"),
            ("http://127.0.0.1:8119", "127.0.0.1:8119"),
        ] {
            assert_eq!(sender(url), expected);
        }
    }
}
