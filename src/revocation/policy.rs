//! What the operator decided about revocation, per certificate authority.

use super::ocsp::OcspSettings;
use jiff::SignedDuration;
use std::collections::HashMap;

/// The policy. An authority that is not listed is treated by what its certificates say.
#[derive(Debug, Clone)]
pub struct RevocationPolicy {
    /// Settings by SHA-256 of the authority's certificate.
    pub authorities: HashMap<[u8; 32], AuthoritySettings>,
    /// How far in the future a CRL's `thisUpdate` may lie, for publishers whose clock is ahead of ours.
    pub clock_skew: SignedDuration,
}

/// The settings of one authority.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthoritySettings {
    /// What to call it in messages: the configured file, or the subject.
    pub name: String,
    /// Where its CRL is, whatever its certificates say: URLs in the order they are tried. Empty: where they say.
    pub crl_distribution_points: Vec<String>,
    /// Where its delta CRL is, whatever certificates and CRLs say.
    pub delta_crl_distribution_point: Option<String>,
    /// Whether and how its OCSP responder is asked.
    pub ocsp: OcspSettings,
}

impl Default for RevocationPolicy {
    fn default() -> Self {
        Self { authorities: HashMap::new(), clock_skew: SignedDuration::from_mins(5) }
    }
}

impl RevocationPolicy {
    /// The same for who judges by CRLs alone.
    pub fn without_ocsp(mut self) -> Self {
        self.authorities.values_mut().for_each(|settings| settings.ocsp = OcspSettings::default());
        self
    }

    /// The settings of the authority whose certificate has this fingerprint.
    pub fn authority(&self, fingerprint: &[u8; 32]) -> Option<&AuthoritySettings> {
        self.authorities.get(fingerprint)
    }
}
