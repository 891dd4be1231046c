//! An office for one command: the library, the database and what the configuration says of what sends.

use std::sync::Arc;

use anyhow::Context;
use fenghuo_bot::office::{Error, Office};

use crate::cli::PlaceArgs;
use crate::clock::Clock;
use crate::config::Config;
use crate::failure::Failure;
use crate::{database, library, output};

/// Runs `work` with an office and closes the database after it.
pub(super) fn run_office<W>(place: &PlaceArgs, config: &Config, work: W) -> Result<(), Failure>
where
    W: AsyncFnOnce(Office) -> Result<(), Failure>,
{
    let location = database::location(place, config)?;
    let library = Arc::new(library::load_leniently(place.library.as_deref())?);
    let settings = config.office(config.server.listen);
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        let store = database::open(&location).await?;
        let clock = Clock::default();
        let clock = fenghuo_bot::Clock::new(move || clock.now());
        let office = Office::new(store.clone(), move || library.clone(), clock, settings);
        let done = work(office).await;
        store.close().await;
        done
    })
}

/// Says what an office refused: each fault in a line, everything else in a sentence.
pub(super) fn refused(error: Error) -> Failure {
    match error {
        Error::Faults(faults) => {
            for fault in faults {
                output::complain(&fault.to_string());
            }
            Failure::Findings
        }
        error if error.is_refusal() => {
            output::complain(&format!("refused: {error}"));
            Failure::Findings
        }
        Error::Store(error) => Failure::Run(database::explain(error)),
        error => Failure::Run(error.into()),
    }
}
