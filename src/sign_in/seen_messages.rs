//! Signed messages that have been honoured, so that none is honoured twice while its timestamp would let it.
//!
//! Only messages of accepted certificates are remembered: nobody else can fill the memory. It is this process's own; several
//! gateways behind one address each have theirs.

use jiff::Timestamp;
use openssl::sha::Sha256;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Most messages remembered, 100 octets each. A signed message counts for twenty-five minutes at the longest.
const MOST: usize = 200_000;

/// What is remembered.
#[derive(Debug)]
pub struct SeenMessages {
    most: usize,
    seen: Mutex<HashMap<[u8; 32], Timestamp>>,
}

/// Why a message is not honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Replay {
    /// It was honoured before.
    #[error("this very message was honoured before; its timestamp lets it count until {until}")]
    Seen {
        /// When its timestamp ends.
        until: Timestamp,
    },
    /// Whether it was cannot be remembered.
    #[error("{most} signed messages are remembered already, and none may be forgotten yet")]
    Full {
        /// How many.
        most: usize,
    },
}

impl Default for SeenMessages {
    fn default() -> Self {
        Self::holding(MOST)
    }
}

impl SeenMessages {
    /// Room for so many.
    pub fn holding(most: usize) -> Self {
        Self { most, seen: Mutex::default() }
    }

    /// Remembers a message until its timestamp ends. `certificate` and `signed` are SHA-256 digests: two people can sign the
    /// same moment.
    ///
    /// # Errors
    /// When it is remembered already, or cannot be.
    pub fn honour(
        &self,
        certificate: &[u8; 32],
        signed: &[u8; 32],
        until: Timestamp,
        at: Timestamp,
    ) -> Result<(), Replay> {
        let mut digest = Sha256::new();
        digest.update(certificate);
        digest.update(signed);
        let key = digest.finish();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = seen.get(&key).filter(|until| **until >= at) {
            return Err(Replay::Seen { until: *until });
        }
        if seen.len() >= self.most {
            seen.retain(|_, until| *until >= at);
        }
        if seen.len() >= self.most {
            return Err(Replay::Full { most: self.most });
        }
        seen.insert(key, until);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(1_768_039_200 + second).unwrap()
    }

    #[test]
    fn a_message_counts_once_while_its_timestamp_lets_it() {
        let seen = SeenMessages::holding(3);
        let honour = |certificate: u8, signed: u8, at| {
            seen.honour(&[certificate; 32], &[signed; 32], second(at + 10), second(at))
        };
        assert_eq!(honour(1, 1, 0), Ok(()));
        assert_eq!(honour(1, 1, 0), Err(Replay::Seen { until: second(10) }));
        assert_eq!(honour(1, 1, 10), Err(Replay::Seen { until: second(10) }));
        assert_eq!(honour(2, 1, 1), Ok(()), "somebody else signed the same");
        assert_eq!(honour(1, 2, 1), Ok(()));
        assert_eq!(honour(1, 3, 2), Err(Replay::Full { most: 3 }));
        assert_eq!(honour(1, 3, 11), Ok(()), "the first has run out");
        assert_eq!(honour(1, 4, 11), Err(Replay::Full { most: 3 }));
    }
}
