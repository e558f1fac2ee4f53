use super::*;
use crate::claims::language::{self, Strictness};
use crate::claims::{AD_AUTHORITY, Claim, Evaluation, Limits, Progress, RuleStage, StoreRows};

fn domain(name: &str, issuer: &str) -> FederatedDomain {
    FederatedDomain { name: name.to_owned(), issuer: issuer.to_owned() }
}

/// What the rules issue for an account with these attributes.
fn issued(text: &str, upn: &str, object_guid: &str, consistency_guid: Option<&str>) -> Vec<(String, String)> {
    let rules =
        language::parse("preset", text, Strictness::Strict).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
    let known = |claim_type: &str, value: &str| Claim::new(claim_type.to_owned(), value.to_owned(), AD_AUTHORITY);
    let input = vec![
        known(WINDOWS_ACCOUNT_NAME, "CONTOSO\\alice"),
        known(SERIAL_NUMBER, "1A00"),
        known(CERTIFICATE_ISSUER, "CN=Issuing"),
        known(INSIDE_CORPORATE_NETWORK, "false"),
        known("http://schemas.contoso.test/other", "x"),
    ];
    let value = |attribute: &str| match attribute {
        "userPrincipalName" => vec![upn.to_owned()],
        "objectGUID" => vec![object_guid.to_owned()],
        "mS-DS-ConsistencyGuid" => consistency_guid.into_iter().map(str::to_owned).collect(),
        other => panic!("{other} is asked"),
    };
    let mut evaluation = Evaluation::start(&rules, input, &Limits::default());
    loop {
        match evaluation.advance().unwrap() {
            Progress::Finished => break,
            Progress::Wants(queries) => evaluation.supply(
                queries
                    .iter()
                    .map(|asked| {
                        assert_eq!(asked.store, "Active Directory");
                        let attributes = asked.query.trim_start_matches(';').split(';').next().unwrap();
                        StoreRows::new(attributes.split(',').map(value).collect())
                    })
                    .collect(),
            ),
        }
    }
    let evaluated = evaluation.finish();
    evaluated.output().map(|claim| (claim.claim_type.to_string(), claim.value.to_string())).collect()
}

fn value<'a>(issued: &'a [(String, String)], claim_type: &str) -> Option<&'a str> {
    let mut values = issued.iter().filter(|(known, _)| known == claim_type).map(|(_, value)| value.as_str());
    values.next().filter(|_| values.next().is_none())
}

#[test]
fn a_token_says_what_entra_id_needs() {
    let preset = Office365 { immutable_id: ImmutableIdSource::default(), domains: &[] };
    let claims = issued(&preset.transform_rules(), "alice@contoso.test", "b2JqZWN0", Some("Y29uc2lzdGVuY3k="));
    let expected = [
        (OFFICE_UPN, "alice@contoso.test"),
        (IMMUTABLE_ID, "Y29uc2lzdGVuY3k="),
        (NAME_IDENTIFIER, "Y29uc2lzdGVuY3k="),
        (INSIDE_CORPORATE_NETWORK, "false"),
        (SERIAL_NUMBER, "1A00"),
        (CERTIFICATE_ISSUER, "CN=Issuing"),
    ];
    assert_eq!(claims, expected.map(|(claim_type, value)| (claim_type.to_owned(), value.to_owned())));
}

#[test]
fn the_immutable_id_comes_from_where_it_is_said() {
    use ImmutableIdSource::{ConsistencyGuid, ConsistencyGuidOrObjectGuid, ObjectGuid};
    for (source, consistency_guid, expected) in [
        (ConsistencyGuidOrObjectGuid, Some("own"), Some("own")),
        (ConsistencyGuidOrObjectGuid, None, Some("object")),
        (ConsistencyGuid, Some("own"), Some("own")),
        (ConsistencyGuid, None, None),
        (ObjectGuid, Some("own"), Some("object")),
        (ObjectGuid, None, Some("object")),
    ] {
        let text = Office365 { immutable_id: source, domains: &[] }.transform_rules();
        let claims = issued(&text, "alice@contoso.test", "object", consistency_guid);
        assert_eq!(value(&claims, IMMUTABLE_ID), expected, "{source:?}");
        assert_eq!(value(&claims, NAME_IDENTIFIER), expected, "{source:?}");
    }
}

/// The table is taken word for word: no domain fits another, and what fits none is no issuer.
#[test]
fn each_domain_has_the_issuer_of_the_table() {
    let (contoso, fabrikam) = ("http://contoso.test/adfs/services/trust/", "urn:fabrikam");
    let domains = [
        domain("contoso.test", contoso),
        domain("sales.contoso.test", contoso),
        domain("fabrikam.edu.au", fabrikam),
        domain("con-toso.test", "urn:hyphen"),
    ];
    let text = Office365 { immutable_id: ImmutableIdSource::default(), domains: &domains }.transform_rules();
    for (upn, expected) in [
        ("alice@contoso.test", contoso),
        ("Alice@CONTOSO.test", contoso),
        ("alice@sales.contoso.test", contoso),
        ("alice@fabrikam.edu.au", fabrikam),
        ("alice@con-toso.test", "urn:hyphen"),
        ("alice@hr.contoso.test", "alice@hr.contoso.test"),
        ("alice@notcontoso.test", "alice@notcontoso.test"),
        ("alice@contosoxtest", "alice@contosoxtest"),
        ("alice@contoso.test.evil.test", "alice@contoso.test.evil.test"),
        ("alice@evil.test@contoso.test", "alice@evil.test@contoso.test"),
        ("contoso.test", "contoso.test"),
    ] {
        assert_eq!(value(&issued(&text, upn, "object", None), ISSUER_ID), Some(expected), "{upn}");
    }
}

/// An operator may take the text and go on from there.
#[test]
fn the_rules_are_laid_out_as_ad_fs_prints_rules_and_nothing_is_said_against_them() {
    let domains = [domain("contoso.test", "http://contoso.test/adfs/services/trust/")];
    for immutable_id in [
        ImmutableIdSource::ConsistencyGuidOrObjectGuid,
        ImmutableIdSource::ConsistencyGuid,
        ImmutableIdSource::ObjectGuid,
    ] {
        for domains in [&domains[..], &[]] {
            let text = Office365 { immutable_id, domains }.transform_rules();
            assert_eq!(language::format("preset", &text, Strictness::Strict).unwrap(), text);
            let findings = language::findings("preset", &text, Strictness::Strict, Some(RuleStage::Transform));
            assert!(findings.errors.is_empty() && findings.warnings.is_empty(), "{findings:?}");
        }
    }
}
