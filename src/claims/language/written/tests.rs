use super::*;
use crate::claims::language::parser::Parser;
use crate::claims::language::reporter::Reporter;
use crate::claims::language::{RuleProblem, Strictness, format};
use proptest::prelude::*;

fn read(text: &str, strictness: Strictness) -> Vec<WrittenRule> {
    let mut reporter = Reporter::new("t", text, strictness);
    let rules = Parser::new(text, &mut reporter).rules().iter().map(WrittenRule::from).collect();
    assert_eq!(reporter.errors, [], "{text}");
    rules
}

/// Whatever this text holds, its printed form holds too, and printing that changes nothing.
pub(in crate::claims) fn assert_unchanged(text: &str, strictness: Strictness) {
    let rules = read(text, strictness);
    let printed = print(&rules);
    assert_eq!(read(&printed, strictness), rules, "{printed}");
    assert_eq!(print(&read(&printed, strictness)), printed);
}

#[test]
fn prints_as_ad_fs_does() {
    let text = "@rulename='x'  @RuleTemplate=\"T\" C1 :[ TYPE==\"a\",properties [\"p\"]!~ \"b\" ]&&not exists ( [ ] ) &&\n \
                Count([value=~C1.VALUE+\"c\"])>=02=>ISSUE(TYPE=\"t\" , value = regexreplace(C1.Value,\"\\\\\",\"\")+\"d\");\
                =>add(store=\"S \",types=(\"a\",\"b\"),query=\"q;{0}\",param=\"\",param=\"p\");x:[]=>issue(Claim=x)";
    let expected = "@rulename = \"x\"\n@RuleTemplate = \"T\"\nC1:[Type == \"a\", Properties[\"p\"] !~ \"b\"]\n && NOT EXISTS([])\n \
                    && COUNT([Value =~ C1.Value + \"c\"]) >= 2\n => issue(Type = \"t\", Value = RegExReplace(C1.Value, \"\\\\\", \
                    \"\") + \"d\");\n\n => add(store = \"S \", types = (\"a\", \"b\"), query = \"q;{0}\", param = \"\", param = \
                    \"p\");\n\nx:[]\n => issue(claim = x);\n";
    assert_eq!(format("t", text, Strictness::Lenient).unwrap(), expected);
    assert_eq!(format("t", expected, Strictness::Lenient).unwrap(), expected);
}

#[test]
fn keeps_line_ends_and_refuses_what_would_be_lost() {
    assert_eq!(format("t", "=>issue(\r\nType=\"t\");", Strictness::Strict).unwrap(), " => issue(Type = \"t\");\r\n");
    assert_eq!(format("t", "\u{feff} \n", Strictness::Strict).unwrap(), "");
    let lost = format("t", "// why\n=> issue(Type = \"t\");", Strictness::Lenient).unwrap_err();
    assert_eq!(lost.iter().map(|lost| lost.problem.clone()).collect::<Vec<_>>(), [RuleProblem::Comment]);
    assert!(format("t", "=> issue(Value = \"t\");", Strictness::Lenient).is_err());
    assert!(format("t", "c:[] => issue(claim = c)", Strictness::Strict).is_err());
    let odd = "c:[Type == 'a\"b'] => issue(claim = c);";
    assert!(format("t", odd, Strictness::Lenient).unwrap().contains("'a\"b'"));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[ -!#-~]{0,12}", 1 => "[^\"\n\u{200b}]{0,8}", 1 => Just(";@x = => //#".to_owned())]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[_A-Za-z][_A-Za-z0-9]{0,4}",
        Just("claim".to_owned()),
        Just("issue".to_owned()),
        Just("NOT".to_owned())
    ]
}

fn property() -> impl Strategy<Value = Property> {
    prop_oneof![
        Just(Property::Type),
        Just(Property::Value),
        Just(Property::ValueType),
        Just(Property::Issuer),
        Just(Property::OriginalIssuer),
        text().prop_map(|text| Property::Named(text.as_str().into())),
    ]
}

fn term() -> impl Strategy<Value = WrittenExpression> {
    let plain = prop_oneof![
        text().prop_map(WrittenExpression::Text),
        (name(), property()).prop_map(|(tag, property)| WrittenExpression::Property(tag, property)),
    ];
    plain.prop_recursive(2, 8, 3, |inner| {
        let argument = prop_oneof![inner.clone(), concat(inner)];
        prop::collection::vec(argument, 0..4)
            .prop_map(|arguments| WrittenExpression::Call("RegExReplace".to_owned(), arguments))
    })
}

fn concat(term: impl Strategy<Value = WrittenExpression>) -> impl Strategy<Value = WrittenExpression> {
    prop::collection::vec(term, 2..4).prop_map(WrittenExpression::Concat)
}

fn expression() -> impl Strategy<Value = WrittenExpression> {
    prop_oneof![term(), concat(term())]
}

fn condition() -> impl Strategy<Value = WrittenCondition> {
    let comparison = prop_oneof![
        Just(Comparison::Equal),
        Just(Comparison::NotEqual),
        Just(Comparison::Matches),
        Just(Comparison::NotMatches)
    ];
    let counted = prop_oneof![
        Just(CountComparison::Equal),
        Just(CountComparison::NotEqual),
        Just(CountComparison::Greater),
        Just(CountComparison::GreaterEqual),
        Just(CountComparison::Less),
        Just(CountComparison::LessEqual)
    ];
    let aggregate = prop_oneof![
        Just(AggregateTest::Exists),
        Just(AggregateTest::NotExists),
        (counted, any::<u64>()).prop_map(|(comparison, limit)| AggregateTest::Count(comparison, limit))
    ];
    let constraints = prop::collection::vec((property(), comparison, expression()), 0..3);
    (prop::option::of(name()), prop::option::of(aggregate), constraints)
        .prop_map(|(tag, aggregate, constraints)| WrittenCondition { tag, aggregate, constraints })
}

fn action() -> impl Strategy<Value = WrittenAction> {
    let types = prop::collection::vec(text(), 1..3);
    let query = (expression(), types, expression(), prop::collection::vec(expression(), 0..3));
    prop_oneof![
        name().prop_map(WrittenAction::Copy),
        prop::collection::vec((property(), expression()), 1..4).prop_map(WrittenAction::New),
        query.prop_map(|(store, types, query, params)| WrittenAction::Query { store, types, query, params }),
    ]
}

fn rule() -> impl Strategy<Value = WrittenRule> {
    let annotations = prop::collection::vec((name(), text()), 0..3);
    let effect = prop_oneof![Just(Effect::Issue), Just(Effect::Add)];
    (annotations, prop::collection::vec(condition(), 0..3), effect, action())
        .prop_map(|(annotations, conditions, effect, action)| WrittenRule { annotations, conditions, effect, action })
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_what_was_printed(rules in prop::collection::vec(rule(), 0..4)) {
        let printed = print(&rules);
        prop_assert_eq!(&read(&printed, Strictness::Strict), &rules, "{}", printed);
        prop_assert_eq!(print(&read(&printed, Strictness::Strict)), printed);
    }
}
