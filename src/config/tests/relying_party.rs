use super::site::Site;
use super::*;
use crate::chain::test_pki::{Node, TestKey, authority};
use crate::federation::prompt::PasswordDemand;
use crate::federation::saml_request::AssertionConsumer;
use crate::federation::{LogoutBinding, LogoutService, SamlResponseSignature, TokenForm};
use jiff::SignedDuration;
use rcgen::date_time_ymd;

/// The last relying party of the shortest text, with more keys.
fn with(keys: &str) -> String {
    format!("{SHORTEST}{keys}")
}

#[test]
fn what_a_trust_leaves_out_is_what_adfs_has() {
    let party = &parsed(SHORTEST).relying_parties[0];
    assert!(party.ws_fed_endpoints.is_empty() && party.saml.consumers.is_empty() && party.saml.logout.is_none());
    assert_eq!(party.saml.response_signature, SamlResponseSignature::AssertionOnly);
    assert!(party.saml.encrypt_claims && !party.saml.signed_requests_required);
    assert_eq!((party.token_lifetime, party.password_demand, party.token_form), (None, None, TokenForm::Saml11));
    assert!(!party.always_require_authentication);
}

#[test]
fn every_key_of_a_trust_reaches_the_farm() {
    let site = Site::new();
    site.configure(|_| {
        with(
            r#"
ws_fed_endpoint = "https://app.contoso.test/signin"
additional_ws_fed_endpoints = ["https://app.contoso.test/other"]
token_lifetime_minutes = 480
token_form = "saml-2.0"
always_require_authentication = true
password_demand = "fresh-certificate"
request_signing_certificates = ["app-old.pem", "app-new.cer"]
signed_saml_requests_required = true
saml_response_signature = "message-and-assertion"
encryption_certificate = "app-encryption.pem"

[[relying_party.saml_endpoint]]
protocol = "assertion-consumer"
address = "https://app.contoso.test/saml/acs"

[[relying_party.saml_endpoint]]
protocol = "assertion-consumer"
address = "https://app.contoso.test/saml/acs2"
index = 7
is_default = true

[[relying_party.saml_endpoint]]
protocol = "logout"
address = "https://app.contoso.test/saml/slo"
response_address = "https://app.contoso.test/saml/slo/answer"
binding = "redirect"
"#,
        )
    });
    site.write_pair("app-old");
    site.write("app-new.cer", &Node::root(authority("New"), TestKey::ec()).der);
    site.write("app-encryption.pem", Node::root(authority("Encryption"), TestKey::rsa(2048)).pem());
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(assembled.warnings, [""; 0]);
    let farm = &assembled.farm;
    let trust = farm.relying_parties.find("urn:federation:MicrosoftOnline").unwrap();
    let addresses: Vec<&str> = trust.reply_addresses.iter().map(url::Url::as_str).collect();
    assert_eq!(addresses, ["https://app.contoso.test/signin", "https://app.contoso.test/other"]);
    assert_eq!(farm.token_lifetime_for(trust), SignedDuration::from_mins(480));
    assert_eq!(farm.authentication_policy_for(trust).password_demand, PasswordDemand::FreshCertificate);
    assert_eq!(farm.authentication_policy.password_demand, PasswordDemand::Strict);
    assert!(trust.always_require_authentication);
    assert_eq!(trust.token_form, TokenForm::Saml20);
    let consumer = |index, address: &str, is_default| AssertionConsumer {
        index,
        address: format!("https://app.contoso.test/saml/{address}"),
        is_default,
    };
    assert_eq!(trust.saml.consumers, [consumer(0, "acs", false), consumer(7, "acs2", true)]);
    let logout = LogoutService {
        address: "https://app.contoso.test/saml/slo".to_owned(),
        response_address: Some("https://app.contoso.test/saml/slo/answer".to_owned()),
        binding: LogoutBinding::Redirect,
    };
    assert_eq!(trust.saml.logout.as_ref(), Some(&logout));
    assert_eq!(logout.response_address(), "https://app.contoso.test/saml/slo/answer");
    assert_eq!(trust.saml.request_signing_certificates.len(), 2);
    assert!(trust.saml.signed_requests_required && trust.saml.encryption_certificate.is_some());
    assert!(trust.saml.response_signature.of_assertion() && trust.saml.response_signature.of_message());
}

