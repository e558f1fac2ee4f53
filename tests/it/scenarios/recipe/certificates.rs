//! The user's certificate and the authorities.

use super::{Moment, Texts, validity};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct UserCertificate {
    /// Common name.
    pub(in crate::scenarios) subject: String,
    pub(in crate::scenarios) upn: Texts,
    pub(in crate::scenarios) mail: Texts,
    /// `p256`, `rsa-2048`, or `x25519`, which can sign nothing.
    pub(in crate::scenarios) key: String,
    /// An authority.
    pub(in crate::scenarios) issuer: String,
    /// Hexadecimal.
    pub(in crate::scenarios) serial: String,
    pub(in crate::scenarios) validity: [Moment; 2],
    pub(in crate::scenarios) key_usage: Vec<String>,
    pub(in crate::scenarios) extended_key_usages: Vec<String>,
    pub(in crate::scenarios) policies: Vec<String>,
    pub(in crate::scenarios) extensions: Vec<Extension>,
    /// URLs of the distribution points; its authority's unless given.
    pub(in crate::scenarios) crl: Option<Vec<String>>,
    /// The authority that its distribution point names as the CRL's issuer.
    pub(in crate::scenarios) crl_issuer: Option<String>,
    /// Authorities whose certificates the client sends along.
    pub(in crate::scenarios) sends: Vec<String>,
    /// So many authorities that all certify each other are sent along, the last of them in place of the issuer.
    pub(in crate::scenarios) sends_maze: usize,
    pub(in crate::scenarios) authority_key_identifier: bool,
    pub(in crate::scenarios) signed_with_sha1: bool,
    pub(in crate::scenarios) damage: Option<Damage>,
}

impl Default for UserCertificate {
    fn default() -> Self {
        Self {
            subject: "Alice Adams".to_owned(),
            upn: Texts::One("alice@contoso.test".to_owned()),
            mail: Texts::Several(Vec::new()),
            key: "p256".to_owned(),
            issuer: "issuing".to_owned(),
            serial: "1A00C3D4E5F6".to_owned(),
            validity: validity("2025-06-01", "2027-06-01"),
            key_usage: vec!["digitalSignature".to_owned()],
            extended_key_usages: vec!["clientAuth".to_owned(), "smartCardLogon".to_owned()],
            policies: Vec::new(),
            extensions: Vec::new(),
            crl: None,
            crl_issuer: None,
            sends: Vec::new(),
            sends_maze: 0,
            authority_key_identifier: true,
            signed_with_sha1: false,
            damage: None,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Damage {
    /// A bit of the signature is turned over.
    Signature,
    /// The second half is missing.
    Halved,
    /// An octet follows that belongs to nothing.
    Trailing,
}

/// An extension that has no key of its own here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenarios) struct Extension {
    pub(in crate::scenarios) oid: String,
    #[serde(default)]
    pub(in crate::scenarios) critical: bool,
    /// Hexadecimal.
    pub(in crate::scenarios) der: String,
}

/// A certificate authority. `root` and `issuing` are always there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Authority {
    /// Common name.
    pub(in crate::scenarios) name: Option<String>,
    /// Another authority, or itself.
    pub(in crate::scenarios) issuer: Option<String>,
    pub(in crate::scenarios) key: Option<String>,
    /// It has the key of this authority: a renewal, or a cross certificate.
    pub(in crate::scenarios) key_of: Option<String>,
    pub(in crate::scenarios) validity: Option<[Moment; 2]>,
    /// The container it is installed in.
    pub(in crate::scenarios) installed: Option<Container>,
    /// False for a certificate that is no authority's and issues all the same.
    pub(in crate::scenarios) ca: Option<bool>,
    pub(in crate::scenarios) path_length: Option<u8>,
    pub(in crate::scenarios) key_usage: Option<Vec<String>>,
    pub(in crate::scenarios) extended_key_usages: Vec<String>,
    pub(in crate::scenarios) permitted_names: Vec<String>,
    pub(in crate::scenarios) excluded_names: Vec<String>,
    pub(in crate::scenarios) extensions: Vec<Extension>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Container {
    Roots,
    Intermediates,
    Nowhere,
}
