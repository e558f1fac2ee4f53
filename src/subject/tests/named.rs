use super::*;
use crate::directory::{Dialect, Filter};
use crate::subject::{NameError, SignInName};
use proptest::prelude::*;

fn named(name: &str) -> Result<SignInName, NameError> {
    SignInName::read(name, &policy(&[]))
}

#[test]
fn two_forms_of_a_name_are_read_and_no_others() {
    let domain = || "CONTOSO".to_owned();
    for (name, filter) in [
        ("alice@contoso.test", "(userPrincipalName=alice@contoso.test)"),
        ("CONTOSO\\alice", "(sAMAccountName=alice)"),
        ("contoso\\Alice", "(sAMAccountName=Alice)"),
        ("CONTOSO\\a@b", "(sAMAccountName=a@b)"),
        ("*)(uid=*@contoso.test", "(userPrincipalName=\\2a\\29\\28uid=\\2a@contoso.test)"),
        ("CONTOSO\\*", "(sAMAccountName=\\2a)"),
    ] {
        let query = named(name).unwrap().query(&policy(&[]));
        assert_eq!(query.filter.to_text(Dialect::ActiveDirectory), filter, "{name}");
    }
    for name in
        ["alice", "", "@contoso.test", "alice@", "\\alice", "CONTOSO\\", "CONTOSO\\a\\b", "a\nb@contoso.test", "@"]
    {
        assert_eq!(named(name), Err(NameError::Form { name: name.to_owned(), domain: domain() }), "{name:?}");
    }
    for name in ["FABRIKAM\\alice", "contoso.test\\alice", "alice@contoso\\x"] {
        assert!(matches!(named(name), Err(NameError::OtherDomain { .. })), "{name:?}");
    }
}

#[test]
fn accounts_are_filtered_as_for_certificates() {
    let filter = Filter::parse("(objectClass=user)").unwrap();
    let policy = SubjectPolicy { account_filter: Some(filter), ..policy(&[]) };
    let query = SignInName::read("alice@contoso.test", &policy).unwrap().query(&policy);
    let text = query.filter.to_text(Dialect::ActiveDirectory);
    assert_eq!(text, "(&(objectClass=user)(userPrincipalName=alice@contoso.test))");
}

#[test]
fn exactly_one_entry_is_the_account() {
    let entry = |dn: &str, name: &str| {
        let text = |name: &str, value: &str| (name.to_owned(), vec![value.as_bytes().to_vec()]);
        Entry::new(
            dn,
            [text("userPrincipalName", name), text("sAMAccountName", "a"), text("userAccountControl", "514")],
        )
    };
    let alice = named("alice@contoso.test").unwrap();
    let found = alice.resolve(vec![entry("CN=A", "Alice@Contoso.test"), entry("CN=B", "\u{e1}lice@contoso.test")]);
    assert_eq!(found.as_ref().map(crate::subject::NamedEntry::dn), Ok("CN=A"));
    let disabled = found.unwrap().account(&policy(&[]), "2026-01-10T10:00:00Z".parse().unwrap());
    assert_eq!(disabled, Err(SubjectError::Disabled { dn: "CN=A".to_owned() }));
    assert!(matches!(alice.resolve(Vec::new()), Err(NameError::Nobody { .. })));
    let several = alice.resolve(vec![entry("CN=A", "alice@contoso.test"), entry("CN=B", "ALICE@contoso.test")]);
    assert!(matches!(several, Err(NameError::Several { dns, .. }) if dns == ["CN=A", "CN=B"]));
}

proptest! {
    /// Whatever is typed: it is refused, or the filter has it whole, in one assertion of one attribute.
    #[test]
    fn a_name_stays_one_value(name in "\\PC{0,40}|[a-z*()&|!=@\\\\]{0,20}|CONTOSO\\\\\\PC{0,20}") {
        if let Ok(read) = named(&name) {
            let filter = read.query(&policy(&[])).filter;
            let Filter::Equal(attribute, value) = &filter else { panic!("{filter:?}") };
            prop_assert!(attribute == "userPrincipalName" || attribute == "sAMAccountName");
            prop_assert!(name.as_bytes().ends_with(value) && !value.is_empty());
            prop_assert_eq!(Filter::parse(&filter.to_text(Dialect::ActiveDirectory)).unwrap(), filter);
        }
    }
}
