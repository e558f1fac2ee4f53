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
    /// Where the mistake is, when it is inside a file that the key names.
    pub place: Option<Place>,
    /// What is wrong. It continues the key ("must be …"), or stands by itself after a place. Without a full stop.
    pub message: String,
    /// What to do, in full sentences.
    pub cure: String,
}

/// A place in a file that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// One-based line, where the file has lines.
    pub line: Option<usize>,
    /// One-based column, where it is known.
    pub column: Option<usize>,
}

impl Problem {
    /// A problem with the value at a place of the configuration.
    pub fn new<T>(file: &Path, at: &Located<T>, message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: at.line,
            column: at.column,
            key: at.key.clone(),
            place: None,
            message: message.into(),
            cure: cure.into(),
        }
    }

    /// The same, inside a file that the value names.
    #[must_use]
    pub fn in_file(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        [self.line, self.column].into_iter().flatten().try_for_each(|number| write!(f, ":{number}"))
    }
}

/// First the place to go to, then what is wrong, then what to do.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, key, place, message, cure } = self;
        let stop = if message.ends_with('.') { "" } else { "." };
        let named_at = format!("{}:{line}:{column}", file.display());
        match place {
            None => write!(f, "{named_at}: {key} {message}{stop}\n    {cure}"),
            Some(place) => {
                write!(f, "{place}: {message}{stop}\n    {cure}\n    The file belongs to {key} at {named_at}.")
            }
        }
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

    /// Adds what came out of using a configuration with problems. A value that is wrong already is not blamed twice.
    pub(super) fn add_consequences(&mut self, found: Self) {
        let known: Vec<(usize, usize, String)> =
            self.0.iter().map(|problem| (problem.line, problem.column, problem.key.clone())).collect();
        let blamed = |problem: &Problem| {
            known
                .iter()
                .any(|(line, column, key)| (*line, *column, key) == (problem.line, problem.column, &problem.key))
        };
        self.0.extend(found.0.into_iter().filter(|problem| !blamed(problem)));
    }

    /// All of them, by line; those inside one file by place.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut sorted: Vec<&Problem> = self.0.iter().collect();
        sorted.sort_by(|a, b| (a.line, a.column, &a.key, &a.place).cmp(&(b.line, b.column, &b.key, &b.place)));
        sorted
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.sorted() {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => write!(f, "1 problem."),
            n => write!(f, "{n} problems."),
        }
    }
}

impl std::error::Error for Problems {}