#[test]
fn a_certificate_that_is_not_used_encrypts_nothing() {
    let site = Site::new();
    site.configure(|_| with("encryption_certificate = \"app.pem\"\nencrypt_claims = false\n"));
    site.write("app.pem", Node::root(authority("App"), TestKey::rsa(2048)).pem());
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    let trust = assembled.farm.relying_parties.find("urn:federation:MicrosoftOnline").unwrap();
    assert!(trust.saml.encryption_certificate.is_none());
}

#[test]
fn a_certificate_out_of_date_is_warned_of_and_one_that_is_none_refused() {
    let site = Site::new();
    site.configure(|_| {
        with("request_signing_certificates = \"app.pem\"\nencryption_certificate = \"app-encryption.pem\"\n")
    });
    let mut params = authority("App");
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let old = Node::root(params.clone(), TestKey::rsa(2048)).pem();
    (params.not_before, params.not_after) = (date_time_ymd(2998, 1, 1), date_time_ymd(2999, 1, 1));
    let future = Node::root(params, TestKey::rsa(2048)).pem();
    site.write("app.pem", &old);
    site.write("app-encryption.pem", future);
    assert_eq!(
        site.warnings(),
        [
            "app.pem: the certificate ended on Jan  1 00:00:00 2021 GMT; requests that its key signed are still believed",
            "app-encryption.pem: the certificate begins on Jan  1 00:00:00 2998 GMT only; assertions are still encrypted \
             to it",
        ]
    );
    let several = [old.clone(), old].concat();
    for (content, fault) in [
        (&b"neither"[..], "which is no certificate"),
        (&several, "which has 2 certificates"),
        (&Node::root(authority("App"), TestKey::ec()).pem(), "whose key is not RSA of 2048 bits or more"),
    ] {
        site.write("app-encryption.pem", content);
        let told = site.told();
        let expected = format!(
            "fedgate.toml:37:26: [[relying_party]] encryption_certificate names app-encryption.pem, {fault}.\n    "
        );
        assert!(told.len() == 1 && told[0].starts_with(&expected), "{told:#?}");
    }
    site.write("app.pem", "neither");
    site.remove("app-encryption.pem");
    let told = site.told();
    assert!(told[0].contains("request_signing_certificates names app.pem, which is no certificate"), "{told:#?}");
    assert!(told[1].contains("encryption_certificate names app-encryption.pem, which cannot be read"), "{told:#?}");
}

#[test]
fn what_a_trust_cannot_mean_is_told() {
    let consumer = |keys: &str| format!("[[relying_party.saml_endpoint]]\nprotocol = \"assertion-consumer\"\n{keys}\n");
    let logout = "[[relying_party.saml_endpoint]]\nprotocol = \"logout\"\naddress = \"https://a.test/\"\n";
    for (keys, key, message) in [
        (
            "ws_fed_endpoint = \"http://app.test/\"".to_owned(),
            "[[relying_party]] ws_fed_endpoint",
            "must be an https address, and \"http://app.test/\" is not https",
        ),
        (
            "ws_fed_endpoint = \"https://a.test/\"\nadditional_ws_fed_endpoints = [\"/b\"]".to_owned(),
            "[[relying_party]] additional_ws_fed_endpoints",
            "must be an https address, and \"/b\" is no absolute address",
        ),
        (
            "additional_ws_fed_endpoints = \"https://a.test/\"".to_owned(),
            "[[relying_party]] additional_ws_fed_endpoints",
            "does nothing without ws_fed_endpoint",
        ),
        (
            "signed_saml_requests_required = true".to_owned(),
            "[[relying_party]] signed_saml_requests_required",
            "needs the certificates that requests are signed with",
        ),
        (
            "password_demand = \"freshcertificate\"".to_owned(),
            "[[relying_party]] password_demand",
            "must be one of \"as-everywhere\", \"strict\", \"fresh-certificate\", is \"freshcertificate\"",
        ),
        (
            consumer("address = \"http://a.test/\""),
            "[[relying_party.saml_endpoint]] address",
            "must be an https address, and \"http://a.test/\" is not https",
        ),
        (
            consumer("address = \"https://a.test/\"") + &consumer("address = \"https://b.test/\""),
            "[[relying_party.saml_endpoint]] index",
            "is 0, which another assertion consumer of the relying party has",
        ),
        (
            consumer("address = \"https://a.test/\"\nis_default = true")
                + &consumer("address = \"https://b.test/\"\nindex = 1\nis_default = true"),
            "[[relying_party.saml_endpoint]] is_default",
            "is true for another assertion consumer too",
        ),
        (
            consumer("address = \"https://a.test/\"\nbinding = \"post\""),
            "[[relying_party.saml_endpoint]] binding",
            "does nothing with protocol = \"assertion-consumer\"",
        ),
        (
            logout.repeat(2),
            "[[relying_party.saml_endpoint]] address",
            "is the second with protocol = \"logout\" of one relying party",
        ),
        (
            "[[relying_party.saml_endpoint]]\naddress = \"https://a.test/\"".to_owned(),
            "[[relying_party.saml_endpoint]] protocol",
            "is missing",
        ),
    ] {
        let problems = refused(&with(&keys));
        let found: Vec<_> =
            problems.sorted().iter().map(|problem| (problem.key.clone(), problem.message.clone())).collect();
        assert_eq!(found, [(key.to_owned(), message.to_owned())], "{keys}");
    }
}

