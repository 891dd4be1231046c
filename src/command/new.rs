//! `fenghuo new`: a stub that explains itself, as a draft.

use std::path::{Path, PathBuf};

use anyhow::Context;
use fenghuo_content::{DocumentId, Kind, stub};

use crate::cli::{KindArg, NewArgs, PlaceArgs};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output;

/// The library of a checkout, where `new` writes when no other is named.
const CHECKOUT: &str = "content/library";

pub(crate) fn run(place: &PlaceArgs, args: &NewArgs) -> Result<(), Failure> {
    let library = library_dir(place)?;
    let kind = kind(args.kind);
    let slug = args.slug.trim_matches('/').trim_end_matches(".md");
    let name = format!("{}/{slug}", kind.folder());
    let id = DocumentId::parse(&name).ok_or_else(|| {
        Failure::usage(format!(
            "`{name}`: use small letters, digits and hyphens, e.g. kitchen/oil-pan-fire"
        ))
    })?;
    if kind == Kind::Knowledge && slug.split('/').count() < 2 {
        return Err(Failure::usage(format!("knowledge needs a topic: new knowledge TOPIC/{slug}")));
    }
    for (ending, text) in stub(&id, Clock::default().today()) {
        write_new(&library.join(format!("{id}.{ending}")), &text)?;
    }
    Ok(())
}

fn library_dir(place: &PlaceArgs) -> Result<PathBuf, Failure> {
    let dir = place.library.clone().unwrap_or_else(|| PathBuf::from(CHECKOUT));
    if dir.is_dir() {
        return Ok(dir);
    }
    Err(Failure::usage(format!(
        "`{}` is no folder; name your library with --library DIR",
        dir.display()
    )))
}

/// Writes `text` to `path`, never over a file that is there.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let name = path.display();
    if path.exists() {
        return Err(Failure::usage(format!("`{name}` exists already")));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("`{name}`"))?;
    }
    std::fs::write(path, text).with_context(|| format!("`{name}`"))?;
    output::print(&name.to_string());
    Ok(())
}

fn kind(arg: KindArg) -> Kind {
    match arg {
        KindArg::Knowledge => Kind::Knowledge,
        KindArg::Case => Kind::Case,
        KindArg::Guide => Kind::Guide,
        KindArg::Lesson => Kind::Lesson,
        KindArg::Quiz => Kind::Quiz,
        KindArg::Checklist => Kind::Checklist,
        KindArg::Notice => Kind::Notice,
        KindArg::Bulletin => Kind::Bulletin,
        KindArg::Board => Kind::Board,
        KindArg::Page => Kind::Page,
    }
}
