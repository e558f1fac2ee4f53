//! A compiled regular expression with .NET's meaning.

use super::pattern_groups::Groups;
use super::pattern_text::{self, PatternError};
use super::replacement::Replacement;
use fancy_regex::{Regex, RegexBuilder};
use std::borrow::Cow;

/// A pattern, compiled once at load.
///
/// .NET's `$` also matches before a line feed that ends the input. The engine pays for that with backtracking, so `exact`
/// is used only for input that ends in one; for every other input `fast` means the same.
#[derive(Debug)]
pub(in crate::claims) struct Pattern {
    source: Box<str>,
    fast: Regex,
    exact: Option<Regex>,
    groups: Groups,
}

/// Bytes of one compiled part. `\w{1,256}` needs 13 million, because of all the letters there are.
const MAXIMUM_SIZE: usize = 32 * 1024 * 1024;

/// Why a compiled pattern gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::claims) enum PatternFailure {
    #[error("it needs more than the allowed number of steps on this value ({0})")]
    Backtracking(String),
    #[error("its replacement is longer than {0} bytes")]
    TooLong(usize),
}

impl Pattern {
    pub(in crate::claims) fn compile(source: &str, backtracks: usize) -> Result<Self, PatternError> {
        let fast = pattern_text::translate(source, r"\z")?;
        let exact = if fast.has_end_anchor {
            let exact = pattern_text::translate(source, r"(?=\n?\z)")?;
            Some(engine(&exact.text, backtracks)?)
        } else {
            None
        };
        Ok(Self { source: source.into(), fast: engine(&fast.text, backtracks)?, exact, groups: fast.groups })
    }

    pub(in crate::claims) fn source(&self) -> &str {
        &self.source
    }

    pub(in crate::claims) fn groups(&self) -> &Groups {
        &self.groups
    }

    fn regex_for(&self, input: &str) -> &Regex {
        self.exact.as_ref().filter(|_| input.ends_with('\n')).unwrap_or(&self.fast)
    }

    /// An unanchored search, as `=~` does.
    pub(in crate::claims) fn is_match(&self, input: &str) -> Result<bool, PatternFailure> {
        self.regex_for(input).is_match(input).map_err(|error| PatternFailure::Backtracking(error.to_string()))
    }

    /// .NET's `Regex.Replace`: every match, an empty one directly after a match included.
    pub(in crate::claims) fn replace<'i>(
        &self,
        input: &'i str,
        replacement: &Replacement,
        maximum: usize,
    ) -> Result<Cow<'i, str>, PatternFailure> {
        let regex = self.regex_for(input);
        let (mut out, mut copied, mut from) = (String::new(), 0, 0);
        let mut any = false;
        while from <= input.len() {
            let found = regex.captures_from_pos(input, from);
            let Some(captures) = found.map_err(|error| PatternFailure::Backtracking(error.to_string()))? else { break };
            let Some(whole) = captures.get(0) else { break };
            any = true;
            out.push_str(input.get(copied..whole.start()).unwrap_or_default());
            replacement.expand(&mut out, input, &captures);
            if out.len() > maximum {
                return Err(PatternFailure::TooLong(maximum));
            }
            copied = whole.end();
            from = if whole.end() > whole.start() { whole.end() } else { after(input, whole.end()) };
        }
        if !any {
            return Ok(Cow::Borrowed(input));
        }
        out.push_str(input.get(copied..).unwrap_or_default());
        if out.len() > maximum { Err(PatternFailure::TooLong(maximum)) } else { Ok(Cow::Owned(out)) }
    }
}

fn after(input: &str, at: usize) -> usize {
    at + input.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

fn engine(text: &str, backtracks: usize) -> Result<Regex, PatternError> {
    let built = RegexBuilder::new(text).backtrack_limit(backtracks).delegate_size_limit(MAXIMUM_SIZE).build();
    built.map_err(|error| match error.to_string() {
        size if size.contains("building NFA") || size.contains("size limit") => PatternError::TooMuch {
            what: "bytes of memory once its repetitions {n,m} are written out",
            limit: MAXIMUM_SIZE,
        },
        other => PatternError::Engine(other),
    })
}

#[cfg(test)]
mod tests;
