//! Relying party trusts for tests of SAML 2.0: one key for all of them, and a rule that names people by their UPN.

use crate::support::lab::replace;
use fedgate::lab::Lab;
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::X509;
use std::fs;
use std::sync::LazyLock;

const RULES: &str = "c:[Type == \"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn\"] => issue(claim = c);\n\
    c:[Type == \"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn\"]\n => issue(Type = \
    \"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier\", Value = c.Value, \
    Properties[\"http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format\"] = \
    \"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\");\n";

/// The key of every relying party.
pub(super) static KEY: LazyLock<PKey<Private>> =
    LazyLock::new(|| PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap());

/// A relying party with an address of its own.
pub(super) struct Party {
    pub(super) name: &'static str,
    /// Whether it can be told of a logout.
    pub(super) logout: bool,
    /// Further lines of its section.
    pub(super) more: &'static str,
}

impl Default for Party {
    fn default() -> Self {
        Self { name: "sp", logout: true, more: "" }
    }
}

impl Party {
    pub(super) fn base(&self) -> String {
        format!("https://{}.test", self.name)
    }

    pub(super) fn identifier(&self) -> String {
        format!("{}/metadata", self.base())
    }

    pub(super) fn consumer(&self) -> String {
        format!("{}/acs", self.base())
    }

    fn section(&self) -> String {
        let Self { name, logout, more } = self;
        let endpoint = |protocol: &str, path: &str| {
            let address = format!("{}/{path}", self.base());
            format!("[[relying_party.saml_endpoint]]\nprotocol = {protocol:?}\naddress = {address:?}\n")
        };
        let logout = if *logout { endpoint("logout", "slo") + "binding = \"redirect\"\n" } else { String::new() };
        let consumer = endpoint("assertion-consumer", "acs");
        format!(
            "[[relying_party]]\nname = {name:?}\nidentifiers = [{:?}]\n\
             authorization_rules = \"claims-rules/office-365/authorization.rules\"\ntransform_rules = \"sp.rules\"\n\
             request_signing_certificates = \"sp.pem\"\nsigned_saml_requests_required = true\n{more}\n{consumer}{logout}\n",
            self.identifier()
        )
    }
}

/// Adds them to a lab.
pub(super) fn trusts(lab: &Lab, parties: &[Party]) {
    let sections: String = parties.iter().map(Party::section).collect();
    replace(lab, "fedgate.toml", "[control]", &format!("{sections}[control]"));
    fs::write(lab.path("sp.rules"), RULES).unwrap();
    fs::write(lab.path("sp.pem"), certificate(&KEY).to_pem().unwrap()).unwrap();
    fs::write(lab.path("sp.key"), KEY.private_key_to_pem_pkcs8().unwrap()).unwrap();
}

fn certificate(key: &PKey<Private>) -> X509 {
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    certificate.set_not_after(&Asn1Time::days_from_now(30).unwrap()).unwrap();
    certificate.set_pubkey(key).unwrap();
    certificate.sign(key, MessageDigest::sha256()).unwrap();
    certificate.build()
}
