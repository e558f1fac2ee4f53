//! Sessions that were ended before their time. A cookie that was copied before the sign-out must not outlive it.

use super::SessionId;
use moka::sync::Cache;
use std::time::Duration;

/// How many are remembered. Whoever signs out is signed in, so a stranger cannot drive others out of the memory.
const MOST: u64 = 1_000_000;

/// Remembers them for as long as their cookies would count.
#[derive(Debug, Clone)]
pub struct EndedSessions(Cache<SessionId, ()>);

impl EndedSessions {
    /// `lifetime` is `SsoLifetime`: after it no session counts anyway.
    pub fn new(lifetime: Duration) -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(lifetime).build())
    }

    /// Ends a session.
    pub fn end(&self, id: SessionId) {
        self.0.insert(id, ());
    }

    /// Whether it was ended.
    pub fn contains(&self, id: &SessionId) -> bool {
        self.0.contains_key(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_ended_stays_ended() {
        let ended = EndedSessions::new(Duration::from_secs(60));
        ended.end([1; 16]);
        assert!(ended.contains(&[1; 16]));
        assert!(!ended.contains(&[2; 16]));
    }
}
