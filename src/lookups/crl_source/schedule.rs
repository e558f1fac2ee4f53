//! When an address is asked again. Chance is an argument: `jitter` goes from 0 to 65,535 and keeps a farm of gateways from
//! asking in the same second.

use super::later;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The longest that a failure is remembered, unless the operator wants it longer.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(15 * 60);

/// The shortest time between two questions about a CRL in force.
const SHORTEST: Duration = Duration::from_secs(60);

/// What a CRL says of its own lifetime.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lifetime {
    pub(super) this_update: Timestamp,
    pub(super) next_update: Timestamp,
    /// When AD CS will publish the next one (extension 1.3.6.1.4.1.311.21.4), before this one expires.
    pub(super) next_publish: Option<Timestamp>,
}

/// When to renew a CRL in force: at the publication of the next one, or else after 80 to 90 percent of its life. When that
/// moment has passed and the address still has the same one, again and again in what is left, never after `nextUpdate`.
pub(super) fn renewal(life: Lifetime, now: Timestamp, jitter: u16) -> Timestamp {
    let Lifetime { this_update, next_update, next_publish } = life;
    let published = next_publish.filter(|moment| this_update <= *moment && *moment < next_update);
    let planned = match published {
        Some(moment) => later(moment, share(between(moment, next_update), 0.0, 0.1, jitter)),
        None => later(this_update, share(between(this_update, next_update), 0.8, 0.1, jitter)),
    };
    if planned > now {
        return planned;
    }
    later(now, share(between(now, next_update), 0.25, 0.25, jitter).max(SHORTEST)).min(next_update)
}

/// How long the `failures`th failure in a row is remembered: twice as long each time, and up to a tenth more.
pub(super) fn back_off(first: Duration, failures: u32, jitter: u16) -> Duration {
    let doubled = first.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let wait = doubled.min(LONGEST_BACK_OFF.max(first));
    wait + share(wait, 0.0, 0.1, jitter)
}

fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier).max(SignedDuration::ZERO)).unwrap_or_default()
}

/// `least` of the whole, and of `more` as much as chance has it.
fn share(whole: Duration, least: f64, more: f64, jitter: u16) -> Duration {
    whole.mul_f64(least + more * f64::from(jitter) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::laboratory::hours;

    #[test]
    fn a_crl_is_renewed_before_it_expires() {
        let life = |next_publish| Lifetime { this_update: hours(0), next_update: hours(100), next_publish };
        let cases = [
            (None, 1, 0, 80.0),
            (None, 1, u16::MAX, 90.0),
            (Some(hours(50)), 1, 0, 50.0),
            (Some(hours(50)), 1, u16::MAX, 55.0),
            (Some(hours(100)), 1, 0, 80.0),
            (Some(hours(-1)), 1, 0, 80.0),
            (None, 92, 0, 94.0),
            (None, 92, u16::MAX, 96.0),
            (Some(hours(50)), 60, 0, 70.0),
            (None, 100, 0, 100.0),
        ];
        for (next_publish, now, jitter, expected) in cases {
            let at = renewal(life(next_publish), hours(now), jitter);
            let found = at.duration_since(hours(0)).as_secs_f64() / 3600.0;
            assert!((found - expected).abs() < 0.001, "{next_publish:?} {now} {jitter}: {found}, not {expected}");
        }
    }

    #[test]
    fn the_last_minute_is_not_spent_asking() {
        let life = Lifetime { this_update: hours(0), next_update: hours(1), next_publish: None };
        let now = hours(1).checked_sub(Duration::from_secs(90)).unwrap();
        assert_eq!(renewal(life, now, 0), later(now, SHORTEST));
        let now = hours(1).checked_sub(Duration::from_secs(20)).unwrap();
        assert_eq!(renewal(life, now, 0), hours(1));
    }

    #[test]
    fn failures_are_remembered_ever_longer() {
        let seconds = |failures| back_off(Duration::from_secs(30), failures, 0).as_secs();
        assert_eq!([1, 2, 3, 4, 5, 6, 7, u32::MAX].map(seconds), [30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(back_off(Duration::from_secs(30), 1, u16::MAX).as_secs(), 33);
        assert_eq!(back_off(Duration::from_secs(3600), 9, 0).as_secs(), 3600);
    }
}
