//! What an account is called: `DOMAIN\user` and the security identifier.

use super::*;

const UPN: &str = "alice@contoso.test";

fn mapped(attributes: &[(&str, &[u8])]) -> Result<MappedSubject, SubjectError> {
    let own: [(&str, &[u8]); 2] = [("userPrincipalName", UPN.as_bytes()), ("userAccountControl", b"512")];
    let alice = raw_entry("alice", own.iter().chain(attributes).copied());
    map(&certificate([upn(UPN)]), &policy(&[Binding::UserPrincipalName]), &[alice])
}

fn unusable(attribute: &'static str, reason: &'static str) -> SubjectError {
    SubjectError::AccountUnusable { dn: "alice".to_owned(), attribute, reason }
}

#[test]
fn a_security_identifier_is_binary_or_text_or_refused() {
    let sub = |parts: &[u32]| parts.iter().flat_map(|part| part.to_le_bytes()).collect::<Vec<u8>>();
    let binary = |head: &[u8], parts: &[u32]| [head, &sub(parts)].concat();
    let alice = binary(&[1, 5, 0, 0, 0, 0, 0, 5], &[21, 1004336348, 1177238915, 682003330, 512]);
    let cases: &[(&[u8], Option<&str>)] = &[
        (&alice, Some("S-1-5-21-1004336348-1177238915-682003330-512")),
        (&binary(&[1, 1, 0, 0, 0, 0, 0, 1], &[0]), Some("S-1-1-0")),
        (&binary(&[1, 1, 0, 0, 0, 0, 0, 5], &[u32::MAX]), Some("S-1-5-4294967295")),
        (&binary(&[1, 1, 0, 0, 1, 2, 3, 4], &[7]), Some("S-1-16909060-7")),
        (b"S-1-5-21-1-2-3-1105", Some("S-1-5-21-1-2-3-1105")),
        (&alice[..alice.len() - 1], None),
        (&[&alice[..], &[0]].concat(), None),
        (&binary(&[2, 1, 0, 0, 0, 0, 0, 5], &[21]), None),
        (&binary(&[1, 16, 0, 0, 0, 0, 0, 5], &[1; 16]), None),
        (&binary(&[1, 0, 0, 0, 0, 0, 0, 5], &[]), None),
        (b"S-1-5-21-1-2-3-", None),
        (b"S-1-5-21-x", None),
        (b"S-1-", None),
        (b"S-1-5", None),
        (b"S-1-5-4294967296", None),
        (b"S-1-281474976710656-1", None),
        (b"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", None),
        (b"S-1-5-+21", None),
        (b"S-2-5-21", None),
        (b"s-1-5-21", None),
        (b"S-1-5-21 ", None),
        (b"S-1-5--21", None),
        (b"", None),
        (b"\x01", None),
    ];
    for (value, expected) in cases {
        let result = mapped(&[("sAMAccountName", b"alice"), ("objectSid", value)]);
        match expected {
            Some(sid) => assert_eq!(result.unwrap().account().sid(), Some(*sid)),
            None => assert_eq!(result.unwrap_err(), unusable("objectSid", "cannot be read"), "{value:02x?}"),
        }
    }
    let twice: [(&str, &[u8]); 3] = [("sAMAccountName", b"alice"), ("objectSid", &alice), ("objectSid", &alice)];
    assert_eq!(mapped(&twice).unwrap_err(), unusable("objectSid", "cannot be read"));
    assert_eq!(mapped(&twice[..1]).unwrap().account().sid(), None);
}

#[test]
fn without_one_account_name_there_is_no_account() {
    let missing = "is missing or hidden from the gateway's account";
    assert_eq!(mapped(&[("sAMAccountName", b"alice")]).unwrap().account().windows_account_name(), "CONTOSO\\alice");
    assert_eq!(mapped(&[]).unwrap_err(), unusable("sAMAccountName", missing));
    let cases: [&[(&str, &[u8])]; 3] = [
        &[("sAMAccountName", b"")],
        &[("sAMAccountName", b"al\xffce")],
        &[("sAMAccountName", b"alice"), ("sAMAccountName", b"bob")],
    ];
    for attributes in cases {
        let error = mapped(attributes).unwrap_err();
        assert_eq!(error, unusable("sAMAccountName", "cannot be read"), "{attributes:?}");
    }
}
