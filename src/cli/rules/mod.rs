//! `fedgate rules`: one file per command.

mod import;

use clap::Subcommand;
use std::process::ExitCode;

/// Something that was named cannot be read or written.
const EXIT_USAGE: u8 = 2;

/// The arguments of `fedgate rules`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take over trusts as Get-AdfsRelyingPartyTrust and Get-AdfsClaimsProviderTrust print them
    ///
    /// Reads `Format-List` or `ConvertTo-Json` text of one or many trusts, writes their rule sets into folders, and prints the
    /// sections of the configuration to standard output, or appends them with --config. What it took over, what not and why
    /// stands on standard error. Ends with 0 when every trust can be used, with 1 when one cannot or a file would have been
    /// overwritten, with 2 when something named cannot be read or written, and with 64 when the configuration cannot be used.
    Import(import::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match &arguments.command {
        Command::Import(arguments) => import::run(arguments),
    }
}
