//! `{{ township }}` and its kin: filled from the library, never guessed. Nothing but names and `{% if … %}` is a
//! template, so that no text can loop, call or grow.

use std::collections::BTreeMap;

use fenghuo_content::{Library, Region, RegionKind};
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::words::region_of;
use crate::office::Fault;
use crate::office::audience::tops;

/// Names a text may use, each with what it stands for.
pub const PLACEHOLDERS: [(&str, &str); 5] = [
    ("county", "县名"),
    ("township", "乡镇名（收到的人在乡镇或村里才有）"),
    ("village", "村名（收到的人在村里才有）"),
    ("place", "收到的人所在的地方：村，没有就是乡镇，再没有就是县"),
    ("hotline", "第一个电话，一般是 119"),
];

/// Steps of the template machine; a text of the allowed size needs far fewer.
const FUEL: u64 = 50_000;

/// What stands for a name that has no value where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing: it is a fault.
    Fault,
    /// It is said in general. What follows an earlier message goes to whoever got that one, wherever she is now.
    General,
}

/// Fills the placeholders of `text` for readers in `region`.
///
/// # Errors
/// The fault with its line, for the field `field`.
pub(super) fn fill(
    library: &Library,
    (region, missing): (&Region, Missing),
    field: &str,
    text: &str,
) -> Result<String, Fault> {
    if !text.contains(['{', '}']) {
        return Ok(text.to_owned());
    }
    only_names(field, text)?;
    let mut all = pairs(library, region);
    if missing == Missing::General {
        add_general(&mut all);
    }
    environment()
        .render_str(text, value(all))
        .map_err(|error| fault(library, region, (field, text), &error))
}

/// For each of `regions` the place of the first one for whose readers all of `texts` read the same: names that are
/// printed stand for the same there, names that are only asked for are there or not.
pub(super) fn alike(library: &Library, texts: &[&str], regions: &[Region]) -> Vec<usize> {
    let named = |open: &str, lead: &str, name: &str| {
        texts.iter().flat_map(|text| text.split(open).skip(1)).any(|tail| {
            let tail = tail.trim_start_matches('-').trim_start();
            let rest = tail.strip_prefix(lead).unwrap_or_default().trim_start();
            rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_letter))
        })
    };
    let used = |open: &str, lead: &str| -> Vec<&str> {
        let names = PLACEHOLDERS.iter().map(|(name, _)| *name);
        names.filter(|name| named(open, lead, name)).collect()
    };
    let (printed, asked) = (used("{{", ""), used("{%", "if"));
    let mut first: BTreeMap<Vec<Option<String>>, usize> = BTreeMap::new();
    let key = |region: &Region| -> Vec<Option<String>> {
        let all: BTreeMap<&str, String> = pairs(library, region).into_iter().collect();
        let whether = |name: &&str| all.get(name).map(|_| String::new());
        printed.iter().map(|name| all.get(name).cloned()).chain(asked.iter().map(whether)).collect()
    };
    let places = regions.iter().enumerate();
    places.map(|(place, region)| *first.entry(key(region)).or_insert(place)).collect()
}

fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c == '_'
}

/// Fills the placeholders of `text` for what everybody sees (pages, feeds, screens): `regions` are those of the
/// audience, none of them the whole county. Where a name has no one value there, it is said in general. What
/// cannot be filled at all stays as it is.
pub fn public_text(library: &Library, text: &str, regions: &[String]) -> String {
    if !text.contains('{') || only_names("body", text).is_err() {
        return text.to_owned();
    }
    let tops = tops(library, regions);
    let one = match tops.as_slice() {
        [one] => region_of(library, one),
        _ => region_of(library, &library.place.region),
    };
    let mut all = pairs(library, &one);
    add_general(&mut all);
    if tops.len() > 1 {
        let names: Vec<&str> = tops.iter().map(|id| library.regions.name(id)).collect();
        all.retain(|(name, _)| *name != "place");
        all.push(("place", names.join("、")));
    }
    environment().render_str(text, value(all)).unwrap_or_else(|_| text.to_owned())
}

