//! What a relying party trust says about SAML 2.0, by the names of `Set-AdfsRelyingPartyTrust`.

use super::saml_request::AssertionConsumer;
use crate::xml_encryption::ContentEncryption;
use openssl::x509::X509;

/// The SAML 2.0 part of a trust. One without consumers gets no SAML 2.0 response.
#[derive(Debug, Clone, Default)]
pub struct SamlTrust {
    /// `SamlEndpoints` of the kind SAMLAssertionConsumer.
    pub consumers: Vec<AssertionConsumer>,
    /// Its endpoint of the kind SAMLLogout.
    pub logout: Option<LogoutService>,
    /// `RequestSigningCertificate`: whose signatures under requests are believed, and nobody else's.
    pub request_signing_certificates: Vec<X509>,
    /// `SignedSamlRequestsRequired`. With it there is a certificate above; the configuration is refused otherwise.
    pub signed_requests_required: bool,
    /// `SamlResponseSignature`.
    pub response_signature: SamlResponseSignature,
    /// `EncryptionCertificate`, unless `EncryptClaims` is off: with it assertions are encrypted.
    pub encryption_certificate: Option<X509>,
    /// How they are, then. AD FS has no setting for it and uses `aes256-cbc`.
    pub encryption_algorithm: ContentEncryption,
}

/// Where a relying party is told that somebody signs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutService {
    /// Where requests go.
    pub address: String,
    /// `ResponseUri`: where responses go, if that is elsewhere.
    pub response_address: Option<String>,
    /// How both are sent.
    pub binding: LogoutBinding,
}

impl LogoutService {
    /// Where responses go.
    pub fn response_address(&self) -> &str {
        self.response_address.as_deref().unwrap_or(&self.address)
    }
}

/// How a logout message reaches a relying party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogoutBinding {
    /// HTTP-POST: a form that posts itself.
    #[default]
    Post,
    /// HTTP-Redirect: in the query of an address.
    Redirect,
}

/// What is signed of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SamlResponseSignature {
    /// The assertion, as AD FS does unless told otherwise.
    #[default]
    AssertionOnly,
    /// Both.
    MessageAndAssertion,
    /// The response around it.
    MessageOnly,
}

impl SamlResponseSignature {
    /// Whether the assertion is signed.
    pub fn of_assertion(self) -> bool {
        self != Self::MessageOnly
    }

    /// Whether the response is.
    pub fn of_message(self) -> bool {
        self != Self::AssertionOnly
    }
}
