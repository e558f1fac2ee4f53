//! `fedgate rules run`, `test` and `diff`.

use crate::support::fedgate::run;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const RULES: &str = r#"@RuleName = "Everybody" => issue(Type = "t", Value = "v");
@RuleName = "Mail"
c:[Type == "u", Issuer == "AD AUTHORITY"]
 => issue(store = "S", types = ("mail"), query = "{0}", param = c.Value);
"#;

const CASE: &str = r#"{ "id": "C1", "stage": "issuance_transform",
  "input_claims": [{ "type": "u", "value": "1", "issuer": "AD AUTHORITY" }],
  "attribute_store_answers": [{ "store": "S", "query": "{0}", "params": ["1"], "columns": [["a@b"]] }],
  "expected_output": [{ "type": "t", "value": "v" }, { "type": "mail", "value": "a@b" }] }"#;

const TOKEN: &str = r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:AttributeStatement>
<saml:Attribute Name="t"><saml:AttributeValue>v</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="mail"><saml:AttributeValue>a@b</saml:AttributeValue></saml:Attribute>
</saml:AttributeStatement></saml:Assertion>"#;

/// A trust's folder: rules, and cases beside them.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("cases")).unwrap();
    for (name, text) in [
        ("transform.rules", RULES),
        ("other.rules", &RULES.replace("\"v\"", "\"w\"")),
        ("cases/c1.json", CASE),
        ("token.xml", TOKEN),
        ("broken.rules", "=> issue(Type = \"t\"\n"),
        ("notes.json", "{\"about\": \"something else\"}"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_run_shows_claims_and_trace_and_ends_as_the_case_expects() {
    let folder = folder();
    let (rules, case) = (path(&folder, "transform.rules"), path(&folder, "cases/c1.json"));
    let shown = run(["rules", "run", "--rules", &rules, "--stage", "issuance_transform", "--input", &case, "--trace"]);
    assert_eq!((shown.code, shown.errors.as_str()), (Some(0), ""));
    for line in [
        "✓ 2 \"Mail\", line 2: fired once",
        "asked       S: {0} with \"1\"",
        "Output: 2 claims",
        "✓ As the case expects.",
    ] {
        assert!(shown.output.contains(line), "{line}\n{}", shown.output);
    }

    let other = run(["rules", "run", "--rules", &path(&folder, "other.rules"), "--input", &case, "--json", "--trace"]);
    assert_eq!(other.code, Some(1));
    let report: Value = serde_json::from_str(&other.output).unwrap();
    assert_eq!(report["differences"], serde_json::json!(["- t = \"v\"", "+ t = \"w\""]));
    assert_eq!(report["trace"][1]["fired"], true);

    let broken = run(["rules", "run", "--rules", &path(&folder, "broken.rules"), "--input", &case]);
    assert_eq!((broken.code, broken.output.as_str()), (Some(2), ""));
    assert!(broken.errors.contains("broken.rules: POLICY"), "{}", broken.errors);
}

#[test]
fn a_folder_of_cases_is_tested_and_reported_in_three_forms() {
    let folder = folder();
    let all = folder.path().to_str().unwrap();
    let good = run(["rules", "test", all]);
    assert_eq!((good.code, good.output.as_str()), (Some(0), "1 case: 1 as expected, 0 not\n"));

    let wrong = CASE.replace("a@b\" }]", "b@c\" }]").replace("C1", "C2 <&>");
    std::fs::write(folder.path().join("cases/c2.json"), wrong).unwrap();
    std::fs::write(folder.path().join("cases/c3.json"), "{\"id\": 3}").unwrap();
    let bad = run(["rules", "test", all]);
    assert_eq!(bad.code, Some(2), "a case that cannot be read is worse than one that differs");
    assert!(bad.output.contains("(C2 <&>)\n    - mail = \"b@c\"\n    + mail = \"a@b\"\n"), "{}", bad.output);
    assert!(bad.output.ends_with("3 cases: 1 as expected, 2 not\n"), "{}", bad.output);

    let json: Value = serde_json::from_str(&run(["rules", "test", all, "--json"]).output).unwrap();
    assert_eq!((&json["cases"], &json["as_expected"]), (&3.into(), &1.into()));
    let results: Vec<_> =
        json["results"].as_array().unwrap().iter().map(|one| one["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["as_expected", "differs", "unusable"]);

    let junit = run(["rules", "test", all, "--format", "junit"]).output;
    let file = folder.path().join("junit.xml");
    std::fs::write(&file, &junit).unwrap();
    let xpath = "concat(/testsuite/@failures, /testsuite/@errors, ' ', //testcase[failure]/@name)";
    let read = Command::new("xmllint").args(["--xpath", xpath]).arg(&file).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), "11 C2 <&>", "{junit}");
}

#[test]
fn rules_are_compared_with_rules_and_with_tokens() {
    let folder = folder();
    let [rules, other, token, case] =
        ["transform.rules", "other.rules", "token.xml", "cases/c1.json"].map(|name| path(&folder, name));
    let same = run(["rules", "diff", &rules, &token, "--input", &case]);
    assert_eq!(same.code, Some(0), "{}", same.output);
    assert!(same.output.contains("✓ Both sides agree: 2 claims."), "{}", same.output);
    let differ = run(["rules", "diff", &rules, &other, "--input", &case, "--json"]);
    assert_eq!(differ.code, Some(1));
    let report: Value = serde_json::from_str(&differ.output).unwrap();
    let sides: Vec<_> = report["claims"].as_array().unwrap().iter().map(|row| row["in"].as_str().unwrap()).collect();
    assert_eq!(sides, ["both", "left", "right"]);
    assert_eq!(run(["rules", "diff", &rules, &other]).code, Some(2), "without claims there is nothing to compare");
    assert_eq!(run(["rules", "diff", &token, &token]).code, Some(0));
}

/// The rules of the product keep their own promises.
#[test]
fn the_rules_that_come_with_the_product_pass_their_cases() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("claims-rules");
    let tested = run(["rules", "test", rules.to_str().unwrap()]);
    assert_eq!(tested.code, Some(0), "{}", tested.output);
    assert!(tested.output.ends_with(" as expected, 0 not\n") && !tested.output.starts_with('0'), "{}", tested.output);
}
