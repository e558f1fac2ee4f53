//! `[extranet_lockout]`.

use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{Choice, Number, Period, TimeUnit};
use crate::sign_in::lockout::{LockoutMode, LockoutPolicy};
use jiff::SignedDuration;

pub(super) const EXTRANET_LOCKOUT: Table = Table {
    name: "extranet_lockout",
    repeated: false,
    meaning: "How many wrong passwords a name may have from outside the corporate network. They are counted apart for familiar \
              places, whose every address the person has signed in from, and for all others; so whoever guesses from \
              elsewhere locks nobody out at home, and nobody in the directory. It is about passwords only, and in memory \
              only: each gateway counts for itself, and a restart begins anew.",
    keys: &[&MODE, &THRESHOLD, &OBSERVATION_WINDOW, &MOST_NAMES],
    variants: &[],
};

const MODE: Key<Choice<LockoutMode>> = Key {
    name: "mode",
    shape: Choice {
        first: ("enforce", LockoutMode::Enforce),
        others: &[("log-only", LockoutMode::LogOnly), ("off", LockoutMode::Off)],
        cure: None,
    },
    meaning: "`enforce`: a locked name is refused, and the client learns the same as from a wrong password. `log-only`: nobody is \
              refused, and the record says who would be. `off`: nothing is counted. AD FS calls it `ExtranetLockoutMode`.",
};

const THRESHOLD: Key<Number> = Key {
    name: "threshold",
    shape: Number { default: 10, range: 1..=1_000_000, unit: "wrong passwords" },
    meaning: "`ExtranetLockoutThreshold`. Keep it below the domain's own threshold, half of it is usual: else whoever guesses \
              locks the account in the domain.",
};

const OBSERVATION_WINDOW: Key<Period> = Key {
    name: "observation_window_minutes",
    shape: Period { default: 30, range: 1..=10_080, unit: TimeUnit::Minutes },
    meaning: "`ExtranetObservationWindow`: how long a name stays locked after the last password that was tried. Then one is let \
              through.",
};

const MOST_NAMES: Key<Number> = Key {
    name: "most_names",
    shape: Number { default: 100_000, range: 1_000..=10_000_000, unit: "names" },
    meaning: "Names remembered at once. Where all of them are locked, further names are refused.",
};

pub(super) fn extranet_lockout(mut section: Section<'_, '_>) -> LockoutPolicy {
    let policy = LockoutPolicy {
        mode: section.choice(&MODE),
        threshold: u32::try_from(section.number(&THRESHOLD)).unwrap_or(u32::MAX),
        window: SignedDuration::try_from(section.period(&OBSERVATION_WINDOW)).unwrap_or(SignedDuration::MAX),
        most_accounts: section.count(&MOST_NAMES),
    };
    section.finish();
    policy
}
