//! The command line: one file per command.

mod appending;
mod certificate_input;
mod check;
mod control_settings;
mod crl;
mod docs;
mod endpoints;
mod explain;
mod lab;
mod metrics;
mod pages;
mod prompt;
mod rules;
mod serve;
mod terminal;
mod trust;
mod trust_settings;
mod trusts;
mod verify;

pub use serve::start_on;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

/// A bad configuration (EX_USAGE of sysexits(3)): nothing was started and no port was bound.
const EXIT_CONFIGURATION: u8 = 64;
/// Something that was named cannot be read, written or used.
const EXIT_USAGE: u8 = 2;

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
    ///
    /// Reads the configuration and every file it names first. When anything is wrong, every problem is told, nothing is
    /// started, and the exit code is 64. Then it serves until SIGTERM or Ctrl-C; requests in flight finish first. The log goes
    /// to standard output; RUST_LOG chooses how much of it ("info" unless set).
    Serve(serve::Arguments),
    /// Check a configuration and everything it names, without starting anything
    ///
    /// Tells every problem with file, line, key and cure, and ends with 64 when there is one and with 0 when there is none.
    Check(check::Arguments),
    /// Make a complete lab in a folder, start the gateway in it and sign in with every certificate
    ///
    /// A lab has two authorities, a certificate for every way a sign-in can end (PEM, and PKCS#12 with the passphrase
    /// "fedgate"), CRLs and their server, a directory, claim rules and a commented fedgate.toml to start a real one from. When
    /// everybody has signed in, the lab stays up until Ctrl-C and prints what to try with curl.
    Lab(lab::Arguments),
    /// Say what an outcome code means and what to do about it
    ///
    /// Every sign-in ends with one code: it stands in the log, and on the pages that people see.
    Explain(explain::Arguments),
    /// Judge certificates as a sign-in would, and show the evidence
    ///
    /// Says how it ended, why and what to do; then shows the chain, the paths that failed, each certificate's revocation with the
    /// CRL or OCSP responder that says so, every address asked, and the names an account can be found by. Nothing is fetched
    /// unless --url-fetch is given. Ends with 0 when every certificate is good, with 1 when one is refused or its revocation is
    /// open, with 2 when something named cannot be read, and with 64 when the containers or the configuration cannot be used.
    Verify(verify::Arguments),
    /// Show which endpoints are served, and to whom
    ///
    /// Reads the configuration and nothing else; ends with 64 when it cannot be used.
    Endpoints(endpoints::Arguments),
    /// Check, run, test, compare and take over claim rules
    Rules(rules::Arguments),
    /// Say what becomes of prompt=login, wfresh and wauth
    Prompt(prompt::Arguments),
    /// Show the pages that people see
    Pages(pages::Arguments),
    /// List the root and intermediate containers, or say what is wrong with them
    Trust(trust::Arguments),
    /// List relying party trusts, print their rules, or make one of an application's metadata
    Trusts(trusts::Arguments),
    /// List the CRLs of a running gateway, show one in full, or have them fetched now
    ///
    /// Talks to the gateway through its control socket ([control] socket). Ends with 0; with 1 when a refresh failed; with 2 when
    /// the URL stands for no address or for several; with 64 when the configuration cannot be used or names no socket; with 69
    /// when no gateway is running there; with 77 when the socket is another user's.
    Crl(crl::Arguments),
    /// Print the numbers of a running gateway, as Prometheus reads them
    ///
    /// The same as GET /metrics on the control socket. The exit codes are those of `fedgate crl`.
    Metrics(metrics::Arguments),
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
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Endpoints(arguments) => endpoints::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Prompt(arguments) => prompt::run(&arguments),
        Command::Pages(arguments) => pages::run(&arguments),
        Command::Trust(arguments) => trust::run(&arguments),
        Command::Trusts(arguments) => trusts::run(&arguments),
        Command::Crl(arguments) => crl::run(&arguments),
        Command::Metrics(arguments) => metrics::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
    }
}
