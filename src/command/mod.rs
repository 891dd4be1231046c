//! One file a command.

mod ask;
mod audit;
mod build;
mod calendar;
mod campaign;
mod check;
mod eval;
mod gaps;
mod inbox;
mod new;
mod office;
mod official;
mod pack;
mod search;
mod serve;
mod store;

use crate::cli::{Cli, Command, ServeArgs};
use crate::config::Config;
use crate::failure::Failure;

/// Runs the command that `cli` names.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { place, command, serve } = cli;
    if command.is_some() && serve != ServeArgs::default() {
        return Err(Failure::usage(
            "options of `serve` stand before another command; put them after `serve`",
        ));
    }
    let config = Config::read(place.config.as_deref()).map_err(Failure::Usage)?;
    match command.unwrap_or(Command::Serve(serve)) {
        Command::Serve(args) => serve::run(&place, config, &args),
        Command::Build(args) => build::run(&place, &config, &args),
        Command::Check(args) => check::run(&place, &args),
        Command::Ask(args) => ask::run(&place, &config, &args),
        Command::Search(args) => search::run(&place, &config, &args),
        Command::Eval(args) => eval::run(&place, &config, &args),
        Command::New(args) => new::run(&place, &args),
        Command::Calendar(args) => calendar::run(&place, &args),
        Command::Pack(args) => pack::run(&place, &config, &args),
        Command::Gaps(args) => gaps::run(&place, &config, &args),
        Command::Inbox(args) => inbox::run(&place, &config, &args),
        Command::Store(args) => store::run(&place, &config, &args),
        Command::Official(args) => official::run(&place, &config, args),
        Command::Campaign(args) => campaign::run(&place, &config, args),
        Command::Audit(args) => audit::run(&place, &config, &args),
    }
}
