//! The one binary: reads configuration and arguments, wires the crates together, prints and exits.
//!
//! Everything with a meaning of its own lives in the crates; here stands only what joins them.

mod batch;
mod cli;
mod clock;
mod command;
mod config;
mod database;
mod embedded;
mod failure;
mod library;
mod meaning;
mod output;
mod password;
mod server;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match command::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
