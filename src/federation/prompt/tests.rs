//! The prompt table: request shape × methods enabled × session or none.

use super::*;
use crate::protocol::wsfed::{Parameters, PassiveRequest, read_passive_request};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

fn now() -> Timestamp {
    "2026-01-10T10:00:00Z".parse().unwrap()
}

fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

fn methods(text: &str) -> Methods {
    text.chars()
        .map(|letter| match letter {
            'p' => Method::Password,
            'c' => Method::Certificate,
            _ => Method::Windows,
        })
        .collect()
}

fn policy(enabled: &str) -> AuthenticationPolicy {
    AuthenticationPolicy {
        primary_intranet: methods(enabled),
        primary_extranet: methods(enabled),
        additional: Methods::NONE,
        certificate_is_multi_factor: false,
        password_demand: PasswordDemand::Strict,
    }
}

fn demand_at(parameters: &str, location: Location) -> SignInDemand {
    let query = format!("wa=wsignin1.0&wtrealm=urn:a&{parameters}");
    match read_passive_request(&Parameters::parse(&query).unwrap()).unwrap() {
        PassiveRequest::SignIn(message) => SignInDemand::of_wsfed(&message, location),
        other => panic!("{other:?}"),
    }
}

fn demand(parameters: &str) -> SignInDemand {
    demand_at(parameters, Location::Extranet)
}

fn session(method: char, minutes: i64) -> Option<Proof> {
    let primary = methods(&method.to_string()).only()?;
    Some(Proof { primary, additional: None, at: ago(minutes) })
}

fn decided(demand: &SignInDemand, policy: &AuthenticationPolicy, session: Option<Proof>) -> Decision {
    decide(demand, policy, Location::Extranet, &Proofs { session, transaction: None }, now())
}

/// One word for a decision, as the table below writes it.
fn word(decision: Decision) -> String {
    match decision {
        Decision::UseSession(_) => "sso".to_owned(),
        Decision::UseTransaction(_) => "done".to_owned(),
        Decision::GoTo(method) => format!("->{method}"),
        Decision::Choose(methods) => format!("?{methods}"),
        Decision::Add(methods) => format!("+{methods}"),
        Decision::Refuse(impossible) => format!("{impossible:?}"),
    }
}

const PASSWORD: &str = "wauth=urn:oasis:names:tc:SAML:1.0:am:password";
const TRANSLATED: &str =
    "wfresh=0&wauth=http%3A%2F%2Fschemas.microsoft.com%2Fws%2F2008%2F06%2Fidentity%2Fauthenticationmethod%2Fpassword";
const CERTIFICATE: &str = "wauth=urn:ietf:rfc:2246";
const MULTIPLE: &str = "wauth=http://schemas.microsoft.com/claims/multipleauthn";

/// Request shapes against password only, certificate only and both, each without a session; then, with both enabled, with a
/// session of twenty minutes ago by password, and by certificate.
const TABLE: &[(&str, [&str; 5])] = &[
    ("", ["->password", "->certificate", "?password, certificate", "sso", "sso"]),
    (TRANSLATED, ["->password", "PasswordOfCertificateUsers", "->password", "->password", "->password"]),
    (
        "prompt=login",
        ["->password", "->certificate", "?password, certificate", "?password, certificate", "?password, certificate"],
    ),
    (
        "wfresh=0",
        ["->password", "->certificate", "?password, certificate", "?password, certificate", "?password, certificate"],
    ),
    (
        "wfresh=19",
        ["->password", "->certificate", "?password, certificate", "?password, certificate", "?password, certificate"],
    ),
    ("wfresh=20", ["->password", "->certificate", "?password, certificate", "sso", "sso"]),
    ("prompt=none", ["->password", "->certificate", "?password, certificate", "sso", "sso"]),
    (PASSWORD, ["->password", "PasswordOfCertificateUsers", "->password", "sso", "->password"]),
    (CERTIFICATE, ["NotEnabled", "->certificate", "->certificate", "->certificate", "sso"]),
    ("wauth=urn:federation:authentication:windows", ["NotEnabled"; 5]),
    ("wauth=urn:nobody", ["UnknownMethod"; 5]),
    ("wauth=URN:IETF:RFC:2246", ["UnknownMethod"; 5]),
    (MULTIPLE, ["NoSecondFactor"; 5]),
];

