//! `fedgate rules`: one file per subcommand.

mod check;
mod diff;
mod excerpt;
mod format;
mod given;
mod import;
mod junit;
mod rule_file;
mod run;
mod test;

use super::EXIT_USAGE;
use clap::Subcommand;
use std::process::ExitCode;

/// The arguments of `fedgate rules`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a rule set over the claims of a case, and show what comes out
    ///
    /// A case is a JSON file: claims, what attribute stores answer, and perhaps what must come out. Ends with 0, or with 1 when
    /// the rules fail or it comes out otherwise, or with 2 when something named cannot be read.
    Run(run::Arguments),
    /// Run every case of a folder, and show what comes out otherwise than it says
    ///
    /// Ends with 0 when everything is as the cases say, with 1 when something is not, with 2 when a case or its rules cannot be
    /// read or there is no case.
    Test(test::Arguments),
    /// Compare the claims of two rule sets, or of a rule set and a captured token
    ///
    /// Each side is a file of rules or an XML file with a SAML 1.1 or 2.0 assertion, alone or in the message that carried it.
    /// Ends with 0 when the claims are the same, with 1 when they differ, with 2 when something named cannot be read.
    Diff(diff::Arguments),
    /// Take over trusts as Get-AdfsRelyingPartyTrust and Get-AdfsClaimsProviderTrust print them
    ///
    /// Reads `Format-List` or `ConvertTo-Json` text of one or many trusts, writes their rule sets into folders, and prints the
    /// sections of the configuration to standard output, or appends them with --config. What it took over, what not and why
    /// stands on standard error. Ends with 0 when every trust can be used, with 1 when one cannot, when somebody must
    /// still say who gets in or when a file would have been overwritten, with 2 when something named cannot be read or
    /// written, and with 64 when the configuration cannot be used.
    Import(import::Arguments),
    /// Say what is wrong with rule files, where, and how to mend it: 1 on errors, 2 for a file that cannot be read
    Check(check::Arguments),
    /// Lay rule files out as AD FS prints rules, without changing what they mean
    #[command(name = "fmt", visible_alias = "format")]
    Format(format::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match &arguments.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Test(arguments) => test::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Import(arguments) => import::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Format(arguments) => format::run(arguments),
    }
}
