//! `fenghuo calendar`: when the notices of the library fall due in a year.

use fenghuo_content::{Content, Kind, Occasion};

use crate::cli::{CalendarArgs, PlaceArgs};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::{library, output};

pub(crate) fn run(place: &PlaceArgs, args: &CalendarArgs) -> Result<(), Failure> {
    let library = library::load_leniently(place.library.as_deref())?;
    let year = args.year.unwrap_or_else(|| Clock::default().today().year());
    let mut rows: Vec<(Occasion, String)> = Vec::new();
    for document in library.of_kind(Kind::Notice) {
        let Content::Notice(notice) = &document.content else { continue };
        for when in &notice.when {
            for occasion in when.occasions(year) {
                rows.push((
                    occasion,
                    format!("{}\t{}\t{}", when.text, document.meta.title, document.id),
                ));
            }
        }
    }
    rows.sort();
    for (Occasion { start, end }, row) in rows {
        let days = if start == end { start.to_string() } else { format!("{start}—{end}") };
        output::print(&format!("{days}\t{row}"));
    }
    Ok(())
}
