//! `fedgate rules test`.

use super::{given, junit};
use crate::claims::Limits;
use crate::claims::cases::{CaseRun, difference_page};
use crate::cli::terminal;
use crate::verification::{Layout, shown, to_json};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `fedgate rules test`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Folders with cases, those inside them included, or single cases
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// How to print the results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print JSON; short for --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Name the cases that are as they should be, too
    #[arg(long)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// What differs, and a count
    Text,
    /// One object
    Json,
    /// An XML report that build servers read
    Junit,
}

/// How one case went.
pub(super) struct Tested {
    pub(super) file: String,
    pub(super) title: String,
    pub(super) result: TestResult,
}

pub(super) enum TestResult {
    AsExpected,
    Differs(Vec<String>),
    /// The case or its rules cannot be read.
    Unusable(String),
    /// It does not say how it must end.
    ExpectsNothing,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let mut files = Vec::new();
    for folder in &arguments.folders {
        if let Err(problem) = find(folder, &mut files) {
            terminal::complain_safely(&format!("fedgate: {}: {problem}", folder.display()));
            return ExitCode::from(super::EXIT_USAGE);
        }
    }
    files.sort();
    files.dedup();
    let tested: Vec<Tested> = files.iter().filter_map(|file| test(file)).collect();
    if tested.is_empty() {
        terminal::complain("fedgate: there is no case in these folders; a case is a .json file with claims and rules");
        return ExitCode::from(super::EXIT_USAGE);
    }
    match if arguments.json { Format::Json } else { arguments.format } {
        Format::Text => terminal::print(page(&tested, arguments.verbose)),
        Format::Json => terminal::print_line(to_json(&json_report(&tested))),
        Format::Junit => terminal::print(junit::report(&tested)),
    }
    let count = |wanted: fn(&TestResult) -> bool| tested.iter().filter(|one| wanted(&one.result)).count();
    if count(|result| matches!(result, TestResult::Unusable(_))) > 0 {
        ExitCode::from(super::EXIT_USAGE)
    } else if count(|result| matches!(result, TestResult::Differs(_))) > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Every JSON file of a folder and of those inside it, hidden ones left out. A link to a folder is not followed.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        std::fs::metadata(path)?;
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if kind.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

/// `None` for JSON that is no case at all: a list, or an object without claims.
fn test(file: &Path) -> Option<Tested> {
    let text = given::read_text(file);
    if let Ok(serde_json::Value::Object(keys)) = text.as_deref().map_or(Ok(json!({ "id": 0 })), serde_json::from_str)
        && !["id", "input_claims", "rules_text", "rules_file"].iter().any(|key| keys.contains_key(*key))
    {
        return None;
    }
    if text.as_deref().is_ok_and(|text| text.trim_start().starts_with('[')) {
        return None;
    }
    let name = file.display().to_string();
    Some(match given::case(file).and_then(|given| judged(&given).map(|result| (given, result))) {
        Ok((given, result)) => {
            let words = [given.case.id, given.case.title].into_iter().flatten().collect::<Vec<_>>();
            Tested { file: name, title: words.join(": "), result }
        }
        Err(problem) => Tested { file: name, title: String::new(), result: TestResult::Unusable(problem) },
    })
}

fn judged(given: &given::GivenCase) -> Result<TestResult, String> {
    let stage = given.stage(None)?;
    let rules = given.rules(None, stage)?;
    let run = CaseRun::new(&given.case, &rules.set, stage, &Limits::default());
    let differences = run.differences(&given.case);
    Ok(match (differences.is_empty(), given.case.expects_anything()) {
        (false, _) => TestResult::Differs(differences),
        (true, true) => TestResult::AsExpected,
        (true, false) => TestResult::ExpectsNothing,
    })
}

fn page(tested: &[Tested], verbose: bool) -> String {
    let layout = Layout { colours: terminal::colours(), width: terminal::width() };
    let mut page = String::new();
    let (mut good, mut bad, mut silent) = (0, 0, 0);
    for one in tested {
        let title = if one.title.is_empty() { String::new() } else { format!(" ({})", one.title) };
        let name = shown(&format!("{}{title}", one.file));
        match &one.result {
            TestResult::AsExpected => {
                good += 1;
                if verbose {
                    page.push_str(&format!("✓ {name}\n"));
                }
            }
            TestResult::Differs(differences) => {
                bad += 1;
                page.push_str(&format!("✗ {name}\n"));
                page.push_str(&difference_page(differences, layout));
            }
            TestResult::Unusable(problem) => {
                bad += 1;
                page.push_str(&format!("✗ {name}\n"));
                let lines: Vec<String> = problem.lines().map(str::to_owned).collect();
                page.push_str(&difference_page(&lines, layout));
            }
            TestResult::ExpectsNothing => {
                silent += 1;
                page.push_str(&format!("? {name}: it does not say what must come out\n"));
            }
        }
    }
    let open = if silent > 0 { format!(", {silent} that expect nothing") } else { String::new() };
    let cases = if tested.len() == 1 { "case" } else { "cases" };
    page.push_str(&format!("{} {cases}: {good} as expected, {bad} not{open}\n", tested.len()));
    page
}

fn json_report(tested: &[Tested]) -> serde_json::Value {
    let one = |one: &Tested| {
        let (result, differences): (&str, Vec<&str>) = match &one.result {
            TestResult::AsExpected => ("as_expected", Vec::new()),
            TestResult::Differs(lines) => ("differs", lines.iter().map(String::as_str).collect()),
            TestResult::Unusable(problem) => ("unusable", problem.lines().collect()),
            TestResult::ExpectsNothing => ("expects_nothing", Vec::new()),
        };
        json!({ "file": one.file, "title": one.title, "result": result, "differences": differences })
    };
    let good = tested.iter().filter(|one| matches!(one.result, TestResult::AsExpected)).count();
    json!({ "cases": tested.len(), "as_expected": good, "results": tested.iter().map(one).collect::<Vec<_>>() })
}
