//! `/calendar.ics`: the safety days of the library and what was sent, for the calendars of phones and offices.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use fenghuo_content::Published;
use fenghuo_site::{World, tagged_body};
use icalendar::{Calendar, Component, Event, Property};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz};

use super::Public;
use super::api::open;
use crate::web::ApiError;

/// Messages older than this are left out.
const DAYS_BACK: i32 = 90;

/// `GET /calendar.ics`
pub(super) async fn serve(State(public): State<Public>, headers: HeaderMap) -> Response {
    let world = public.current().get();
    match public.messages(&world).await {
        Ok(messages) => {
            let text = calendar(&world, &messages, public.now());
            open(tagged_body(&headers, "text/calendar; charset=utf-8", text.into_bytes()))
        }
        Err(error) => ApiError::from(error).into_response(),
    }
}

fn calendar(world: &World, messages: &[Published], now: Timestamp) -> String {
    let place = &world.library.place;
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Fenghuo//Notices//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.name(&format!("{}：安全日历", place.title));
    let first = tz::offset(8).to_datetime(now).date().saturating_sub(DAYS_BACK.days());
    for day in world.site.safety_days() {
        let end = day.end.tomorrow().unwrap_or(day.end);
        let mut event = Event::new();
        event.uid(&format!(
            "{}-{}@{}",
            day.name.replace('/', "-"),
            compact(day.start),
            host(world)
        ));
        event.add_property("DTSTAMP", format!("{}T000000Z", compact(day.reviewed)));
        all_day(&mut event, day.start, end);
        event.summary(&day.title).description(&day.text);
        if let Some(url) = &day.url {
            event.add_property("URL", url);
        }
        calendar.push(event.done());
    }
    for published in messages {
        if tz::offset(8).to_datetime(published.issued).date() >= first {
            calendar.push(sent(world, published, now));
        }
    }
    calendar.to_string()
}

/// A message holds from when it was sent to its end, or until another ended it.
fn sent(world: &World, published: &Published, now: Timestamp) -> Event {
    let mut event = Event::new();
    event.uid(&format!("{}@{}", published.code, host(world)));
    event.add_property("DTSTAMP", utc(published.issued));
    event.add_property("DTSTART", utc(published.issued));
    event.add_property("DTEND", utc(published.expires));
    event.summary(&published.title());
    let mut text = published.lines();
    text.push(format!("{}。编号 {}。", published.until(), published.code));
    event.description(&text.join("\n"));
    event.add_property("URL", world.site.absolute(&published.address()));
    let over = matches!(
        published.state(now),
        fenghuo_content::published::State::Ended(_)
            | fenghuo_content::published::State::Replaced(_)
    );
    event.add_property("STATUS", if over { "CANCELLED" } else { "CONFIRMED" });
    event.add_property("TRANSP", "TRANSPARENT");
    event.done()
}

fn all_day(event: &mut Event, start: Date, end: Date) {
    for (name, day) in [("DTSTART", start), ("DTEND", end)] {
        let property = Property::new(name, compact(day)).add_parameter("VALUE", "DATE").done();
        event.append_property(property);
    }
    event.add_property("TRANSP", "TRANSPARENT");
}

fn host(world: &World) -> &str {
    let url = world.site.options().public_url.split("//").nth(1).unwrap_or("fenghuo");
    url.split('/').next().unwrap_or("fenghuo")
}

/// `20261109`
fn compact(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// `20261109T000000Z`
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
