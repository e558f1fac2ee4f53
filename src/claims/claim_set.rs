//! The two sets of an evaluation as one list: everything issued is in the input set too, so the output set is a mark.

use super::Claim;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Up to so many claims a look at each is quicker than an index.
const LOOKED_THROUGH: usize = 48;

/// The input set in first-seen order and, within it, the output set in first-issued order. Identical claims collapse.
#[derive(Debug, Default)]
pub(super) struct ClaimSet {
    claims: Vec<Claim>,
    issued: Vec<bool>,
    output: Vec<usize>,
    /// Positions by hash, once there are many claims.
    index: HashMap<u64, Vec<usize>>,
}

impl ClaimSet {
    pub(super) fn new(input: Vec<Claim>) -> Self {
        let mut set = Self {
            claims: Vec::with_capacity(input.len() + 16),
            issued: Vec::with_capacity(input.len() + 16),
            output: Vec::with_capacity(16),
            index: HashMap::new(),
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
        if let Some(at) = self.position(&claim) {
            return (at, false);
        }
        let at = self.claims.len();
        self.claims.push(claim);
        self.issued.push(false);
        match self.claims.len() {
            small if small < LOOKED_THROUGH => {}
            LOOKED_THROUGH => (0..=at).for_each(|at| self.enter(at)),
            _ => self.enter(at),
        }
        (at, true)
    }

    fn enter(&mut self, at: usize) {
        let hash = hash_of(&self.claims[at]);
        self.index.entry(hash).or_default().push(at);
    }

    fn position(&self, claim: &Claim) -> Option<usize> {
        if self.claims.len() < LOOKED_THROUGH {
            return self.claims.iter().position(|known| known == claim);
        }
        let candidates = self.index.get(&hash_of(claim))?;
        candidates.iter().copied().find(|at| self.claims[*at] == *claim)
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

    /// The input set, and which of it is the output set.
    pub(super) fn into_parts(self) -> (Vec<Claim>, Vec<usize>) {
        (self.claims, self.output)
    }
}

fn hash_of(claim: &Claim) -> u64 {
    let mut hasher = DefaultHasher::new();
    claim.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_claims_and_many_collapse_alike() {
        let claim = |number: usize| Claim::new("t", (number % (3 * LOOKED_THROUGH)).to_string(), "A");
        let mut set = ClaimSet::new((0..LOOKED_THROUGH / 2).map(claim).collect());
        for number in 0..10 * LOOKED_THROUGH {
            let known = set.claims().iter().position(|known| *known == claim(number));
            let (at, new) = set.add(claim(number));
            assert_eq!((Some(at), new), known.map_or((Some(set.claims().len() - 1), true), |at| (Some(at), false)));
        }
        assert_eq!(set.claims().len(), 3 * LOOKED_THROUGH);
        assert!(set.issue(5) && !set.issue(5) && set.issue(0));
        assert_eq!(set.into_parts().1, [5, 0]);
    }
}
