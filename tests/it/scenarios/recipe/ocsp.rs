//! The OCSP responders.

use super::{Extension, Moment, validity};
use serde::Deserialize;

/// The responder of one authority. That it is there says that the operator set `ocsp` for the authority.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Ocsp {
    pub(in crate::scenarios) mode: Mode,
    /// What the operator set as `ocsp_url`; empty for nothing.
    pub(in crate::scenarios) url: String,
    pub(in crate::scenarios) status: Status,
    /// As RFC 5280 section 5.3.1 spells it.
    pub(in crate::scenarios) reason: Option<String>,
    pub(in crate::scenarios) since: Moment,
    pub(in crate::scenarios) this_update: Moment,
    pub(in crate::scenarios) next_update: Moment,
    pub(in crate::scenarios) without_next_update: bool,
    /// Whose serial number it bears: `user` or one in hexadecimal.
    pub(in crate::scenarios) about: String,
    pub(in crate::scenarios) nonce: Nonce,
    /// Whose key signs it, if not that of whoever it names.
    pub(in crate::scenarios) signed_by: Option<String>,
    pub(in crate::scenarios) signed_with_sha1: bool,
    pub(in crate::scenarios) extensions: Vec<Extension>,
    /// The certificate of a responder of its own.
    pub(in crate::scenarios) responder: Option<Responder>,
    /// What comes of asking.
    pub(in crate::scenarios) served: Served,
}

impl Default for Ocsp {
    fn default() -> Self {
        let [this_update, next_update] = validity("2026-01-10", "2026-01-11");
        Self {
            mode: Mode::Instead,
            url: "http://ocsp.contoso.test/".to_owned(),
            status: Status::Good,
            reason: None,
            since: validity("2026-01-01", "2026-01-01")[0],
            this_update,
            next_update,
            without_next_update: false,
            about: "user".to_owned(),
            nonce: Nonce::Repeated,
            signed_by: None,
            signed_with_sha1: false,
            extensions: Vec::new(),
            responder: None,
            served: Served::Whole,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Mode {
    Fallback,
    Instead,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Status {
    Good,
    Revoked,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Nonce {
    Repeated,
    Missing,
    Other,
}

/// A certificate issued for OCSP signing.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Responder {
    pub(in crate::scenarios) issuer: Option<String>,
    pub(in crate::scenarios) extended_key_usages: Vec<String>,
    pub(in crate::scenarios) validity: [Moment; 2],
}

impl Default for Responder {
    fn default() -> Self {
        Self {
            issuer: None,
            extended_key_usages: vec!["1.3.6.1.5.5.7.3.9".to_owned()],
            validity: validity("2026-01-01", "2026-02-01"),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Served {
    #[default]
    Whole,
    /// This text instead.
    Text(String),
    /// `OCSPResponseStatus` and nothing else.
    ResponseStatus(u8),
    Unreachable,
    TimedOut,
    HttpStatus(u16),
    TooLarge,
    AddressUnusable,
}
