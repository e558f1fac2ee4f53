//! `fedgate trusts`: one file per subcommand.

mod import;
mod list;
mod rules;

use super::{EXIT_CONFIGURATION, EXIT_USAGE, terminal};
use crate::config::Configuration;
use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `fedgate trusts`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show every relying party trust: identifiers, addresses, what is signed and encrypted
    ///
    /// Reads the configuration and nothing else; ends with 64 when it cannot be used.
    List(list::Arguments),
    /// Print the issuance transform rules of a relying party trust, those that a preset makes too
    ///
    /// The trust is named by its name or by one of its identifiers. Ends with 2 when there is none, or when its file of rules
    /// cannot be read, and with 64 when the configuration cannot be used.
    Rules(rules::Arguments),
    /// Make a relying party trust of an application's metadata
    ///
    /// Reads SAML 2.0 or WS-Federation metadata of one application from a file or an https address, writes its certificates and
    /// claim rules to begin with into a folder of its own, and prints the section of the configuration to standard output, or
    /// appends it with --config. What was taken and what not stands on standard error. Without --access-control-policy nobody
    /// gets a token until somebody writes authorization rules. Ends with 0; with 1 when the metadata cannot be used or a file
    /// would have been overwritten; with 2 when something named cannot be read or written; with 64 when the configuration
    /// cannot be used.
    Import(import::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match &arguments.command {
        Command::List(arguments) => list::run(arguments),
        Command::Rules(arguments) => rules::run(arguments),
        Command::Import(arguments) => import::run(arguments),
    }
}

/// Where the trusts are.
#[derive(clap::Args)]
struct Source {
    /// The configuration file
    #[arg(long, short, value_name = "FILE", default_value = "fedgate.toml")]
    config: PathBuf,
}

impl Source {
    fn load(&self) -> Result<Configuration, ExitCode> {
        Configuration::load(&self.config).map_err(|problems| {
            terminal::complain(problems);
            ExitCode::from(EXIT_CONFIGURATION)
        })
    }
}
