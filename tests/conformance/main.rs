//! The public yardsticks: NIST PKITS and the client-authentication edition of x509-limbo, judged by the chain and revocation
//! rooms as a sign-in is, in memory.
//!
//! Neither collection is in this repository. `FEDGATE_PKITS` names the folder that holds `certs/` and `crls/`,
//! `FEDGATE_SAMPLES` the one that holds `limbo/limbo-client.json`; `make conformance` sets both. What is not there is said
//! to be NOT RUN. `FEDGATE_CASE` prints every case whose name contains it.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod exceptions;
mod limbo;
mod pkits;
mod suite;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    // cargo may pass a filter meant for other tests, or ask what there is.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let mut kept = true;
    match folder("FEDGATE_PKITS") {
        Some(folder) => kept &= pkits::run(&folder),
        None => println!("conformance: PKITS NOT RUN, FEDGATE_PKITS names no folder with certs/ and crls/"),
    }
    match folder("FEDGATE_SAMPLES") {
        Some(folder) => kept &= limbo::run(&folder),
        None => println!("conformance: limbo NOT RUN, FEDGATE_SAMPLES names no folder with limbo/limbo-client.json"),
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
