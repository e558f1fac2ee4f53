//! Which entry a certificate means: each binding, their order, ambiguity.

use super::*;
use crate::directory::{Dialect, Filter};

const UPN: Binding = Binding::UserPrincipalName;
const RFC822: Binding = Binding::Rfc822;

#[test]
fn each_binding_finds_its_account_and_no_other() {
    let both = certificate([upn("alice@contoso.test"), mail("Alice.Adams@contoso.test")]);
    let several = certificate([upn("nobody@contoso.test"), upn("alice@contoso.test")]);
    let nothing = certificate([]);
    let cases: &[(&Certificate, Binding, Attributes<'_>, &str)] = &[
        (&both, UPN, &[("userPrincipalName", "alice@contoso.test")], "user-principal-name: alice"),
        (&both, UPN, &[("userPrincipalName", "ALICE@Contoso.Test")], "user-principal-name: alice"),
        (&both, UPN, &[("userPrincipalName", "alice@contoso.test.")], "NoAccount"),
        (&both, UPN, &[("userPrincipalName", "alice.adams@contoso.test")], "NoAccount"),
        (&both, UPN, &[("mail", "alice@contoso.test")], "NoAccount"),
        (&both, UPN, &[], "NoAccount"),
        (&several, UPN, &[("userPrincipalName", "alice@contoso.test")], "user-principal-name: alice"),
        (&nothing, UPN, &[("userPrincipalName", "alice@contoso.test")], "NothingToMap"),
        (&both, RFC822, &[("mail", "alice.adams@contoso.test")], "rfc822: alice"),
        (&both, RFC822, &[("proxyAddresses", "smtp:alice.adams@contoso.test")], "rfc822: alice"),
        (&both, RFC822, &[("proxyAddresses", "SMTP:Alice.Adams@contoso.test")], "rfc822: alice"),
        (&both, RFC822, &[("proxyAddresses", "alice.adams@contoso.test")], "NoAccount"),
        (&both, RFC822, &[("proxyAddresses", "sip:alice.adams@contoso.test")], "NoAccount"),
        (&both, RFC822, &[("mail", "smtp:alice.adams@contoso.test")], "NoAccount"),
        (&both, RFC822, &[("userPrincipalName", "alice.adams@contoso.test")], "NoAccount"),
        (&several, RFC822, &[("mail", "alice@contoso.test")], "NothingToMap"),
        (&nothing, RFC822, &[("mail", "alice@contoso.test")], "NothingToMap"),
    ];
    for (certificate, binding, attributes, expected) in cases {
        let people = [account("alice", attributes), account("somebody", &[("userPrincipalName", "bob@contoso.test")])];
        let mapped = map(certificate, &policy(&[*binding]), &people);
        assert_eq!(told(&mapped), *expected, "{binding} {attributes:?}");
    }
}

#[test]
fn the_first_binding_that_means_an_account_decides() {
    let both = certificate([upn("alice@contoso.test"), mail("bob@contoso.test")]);
    let only_mail = certificate([mail("bob@contoso.test")]);
    let by_name = account("by-name", &[("userPrincipalName", "alice@contoso.test")]);
    let by_mail = account("by-mail", &[("mail", "bob@contoso.test")]);
    let again = account("by-mail-again", &[("proxyAddresses", "smtp:bob@contoso.test")]);
    let either = account("either", &[("userPrincipalName", "alice@contoso.test"), ("mail", "bob@contoso.test")]);
    let cases: &[(&Certificate, [Binding; 2], &[&Entry], &str)] = &[
        (&both, [UPN, RFC822], &[&by_name, &by_mail], "user-principal-name: by-name"),
        (&both, [UPN, RFC822], &[&by_mail, &by_name], "user-principal-name: by-name"),
        (&both, [RFC822, UPN], &[&by_name, &by_mail], "rfc822: by-mail"),
        (&both, [UPN, RFC822], &[&by_mail], "rfc822: by-mail"),
        (&only_mail, [UPN, RFC822], &[&by_name, &by_mail], "rfc822: by-mail"),
        (&both, [UPN, RFC822], &[&either], "user-principal-name: either"),
        // a later binding is not even asked whether it is ambiguous
        (&both, [UPN, RFC822], &[&by_name, &by_mail, &again], "user-principal-name: by-name"),
        (&both, [RFC822, UPN], &[&by_name, &by_mail, &again], "Ambiguous"),
        (&both, [UPN, RFC822], &[&by_mail, &again], "Ambiguous"),
        (&both, [UPN, RFC822], &[&by_name, &either], "Ambiguous"),
        (&both, [UPN, RFC822], &[], "NoAccount"),
    ];
    for (number, (certificate, bindings, people, expected)) in cases.iter().enumerate() {
        let people: Vec<Entry> = people.iter().map(|entry| (*entry).clone()).collect();
        let mapped = map(certificate, &policy(bindings), &people);
        assert_eq!(told(&mapped), *expected, "case {number}");
    }
}

#[test]
fn a_binding_that_did_not_decide_is_told_all_the_same() {
    let both = certificate([upn("alice@contoso.test"), mail("bob@contoso.test")]);
    let people = [
        account("by-name", &[("userPrincipalName", "alice@contoso.test")]),
        account("by-mail", &[("mail", "bob@contoso.test")]),
    ];
    let mapped = map(&both, &policy(&[UPN, RFC822]), &people).unwrap();
    let tried: Vec<String> = mapped.tried().iter().map(ToString::to_string).collect();
    assert_eq!(
        tried,
        [
            "user-principal-name (userPrincipalName=\"alice@contoso.test\") found by-name",
            "rfc822 (mail=\"bob@contoso.test\" or proxyAddresses=\"smtp:bob@contoso.test\") found by-mail",
        ]
    );
    assert_eq!(mapped.account().windows_account_name(), "CONTOSO\\by-name");
    assert_eq!(mapped.account().user_principal_name(), Some("alice@contoso.test"));
    assert_eq!(mapped.account().sid(), None);
}

#[test]
fn two_entries_of_one_binding_are_nobody() {
    let certificate = certificate([mail("bob@contoso.test")]);
    let people = [
        account("first", &[("mail", "bob@contoso.test")]),
        raw_entry("disabled", [("mail", &b"BOB@contoso.test"[..]), ("userAccountControl", b"514")]),
        account("third", &[("proxyAddresses", "smtp:bob@contoso.test")]),
    ];
    let error = map(&certificate, &policy(&[RFC822]), &people).unwrap_err();
    let dns = ["first", "disabled", "third"].map(str::to_owned).to_vec();
    assert_eq!(error, SubjectError::Ambiguous { binding: RFC822, dns });
    assert_eq!(error.to_string(), "3 accounts match the certificate by rfc822: first; disabled; third");
    assert_eq!(told(&map(&certificate, &policy(&[RFC822]), &people[1..2])), "Disabled");
}

#[test]
fn a_certificate_without_any_name_is_not_looked_up() {
    let error = query::for_certificate(&certificate([]), &policy(&[UPN, RFC822])).unwrap_err();
    assert_eq!(error, SubjectError::NothingToMap { subject: "CN=alice".to_owned(), bindings: vec![UPN, RFC822] });
    let expected = "the certificate \"CN=alice\" holds no name for the bindings user-principal-name, rfc822";
    assert_eq!(error.to_string(), expected);
    assert!(query::for_certificate(&certificate([]), &policy(&EVERY_BINDING)).is_ok());
}

#[test]
fn one_search_asks_for_every_binding_at_once() {
    let both = certificate([upn("alice@contoso.test"), mail("bob@contoso.test")]);
    let query = query::for_certificate(&both, &policy(&EVERY_BINDING)).unwrap();
    let strong = format!("X509:<I>{ISSUER}<SR>03b2a1");
    let person = |attribute, value| account("a", &[(attribute, value)]);
    let holder = raw_entry("a", [("userCertificate;binary", both.der())]);
    assert!(query.search().filter.matches(&person("userPrincipalName", "alice@contoso.test")));
    assert!(query.search().filter.matches(&person("mail", "bob@contoso.test")));
    assert!(query.search().filter.matches(&person("altSecurityIdentities", &strong)));
    assert!(query.search().filter.matches(&holder));
    assert!(!query.search().filter.matches(&person("userPrincipalName", "bob@contoso.test")));
    for (binding, by_mail) in [(UPN, false), (RFC822, true), (Binding::UserCertificate, false)] {
        let filter = query.filter(binding).unwrap();
        assert_eq!(filter.matches(&person("mail", "bob@contoso.test")), by_mail, "{binding}");
    }
    let partly = query::for_certificate(&certificate([upn("alice@contoso.test")]), &policy(&[UPN, RFC822])).unwrap();
    assert_eq!((partly.filter(RFC822), partly.filter(Binding::UserCertificate)), (None, None));
}

#[test]
fn asks_for_no_attribute_it_does_not_read() {
    let certificate = certificate([upn("alice@contoso.test")]);
    let attributes = |policy: &SubjectPolicy| {
        let query = query::for_certificate(&certificate, policy).unwrap();
        query.search().attributes.clone()
    };
    let mut demanding = policy(&[UPN]);
    assert!(!attributes(&demanding).iter().any(|name| name == "userCertificate"));
    assert!(attributes(&policy(&EVERY_BINDING)).iter().any(|name| name == "userCertificate"));
    let usual = attributes(&demanding).len();
    demanding.require_equal_serial_attribute = Some("MAIL".to_owned());
    demanding.require_equal_issuer_attribute = Some("extensionAttribute1".to_owned());
    assert_eq!(attributes(&demanding).len(), usual + 1);
}

/// Active Directory ignores accents, width and kana; what it answers is compared again.
#[test]
fn an_entry_that_differs_in_more_than_case_is_nobody() {
    let cases = [
        ("josé@contoso.test", "jose@contoso.test"),
        ("jose@contoso.test", "josé@contoso.test"),
        ("jose@contoso.test", "ｊｏｓｅ@contoso.test"),
        ("kim@contoso.test", "\u{212a}im@contoso.test"),
        ("かな@contoso.test", "カナ@contoso.test"),
        ("strasse@contoso.test", "straße@contoso.test"),
        ("alice@contoso.test", "alice@contoso.test "),
    ];
    for (asked, held) in cases {
        let certificate = certificate([upn(asked)]);
        let policy = policy(&[UPN]);
        let query = query::for_certificate(&certificate, &policy).unwrap();
        let similar = account("similar", &[("userPrincipalName", held)]);
        let exact = account("exact", &[("userPrincipalName", &asked.to_uppercase())]);

        let error = judge(&certificate, &policy, &query, vec![similar.clone()]).unwrap_err();
        let SubjectError::NoAccount { unmatched, tried } = &error else { panic!("{asked}: {error}") };
        assert_eq!((unmatched.as_slice(), tried.len()), (&["similar".to_owned()][..], 1));
        let note = "; the directory also answered similar, which differs in more than case";
        assert!(error.to_string().ends_with(note), "{error}");

        let both = judge(&certificate, &policy, &query, vec![similar, exact]);
        assert_eq!(told(&both), "user-principal-name: exact", "{asked} {held}");
    }
}

/// A mail contact has the address of the person it stands for.
#[test]
fn only_accounts_are_asked_for() {
    let accounts = Filter::parse("(&(objectCategory=person)(objectClass=user))").unwrap();
    let filtered = SubjectPolicy { account_filter: Some(accounts), ..policy(&[Binding::Rfc822]) };
    let query = query::for_certificate(&certificate([mail("a*@contoso.test")]), &filtered).unwrap();
    let text = query.search().filter.to_text(Dialect::ActiveDirectory);
    let expected = "(&(&(objectCategory=person)(objectClass=user))\
                    (|(mail=a\\2a@contoso.test)(proxyAddresses=smtp:a\\2a@contoso.test)))";
    assert_eq!(text, expected);
}
