//! What the gateway is configured to do.

use super::Moment;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Settings by the names they have in `fedgate.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Policy {
    pub(in crate::scenarios) service: Service,
    pub(in crate::scenarios) proxy: Proxy,
    pub(in crate::scenarios) extranet_lockout: ExtranetLockout,
    /// Signed messages that can be remembered.
    pub(in crate::scenarios) signed_messages: Option<usize>,
    pub(in crate::scenarios) trust: Trust,
    pub(in crate::scenarios) revocation: Revocation,
    pub(in crate::scenarios) subject: Subject,
    pub(in crate::scenarios) relying_party: RelyingParty,
    pub(in crate::scenarios) limits: Limits,
    pub(in crate::scenarios) token_signing: TokenSigning,
    pub(in crate::scenarios) additional_authentication: AdditionalAuthentication,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Service {
    pub(in crate::scenarios) clock_skew_seconds: i64,
    pub(in crate::scenarios) token_lifetime_minutes: i64,
}

impl Default for Service {
    fn default() -> Self {
        Self { clock_skew_seconds: 300, token_lifetime_minutes: 60 }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Proxy {
    pub(in crate::scenarios) trusted_peers: Vec<String>,
    pub(in crate::scenarios) exchange_online: Vec<String>,
    pub(in crate::scenarios) corporate_networks: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct ExtranetLockout {
    pub(in crate::scenarios) mode: LockoutMode,
    pub(in crate::scenarios) threshold: u32,
    pub(in crate::scenarios) most_names: usize,
    /// Other names that are locked already.
    pub(in crate::scenarios) locked_names: usize,
}

impl Default for ExtranetLockout {
    fn default() -> Self {
        Self { mode: LockoutMode::Enforce, threshold: 10, most_names: 1_000, locked_names: 0 }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum LockoutMode {
    Enforce,
    LogOnly,
    Off,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Trust {
    pub(in crate::scenarios) minimum_rsa_bits: Option<u32>,
    pub(in crate::scenarios) minimum_ec_bits: Option<u32>,
    pub(in crate::scenarios) maximum_depth: Option<usize>,
    pub(in crate::scenarios) strict_profile: bool,
    pub(in crate::scenarios) certificate_policies: Vec<String>,
    pub(in crate::scenarios) explicit_policy: bool,
    pub(in crate::scenarios) allow_sha1: bool,
    pub(in crate::scenarios) extended_key_usages: Option<Vec<String>>,
}

/// URLs by authority, as `[[revocation.authority]]` would give them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Revocation {
    pub(in crate::scenarios) crl_distribution_point: BTreeMap<String, String>,
    pub(in crate::scenarios) exempt_until: BTreeMap<String, Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Subject {
    pub(in crate::scenarios) bindings: Option<Vec<String>>,
    pub(in crate::scenarios) account_filter: Option<String>,
    pub(in crate::scenarios) require_equal_serial_attribute: Option<String>,
    pub(in crate::scenarios) require_equal_issuer_attribute: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct RelyingParty {
    pub(in crate::scenarios) identifiers: Vec<String>,
    pub(in crate::scenarios) enabled: bool,
    /// In place of authorization rules.
    pub(in crate::scenarios) access_control_policy: Option<String>,
    pub(in crate::scenarios) access_control_groups: Vec<String>,
}

impl Default for RelyingParty {
    fn default() -> Self {
        Self {
            identifiers: vec!["urn:federation:MicrosoftOnline".to_owned()],
            enabled: true,
            access_control_policy: None,
            access_control_groups: Vec::new(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Limits {
    pub(in crate::scenarios) xml_depth: Option<usize>,
    pub(in crate::scenarios) xml_attributes: Option<usize>,
    pub(in crate::scenarios) xml_text_bytes: Option<usize>,
    pub(in crate::scenarios) claim_combinations: Option<usize>,
    pub(in crate::scenarios) claims: Option<usize>,
    pub(in crate::scenarios) store_queries: Option<usize>,
    pub(in crate::scenarios) regex_steps: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct AdditionalAuthentication {
    pub(in crate::scenarios) certificate: Certificate,
}

/// What a certificate counts as.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Certificate {
    #[default]
    SingleFactor,
    MultiFactor,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct TokenSigning {
    /// The key's device is gone.
    pub(in crate::scenarios) broken: bool,
}
