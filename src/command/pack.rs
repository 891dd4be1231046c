//! `fenghuo pack`: one lesson, or the lessons of a season, as a file for a school.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use fenghuo_site::{Format, Options, Site};

use crate::cli::{PackArgs, PackFormat, PlaceArgs};
use crate::clock::Clock;
use crate::config::Config;
use crate::failure::Failure;
use crate::{library, output};

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &PackArgs) -> Result<(), Failure> {
    let library = Arc::new(library::load_strictly(place.library.as_deref(), false)?);
    let options = Options {
        public_url: config.public_url(config.server.listen),
        today: Clock::default().today(),
        live: false,
        watch: false,
    };
    let site = Site::new(library, options);
    let pack = site
        .pack(&args.lesson, format(args.format))
        .map_err(|error| Failure::Usage(error.into()))?;
    match &args.out {
        Some(path) if path == Path::new("-") => {
            output::write(&pack.bytes);
            Ok(())
        }
        Some(path) => save(path, &pack.bytes),
        None => save(Path::new(&pack.name), &pack.bytes),
    }
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let name = path.display();
    std::fs::write(path, bytes).with_context(|| format!("`{name}`: cannot write the pack"))?;
    output::complain(&format!("{name}, {} bytes", bytes.len()));
    Ok(())
}

fn format(format: PackFormat) -> Format {
    match format {
        PackFormat::A4 => Format::A4,
        PackFormat::Slides => Format::Slides,
        PackFormat::Epub => Format::Epub,
        PackFormat::Scorm => Format::Scorm,
        PackFormat::Gift => Format::Gift,
        PackFormat::Ics => Format::Ics,
        PackFormat::Zip => Format::Zip,
    }
}
