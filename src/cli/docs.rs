//! `fedgate docs`: the documents that are generated from tables in the code.

use super::terminal;
use crate::config;
use crate::outcome::outcomes_markdown;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `fedgate docs`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder of the documents
    #[arg(long, default_value = "docs")]
    folder: PathBuf,
    /// Write nothing; fail when a document differs from what would be written
    #[arg(long)]
    check: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let documents = [("outcomes.md", outcomes_markdown()), ("configuration.md", config::reference_markdown())];
    let mut failed = false;
    for (name, text) in documents {
        let path = arguments.folder.join(name);
        let done = if arguments.check { compare(&path, &text) } else { write(&path, &text) };
        if let Err(problem) = done {
            terminal::complain(format_args!("fedgate: {problem}"));
            failed = true;
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn compare(path: &Path, text: &str) -> Result<(), String> {
    match std::fs::read_to_string(path) {
        Ok(found) if found == text => Ok(()),
        Ok(_) => Err(format!("{} is out of date: run `fedgate docs`", path.display())),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
