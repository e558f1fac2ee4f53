//! A read-only view of one certificate: names, serial number, alternative names, key, extensions. Nothing is judged here.
//!
//! [`Certificate::read_der`] refuses what is not exactly one certificate; whether a certificate may be *believed* is
//! decided by [`crate::chain`] and [`crate::revocation`].

mod attribute_string;
mod error;
mod extensions;
mod general_name;
pub mod hexadecimal;
mod key_usage;
mod name;
mod name_constraints;
mod name_matching;
mod name_text;
mod oid;
mod policies;
mod public_key;
mod read;
mod serial;
mod signature;
mod template;

pub use error::CertificateError;
pub use general_name::GeneralName;
pub use key_usage::{BasicConstraints, KeyUsage};
pub use name::DistinguishedName;
pub use name_constraints::{NameConstraints, Subtree, SubtreeBase};
pub use policies::{PolicyConstraints, PolicyMapping};
pub use public_key::{KeyKind, PublicKeyInfo};
pub use serial::SerialNumber;
pub use signature::SignatureDigest;
pub use template::CertificateTemplate;

use extensions::Extensions;
use jiff::Timestamp;

/// One certificate, owned and immutable. Share it behind an `Arc`.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Box<[u8]>,
    version: u32,
    fingerprint: [u8; 32],
    sha1_thumbprint: [u8; 20],
    subject: DistinguishedName,
    issuer: DistinguishedName,
    serial: SerialNumber,
    not_before: Timestamp,
    not_after: Timestamp,
    public_key: PublicKeyInfo,
    signature_algorithm: String,
    signature_digest: SignatureDigest,
    extensions: Extensions,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads exactly one DER certificate (RFC 5280 section 4.1). Bytes after it are refused, so that one certificate has
    /// one fingerprint.
    pub fn read_der(der: &[u8]) -> Result<Self, CertificateError> {
        read::certificate(der)
    }

    /// The bytes this view was read from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The version as people count: 3 for X.509 version 3, written as 2 (RFC 5280 section 4.1.2.1).
    pub fn version(&self) -> u32 {
        self.version
    }

    /// SHA-256 of the DER.
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// SHA-1 of the DER: what Windows calls the thumbprint and `X509:<SHA1-PUKEY>` carries. An identifier, never a proof.
    pub fn sha1_thumbprint(&self) -> [u8; 20] {
        self.sha1_thumbprint
    }

    /// Whom the certificate is for.
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// Who signed it, by name.
    pub fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// The serial number; its `Display` is the .NET form.
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// First moment of validity.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last moment of validity (inclusive, RFC 5280 section 4.1.2.5).
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Every subject alternative name in certificate order (RFC 5280 section 4.2.1.6).
    pub fn subject_alternative_names(&self) -> &[GeneralName] {
        &self.extensions.subject_alternative_names
    }

    /// The Microsoft user principal names among the alternative names.
    pub fn user_principal_names(&self) -> impl Iterator<Item = &str> {
        self.subject_alternative_names().iter().filter_map(|name| match name {
            GeneralName::UserPrincipalName(value) => Some(value.as_str()),
            _ => None,
        })
    }

    /// The e-mail addresses among the alternative names.
    pub fn rfc822_names(&self) -> impl Iterator<Item = &str> {
        self.subject_alternative_names().iter().filter_map(|name| match name {
            GeneralName::Rfc822(value) => Some(value.as_str()),
            _ => None,
        })
    }

    /// Dotted OIDs of the extended key usage; `None` when the extension is absent (any use).
    pub fn extended_key_usage(&self) -> Option<&[String]> {
        self.extensions.extended_key_usage.as_deref()
    }

    /// The key usage bits, if the extension is there.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions.key_usage
    }

    /// The basic constraints, if the extension is there.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.extensions.basic_constraints
    }

    /// Subject key identifier octets.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.subject_key_identifier.as_deref()
    }

    /// The key identifier inside the authority key identifier.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.authority_key_identifier.as_deref()
    }

    /// The names of the issuer's issuer inside the authority key identifier; seldom given.
    pub fn authority_issuer(&self) -> &[GeneralName] {
        &self.extensions.authority_issuer
    }

    /// The serial number of the issuer's certificate inside the authority key identifier; seldom given.
    pub fn authority_serial(&self) -> Option<&SerialNumber> {
        self.extensions.authority_serial.as_ref()
    }

    /// The URLs of the CRL distribution points in certificate order, whatever their scheme.
    pub fn crl_distribution_points(&self) -> &[String] {
        &self.extensions.crl_distribution_points
    }

    /// The URLs of the OCSP responders that its authority information access names, in certificate order.
    pub fn ocsp_urls(&self) -> &[String] {
        &self.extensions.ocsp_urls
    }

    /// An OCSP responder's certificate of which its issuer says that its own revocation need not be asked (RFC 6960
    /// section 4.2.2.2.1).
    pub fn has_ocsp_no_check(&self) -> bool {
        self.extensions.ocsp_no_check
    }

    /// The whole value of the CRL distribution points, for who needs their reasons and CRL issuers too.
    pub fn crl_distribution_points_der(&self) -> Option<&[u8]> {
        self.extensions.crl_distribution_points_der.as_deref()
    }

    /// The value of `freshestCRL` (RFC 5280 section 4.2.1.15): where delta CRLs are.
    pub fn freshest_crl_der(&self) -> Option<&[u8]> {
        self.extensions.freshest_crl_der.as_deref()
    }

    /// Dotted OIDs of the certificate policies.
    pub fn certificate_policies(&self) -> &[String] {
        &self.extensions.certificate_policies
    }

    /// Which of the issuer's policies count as which of the subject's.
    pub fn policy_mappings(&self) -> &[PolicyMapping] {
        &self.extensions.policy_mappings
    }

    /// The policy constraints, if the extension is there.
    pub fn policy_constraints(&self) -> Option<PolicyConstraints> {
        self.extensions.policy_constraints
    }

    /// After how many certificates `anyPolicy` no longer counts, if the extension is there.
    pub fn inhibit_any_policy(&self) -> Option<u32> {
        self.extensions.inhibit_any_policy
    }

    /// The name constraints, if the extension is there.
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.extensions.name_constraints.as_ref()
    }

    /// Whether the extension 2.5.29.`last` of RFC 5280 is there and critical. `last` is below 64.
    pub fn is_critical(&self, last: u8) -> bool {
        last < 64 && self.extensions.critical & (1 << last) != 0
    }

    /// Dotted OIDs of Microsoft's application policies. Nothing here enforces them.
    pub fn application_policies(&self) -> &[String] {
        &self.extensions.application_policies
    }

    /// The name of the version 1 template it was made from.
    pub fn template_name(&self) -> Option<&str> {
        self.extensions.template_name.as_deref()
    }

    /// The version 2 template it was made from.
    pub fn template(&self) -> Option<&CertificateTemplate> {
        self.extensions.template.as_ref()
    }

    /// The subject's public key.
    pub fn public_key(&self) -> &PublicKeyInfo {
        &self.public_key
    }

    /// Dotted OID of the algorithm that signed this certificate.
    pub fn signature_algorithm(&self) -> &str {
        &self.signature_algorithm
    }

    /// The digest inside the signature, for RSASSA-PSS read from its parameters.
    pub fn signature_digest(&self) -> SignatureDigest {
        self.signature_digest
    }

    /// Critical extensions that nobody here knows; RFC 5280 section 4.2 demands refusal.
    pub fn unhandled_critical_extensions(&self) -> &[String] {
        &self.extensions.unhandled_critical
    }

    /// Subject and issuer are the same name (RFC 5280 section 3.2). Says nothing about the signature.
    pub fn is_self_issued(&self) -> bool {
        self.subject.matches(&self.issuer)
    }
}

#[cfg(test)]
mod tests;