/// Adds what is said where a name has no value.
fn add_general(pairs: &mut Vec<(&'static str, String)>) {
    for (name, general) in [("township", "本乡镇"), ("village", "本村")] {
        if !pairs.iter().any(|(known, _)| *known == name) {
            pairs.push((name, general.to_owned()));
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    // Markdown and titles are escaped where they are rendered, each in its own way.
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment
}

fn value(pairs: Vec<(&'static str, String)>) -> Value {
    Value::from(pairs.into_iter().collect::<BTreeMap<&'static str, String>>())
}

/// What each name stands for in `region`; a name without a value is left out.
fn pairs(library: &Library, region: &Region) -> Vec<(&'static str, String)> {
    let up = |region: &Region| {
        region.parent.as_deref().and_then(|parent| library.regions.find(parent)).cloned()
    };
    let (village, township) = match region.kind {
        RegionKind::Village => (Some(region.name.clone()), up(region).map(|up| up.name)),
        RegionKind::Township => (None, Some(region.name.clone())),
        RegionKind::County => (None, None),
    };
    let hotline = library.place.hotlines.first().map(|hotline| hotline.number.clone());
    let pairs = [
        ("county", Some(library.place.name.clone())),
        ("township", township),
        ("village", village),
        ("place", Some(region.name.clone())),
        ("hotline", hotline),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Refuses everything that is more than a name in braces or a plain condition.
fn only_names(field: &str, text: &str) -> Result<(), Fault> {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let line = line_of(text, text.len() - rest.len() + at);
        let tail = &rest[at..];
        let (end, fine) = match tail.as_bytes().get(1) {
            Some(b'{') => closed(tail, "}}", is_name),
            Some(b'%') => closed(tail, "%}", is_condition),
            Some(b'#') => (2, false),
            _ => (1, true),
        };
        if !fine {
            return Err(Fault::at(field, line, refusal(tail)));
        }
        rest = &tail[end..];
    }
    Ok(())
}

/// Where the tag that begins `tail` ends, and whether what it holds is `fine`.
fn closed(tail: &str, close: &str, fine: fn(&str) -> bool) -> (usize, bool) {
    match tail[2..].find(close) {
        Some(end) => (end + 4, fine(tail[2..2 + end].trim())),
        None => (2, false),
    }
}

fn is_name(inner: &str) -> bool {
    !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

fn is_condition(inner: &str) -> bool {
    matches!(inner, "else" | "endif")
        || inner.strip_prefix("if ").is_some_and(|name| is_name(name.trim()))
}

fn refusal(tail: &str) -> String {
    let shown: String = tail.chars().take(20).take_while(|c| *c != '\n').collect();
    format!("看不懂“{shown}”；花括号里只能写 {}，或 {{% if village %}}…{{% endif %}}", names())
}

fn names() -> String {
    PLACEHOLDERS.map(|(name, _)| format!("{{{{ {name} }}}}")).join("、")
}

fn fault(library: &Library, region: &Region, (field, text): (&str, &str), error: &Error) -> Fault {
    let line = error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
    let message = match error.kind() {
        ErrorKind::UndefinedError => {
            let has = pairs(library, region);
            let name =
                first_missing(text, line, |name| has.iter().any(|(known, _)| *known == name));
            let known = PLACEHOLDERS.iter().any(|(known, _)| *known == name);
            if known {
                format!(
                    "“{}”没有 {{{{ {name} }}}} 的值；改用 {{{{ place }}}}，或把这里从收到的地方里去掉",
                    region.name
                )
            } else {
                format!("没有 {{{{ {name} }}}} 这一项；可以写 {}", names())
            }
        }
        ErrorKind::OutOfFuel => "这里太复杂，展开不了；少写几个条件".to_owned(),
        _ => format!("{{% if … %}} 和 {{% endif %}} 不成对；可以写 {}", names()),
    };
    Fault::at(field, line, message)
}

/// The first name in braces in the line `line` that `has` no value.
fn first_missing(text: &str, line: u32, has: impl Fn(&str) -> bool) -> String {
    let line = text.lines().nth(usize::try_from(line).unwrap_or(1) - 1).unwrap_or_default();
    let mut names = line.split("{{").skip(1).filter_map(|tail| tail.split("}}").next());
    names.find(|name| !has(name.trim())).unwrap_or_default().trim().to_owned()
}

fn line_of(text: &str, at: usize) -> u32 {
    let lines = text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
    u32::try_from(lines).map_or(u32::MAX, |lines| lines + 1)
}
