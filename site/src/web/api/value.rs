//! What single parameters mean; a faulty one is refused with a sentence that helps.

use axum::http::StatusCode;
use fenghuo_content::{Kind, Lang, Season};

use crate::season::Quarter;
use crate::web::Problem;

/// For parameters that have no place in a list.
const NONE: [&str; 0] = [];

/// The refusal of `parameter`, which may have the values `valid`.
pub(super) fn refused<V: Into<String>>(
    parameter: &str,
    valid: impl IntoIterator<Item = V>,
) -> Problem {
    let valid: Vec<String> = valid.into_iter().map(Into::into).collect();
    let detail = format!("`{parameter}` must be one of {}", valid.join(", "));
    Problem::new(StatusCode::BAD_REQUEST, detail).about(parameter, valid)
}

/// Refuses `value` unless its list is the one that `name` narrows.
pub(super) fn only(
    fits: bool,
    name: &str,
    value: Option<&String>,
    list: &str,
) -> Result<(), Problem> {
    match value {
        Some(_) if !fits => {
            let detail = format!("`{name}` narrows only `/api/v1/{list}`");
            Err(Problem::new(StatusCode::BAD_REQUEST, detail).about(name, NONE))
        }
        _ => Ok(()),
    }
}

/// A kind by its name or its folder.
pub(super) fn kind(text: &str) -> Result<Kind, Problem> {
    let by_name = |kind: &Kind| kind.folder() == text || format!("{kind:?}").to_lowercase() == text;
    Kind::ALL.into_iter().find(by_name).ok_or_else(|| {
        let names: Vec<String> =
            Kind::ALL.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect();
        refused("kind", names)
    })
}

/// A season, a month or the whole year.
pub(super) fn season(text: &str) -> Result<Season, Problem> {
    let month = || text.parse::<i8>().ok().filter(|month| (1..=12).contains(month));
    match (text, Quarter::parse(text)) {
        ("all", _) => Ok(Season::ALL),
        (_, Some(quarter)) => Ok(quarter.months()),
        _ => month().map(|month| Season::of([month])).ok_or_else(|| {
            let words = ["spring", "summer", "autumn", "winter", "all"].map(str::to_owned);
            refused("season", words.into_iter().chain((1..=12).map(|month: u8| month.to_string())))
        }),
    }
}

/// `zh` where nothing is said.
pub(super) fn lang(text: Option<&str>) -> Result<Lang, Problem> {
    match text {
        None | Some("zh" | "zh-CN") => Ok(Lang::Zh),
        Some("en") => Ok(Lang::En),
        Some(_) => Err(refused("lang", ["zh", "en"])),
    }
}

/// A whole number within `range`, if there is one.
pub(super) fn number<N: std::str::FromStr + PartialOrd + std::fmt::Display>(
    text: Option<&String>,
    name: &str,
    range: std::ops::RangeInclusive<N>,
) -> Result<Option<N>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let number = text.parse::<N>().ok().filter(|number| range.contains(number));
    let (low, high) = range.into_inner();
    number.map(Some).ok_or_else(|| {
        let detail = format!("`{name}` must be a whole number from {low} to {high}");
        let valid = [format!("{low}–{high}")];
        Problem::new(StatusCode::BAD_REQUEST, detail).about(name, valid)
    })
}
