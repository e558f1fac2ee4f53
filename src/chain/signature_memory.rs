//! Who signed whom, remembered: a public-key operation costs more than everything else that is asked about two certificates
//! of ours. The memory of whole paths is the trust store's.

use super::second_judge;
use crate::certificate::Certificate;
use moka::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most pairs remembered; one entry is some hundred bytes.
const REMEMBERED_PAIRS: u64 = 4_096;

/// Verdicts by pairs of certificates. A clone shares the memory.
#[derive(Debug, Clone)]
pub struct SignatureMemory {
    verdicts: Cache<[[u8; 32]; 2], bool>,
    verified: Arc<AtomicUsize>,
}

impl Default for SignatureMemory {
    fn default() -> Self {
        Self { verdicts: Cache::new(REMEMBERED_PAIRS), verified: Arc::default() }
    }
}

impl SignatureMemory {
    /// Whether the key of `issuer` made the signature of `certificate`, however weak the algorithm: that is for
    /// [`super::judge_path_of_signer`] to say.
    pub fn is_signed_by(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let pair = [*certificate.fingerprint(), *issuer.fingerprint()];
        if let Some(verdict) = self.verdicts.get(&pair) {
            return verdict;
        }
        let verdict = second_judge::signed_by(certificate, issuer);
        self.verified.fetch_add(1, Ordering::Relaxed);
        self.verdicts.insert(pair, verdict);
        verdict
    }

    /// How many signatures were verified so far.
    pub fn verified(&self) -> usize {
        self.verified.load(Ordering::Relaxed)
    }
}
