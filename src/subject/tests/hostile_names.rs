//! Names that whoever asked for the certificate chose: they are values, never parts of a filter.

use super::*;
use crate::directory::{Dialect, Filter};
use proptest::prelude::*;

const WEAK: [Binding; 2] = [Binding::UserPrincipalName, Binding::Rfc822];

/// Everybody that a filter which lost its shape could reach.
fn people() -> Vec<Entry> {
    let person = |dn, name| account(dn, &[("userPrincipalName", name), ("mail", name), ("uid", "x")]);
    vec![person("alice", "alice@contoso.test"), person("bob", "bob@contoso.test")]
}

fn equal(attribute: &str, value: &str) -> Filter {
    Filter::Equal(attribute.to_owned(), value.as_bytes().to_vec())
}

#[test]
fn what_looks_like_a_filter_is_a_value() {
    let hostile = [
        "*",
        "*)(uid=*",
        "alice*",
        "alice@contoso.test)(|(uid=*",
        "x)(userPrincipalName=alice@contoso.test",
        "\\2a",
        "\\61lice@contoso.test",
        "(&(objectClass=*))",
        "alice@contoso.test;bob@contoso.test",
        "a&b|c!d=e~f<g>h:i",
        "\u{202e}tset.osotnoc@ecila",
    ];
    for name in hostile {
        let certificate = certificate([upn(name)]);
        let query = query::for_certificate(&certificate, &policy(&WEAK)).unwrap();
        let filter = &query.search().filter;
        assert_eq!(*filter, Filter::Or(vec![equal("userPrincipalName", name)]), "{name}");
        for dialect in [Dialect::ActiveDirectory, Dialect::OpenLdap] {
            let text = filter.to_text(dialect);
            assert_eq!(text.matches(['(', ')']).count(), 4, "{text}");
            assert_eq!(text.matches(['*', '\0']).count(), 0, "{text}");
            assert_eq!(Filter::parse(&text).as_ref(), Ok(filter), "{text}");
        }
        assert_eq!(told(&map(&certificate, &policy(&WEAK), &people())), "NoAccount", "{name}");
    }
}

#[test]
fn an_address_is_a_value_in_both_attributes() {
    let name = "*)(uid=*";
    let query = query::for_certificate(&certificate([mail(name)]), &policy(&WEAK)).unwrap();
    let expected = Filter::Or(vec![equal("mail", name), equal("proxyAddresses", "smtp:*)(uid=*")]);
    assert_eq!(query.search().filter, expected);
    let text = "(|(mail=\\2a\\29\\28uid=\\2a)(proxyAddresses=smtp:\\2a\\29\\28uid=\\2a))";
    assert_eq!(query.search().filter.to_text(Dialect::ActiveDirectory), text);
}

/// A name that C reads as `alice@contoso.test` and everybody else as something longer.
#[test]
fn a_name_with_a_control_character_is_no_name() {
    for name in ["alice@contoso.test\0.evil.test", "\0", "alice\n@contoso.test", "alice@contoso.test\r", "\u{85}"] {
        let mapped = map(&certificate([upn(name)]), &policy(&WEAK), &people());
        assert_eq!(told(&mapped), "NothingToMap", "{name:?}");
    }
    let mapped = map(&certificate([mail("alice@contoso.test\0.evil.test")]), &policy(&WEAK), &people());
    assert_eq!(told(&mapped), "NothingToMap");
    let beside = certificate([upn("bob\0@contoso.test"), upn("bob@contoso.test")]);
    assert_eq!(told(&map(&beside, &policy(&WEAK), &people())), "user-principal-name: bob");
}

#[test]
fn a_very_long_name_stays_one_value() {
    let name = format!("{}@contoso.test", "*(".repeat(10_000));
    let certificate = certificate([upn(&name)]);
    let query = query::for_certificate(&certificate, &policy(&WEAK)).unwrap();
    assert_eq!(query.search().filter, Filter::Or(vec![equal("userPrincipalName", &name)]));
    let text = query.search().filter.to_text(Dialect::ActiveDirectory);
    assert_eq!(text.matches(['(', ')', '*']).count(), 4);
    assert_eq!(told(&map(&certificate, &policy(&WEAK), &people())), "NoAccount");
}

/// A name is quoted wherever an operator reads it.
#[test]
fn a_name_cannot_write_lines_into_a_record() {
    let certificate = certificate([upn("x\u{2028}\" found admin; \u{202e}")]);
    let error = map(&certificate, &policy(&WEAK), &people()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("userPrincipalName=\"x\\u{2028}\\\" found admin; \\u{202e}\""), "{text}");
}

proptest! {
    #[test]
    fn any_name_becomes_one_value_of_one_attribute(name in "[ -~äK\u{212a}]{1,40}") {
        let query = query::for_certificate(&certificate([upn(&name)]), &policy(&WEAK)).unwrap();
        prop_assert_eq!(&query.search().filter, &Filter::Or(vec![equal("userPrincipalName", &name)]));
        let text = query.search().filter.to_text(Dialect::ActiveDirectory);
        prop_assert_eq!(Filter::parse(&text), Ok(query.search().filter.clone()));
    }
}
