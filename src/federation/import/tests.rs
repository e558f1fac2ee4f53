use super::*;
use proptest::prelude::*;

const TRUSTS: &str = include_str!("testdata/relying-party-trusts.txt");
const JSON: &str = include_str!("testdata/relying-party-trusts.json");
const PROVIDERS: &str = include_str!("testdata/claims-provider-trusts.txt");

fn imported(text: &str) -> Vec<ImportedTrust> {
    carry(&read(text).unwrap(), "claims-rules", &mut Taken::default())
}

fn file<'t>(trust: &'t ImportedTrust, name: &str) -> &'t RuleFile {
    trust.files.iter().find(|file| file.name == name).unwrap_or_else(|| panic!("{} has no {name}", trust.name))
}

fn left<'t>(trust: &'t ImportedTrust, property: &str) -> Vec<&'t str> {
    trust.not_carried.iter().filter(|left| left.property == property).map(|left| left.value.as_str()).collect()
}

/// One list with one property of each trust changed.
fn list(change: &[(&str, &str)]) -> String {
    let mut properties = vec![
        ("Name", "Wiki"),
        ("Identifier", "{https://wiki.fabrikam.test/}"),
        ("Enabled", "True"),
        ("IssuanceTransformRules", ""),
        ("IssuanceAuthorizationRules", "=> issue(Type = \"a\");"),
    ];
    for (name, value) in change {
        properties.retain(|(known, _)| known != name);
        properties.push((name, value));
    }
    let width = properties.iter().map(|(name, _)| name.len()).max().unwrap_or_default().max(26);
    properties.iter().map(|(name, value)| format!("{name:<width$} : {value}\r\n")).collect()
}

