use super::*;
use crate::claims::language::{self, Strictness};
use crate::claims::{Claim, LOCAL_AUTHORITY, Limits, RuleStage};
use crate::verification::Layout;
use serde_json::json;

fn case(text: &str) -> Case {
    Case::read(text).unwrap_or_else(|error| panic!("{error}"))
}

fn run(case: &Case) -> CaseRun {
    let rules = language::parse("t", case.rules_text.as_deref().unwrap(), Strictness::Lenient).unwrap();
    CaseRun::new(case, &rules, case.stage().unwrap().unwrap_or(RuleStage::Transform), &Limits::default())
}

const ASKING: &str = r#"{
  "id": "ASK", "stage": "issuance_transform",
  "rules_text": "@RuleName = \"Ask\" c:[Type == \"u\"] => add(store = \"S\", types = (\"x\", \"y\"), query = \"q {0}\", param = c.Value); x:[Type == \"x\"] => issue(Type = \"out\", Value = x.Value, Issuer = \"me\"); [Type == \"z\"] => issue(Type = \"no\", Value = \"no\");",
  "input_claims": [{"type": "u", "value": "1"}],
  "attribute_store_answers": [{"store": "S", "query": "q {0}", "params": ["1"], "columns": [["a", null], []]}],
  "expected_output": [{"type": "out", "value": "a", "issuer": "me"}]
}"#;

