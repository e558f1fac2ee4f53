//! The CRLs.

use super::{Extension, Moment, validity};
use serde::Deserialize;

/// The CRL of one authority.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Crl {
    pub(in crate::scenarios) revoked: Vec<Revoked>,
    pub(in crate::scenarios) this_update: Moment,
    pub(in crate::scenarios) next_update: Moment,
    pub(in crate::scenarios) without_next_update: bool,
    pub(in crate::scenarios) number: u8,
    /// Whose name it bears, if not its authority's.
    pub(in crate::scenarios) issuer: Option<String>,
    /// Whose key identifier it bears, if not its authority's.
    pub(in crate::scenarios) key_identifier: Option<String>,
    /// Whose key signs it, if not its authority's.
    pub(in crate::scenarios) signed_by: Option<String>,
    pub(in crate::scenarios) signed_with_sha1: bool,
    pub(in crate::scenarios) scope: Option<Scope>,
    /// Number of the CRL that this one, a delta, amends.
    pub(in crate::scenarios) delta_of: Option<u8>,
    /// The delta CRL that is announced for it; itself a CRL with `delta_of`.
    pub(in crate::scenarios) delta: Option<Box<Crl>>,
    pub(in crate::scenarios) extensions: Vec<Extension>,
    pub(in crate::scenarios) pem: bool,
    /// What comes of asking for it.
    pub(in crate::scenarios) served: Served,
}

impl Default for Crl {
    fn default() -> Self {
        let [this_update, next_update] = validity("2026-01-09", "2026-01-16");
        Self {
            revoked: Vec::new(),
            this_update,
            next_update,
            without_next_update: false,
            number: 1,
            issuer: None,
            key_identifier: None,
            signed_by: None,
            signed_with_sha1: false,
            scope: None,
            delta_of: None,
            delta: None,
            extensions: Vec::new(),
            pem: false,
            served: Served::Whole,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenarios) struct Revoked {
    /// `user`, an authority, or a serial number in hexadecimal.
    pub(in crate::scenarios) certificate: String,
    /// As RFC 5280 section 5.3.1 spells it.
    pub(in crate::scenarios) reason: Option<String>,
    /// The authority whose certificate it is, if not the CRL's own (RFC 5280 section 5.3.3).
    pub(in crate::scenarios) issuer: Option<String>,
    #[serde(default = "new_year")]
    pub(in crate::scenarios) since: Moment,
}

/// The issuing distribution point (RFC 5280 section 5.2.5).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Scope {
    pub(in crate::scenarios) distribution_point: Option<String>,
    pub(in crate::scenarios) only_users: bool,
    pub(in crate::scenarios) only_authorities: bool,
    pub(in crate::scenarios) only_some_reasons: bool,
    pub(in crate::scenarios) indirect: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Served {
    #[default]
    Whole,
    /// This text instead.
    Text(String),
    Unreachable,
    TimedOut,
    HttpStatus(u16),
    BrokenOff,
    TooLarge,
    UnsupportedScheme,
    RolledBack,
    /// Its address is that of a cloud's metadata.
    AddressForbidden,
    Redirected,
    Compressed,
    /// The lookup does not answer the question at all: a defect of ours.
    Unanswered,
}

fn new_year() -> Moment {
    validity("2026-01-01", "2026-01-01")[0]
}
