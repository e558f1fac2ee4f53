//! What the command says of itself, and how it ends.

use crate::support::fedgate::{Ended, run};
use fedgate::outcome::Outcome;
use std::path::Path;

#[test]
fn help_is_there_for_every_command() {
    let help = run(["--help"]);
    assert_eq!((help.code, help.errors.as_str()), (Some(0), ""));
    for command in ["serve", "check", "lab", "explain", "verify", "trust", "docs"] {
        assert!(help.output.contains(&format!("\n  {command} ")), "{}", help.output);
        let Ended { code, output, errors } = run([command, "--help"]);
        assert_eq!((code, errors.as_str()), (Some(0), ""));
        assert!(output.contains(&format!("Usage: fedgate {command}")), "{output}");
        assert!(output.lines().all(|line| line.chars().count() <= 100), "{output}");
    }
}

#[test]
fn a_command_line_that_cannot_be_read_ends_with_2() {
    for arguments in [&["explode"][..], &["check", "--colour"], &["lab", "--user-tls-port", "70000"], &[]] {
        let Ended { code, output, errors } = run(arguments.iter().copied());
        assert_eq!((code, output.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(errors.contains("--help") || errors.contains("Usage: fedgate"), "{errors}");
    }
    assert_eq!(run(["--version"]).output, format!("fedgate {}\n", env!("CARGO_PKG_VERSION")));
}

/// By the code from a page or the log, in any case, and by the name.
#[test]
fn every_outcome_is_explained() {
    let list = run(["explain"]).output;
    assert_eq!(list.lines().count(), Outcome::ALL.len());
    for outcome in Outcome::ALL {
        assert!(list.contains(&format!("{}  {} ", outcome.code(), outcome.name())), "{}", outcome.name());
    }
    let explained = run(["explain", "FG5001"]);
    assert_eq!((explained.code, explained.errors.as_str()), (Some(0), ""));
    assert!(explained.output.starts_with("FG5001 Revoked\n\n"), "{}", explained.output);
    for same in ["fg5001", "Revoked", "revoked"] {
        assert_eq!(run(["explain", same]).output, explained.output, "{same}");
    }
    let unknown = run(["explain", "FG9999"]);
    assert_eq!((unknown.code, unknown.output.as_str()), (Some(1), ""));
    assert!(unknown.errors.contains("`fedgate explain` lists them all"), "{}", unknown.errors);
}

#[test]
fn the_generated_documents_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let Ended { code, errors, .. } = run(["docs", "--folder", folder.to_str().unwrap(), "--check"]);
    assert_eq!((code, errors.as_str()), (Some(0), ""), "run `fedgate docs`");
    let elsewhere = tempfile::tempdir().unwrap();
    let elsewhere = elsewhere.path().to_str().unwrap();
    assert_eq!(run(["docs", "--folder", elsewhere, "--check"]).code, Some(1));
    assert_eq!(run(["docs", "--folder", elsewhere]).code, Some(0));
    assert_eq!(run(["docs", "--folder", elsewhere, "--check"]).code, Some(0));
}
