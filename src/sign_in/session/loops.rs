//! Loop detection: a browser that comes back for token after token (ADFS-PROTOCOLS section 13.2).

use jiff::{SignedDuration, Timestamp};

/// `LoopDetectionMaximumTokensIssuedInInterval` and `LoopDetectionTimeIntervalInSeconds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoopPolicy {
    /// How many tokens a browser gets for one relying party within the interval.
    pub tokens: u32,
    /// The interval.
    pub interval: SignedDuration,
}

impl Default for LoopPolicy {
    fn default() -> Self {
        Self { tokens: 5, interval: SignedDuration::from_secs(20) }
    }
}

/// How often a browser came for one relying party, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visits {
    since: Timestamp,
    count: u32,
}

/// A browser that goes round in circles. The text is that of AD FS, which operators search for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "MSIS7042: The same client browser session has made '{requests}' requests in the last '{seconds}' seconds. Contact your \
     administrator for details."
)]
pub struct LoopDetected {
    /// Requests in the interval, this one included.
    pub requests: u32,
    /// How long they took.
    pub seconds: i64,
}

impl Visits {
    /// Counts one more token, or the first.
    ///
    /// # Errors
    /// When it would be one too many.
    pub fn count(before: Option<Self>, policy: &LoopPolicy, at: Timestamp) -> Result<Self, LoopDetected> {
        let within = before.filter(|visits| {
            let age = at.duration_since(visits.since);
            !age.is_negative() && age <= policy.interval
        });
        let Some(visits) = within else { return Ok(Self { since: at, count: 1 }) };
        let requests = visits.count.saturating_add(1);
        if requests > policy.tokens {
            return Err(LoopDetected { requests, seconds: at.duration_since(visits.since).as_secs() });
        }
        Ok(Self { count: requests, ..visits })
    }

    /// The cookie's text before base64, in the form of `MSISLoopDetectionCookie`: `2023-10-16:06:22:15Z\1`.
    pub fn to_text(self) -> String {
        format!("{}\\{}", self.since.strftime("%Y-%m-%d:%H:%M:%SZ"), self.count)
    }

    /// Reads the cookie's text. What cannot be read counts for nothing: a browser that forges it deceives only itself.
    pub fn from_text(text: &str) -> Option<Self> {
        let (since, count) = text.split_once('\\')?;
        let (date, time) = since.split_once(':')?;
        Some(Self { since: format!("{date}T{time}").parse().ok()?, count: count.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        let start: Timestamp = "2026-01-10T10:00:00Z".parse().unwrap();
        start + SignedDuration::from_secs(second)
    }

    #[test]
    fn the_sixth_token_in_twenty_seconds_is_one_too_many() {
        let policy = LoopPolicy::default();
        let mut visits = None;
        for second in [0, 2, 4, 6, 8] {
            visits = Some(Visits::count(visits, &policy, at(second)).unwrap());
        }
        let found = Visits::count(visits, &policy, at(11)).unwrap_err();
        assert_eq!(
            found.to_string(),
            "MSIS7042: The same client browser session has made '6' requests in the last '11' seconds. Contact your \
             administrator for details."
        );
        assert_eq!(Visits::count(visits, &policy, at(20)).unwrap_err().seconds, 20);
        assert_eq!(Visits::count(visits, &policy, at(21)), Ok(Visits { since: at(21), count: 1 }));
        // a clock that was set back is no loop
        assert_eq!(Visits::count(visits, &policy, at(-1)), Ok(Visits { since: at(-1), count: 1 }));
    }

    #[test]
    fn the_cookie_is_that_of_adfs() {
        let visits = Visits { since: "2023-10-16T06:22:15Z".parse().unwrap(), count: 1 };
        assert_eq!(visits.to_text(), "2023-10-16:06:22:15Z\\1");
        assert_eq!(Visits::from_text("2023-10-16:06:22:15Z\\1"), Some(visits));
        for text in ["", "\\", "2023-10-16:06:22:15Z", "2023-10-16:06:22:15Z\\x", "yesterday:noon\\1"] {
            assert_eq!(Visits::from_text(text), None, "{text}");
        }
    }
}
