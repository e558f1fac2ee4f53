//! Extranet lockout: how many wrong passwords a name may have before further ones are refused without a bind, counted apart
//! for places the person has signed in from before and for all others (ADFS-PROTOCOLS section 13.3). Somebody who guesses
//! from elsewhere therefore never locks the owner out of a familiar place, nor the account in the directory.
//!
//! An attempt counts from its beginning, and is taken back when the password turns out right: guesses in parallel pass no
//! more often than guesses in turn, and a client that breaks off has been counted. State is in memory and bounded. Names that
//! nobody owns are counted like all others, so that the answer does not depend on whether there is such an account.

mod account;

use account::Account;
use core::net::IpAddr;
use jiff::{SignedDuration, Timestamp};
use openssl::sha::Sha256;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

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

impl Default for LockoutPolicy {
    /// AD FS begins with none; here passwords from outside are not tried without end because nobody thought of it.
    fn default() -> Self {
        Self {
            mode: LockoutMode::Enforce,
            threshold: 10,
            window: SignedDuration::from_mins(30),
            most_accounts: 100_000,
        }
    }
}

/// Whose attempts are counted together. A digest, so that no name takes more memory than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LockoutKey([u8; 32]);

impl LockoutKey {
    /// An account, by its distinguished name: whichever of its names somebody types, the attempts count together.
    pub fn account(dn: &str) -> Self {
        Self::of(b"account", dn)
    }

    /// A name that leads to no account.
    pub fn nobody(name: &str) -> Self {
        Self::of(b"nobody", name)
    }

    /// Directories compare names without regard to case; so must this, or each spelling would have its own attempts.
    fn of(kind: &[u8], name: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(kind);
        digest.update(b"\0");
        digest.update(name.trim().to_lowercase().as_bytes());
        Self(digest.finish())
    }
}

/// Whether a password may be tried.
#[derive(Debug)]
pub enum Attempt {
    /// It may, and is counted.
    Allowed(Counted),
    /// It may not. The client learns the same as from a wrong password.
    Locked {
        /// Whether the place is familiar.
        familiar: bool,
        /// When the next attempt is let through.
        until: Timestamp,
    },
    /// Every place in memory is taken by a name that is locked, so this one could not be counted.
    Full {
        /// How many there are.
        most: usize,
    },
}

/// An attempt that counts as a wrong password unless something else is said.
#[derive(Debug)]
#[must_use]
pub struct Counted {
    key: LockoutKey,
    at: Timestamp,
    before: Option<Timestamp>,
    /// Whether every address is one the person has signed in from before.
    pub familiar: bool,
    /// Whether it would have been refused if lockout were enforced.
    pub would_be_locked: bool,
}

/// The counts.
#[derive(Debug)]
pub struct Lockout {
    policy: LockoutPolicy,
    accounts: Mutex<HashMap<LockoutKey, Account>>,
}

impl Lockout {
    /// Nothing counted yet.
    pub fn new(policy: LockoutPolicy) -> Self {
        Self { policy, accounts: Mutex::default() }
    }

    /// Asked before every bind for a request from outside. `None` when nothing is counted.
    pub fn begin(&self, key: LockoutKey, addresses: &[IpAddr], at: Timestamp) -> Option<Attempt> {
        let policy = &self.policy;
        if policy.mode == LockoutMode::Off {
            return None;
        }
        let mut accounts = self.accounts();
        if !accounts.contains_key(&key) && !make_room(&mut accounts, policy, at) {
            return Some(Attempt::Full { most: policy.most_accounts });
        }
        let account = accounts.entry(key).or_default();
        let familiar = account.knows(addresses);
        let would_be_locked = match (account.locked_until(familiar, policy, at), policy.mode) {
            (Some(until), LockoutMode::Enforce) => return Some(Attempt::Locked { familiar, until }),
            (until, _) => until.is_some(),
        };
        let before = account.begin(familiar, at);
        Some(Attempt::Allowed(Counted { key, at, before, familiar, would_be_locked }))
    }

    /// The directory said that the password is right: every address of the request is familiar from now on.
    pub fn succeeded(&self, attempt: &Counted, addresses: &[IpAddr]) {
        if let Some(account) = self.accounts().get_mut(&attempt.key) {
            account.succeed(attempt.familiar, addresses, attempt.at);
        }
    }

    /// The directory did not judge the password, or knew it and refused all the same: neither a guess nor a sign-in.
    pub fn take_back(&self, attempt: &Counted) {
        if let Some(account) = self.accounts().get_mut(&attempt.key) {
            account.take_back(attempt.familiar, attempt.at, attempt.before);
        }
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<LockoutKey, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Before the bound is reached, what matters least goes: a sixteenth at a time, so that a flood of names does not cost one
/// pass for each. A locked name never goes. Where nobody is refused anyway, nobody is kept for being locked.
fn make_room(accounts: &mut HashMap<LockoutKey, Account>, policy: &LockoutPolicy, at: Timestamp) -> bool {
    let most = policy.most_accounts.max(1);
    if accounts.len() < most {
        return true;
    }
    let kept = |account: &Account| policy.mode == LockoutMode::Enforce && account.is_locked(policy, at);
    let mut by_weight: Vec<_> =
        accounts.iter().filter(|(_, account)| !kept(account)).map(|(key, account)| (account.weight(), *key)).collect();
    by_weight.sort_unstable();
    for (_, key) in by_weight.into_iter().take(most.div_ceil(16)) {
        accounts.remove(&key);
    }
    accounts.len() < most
}

#[cfg(test)]
mod tests;
