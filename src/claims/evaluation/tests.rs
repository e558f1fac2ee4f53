use super::*;
use crate::claims::language::{self, Strictness};

fn rules(text: &str) -> RuleSet {
    language::parse("t", text, Strictness::Lenient).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn claim(claim_type: &str, value: &str) -> Claim {
    Claim::new(claim_type.to_owned(), value.to_owned(), "A")
}

fn evaluated(text: &str, input: &[(&str, &str)], answers: &[&[&[&str]]]) -> Result<Evaluated, EvaluationError> {
    let rules = rules(text);
    let input = input.iter().map(|(claim_type, value)| claim(claim_type, value)).collect();
    let mut evaluation = Evaluation::start(&rules, input, &Limits::default());
    let mut answers = answers.iter();
    loop {
        match evaluation.advance()? {
            Progress::Finished => return Ok(evaluation.finish()),
            Progress::Wants(queries) => {
                let rows = answers.by_ref().take(queries.len()).map(|columns| {
                    let texts = |column: &&[&str]| column.iter().map(|value| (*value).to_owned()).collect();
                    StoreRows::new(columns.iter().map(texts).collect())
                });
                evaluation.supply(rows.collect());
            }
        }
    }
}

fn issued(text: &str, input: &[(&str, &str)]) -> Vec<String> {
    let evaluated = evaluated(text, input, &[]).unwrap();
    evaluated.output().map(|claim| format!("{}={}", claim.claim_type, claim.value)).collect()
}

#[test]
fn conditions_and_actions() {
    /// Rules, input claims, issued claims.
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: &[Case] = &[
        ("=> issue(Type = \"t\", Value = \"v\");", &[], &["t=v"]),
        ("c:[] => issue(Type = \"t\", Value = \"v\");", &[], &[]),
        ("c:[Type == \"A\"] => issue(claim = c);", &[("a", "1")], &[]),
        ("c:[Type == \"a\", Value =~ \"^1\"] => issue(claim = c);", &[("a", "12"), ("a", "21")], &["a=12"]),
        ("c:[Type == \"a\", Value !~ \"^1\"] => issue(claim = c);", &[("a", "12"), ("a", "21")], &["a=21"]),
        ("NOT EXISTS([Type == \"b\"]) => issue(Type = \"t\", Value = \"v\");", &[("a", "1")], &["t=v"]),
        ("NOT EXISTS([]) => issue(Type = \"t\", Value = \"v\");", &[("a", "1")], &[]),
        ("COUNT([Type == \"a\"]) >= 2 => issue(Type = \"t\", Value = \"v\");", &[("a", "1"), ("a", "2")], &["t=v"]),
        ("COUNT([Type == \"a\"]) == 1 => issue(Type = \"t\", Value = \"v\");", &[("a", "1"), ("a", "2")], &[]),
        (
            "a:[Type == \"a\"] && b:[Type == \"b\", Value == a.Value] => issue(Type = \"t\", Value = a.Value + \"/\" + b.Value);",
            &[("a", "1"), ("a", "2"), ("b", "2"), ("b", "3")],
            &["t=2/2"],
        ),
        ("[Type == \"a\"] && c:[Type == \"a\"] => issue(claim = c);", &[("a", "1"), ("a", "2")], &["a=1", "a=2"]),
        ("c:[] => add(Type = \"x\", Value = c.Value); c:[Type == \"x\"] => issue(claim = c);", &[("a", "1")], &["x=1"]),
        ("c:[Type == \"a\"] => issue(Type = \"a\", Value = c.Value + \"1\");", &[("a", "1")], &["a=11"]),
        ("c:[] => issue(Type = \"t\", Value = c.Properties[\"none\"]);", &[("a", "1")], &[]),
        (
            "=> issue(Type = \"t\", Value = \"{\\x22a\\x22}\"); c:[Value =~ \"^.\\x22\"] => issue(Type = \"q\", Value = \"y\");",
            &[],
            &["t={\"a\"}", "q=y"],
        ),
        ("c:[] => issue(Type = \"t\", Value = c.Value);", &[("a", r"\x22")], &[r"t=\x22"]),
        (
            "c:[] => issue(Type = \"t\", Value = RegExReplace(c.Value, c.Value, c.Value + \"$0\"));",
            &[("a", "x")],
            &["t=xx"],
        ),
        ("c:COUNT([Type == \"a\"]) >= 1 => issue(Type = \"t\", Value = c.Value);", &[("a", "1"), ("a", "2")], &["t=1"]),
        ("c:COUNT([Type == \"a\"]) >= 0 => issue(Type = \"t\", Value = \"v\");", &[], &[]),
    ];
    for (text, input, expected) in cases {
        assert_eq!(issued(text, input), *expected, "{text}");
    }
}

#[test]
fn a_copy_keeps_every_field_and_a_new_claim_gets_the_defaults() {
    let set =
        rules("c:[] => issue(claim = c); c:[] => issue(Type = \"n\", Value = c.Value, Properties[\"p\"] = \"q\");");
    let mut original = claim("a", "1").with_value_type("vt");
    original.original_issuer = "O".into();
    original.properties.insert("k".into(), "v".into());
    let mut evaluation = Evaluation::start(&set, vec![original.clone(), original.clone()], &Limits::default());
    assert_eq!(evaluation.advance(), Ok(Progress::Finished));
    let mut made = Claim::new("n", "1", LOCAL_AUTHORITY);
    made.properties.insert("p".into(), "q".into());
    assert_eq!(evaluation.finish().output().cloned().collect::<Vec<_>>(), [original, made]);
}

#[test]
fn a_deny_without_a_value_is_kept() {
    let text = "=> issue(Type = \"http://schemas.microsoft.com/authorization/claims/deny\");";
    assert_eq!(issued(text, &[]).len(), 1);
}

const ASK: &str = "c:[Type == \"u\"] => add(store = \"S\", types = (\"x\", \"y\"), query = \"q\", param = c.Value); \
                   c:[Type =~ \"x|y\"] => issue(claim = c);";

#[test]
fn asks_and_goes_on() {
    let evaluated = evaluated(ASK, &[("u", "1"), ("u", "2")], &[&[&["a", "b"], &[""]], &[&["b"], &["c"]]]).unwrap();
    let found: Vec<_> = evaluated.output().map(|claim| (claim.claim_type.as_str(), claim.value.as_str())).collect();
    assert_eq!(found, [("x", "a"), ("x", "b"), ("y", "c")]);
    assert!(evaluated.output().all(|claim| claim.issuer == LOCAL_AUTHORITY));
    let trace = evaluated.trace();
    let RuleOutcome::Fired { times, queries, repeated, empty, .. } = &trace.rules()[0].outcome else {
        panic!("did not fire")
    };
    assert_eq!((*times, queries.len(), *repeated, *empty), (2, 2, 1, 1));
}

#[test]
fn wrong_answers_end_the_run() {
    let wrong = evaluated(ASK, &[("u", "1")], &[&[&["a"]]]);
    assert!(matches!(wrong, Err(EvaluationError::ColumnCount { expected: 2, found: 1, .. })));
    let few = evaluated(ASK, &[("u", "1")], &[]);
    assert!(matches!(few, Err(EvaluationError::AnswerCount { expected: 1, found: 0, .. })));
}

#[test]
fn an_unfinished_or_failed_run_has_no_output() {
    let set = rules(&format!("=> issue(Type = \"t\", Value = \"v\"); {ASK}"));
    let mut evaluation = Evaluation::start(&set, vec![claim("u", "1")], &Limits::default());
    let Ok(Progress::Wants(first)) = evaluation.advance() else { panic!("asked nothing") };
    assert_eq!(evaluation.advance(), Ok(Progress::Wants(first)));
    evaluation.supply(Vec::new());
    assert!(evaluation.advance().is_err());
    assert_eq!(evaluation.finish().output().count(), 0);
}

#[test]
fn limits_fail_the_run() {
    let limits =
        Limits { tuples: 10, comparisons: 100, claims: 12, store_queries: 1, text_bytes: 20, regex_backtracks: 100 };
    let run = |text: &str| {
        let set = rules(text);
        let input = (0..4).map(|n| claim("u", &format!("{n}-value"))).collect();
        Evaluation::start(&set, input, &limits).advance().unwrap_err()
    };
    let product = "a:[] && b:[] => issue(Type = \"t\", Value = \"v\");";
    assert!(matches!(run(product), EvaluationError::TooManyTuples { limit: 10, .. }));
    let work = "a:[] && b:[] && c:[] && d:[Value == \"no\"] => issue(Type = \"t\", Value = \"v\");";
    assert!(matches!(run(work), EvaluationError::TooManyComparisons { limit: 100, .. }));
    assert!(matches!(run(ASK), EvaluationError::TooManyQueries { limit: 1, .. }));
    let long = "c:[] => issue(Type = \"t\", Value = c.Value + c.Value + c.Value);";
    assert!(matches!(run(long), EvaluationError::TextTooLong { limit: 20, .. }));
    let many: String = (0..3).map(|n| format!("c:[Type == \"u\"] => add(Type = \"t{n}\", Value = c.Value);")).collect();
    assert!(matches!(run(&many), EvaluationError::TooManyClaims { limit: 12, .. }));
    let computed = "c:[] && [Value =~ c.Value + \"(\"] => issue(Type = \"t\", Value = \"v\");";
    assert!(matches!(run(computed), EvaluationError::ComputedPattern { .. }));
}

#[test]
fn the_trace_says_who_issued_what_and_why_a_rule_was_silent() {
    let text = "@RuleName = \"first\" => issue(Type = \"t\", Value = \"v\"); => issue(Type = \"t\", Value = \"v\");\n\
                a:[Type == \"t\"] && b:[Type == \"no\"] => issue(claim = a); => issue(Type = \"n\", Value = \"v\");";
    let trace = evaluated(text, &[], &[]).unwrap().trace();
    assert_eq!(trace.rule_that_issued("t"), Some("first"));
    assert_eq!(trace.rule_that_issued("n"), Some("rule 4"));
    assert_eq!(trace.rule_that_issued("no"), None);
    let shown: Vec<_> = trace.rules().iter().map(ToString::to_string).collect();
    assert_eq!(shown[0], "rule 1 \"first\" (line 1) fired 1 time(s); issued t = v");
    assert_eq!(shown[1], "rule 2 (line 1) fired 1 time(s); 1 claim(s) were there already");
    assert_eq!(shown[2], "rule 3 (line 2) did not fire: no claim satisfies b:[Type == \"no\"]");
}
