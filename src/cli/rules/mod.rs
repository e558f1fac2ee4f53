//! `fedgate rules`: one file per command.

mod check;
mod excerpt;
mod format;
mod rule_file;

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
    /// Say what is wrong with rule files, where, and how to mend it: 1 on errors, 2 for a file that cannot be read
    Check(check::Arguments),
    /// Lay rule files out as AD FS prints rules, without changing what they mean
    #[command(name = "fmt", visible_alias = "format")]
    Format(format::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match &arguments.command {
        Command::Check(arguments) => check::run(arguments),
        Command::Format(arguments) => format::run(arguments),
    }
}
