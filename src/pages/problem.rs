//! What is wrong with an operator's template, text or other material.

/// Where in the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file's name in the folder.
    pub file: String,
    /// One-based line, where one can be named.
    pub line: Option<usize>,
}

/// One problem, as a configuration problem says it: what is wrong without a full stop, and what to do in full sentences.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaterialProblem {
    /// Where.
    pub spot: Spot,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub cure: String,
}

impl MaterialProblem {
    pub(super) fn new(file: &str, line: Option<usize>, message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { spot: Spot { file: file.to_owned(), line }, message: message.into(), cure: cure.into() }
    }
}
