mod damaged;

use super::*;
use proptest::prelude::*;

fn errors(text: &str) -> Vec<RuleDiagnostic> {
    parse("t", text, Strictness::Lenient).err().unwrap_or_default()
}

fn problem(text: &str) -> RuleProblem {
    errors(text).first().unwrap_or_else(|| panic!("accepted: {text}")).problem.clone()
}

#[test]
fn prints_what_ad_fs_prints() {
    let cases = [
        (
            "c1;[]=>Issue(claim=c1);",
            "t: POLICY0002: Could not parse policy data. Line number: 1, Column number: 2, Error token: ;. \
             Line: 'c1;[]=>Issue(claim=c1);'. Parser error: 'POLICY0030: Syntax error, unexpected ';', \
             expecting one of the following: ':' .'",
        ),
        (
            "c1:[]=>Issue(claim=c2);",
            "Parser error: 'POLICY0011: No conditions in the claim rule match the condition tag specified in the \
             CopyIssuanceStatement: 'c2'.",
        ),
        (
            "c1:[type==\"x1\", value==1, valuetype==\"boolean\"]=>Issue(claim=c1);",
            "Line number: 1, Column number: 23, Error token: 1. ",
        ),
        (
            "c1:[type==\"x1\"] => \n\n  Issue(type = c1.type, value=\"0\", valuetype == \"boolean\");",
            "Line number: 3, Column number: 45, Error token: ==. Line: 'Issue(type = c1.type, value=\"0\", valuetype == \
             \"boolean\");'. Parser error: 'POLICY0030: Syntax error, unexpected '==', expecting one of the following: '=' .' \
             Inside issue(...) and add(...) a property is assigned with a single '='.",
        ),
    ];
    for (text, expected) in cases {
        let shown = errors(text).first().unwrap().to_string();
        assert!(shown.contains(expected), "{shown}");
    }
}

#[test]
fn reports_every_wrong_rule_and_goes_on_behind_the_semicolon() {
    let text = "=> issue(Value = \"a;b\");\nc:[Type ~= \"x;y\"] => issue(claim = c);\n=> issue(Type = \"t\", Value = \"v\");\n\
                d:[] => issue(claim = q);";
    let found: Vec<_> = errors(text).iter().map(|error| error.position.line).collect();
    assert_eq!(found, [1, 2, 4]);
}

#[test]
fn names_the_cure_of_common_damage() {
    let cure = |text: &str| match problem(text) {
        RuleProblem::Syntax { cure, .. } => cure,
        RuleProblem::UnexpectedInput { cure } => Some(cure),
        other => panic!("{other}"),
    };
    let cases = [
        ("c:[Type == \u{201c}x;y\u{201d}] => issue(claim = c);", Cure::TypographicQuotes),
        ("c:[Type == \"x\"] =&gt; issue(claim = c);", Cure::HtmlEntity),
        ("c:[Type == \"x] => issue(claim = c);", Cure::UnclosedText),
        ("c:[Type == \"x\"] => issue(claim = c)\nd:[] => issue(claim = d);", Cure::MissingSemicolon),
        ("c:[Type = \"x\"] => issue(claim = c);", Cure::CompareWithAssign),
        ("c:[Type == x] => issue(claim = c);", Cure::BareWord),
        ("c:[Type == \"x\"] || d:[] => issue(claim = c);", Cure::Or),
        ("(x) => issue(claim = c);", Cure::RuleStart),
    ];
    for (text, expected) in cases {
        assert_eq!(cure(text), Some(expected), "{text}");
    }
}

#[test]
fn checks_what_needs_no_claim() {
    let name = |name: &str| name.to_owned();
    let cases = [
        ("c:[] => issue(Value = c.Value);", RuleProblem::MissingType),
        ("c:[] && c:[] => issue(claim = c);", RuleProblem::DuplicateVariable { name: name("c") }),
        ("c:[Value == c.Type] => issue(claim = c);", RuleProblem::VariableTooEarly { name: name("c") }),
        ("c:[Value == d.Value] && d:[] => issue(claim = c);", RuleProblem::VariableTooEarly { name: name("d") }),
        ("c:[] => issue(Type = \"a\", type = \"b\");", RuleProblem::AssignedTwice { property: name("Type") }),
        (
            "c:[] => issue(Type = Upper(c.Value));",
            RuleProblem::UnknownFunction {
                name: name("Upper"),
                hint: "upper and lower case come from an attribute store, not from a function",
            },
        ),
        (
            "c:[] => issue(Type = RegExReplace(c.Value));",
            RuleProblem::ArgumentCount { name: "RegExReplace", expected: 3, found: 1 },
        ),
        ("c:NOT EXISTS([]) => issue(claim = c);", RuleProblem::TaggedAggregate),
    ];
    for (text, expected) in cases {
        assert_eq!(problem(text), expected, "{text}");
    }
    assert!(matches!(problem("c:[Value =~ \"(\"] => issue(claim = c);"), RuleProblem::Pattern { .. }));
    let store =
        "c:[] => issue(store = \"Active Directory\", types = (\"a\", \"b\"), query = \";mail;{0}\", param = c.Value);";
    assert!(matches!(problem(store), RuleProblem::Query { .. }));
}

