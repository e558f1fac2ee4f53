//! `fedgate rules diff`.

use super::given::{self, GivenCase, GivenRules};
use crate::claims::cases::{CapturedToken, CaseRun, Comparison, Side, comparison_json, comparison_page};
use crate::claims::{Limits, RuleStage, StageDecision};
use crate::cli::terminal;
use crate::verification::{Layout, to_json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `fedgate rules diff`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Rules, or an XML file with a captured token
    left: PathBuf,
    /// Rules, or an XML file with a captured token
    right: PathBuf,
    /// A case whose claims and store answers the rules get; may be repeated
    #[arg(long, value_name = "CASE")]
    input: Vec<PathBuf>,
    /// What kind of rules, as for `rules run`; without it the case says
    #[arg(long, value_name = "STAGE", value_parser = given::stage)]
    stage: Option<RuleStage>,
    /// Print one JSON object a line, one for each input
    #[arg(long)]
    json: bool,
}

/// What stands on one side.
enum Given {
    Rules(GivenRules),
    Token(String, CapturedToken),
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

fn show(arguments: &Arguments) -> Result<bool, String> {
    let (left, right) = (read(&arguments.left)?, read(&arguments.right)?);
    let cases = arguments.input.iter().map(|file| given::case(file)).collect::<Result<Vec<_>, _>>()?;
    let comparisons = if let (Given::Token(..), Given::Token(..)) = (&left, &right) {
        vec![compare("Two tokens".to_owned(), left.tells(), right.tells(), true)]
    } else if cases.is_empty() {
        return Err("rules need claims to work on: name a case with --input".to_owned());
    } else {
        let with_token = matches!(left, Given::Token(..)) || matches!(right, Given::Token(..));
        let over = |case: &GivenCase| {
            let stage = case.stage(arguments.stage)?;
            let about = format!("{} with {}", stage.name(), case.file.display());
            Ok(compare(about, left.side(case, stage), right.side(case, stage), with_token))
        };
        cases.iter().map(over).collect::<Result<_, String>>()?
    };
    for (number, comparison) in comparisons.iter().enumerate() {
        if arguments.json {
            terminal::print_line(to_json(&comparison_json(comparison)));
        } else {
            let layout = Layout { colours: terminal::colours(), width: terminal::width() };
            let between = if number == 0 { "" } else { "\n" };
            terminal::print(format_args!("{between}{}", comparison_page(comparison, layout)));
        }
    }
    Ok(comparisons.iter().all(Comparison::is_equal))
}

fn compare(about: String, left: Side, right: Side, with_token: bool) -> Comparison {
    Comparison { about, left, right, with_token }
}

/// Rules never begin with a `<`.
fn read(file: &Path) -> Result<Given, String> {
    let text = given::read_text(file)?;
    let name = file.display().to_string();
    if text.trim_start().starts_with('<') {
        let token = CapturedToken::read(text.as_bytes()).map_err(|error| format!("{name}: {error}"))?;
        return Ok(Given::Token(name, token));
    }
    let rules = given::parse(name, &text)?;
    given::warn(&rules);
    Ok(Given::Rules(rules))
}

impl Given {
    fn side(&self, given: &GivenCase, stage: RuleStage) -> Side {
        let Self::Rules(rules) = self else { return self.tells() };
        let run = CaseRun::new(&given.case, &rules.set, stage, &Limits::default());
        let failure = run.failure.as_ref().map(ToString::to_string);
        let decision = run.decision.map(StageDecision::keyword);
        Side { name: rules.name.clone(), claims: run.output, decision, failure }
    }

    fn tells(&self) -> Side {
        let (name, claims) = match self {
            Self::Rules(rules) => (rules.name.clone(), Vec::new()),
            Self::Token(name, token) => {
                (format!("{name}, a {} token of {}", token.kind, token.issuer), token.claims.clone())
            }
        };
        Side { name, claims, decision: None, failure: None }
    }
}
