//! What no schema can say of an alert, and what makes it wrong all the same.

use super::Fault;
use super::model::{Alert, Area, Info, MsgType, Scope};

/// Refuses an alert that contradicts itself or the standard.
pub(super) fn meaning(alert: &Alert) -> Result<(), Fault> {
    names(alert)?;
    if alert.msg_type != MsgType::Alert && alert.references.is_empty() {
        return fault(
            "an update or cancel must name the messages it follows in `references`",
            "这是更新或解除，却没有写明是哪一条预警（references）。",
        );
    }
    if (alert.scope == Scope::Restricted) != alert.restriction.is_some() {
        return fault(
            "`restriction` belongs to scope Restricted, and only to it",
            "范围（scope）和限制（restriction）互相矛盾。",
        );
    }
    if alert.scope == Scope::Private && alert.addresses.is_none() {
        return fault(
            "scope Private needs `addresses`",
            "指定接收的预警没有写接收人（addresses）。",
        );
    }
    alert.infos.iter().try_for_each(|info| said(alert, info))
}

/// Both become parts of references, which blanks and commas part.
fn names(alert: &Alert) -> Result<(), Fault> {
    let fine = |text: &str| !text.contains(|c: char| c.is_whitespace() || ",<&".contains(c));
    if fine(&alert.identifier) && fine(&alert.sender) {
        return Ok(());
    }
    fault(
        "`identifier` and `sender` may hold no blank, comma, `<` or `&`",
        "编号（identifier）或发送方（sender）里有空格、逗号等不允许的字符。",
    )
}

fn said(alert: &Alert, info: &Info) -> Result<(), Fault> {
    let begins = info.effective.as_ref().unwrap_or(&alert.sent).at;
    if info.expires.as_ref().is_some_and(|expires| expires.at < begins) {
        return fault("it expires before it holds", "失效时间早于生效时间。");
    }
    info.areas.iter().try_for_each(area)
}

fn area(area: &Area) -> Result<(), Fault> {
    if area.ceiling.is_some() && area.altitude.is_none() {
        return fault(
            "`ceiling` needs `altitude`",
            "只写了高度上限（ceiling），没有写下限（altitude）。",
        );
    }
    if !area.polygons.iter().all(|text| is_polygon(text)) {
        return fault(
            "a polygon needs four or more `lat,lon` pairs, the last the same as the first",
            "范围的多边形（polygon）没有闭合，或坐标不对。",
        );
    }
    if !area.circles.iter().all(|text| is_circle(text)) {
        return fault("a circle is `lat,lon km`", "范围的圆（circle）写得不对。");
    }
    Ok(())
}

fn is_polygon(text: &str) -> bool {
    let points: Option<Vec<(f64, f64)>> = text.split_whitespace().map(point).collect();
    points.is_some_and(|points| points.len() >= 4 && points.first() == points.last())
}

fn is_circle(text: &str) -> bool {
    let mut parts = text.split_whitespace();
    let (Some(centre), Some(radius), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let radius = radius.parse::<f64>().ok();
    point(centre).is_some() && radius.is_some_and(|km| (0.0..=20_100.0).contains(&km))
}

fn point(text: &str) -> Option<(f64, f64)> {
    let (lat, lon) = text.split_once(',')?;
    let (lat, lon) = (lat.parse::<f64>().ok()?, lon.parse::<f64>().ok()?);
    let fits = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    fits.then_some((lat, lon))
}

fn fault(english: &'static str, chinese: &'static str) -> Result<(), Fault> {
    Err(Fault::Meaning { english, chinese })
}
