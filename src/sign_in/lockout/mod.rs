//! Extranet lockout: how many wrong passwords a name may have before further ones are refused without a bind, counted apart
//! for places the person has signed in from before and for all others (ADFS-PROTOCOLS section 13.3). Somebody who guesses
//! from elsewhere therefore never locks the owner out of a familiar place, nor the account in the directory.
//!
//! State is in memory and bounded. Names that nobody owns are counted like all others, so that the answer does not depend on
//! whether there is such an account.

mod account;

use account::Account;
use core::net::IpAddr;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// What is done about a name with too many wrong passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockoutMode {
    /// Nothing is counted.
    Off,
    /// Counted and told, and nobody is refused. AD FS 2019 begins with this.
    LogOnly,
    /// Refused.
    Enforce,
}

/// When a name is locked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockoutPolicy {
    /// What is done.
    pub mode: LockoutMode,
    /// Wrong passwords before it is; below the directory's own threshold, or an attacker locks the account there.
    pub threshold: u32,
    /// How long a name stays locked after the last wrong password. Then one attempt is let through.
    pub window: SignedDuration,
    /// Most names remembered.
    pub most_accounts: usize,
}

/// Whether a password may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It may.
    Allowed {
        /// Whether every address is one the person has signed in from before.
        familiar: bool,
        /// Whether it would be refused if lockout were enforced.
        would_be_locked: bool,
    },
    /// It may not. The client learns the same as from a wrong password.
    Locked {
        /// Whether the place is familiar.
        familiar: bool,
        /// When the next attempt is let through.
        until: Timestamp,
    },
}

/// The counts.
#[derive(Debug)]
pub struct Lockout {
    policy: LockoutPolicy,
    accounts: HashMap<String, Account>,
}

impl Lockout {
    /// Nothing counted yet.
    pub fn new(policy: LockoutPolicy) -> Self {
        Self { policy, accounts: HashMap::new() }
    }

    /// Asked before every bind.
    pub fn attempt(&self, name: &str, addresses: &[IpAddr], at: Timestamp) -> Attempt {
        let Some(account) = self.accounts.get(&key(name)).filter(|_| self.policy.mode != LockoutMode::Off) else {
            return Attempt::Allowed { familiar: false, would_be_locked: false };
        };
        let familiar = account.knows(addresses);
        match (account.locked_until(familiar, &self.policy, at), self.policy.mode) {
            (Some(until), LockoutMode::Enforce) => Attempt::Locked { familiar, until },
            (until, _) => Attempt::Allowed { familiar, would_be_locked: until.is_some() },
        }
    }

    /// The directory said that the password is wrong.
    pub fn failed(&mut self, name: &str, addresses: &[IpAddr], at: Timestamp) {
        if self.policy.mode == LockoutMode::Off {
            return;
        }
        self.make_room(at);
        let account = self.accounts.entry(key(name)).or_default();
        account.fail(account.knows(addresses), at);
    }

    /// The directory said that the password is right: every address of the request is familiar from now on.
    pub fn succeeded(&mut self, name: &str, addresses: &[IpAddr], at: Timestamp) {
        if self.policy.mode == LockoutMode::Off {
            return;
        }
        self.make_room(at);
        let account = self.accounts.entry(key(name)).or_default();
        account.succeed(account.knows(addresses), addresses, at);
    }

    /// Before the bound is reached, what matters least goes: a sixteenth at a time, so that a flood of names does not cost
    /// one pass for each. A locked name goes last, or an attacker could make his own count be forgotten.
    fn make_room(&mut self, at: Timestamp) {
        let most = self.policy.most_accounts.max(1);
        if self.accounts.len() < most {
            return;
        }
        let policy = self.policy;
        let mut by_weight: Vec<_> =
            self.accounts.iter().map(|(name, account)| (account.weight(&policy, at), name.clone())).collect();
        by_weight.sort_unstable();
        for (_, name) in by_weight.into_iter().take(most.div_ceil(16)) {
            self.accounts.remove(&name);
        }
    }
}

/// Directories compare names without regard to case; so must this, or each spelling would have its own attempts.
fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
