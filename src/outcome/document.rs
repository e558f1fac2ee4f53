//! `docs/outcomes.md`, generated from the catalogue.

use super::{Entry, Outcome};
use std::fmt::Write;

const PREAMBLE: &str = "\
# Outcomes

Every way a sign-in can end. Generated from the catalogue by `fedgate docs`; do not edit by hand.

The code and the correlation id are on every page, fault, log record and report. What the client sees is deliberately
poorer than what is written here: see *Wire*. The first digit of a code is the stage that decides it.
";

/// The whole document.
pub fn outcomes_markdown() -> String {
    let mut text = String::from(PREAMBLE);
    text.push_str("\n| code | name | stage | wire | what happened |\n|---|---|---|---|---|\n");
    for outcome in Outcome::ALL {
        let entry = outcome.entry();
        let _ = writeln!(
            text,
            "| [{code}](#{anchor}) | {name} | {stage} | {wire} | {what} |",
            code = entry.code,
            anchor = entry.code.to_ascii_lowercase(),
            name = outcome.name(),
            stage = entry.stage.name(),
            wire = entry.wire.describe(),
            what = entry.admin_text,
        );
    }
    for outcome in Outcome::ALL {
        text.push_str(&outcome_markdown(*outcome));
    }
    text
}

fn outcome_markdown(outcome: Outcome) -> String {
    let entry = outcome.entry();
    let mut text = format!("\n<a id=\"{}\"></a>\n", entry.code.to_ascii_lowercase());
    let _ = write!(text, "## {} {}\n\n{}\n\n", entry.code, outcome.name(), entry.admin_text);
    for (number, step) in entry.remedy.iter().enumerate() {
        let _ = writeln!(text, "{}. {step}", number + 1);
    }
    if !entry.remedy.is_empty() {
        text.push('\n');
    }
    text.push_str(&facts(entry));
    text
}

fn facts(entry: &Entry) -> String {
    let mut text = String::new();
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(text, "* {name}: {value}");
    };
    fact("Stage", entry.stage.name());
    fact("Disposition", &format!("{:?}", entry.disposition).to_lowercase());
    fact("Paths", paths(entry));
    fact("Wire", &entry.wire.describe());
    fact("Level", &format!("{:?}", entry.level).to_lowercase());
    fact("The person reads", &format!("“{}”", entry.user_text));
    if !entry.fields.is_empty() {
        fact("Fields", &entry.fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", "));
    }
    if let Some(event) = entry.adfs_event {
        fact("AD FS event", &event.to_string());
    }
    if let Some(code) = entry.entra_code {
        fact("Entra ID", code);
    }
    fact("Source", entry.source);
    text
}

fn paths(entry: &Entry) -> &'static str {
    match entry.paths {
        super::Paths::Federated => "federated",
        super::Paths::CloudNative => "cloud-native",
        super::Paths::Both => "both",
    }
}
