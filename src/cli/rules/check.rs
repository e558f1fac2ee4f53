//! `fedgate rules check`.

use super::excerpt::excerpt;
use super::{EXIT_USAGE, given, rule_file};
use crate::claims::RuleStage;
use crate::claims::language::{Findings, RuleDiagnostic, Strictness, findings};
use crate::cli::terminal;
use crate::verification::to_json;
use serde::Serialize;
use std::process::ExitCode;

/// The arguments of `fedgate rules check`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Rule files; "-" is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Take what AD FS may or may not take, with a warning, as lenient_rules does in the configuration
    #[arg(long)]
    lenient: bool,
    /// What the rules are for, to be told when they cannot do that: acceptance, authorization, delegation_authorization,
    /// impersonation_authorization, additional_authentication or issuance_transform
    #[arg(long, value_name = "STAGE", value_parser = given::stage)]
    stage: Option<RuleStage>,
    /// Print one JSON object a line, one for each file
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let mut totals = Totals::default();
    for file in &arguments.files {
        match rule_file::read(file) {
            Ok(text) => {
                let found = check(file, &text, arguments);
                totals.count(&found);
                terminal::print(if arguments.json { json(file, &found) } else { page(&found) });
            }
            Err(problem) => {
                totals.unreadable += 1;
                terminal::complain_safely(&format!("{file} {problem}"));
                if arguments.json {
                    let object =
                        FileObject { file, problem: Some(&problem), rules: 0, errors: vec![], warnings: vec![] };
                    terminal::print_line(to_json(&object));
                }
            }
        }
    }
    if !arguments.json {
        terminal::print_line(totals.summary());
    }
    ExitCode::from(totals.exit_code())
}

fn check(file: &str, text: &str, arguments: &Arguments) -> Findings {
    let name = if file == "-" { "standard input" } else { file };
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    findings(name, text, strictness, arguments.stage)
}

#[derive(Default)]
struct Totals {
    files: usize,
    rules: usize,
    errors: usize,
    warnings: usize,
    unreadable: usize,
}

impl Totals {
    fn count(&mut self, found: &Findings) {
        self.files += 1;
        self.rules += found.rules;
        self.errors += found.errors.len();
        self.warnings += found.warnings.len();
    }

    fn summary(&self) -> String {
        let good = if self.errors > 0 { "can be used" } else { "read" };
        let unreadable = match self.unreadable {
            0 => String::new(),
            files => format!(", {} that cannot be read", number(files, "file")),
        };
        format!(
            "{}: {} {good}, {}, {}{unreadable}.",
            number(self.files, "file"),
            number(self.rules, "rule"),
            number(self.errors, "error"),
            number(self.warnings, "warning")
        )
    }

    fn exit_code(&self) -> u8 {
        match (self.unreadable, self.errors) {
            (0, 0) => 0,
            (0, _) => 1,
            _ => EXIT_USAGE,
        }
    }
}

fn number(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// Errors and warnings together, by place.
fn page(found: &Findings) -> String {
    let errors = found.errors.iter().map(|error| ("error", error));
    let mut all: Vec<_> = errors.chain(found.warnings.iter().map(|warning| ("warning", warning))).collect();
    all.sort_by_key(|(_, finding)| finding.position);
    all.iter().map(|(severity, finding)| format!("{}\n", excerpt(severity, finding))).collect()
}

/// Errors only.
pub(super) fn report(errors: &[RuleDiagnostic]) -> String {
    errors.iter().map(|error| format!("{}\n", excerpt("error", error))).collect()
}

#[derive(Serialize)]
struct FileObject<'f> {
    file: &'f str,
    problem: Option<&'f str>,
    rules: usize,
    errors: Vec<FindingObject<'f>>,
    warnings: Vec<FindingObject<'f>>,
}

/// `line` counts from one and `column` from zero, as in AD FS.
#[derive(Serialize)]
struct FindingObject<'f> {
    line: usize,
    column: usize,
    token: &'f str,
    code: Option<&'static str>,
    message: String,
    cure: Option<String>,
    rule: Option<usize>,
    rule_name: Option<&'f str>,
    line_text: &'f str,
    policy: Option<String>,
}

impl<'f> From<&'f RuleDiagnostic> for FindingObject<'f> {
    fn from(finding: &'f RuleDiagnostic) -> Self {
        let code = finding.problem.policy_code();
        Self {
            line: finding.position.line,
            column: finding.position.column,
            token: &finding.token,
            code,
            message: finding.finding(),
            cure: finding.cure().map(|cure| cure.to_string()),
            rule: finding.rule.as_ref().map(|rule| rule.number),
            rule_name: finding.rule.as_ref().and_then(|rule| rule.name.as_deref()),
            line_text: &finding.line_text,
            policy: code.map(|_| finding.to_string()),
        }
    }
}

fn json(file: &str, found: &Findings) -> String {
    let object = FileObject {
        file,
        problem: None,
        rules: found.rules,
        errors: found.errors.iter().map(FindingObject::from).collect(),
        warnings: found.warnings.iter().map(FindingObject::from).collect(),
    };
    format!("{}\n", to_json(&object))
}

#[cfg(test)]
mod tests;
