//! Which of our regions a warning is about: by code, by name, by outline.

use fenghuo_content::{Library, Region, RegionKind};

use super::Relay;
use crate::public::cap::Area;

/// Kilometres of a degree of latitude.
const DEGREE_KM: f64 = 111.2;

/// Region ids that `relay` is about, none of which lies in another; empty for the whole county, `None` if it is
/// about other places.
pub fn regions(library: &Library, relay: &Relay) -> Option<Vec<String>> {
    let areas: Vec<&Area> = relay.alert.infos.iter().flat_map(|info| &info.areas).collect();
    let county = library.county()?;
    if areas.iter().any(|area| covers(area, county, library)) {
        return Some(Vec::new());
    }
    let hit = |region: &&Region| areas.iter().any(|area| touches(area, region));
    let hits: Vec<&Region> = library.regions.iter().filter(hit).collect();
    let below = |region: &Region| {
        let up = region.parent.as_deref();
        up.is_some_and(|up| hits.iter().any(|other| library.regions.within(up, &other.id)))
    };
    let top: Vec<String> =
        hits.iter().filter(|region| !below(region)).map(|region| region.id.clone()).collect();
    match top.as_slice() {
        [] => None,
        [only] if *only == county.id => Some(Vec::new()),
        _ => Some(top),
    }
}

/// Whether `area` is about the whole county: it has its code or that of a city or province above, or names the
/// county and no part of it.
fn covers(area: &Area, county: &Region, library: &Library) -> bool {
    let by_code = county
        .code
        .as_deref()
        .is_some_and(|ours| area.geocodes.iter().any(|pair| is_above(pair.value.trim(), ours)));
    let parts = library.regions.iter().filter(|region| region.kind != RegionKind::County);
    let names_part = || parts.into_iter().any(|part| area.description.contains(&part.name));
    by_code || (area.description.contains(&county.name) && !names_part())
}

/// Whether the code `theirs` is `ours` or that of a place it lies in: `620000` and `620700` are above `620723`.
fn is_above(theirs: &str, ours: &str) -> bool {
    let digits = |text: &str| text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(theirs) || !digits(ours) {
        return false;
    }
    let mut significant = theirs.trim_end_matches('0').to_owned();
    if significant.len() % 2 == 1 {
        significant.push('0');
    }
    significant.len() >= 2 && ours.starts_with(&significant)
}

fn touches(area: &Area, region: &Region) -> bool {
    let code = region.code.as_deref();
    code.is_some_and(|ours| area.geocodes.iter().any(|pair| pair.value.trim() == ours))
        || (region.kind != RegionKind::County && area.description.contains(&region.name))
        || area.polygons.iter().any(|text| overlap(&points(text), &region.polygon))
        || area.circles.iter().any(|text| reaches(text, &region.polygon))
}

fn points(text: &str) -> Vec<(f64, f64)> {
    text.split_whitespace().filter_map(point).collect()
}

fn point(text: &str) -> Option<(f64, f64)> {
    let (lat, lon) = text.split_once(',')?;
    Some((lat.parse().ok()?, lon.parse().ok()?))
}

/// Whether a corner of one outline lies in the other.
fn overlap(a: &[(f64, f64)], b: &[(f64, f64)]) -> bool {
    a.iter().any(|corner| inside(*corner, b)) || b.iter().any(|corner| inside(*corner, a))
}

/// Even-odd rule.
fn inside((lat, lon): (f64, f64), outline: &[(f64, f64)]) -> bool {
    let Some(last) = outline.last() else { return false };
    let mut before = *last;
    let mut within = false;
    for corner in outline {
        let crosses = (corner.0 > lat) != (before.0 > lat);
        if crosses {
            let at = corner.1 + (lat - corner.0) / (before.0 - corner.0) * (before.1 - corner.1);
            within ^= lon < at;
        }
        before = *corner;
    }
    within
}

/// Whether the circle `lat,lon km` holds a corner of `outline`, or has its centre in it.
fn reaches(circle: &str, outline: &[(f64, f64)]) -> bool {
    let mut parts = circle.split_whitespace();
    let (Some(centre), Some(Ok(km))) =
        (parts.next().and_then(point), parts.next().map(str::parse::<f64>))
    else {
        return false;
    };
    let near = |corner: &(f64, f64)| {
        let north = (corner.0 - centre.0) * DEGREE_KM;
        let east = (corner.1 - centre.1) * DEGREE_KM * centre.0.to_radians().cos();
        north.hypot(east) <= km
    };
    inside(centre, outline) || outline.iter().any(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_places_above_cover_ours() {
        for (theirs, expected) in [
            ("620723", true),
            ("620700", true),
            ("620000", true),
            ("620724", false),
            ("610000", false),
            ("000000", false),
            ("62", false),
            ("", false),
        ] {
            assert_eq!(is_above(theirs, "620723"), expected, "{theirs}");
        }
    }

    #[test]
    fn outlines_and_circles_reach_or_not() {
        let square = [(39.0, 100.0), (39.0, 101.0), (40.0, 101.0), (40.0, 100.0)];
        assert!(inside((39.5, 100.5), &square));
        assert!(!inside((39.5, 101.5), &square));
        assert!(overlap(&points("39.5,100.5 39.5,102 41,102 39.5,100.5"), &square));
        assert!(!overlap(&points("35,90 35,91 36,91 35,90"), &square));
        assert!(!overlap(&points("35,90 35,91 36,91 35,90"), &[]));
        assert!(reaches("39.5,100.5 0", &square));
        assert!(reaches("38.95,100 10", &square));
        assert!(!reaches("38,98 10", &square));
        assert!(!reaches("nonsense", &square));
    }
}