#[test]
fn a_case_is_run_and_compared_in_every_field() {
    let asking = case(ASKING);
    assert_eq!(run(&asking).differences(&asking), Vec::<String>::new());
    let expected = [
        (
            r#""issuer": "me""#,
            r#""issuer": "you""#,
            "! out = \"a\": issuer \"me\", expected \"you\", original issuer \"me\", expected \"you\"",
        ),
        (r#""value": "a""#, r#""value": "b""#, "- out = \"b\" (issuer me)"),
        (r#""params": ["1"]"#, r#""params": ["2"]"#, "failed: rule 1 \"Ask\" (line 1) asks the attribute store \"S\""),
        (
            r#"[["a", null], []]"#,
            r#"[["a"]]"#,
            "failed: rule 1 \"Ask\" (line 1): the attribute store 'S' answered 1 columns",
        ),
    ];
    for (usual, other, line) in expected {
        assert!(ASKING.contains(usual), "{usual}");
        let changed = case(&ASKING.replace(usual, other));
        let differences = run(&changed).differences(&changed);
        assert!(differences[0].starts_with(line), "{differences:?}");
    }
}

#[test]
fn a_failure_opens_nothing_and_can_be_what_a_case_expects() {
    let text = |stage: &str, expected: &str| {
        format!(
            r#"{{ "stage": "{stage}", "input_claims": [], {expected}
                "rules_text": "=> issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\"); => issue(store = \"S\", types = (\"x\"), query = \"q\");" }}"#
        )
    };
    for (stage, decision) in
        [("authorization", "deny"), ("delegation_authorization", "deny"), ("additional_authentication", "require_mfa")]
    {
        let failing = case(&text(
            stage,
            &format!(r#""expected_decision": "{decision}", "expected_failure": "does not answer","#),
        ));
        let run = run(&failing);
        assert!(run.failure.is_some() && run.output.is_empty());
        assert_eq!(run.differences(&failing), Vec::<String>::new(), "{stage}");
        assert_eq!(run.evaluated().trace().rules().len(), 1, "what ran before is told");
    }
    let surprised = case(&text("authorization", r#""expected_output": [],"#));
    assert!(run(&surprised).differences(&surprised)[0].starts_with("failed: rule 2"));
}

#[test]
fn what_is_no_case_is_refused_with_the_reason() {
    let problems = [
        ("{", "this is no case: EOF"),
        (r#"{"input_claims": [{"type": "t"}]}"#, "missing field `value`"),
        (r#"{"input_claims": [{"type": "t", "value": "v", "isuer": "x"}]}"#, "unknown field `isuer`"),
        (r#"{"stage": "issue"}"#, "there is no stage \"issue\"; the stages are acceptance, additional_authentication"),
        (r#"{"stage": "authorization", "expected_decision": "no_mfa"}"#, "it decides permit or deny"),
    ];
    for (text, expected) in problems {
        let error = Case::read(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let misspelt = case(r#"{"expected_ouput": []}"#);
    assert_eq!(misspelt.unknown_keys().collect::<Vec<_>>(), ["expected_ouput"]);
}

#[test]
fn two_subjects_are_warned_of() {
    let text = |other: &str| {
        format!(
            r#"{{"rules_text": "c:[] => issue(claim = c);", "input_claims": [
            {{"type": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "value": "a"}},
            {{"type": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "value": "{other}", "issuer": "x"}}]}}"#
        )
    };
    assert_eq!(run(&case(&text("a"))).warnings(), Vec::<String>::new());
    assert!(run(&case(&text("b"))).warnings()[0].contains("no token is issued"));
}

#[test]
fn the_json_of_a_run_has_the_keys_of_a_case_and_the_trace() {
    let asking = case(ASKING);
    let report = run_json(&asking, &run(&asking), true);
    assert_eq!(report["output"], report["expected_output"]);
    assert_eq!(report["as_expected"], json!(true));
    assert_eq!(report["decision"], json!(null));
    let trace = &report["trace"];
    assert_eq!(trace[0]["queries"][0]["params"], json!(["1"]));
    assert_eq!(trace[0]["made"][0]["added"]["value"], "a");
    assert_eq!(trace[1]["tuples"][0][0]["variable"], "x");
    assert_eq!(trace[2]["fired"], json!(false));
    assert_eq!(trace[2]["condition"], "[Type == \"z\"]");
    // what came out can be pasted into a case
    let again = json!({ "input_claims": report["output"] }).to_string();
    assert_eq!(case(&again).input(), run(&asking).output);
}

#[test]
fn the_page_of_a_run_says_what_every_rule_did() {
    let asking = case(ASKING);
    let page = run_page(&asking, &run(&asking), "t.rules, 3 rules", true, Layout { colours: false, width: 100 });
    for line in [
        "  stage       issuance transform rules\n",
        "  ✓ 1 \"Ask\", line 1: fired once\n      for         c: u = \"1\"\n",
        "      asked       S: q {0} with \"1\"\n      answer      1 value\n      added       x = \"a\"\n",
        "      issued      out = \"a\" (issuer me)\n",
        "  · 3, line 1: did not fire\n      no claim is [Type == \"z\"]\n",
        "Output: 1 claim\n  out\n    = a\n      issuer me\n",
        "✓ As the case expects.\n",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
}

const SAML11: &str = r#"<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:RequestedSecurityToken>
<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" Issuer="http://sts.contoso.test/adfs/services/trust">
<saml:AttributeStatement><saml:Subject><saml:NameIdentifier Format="urn:f">id</saml:NameIdentifier></saml:Subject>
<saml:Attribute AttributeName="UPN" AttributeNamespace="http://schemas.xmlsoap.org/claims"><saml:AttributeValue>a@b</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
<saml:AuthenticationStatement AuthenticationMethod="x"><saml:Subject><saml:NameIdentifier Format="urn:f">id</saml:NameIdentifier></saml:Subject></saml:AuthenticationStatement>
</saml:Assertion></t:RequestedSecurityToken></t:RequestSecurityTokenResponse>"#;

const SAML20: &str = r#"<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><Issuer>http://sts.contoso.test/adfs/services/trust</Issuer>
<Subject><NameID Format="urn:f">id</NameID></Subject><AttributeStatement>
<Attribute Name="http://schemas.xmlsoap.org/claims/UPN"><AttributeValue>a@b</AttributeValue><AttributeValue>c@d</AttributeValue></Attribute>
</AttributeStatement></Assertion>"#;

#[test]
fn tokens_of_both_versions_tell_their_claims() {
    let upn = |value: &'static str| Claim::new("http://schemas.xmlsoap.org/claims/UPN", value, LOCAL_AUTHORITY);
    let (one, two) = (CapturedToken::read(SAML11.as_bytes()).unwrap(), CapturedToken::read(SAML20.as_bytes()).unwrap());
    assert_eq!((one.kind, one.claims.len(), two.kind, two.claims.len()), ("SAML 1.1", 2, "SAML 2.0", 3));
    assert_eq!(one.claims[0], two.claims[0]);
    assert_eq!(one.claims[1], upn("a@b"));
    assert_eq!(two.claims[2], upn("c@d"));
    assert_eq!(one.issuer, two.issuer);
    let encrypted = br#"<r><EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/></r>"#;
    assert_eq!(CapturedToken::read(encrypted), Err(CapturedTokenError::Encrypted));
    assert_eq!(CapturedToken::read(b"<r/>"), Err(CapturedTokenError::NoAssertion));
}

#[test]
fn sides_are_compared_as_far_as_both_can_tell() {
    let token = CapturedToken::read(SAML20.as_bytes()).unwrap();
    let mut ruled = token.claims.clone();
    ruled.pop();
    ruled[1].issuer = "AD AUTHORITY".into();
    ruled.push(Claim::new("t", "v", LOCAL_AUTHORITY));
    let side = |name: &str, claims| Side { name: name.to_owned(), claims, decision: None, failure: None };
    let mut comparison =
        Comparison { about: "a".to_owned(), left: side("l", ruled), right: side("r", token.claims), with_token: true };
    let page = comparison_page(&comparison, Layout { colours: false, width: 100 });
    assert!(page.contains("  = http://schemas.xmlsoap.org/claims/UPN = \"a@b\"\n"), "{page}");
    assert!(page.contains("  > http://schemas.xmlsoap.org/claims/UPN = \"c@d\"\n"), "{page}");
    assert!(page.contains("  < t = \"v\"\n") && page.contains("2 claims on both, 2 on one side only"), "{page}");
    let report = comparison_json(&comparison);
    assert_eq!((&report["equal"], &report["claims"][2]["in"]), (&json!(false), &json!("both")));
    comparison.with_token = false;
    let apart = comparison_page(&comparison, Layout { colours: false, width: 100 });
    assert!(apart.contains("1 claim on both, 4 on one side only"), "issuers count between rule sets\n{apart}");
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_case_or_refused(text in ".{0,200}") {
        let _ = Case::read(&text);
        let _ = CapturedToken::read(text.as_bytes());
    }
}

/// A rule that asks one store for `types` with everything the claim says, and what came of it.
fn asked(store: &str, query: &str, types: &str, value: &str, sign_in: serde_json::Value) -> CaseRun {
    let rules = format!(
        "c:[] => issue(store = \"{store}\", types = ({types}), query = \"{query}\", param = c.Value, param = \"alice\", param = c.Issuer);"
    );
    let rules = match query {
        "{0};{1};{2}" => rules,
        _ => rules.replace(", param = \"alice\", param = c.Issuer", ""),
    };
    let case = serde_json::json!({ "rules_text": rules, "input_claims": [{ "type": "t", "value": value }], "sign_in": sign_in });
    let case = Case::read(&case.to_string()).unwrap();
    let rules = language::parse("case", case.rules_text.as_ref().unwrap(), Strictness::Strict).unwrap();
    CaseRun::new(&case, &rules, RuleStage::Transform, &Limits::default())
}

#[test]
fn stores_that_only_compute_answer_themselves() {
    let values = |run: &CaseRun| run.output.iter().map(|claim| claim.value.to_string()).collect::<Vec<_>>();
    let nothing = || serde_json::json!({});
    assert_eq!(values(&asked("Texts", "toUpper", "\"u\"", "abc", nothing())), ["ABC"]);
    let proxy = asked("_ProxyCredentialStore", "isProxySid({0})", "\"u\"", "S-1-5-1", nothing());
    assert_eq!((values(&proxy), &proxy.failure), (Vec::new(), &None));

    let expiry = |facts| asked("_PasswordExpiryStore", "{0};", "\"u\", \"v\", \"w\"", "2026-01-20T10:00:00Z", facts);
    let run = expiry(serde_json::json!({ "at": "2026-01-10T10:00:00Z", "password_change_url": "https://sts/change" }));
    assert_eq!(values(&run), ["2026-01-20T10:00:00.000Z", "10", "https://sts/change"]);
    assert!(expiry(nothing()).failure.unwrap().to_string().contains("\"at\" which it happens in \"sign_in\""));

    let opaque = |facts| asked("_OpaqueIdStore", "{0};{1};{2}", "\"u\"", "ppid", facts);
    let run =
        opaque(serde_json::json!({ "relying_party": "urn:a", "opaque_id_secret": "0123456789abcdef0123456789abcdef" }));
    assert_eq!(values(&run)[0].len(), 44);
    for (facts, word) in [
        (nothing(), "\"relying_party\""),
        (serde_json::json!({ "relying_party": "urn:a" }), "\"opaque_id_secret\""),
        (serde_json::json!({ "relying_party": "urn:a", "opaque_id_secret": "short" }), "shorter than 32 octets"),
    ] {
        let failure = opaque(facts).failure.unwrap().to_string();
        assert!(failure.contains(word), "{failure}");
    }

    let unknown = asked("Active Directory", ";mail;{0}", "\"u\"", "C\\\\alice", nothing()).failure.unwrap().to_string();
    assert!(unknown.contains("which the case does not answer"), "{unknown}");
    assert!(Case::read(r#"{ "sign_in": { "at": "tomorrow" } }"#).unwrap_err().to_string().contains("is no moment"));
}
