//! Which CRLs a validated chain needs. Only such a chain can ask: nothing is fetched for a certificate nobody trusts, so
//! no stranger can send the gateway to an address of their choice.

use super::distribution_point::{read_distribution_points, urls};
use super::ocsp::OcspMode;
use super::{CrlFailure, RevocationPolicy, Sha1, VerifiedCrl, ocsp_judgement, signers};
use crate::certificate::Certificate;
use crate::chain::ValidatedChain;
use std::collections::HashSet;
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
    /// Whose CRLs count: the issuer, and whoever else may sign for it.
    pub signers: Vec<Arc<Certificate>>,
    /// Where to ask, in order; empty when nobody names an address.
    pub urls: Vec<String>,
    /// Who named them.
    pub source: UrlSource,
    /// Whether a SHA-1 signature counts.
    pub sha1: Sha1,
    configured_delta: Option<String>,
    _origin: FromValidatedChain,
}

/// Keeps everyone else from making a [`CrlWanted`].
#[derive(Debug, Clone)]
struct FromValidatedChain;

impl CrlWanted {
    /// For the first certificate of a path of two or more.
    fn new(path: &[Arc<Certificate>], policy: &RevocationPolicy) -> Self {
        let (certificate, issuer) = (&path[0], &path[1]);
        let settings = policy.authority(issuer.fingerprint());
        let configured = settings.map(|settings| settings.crl_distribution_points.clone()).unwrap_or_default();
        let (urls, source) = match configured.as_slice() {
            [] => (certificate.crl_distribution_points().to_vec(), UrlSource::Certificate),
            _ => (configured, UrlSource::Configured),
        };
        // Where OCSP is asked instead, no address means that no CRL is fetched, and nobody else is asked about either.
        let (urls, signers) = match ocsp_judgement::mode(issuer, policy) {
            OcspMode::Instead => (Vec::new(), vec![Arc::clone(issuer)]),
            OcspMode::Off | OcspMode::Fallback => (urls, signers::signers(path, policy)),
        };
        Self {
            certificate: Arc::clone(certificate),
            issuer: Arc::clone(issuer),
            signers,
            urls,
            source,
            sha1: policy.sha1(),
            configured_delta: settings.and_then(|settings| settings.delta_crl_distribution_point.clone()),
            _origin: FromValidatedChain,
        }
    }

    /// Reads `bytes` that `url` answered as the CRL of the first who may have signed it.
    ///
    /// # Errors
    /// What speaks against one whose name the CRL bears, if anybody has it; else that it is another's.
    pub fn verify(&self, url: &str, bytes: &[u8]) -> Result<VerifiedCrl, CrlFailure> {
        let mut told = None;
        for signer in &self.signers {
            match VerifiedCrl::verify_with(url, bytes, signer, self.sha1) {
                Err(failure) if failure.may_be_anothers() => match (&told, &failure) {
                    (None, _) => told = Some(failure),
                    (Some(CrlFailure::WrongIssuer { .. }), CrlFailure::WrongIssuer { .. }) => {}
                    (Some(CrlFailure::WrongIssuer { .. }), _) => told = Some(failure),
                    _ => {}
                },
                decided => return decided,
            }
        }
        Err(told.unwrap_or_else(|| CrlFailure::NoUrl { issuer: self.issuer.subject().dotnet().to_owned() }))
    }

    /// The same question with the answer to be signed by this one of the signers.
    pub fn signed_by(&self, signer: &Arc<Certificate>) -> Self {
        Self { issuer: Arc::clone(signer), ..self.clone() }
    }

    /// The addresses the operator configured, if that is where the CRL comes from.
    pub fn configured_urls(&self) -> &[String] {
        match self.source {
            UrlSource::Configured => &self.urls,
            UrlSource::Certificate => &[],
        }
    }

    /// The delta of a complete CRL that was found, when anybody names an address: the operator, or else the certificate and
    /// the CRL (`freshestCRL`, RFC 5280 sections 4.2.1.15 and 5.2.6).
    pub fn delta_of(&self, complete: &VerifiedCrl) -> Option<Self> {
        let (urls, source) = match &self.configured_delta {
            Some(url) => (vec![url.clone()], UrlSource::Configured),
            None if self.certificate.freshest_crl_der().is_none() && complete.crl().freshest_crl().is_empty() => {
                return None;
            }
            None => {
                let points = self.certificate.freshest_crl_der().map(read_distribution_points);
                let mut named = urls(&points.and_then(Result::ok).unwrap_or_default());
                named.extend_from_slice(complete.crl().freshest_crl());
                let mut seen = HashSet::new();
                named.retain(|url| seen.insert(url.clone()));
                (named, UrlSource::Certificate)
            }
        };
        (!urls.is_empty()).then(|| Self { urls, source, ..self.clone() })
    }
}

/// One question per certificate of the path except the trust anchor, whose revocation nobody above it could publish; then
/// one per certificate off the path that may sign a CRL, which could be revoked itself.
pub fn required(chain: &ValidatedChain, policy: &RevocationPolicy) -> Vec<CrlWanted> {
    required_for(chain.path(), policy)
}

pub(super) fn required_for(path: &[Arc<Certificate>], policy: &RevocationPolicy) -> Vec<CrlWanted> {
    let mut wanted: Vec<CrlWanted> =
        (0..path.len().saturating_sub(1)).map(|position| CrlWanted::new(&path[position..], policy)).collect();
    let off_path = |signer: &Arc<Certificate>| !path.contains(signer);
    if !wanted.iter().any(|wanted| wanted.signers.iter().any(off_path)) {
        return wanted;
    }
    let mut asked: Vec<Arc<Certificate>> = path.to_vec();
    let mut next = 0;
    while let Some(signers) = wanted.get(next).map(|wanted| wanted.signers.clone()) {
        for signer in signers.iter().filter(|signer| off_path(signer)) {
            let own = signers::path_of(signer, path, policy).unwrap_or_default();
            for (position, certificate) in own.iter().enumerate() {
                if !asked.contains(certificate) && asked.len() < path.len() + MAXIMUM_SIGNERS {
                    wanted.push(CrlWanted::new(&own[position..], policy));
                    asked.push(Arc::clone(certificate));
                }
            }
        }
        next += 1;
    }
    wanted
}

/// How many certificates off the path are asked about: signers, and authorities between them and the path.
const MAXIMUM_SIGNERS: usize = 8;
