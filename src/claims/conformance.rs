//! Judges the language by a collection of rule sets that is not in this repository: `expected-parse.tsv` beside the rule
//! files and hand-worked cases under `cases/`, all in the folder `claim-rules` of the folder that `FEDGATE_SAMPLES` names.

use super::language::{self, RuleDiagnostic, Strictness};
use super::{AuthorizationDecision, Claim, Evaluation, Limits, Progress, STRING, StoreQuery, StoreRows, authorization};
use crate::text::Text;
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

fn claim(value: &Value) -> Claim {
    let field = |name: &str| value[name].as_str().map(|text| Text::from(text.to_owned()));
    let issuer = field("issuer").unwrap_or(super::LOCAL_AUTHORITY.into());
    let properties = value["properties"].as_object().into_iter().flatten();
    Claim {
        claim_type: field("type").unwrap(),
        value: field("value").unwrap(),
        value_type: field("value_type").unwrap_or(STRING.into()),
        original_issuer: field("original_issuer").unwrap_or_else(|| issuer.clone()),
        issuer,
        properties: properties
            .map(|(name, value)| (name.clone().into(), value.as_str().unwrap().to_owned().into()))
            .collect(),
    }
}

fn claims(value: &Value) -> Vec<Claim> {
    value.as_array().unwrap().iter().map(claim).collect()
}

fn rows(value: &Value) -> Vec<String> {
    texts(value).iter().map(ToString::to_string).collect()
}

fn texts(value: &Value) -> Vec<Text> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned().into()).collect()
}

fn answer(case: &Value, query: &StoreQuery) -> Result<StoreRows, String> {
    let known = case["attribute_store_answers"].as_array().unwrap().iter().find(|known| {
        known["store"] == query.store.as_str()
            && known["query"] == query.query.as_str()
            && texts(&known["params"]) == query.params
    });
    let known = known.ok_or_else(|| format!("asks {query:?}, which nobody answers"))?;
    Ok(StoreRows::new(known["columns"].as_array().unwrap().iter().map(rows).collect()))
}

fn run(case: &Value, name: &str, text: &str) -> Result<Vec<Claim>, String> {
    let rules = language::parse(name, text, Strictness::Lenient).map_err(|errors| listed(&errors))?;
    let mut evaluation = Evaluation::start(&rules, claims(&case["input_claims"]), &Limits::default());
    loop {
        match evaluation.advance().map_err(|error| error.to_string())? {
            Progress::Finished => return Ok(evaluation.finish().output().cloned().collect()),
            Progress::Wants(queries) => {
                let answers: Result<_, _> = queries.iter().map(|query| answer(case, query)).collect();
                evaluation.supply(answers?);
            }
        }
    }
}

fn decision(stage: &str, output: &[Claim]) -> &'static str {
    const METHOD: &str = super::claim_types::AUTHENTICATION_METHOD;
    let second_factor = |claim: &Claim| {
        claim.claim_type == METHOD && claim.value == "http://schemas.microsoft.com/claims/multipleauthn"
    };
    match stage {
        "additional_authentication" if output.iter().any(second_factor) => "require_mfa",
        "additional_authentication" => "no_mfa",
        _ if authorization::decide(output) == AuthorizationDecision::Permit => "permit",
        _ => "deny",
    }
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
        let case: Value = serde_json::from_str(&read(&folder, &format!("cases/{name}"))).unwrap();
        let text = match case["rules_text"].as_str() {
            Some(text) => text.to_owned(),
            None => read(&folder, case["rules_file"].as_str().unwrap()),
        };
        let expected = claims(&case["expected_output"]);
        match run(&case, name, &text) {
            Ok(output) => {
                let same = output.len() == expected.len() && expected.iter().all(|claim| output.contains(claim));
                if !same {
                    wrong.push(format!("{name}: got {output:#?}\nexpected {expected:#?}"));
                }
                let decided = decision(case["stage"].as_str().unwrap_or_default(), &output);
                if case["expected_decision"].as_str().is_some_and(|expected| expected != decided) {
                    wrong.push(format!("{name}: decided {decided}"));
                }
            }
            Err(problem) => wrong.push(format!("{name}: {problem}")),
        }
    }
    println!("{} worked cases, {} wrong", names.len(), wrong.len());
    assert!(!names.is_empty() && wrong.is_empty(), "{}", wrong.join("\n"));
}
