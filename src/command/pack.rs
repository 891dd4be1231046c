//! `fenghuo pack`: one lesson or the lessons of a season as a file for a school, or the whole library in one file.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use fenghuo_site::{Format, Options, Site};

use crate::cli::{PackArgs, PackFormat, PlaceArgs};
use crate::clock::Clock;
use crate::command::build::public_url;
use crate::config::Config;
use crate::failure::Failure;
use crate::{library, output};

/// The name of the whole library as a pack.
const CRISIS: &str = "crisis";

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &PackArgs) -> Result<(), Failure> {
    let library = Arc::new(library::load_strictly(place.library.as_deref(), false)?);
    let options = Options {
        public_url: public_url(config, args.public_url.as_deref())?,
        today: Clock::default().today(),
        live: false,
        watch: false,
    };
    let site = Site::new(library, options);
    let (name, bytes) = pack(&site, args)?;
    match &args.out {
        Some(path) if path == Path::new("-") => {
            output::write(&bytes);
            Ok(())
        }
        Some(path) => save(path, &bytes),
        None => save(Path::new(&name), &bytes),
    }
}

/// Name and bytes of the file that was asked for.
fn pack(site: &Site, args: &PackArgs) -> Result<(String, Vec<u8>), Failure> {
    if args.lesson == CRISIS {
        if args.format.is_some() {
            return Err(Failure::usage("the crisis copy has no other format than HTML"));
        }
        let copy = site.crisis_copy().context("cannot make the crisis copy")?;
        return Ok((format!("fenghuo-{}.html", site.options().today), copy.into_bytes()));
    }
    let Some(wanted) = args.format else {
        return Err(Failure::usage("--format says which file of the lesson is wanted"));
    };
    let pack = site.pack(&args.lesson, format(wanted));
    let pack = pack.map_err(|error| Failure::Usage(error.into()))?;
    Ok((pack.name, pack.bytes))
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
