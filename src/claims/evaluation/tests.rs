use super::*;
use crate::claims::RuleOutcome;
use crate::claims::language::{self, Strictness};
use std::time::Duration;

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
                    let column = |column: &&[&str]| column.iter().map(|value| (*value).to_owned()).collect();
                    StoreRows { columns: columns.iter().map(column).collect(), took: Duration::from_micros(7) }
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
    let RuleOutcome::Fired(firing) = &trace.rules()[0].outcome else { panic!("did not fire") };
    assert_eq!((firing.tuples.len(), firing.queries.len()), (2, 2));
    assert_eq!(firing.tuples[1].bound, [("c".into(), claim("u", "2"))]);
    assert_eq!((firing.queries[0].values, firing.queries[0].took), (3, Duration::from_micros(7)));
    let made: Vec<_> = firing.made.iter().map(|made| format!("{made:?}")).collect();
    let kinds: Vec<_> = made.iter().map(|made| made.split(['(', ' ']).next().unwrap()).collect();
    assert_eq!(kinds, ["New", "New", "Empty", "Known", "New"]);
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
    let evaluated = evaluated(text, &[], &[]).unwrap();
    assert_eq!(evaluated.rule_that_issued("t"), Some("first"));
    assert_eq!(evaluated.rule_that_issued("n"), Some("rule 4"));
    assert_eq!(evaluated.rule_that_issued("no"), None);
    let shown: Vec<_> = evaluated.trace().rules().iter().map(ToString::to_string).collect();
    assert_eq!(shown[0], "rule 1 \"first\" (line 1) fired 1 time(s); issued t = v");
    assert_eq!(shown[1], "rule 2 (line 1) fired 1 time(s); t = v was there already");
    assert_eq!(shown[2], "rule 3 (line 2) did not fire: no claim satisfies b:[Type == \"no\"]");
}

/// The obstacle of the first rule over these claims.
fn obstacle(text: &str, input: &[(&str, &str)]) -> String {
    let trace = evaluated(text, input, &[]).unwrap().trace();
    match &trace.rules()[0].outcome {
        RuleOutcome::DidNotFire(obstacle) => obstacle.to_string(),
        RuleOutcome::Fired(_) => panic!("{text} fired"),
    }
}

#[test]
fn a_rule_that_did_not_fire_names_the_condition_and_the_claim_that_came_closest() {
    let act = "=> issue(Type = \"x\", Value = \"y\");";
    let cases = [
        (
            "c:[Type == \"sid\", Value =~ \"-515$\", Issuer == \"A\"]",
            vec![("other", "-515"), ("sid", "S-1-5150"), ("sid", "S-1-513")],
            "sid = S-1-5150 came closest, but not Value =~ \"-515$\"",
        ),
        ("c:[Type == \"http://s/a\"]", vec![("https://S/a/", "1")], "came closest, but not Type == \"http://s/a\""),
        (
            "c:[Type == \"a\", Issuer == \"A\"]",
            vec![("b", "1")],
            "no claim satisfies c:[Type == \"a\", Issuer == \"A\"]",
        ),
        (
            "a:[Type == \"a\"] && [Type == \"b\", Value == a.Value + \"!\"]",
            vec![("a", "1"), ("b", "2")],
            "b = 2 came closest, but not Value == a.Value + \"!\"",
        ),
        (
            "NOT EXISTS([Type == \"a\"])",
            vec![("b", "0"), ("a", "1"), ("a", "2")],
            "NOT EXISTS([Type == \"a\"]) does not hold: 2 claim(s) match, the first is a = 1",
        ),
        ("COUNT([Type == \"a\"]) > 2", vec![("a", "1")], "does not hold: 1 claim(s) match, the first is a = 1"),
        (
            "EXISTS([Type == \"a\", Value != \"1\"])",
            vec![("a", "1")],
            "0 claim(s) match; a = 1 came closest, but not Value != \"1\"",
        ),
        ("c:[]", vec![], "no claim satisfies c:[]"),
    ];
    for (condition, input, expected) in cases {
        let found = obstacle(&format!("{condition} {act}"), &input);
        assert!(found.ends_with(expected), "{condition}: {found}");
    }
}

