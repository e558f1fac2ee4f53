//! Name constraints, form by form.

use super::super::name_forms::{Fit, Name, fit, is_well_formed};
use super::*;
use crate::certificate::SubtreeBase;
use proptest::prelude::*;
use rcgen::SanType;

fn base(text: &str) -> SubtreeBase {
    let (form, value) = text.split_once(':').unwrap();
    match form {
        "dns" => SubtreeBase::Dns(value.to_owned()),
        "mail" => SubtreeBase::Rfc822(value.to_owned()),
        "upn" => SubtreeBase::UserPrincipalName(Some(value.to_owned())),
        "uri" => SubtreeBase::Uri(value.to_owned()),
        "ip" => SubtreeBase::IpAddress(octets(value)),
        _ => panic!("{text}"),
    }
}

fn octets(text: &str) -> Vec<u8> {
    text.split('.').map(|octet| octet.parse().unwrap()).collect()
}

fn says(name: &str, subtree: &str, excludes: bool) -> Fit {
    let (form, value) = name.split_once(':').unwrap();
    let address = if form == "ip" { octets(value) } else { Vec::new() };
    let name = match form {
        "dns" => Name::Dns(value),
        "mail" => Name::Rfc822(value),
        "upn" => Name::UserPrincipal(value),
        "uri" => Name::Uri(value),
        "ip" => Name::Ip(&address),
        _ => panic!("{name}"),
    };
    fit(&name, &base(subtree), excludes)
}

#[test]
fn each_form_is_compared_by_its_own_rule() {
    use Fit::{OtherForm, Outside, Unreadable, Within};
    let table = [
        ("dns:host.contoso.test", "dns:contoso.test", Within),
        ("dns:CONTOSO.test", "dns:contoso.TEST", Within),
        ("dns:notcontoso.test", "dns:contoso.test", Outside),
        ("dns:contoso.test", "dns:.contoso.test", Outside),
        ("dns:a.contoso.test", "dns:.contoso.test", Within),
        ("dns:anything.test", "dns:", Within),
        ("dns:a..test", "dns:test", Unreadable),
        ("dns:contoso.test.", "dns:contoso.test", Unreadable),
        ("mail:alice@contoso.test", "mail:contoso.test", Within),
        ("mail:alice@mail.contoso.test", "mail:contoso.test", Outside),
        ("mail:alice@mail.contoso.test", "mail:.contoso.test", Within),
        ("mail:alice@contoso.test", "mail:.contoso.test", Outside),
        ("mail:alice@CONTOSO.test", "mail:alice@contoso.test", Within),
        ("mail:Alice@contoso.test", "mail:alice@contoso.test", Outside),
        ("mail:alice@fabrikam.test@contoso.test", "mail:contoso.test", Unreadable),
        ("mail:contoso.test", "mail:contoso.test", Unreadable),
        ("upn:alice@contoso.test", "upn:contoso.test", Within),
        ("upn:Alice@contoso.test", "upn:alice@CONTOSO.test", Within),
        ("upn:alice", "upn:contoso.test", Unreadable),
        ("upn:alice@contoso.test", "mail:contoso.test", OtherForm),
        ("uri:https://user@host.contoso.test:8443/x?y", "uri:host.contoso.test", Within),
        ("uri:https://host.contoso.test", "uri:.contoso.test", Within),
        ("uri:https://contoso.test", "uri:.contoso.test", Outside),
        ("uri:https://contoso.test@fabrikam.test/", "uri:contoso.test", Outside),
        ("uri:urn:contoso", "uri:contoso", Unreadable),
        ("uri:https://192.0.2.1/", "uri:contoso.test", Unreadable),
        ("ip:192.0.2.7", "ip:192.0.2.0.255.255.255.0", Within),
        ("ip:192.0.3.7", "ip:192.0.2.0.255.255.255.0", Outside),
        ("ip:192.0.2", "ip:192.0.2.0.255.255.255.0", Unreadable),
    ];
    for (name, subtree, expected) in table {
        for excludes in [false, true] {
            assert_eq!(says(name, subtree, excludes), expected, "{name} in {subtree}, excluding: {excludes}");
        }
    }
}

