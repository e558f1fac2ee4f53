use super::{Disposition, Outcome, Wire};
use std::collections::HashSet;

#[test]
fn codes_and_names_are_unique_and_lead_back() {
    let mut codes = HashSet::new();
    for outcome in Outcome::ALL {
        assert!(codes.insert(outcome.code()), "{} is used twice", outcome.code());
        assert_eq!(Outcome::with_code(outcome.code()), Some(*outcome));
        assert_eq!(Outcome::with_name(outcome.name()), Some(*outcome));
    }
}

#[test]
fn codes_are_well_formed_and_begin_with_their_stage() {
    for outcome in Outcome::ALL {
        let entry = outcome.entry();
        let digits = entry.code.strip_prefix("FG").expect("codes begin with FG");
        assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", entry.code);
        if entry.disposition != Disposition::Issue {
            assert_eq!(digits.chars().next(), Some(entry.stage.digit()), "{}", entry.code);
        }
    }
}

#[test]
fn every_refusal_says_what_happened_and_what_to_do() {
    for outcome in Outcome::ALL {
        let entry = outcome.entry();
        assert!(entry.admin_text.len() > 15 && entry.admin_text.ends_with('.'), "{}", entry.code);
        assert!(entry.user_text.len() > 15 && entry.user_text.ends_with('.'), "{}", entry.code);
        assert!(!entry.source.is_empty(), "{}", entry.code);
        if entry.disposition != Disposition::Issue {
            assert!(!entry.remedy.is_empty(), "{} has no remedy", entry.code);
            assert!(entry.remedy.iter().all(|step| step.ends_with('.')), "{}", entry.code);
            assert_ne!(entry.wire, Wire::Token, "{}", entry.code);
        }
    }
}

#[test]
fn no_operator_text_reaches_a_person() {
    let internals = ["CRL", "LDAP", "directory", "[", "revoked", "rule", "OpenSSL", "root", "disabled", "account"];
    for outcome in Outcome::ALL {
        let entry = outcome.entry();
        assert_ne!(entry.user_text, entry.admin_text);
        for word in internals {
            assert!(!entry.user_text.contains(word), "{}: the person would read “{word}”", entry.code);
        }
    }
}

#[test]
fn facts_about_the_certificate_and_the_account_share_one_fault() {
    use super::SoapFault::{AccessDenied, FailedAuthentication, InternalService, PasswordExpired};
    for outcome in Outcome::ALL {
        if let '4' | '5' | '6' | '7' = outcome.entry().stage.digit() {
            let Wire::Fault(fault) = outcome.entry().wire else { panic!("{} is not a fault", outcome.code()) };
            // Who is told that a password has expired knows the password.
            let told = *outcome == Outcome::PasswordExpired && fault == PasswordExpired;
            let shared = matches!(fault, FailedAuthentication | AccessDenied | InternalService);
            assert!(shared || told, "{}", outcome.code());
        }
    }
}