#[test]
fn a_printed_trust_becomes_rules_and_a_section() {
    let trusts = imported(TRUSTS);
    let names: Vec<&str> = trusts.iter().map(|trust| trust.name.as_str()).collect();
    assert_eq!(names, ["Fabrikam Mail", "Wiki", "../../etc/cron.d/x", "Broken"]);
    let mail = &trusts[0];
    let expected = r#"@RuleName = "Send the mail address and the name that people see in the address book"
c:[Type == "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname", Issuer == "AD AUTHORITY"]
 => issue(store = "Active Directory", types = ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"),
query = ";mail,displayName;{0}", param = c.Value);

@RuleName = "Say where people work"
c:[Type == "http://fabrikam.test/department", Value =~
"^(?i)sales and marketing of the northern region$"]
 => issue(Type = "http://fabrikam.test/region", Value = "The north, with all of its islands and the lighthouse keepers on them");
"#;
    assert_eq!(file(mail, "transform.rules").text, expected);
    assert_eq!((mail.kind, mail.mended, mail.usability.clone()), (TrustKind::RelyingParty, 8, Usability::Usable));
    let section = r#"# The AD FS relying party trust "Fabrikam Mail".
[[relying_party]]
name = "Fabrikam Mail"
identifiers = ["urn:fabrikam:mail", "https://mail.fabrikam.test/a/rather/long/address/of/an/application/that/no/line/holds/whole"]
enabled = true
authorization_rules = "claims-rules/fabrikam-mail/authorization.rules"
transform_rules = "claims-rules/fabrikam-mail/transform.rules"
additional_authentication_rules = "claims-rules/fabrikam-mail/additional-authentication.rules"
ws_fed_endpoint = "https://mail.fabrikam.test/signin/federated"
token_lifetime_minutes = 480
always_require_authentication = true
"#;
    assert_eq!(mail.section, section);
    let carried = [
        "the authorization rules",
        "the additional authentication rules; [additional_authentication] says whether a certificate satisfies them",
        "name, 2 identifiers, enabled",
        "1 WS-Federation endpoint",
        "TokenLifetime, 480 minutes",
        "AlwaysRequireAuthentication",
    ];
    assert_eq!(mail.carried, carried);
    let left: Vec<(&str, &str)> =
        mail.not_carried.iter().map(|left| (left.property.as_str(), left.value.as_str())).collect();
    let expected = [
        ("ClaimsProviderName", "{Active Directory, Partners of the North}"),
        ("SignatureAlgorithm", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
    ];
    assert_eq!(left, expected);
}

#[test]
fn policies_names_and_errors_are_judged() {
    let trusts = imported(TRUSTS);
    let [_, wiki, odd, broken] = &trusts[..] else { panic!("four") };
    assert_eq!(wiki.carried, ["the access control policy \"Permit everyone\"", "name, 1 identifier, disabled"]);
    assert!(wiki.section.contains("enabled = false\naccess_control_policy = \"permit-everyone\"\ntransform_rules = "));
    assert_eq!(left(wiki, "SamlEndpoints"), ["{Microsoft.IdentityServer.Management.Resources.SamlEndpoint}"]);

    assert_eq!(odd.folder, "etc-cron-d-x");
    let section: toml::Table = odd.section.parse().unwrap();
    let groups = section["relying_party"][0]["access_control_groups"].as_array().unwrap();
    assert_eq!(groups, &[toml::Value::from("FABRIKAM\\Staff")]);
    assert!(odd.section.contains("access_control_policy = \"permit-group\"\n"), "{}", odd.section);
    assert_eq!(left(odd, "Identifier"), ["urn:odd:1, urn:odd:2, urn:odd:3, urn:odd:4, ..."]);
    assert!(odd.section.contains("name = \"../../etc/cron.d/x\""), "{}", odd.section);

    let reason = "Its rules have errors; correct them and take the comment signs away.";
    assert_eq!(broken.usability, Usability::Commented(reason.to_owned()));
    assert_eq!(file(broken, "transform.rules").diagnostics.len(), 1);
    assert!(broken.section.lines().all(|line| line.starts_with('#')), "{}", broken.section);
}

/// What a trust with this policy says of who gets in: the policy with its groups, or nobody.
fn policy(name: &str, parameters: &str) -> Option<(String, Vec<String>)> {
    let empty = ("IssuanceAuthorizationRules", "");
    let text = list(&[empty, ("AccessControlPolicyName", name), ("AccessControlPolicyParameters", parameters)]);
    judged(&imported(&text)[0])
}

fn judged(trust: &ImportedTrust) -> Option<(String, Vec<String>)> {
    let section: toml::Table = trust.section.parse().unwrap();
    let party = &section["relying_party"][0];
    let Some(policy) = party.get("access_control_policy") else {
        assert_eq!(file(trust, "authorization.rules").text, "");
        assert!(trust.undecided);
        assert_eq!(left(trust, "AccessControlPolicyName").len(), 1);
        return None;
    };
    assert!(
        party.get("authorization_rules").is_none() && trust.files.iter().all(|file| file.name == "transform.rules")
    );
    let groups = party.get("access_control_groups").and_then(toml::Value::as_array).into_iter().flatten();
    Some((policy.as_str().unwrap().to_owned(), groups.map(|group| group.as_str().unwrap().to_owned()).collect()))
}

#[test]
fn policies_of_ad_fs_are_taken_over_where_their_groups_are_certain() {
    let taken =
        |name: &str, groups: &[&str]| Some((name.to_owned(), groups.iter().map(|group| (*group).to_owned()).collect()));
    let cases = [
        ("Permit everyone for intranet access", "", taken("permit-intranet", &[])),
        ("Permit everyone and require MFA", "", taken("require-mfa", &[])),
        ("permit EVERYONE", "{}", taken("permit-everyone", &[])),
        (
            "Permit specific group",
            "{F\\Staff, S-1-5-21-1-2-3-1104}",
            taken("permit-group", &["F\\Staff", "S-1-5-21-1-2-3-1104"]),
        ),
        (
            "Permit everyone except specific group",
            "GroupParameter: F\\A, F\\B",
            taken("permit-everyone-except-group", &["F\\A", "F\\B"]),
        ),
        // Not one that AD FS comes with, without its groups, with groups that it has not, and with some left out.
        ("Permit people of the north", "", None),
        ("Permit specific group", "", None),
        ("Permit everyone", "F\\Staff", None),
        ("Permit everyone except specific group", "{F\\A, F\\B...}", None),
        // The console's word for a dictionary, another parameter, and what is no group's name.
        ("Permit everyone except specific group", "{[GroupParameter, System.Collections.ArrayList]}", None),
        (
            "Permit everyone except specific group",
            "System.Collections.Generic.Dictionary`2[System.String,System.Object]",
            None,
        ),
        ("Permit specific group", "IpRange: 10.0.0.0", None),
        ("Permit specific group", "F\\Staff, ", None),
        ("Permit specific group", "F\\a\"b", None),
    ];
    for (name, parameters, expected) in cases {
        assert_eq!(policy(name, parameters), expected, "{name} {parameters}");
    }
}

#[test]
fn the_parameters_of_a_policy_are_a_dictionary_in_json() {
    let trust = |parameters: serde_json::Value| {
        let json = serde_json::json!({
            "Name": "Wiki", "Identifier": ["urn:wiki"], "IssuanceTransformRules": null,
            "AccessControlPolicyName": "Permit everyone except specific group",
            "AccessControlPolicyParameters": parameters,
        });
        judged(&imported(&json.to_string())[0]).map(|(_, groups)| groups)
    };
    let both = Some(vec!["F\\A".to_owned(), "F\\B".to_owned()]);
    assert_eq!(trust(serde_json::json!({ "GroupParameter": ["F\\A", "F\\B"] })), both);
    assert_eq!(trust(serde_json::json!({ "GroupParameter": { "value": ["F\\A", "F\\B"], "Count": 2 } })), both);
    assert_eq!(trust(serde_json::json!(["F\\A", "F\\B"])), both);
    assert_eq!(trust(serde_json::json!({ "GroupParameter": "F\\A" })), Some(vec!["F\\A".to_owned()]));
    for other in [
        serde_json::json!({ "GroupParameter": ["F\\A"], "IpParameter": ["10.0.0.0"] }),
        serde_json::json!({ "GroupParameter": [{ "Name": null }] }),
        serde_json::json!({ "GroupParameter": [] }),
        serde_json::json!({ "Names": ["F\\A"] }),
        serde_json::Value::Null,
    ] {
        assert_eq!(trust(other.clone()), None, "{other}");
    }
}

/// What a section says, and what was left out of it.
#[test]
fn addresses_and_choices_are_taken_over_where_they_can_be() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a [&'a str]);
    let cases: [Case; 6] = [
        (
            &[("WSFedEndpoint", "https://a.test/"), ("AdditionalWSFedEndpoint", "{https://b.test/, http://c.test/}")],
            &["ws_fed_endpoint = \"https://a.test/\"", "additional_ws_fed_endpoints = [\"https://b.test/\"]"],
            &["AdditionalWSFedEndpoint"],
        ),
        (
            &[("WSFedEndpoint", "http://a.test/"), ("AdditionalWSFedEndpoint", "{https://b.test/}")],
            &[],
            &["WSFedEndpoint", "AdditionalWSFedEndpoint"],
        ),
        (&[("TokenLifetime", "0"), ("SamlResponseSignature", "AssertionOnly")], &[], &[]),
        (&[("TokenLifetime", "20000")], &[], &["TokenLifetime"]),
        (&[("SamlResponseSignature", "MessageOnly")], &["saml_response_signature = \"message-only\""], &[]),
        (&[("AlwaysRequireAuthentication", "True")], &["always_require_authentication = true"], &[]),
    ];
    let usual = imported(&list(&[]))[0].section.lines().count();
    for (change, lines, left_out) in cases {
        let trust = &imported(&list(change))[0];
        assert!(lines.iter().all(|line| trust.section.contains(&format!("\n{line}\n"))), "{}", trust.section);
        assert_eq!(trust.section.lines().count(), usual + lines.len(), "{}", trust.section);
        let left: Vec<&str> = trust.not_carried.iter().map(|left| left.property.as_str()).collect();
        assert_eq!(left, left_out, "{change:?}");
    }
}

#[test]
fn rules_of_every_kind_are_named_in_the_section() {
    let rules = "=> issue(Type = \"a\");";
    let trusts = imported(&list(&[
        ("AdditionalAuthenticationRules", rules),
        ("DelegationAuthorizationRules", rules),
        ("ImpersonationAuthorizationRules", rules),
    ]));
    for kind in ["additional-authentication", "delegation", "impersonation", "authorization", "transform"] {
        let line = format!("\n{}_rules = \"claims-rules/wiki/{kind}.rules\"\n", kind.replace('-', "_"));
        assert!(trusts[0].section.contains(&line), "{}", trusts[0].section);
    }
    // A policy and additional rules: there is one or the other.
    let trusts = imported(&list(&[
        ("IssuanceAuthorizationRules", ""),
        ("AccessControlPolicyName", "Permit everyone"),
        ("AdditionalAuthenticationRules", rules),
    ]));
    assert_eq!(left(&trusts[0], "AdditionalAuthenticationRules"), [rules]);
    assert_eq!(judged(&trusts[0]), Some(("permit-everyone".to_owned(), Vec::new())));
}

#[test]
fn rules_for_every_relying_party_are_taken_over() {
    let printed = "\nAdditionalAuthenticationRules : c:[Type == \"a\"]\n                                 => issue(Type = \"b\", Value = \"c\");\n\n";
    let trusts = imported(printed);
    let section = "# The AD FS rules for every relying party \"Additional authentication\".\n[additional_authentication]\n\
                   rules = \"claims-rules/additional-authentication/additional-authentication.rules\"\n";
    assert_eq!((trusts[0].section.as_str(), &trusts[0].usability), (section, &Usability::Usable));
    assert!(file(&trusts[0], "additional-authentication.rules").text.contains("=> issue("));
    let with_trusts = imported(&format!("{TRUSTS}{printed}"));
    assert_eq!((with_trusts.len(), with_trusts[4].kind), (5, TrustKind::EveryRelyingParty));

    let mut taken = Taken { additional_authentication: true, ..Taken::default() };
    let again = carry(&read(printed).unwrap(), "claims-rules", &mut taken);
    assert!(matches!(&again[0].usability, Usability::NoSection(reason) if reason.contains("already")));
    // Rules that cannot be used keep the gateway from starting: as comments they would demand nothing.
    let unsound = imported("{\"AdditionalAuthenticationRules\": \"=> issue(\"}");
    assert!(unsound[0].section.contains("\n[additional_authentication]\n") && !unsound[0].rules_are_sound());
    assert_eq!(left(&unsound[0], "AdditionalAuthenticationRules").len(), 1);
    let none = imported("{\"AdditionalAuthenticationRules\": null}");
    assert!(matches!(&none[0].usability, Usability::NoSection(reason) if reason.contains("none")));
    assert!(none[0].files.is_empty());
}

#[test]
fn json_says_the_same_as_the_console() {
    let (listed, json) = (imported(TRUSTS), imported(JSON));
    let rules = |trust: &ImportedTrust| -> Vec<String> {
        trust.files.iter().map(|file| file.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    for (one, other) in listed.iter().zip(&json) {
        assert_eq!(rules(one), rules(other));
        assert_eq!(one.usability, other.usability);
        // The console leaves identifiers out where JSON does not.
        if one.folder != "etc-cron-d-x" {
            assert_eq!((&one.section, &one.carried), (&other.section, &other.carried));
        }
    }
    assert!(json[2].section.contains("\"urn:odd:5\"]"), "{}", json[2].section);
    assert_eq!(left(&json[2], "Identifier"), ["https://wiki.fabrikam.test/"]);
    // One trust, and Windows PowerShell's way to write a list.
    let all: serde_json::Value = serde_json::from_str(JSON).unwrap();
    assert_eq!(imported(&all[1].to_string()).len(), 1);
    let wrapped = serde_json::json!({ "value": all, "Count": 4 });
    assert_eq!(imported(&wrapped.to_string()).len(), 4);
}

#[test]
fn the_directory_is_the_claims_provider() {
    let trusts = imported(PROVIDERS);
    let [directory, partner] = &trusts[..] else { panic!("two") };
    let expected = "# The AD FS claims provider trust \"Active Directory\".\n[claims_provider]\n\
                    acceptance_rules = \"claims-rules/active-directory/acceptance.rules\"\n";
    assert_eq!((directory.section.as_str(), &directory.usability), (expected, &Usability::Usable));
    let rules = &file(directory, "acceptance.rules").text;
    assert!(rules.contains("/(ws/2008/06/identity/claims/serialnumber|2012/12/"), "{rules}");
    assert!(matches!(&partner.usability, Usability::NoSection(reason) if reason.contains("only claims provider")));
    assert_eq!((partner.section.as_str(), partner.files.len()), ("", 1));

    let mut taken = Taken { claims_provider: true, ..Taken::default() };
    let again = carry(&read(PROVIDERS).unwrap(), "claims-rules", &mut taken);
    assert!(matches!(&again[0].usability, Usability::NoSection(reason) if reason.contains("already")));
    assert_eq!(again[0].section, "");
}

#[test]
fn both_kinds_in_one_text_are_told_apart() {
    for text in [format!("{TRUSTS}{PROVIDERS}"), format!("{PROVIDERS}{TRUSTS}")] {
        let trusts = imported(&text);
        let kinds = trusts.iter().filter(|trust| trust.kind == TrustKind::ClaimsProvider).count();
        assert_eq!((trusts.len(), kinds), (6, 2));
    }
    // The names are equally long in both, so that only the properties differ.
    let provider =
        format!("{:<26} : c:[] => issue(claim = c);\n{:<26} : Partner\n", "AcceptanceTransformRules", "Name");
    let text = format!("{}\n{provider}", list(&[("Name", "Wiki")]).replace("Name ", "Nick "));
    let trusts = imported(&text);
    assert_eq!(
        trusts.iter().map(|trust| trust.kind).collect::<Vec<_>>(),
        [TrustKind::RelyingParty, TrustKind::ClaimsProvider]
    );
}

#[test]
fn colours_margins_and_prompts_do_not_matter() {
    let plain = imported(TRUSTS);
    let coloured: String = TRUSTS
        .lines()
        .map(|line| match line.split_once(" : ").filter(|(name, _)| !name.starts_with(' ')) {
            Some((name, value)) => format!("\u{1b}[32;1m{name} : \u{1b}[0m{value}\n"),
            None => format!("{line}\n"),
        })
        .collect();
    let margin: String = TRUSTS.lines().map(|line| format!("    {line}\n")).collect();
    let prompt = format!("PS C:\\> Get-AdfsRelyingPartyTrust\r\n{}", TRUSTS.replace('\n', "\r\n"));
    let cut: String = TRUSTS.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    for text in [coloured, margin, prompt, cut] {
        let trusts = imported(&text);
        assert_eq!(trusts.len(), plain.len());
        for (one, other) in trusts.iter().zip(&plain) {
            assert_eq!(one.section, other.section);
            let texts = |trust: &ImportedTrust| trust.files.iter().map(|file| file.text.clone()).collect::<Vec<_>>();
            assert_eq!(texts(one), texts(other));
        }
    }
}

#[test]
fn what_cannot_be_told_for_sure_is_not_put_into_effect() {
    let rules = "c:[Type == \"a\", Value == \"Domain\n                             Users\"] => issue(claim = c);";
    let trusts = imported(&list(&[("IssuanceTransformRules", rules)]));
    assert_eq!(left(&trusts[0], "IssuanceTransformRules"), ["c:[Type == \"a\", Value == \"Domain"]);
    assert!(matches!(trusts[0].usability, Usability::Commented(_)));
    assert!(!trusts[0].rules_are_sound());
}

#[test]
fn hostile_and_missing_values_are_judged() {
    let commented = |change: &[(&str, &str)]| match &imported(&list(change))[0].usability {
        Usability::Commented(reason) => reason.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(commented(&[("Name", "")]), "It has no name; give it one.");
    assert_eq!(
        commented(&[("Identifier", "{}")]),
        "No identifier of its own is left, and a trust is found by its identifiers."
    );
    let json = serde_json::json!({
        "Name": "a\u{0}b\n\"]\nenabled = false\n[listener]\u{1b}[2J",
        "Identifier": ["urn:a\nb", "urn:\"]\u{7}", "urn:\"quoted\"", "urn:\"quoted\""],
        "IssuanceAuthorizationRules": "=> issue(Type = \"a\");",
        "IssuanceTransformRules": null,
        "Colour": { "Name": "blue" },
    });
    let trusts = imported(&json.to_string());
    let trust = &trusts[0];
    let parsed: toml::Table = trust.section.parse().unwrap();
    let party = &parsed["relying_party"][0];
    assert_eq!(party["name"].as_str(), Some("a b \"] enabled = false [listener] [2J"));
    assert_eq!(party["identifiers"].as_array().unwrap().len(), 1);
    assert_eq!((party["enabled"].as_bool(), parsed.len()), (Some(true), 1));
    assert_eq!(left(trust, "Identifier").len(), 2);
    assert_eq!(left(trust, "Colour"), ["blue"]);
}

#[test]
fn two_of_one_name_or_identifier_are_not_both_in_effect() {
    let one = list(&[]);
    let trusts = imported(&format!("{one}\r\n{one}"));
    assert_eq!(trusts.iter().map(|trust| trust.folder.as_str()).collect::<Vec<_>>(), ["wiki", "wiki-2"]);
    assert_eq!(trusts[0].usability, Usability::Usable);
    assert!(matches!(trusts[1].usability, Usability::NoSection(_)));
    assert_eq!(left(&trusts[1], "Identifier"), ["https://wiki.fabrikam.test/"]);
    let renamed = list(&[("Name", "Wiki of the north")]);
    let trusts = imported(&format!("{one}\r\n{renamed}"));
    assert!(matches!(&trusts[1].usability, Usability::Commented(reason) if reason.contains("identifier")));
}

#[test]
fn what_is_no_trust_is_said_to_be_none() {
    let cases = [
        ("", ImportError::NoTrust),
        ("a text about trusts", ImportError::NoTrust),
        ("[]", ImportError::NoTrust),
        ("\u{feff}<Objs Version=\"1.1.0.1\">", ImportError::CliXml),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).unwrap_err(), expected, "{text}");
    }
    assert!(matches!(read("[{"), Err(ImportError::Json(_))));
    let unknown = imported("Name : Wiki\nUrl  : https://wiki.fabrikam.test/\n");
    assert_eq!((unknown[0].kind, unknown[0].files.len()), (TrustKind::Unknown, 0));
    assert!(matches!(unknown[0].usability, Usability::NoSection(_)));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,400}") {
        if let Ok(printed) = read(&text) {
            carry(&printed, "claims-rules", &mut Taken::default());
        }
    }

    /// Damage to a real text: sections stay TOML, and folders stay below the rules.
    #[test]
    fn damaged_texts_make_sound_sections(edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..8)) {
        let mut text: Vec<char> = TRUSTS.chars().collect();
        for (at, character) in edits {
            let at = at.index(text.len());
            text[at] = character;
        }
        let text: String = text.into_iter().collect();
        for trust in read(&text).map(|printed| carry(&printed, "claims-rules", &mut Taken::default())).unwrap_or_default() {
            prop_assert!(trust.section.parse::<toml::Table>().is_ok(), "{}", trust.section);
            prop_assert!(!trust.folder.contains(['/', '\\', '.']));
        }
    }
}
