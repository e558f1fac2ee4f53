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

/// Measures how long something took. A fixed clock's stopwatch stands still.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Option<std::time::Instant>);

impl Stopwatch {
    /// Time since the stopwatch was started; zero when it stands still.
    pub fn elapsed(&self) -> std::time::Duration {
        self.0.map_or(std::time::Duration::ZERO, |start| start.elapsed())
    }
}

impl Clock {
    /// A stopwatch started now.
    #[allow(clippy::disallowed_methods)] // the one place that may
    pub fn stopwatch(&self) -> Stopwatch {
        match self {
            Self::System => Stopwatch(Some(std::time::Instant::now())),
            Self::Fixed(_) => Stopwatch(None),
        }
    }
}
