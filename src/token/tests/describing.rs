use super::*;
use crate::claims::LOCAL_AUTHORITY;

fn shape(description: &TokenDescription) -> Vec<(&str, &str, Option<&str>, Vec<&str>)> {
    let attributes = description.attributes.iter();
    attributes
        .map(|one| {
            let values = one.values.iter().map(|value| value.as_str()).collect();
            (one.namespace(), one.name(), one.original_issuer.as_deref(), values)
        })
        .collect()
}

#[test]
fn splits_merges_and_keeps_the_order_of_first_appearance() {
    let claims = [
        claim("http://x/y/group", "a"),
        claim("http://x/y/other", "b"),
        claim("http://x/y/group", "c"),
        Claim::new("http://x/y/group", "d", LOCAL_AUTHORITY),
        Claim::new("http://x/y/group", "e", "CLIENT CONTEXT"),
        claim("http://x/y/group", "true").with_value_type(BOOLEAN),
        Claim::new("http://x/y/group", "f", "CLIENT CONTEXT"),
    ];
    assert_eq!(
        shape(&described(&claims)),
        [
            ("http://x/y", "group", None, vec!["a", "c", "d"]),
            ("http://x/y", "other", None, vec!["b"]),
            ("http://x/y", "group", Some("CLIENT CONTEXT"), vec!["e", "f"]),
            ("http://x/y", "group", None, vec!["true"]),
        ]
    );
}

#[test]
fn refuses_types_that_saml11_cannot_split() {
    for claim_type in ["mail", "http://x/y/", "/name", "/", ""] {
        let expected = TokenError::ClaimType { claim_type: claim_type.to_owned() };
        assert_eq!(refused(&[claim(claim_type, "v")]), expected);
    }
}

#[test]
fn refuses_value_types_that_are_no_qualified_name() {
    let no_name = ["", "boolean", "urn:x", "urn:x#", "urn:x#a b", "urn:x#1", "urn:x#a#b", "urn:x#a\"b"];
    let no_namespace =
        ["#t", "x#t", ":x#t", "urn:#t", "u n:x#t", "urn:a b#t", "urn:\"#t", "urn:\u{8}#t", "urn:\u{e4}#t"];
    let reserved = ["http://www.w3.org/2000/xmlns/#t", "http://www.w3.org/XML/1998/namespace#t"];
    for value_type in no_name.into_iter().chain(no_namespace).chain(reserved) {
        let claim = claim("http://x/y", "v").with_value_type(value_type);
        assert!(matches!(refused(&[claim]), TokenError::ValueType { .. }), "{value_type}");
    }
}

#[test]
fn one_subject_per_token() {
    let mut same = claim(claim_types::NAME_IDENTIFIER, "alice");
    same.issuer = "another issuer".into();
    let first = claim(claim_types::NAME_IDENTIFIER, "alice");
    let subject = described(&[first.clone(), same.clone()]).subject.unwrap();
    assert_eq!((subject.value.as_str(), subject.format), ("alice", None));
    same.properties.insert(claim_types::PROPERTY_FORMAT.into(), "urn:format".into());
    for second in [same, claim(claim_types::NAME_IDENTIFIER, "bob")] {
        assert!(matches!(refused(&[first.clone(), second]), TokenError::TwoNameIdentifiers { .. }));
    }
    assert_eq!(described(&[]).subject, None);
}

