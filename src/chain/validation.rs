//! The chain stage: evidence in, a path we believe or one reason out.

use super::path::{Found, Search, TriedPath};
use super::{ChainError, ChainPolicy, PresentedChain, TrustStore, checks, name_constraints, policy_graph};
use crate::certificate::{Certificate, CertificateError};
use jiff::Timestamp;
use std::sync::Arc;

/// A path from the leaf to one of our roots, valid at the moment that was asked about. Only [`validate`]
/// and [`explore`] make one.
#[derive(Debug, Clone)]
pub struct ValidatedChain {
    leaf: Arc<Certificate>,
    path: Vec<Arc<Certificate>>,
    unreadable_sent: Vec<(usize, CertificateError)>,
}

impl ValidatedChain {
    /// The user's certificate.
    pub fn leaf(&self) -> &Arc<Certificate> {
        &self.leaf
    }

    /// Leaf first, root last.
    pub fn path(&self) -> &[Arc<Certificate>] {
        &self.path
    }

    /// Sent certificates that could not be read (position from 0, reason) and were not needed either. Empty when our
    /// containers sufficed, for then nobody looked.
    pub fn unreadable_sent(&self) -> &[(usize, CertificateError)] {
        &self.unreadable_sent
    }
}

/// Finds a path from the presented leaf to one of our roots and checks it as of `at` (RFC 5280 section 6). Revocation is
/// the next stage's business. When several paths fail, the reason with the highest [`ChainError::rank`] is reported.
pub fn validate(
    presented: &PresentedChain,
    trust: &TrustStore,
    policy: &ChainPolicy,
    at: Timestamp,
) -> Result<ValidatedChain, ChainError> {
    let leaf = presented.leaf()?;
    let Found { path, unreadable_sent } = Search::new(presented, trust, policy, at).run(Arc::clone(&leaf))?;
    Ok(ValidatedChain { leaf, path, unreadable_sent })
}

/// As [`validate`], with every candidate path that was tried, in order: what `fedgate verify` shows. There are none when
/// the leaf cannot be read.
pub fn explore(
    presented: &PresentedChain,
    trust: &TrustStore,
    policy: &ChainPolicy,
    at: Timestamp,
) -> (Result<ValidatedChain, ChainError>, Vec<TriedPath>) {
    let leaf = match presented.leaf() {
        Ok(leaf) => leaf,
        Err(error) => return (Err(error.into()), Vec::new()),
    };
    let (found, tried) = Search::new(presented, trust, policy, at).run_noting(Arc::clone(&leaf));
    (found.map(|Found { path, unreadable_sent }| ValidatedChain { leaf, path, unreadable_sent }), tried)
}

/// Judges the path of who signs CRLs (RFC 5280 section 6.3.3 (f)): the signer first, then authorities that issued each
/// other, up to the root of the certificate in question. That each signed the one before is for the caller to know.
///
/// # Errors
/// What keeps the path from being valid at this moment.
pub fn judge_path_of_signer(path: &[Arc<Certificate>], policy: &ChainPolicy, at: Timestamp) -> Result<(), ChainError> {
    if path.len() > policy.maximum_depth {
        return Err(ChainError::DepthExceeded { maximum: policy.maximum_depth });
    }
    checks::structure(path)?;
    checks::policy(path, policy, at)?;
    name_constraints::check(path, &mut 0)?;
    policy_graph::check(path, policy)
}