/// CVE-2025-61727.
#[test]
fn a_wildcard_is_excluded_by_any_name_it_covers() {
    assert_eq!(says("dns:*.contoso.test", "dns:vpn.contoso.test", true), Fit::Within);
    assert_eq!(says("dns:*.contoso.test", "dns:vpn.contoso.test", false), Fit::Outside);
    assert_eq!(says("dns:*.contoso.test", "dns:contoso.test", false), Fit::Within);
    assert_eq!(says("dns:*.contoso.test", "dns:fabrikam.test", true), Fit::Outside);
}

#[test]
fn a_subtree_must_be_written_as_its_form_demands() {
    for good in
        ["dns:contoso.test", "dns:.contoso.test", "mail:a@contoso.test", "ip:10.0.0.0.255.0.0.0", "upn:contoso.test"]
    {
        assert!(is_well_formed(&base(good)), "{good}");
    }
    for bad in
        ["dns:*.contoso.test", "dns:a b", "mail:@contoso.test", "uri:https://contoso.test", "ip:10.0.0.0.255.0.255.0"]
    {
        assert!(!is_well_formed(&base(bad)), "{bad}");
    }
}

#[test]
fn more_comparisons_than_one_sign_in_may_cost_end_the_search() {
    let lab = Lab::new();
    let mut params = authority("Constrained");
    let host = |number: usize| format!("host{number}.contoso.test");
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: Vec::new(),
        excluded_subtrees: (0..600).map(|n| GeneralSubtree::DnsName(host(n))).collect(),
    });
    let constrained = lab.root.issue(params, TestKey::ec());
    let mut params = user("alice");
    params.subject_alt_names =
        (0..600).map(|n| SanType::DnsName(format!("user{n}.test").try_into().unwrap())).collect();
    let leaf = constrained.issue(params, TestKey::ec()).der;
    let error = Case { sent: vec![constrained.der], ..lab.case(leaf) }.validate().unwrap_err();
    assert!(matches!(error, ChainError::BudgetExhausted { limit: 250_000, .. }), "{error}");
}

#[test]
fn a_path_that_a_constraint_forbids_does_not_hide_another() {
    let lab = Lab::new();
    let forbidden = lab.root.certify_again(&lab.issuing, |params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::Rfc822Name("fabrikam.test".to_owned())],
            excluded_subtrees: Vec::new(),
        });
    });
    let good = lab.issuing.der.clone();
    let leaf = lab.user(|_| ());
    for intermediates in [vec![forbidden.clone(), good.clone()], vec![good, forbidden.clone()]] {
        let case = Case { intermediates, ..lab.case(leaf.clone()) };
        assert_eq!(case.outcome(), GOOD);
    }
    let case = Case { intermediates: vec![forbidden], ..lab.case(leaf) };
    let (found, tried) = explore(&case.presented(), &case.store(), &case.policy, at());
    assert!(matches!(found, Err(ChainError::NameConstraints { .. })));
    assert_eq!(tried.len(), 1);
    assert_eq!((tried[0].path.len(), tried[0].refusal.clone()), (3, found.err()));
}

proptest! {
    /// No name is both within and outside, and texts of every kind are judged without a panic.
    #[test]
    fn any_text_is_judged(name in "\\PC{0,40}", subtree in "\\PC{0,40}", excludes: bool) {
        for form in ["dns", "mail", "upn", "uri"] {
            let (name, subtree) = (format!("{form}:{name}"), format!("{form}:{subtree}"));
            prop_assert!(says(&name, &subtree, excludes) != Fit::OtherForm);
            let _ = is_well_formed(&base(&subtree));
        }
    }

    /// What a well-formed host subtree holds, every longer name below it is held by too.
    #[test]
    fn names_below_a_name_lie_where_it_lies(host in "[a-z]{1,8}(\\.[a-z]{1,8}){1,3}", label in "[a-z]{1,8}") {
        let subtree = format!("dns:{host}");
        prop_assert_eq!(says(&format!("dns:{label}.{host}"), &subtree, false), Fit::Within);
        prop_assert_eq!(says(&format!("dns:{label}{host}"), &subtree, false), Fit::Outside);
    }
}
