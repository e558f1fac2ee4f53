//! What the operator decided about revocation, per certificate authority.

use super::Sha1;
use super::ocsp::OcspSettings;
use crate::certificate::Certificate;
use crate::chain::{ChainPolicy, SignatureMemory, TrustStore};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// The policy. An authority that is not listed is treated by what its certificates say.
#[derive(Debug, Clone)]
pub struct RevocationPolicy {
    /// Settings by SHA-256 of the authority's certificate.
    pub authorities: HashMap<[u8; 32], AuthoritySettings>,
    /// Certificates that may sign CRLs for others or under another key than they sign certificates with: what the
    /// containers hold. Each counts only with a path to the same root (see [`super::required`]).
    pub crl_signers: Vec<Arc<Certificate>>,
    /// What the path of such a signer must satisfy: what every path must, but for purposes and policies. Its `allow_sha1`
    /// speaks for CRLs and OCSP answers as well.
    pub signer_paths: ChainPolicy,
    /// Who of them issued whom, so that no signature is verified twice.
    pub signatures: SignatureMemory,
    /// Whether CRLs that break RFC 5280 harmlessly are refused too.
    pub strict_profile: bool,
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
    /// Its certificates may pass for a while when nothing can be said of their revocation.
    pub exemption: Option<Exemption>,
    /// Whether and how its OCSP responder is asked.
    pub ocsp: OcspSettings,
}

/// An exemption from the rule that revocation must be known. It never lets a certificate pass that is known to be revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Why, in the operator's words.
    pub reason: String,
    /// The first moment it counts no more.
    pub until: Timestamp,
}

impl Exemption {
    /// Whether it counts at this moment.
    pub fn counts(&self, at: Timestamp) -> bool {
        at < self.until
    }

    /// What to tell an operator about the exemption of this authority. One that has ended lets nobody in, and its lines in
    /// the configuration look as if it did.
    pub fn notice(&self, authority: &str, at: Timestamp) -> String {
        let Self { reason, until } = self;
        let days = until.duration_since(at).as_hours().abs() / 24;
        if self.counts(at) {
            format!(
                "certificates of \"{authority}\" are accepted until {until} ({days} d left) when nothing can be said of \
                 their revocation: {reason}"
            )
        } else {
            format!(
                "the exemption of \"{authority}\" ended at {until} ({days} d ago) and lets nobody in any more; remove \
                 exempt_reason and exempt_until. Its reason was: {reason}"
            )
        }
    }
}

impl Default for RevocationPolicy {
    fn default() -> Self {
        Self {
            authorities: HashMap::new(),
            crl_signers: Vec::new(),
            signer_paths: Self::signer_paths(ChainPolicy::default()),
            signatures: SignatureMemory::default(),
            strict_profile: false,
            clock_skew: SignedDuration::from_mins(5),
        }
    }
}

impl RevocationPolicy {
    /// The demands on a signer's path, from those on every path: who signs CRLs needs no purpose and no policy of a user.
    pub fn signer_paths(chain: ChainPolicy) -> ChainPolicy {
        ChainPolicy {
            extended_key_usages: Vec::new(),
            initial_policies: Vec::new(),
            explicit_policy: false,
            strict_profile: false,
            ..chain
        }
    }

    /// With the certificates of this intermediate container as those that may sign CRLs for others.
    pub fn with_signers_of(mut self, trust: &TrustStore) -> Self {
        self.crl_signers = trust.intermediates().iter().map(|stored| Arc::clone(&stored.certificate)).collect();
        self
    }

    /// Whether SHA-1 signatures of CRLs and OCSP answers count.
    pub fn sha1(&self) -> Sha1 {
        if self.signer_paths.allow_sha1 { Sha1::Allowed } else { Sha1::Refused }
    }

    /// The exemption of this authority, if it counts at this moment.
    pub(super) fn exemption(&self, fingerprint: &[u8; 32], at: Timestamp) -> Option<&Exemption> {
        self.authority(fingerprint)?.exemption.as_ref().filter(|exemption| exemption.counts(at))
    }

    /// Every exemption, whether it counts or has ended, by the authority's name.
    pub fn exemptions(&self) -> Vec<(&str, &Exemption)> {
        let all =
            self.authorities.values().filter_map(|settings| Some((&*settings.name, settings.exemption.as_ref()?)));
        let mut exemptions: Vec<_> = all.collect();
        exemptions.sort_by_key(|(name, _)| *name);
        exemptions
    }

    /// What to tell an operator about each of them.
    pub fn exemption_notices(&self, at: Timestamp) -> Vec<String> {
        self.exemptions().into_iter().map(|(name, exemption)| exemption.notice(name, at)).collect()
    }

    /// The settings of the authority whose certificate has this fingerprint.
    pub fn authority(&self, fingerprint: &[u8; 32]) -> Option<&AuthoritySettings> {
        self.authorities.get(fingerprint)
    }
}
