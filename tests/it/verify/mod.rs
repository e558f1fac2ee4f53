//! `fedgate verify` and `fedgate trust`, as one has them at a terminal.

mod addresses;
mod hostile_names;
mod inputs;
mod pages;
mod responders;
mod trust;
mod verdicts;

use crate::support::fedgate::{Ended, fedgate};
use fedgate::lab::Lab;
use serde_json::Value;
use std::process::{Output, Stdio};

/// The containers of a lab, seen from its folder.
const CONTAINERS: [&str; 4] = ["--root", "certs/root", "--intermediate", "certs/intermediate"];
/// Its CRLs likewise.
const CRLS: [&str; 4] = ["--crl", "crl/issuing.crl", "--crl", "crl/root.crl"];

/// Runs the command in the lab's folder, on lines of so many columns.
fn run_in(lab: &Lab, columns: usize, arguments: &[&str]) -> Ended {
    let mut command = fedgate(arguments.iter().copied());
    command.current_dir(lab.path(".")).env("COLUMNS", columns.to_string()).stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    Ended { code: status.code(), output: text(stdout), errors: text(stderr) }
}

/// Runs it with `--json` and reads its lines.
fn json_in(lab: &Lab, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let ended = run_in(lab, 100, &[arguments, &["--json"]].concat());
    let lines = ended.output.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    (ended.code, lines)
}
