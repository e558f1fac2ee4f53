//! Which CRLs a validated chain needs. Only such a chain can ask: nothing is fetched for a certificate nobody trusts, so
//! no stranger can send the gateway to an address of their choice.

use super::ocsp::OcspMode;
use super::{RevocationPolicy, ocsp_judgement};
use crate::certificate::Certificate;
use crate::chain::ValidatedChain;
use std::sync::Arc;

/// Who named the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrlSource {
    /// The operator, for this authority.
    Configured,
    /// The certificate's CRL distribution points.
    Certificate,
}

/// A CRL that is needed. Made by [`required`] alone.
#[derive(Debug, Clone)]
pub struct CrlWanted {
    /// The certificate in question.
    pub certificate: Arc<Certificate>,
    /// Its issuer, whose CRL is wanted.
    pub issuer: Arc<Certificate>,
    /// Where to ask, in order; empty when nobody names an address.
    pub urls: Vec<String>,
    /// Who named them.
    pub source: UrlSource,
    _origin: FromValidatedChain,
}

/// Keeps everyone else from making a [`CrlWanted`].
#[derive(Debug, Clone)]
struct FromValidatedChain;

impl CrlWanted {
    fn new(certificate: &Arc<Certificate>, issuer: &Arc<Certificate>, policy: &RevocationPolicy) -> Self {
        let configured =
            policy.authority(issuer.fingerprint()).and_then(|settings| settings.crl_distribution_point.clone());
        let (urls, source) = match configured {
            Some(url) => (vec![url], UrlSource::Configured),
            None => (certificate.crl_distribution_points().to_vec(), UrlSource::Certificate),
        };
        // Where OCSP is asked instead, no address means that no CRL is fetched.
        let urls = if ocsp_judgement::mode(issuer, policy) == OcspMode::Instead { Vec::new() } else { urls };
        Self {
            certificate: Arc::clone(certificate),
            issuer: Arc::clone(issuer),
            urls,
            source,
            _origin: FromValidatedChain,
        }
    }

    /// The address the operator configured, if that is where the CRL comes from.
    pub fn configured_url(&self) -> Option<&str> {
        match self.source {
            UrlSource::Configured => self.urls.first().map(String::as_str),
            UrlSource::Certificate => None,
        }
    }
}

/// One CRL per certificate of the path except the trust anchor, whose revocation nobody above it could publish.
pub fn required(chain: &ValidatedChain, policy: &RevocationPolicy) -> Vec<CrlWanted> {
    required_for(chain.path(), policy)
}

pub(super) fn required_for(path: &[Arc<Certificate>], policy: &RevocationPolicy) -> Vec<CrlWanted> {
    path.windows(2).map(|pair| CrlWanted::new(&pair[0], &pair[1], policy)).collect()
}
