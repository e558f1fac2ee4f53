//! What is wrong with a configuration: every problem, with file, line, key and cure.

use super::Located;
use std::fmt;
use std::path::{Path, PathBuf};

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The configuration file.
    pub file: PathBuf,
    /// One-based line.
    pub line: usize,
    /// One-based column.
    pub column: usize,
    /// Section and key.
    pub key: String,
    /// What is wrong, continuing the key: "must be …".
    pub message: String,
    /// What to do.
    pub cure: String,
}

impl Problem {
    /// A problem with the value at a place.
    pub fn new<T>(file: &Path, at: &Located<T>, message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: at.line,
            column: at.column,
            key: at.key.clone(),
            message: message.into(),
            cure: cure.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, key, message, cure } = self;
        write!(f, "{}:{line}:{column}: {key} {message}.\n    {cure}", file.display())
    }
}

/// Every problem of one configuration, in the order of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by line.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut sorted: Vec<&Problem> = self.0.iter().collect();
        sorted.sort_by(|a, b| (a.line, a.column, &a.key).cmp(&(b.line, b.column, &b.key)));
        sorted
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.sorted() {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => write!(f, "1 problem; nothing was started."),
            n => write!(f, "{n} problems; nothing was started."),
        }
    }
}

impl std::error::Error for Problems {}
