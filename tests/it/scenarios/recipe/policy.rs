//! What the gateway is configured to do.

use super::{Method, Moment};
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
    pub(in crate::scenarios) authentication_policy: AuthenticationPolicy,
    pub(in crate::scenarios) sessions: Sessions,
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
    /// Empty for none.
    pub(in crate::scenarios) ws_fed_endpoint: String,
    pub(in crate::scenarios) additional_ws_fed_endpoints: Vec<String>,
    pub(in crate::scenarios) token_form: TokenForm,
    pub(in crate::scenarios) always_require_authentication: bool,
    pub(in crate::scenarios) password_demand: Option<PasswordDemand>,
    /// Where SAML 2.0 responses go.
    pub(in crate::scenarios) assertion_consumers: Vec<String>,
    pub(in crate::scenarios) signed_saml_requests_required: bool,
    /// The kind of key that assertions are encrypted to.
    pub(in crate::scenarios) encryption_key: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, Deserialize)]
pub(in crate::scenarios) enum TokenForm {
    #[default]
    #[serde(rename = "saml-1.1")]
    Saml11,
    #[serde(rename = "saml-2.0")]
    Saml20,
}

#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum PasswordDemand {
    #[default]
    Strict,
    FreshCertificate,
}

impl Default for RelyingParty {
    fn default() -> Self {
        Self {
            identifiers: vec!["urn:federation:MicrosoftOnline".to_owned()],
            enabled: true,
            access_control_policy: None,
            access_control_groups: Vec::new(),
            ws_fed_endpoint: "https://login.microsoftonline.com/login.srf".to_owned(),
            additional_ws_fed_endpoints: Vec::new(),
            token_form: TokenForm::default(),
            always_require_authentication: false,
            password_demand: None,
            assertion_consumers: vec!["https://sp.contoso.test/acs".to_owned()],
            signed_saml_requests_required: false,
            encryption_key: None,
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

/// How people may sign in; methods are `certificate`, `password` and `windows`.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct AuthenticationPolicy {
    pub(in crate::scenarios) primary_extranet: Vec<Method>,
    pub(in crate::scenarios) primary_intranet: Vec<Method>,
    pub(in crate::scenarios) additional: Vec<Method>,
    pub(in crate::scenarios) password_demand: PasswordDemand,
}

impl Default for AuthenticationPolicy {
    fn default() -> Self {
        let both = || vec![Method::Certificate, Method::Password];
        Self {
            primary_extranet: both(),
            primary_intranet: both(),
            additional: Vec::new(),
            password_demand: PasswordDemand::default(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Sessions {
    pub(in crate::scenarios) sso_lifetime_minutes: i64,
    pub(in crate::scenarios) loop_detection: bool,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { sso_lifetime_minutes: 480, loop_detection: true }
    }
}
