//! Looking for a path: depth first, from the leaf up, over our containers and then over what the client sent, within a
//! budget. A stored path is found without reading the sent certificates at all.

use super::{
    ChainError, ChainPolicy, PresentedChain, TrustStore, checks, name_constraints, policy_graph, profile, second_judge,
};
use crate::certificate::{Certificate, CertificateError};
use jiff::Timestamp;
use std::cell::OnceCell;
use std::sync::Arc;

/// Complete candidate paths looked at in one validation.
const PATH_LIMIT: usize = 64;
/// Certificates tried as an issuer in one validation.
const STEP_LIMIT: usize = 1024;
/// Public-key operations in one validation, OpenSSL's repetition not counted.
const SIGNATURE_LIMIT: usize = 64;
/// Longest path whatever the policy says: the search recurses once per certificate.
const DEPTH_LIMIT: usize = 32;

/// The certificates the client sent besides the leaf.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) readable: Vec<Arc<Certificate>>,
    /// Position in the message (from 0) and what is wrong.
    pub(super) unreadable: Vec<(usize, CertificateError)>,
}

impl Sent {
    fn read(presented: &PresentedChain, trust: &TrustStore) -> Self {
        let mut sent = Self::default();
        for (position, der) in presented.sent().iter().enumerate() {
            if sent.readable.iter().any(|known| known.der() == der) {
                continue;
            }
            match trust.read_sent(der) {
                Ok(certificate) => sent.readable.push(certificate),
                Err(error) => sent.unreadable.push((position, error)),
            }
        }
        sent
    }
}

/// One candidate path and what became of it.
#[derive(Debug, Clone)]
pub struct TriedPath {
    /// Leaf first; the last certificate is a root, unless the path breaks off.
    pub path: Vec<Arc<Certificate>>,
    /// Why it was refused; `None` for the path that was taken.
    pub refusal: Option<ChainError>,
}

/// An accepted path.
pub(super) struct Found {
    /// Leaf first, root last.
    pub(super) path: Vec<Arc<Certificate>>,
    pub(super) unreadable_sent: Vec<(usize, CertificateError)>,
}

pub(super) struct Search<'a> {
    presented: &'a PresentedChain,
    trust: &'a TrustStore,
    policy: &'a ChainPolicy,
    at: Timestamp,
    sent: OnceCell<Sent>,
    path: Vec<Arc<Certificate>>,
    best: Option<ChainError>,
    /// Links whose signature was verified in this search: (certificate, issuer, verdict).
    links: Vec<([u8; 32], [u8; 32], bool)>,
    paths: usize,
    steps: usize,
    /// Names held against name constraints.
    compared: usize,
    /// Every path looked at, if somebody wants to know.
    tried: Option<Vec<TriedPath>>,
}

