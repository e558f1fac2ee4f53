//! What a domain controller would refuse.

use super::*;

fn state(attributes: Attributes<'_>) -> String {
    let own = [("userPrincipalName", "alice@contoso.test"), ("sAMAccountName", "alice")];
    let all = own.iter().chain(attributes).map(|(name, value)| (*name, value.as_bytes()));
    mapped(raw_entry("alice", all))
}

fn mapped(alice: Entry) -> String {
    let certificate = certificate([upn("alice@contoso.test")]);
    match map(&certificate, &policy(&[Binding::UserPrincipalName]), &[alice]) {
        Ok(_) => "usable".to_owned(),
        Err(SubjectError::AccountUnusable { attribute, reason, .. }) => format!("{attribute} {reason}"),
        Err(SubjectError::AccountExpired { expired_at, .. }) => format!("expired at {expired_at}"),
        Err(error) => told(&Err(error)),
    }
}

#[test]
fn user_account_control_must_be_there_and_not_say_disabled() {
    let unreadable = "userAccountControl cannot be read";
    let cases = [
        ("512", "usable"),
        ("66048", "usable"),
        ("262656", "usable"),
        (" 512 ", "usable"),
        ("514", "Disabled"),
        ("2", "Disabled"),
        ("66050", "Disabled"),
        ("-2147483646", "Disabled"),
        // the lockout bit of this attribute is not maintained
        ("528", "usable"),
        ("0", "usable"),
        ("", unreadable),
        ("0x200", unreadable),
        ("512.0", unreadable),
        ("99999999999", unreadable),
        ("NORMAL_ACCOUNT", unreadable),
    ];
    for (control, expected) in cases {
        assert_eq!(state(&[("userAccountControl", control)]), expected, "{control:?}");
    }
    assert_eq!(state(&[]), "userAccountControl is missing or hidden from the gateway's account");
    assert_eq!(state(&[("userAccountControl", "512"), ("userAccountControl", "512")]), unreadable);
}

#[test]
fn the_computed_attribute_knows_more_of_a_lockout_than_its_time() {
    let since = "134129519990000000";
    let cases: &[(Attributes<'_>, &str)] = &[
        (&[], "usable"),
        (&[("lockoutTime", "0")], "usable"),
        (&[("lockoutTime", since)], "LockedOut"),
        (&[("lockoutTime", "1")], "LockedOut"),
        (&[("lockoutTime", "yesterday")], "lockoutTime cannot be read"),
        (&[("lockoutTime", "-1")], "lockoutTime cannot be read"),
        (&[("msDS-User-Account-Control-Computed", "0")], "usable"),
        (&[("msDS-User-Account-Control-Computed", "0"), ("lockoutTime", since)], "usable"),
        (&[("msDS-User-Account-Control-Computed", "16")], "LockedOut"),
        (&[("msDS-User-Account-Control-Computed", "16"), ("lockoutTime", "0")], "LockedOut"),
        // an expired password does not concern a certificate
        (&[("msDS-User-Account-Control-Computed", "8388608"), ("lockoutTime", since)], "usable"),
        (&[("msDS-User-Account-Control-Computed", "8388624")], "LockedOut"),
        (
            &[("msDS-User-Account-Control-Computed", "?"), ("lockoutTime", "0")],
            "msDS-User-Account-Control-Computed cannot be read",
        ),
    ];
    for (attributes, expected) in cases {
        let attributes = [&[("userAccountControl", "512")], *attributes].concat();
        assert_eq!(state(&attributes), *expected, "{attributes:?}");
    }
}

/// The moment of these tests is 134129520000000000 in Windows' file time.
#[test]
fn an_account_ends_at_its_moment() {
    let unreadable = "accountExpires cannot be read";
    let cases = [
        ("0", "usable"),
        ("9223372036854775807", "usable"),
        ("9223372036854775806", "usable"),
        ("134129520010000000", "usable"),
        ("134129520000000000", "expired at 2026-01-15T12:00:00Z"),
        ("134129519990000000", "expired at 2026-01-15T11:59:59Z"),
        ("132223104000000000", "expired at 2020-01-01T00:00:00Z"),
        ("1", "expired at 1601-01-01T00:00:00Z"),
        ("-1", unreadable),
        ("9223372036854775808", unreadable),
        ("", unreadable),
        ("never", unreadable),
        ("20260115120000.0Z", unreadable),
    ];
    for (expires, expected) in cases {
        assert_eq!(state(&[("userAccountControl", "512"), ("accountExpires", expires)]), expected, "{expires}");
    }
    let twice = [("userAccountControl", "512"), ("accountExpires", "0"), ("accountExpires", "0")];
    assert_eq!(state(&twice), unreadable);
}

#[test]
fn the_first_reason_is_the_one_told() {
    let everything = [
        ("userAccountControl", "514"),
        ("accountExpires", "132223104000000000"),
        ("msDS-User-Account-Control-Computed", "16"),
    ];
    assert_eq!(state(&everything), "Disabled");
    assert_eq!(
        state(&[&[("userAccountControl", "512")], &everything[1..]].concat()),
        "expired at 2020-01-01T00:00:00Z"
    );
    assert_eq!(state(&[("userAccountControl", "512"), everything[2]]), "LockedOut");
}

#[test]
fn octets_that_are_no_text_are_no_number() {
    let attributes: [(&str, &[u8]); 3] = [
        ("userPrincipalName", b"alice@contoso.test"),
        ("sAMAccountName", b"alice"),
        ("userAccountControl", b"512\xff"),
    ];
    assert_eq!(mapped(raw_entry("alice", attributes)), "userAccountControl cannot be read");
}