#[test]
fn method_and_instant_become_the_statement() {
    let method = claim(claim_types::AUTHENTICATION_METHOD, TLS_CLIENT);
    let instant = claim(claim_types::AUTHENTICATION_INSTANT, "2026-01-10T10:59:59.9871234+01:00");
    let second = claim(claim_types::AUTHENTICATION_METHOD, "urn:second");
    let description = described(&[method.clone(), second, instant.clone()]);
    assert_eq!(description.authentication_method, "urn:ietf:rfc:2246");
    assert_eq!(description.authenticated_at.to_string(), "2026-01-10T09:59:59.987Z");
    assert!(description.attributes.is_empty());

    let neither = described(&[]);
    assert_eq!(neither.authentication_method, "urn:oasis:names:tc:SAML:1.0:am:unspecified");
    assert_eq!(neither.authenticated_at, context().authenticated_at);

    let (present, missing) = (claim_types::AUTHENTICATION_METHOD, claim_types::AUTHENTICATION_INSTANT);
    assert_eq!(refused(std::slice::from_ref(&method)), TokenError::AuthenticationIncomplete { present, missing });
    let (present, missing) = (missing, present);
    assert_eq!(refused(&[instant]), TokenError::AuthenticationIncomplete { present, missing });
    let never = claim(claim_types::AUTHENTICATION_INSTANT, "yesterday");
    assert_eq!(refused(&[method, never]), TokenError::AuthenticationInstant { value: "yesterday".to_owned() });
}

#[test]
fn refuses_characters_that_xml_cannot_carry_wherever_they_stand() {
    let bad = |character: char| format!("x{character}y");
    let mut issuer = claim("http://x/y", "v");
    issuer.original_issuer = bad('\u{1}').into();
    let mut format = claim(claim_types::NAME_IDENTIFIER, "v");
    format.properties.insert(claim_types::PROPERTY_FORMAT.into(), bad('\0').into());
    let instant = claim(claim_types::AUTHENTICATION_INSTANT, "2026-01-10T09:59:59Z");
    let cases = [
        (vec![claim("http://x/y", &bad('\u{b}'))], "http://x/y", '\u{b}'),
        (vec![claim(&format!("http://x/{}", bad('\0')), "v")], "claim type", '\0'),
        (vec![issuer], "original issuer", '\u{1}'),
        (vec![format], claim_types::PROPERTY_FORMAT, '\0'),
        (vec![claim(claim_types::NAME_IDENTIFIER, &bad('\u{FFFF}'))], claim_types::NAME_IDENTIFIER, '\u{FFFF}'),
        (
            vec![claim(claim_types::AUTHENTICATION_METHOD, &bad('\u{1f}')), instant],
            claim_types::AUTHENTICATION_METHOD,
            '\u{1f}',
        ),
    ];
    for (claims, place, character) in cases {
        let place = place.to_owned();
        assert_eq!(refused(&claims), TokenError::ForbiddenCharacter { place, character });
    }
    let hostile = TokenContext { audience: "urn:\0", ..context() };
    assert!(matches!(describe(&[], hostile), Err(TokenError::ForbiddenCharacter { .. })));
}

#[test]
fn refuses_identifiers_and_lifetimes_that_cannot_be() {
    for assertion_id in ["", "1", "_a b", "_\"", "-a"] {
        let context = TokenContext { assertion_id, ..context() };
        assert_eq!(describe(&[], context), Err(TokenError::AssertionId { id: assertion_id.to_owned() }));
    }
    for seconds in [0, -1, i64::MAX] {
        let context = TokenContext { lifetime: SignedDuration::from_secs(seconds), ..context() };
        assert_eq!(describe(&[], context), Err(TokenError::Lifetime { seconds }));
    }
}

#[test]
fn the_issuer_is_the_one_that_the_rules_name() {
    let named =
        |values: &[&str]| -> Vec<Claim> { values.iter().map(|value| claim(claim_types::ISSUER_ID, value)).collect() };
    assert_eq!(described(&[]).issuer, described(&named(&[])).issuer);
    for issuer in ["http://fabrikam.test/adfs/services/trust/", "urn:fabrikam"] {
        let description = described(&named(&[issuer, issuer]));
        assert_eq!(description.issuer, issuer);
        assert_eq!(description.attributes.len(), 1);
    }
    for value in ["alice@contoso.test", "CONTOSO\\alice", "", "contoso.test"] {
        assert_eq!(refused(&named(&[value])), TokenError::IssuerId { value: value.to_owned() });
    }
    let expected = TokenError::TwoIssuers { first: "urn:a".to_owned(), second: "urn:b".to_owned() };
    assert_eq!(refused(&named(&["urn:a", "urn:a", "urn:b"])), expected);
}
