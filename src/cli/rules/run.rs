//! `fedgate rules run`.

use super::given;
use crate::claims::cases::{CaseRun, run_json, run_page};
use crate::claims::{Limits, RuleStage};
use crate::cli::terminal;
use crate::verification::{Layout, to_json};
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `fedgate rules run`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The rules; without it those that the case carries or names
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// What kind of rules: acceptance, authorization, delegation_authorization, impersonation_authorization,
    /// additional_authentication or issuance_transform; without it the case says
    #[arg(long, value_name = "STAGE", value_parser = given::stage)]
    stage: Option<RuleStage>,
    /// The case: claims and what attribute stores answer, JSON
    #[arg(long, value_name = "CASE")]
    input: PathBuf,
    /// Show what every rule did
    #[arg(long)]
    trace: bool,
    /// Print JSON, in one line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match show(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            terminal::complain_safely(&format!("fedgate: {problem}"));
            ExitCode::from(super::EXIT_USAGE)
        }
    }
}

/// Whether it ended as the case expects, or well where the case expects nothing.
fn show(arguments: &Arguments) -> Result<bool, String> {
    let given = given::case(&arguments.input)?;
    let stage = given.stage(arguments.stage)?;
    let rules = given.rules(arguments.rules.as_deref(), stage)?;
    given::warn(&rules);
    let run = CaseRun::new(&given.case, &rules.set, stage, &Limits::default());
    if arguments.json {
        terminal::print_line(to_json(&run_json(&given.case, &run, arguments.trace)));
    } else {
        let count = rules.set.rules().len();
        let name = format!("{}, {count} rule{}", rules.name, if count == 1 { "" } else { "s" });
        let layout = Layout { colours: terminal::colours(), width: terminal::width() };
        terminal::print(run_page(&given.case, &run, &name, arguments.trace, layout));
    }
    Ok(run.differences(&given.case).is_empty())
}
