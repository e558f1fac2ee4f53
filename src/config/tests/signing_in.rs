use super::site::Site;
use super::*;
use crate::chain::test_pki::{Node, TestKey, authority};
use crate::federation::prompt::{Method, Methods, PasswordDemand};
use crate::sign_in::session::{LoopPolicy, Purpose, SealError, SealingKey, SealingKeys, SessionPolicy};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use rcgen::SanType;

fn with(sections: &str) -> String {
    format!("{sections}\n{SHORTEST}")
}

#[test]
fn certificates_and_passwords_are_primary_everywhere_unless_it_is_said_otherwise() {
    let policy = parsed(SHORTEST).authentication_policy;
    assert_eq!(policy, AuthenticationPolicy::default());
    let said = "[authentication_policy]\n\
                primary_extranet = [\"CertificateAuthentication\"]\nprimary_intranet = [\"FormsAuthentication\"]\n\
                additional = [\"CertificateAuthentication\"]\npassword_demand = \"fresh-certificate\"";
    let policy = parsed(&with(said)).authentication_policy;
    let only = |method| Methods::NONE.with(method);
    assert_eq!(policy.primary_extranet, only(Method::Certificate));
    assert_eq!(policy.primary_intranet, only(Method::Password));
    assert_eq!(policy.additional, only(Method::Certificate));
    assert_eq!(policy.password_demand, PasswordDemand::FreshCertificate);
}

#[test]
fn what_a_certificate_counts_as_is_said_once_and_holds_for_both() {
    for (section, multiple) in [("", false), ("[additional_authentication]\ncertificate = \"multi-factor\"", true)] {
        let site = Site::new();
        site.configure(|_| with(section));
        let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(assembled.farm.authentication_policy.certificate_is_multi_factor, multiple);
        assert_eq!(assembled.farm.additional_authentication.certificate_is_multi_factor, multiple);
    }
}

#[test]
fn a_method_that_is_not_served_is_a_problem() {
    for (names, message, cure) in [
        (
            "[]",
            "must not be empty",
            "Name CertificateAuthentication, FormsAuthentication or both; without any nobody can sign in.",
        ),
        (
            "[\"WindowsAuthentication\", \"FormsAuthentication\"]",
            "has \"WindowsAuthentication\", which is not served yet",
            "Remove it, and keep CertificateAuthentication, FormsAuthentication or both.",
        ),
        (
            "[\"FormAuthentication\"]",
            "has \"FormAuthentication\", which is no method",
            "Did you mean FormsAuthentication?",
        ),
        (
            "[\"x509\"]",
            "has \"x509\", which is no method",
            "The methods are CertificateAuthentication and FormsAuthentication.",
        ),
    ] {
        let problems = refused(&with(&format!("[authentication_policy]\nprimary_intranet = {names}")));
        let [problem] = problems.sorted()[..] else { panic!("{problems}") };
        assert_eq!(problem.key, "[authentication_policy] primary_intranet");
        assert_eq!((problem.message.as_str(), problem.cure.as_str()), (message, cure));
    }
}

#[test]
fn sessions_last_as_long_as_those_of_adfs_unless_it_is_said_otherwise() {
    let sessions = parsed(SHORTEST).sessions;
    assert_eq!(sessions.policy, SessionPolicy::default());
    assert!(sessions.key_file.is_none());
    let said = "[sessions]\nsso_lifetime_minutes = 60\nloop_detection_maximum_tokens = 9\nloop_detection_interval_seconds = 30";
    let loops = LoopPolicy { tokens: 9, interval: SignedDuration::from_secs(30) };
    let expected = SessionPolicy { lifetime: SignedDuration::from_mins(60), loops: Some(loops) };
    assert_eq!(parsed(&with(said)).sessions.policy, expected);
    let off = parsed(&with("[sessions]\nloop_detection = false")).sessions.policy;
    assert_eq!(off, SessionPolicy { loops: None, ..SessionPolicy::default() });
}

#[test]
fn a_key_seals_and_those_before_it_open() {
    let site = Site::new();
    site.configure(|_| with("[sessions]\nkey_file = \"new.key\"\nprevious_key_files = [\"middle.key\", \"old.key\"]"));
    for (name, byte) in [("new", 3), ("middle", 2), ("old", 1)] {
        site.write(&format!("{name}.key"), STANDARD.encode([byte; 32]) + "\n");
    }
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    let keys = assembled.sealing_keys.unwrap();
    let of = |byte| SealingKeys::new(SealingKey::new([byte; 32]));
    for byte in [1, 2, 3] {
        let sealed = of(byte).seal(Purpose::Session, b"alice", &[0; 12]).unwrap();
        assert_eq!(keys.open(Purpose::Session, &sealed).unwrap(), b"alice");
    }
    let sealed = keys.seal(Purpose::Session, b"alice", &[0; 12]).unwrap();
    assert_eq!(of(3).open(Purpose::Session, &sealed).unwrap(), b"alice");
    assert_eq!(of(2).open(Purpose::Session, &sealed), Err(SealError::UnknownKey));

    site.write("old.key", STANDARD.encode([1; 31]));
    site.write("new.key", "secret");
    let told = site.told();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("[sessions] key_file names new.key, which is not 32 octets in base64."), "{told:#?}");
    assert!(told[1].contains("[sessions] previous_key_files names old.key, which is not 32"), "{told:#?}");
    assert!(!told[0].contains("secret"), "{told:#?}");
    let problems = refused(&with("[sessions]\nprevious_key_files = \"old.key\""));
    assert!(problems.to_string().contains("does nothing without key_file"), "{problems}");
}

#[test]
fn the_second_host_name_is_a_name_of_its_own_and_the_certificate_has_it() {
    let named = |name: &str| {
        SHORTEST.replace("[listener.user_tls]\n", &format!("[listener.user_tls]\nhost_name = \"{name}\"\n"))
    };
    assert_eq!(parsed(SHORTEST).endpoints.user_tls_host, None);
    let configuration = parsed(&named("CertAuth.sts.contoso.test"));
    assert_eq!(configuration.endpoints.user_tls_host.as_deref(), Some("certauth.sts.contoso.test"));
    for (name, message) in [
        ("https://certauth.sts.contoso.test", "must be a host name, is \"https://certauth.sts.contoso.test\""),
        ("STS.contoso.test", "is the name of the service, sts.contoso.test"),
    ] {
        let problems = refused(&named(name));
        let [problem] = problems.sorted()[..] else { panic!("{problems}") };
        assert_eq!((problem.key.as_str(), problem.message.as_str()), ("[listener.user_tls] host_name", message));
    }

    let site = Site::new();
    site.configure(|_| named("certauth.sts.contoso.test"));
    let missing = "[listener.user_tls] host_name is certauth.sts.contoso.test, and tls.pem does not have that name: clients \
                   will refuse it there";
    for (names, expected) in [
        (&[][..], &[missing][..]),
        (&["sts.contoso.test", "*.contoso.test"], &[missing]),
        (&["CERTAUTH.sts.contoso.test"], &[]),
        (&["*.sts.contoso.test"], &[]),
    ] {
        let mut params = authority("tls");
        params.subject_alt_names = names.iter().map(|name| SanType::DnsName((*name).try_into().unwrap())).collect();
        let pair = Node::root(params, TestKey::ec());
        site.write("tls.pem", pair.pem());
        site.write("tls.key", pair.key().pkey().private_key_to_pem_pkcs8().unwrap());
        assert_eq!(site.warnings(), expected, "{names:?}");
    }
}