#[test]
fn the_table_holds() {
    for (parameters, expected) in TABLE {
        let demand = demand(parameters);
        let cells = [("p", None), ("c", None), ("pc", None), ("pc", session('p', 20)), ("pc", session('c', 20))];
        let found = cells.map(|(enabled, session)| word(decided(&demand, &policy(enabled), session)));
        assert_eq!(found, *expected, "{parameters}");
    }
}

/// Every request shape, policy and session: what is asked for is answered, and the answer ends the sign-in.
#[test]
fn no_cell_goes_round_in_circles() {
    let mut cells = 0;
    for (parameters, _) in TABLE {
        for enabled in ["", "p", "c", "w", "pc", "cw", "pcw"] {
            for additional in ["", "c", "pc"] {
                for certificate_is_multi_factor in [false, true] {
                    for password_demand in [PasswordDemand::Strict, PasswordDemand::FreshCertificate] {
                        let additional = methods(additional);
                        let policy = AuthenticationPolicy {
                            additional,
                            certificate_is_multi_factor,
                            password_demand,
                            ..policy(enabled)
                        };
                        for session in [None, session('p', 20), session('c', 20), session('c', -1)] {
                            ends(&demand(parameters), &policy, session, None, 0);
                            cells += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(cells, TABLE.len() * 7 * 3 * 2 * 2 * 4);
}

/// Follows every way out of a decision. A person is asked twice at the most: for each factor once.
fn ends(demand: &SignInDemand, policy: &AuthenticationPolicy, session: Option<Proof>, had: Option<Proof>, asked: u8) {
    let proofs = Proofs { session, transaction: had };
    let proved = |primary, additional| Some(Proof { primary, additional, at: now() });
    let decision = decide(demand, policy, Location::Extranet, &proofs, now());
    let next: Vec<Option<Proof>> = match decision {
        Decision::UseSession(_) | Decision::UseTransaction(_) | Decision::Refuse(_) => return,
        Decision::GoTo(method) => vec![proved(method, None)],
        Decision::Choose(methods) => methods.iter().map(|method| proved(method, None)).collect(),
        Decision::Add(methods) => {
            let primary = had.expect("a second factor follows a first").primary;
            assert!(!methods.contains(primary), "{demand}: the same factor twice");
            methods.iter().map(|method| proved(primary, Some(method))).collect()
        }
    };
    assert!(asked < 2, "{demand}: asked again and again, {decision:?}");
    assert!(!next.is_empty(), "{demand}: nothing to choose from, {decision:?}");
    for proof in next {
        ends(demand, policy, session, proof, asked + 1);
    }
}

#[test]
fn a_fresh_certificate_may_stand_for_a_password_nobody_has() {
    let tolerant =
        |enabled| AuthenticationPolicy { password_demand: PasswordDemand::FreshCertificate, ..policy(enabled) };
    for parameters in [TRANSLATED, PASSWORD] {
        let demand = demand(parameters);
        assert_eq!(word(decided(&demand, &tolerant("c"), session('c', 0))), "->certificate", "{parameters}");
        // where passwords are enabled, a password is what is asked for
        assert_eq!(word(decided(&demand, &tolerant("pc"), session('c', 0))), "->password", "{parameters}");
        assert_eq!(word(decided(&demand, &tolerant("w"), None)), "NotEnabled", "{parameters}");
    }
}

#[test]
fn a_session_is_not_two_factors_unless_it_had_them() {
    let additional = methods("c");
    let with_second = AuthenticationPolicy { additional, ..policy("pc") };
    assert_eq!(word(decided(&demand(MULTIPLE), &with_second, session('p', 1))), "->password");
    let both = session('p', 1).map(|proof| Proof { additional: Some(Method::Certificate), ..proof });
    assert_eq!(word(decided(&demand(MULTIPLE), &with_second, both)), "sso");
    let counted = AuthenticationPolicy { certificate_is_multi_factor: true, ..policy("pc") };
    assert_eq!(word(decided(&demand(MULTIPLE), &counted, session('p', 1))), "->certificate");
    assert_eq!(word(decided(&demand(MULTIPLE), &counted, session('c', 1))), "sso");
}

#[test]
fn windows_or_two_factors_depends_on_where_one_is() {
    let parameters = "wauth=http://schemas.microsoft.com/claims/wiaormultiauthn";
    let inside = MethodDemand::OneOf(methods("w"));
    assert_eq!(demand_at(parameters, Location::Intranet).methods, inside);
    assert_eq!(demand_at(parameters, Location::Extranet).methods, MethodDemand::Multiple);
}

#[test]
fn an_authn_request_says_the_same_in_its_own_words() {
    use ContextComparison::{Better, Exact, Maximum, Minimum};
    const CLASS: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:";
    let unknown = |name: &str| MethodDemand::Unknown(format!("{CLASS}{name}"));
    let cases: &[(&[&str], ContextComparison, MethodDemand)] = &[
        (&[], Exact, MethodDemand::Any),
        (&["TLSClient"], Exact, MethodDemand::OneOf(methods("c"))),
        (&["Password", "X509"], Exact, MethodDemand::OneOf(methods("pc"))),
        (&["SmartcardPKI", "X509"], Exact, MethodDemand::OneOf(methods("c"))),
        (&["SmartcardPKI"], Exact, unknown("SmartcardPKI")),
        (&["TLSClient"], Minimum, MethodDemand::OneOf(methods("cw"))),
        (&["Password"], Minimum, MethodDemand::OneOf(methods("pcw"))),
        (&["TLSClient"], Maximum, MethodDemand::OneOf(methods("pc"))),
        (&["X509"], Better, MethodDemand::OneOf(methods("w"))),
        (&["Kerberos"], Better, unknown("Kerberos")),
        (&["SmartcardPKI"], Minimum, unknown("SmartcardPKI")),
    ];
    for (names, comparison, expected) in cases {
        let classes: Vec<String> = names.iter().map(|name| format!("{CLASS}{name}")).collect();
        let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
        let demand = SignInDemand::of_saml(false, &classes, *comparison, Location::Extranet);
        assert_eq!(demand.methods, *expected, "{names:?} {comparison:?}");
    }
    let forced = SignInDemand::of_saml(true, &[], Exact, Location::Extranet);
    assert_eq!(forced.freshness, Freshness::Now(Reason::ForceAuthn));
}

#[test]
fn a_trust_may_always_ask() {
    assert_eq!(demand("").always_fresh(true).freshness, Freshness::Now(Reason::Trust));
    assert_eq!(demand("wfresh=0").always_fresh(true).freshness, Freshness::Now(Reason::WFresh));
    assert_eq!(demand("wfresh=5").always_fresh(false).freshness, Freshness::Within(Duration::from_secs(300)));
}

#[test]
fn no_alias_selects_two_methods() {
    for method in Method::ALL {
        for alias in method.aliases() {
            assert_eq!(Method::with_alias(alias), Some(method), "{alias}");
        }
    }
}

/// Each setting of the domain, against certificate users who have no password.
#[test]
fn certificate_users_get_through_with_every_setting_but_the_default() {
    for behavior in PromptLoginBehavior::ALL {
        for added in behavior.added() {
            let parameters: Vec<String> = added.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let found = word(decided(&demand(&parameters.join("&")), &policy("c"), None));
            let default = behavior == PromptLoginBehavior::default();
            assert_eq!(found, if default { "PasswordOfCertificateUsers" } else { "->certificate" }, "{behavior}");
        }
    }
}

#[test]
fn settings_are_read_in_every_spelling() {
    let cases = [
        ("TranslateToFreshPasswordAuth", PromptLoginBehavior::TranslateToFreshPasswordAuthentication),
        ("translateToFreshPasswordAuthentication", PromptLoginBehavior::TranslateToFreshPasswordAuthentication),
        ("unset", PromptLoginBehavior::TranslateToFreshPasswordAuthentication),
        ("NativeSupport", PromptLoginBehavior::NativeSupport),
        ("2", PromptLoginBehavior::Disabled),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
    assert!("True".parse::<PromptLoginBehavior>().is_err());
    for behavior in PromptLoginBehavior::ALL {
        assert_eq!(behavior.graph_name().parse(), Ok(behavior));
        assert!(behavior.remedy("contoso.test").contains("-DomainId contoso.test"));
    }
}

#[test]
fn a_claims_provider_trust_passes_the_prompt_on_as_it_is_told() {
    let fallback =
        PromptLoginFederation::FallbackToProtocolSpecificParameters { authentication_type: "urn:x".to_owned() };
    let cases = [
        (PromptLoginFederation::None, None),
        (PromptLoginFederation::Disabled, Some(vec![])),
        (PromptLoginFederation::ForwardPromptAndHintsOverWsFederation, Some(vec![("prompt", "login".to_owned())])),
        (fallback, Some(vec![("wfresh", "0".to_owned()), ("wauth", "urn:x".to_owned())])),
    ];
    for (setting, expected) in cases {
        assert_eq!(setting.added(), expected, "{setting:?}");
    }
}
