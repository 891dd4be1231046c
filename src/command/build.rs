//! `fenghuo build`: the website as files for a static host.

use std::sync::Arc;

use anyhow::Context;
use fenghuo_site::{Options, Site};

use crate::cli::{BuildArgs, PlaceArgs};
use crate::clock::Clock;
use crate::config::{Config, check_public_url};
use crate::failure::Failure;
use crate::{library, output};

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &BuildArgs) -> Result<(), Failure> {
    let public_url = public_url(config, args.public_url.as_deref())?;
    let library = Arc::new(library::load_strictly(place.library.as_deref(), args.unchecked)?);
    let options =
        Options { public_url, today: Clock::default().today(), live: false, watch: false };
    let site = Site::new(library, options);
    let summary = site.build(&args.out).context("cannot write the site")?;
    output::complain(&format!("{} files, {} bytes", summary.files, summary.bytes));
    Ok(())
}

/// The address that was `asked` for, else the configured one.
pub(super) fn public_url(config: &Config, asked: Option<&str>) -> Result<String, Failure> {
    match asked {
        Some(url) => {
            check_public_url(url).map_err(Failure::Usage)?;
            Ok(url.trim_end_matches('/').to_owned())
        }
        None => Ok(config.public_url(config.server.listen)),
    }
}
