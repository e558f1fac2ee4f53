//! What a scenario's gateway is configured to do for browsers.

use super::recipe::{self, Policy};
use super::{Mistake, keys};
use fedgate::federation::prompt::{AuthenticationPolicy, PasswordDemand};
use fedgate::federation::saml_request::AssertionConsumer;
use fedgate::federation::{RelyingPartyTrust, ReplyAddresses, SamlTrust, TokenForm};
use fedgate::sign_in::session::{LoopPolicy, SessionPolicy};
use jiff::SignedDuration;
use openssl::x509::X509;
use rcgen::{CertificateParams, SerialNumber};
use url::Url;

/// A trust as the scenario has it, with what browsers need of it.
pub(super) fn for_browsers(
    trust: RelyingPartyTrust,
    says: &recipe::RelyingParty,
) -> Result<RelyingPartyTrust, Mistake> {
    let first = Some(&says.ws_fed_endpoint).filter(|first| !first.is_empty());
    let endpoints = first.into_iter().chain(&says.additional_ws_fed_endpoints);
    Ok(RelyingPartyTrust {
        reply_addresses: ReplyAddresses::new(endpoints.map(|url| Url::parse(url)).collect::<Result<_, _>>()?),
        token_form: match says.token_form {
            recipe::TokenForm::Saml11 => TokenForm::Saml11,
            recipe::TokenForm::Saml20 => TokenForm::Saml20,
        },
        always_require_authentication: says.always_require_authentication,
        password_demand: says.password_demand.map(password_demand),
        saml: saml(says)?,
        ..trust
    })
}

fn saml(says: &recipe::RelyingParty) -> Result<SamlTrust, Mistake> {
    let consumers = says.assertion_consumers.iter().zip(0..);
    let consumer =
        |(address, index): (&String, u16)| AssertionConsumer { index, address: address.clone(), is_default: false };
    let encryption_certificate = match &says.encryption_key {
        Some(kind) => {
            let key = keys::key("the relying party", kind)?;
            let mut parameters = CertificateParams::default();
            parameters.serial_number = Some(SerialNumber::from_slice(&[2]));
            Some(X509::from_der(parameters.self_signed(&*key)?.der())?)
        }
        None => None,
    };
    Ok(SamlTrust {
        consumers: consumers.map(consumer).collect(),
        signed_requests_required: says.signed_saml_requests_required,
        encryption_certificate,
        ..SamlTrust::default()
    })
}

/// Another application, which is always there.
pub(super) fn payroll(rules: RelyingPartyTrust) -> Result<RelyingPartyTrust, Mistake> {
    Ok(RelyingPartyTrust {
        name: "Payroll".to_owned(),
        identifiers: vec!["urn:contoso:payroll".to_owned()],
        enabled: true,
        reply_addresses: ReplyAddresses::new(vec![Url::parse("https://payroll.contoso.test/")?]),
        ..rules
    })
}

pub(super) fn authentication_policy(policy: &Policy) -> AuthenticationPolicy {
    let says = &policy.authentication_policy;
    let methods = |methods: &[recipe::Method]| methods.iter().map(|method| method.of_the_product()).collect();
    AuthenticationPolicy {
        primary_intranet: methods(&says.primary_intranet),
        primary_extranet: methods(&says.primary_extranet),
        additional: methods(&says.additional),
        certificate_is_multi_factor: policy.additional_authentication.certificate == recipe::Factors::MultiFactor,
        password_demand: password_demand(says.password_demand),
    }
}

pub(super) fn sessions(policy: &Policy) -> SessionPolicy {
    SessionPolicy {
        lifetime: SignedDuration::from_mins(policy.sessions.sso_lifetime_minutes),
        loops: policy.sessions.loop_detection.then(LoopPolicy::default),
    }
}

fn password_demand(says: recipe::PasswordDemand) -> PasswordDemand {
    match says {
        recipe::PasswordDemand::Strict => PasswordDemand::Strict,
        recipe::PasswordDemand::FreshCertificate => PasswordDemand::FreshCertificate,
    }
}