/// What became of one branch of the search.
enum Branch {
    Accepted,
    Failed,
    /// The budget is spent: no further branch may be tried.
    Exhausted,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        presented: &'a PresentedChain,
        trust: &'a TrustStore,
        policy: &'a ChainPolicy,
        at: Timestamp,
    ) -> Self {
        Self {
            presented,
            trust,
            policy,
            at,
            sent: OnceCell::new(),
            path: Vec::with_capacity(4),
            best: None,
            links: Vec::new(),
            paths: 0,
            steps: 0,
            compared: 0,
            tried: None,
        }
    }

    /// The first acceptable path and what could not be read on the way, or the most telling reason.
    pub(super) fn run(mut self, leaf: Arc<Certificate>) -> Result<Found, ChainError> {
        self.search(leaf)
    }

    /// As [`Self::run`], with every candidate path in the order in which they were tried.
    pub(super) fn run_noting(mut self, leaf: Arc<Certificate>) -> (Result<Found, ChainError>, Vec<TriedPath>) {
        self.tried = Some(Vec::new());
        let found = self.search(leaf);
        (found, self.tried.take().unwrap_or_default())
    }

    fn search(&mut self, leaf: Arc<Certificate>) -> Result<Found, ChainError> {
        let limit = self.maximum_depth();
        self.path.push(leaf);
        match self.extend() {
            Branch::Accepted => {
                let unreadable_sent = self.sent.take().unwrap_or_default().unreadable;
                self.note_path(None);
                Ok(Found { path: std::mem::take(&mut self.path), unreadable_sent })
            }
            Branch::Failed | Branch::Exhausted => {
                Err(self.best.take().unwrap_or(ChainError::DepthExceeded { maximum: limit }))
            }
        }
    }

    fn maximum_depth(&self) -> usize {
        self.policy.maximum_depth.min(DEPTH_LIMIT)
    }

    fn extend(&mut self) -> Branch {
        let Some(top) = self.path.last().cloned() else { return Branch::Failed };
        if self.trust.is_root(&top) {
            return self.evaluate();
        }
        let mut dead_end = true;
        for sent in [false, true] {
            let candidates = if sent { self.sent_issuers(&top) } else { self.stored_issuers(&top) };
            for candidate in candidates {
                dead_end = false;
                match self.try_issuer(candidate) {
                    Branch::Failed => {}
                    decided => return decided,
                }
            }
        }
        if dead_end {
            self.note(self.dead_end(&top));
        }
        Branch::Failed
    }

    fn try_issuer(&mut self, candidate: Arc<Certificate>) -> Branch {
        self.steps += 1;
        if self.steps > STEP_LIMIT {
            return self.exhausted(STEP_LIMIT, "issuers were tried");
        }
        if self.path.len() >= self.maximum_depth() {
            self.note(ChainError::DepthExceeded { maximum: self.maximum_depth() });
            return Branch::Failed;
        }
        self.path.push(candidate);
        let branch = self.extend();
        if matches!(branch, Branch::Failed) {
            self.path.pop();
        }
        branch
    }

    fn stored_issuers(&self, below: &Certificate) -> Vec<Arc<Certificate>> {
        self.in_order(below, self.trust.named(below.issuer()))
    }

    fn sent_issuers(&self, below: &Certificate) -> Vec<Arc<Certificate>> {
        let named = self.sent().readable.iter().filter(|sent| sent.subject().matches(below.issuer()));
        self.in_order(below, named.filter(|sent| !self.trust.holds(sent)))
    }

    fn sent(&self) -> &Sent {
        self.sent.get_or_init(|| Sent::read(self.presented, self.trust))
    }

    /// The possible issuers, the likeliest first. A key identifier that differs excludes (a renewed authority keeps its
    /// name), and no authority appears twice in a path.
    fn in_order<'c>(
        &self,
        below: &Certificate,
        candidates: impl Iterator<Item = &'c Arc<Certificate>>,
    ) -> Vec<Arc<Certificate>> {
        let wanted = below.authority_key_identifier();
        let mut possible: Vec<Arc<Certificate>> = candidates
            .filter(|candidate| match (wanted, candidate.subject_key_identifier()) {
                (Some(wanted), Some(own)) => wanted == own,
                _ => true,
            })
            .filter(|candidate| !self.path.iter().any(|used| same_authority(used, candidate)))
            .cloned()
            .collect();
        possible.sort_by_key(|candidate| {
            let identified = wanted.is_some() && candidate.subject_key_identifier().is_some();
            (!identified, !checks::is_valid_at(candidate, self.at))
        });
        possible
    }

    fn dead_end(&self, top: &Certificate) -> ChainError {
        if top.is_self_issued() {
            let leaf = self.path.first().map(|leaf| checks::subject(leaf)).unwrap_or_default();
            return ChainError::UnknownIssuer { leaf, top: checks::subject(top) };
        }
        ChainError::MissingIntermediate {
            missing: top.issuer().dotnet().to_owned(),
            below: checks::subject(top),
            unreadable: self.sent().unreadable.len(),
        }
    }

    /// Judges the complete path. The order is what [`ChainError::rank`] says: nothing about a certificate is told before
    /// a signed path to one of our roots leads to it.
    fn evaluate(&mut self) -> Branch {
        self.paths += 1;
        if self.paths > PATH_LIMIT {
            return self.exhausted(PATH_LIMIT, "paths were looked at");
        }
        match self.judge() {
            Ok(()) => Branch::Accepted,
            Err(error @ ChainError::BudgetExhausted { .. }) => {
                self.note(error);
                Branch::Exhausted
            }
            Err(error) => {
                self.note(error);
                Branch::Failed
            }
        }
    }

    fn judge(&mut self) -> Result<(), ChainError> {
        let verified = self.trust.is_verified(&self.path, self.policy);
        if !verified {
            self.signatures()?;
        }
        checks::structure(&self.path)?;
        if !verified {
            profile::check(&self.path, self.policy)?;
            name_constraints::check(&self.path, &mut self.compared)?;
            policy_graph::check(&self.path, self.policy)?;
            second_judge::agree(&self.path)?;
            self.trust.remember_verified(&self.path, self.policy);
        }
        checks::policy(&self.path, self.policy, self.at)
    }

    fn signatures(&mut self) -> Result<(), ChainError> {
        for position in 0..self.path.len().saturating_sub(1) {
            if !self.link_is_signed(position)? {
                let (certificate, issuer) = (&self.path[position], &self.path[position + 1]);
                return Err(ChainError::SignatureInvalid {
                    role: checks::role(&self.path, position),
                    subject: checks::subject(certificate),
                    issuer: checks::subject(issuer),
                });
            }
        }
        Ok(())
    }

    fn link_is_signed(&mut self, position: usize) -> Result<bool, ChainError> {
        let (certificate, issuer) = (&self.path[position], &self.path[position + 1]);
        let (below, above) = (certificate.fingerprint(), issuer.fingerprint());
        if let Some((.., verdict)) = self.links.iter().find(|(b, a, _)| b == below && a == above) {
            return Ok(*verdict);
        }
        if self.links.len() >= SIGNATURE_LIMIT {
            return Err(ChainError::BudgetExhausted { limit: SIGNATURE_LIMIT, unit: "signatures were verified" });
        }
        let verdict = second_judge::signed_by(certificate, issuer);
        self.links.push((*below, *above, verdict));
        Ok(verdict)
    }

    fn exhausted(&mut self, limit: usize, unit: &'static str) -> Branch {
        self.note(ChainError::BudgetExhausted { limit, unit });
        Branch::Exhausted
    }

    fn note(&mut self, error: ChainError) {
        self.note_path(Some(&error));
        if self.best.as_ref().is_none_or(|best| error.rank() > best.rank()) {
            self.best = Some(error);
        }
    }

    fn note_path(&mut self, refusal: Option<&ChainError>) {
        if let Some(tried) = &mut self.tried {
            tried.push(TriedPath { path: self.path.clone(), refusal: refusal.cloned() });
        }
    }
}

/// The same name with the same key, in whichever certificate.
fn same_authority(one: &Certificate, other: &Certificate) -> bool {
    one.public_key() == other.public_key() && one.subject().matches(other.subject())
}
