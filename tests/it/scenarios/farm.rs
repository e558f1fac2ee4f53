//! The gateway of a scenario: what it is configured to do.

use super::pki::{Authority, Pki};
use super::recipe::{self, Container, Policy, Scenario};
use super::{Mistake, front_door, keys};
use fedgate::certificate::Certificate;
use fedgate::chain::{ChainPolicy, TrustStore};
use fedgate::claims::access_control::AccessControlPolicy;
use fedgate::claims::{self, language};
use fedgate::directory::Filter;
use fedgate::federation::{
    AdditionalAuthentication, ClaimsProviderTrust, ContextPolicy, Farm, RelyingPartyTrust, RelyingPartyTrusts,
};
use fedgate::lookups::AddressRange;
use fedgate::revocation::ocsp::{OcspMode, OcspSettings};
use fedgate::revocation::{AuthoritySettings, Exemption, RevocationPolicy};
use fedgate::sign_in::RequestPolicy;
use fedgate::sign_in::lockout::{Lockout, LockoutKey, LockoutMode, LockoutPolicy};
use fedgate::sign_in::seen_messages::SeenMessages;
use fedgate::subject::{Binding, SubjectPolicy};
use fedgate::token::Signer;
use fedgate::xml::reader::XmlLimits;
use jiff::SignedDuration;
use std::path::Path;
use std::sync::Arc;

pub(super) fn build(scenario: &Scenario, pki: &Pki) -> Result<Farm, Mistake> {
    let (policy, rules) = (&scenario.policy, &scenario.rules);
    let trust = TrustStore::build(pki.installed(Container::Roots), pki.installed(Container::Intermediates));
    let limits = claim_limits(policy);
    let rule_set = |own: &Option<String>, file: &str| rule_set(own, file, &limits);
    let (authorization, additional_authentication) = match &policy.relying_party.access_control_policy {
        Some(name) => {
            let known = AccessControlPolicy::read(name).ok_or_else(|| format!("{name:?} is no policy"))?;
            known.rules(&policy.relying_party.access_control_groups)?
        }
        None => (
            rule_set(&rules.authorization, "office-365/authorization.rules")?,
            rule_set(&Some(rules.additional_authentication.clone().unwrap_or_default()), "additional.rules")?,
        ),
    };
    let relying_party = RelyingPartyTrust {
        name: "Microsoft Office 365 Identity Platform".to_owned(),
        identifiers: policy.relying_party.identifiers.clone(),
        enabled: policy.relying_party.enabled,
        authorization,
        additional_authentication,
        delegation_authorization: language::RuleSet::default(),
        impersonation_authorization: language::RuleSet::default(),
        transform: rule_set(&rules.transform, "office-365/transform.rules")?,
        ..RelyingPartyTrust::default()
    };
    let relying_party = front_door::for_browsers(relying_party, &policy.relying_party)?;
    let payroll = front_door::payroll(RelyingPartyTrust {
        authorization: rule_set(&None, "office-365/authorization.rules")?,
        transform: rule_set(&None, "office-365/transform.rules")?,
        ..RelyingPartyTrust::default()
    })?;
    let signer: Arc<dyn Signer> =
        if policy.token_signing.broken { Arc::new(keys::BrokenSigner) } else { keys::token_signer()? };
    Ok(Farm {
        identifier: "http://sts.contoso.test/adfs/services/trust".to_owned(),
        token_lifetime: SignedDuration::from_mins(policy.service.token_lifetime_minutes),
        request: request_policy(policy),
        request_context: context_policy(policy)?,
        lockout: Arc::new(lockout(scenario)),
        seen_messages: Arc::new(policy.signed_messages.map_or_else(SeenMessages::default, SeenMessages::holding)),
        trust: trust.map_err(|problems| format!("the containers: {problems:?}"))?,
        chain: chain_policy(policy),
        revocation: revocation_policy(scenario, pki)?,
        subject: subject_policy(policy)?,
        claims_provider: ClaimsProviderTrust {
            acceptance: rule_set(&rules.acceptance, "active-directory/acceptance.rules")?,
        },
        relying_parties: RelyingPartyTrusts::new([relying_party, payroll])?,
        additional_authentication: AdditionalAuthentication {
            rules: rule_set(&Some(rules.global_additional_authentication.clone().unwrap_or_default()), "all.rules")?,
            certificate_is_multi_factor: policy.additional_authentication.certificate == recipe::Factors::MultiFactor,
        },
        authentication_policy: front_door::authentication_policy(policy),
        sessions: front_door::sessions(policy),
        claim_limits: limits,
        signer,
        next_signing_certificate: None,
    })
}

fn lockout(scenario: &Scenario) -> Lockout {
    let said = &scenario.policy.extranet_lockout;
    let policy = LockoutPolicy {
        mode: match said.mode {
            recipe::LockoutMode::Enforce => LockoutMode::Enforce,
            recipe::LockoutMode::LogOnly => LockoutMode::LogOnly,
            recipe::LockoutMode::Off => LockoutMode::Off,
        },
        threshold: said.threshold,
        window: SignedDuration::from_mins(30),
        most_accounts: said.most_names,
    };
    let lockout = Lockout::new(policy);
    for name in 0..said.locked_names {
        let key = LockoutKey::nobody(&name.to_string());
        for _ in 0..said.threshold {
            let _ = lockout.begin(key, &[], scenario.at.0);
        }
    }
    lockout
}

/// The scenario's rules, or else those that come with the product.
fn rule_set(own: &Option<String>, file: &str, limits: &claims::Limits) -> Result<language::RuleSet, Mistake> {
    let text = match own {
        Some(text) => text.clone(),
        None => std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("claims-rules").join(file))?,
    };
    language::parse_within(file, &text, language::Strictness::Strict, limits)
        .map_err(|diagnostics| diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into())
}

