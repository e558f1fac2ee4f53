//! How much one evaluation may do. Running into a limit fails the token: a rule left out could be the one that denies.

/// The limits of rule evaluation; AD FS documents none of its own (CLAIM-RULES section 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Combinations of claims one rule may run for.
    pub tuples: usize,
    /// Claims compared with conditions of one rule.
    pub comparisons: usize,
    /// Claims in the input set, those of the rules included.
    pub claims: usize,
    /// Questions to attribute stores in one rule set.
    pub store_queries: usize,
    /// Bytes in one computed text.
    pub text_bytes: usize,
    /// Steps a regular expression may go back. Fixed when the rules are read.
    pub regex_backtracks: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tuples: 100_000,
            comparisons: 5_000_000,
            claims: 100_000,
            store_queries: 64,
            text_bytes: 256 * 1024,
            regex_backtracks: 100_000,
        }
    }
}
