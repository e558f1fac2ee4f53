//! What is remembered of one name.

use super::LockoutPolicy;
use core::net::IpAddr;
use jiff::Timestamp;

/// Addresses remembered; the one not seen for longest makes room.
const MOST_FAMILIAR: usize = 20;

/// Wrong passwords since the last right one.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    failures: u32,
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
        let until = count.last.filter(|_| count.failures >= policy.threshold)?.checked_add(policy.window).ok()?;
        (at < until).then_some(until)
    }

    pub(super) fn fail(&mut self, familiar: bool, at: Timestamp) {
        let count = if familiar { &mut self.from_familiar } else { &mut self.from_unknown };
        *count = Count { failures: count.failures.saturating_add(1), last: Some(at) };
        self.touched = Some(at);
    }

    pub(super) fn succeed(&mut self, familiar: bool, addresses: &[IpAddr], at: Timestamp) {
        *(if familiar { &mut self.from_familiar } else { &mut self.from_unknown }) = Count::default();
        for address in addresses.iter().map(IpAddr::to_canonical) {
            self.familiar.retain(|known| *known != address);
            self.familiar.push(address);
        }
        let surplus = self.familiar.len().saturating_sub(MOST_FAMILIAR);
        self.familiar.drain(..surplus);
        self.touched = Some(at);
    }

    /// What is forgotten first: neither locked nor with familiar places, few failures, long ago.
    pub(super) fn weight(&self, policy: &LockoutPolicy, at: Timestamp) -> (bool, bool, u32, Option<Timestamp>) {
        let locked = [true, false].iter().any(|familiar| self.locked_until(*familiar, policy, at).is_some());
        let failures = self.from_familiar.failures.max(self.from_unknown.failures);
        (locked, !self.familiar.is_empty(), failures, self.touched)
    }
}
