//! What is remembered of one account.

use super::LockoutPolicy;
use core::net::IpAddr;
use jiff::Timestamp;

/// Addresses remembered; the one not seen for longest makes room.
const MOST_FAMILIAR: usize = 20;

/// Attempts that did not turn out well since the last right password. One that is under way is among them.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    attempts: u32,
    last: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub(super) struct Account {
    familiar: Vec<IpAddr>,
    from_familiar: Count,
    from_unknown: Count,
    touched: Option<Timestamp>,
}

impl Account {
    /// A place is familiar when every address of the request is: one that is not may be where the attacker sits.
    pub(super) fn knows(&self, addresses: &[IpAddr]) -> bool {
        !addresses.is_empty() && addresses.iter().all(|address| self.familiar.contains(&address.to_canonical()))
    }

    pub(super) fn locked_until(&self, familiar: bool, policy: &LockoutPolicy, at: Timestamp) -> Option<Timestamp> {
        let count = if familiar { self.from_familiar } else { self.from_unknown };
        let until = count.last.filter(|_| count.attempts >= policy.threshold)?.checked_add(policy.window).ok()?;
        (at < until).then_some(until)
    }

    /// Counts an attempt; gives back what [`Account::take_back`] needs.
    pub(super) fn begin(&mut self, familiar: bool, at: Timestamp) -> Option<Timestamp> {
        let count = self.count(familiar);
        let before = count.last;
        *count = Count { attempts: count.attempts.saturating_add(1), last: before.max(Some(at)) };
        self.touched = Some(at);
        before
    }

    /// The attempt begun at `at` was none. Whatever has begun since stays counted.
    pub(super) fn take_back(&mut self, familiar: bool, at: Timestamp, before: Option<Timestamp>) {
        let count = self.count(familiar);
        count.attempts = count.attempts.saturating_sub(1);
        if count.last == Some(at) {
            count.last = before;
        }
    }

    pub(super) fn succeed(&mut self, familiar: bool, addresses: &[IpAddr], at: Timestamp) {
        *self.count(familiar) = Count::default();
        for address in addresses.iter().map(IpAddr::to_canonical) {
            self.familiar.retain(|known| *known != address);
            self.familiar.push(address);
        }
        let surplus = self.familiar.len().saturating_sub(MOST_FAMILIAR);
        self.familiar.drain(..surplus);
        self.touched = Some(at);
    }

    fn count(&mut self, familiar: bool) -> &mut Count {
        if familiar { &mut self.from_familiar } else { &mut self.from_unknown }
    }

    /// Locked in either kind of place: never forgotten.
    pub(super) fn is_locked(&self, policy: &LockoutPolicy, at: Timestamp) -> bool {
        [true, false].iter().any(|familiar| self.locked_until(*familiar, policy, at).is_some())
    }

    /// What is forgotten first: without familiar places, few attempts, long ago. Who wants the count of a name forgotten must
    /// therefore fill the memory with names that were each tried as often.
    pub(super) fn weight(&self) -> (bool, u32, Option<Timestamp>) {
        let attempts = self.from_familiar.attempts.max(self.from_unknown.attempts);
        (!self.familiar.is_empty(), attempts, self.touched)
    }
}
