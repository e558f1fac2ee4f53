//! The two sets of an evaluation as one list: everything issued is in the input set too, so the output set is a mark.

use super::Claim;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The input set in first-seen order and, within it, the output set in first-issued order. Identical claims collapse.
#[derive(Debug, Default)]
pub(super) struct ClaimSet {
    claims: Vec<Claim>,
    issued: Vec<bool>,
    output: Vec<usize>,
    by_hash: HashMap<u64, usize>,
}

impl ClaimSet {
    pub(super) fn new(input: Vec<Claim>) -> Self {
        let mut set = Self {
            claims: Vec::with_capacity(input.len() + 16),
            issued: Vec::with_capacity(input.len() + 16),
            output: Vec::with_capacity(16),
            by_hash: HashMap::with_capacity(input.len() + 16),
        };
        for claim in input {
            set.add(claim);
        }
        set
    }

    pub(super) fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// Adds to the input set; returns where the claim is and whether it is new.
    pub(super) fn add(&mut self, claim: Claim) -> (usize, bool) {
        let mut hasher = DefaultHasher::new();
        claim.hash(&mut hasher);
        let hash = hasher.finish();
        let known = match self.by_hash.get(&hash) {
            Some(at) if self.claims.get(*at) == Some(&claim) => Some(*at),
            Some(_) => self.claims.iter().position(|known| *known == claim),
            None => None,
        };
        if let Some(at) = known {
            return (at, false);
        }
        let at = self.claims.len();
        self.by_hash.insert(hash, at);
        self.claims.push(claim);
        self.issued.push(false);
        (at, true)
    }

    /// Marks a claim of the input set as issued; false when it was already.
    pub(super) fn issue(&mut self, at: usize) -> bool {
        match self.issued.get_mut(at) {
            Some(issued) if !*issued => {
                *issued = true;
                self.output.push(at);
                true
            }
            _ => false,
        }
    }

    /// The output set.
    pub(super) fn into_output(self) -> Vec<Claim> {
        let mut claims: Vec<Option<Claim>> = self.claims.into_iter().map(Some).collect();
        self.output.iter().filter_map(|at| claims.get_mut(*at).and_then(Option::take)).collect()
    }
}