#[test]
fn warns_leniently_and_refuses_strictly() {
    let cases = [
        ("c:[] => issue(claim = c)", RuleProblem::MissingFinalSemicolon),
        ("c:[Type == \"x\",] => issue(claim = c);", RuleProblem::TrailingComma),
        ("c:[Type != ''] => issue(claim = c);", RuleProblem::SingleQuotes),
        ("C:[] => issue(claim = c);", RuleProblem::VariableCase { declared: "C".to_owned() }),
        ("c:[] && NOT EXISTS([Type == \"x\"]) => issue(claim = c);", RuleProblem::MixedConditions),
        ("c:COUNT([]) > 1 => issue(claim = c);", RuleProblem::TaggedAggregate),
        ("// note; not a rule\nc:[] => issue(claim = c);", RuleProblem::Comment),
        ("c:[] /* any; */ => issue(claim = c);", RuleProblem::Comment),
        ("c:[]\u{200b} => issue(claim = c);", RuleProblem::InvisibleBlank { character: '\u{200b}' }),
    ];
    for (text, expected) in cases {
        let warnings = parse("t", text, Strictness::Lenient).unwrap();
        assert_eq!(
            warnings.warnings().iter().map(|warning| &warning.problem).collect::<Vec<_>>(),
            [&expected],
            "{text}"
        );
        let refused = parse("t", text, Strictness::Strict).unwrap_err();
        assert_eq!(refused.first().unwrap().problem, expected, "{text}");
    }
}

#[test]
fn warns_of_types_that_match_nothing() {
    let text = "c:[Type == \"https://schemas.xmlsoap.org/x\"] => issue(claim = c);";
    let set = parse("t", text, Strictness::Strict).unwrap();
    assert!(matches!(set.warnings(), [RuleDiagnostic { problem: RuleProblem::HttpsSchemas { .. }, .. }]));
}

#[test]
fn keeps_annotations_and_takes_any_case_and_layout() {
    let text = "\u{feff}@rulename=\"One\"@RuleTemplate = \"X\"\n\nC1 :[ TYPE==\"a\" ]\n\n=>\nISSUE( CLAIM=C1 );=>Add(type=\"b\");";
    let set = parse("t", text, Strictness::Strict).unwrap();
    let [one, two] = set.rules() else { panic!("{set:?}") };
    assert_eq!((one.annotation("RuleName"), one.annotation("RULETEMPLATE")), (Some("One"), Some("X")));
    assert_eq!(one.label().to_string(), "rule 1 \"One\" (line 1)");
    assert_eq!(two.label().to_string(), "rule 2 (line 6)");
    assert!(parse("t", " \r\n", Strictness::Strict).unwrap().rules().is_empty());
}

#[test]
fn bounds_nesting() {
    let deep = format!("c:[] => issue(Type = {}\"a\"", "RegExReplace(".repeat(100_000));
    assert!(matches!(problem(&deep), RuleProblem::TooMuch { .. }));
    let many = |part: &str| vec![part; 300].join(", ");
    let wide = [
        format!("{}=> issue(claim = c);", "c:[] && ".repeat(70)),
        format!("c:[{}] => issue(claim = c);", many("Type == \"a\"")),
        format!("=> issue({});", many("Type = \"a\"")),
        format!("=> issue(store = \"s\", types = ({}), query = \"q\");", many("\"t\"")),
        format!("=> issue(store = \"s\", types = (\"t\"), query = \"q\", {});", many("param = \"p\"")),
        format!("=> issue(Type = \"a\"{});", " + \"b\"".repeat(300)),
        format!("{}=> issue(Type = \"a\");", "@a = \"b\" ".repeat(300)),
    ];
    for text in wide {
        assert!(errors(&text).iter().any(|error| matches!(error.problem, RuleProblem::TooMuch { .. })), "{text}");
    }
    assert!(matches!(problem(&" ".repeat(5 << 20)), RuleProblem::TooMuch { .. }));
}

#[test]
fn tells_a_bounded_number_of_errors() {
    let found = errors(&"c:[Typ] ;".repeat(10_000));
    assert_eq!(found.len(), 51);
    assert!(matches!(found.last().unwrap().problem, RuleProblem::TooManyErrors { limit: 50 }));
    let warned = parse("t", &"x:[] => add(claim = x);".repeat(1000), Strictness::Strict).unwrap();
    assert_eq!(warned.warnings().len(), 200);
}

proptest! {
    #[test]
    fn never_panics(text in r#"(c|d|:|\[|\]|Type|==|=~|=>|issue|add|\(|\)|claim|=|"x"|'|"|;|,|&&|NOT|EXISTS|COUNT|>|1|@|\.|\+| |\n|“|é){0,30}"#) {
        let _ = parse("t", &text, Strictness::Lenient);
        let _ = parse("t", &text, Strictness::Strict);
    }

    #[test]
    fn strict_is_a_part_of_lenient(text in r#"(c:\[\]|\[Type == "a"\]| => |issue\(claim = c\)|issue\(Type = "t"\)|;|&&){0,12}"#) {
        if parse("t", &text, Strictness::Strict).is_ok() {
            prop_assert!(parse("t", &text, Strictness::Lenient).is_ok());
        }
    }
}
