//! `fedgate pages`: what people see.

mod gallery;

use clap::Subcommand;
use std::process::ExitCode;

/// The arguments of `fedgate pages`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write every page to files, to be looked at, and every template that can be replaced
    ///
    /// The pages have invented content. With a configuration they are those of its [pages]; when it cannot be used, nothing is
    /// written and the exit code is 64.
    Gallery(gallery::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match &arguments.command {
        Command::Gallery(arguments) => gallery::run(arguments),
    }
}
