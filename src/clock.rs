//! The one door to the ambient clock. Everything behind it takes a [`Timestamp`] as an argument.

use jiff::Timestamp;

/// Where the edges get "now" from: the machine, or a fixed moment in tests and in replays.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always the same moment.
    Fixed(Timestamp),
}

impl Clock {
    /// The present moment as this clock sees it.
    #[allow(clippy::disallowed_methods)] // the one place that may
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(moment) => *moment,
        }
    }
}
