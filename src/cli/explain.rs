//! `fedgate explain CODE`.

use super::terminal;
use crate::outcome::Outcome;
use std::process::ExitCode;

/// The arguments of `fedgate explain`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The code, such as FG5001, or the outcome's name, such as Revoked. Without it, every code is listed
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Some(code) = &arguments.code else {
        terminal::print(list());
        return ExitCode::SUCCESS;
    };
    match Outcome::with_code(code).or_else(|| Outcome::with_name(code)) {
        Some(outcome) => {
            terminal::print(describe(outcome));
            ExitCode::SUCCESS
        }
        None => {
            let complaint = format!("fedgate: there is no outcome {code:?}. `fedgate explain` lists them all.");
            terminal::complain(complaint);
            ExitCode::FAILURE
        }
    }
}

fn list() -> String {
    let longest = Outcome::ALL.iter().map(|outcome| outcome.name().len()).max().unwrap_or_default();
    let line = |outcome: &Outcome| {
        let (code, name, text) = (outcome.code(), outcome.name(), outcome.entry().admin_text);
        format!("{code}  {name:<longest$}  {text}\n")
    };
    Outcome::ALL.iter().map(line).collect()
}

fn describe(outcome: Outcome) -> String {
    let entry = outcome.entry();
    let mut text = format!("{} {}\n\n{}\n", entry.code, outcome.name(), entry.admin_text);
    if !entry.remedy.is_empty() {
        text.push_str("\nWhat to do:\n");
        for (number, step) in entry.remedy.iter().enumerate() {
            text.push_str(&format!("  {}. {step}\n", number + 1));
        }
    }
    text.push_str(&format!("\nStage         {}\n", entry.stage.name()));
    text.push_str(&format!("Disposition   {}\n", format!("{:?}", entry.disposition).to_lowercase()));
    text.push_str(&format!("On the wire   {}\n", entry.wire.describe()));
    text.push_str(&format!("Person reads  {}\n", entry.user_text));
    if let Some(event) = entry.adfs_event {
        text.push_str(&format!("AD FS event   {event}\n"));
    }
    if let Some(code) = entry.entra_code {
        text.push_str(&format!("Entra ID      {code}\n"));
    }
    if !entry.fields.is_empty() {
        text.push_str(&format!("Log fields    {}\n", entry.fields.join(", ")));
    }
    text.push_str(&format!("Source        {}\n", entry.source));
    text
}