/// What a rule could not see when its turn came does not explain it.
#[test]
fn an_obstacle_is_looked_for_among_the_claims_of_that_moment() {
    let text = "c:[Type == \"a\", Value == \"2\"] => issue(claim = c); => issue(Type = \"a\", Value = \"1\");";
    assert_eq!(obstacle(text, &[]), "no claim satisfies c:[Type == \"a\", Value == \"2\"]");
}

/// Sections 3 and 4 of the reference, sentence by sentence where the tables above do not say it.
#[test]
fn the_fine_print() {
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: &[Case] = &[
        // every rule runs once, top to bottom: a later rule sees what an earlier one added, never the other way round
        (
            "c:[Type == \"t\"] => issue(claim = c); => add(Type = \"t\", Value = \"v\"); c:[Type == \"t\"] => issue(Type = \"u\", Value = c.Value);",
            &[],
            &["u=v"],
        ),
        // what was added, and then issued in the same words, goes out
        ("=> add(Type = \"t\", Value = \"v\"); => issue(Type = \"t\", Value = \"v\");", &[], &["t=v"]),
        // adding a copy has no effect, and the rule still fires
        ("c:[] => add(claim = c);", &[("a", "1")], &[]),
        // no trimming, and case counts
        ("c:[Value == \"x \"] => issue(claim = c);", &[("a", "x"), ("b", "x "), ("c", "X ")], &["b=x "]),
        ("c:[Value != \"x\"] => issue(claim = c);", &[("a", "x"), ("b", "X")], &["b=X"]),
        // patterns are searches, and case counts unless the pattern says otherwise
        ("c:[Value =~ \"b\"] => issue(claim = c);", &[("a", "abc"), ("b", "aBc")], &["a=abc"]),
        ("c:[Value =~ \"(?i)B\"] => issue(claim = c);", &[("a", "abc"), ("b", "xyz")], &["a=abc"]),
        // "of another type" is said of claims, "has no such claim" of the set
        ("c:[Type != \"a\"] => issue(Type = \"t\", Value = c.Value);", &[("a", "1"), ("b", "2")], &["t=2"]),
        // an absent property reads as empty text
        ("c:[Properties[\"p\"] == \"\"] => issue(claim = c);", &[("a", "1")], &["a=1"]),
        ("c:[Properties[\"p\"] =~ \"^$\"] => issue(claim = c);", &[("a", "1")], &["a=1"]),
        ("c:[Properties[\"p\"] !~ \"x\"] => issue(claim = c);", &[("a", "1")], &["a=1"]),
        // one claim may satisfy several conditions
        ("a:[] && b:[] => issue(Type = \"t\", Value = a.Value + b.Value);", &[("a", "1")], &["t=11"]),
        // the product of two and two is four, in the order of the left condition
        (
            "a:[Type == \"a\"] && b:[Type == \"b\"] => issue(Type = \"t\", Value = a.Value + b.Value);",
            &[("a", "1"), ("b", "3"), ("a", "2"), ("b", "4")],
            &["t=13", "t=14", "t=23", "t=24"],
        ),
        // guards run the action once, together too
        (
            "EXISTS([Type == \"a\"]) && COUNT([Type == \"b\"]) < 3 && NOT EXISTS([Type == \"c\"]) => issue(Type = \"t\", Value = \"v\");",
            &[("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")],
            &["t=v"],
        ),
        ("COUNT([]) == 0 => issue(Type = \"t\", Value = \"none\");", &[], &["t=none"]),
        // a product of guards and conditions
        (
            "EXISTS([Type == \"b\"]) && c:[Type == \"a\"] => issue(claim = c);",
            &[("a", "1"), ("a", "2"), ("b", "3")],
            &["a=1", "a=2"],
        ),
        // one value in two casings is two claims; the same twice is one
        ("c:[] => issue(Type = \"t\", Value = c.Value);", &[("a", "v"), ("b", "V"), ("c", "v")], &["t=v", "t=V"]),
        // the order of assignments is free, and only the type is needed
        ("=> issue(Value = \"v\", Issuer = \"i\", Type = \"t\");", &[], &["t=v"]),
        ("=> issue(Type = \"t\");", &[], &[]),
        // a literal that ends in a backslash
        ("c:[] => issue(Type = \"t\", Value = \"contoso\\\" + c.Value);", &[("a", "bob")], &["t=contoso\\bob"]),
        // nothing found, nothing changed; everything found, everything changed
        ("c:[] => issue(Type = \"t\", Value = RegExReplace(c.Value, \"x\", \"y\"));", &[("a", "abc")], &["t=abc"]),
        (
            "c:[] => issue(Type = \"t\", Value = RegExReplace(c.Value, \"[ab]\", \"$0$0\"));",
            &[("a", "abc")],
            &["t=aabbc"],
        ),
    ];
    for (text, input, expected) in cases {
        assert_eq!(issued(text, input), *expected, "{text}");
    }
}

