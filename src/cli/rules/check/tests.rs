use super::*;

fn arguments(stage: Option<RuleStage>) -> Arguments {
    Arguments { files: Vec::new(), lenient: false, stage, json: false }
}

#[test]
fn errors_and_warnings_come_in_order_and_are_counted() {
    let text = "c:[Type == \"https://schemas.xmlsoap.org/x\"]\n => issue(claim = d);\nc:[Type == y] => issue(claim = c);\n\
                => issue(Type = \"t\");";
    let found = check("a.rules", text, &arguments(None));
    let page = page(&found);
    let heads: Vec<&str> = page.lines().filter(|line| line.starts_with("a.rules:")).collect();
    let begin: Vec<bool> =
        ["a.rules:1:12: warning: ", "a.rules:2:19: error: POLICY0011", "a.rules:3:13: error: POLICY0030"]
            .iter()
            .zip(&heads)
            .map(|(expected, head)| head.starts_with(expected))
            .collect();
    assert_eq!((begin.as_slice(), heads.len()), ([true; 3].as_slice(), 3), "{page}");
    let mut totals = Totals::default();
    totals.count(&found);
    assert_eq!(totals.summary(), "1 file: 1 rule can be used, 2 errors, 1 warning.");
    assert_eq!(totals.exit_code(), 1);
    totals.unreadable = 1;
    assert_eq!(totals.exit_code(), EXIT_USAGE);
    assert_eq!(Totals::default().exit_code(), 0);
}

#[test]
fn the_json_says_what_the_page_says() {
    let found = check("a.rules", "@RuleName = \"N\u{1b}\"\nc:[Type = \"x\"] => issue(claim = c);", &arguments(None));
    let text = json("a.rules", &found);
    assert!(!text.contains('\u{1b}'), "{text}");
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    let error = &object["errors"][0];
    assert_eq!((&object["file"], &object["rules"]), (&"a.rules".into(), &0.into()));
    assert_eq!((&error["line"], &error["column"], &error["token"]), (&2.into(), &8.into(), &"=".into()));
    assert_eq!(
        (&error["code"], &error["rule"], &error["rule_name"]),
        (&"POLICY0030".into(), &1.into(), &"N\u{1b}".into())
    );
    assert_eq!(error["cure"], "A condition compares with ==, !=, =~ or !~.");
    assert!(error["policy"].as_str().unwrap().contains("Line number: 2, Column number: 8, Error token: =."));
}

#[test]
fn a_stage_tells_rules_that_cannot_do_their_work() {
    let permit = "=> issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");";
    let copy = "c:[] => issue(claim = c);";
    let method = "=> issue(Type = \"http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod\");";
    let computed = "c:[] => issue(Type = c.Value);";
    let cases = [
        (RuleStage::Authorization, "", 1),
        (RuleStage::Authorization, "=> issue(Type = \"t\");", 1),
        (RuleStage::Authorization, permit, 0),
        (RuleStage::Authorization, copy, 0),
        (RuleStage::Authorization, computed, 0),
        (
            RuleStage::ImpersonationAuthorization,
            "=> add(Type = \"http://schemas.microsoft.com/authorization/claims/permit\");",
            1,
        ),
        (RuleStage::AdditionalAuthentication, "", 0),
        (RuleStage::AdditionalAuthentication, permit, 1),
        (RuleStage::AdditionalAuthentication, method, 0),
        (RuleStage::Transform, "", 1),
        (RuleStage::Transform, permit, 1),
        (RuleStage::Transform, copy, 0),
        (RuleStage::Acceptance, "c:[] => add(Type = \"t\");", 1),
    ];
    for (stage, text, warnings) in cases {
        let found = check("a", text, &arguments(Some(stage)));
        assert_eq!((found.errors.len(), found.warnings.len()), (0, warnings), "{text}: {:?}", found.warnings);
    }
}
