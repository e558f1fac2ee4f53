//! How often sign-ins ended in each way.

use crate::outcome::Outcome;
use std::sync::atomic::{AtomicU64, Ordering};

/// One counter per outcome. Counting takes no lock and no memory.
#[derive(Debug)]
pub struct SignInCounts([AtomicU64; OUTCOMES]);

const OUTCOMES: usize = Outcome::ALL.len();

impl SignInCounts {
    /// Counts one that ended so. The outcomes are numbered in the order of [`Outcome::ALL`].
    pub fn add(&self, outcome: Outcome) {
        if let Some(count) = self.0.get(outcome as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Every outcome and how often it came, since the start.
    pub fn all(&self) -> impl Iterator<Item = (Outcome, u64)> {
        Outcome::ALL.iter().copied().zip(self.0.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}

impl Default for SignInCounts {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; OUTCOMES])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_counter_of_its_own() {
        let counts = SignInCounts::default();
        for (number, outcome) in Outcome::ALL.iter().enumerate() {
            (0..=number).for_each(|_| counts.add(*outcome));
        }
        for (number, (outcome, count)) in counts.all().enumerate() {
            assert_eq!((outcome, count), (Outcome::ALL[number], number as u64 + 1));
        }
    }
}
