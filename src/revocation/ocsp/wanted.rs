//! Which responders a validated chain asks. Only such a chain can ask: no stranger can send the gateway to an address of
//! their choice.

use super::super::{Sha1, UrlSource};
use crate::certificate::Certificate;
use std::sync::Arc;

/// What OCSP is to an authority's CRL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OcspMode {
    /// Not asked. Entra ID and AD FS's own documentation know CRLs only, so this is the default.
    #[default]
    Off,
    /// Asked when the CRL settles nothing.
    Fallback,
    /// Asked in place of the CRL, which is then not fetched.
    Instead,
}

/// How an authority's certificates are asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OcspSettings {
    /// When.
    pub mode: OcspMode,
    /// Where, whatever the certificates say.
    pub url: Option<String>,
    /// With a nonce.
    pub nonce: bool,
}

/// A question that is to be asked. Made from a validated chain alone.
#[derive(Debug, Clone)]
pub struct OcspWanted {
    /// The certificate in question.
    pub certificate: Arc<Certificate>,
    /// Its issuer, for whom the responder speaks.
    pub issuer: Arc<Certificate>,
    /// Whom to ask, in order; empty when nobody names an address.
    pub urls: Vec<String>,
    /// Who named them.
    pub source: UrlSource,
    /// Whether to ask with a nonce.
    pub nonce: bool,
    /// Whether a SHA-1 signature counts.
    pub sha1: Sha1,
    _origin: FromValidatedChain,
}

/// Keeps everyone else from making an [`OcspWanted`].
#[derive(Debug, Clone)]
struct FromValidatedChain;

impl OcspWanted {
    /// For a certificate of a path and its issuer there.
    pub(in crate::revocation) fn new(
        certificate: &Arc<Certificate>,
        issuer: &Arc<Certificate>,
        settings: &OcspSettings,
        sha1: Sha1,
    ) -> Self {
        let (urls, source) = match &settings.url {
            Some(url) => (vec![url.clone()], UrlSource::Configured),
            None => (certificate.ocsp_urls().to_vec(), UrlSource::Certificate),
        };
        Self {
            certificate: Arc::clone(certificate),
            issuer: Arc::clone(issuer),
            urls,
            source,
            nonce: settings.nonce,
            sha1,
            _origin: FromValidatedChain,
        }
    }

    /// The same for tests of the edge.
    #[cfg(test)]
    pub(crate) fn for_test(certificate: &Arc<Certificate>, issuer: &Arc<Certificate>, settings: &OcspSettings) -> Self {
        Self::new(certificate, issuer, settings, Sha1::Refused)
    }
}