const OFFICE: &str =
    "[[relying_party]]\nname = \"O365\"\npreset = \"office-365\"\naccess_control_policy = \"permit-everyone\"\n";

/// The relying party of the shortest text is replaced by one with the preset.
fn office(keys: &str) -> String {
    let (before, _) = SHORTEST.split_once("[[relying_party]]").unwrap();
    format!("{before}{OFFICE}{keys}")
}

#[test]
fn a_preset_says_what_office_365_is_known_by() {
    let site = Site::new();
    site.configure(|_| office(""));
    let (configuration, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(assembled.warnings, [""; 0]);
    let find = |identifier| assembled.farm.relying_parties.find(identifier);
    let trust = find("urn:federation:MicrosoftOnline").unwrap();
    assert!(find("https://login.microsoftonline.com/extSTS.srf").is_some());
    let address = trust.reply_addresses.address(None).unwrap();
    assert_eq!(address.as_str(), "https://login.microsoftonline.com/login.srf");
    assert!(!trust.transform.rules().is_empty() && !trust.authorization.is_empty());
    let text = configuration.relying_parties[0].preset.unwrap().transform_rules(&configuration.relying_parties[0]);
    assert!(!text.contains("issuerid"), "{text}");

    // what is said counts
    site.configure(|_| {
        office(
            "identifiers = [\"urn:federation:MicrosoftOnline\"]\nws_fed_endpoint = \"https://login.microsoftonline.us/login.srf\"\n\
             immutable_id = \"object-guid\"\n[[relying_party.domain]]\nname = \"contoso.com\"\n\
             [[relying_party.domain]]\nname = \"sales.contoso.com\"\nissuer = \"http://contoso.com/adfs/services/trust/\"\n",
        )
    });
    let (configuration, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    let party = &configuration.relying_parties[0];
    assert_eq!(party.identifiers.value, ["urn:federation:MicrosoftOnline"]);
    assert_eq!(party.ws_fed_endpoints.len(), 1);
    assert_eq!(party.ws_fed_endpoints[0].host_str(), Some("login.microsoftonline.us"));
    let issuers: Vec<&str> = party.domains.iter().map(|domain| domain.value.issuer.as_str()).collect();
    assert_eq!(issuers, ["http://contoso.com/adfs/services/trust/"; 2]);
    assert_eq!(assembled.farm.relying_parties.iter().count(), 1);
}

#[test]
fn what_a_preset_leaves_no_room_for_is_told() {
    for (keys, key, message) in [
        ("[[relying_party.domain]]\nname = \"@contoso.com\"\n", "name", "must be a domain name, is \"@contoso.com\""),
        (
            "[[relying_party.domain]]\nname = \"contoso.com\"\n[[relying_party.domain]]\nname = \"Contoso.com\"\n",
            "name",
            "is \"Contoso.com\", which another section of this relying party has too",
        ),
        (
            "[[relying_party.domain]]\nname = \"contoso.com\"\nissuer = 'urn:a\", Value = \"b'\n",
            "issuer",
            "must be a URI, is \"urn:a\\\", Value = \\\"b\"",
        ),
        ("[[relying_party.domain]]\nissuer = \"urn:a\"\n", "name", "is missing"),
    ] {
        let problems = refused(&office(keys));
        let [problem] = problems.sorted()[..] else { panic!("{problems}") };
        assert_eq!((problem.key.clone(), &*problem.message), (format!("[[relying_party.domain]] {key}"), message));
    }
    let site = Site::new();
    for (text, expected) in [
        (office("transform_rules = \"transform.rules\"\n"), "transform_rules cannot be there together with a preset."),
        (with("[[relying_party.domain]]\nname = \"contoso.com\"\n"), "domain]] name does nothing without a preset."),
    ] {
        site.configure(|_| text);
        let told = site.told();
        assert!(told.len() == 1 && told[0].contains(expected), "{told:#?}");
    }
}
