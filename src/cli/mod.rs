//! The command line: one file per command.

mod check;
mod docs;
mod explain;
mod lab;
mod serve;
mod terminal;

pub use serve::start_on;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

/// Bad configuration, as sysexits(3) numbers it: nothing was started and no port was bound.
const EXIT_CONFIGURATION: u8 = 64;

/// A federation gateway for certificate sign-in that can explain every decision.
///
/// fedgate does what AD FS and its Web Application Proxy do for certificate sign-in: it validates client certificates on
/// port 49443, maps them to directory accounts, runs AD FS claim rules and issues signed tokens. Every sign-in ends with
/// one code; `fedgate explain CODE` says what it means and what to do.
#[derive(Parser)]
#[command(name = "fedgate", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the gateway
    Serve(serve::Arguments),
    /// Check a configuration and everything it names, without starting anything
    Check(check::Arguments),
    /// Make a complete lab in a folder, start the gateway in it and sign in with every certificate
    Lab(lab::Arguments),
    /// Say what an outcome code means and what to do about it
    Explain(explain::Arguments),
    /// Write the generated documentation, or check that it is up to date
    Docs(docs::Arguments),
}

/// Runs one command.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match arguments.command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Lab(arguments) => lab::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
    }
}
