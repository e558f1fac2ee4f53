//! Judges the language by a collection of rule sets that is not in this repository: `expected-parse.tsv` beside the rule
//! files and hand-worked cases under `cases/`, all in the folder `claim-rules` of the folder that `FEDGATE_SAMPLES` names.

use super::Limits;
use super::cases::{Case, CaseRun};
use super::language::{self, RuleDiagnostic, Strictness};
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

/// `None`, and said so past the test runner's capture, when there is no collection to judge by. A folder that is named
/// but lacks the rules is a failure.
fn folder() -> Option<PathBuf> {
    let Some(samples) = std::env::var_os("FEDGATE_SAMPLES") else {
        let _ = writeln!(
            std::io::stderr(),
            "NOT RUN: claim rule conformance; FEDGATE_SAMPLES names no folder with a claim-rules collection"
        );
        return None;
    };
    let folder = PathBuf::from(samples).join("claim-rules");
    assert!(folder.is_dir(), "FEDGATE_SAMPLES is set, but there is no folder {}", folder.display());
    Some(folder)
}

fn read(folder: &std::path::Path, name: &str) -> String {
    let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    String::from_utf8(bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn listed(errors: &[RuleDiagnostic]) -> String {
    errors.iter().map(|error| format!("\n    {error}")).collect()
}

/// `None` when the verdict is the expected one.
fn disagreement(name: &str, text: &str, rules: usize, expected: &str) -> Option<String> {
    let strict = language::parse(name, text, Strictness::Strict);
    let lenient = language::parse(name, text, Strictness::Lenient);
    match (expected, strict, lenient) {
        ("accept", Ok(set), Ok(_)) if set.rules().len() == rules => None,
        ("accept", Ok(set), _) => Some(format!("{} rules, not {rules}", set.rules().len())),
        ("accept", Err(errors), _) => Some(format!("refused:{}", listed(&errors))),
        ("lenient", Err(_), Ok(set)) if !set.warnings().is_empty() => None,
        ("lenient", Ok(_), _) => Some("accepted in strict mode".to_owned()),
        ("lenient", _, Ok(_)) => Some("accepted without a warning".to_owned()),
        ("lenient", _, Err(errors)) => Some(format!("refused:{}", listed(&errors))),
        (expected, Err(_), Err(_)) if expected.contains("reject") => None,
        (expected, ..) => Some(format!("accepted, expected {expected}")),
    }
}

#[test]
fn every_rule_file_gets_the_expected_verdict() {
    let Some(folder) = folder() else { return };
    let table = read(&folder, "expected-parse.tsv");
    let (mut judged, mut wrong) = (0, Vec::new());
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, rules, _, expected, ..] = fields.as_slice() else { panic!("{line}") };
        judged += 1;
        let text = read(&folder, name);
        if let Some(problem) = disagreement(name, &text, rules.parse().unwrap(), expected) {
            wrong.push(format!("{name}: {problem}"));
        }
    }
    println!("{judged} rule files judged, {} wrong", wrong.len());
    assert!(judged > 0 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every rule set that can be read, printed and read again, is the same.
#[test]
fn printing_changes_no_rule_file() {
    let Some(folder) = folder() else { return };
    let table = read(&folder, "expected-parse.tsv");
    let mut printed = 0;
    for name in table.lines().skip(1).filter_map(|line| line.split('\t').next()) {
        let text = read(&folder, name);
        let readable = [Strictness::Strict, Strictness::Lenient]
            .into_iter()
            .find(|strictness| language::parse(name, &text, *strictness).is_ok());
        if let Some(strictness) = readable {
            language::assert_unchanged(&text, strictness);
            printed += 1;
        }
    }
    println!("{printed} rule files printed and read again");
    assert!(printed > 0);
}

#[test]
fn documented_rejections_name_the_place() {
    let Some(folder) = folder() else { return };
    let cases: Vec<Value> = serde_json::from_str(&read(&folder, "cases/rejects.json")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["file"].as_str().unwrap();
        let Err(errors) = language::parse(name, &read(&folder, name), Strictness::Lenient) else {
            wrong.push(format!("{name}: accepted"));
            continue;
        };
        let first = &errors[0];
        let shown = first.to_string();
        let agrees = case["line"].as_u64().is_none_or(|line| line == first.position.line as u64)
            && case["column0"].as_u64().is_none_or(|column| column == first.position.column as u64)
            && case["token"].as_str().is_none_or(|token| token == first.token)
            && case["code"].as_str().is_none_or(|codes| codes.split('/').all(|code| shown.contains(code)))
            && case["message"].as_str().is_none_or(|message| shown.contains(message))
            && case["expecting"].as_array().is_none_or(|expected| {
                let list: Vec<&str> = expected.iter().filter_map(Value::as_str).collect();
                shown.contains(&format!("expecting one of the following: {} .'", list.join(" ")))
            });
        if !agrees {
            wrong.push(format!("{case}\n    {shown}"));
        }
    }
    println!("{} documented rejections, {} wrong", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_worked_case_gives_the_expected_claims() {
    let Some(folder) = folder() else { return };
    let mut names: Vec<String> = std::fs::read_dir(folder.join("cases"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") && name != "rejects.json")
        .collect();
    names.sort();
    let mut wrong = Vec::new();
    for name in &names {
        let case =
            Case::read(&read(&folder, &format!("cases/{name}"))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(case.expects_anything() && case.unknown_keys().count() == 0, "{name}");
        let text = match (&case.rules_text, &case.rules_file) {
            (Some(text), _) => text.clone(),
            (None, file) => read(&folder, file.as_ref().unwrap()),
        };
        let rules = match language::parse(name, &text, Strictness::Lenient) {
            Ok(rules) => rules,
            Err(errors) => {
                wrong.push(format!("{name}: {}", listed(&errors)));
                continue;
            }
        };
        let run = CaseRun::new(&case, &rules, case.stage().unwrap().unwrap(), &Limits::default());
        wrong.extend(run.differences(&case).into_iter().map(|difference| format!("{name}: {difference}")));
    }
    println!("{} worked cases, {} wrong", names.len(), wrong.len());
    assert!(!names.is_empty() && wrong.is_empty(), "{}", wrong.join("\n"));
}