#[test]
fn the_original_issuer_is_the_issuer_unless_the_rule_says_otherwise() {
    let set = rules(
        "=> issue(Type = \"a\", Value = \"v\", Issuer = \"I\"); => issue(Type = \"b\", Value = \"v\", OriginalIssuer = \"O\"); \
         c:[Type == \"a\"] => issue(Type = \"c\", Value = \"v\", Issuer = c.Issuer + \"2\", OriginalIssuer = c.OriginalIssuer, ValueType = \"vt\");",
    );
    let mut evaluation = Evaluation::start(&set, Vec::new(), &Limits::default());
    assert_eq!(evaluation.advance(), Ok(Progress::Finished));
    let evaluated = evaluation.finish();
    let fields = |claim: &Claim| [&claim.issuer, &claim.original_issuer, &claim.value_type].map(ToString::to_string);
    let found: Vec<_> = evaluated.output().map(fields).collect();
    let expected = [["I", "I", STRING], [LOCAL_AUTHORITY, "O", STRING], ["I2", "I", "vt"]];
    assert_eq!(found, expected.map(|claim| claim.map(str::to_owned)));
}

#[test]
fn columns_feed_types_by_place_and_are_asked_once_for_each_tuple() {
    let text = "c:[Type == \"u\"] => issue(store = \"S\", types = (\"x\", \"x\", \"y\"), query = \"q {1} {0}\", param = c.Value, param = \"p\");";
    let set = rules(text);
    let input = vec![claim("u", "1"), claim("u", "2")];
    let mut evaluation = Evaluation::start(&set, input, &Limits::default());
    let Ok(Progress::Wants(queries)) = evaluation.advance() else { panic!("asked nothing") };
    let params: Vec<_> =
        queries.iter().map(|query| query.params.iter().map(|p| p.as_str()).collect::<Vec<_>>()).collect();
    assert_eq!(params, [["1", "p"], ["2", "p"]]);
    assert!(queries.iter().all(|query| query.query == "q {1} {0}" && query.types == 3));
    let rows = |columns: [&[&str]; 3]| {
        StoreRows::new(columns.map(|column| column.iter().map(|value| (*value).to_owned()).collect()).to_vec())
    };
    evaluation.supply(vec![rows([&["a"], &["b", "c"], &[]]), rows([&[], &["a"], &["d"]])]);
    assert_eq!(evaluation.advance(), Ok(Progress::Finished));
    let evaluated = evaluation.finish();
    let found: Vec<_> = evaluated.output().map(|claim| format!("{}={}", claim.claim_type, claim.value)).collect();
    assert_eq!(found, ["x=a", "x=b", "x=c", "y=d"]);
}
