//! What becomes of commands and of the log when nobody reads them any more.

use crate::support::fedgate::{Running, fedgate};
use crate::support::lab;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, PipeWriter, Read};
use std::process::{Command, Stdio};

/// What a shell says of a process that SIGPIPE ended.
const READER_GONE: Option<i32> = Some(141);

/// A pipe whose reader has left.
fn broken_pipe() -> PipeWriter {
    std::io::pipe().unwrap().1
}

/// What a command says on standard error, and how it ends.
fn ended(command: &mut Command) -> (Option<i32>, String) {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_command_whose_reader_has_left_ends_quietly() {
    let (_folder, lab, _ports) = lab::make();
    let configuration = lab::text(lab.path("fedgate.toml"));
    let anew = lab::text(lab.path("../another"));
    let ports = ["--user-tls-port", "0", "--service-port", "0", "--crl-port", "0"];
    for arguments in [
        vec!["explain"],
        vec!["explain", "FG5001"],
        vec!["check", "--config", &configuration],
        [&["lab", "--once", &anew], ports.as_slice()].concat(),
    ] {
        let (code, errors) = ended(fedgate(arguments.iter().copied()).stdout(broken_pipe()));
        assert_eq!((code, errors.as_str()), (READER_GONE, ""), "{arguments:?}");
    }
}

/// `fedgate lab --once | head -3`.
#[test]
fn a_lab_whose_reader_leaves_in_the_middle_ends_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let lab = lab::text(folder.path().join("lab"));
    let arguments = ["lab", "--once", &lab, "--user-tls-port", "0", "--service-port", "0", "--crl-port", "0"];
    let mut process = fedgate(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let row = lines.by_ref().map_while(Result::ok).find(|line| line.contains("FG0000"));
    assert!(row.is_some(), "the first row of the table");
    drop(lines);
    let output = process.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (READER_GONE, ""));
}

/// With nobody to complain to, the exit status still says what was wrong.
#[test]
fn a_complaint_that_nobody_hears_does_not_change_the_end() {
    let not_a_lab = tempfile::tempdir().unwrap();
    fs::write(not_a_lab.path().join("thesis.txt"), "").unwrap();
    let not_a_lab = lab::text(not_a_lab.path().to_owned());
    for (arguments, code) in [
        (vec!["explain", "FG9999"], 1),
        (vec!["check", "--config", "/nowhere/fedgate.toml"], 64),
        (vec!["serve", "--config", "/nowhere/fedgate.toml"], 64),
        (vec!["lab", &not_a_lab], 1),
        (vec!["explode"], 2),
    ] {
        let status = fedgate(arguments.iter().copied()).stdout(Stdio::null()).stderr(broken_pipe()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}

/// A full disk is no reader that has left: part of the answer is missing, and that is said.
#[test]
fn an_output_that_cannot_be_written_is_told() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (code, errors) = ended(fedgate(["explain", "FG5001"]).stdout(full));
    assert_eq!(code, Some(74));
    assert!(errors.contains("the output cannot be written"), "{errors}");
}

/// People sign in whether or not somebody reads the log. That it is lost is told once.
#[test]
fn a_gateway_whose_log_reader_has_left_goes_on() {
    let (_folder, lab) = lab::for_serving();
    let mut serving = Running::serve_with_reader_that_leaves(&lab.path("fedgate.toml"), Stdio::piped());
    let mut errors = serving.take_errors();
    for _ in 0..3 {
        assert_eq!(lab::sign_in(&lab, serving.user_tls(), "good").status, 200);
    }
    serving.terminate();
    assert_eq!(serving.wait().0.code(), Some(0));
    let mut told = String::new();
    errors.read_to_string(&mut told).unwrap();
    assert_eq!(told.matches("the log cannot be written").count(), 1, "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn a_gateway_that_nobody_hears_at_all_goes_on() {
    let (_folder, lab) = lab::for_serving();
    let serving = Running::serve_with_reader_that_leaves(&lab.path("fedgate.toml"), broken_pipe());
    for _ in 0..3 {
        assert_eq!(lab::sign_in(&lab, serving.user_tls(), "good").status, 200);
    }
    serving.terminate();
    assert_eq!(serving.wait().0.code(), Some(0));
}
