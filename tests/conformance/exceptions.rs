//! The deliberate deviations, each with its reason.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exception: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    suite: String,
    id: String,
    /// What the yardstick says.
    expected: Word,
    /// What happens here.
    got: Word,
    reason: String,
}

#[derive(Deserialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Word {
    Accepted,
    Refused,
}

/// The exceptions of one suite.
pub(crate) struct Exceptions(Vec<Exception>);

impl Exceptions {
    pub(crate) fn of(suite: &str) -> Self {
        let file: File = toml::from_str(include_str!("exceptions.toml")).expect("exceptions.toml can be read");
        let listed: Vec<Exception> = file.exception.into_iter().filter(|listed| listed.suite == suite).collect();
        for listed in &listed {
            assert!(listed.expected != listed.got, "{} is no exception", listed.id);
            assert!(!listed.reason.trim().is_empty(), "{} has no reason", listed.id);
        }
        Self(listed)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|listed| listed.id.as_str())
    }

    /// Why the case deviates, if it is listed with this expectation.
    pub(crate) fn reason(&self, id: &str, expected: bool) -> Option<&str> {
        let word = if expected { Word::Accepted } else { Word::Refused };
        let listed = self.0.iter().find(|listed| listed.id == id && listed.expected == word)?;
        Some(&listed.reason)
    }
}
