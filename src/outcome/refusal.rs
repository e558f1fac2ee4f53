//! A refusal under way: the outcome and the particulars that go into the record, never onto the wire.

use super::Outcome;
use crate::typesetting::spelled_out;
use std::borrow::Cow;
use std::fmt::Display;

/// One particular of a refusal: the field's name and its value.
pub type Detail = (&'static str, String);

/// Why a stage ends the sign-in. Domain errors turn into one of these; the details stay with the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The catalogue's name for it.
    pub outcome: Outcome,
    /// One sentence with the particulars.
    pub finding: String,
    /// The particulars as fields.
    pub details: Vec<Detail>,
}

impl Refusal {
    /// A refusal whose sentence is an error's text.
    pub fn because(outcome: Outcome, error: &impl Display) -> Self {
        Self::new(outcome, sentence(error))
    }

    /// A refusal with a sentence of its own.
    pub fn new(outcome: Outcome, finding: impl Into<String>) -> Self {
        Self { outcome, finding: printable(finding.into()), details: Vec::new() }
    }

    /// Adds one field for the record.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.details.push((field, value.into()));
        self
    }
}

/// A sentence that stays one line on every terminal and in every log, whatever the names in it hold: what a terminal would act
/// upon, or not show, is spelled out.
pub fn printable(text: String) -> String {
    match spelled_out(&text) {
        Cow::Owned(spelled) => spelled,
        Cow::Borrowed(_) => text,
    }
}

/// An error's text as a sentence: it begins in the middle of one and has no full stop.
pub fn sentence(error: &impl Display) -> String {
    let text = error.to_string();
    let mut rest = text.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_begin_a_line_or_command_a_terminal() {
        let refusal = Refusal::because(Outcome::NoAccount, &"élan of \"CN=a\r\n\u{1b}[2J\u{9b}x\u{202e}y\"");
        assert_eq!(refusal.finding, r#"Élan of "CN=a\r\n\u{1b}[2J\u{9b}x\u{202e}y"."#);
    }
}
