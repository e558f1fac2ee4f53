//! Distinguished names: the signed octets, and the texts the field expects, each made once when first asked for.

use super::{CertificateError, name_matching, name_text};
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;
use x509_parser::asn1_rs::FromDer;
use x509_parser::x509::X509Name;

/// A distinguished name. Two names are equal when their DER is; [`Self::matches`] is the looser question of RFC 5280.
#[derive(Debug, Clone)]
pub struct DistinguishedName {
    der: Box<[u8]>,
    dotnet: OnceLock<String>,
    rfc4514: OnceLock<String>,
    in_der_order: OnceLock<String>,
    matching_key: OnceLock<Box<[u8]>>,
}

impl DistinguishedName {
    /// Reads a DER `Name` (RFC 5280 section 4.1.2.4); the whole input must be one name.
    pub fn read_der(der: &[u8]) -> Result<Self, CertificateError> {
        match X509Name::from_der(der) {
            Ok(([], name)) => Ok(Self::from_parsed(&name)),
            Ok((rest, _)) => Err(CertificateError::TrailingBytes { count: rest.len() }),
            Err(_) => Err(CertificateError::NotACertificate),
        }
    }

    pub(super) fn from_parsed(name: &X509Name<'_>) -> Self {
        Self {
            der: name.as_raw().into(),
            dotnet: OnceLock::new(),
            rfc4514: OnceLock::new(),
            in_der_order: OnceLock::new(),
            matching_key: OnceLock::new(),
        }
    }

    /// The name as it was signed.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The name is the empty sequence.
    pub fn is_empty(&self) -> bool {
        self.der.len() <= 2
    }

    /// The same name up to string type, ASCII case and blanks (RFC 5280 section 7.1): how an issuer is recognised.
    pub fn matches(&self, other: &Self) -> bool {
        self.der == other.der || self.matching_key() == other.matching_key()
    }

    /// Whether this name lies in the subtree that begins at `base`: the same, or more RDNs below it (RFC 5280 section 7.1).
    pub fn is_within(&self, base: &Self) -> bool {
        base.is_empty() || self.matching_key().starts_with(base.matching_key())
    }

    /// The values of every `emailAddress` attribute.
    pub fn email_addresses(&self) -> Vec<String> {
        name_text::email_addresses(&self.der)
    }

    /// Equal for names that match; an index key.
    pub fn matching_key(&self) -> &[u8] {
        self.matching_key.get_or_init(|| name_matching::key(&self.der))
    }

    /// As `X500DistinguishedName.Name` prints it: leaf first, `, ` between, `S=` and `E=` (ADFS-PROTOCOLS section 9.2).
    pub fn dotnet(&self) -> &str {
        self.dotnet.get_or_init(|| name_text::dotnet(&self.der))
    }

    /// As LDAP writes it (RFC 4514).
    pub fn rfc4514(&self) -> &str {
        self.rfc4514.get_or_init(|| name_text::rfc4514(&self.der))
    }

    /// Root first, `,` without a blank, spelled as [`Self::dotnet`]: the form inside `X509:<I>` and `X509:<S>`
    /// (ENTRA-CBA section 1.9.4).
    pub fn in_der_order(&self) -> &str {
        self.in_der_order.get_or_init(|| name_text::in_der_order(&self.der))
    }
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for DistinguishedName {}

impl Hash for DistinguishedName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.der.hash(state);
    }
}
