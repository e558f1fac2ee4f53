//! `fedgate prompt`: what becomes of `prompt=login`.

mod explain;

use clap::Subcommand;
use std::process::ExitCode;

/// The arguments of `fedgate prompt`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show what a request demands, and what each kind of user meets
    ///
    /// Give the PromptLoginBehavior of a domain, or the address of a sign-in request from a browser's address bar or a log, or
    /// both: the setting's parameters are then added to the request's, as Entra ID adds them. Nothing is asked over the network.
    /// Ends with 0, or with 2 when the request cannot be read.
    Explain(explain::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match &arguments.command {
        Command::Explain(arguments) => explain::run(arguments),
    }
}
