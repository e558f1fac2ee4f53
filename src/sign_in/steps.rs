//! The steps of a sign-in, as they were taken: what every stage found and how long it took.

use super::Stage;
use crate::clock::Stopwatch;
use crate::outcome::{Refusal, printable};
use std::time::Duration;

/// One stage passed or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which stage.
    pub stage: Stage,
    /// What it found, in one sentence for the operator.
    pub finding: String,
    /// Whether the sign-in went on.
    pub passed: bool,
    /// Time spent in the stage, waiting for lookups included.
    pub took: Duration,
}

/// Collects steps while a sign-in runs.
#[derive(Debug)]
pub struct Steps {
    taken: Vec<Step>,
    stopwatch: Stopwatch,
    since: Duration,
}

impl Steps {
    /// No step yet; the stopwatch gives durations, so that replays and tests can stop time.
    pub fn new(stopwatch: Stopwatch) -> Self {
        Self { taken: Vec::with_capacity(8), since: stopwatch.elapsed(), stopwatch }
    }

    /// Records how a stage ended and hands its result on.
    ///
    /// # Errors
    /// The stage's own refusal, unchanged.
    pub fn take<T>(
        &mut self,
        stage: Stage,
        result: Result<T, impl Into<Refusal>>,
        finding: impl FnOnce(&T) -> String,
    ) -> Result<T, Refusal> {
        let result = result.map_err(Into::into);
        let (finding, passed) = match &result {
            Ok(value) => (printable(finding(value)), true),
            Err(refusal) => (refusal.finding.clone(), false),
        };
        let now = self.stopwatch.elapsed();
        self.taken.push(Step { stage, finding, passed, took: now.saturating_sub(self.since) });
        self.since = now;
        result
    }

    /// The steps in the order they were taken.
    pub fn into_taken(self) -> Vec<Step> {
        self.taken
    }
}