fn claim_limits(policy: &Policy) -> claims::Limits {
    let (limits, usual) = (&policy.limits, claims::Limits::default());
    claims::Limits {
        tuples: limits.claim_combinations.unwrap_or(usual.tuples),
        claims: limits.claims.unwrap_or(usual.claims),
        store_queries: limits.store_queries.unwrap_or(usual.store_queries),
        regex_backtracks: limits.regex_steps.unwrap_or(usual.regex_backtracks),
        ..usual
    }
}

fn request_policy(policy: &Policy) -> RequestPolicy {
    let (limits, usual) = (&policy.limits, XmlLimits::default());
    RequestPolicy {
        xml: XmlLimits {
            depth: limits.xml_depth.unwrap_or(usual.depth),
            attributes: limits.xml_attributes.unwrap_or(usual.attributes),
            text_bytes: limits.xml_text_bytes.unwrap_or(usual.text_bytes),
        },
        clock_skew: SignedDuration::from_secs(policy.service.clock_skew_seconds),
        service_name: "sts.contoso.test".into(),
    }
}

fn context_policy(policy: &Policy) -> Result<ContextPolicy, Mistake> {
    let range = |text: &String| {
        AddressRange::parse(text).ok_or_else(|| Mistake::from(format!("{text:?} is no range of addresses")))
    };
    let ranges = |texts: &[String]| texts.iter().map(range).collect::<Result<Vec<_>, _>>();
    Ok(ContextPolicy {
        trusted_peers: ranges(&policy.proxy.trusted_peers)?,
        exchange_online: ranges(&policy.proxy.exchange_online)?,
        corporate_networks: ranges(&policy.proxy.corporate_networks)?,
    })
}

fn chain_policy(policy: &Policy) -> ChainPolicy {
    let (trust, usual) = (&policy.trust, ChainPolicy::default());
    ChainPolicy {
        minimum_rsa_bits: trust.minimum_rsa_bits.unwrap_or(usual.minimum_rsa_bits),
        minimum_ec_bits: trust.minimum_ec_bits.unwrap_or(usual.minimum_ec_bits),
        maximum_depth: trust.maximum_depth.unwrap_or(usual.maximum_depth),
        allow_sha1: trust.allow_sha1,
        extended_key_usages: trust.extended_key_usages.clone().unwrap_or_else(|| usual.extended_key_usages.clone()),
        strict_profile: trust.strict_profile,
        initial_policies: trust.certificate_policies.clone(),
        explicit_policy: trust.explicit_policy,
        ..usual
    }
}

fn revocation_policy(scenario: &Scenario, pki: &Pki) -> Result<RevocationPolicy, Mistake> {
    let policy = &scenario.policy;
    let clock_skew = SignedDuration::from_secs(policy.service.clock_skew_seconds);
    let signer_paths = RevocationPolicy::signer_paths(chain_policy(policy));
    let mut revocation = RevocationPolicy { clock_skew, signer_paths, ..RevocationPolicy::default() };
    for (name, url) in &policy.revocation.crl_distribution_point {
        let certificate = Certificate::read_der(&pki.authority(name)?.der)?;
        let crl_distribution_points = vec![url.clone()];
        let settings =
            AuthoritySettings { name: name.clone(), crl_distribution_points, ..AuthoritySettings::default() };
        revocation.authorities.insert(*certificate.fingerprint(), settings);
    }
    for (name, until) in &policy.revocation.exempt_until {
        let certificate = Certificate::read_der(&pki.authority(name)?.der)?;
        let settings = revocation.authorities.entry(*certificate.fingerprint()).or_default();
        settings.exemption = Some(Exemption { reason: "its server moves".to_owned(), until: until.0 });
    }
    for Authority { der, .. } in pki.authorities.values().filter(|known| known.installed == Container::Intermediates) {
        revocation.crl_signers.push(Arc::new(Certificate::read_der(der)?));
    }
    for (name, recipe) in &scenario.ocsp {
        let certificate = Certificate::read_der(&pki.authority(name)?.der)?;
        let mode = match recipe.mode {
            recipe::OcspMode::Fallback => OcspMode::Fallback,
            recipe::OcspMode::Instead => OcspMode::Instead,
        };
        let ocsp = OcspSettings { mode, url: Some(recipe.url.clone()).filter(|url| !url.is_empty()), nonce: true };
        revocation.authorities.entry(*certificate.fingerprint()).or_default().ocsp = ocsp;
    }
    Ok(revocation)
}

/// The bindings in the order a configuration has without saying so.
fn subject_policy(policy: &Policy) -> Result<SubjectPolicy, Mistake> {
    let subject = &policy.subject;
    let usual = || [Binding::AltSecurityIdentities, Binding::UserPrincipalName, Binding::Rfc822].to_vec();
    let binding = |name: &String| {
        let known =
            [Binding::AltSecurityIdentities, Binding::UserCertificate, Binding::UserPrincipalName, Binding::Rfc822];
        let found = known.into_iter().find(|binding| binding.to_string() == *name);
        found.ok_or_else(|| Mistake::from(format!("{name:?} is no binding")))
    };
    Ok(SubjectPolicy {
        bindings: match &subject.bindings {
            Some(names) => names.iter().map(binding).collect::<Result<_, _>>()?,
            None => usual(),
        },
        account_filter: subject.account_filter.as_deref().map(Filter::parse).transpose()?,
        require_equal_serial_attribute: subject.require_equal_serial_attribute.clone(),
        require_equal_issuer_attribute: subject.require_equal_issuer_attribute.clone(),
        netbios_domain: "CONTOSO".to_owned(),
    })
}
