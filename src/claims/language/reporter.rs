//! Collects findings while a text is read.

use super::Strictness;
use super::diagnostic::{Position, RuleDiagnostic, RuleProblem};
use super::lexer::{Token, TokenKind};

pub(super) struct Reporter<'t> {
    source_name: &'t str,
    text: &'t str,
    pub(super) strictness: Strictness,
    pub(super) errors: Vec<RuleDiagnostic>,
    pub(super) warnings: Vec<RuleDiagnostic>,
}

impl<'t> Reporter<'t> {
    pub(super) fn new(source_name: &'t str, text: &'t str, strictness: Strictness) -> Self {
        Self { source_name, text, strictness, errors: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn diagnostic(&self, at: Token<'t>, problem: RuleProblem) -> RuleDiagnostic {
        let line_start = self.text.get(..at.start).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1);
        let line = self.text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        RuleDiagnostic {
            source_name: self.source_name.to_owned(),
            position: at.position,
            token: at.text.to_owned(),
            line_text: line.to_owned(),
            problem,
        }
    }

    pub(super) fn error(&mut self, at: Token<'t>, problem: RuleProblem) {
        self.errors.push(self.diagnostic(at, problem));
    }

    pub(super) fn warn(&mut self, at: Token<'t>, problem: RuleProblem) {
        self.warnings.push(self.diagnostic(at, problem));
    }

    /// A warning, or in strict mode an error.
    pub(super) fn tolerate(&mut self, at: Token<'t>, problem: RuleProblem) {
        match self.strictness {
            Strictness::Strict => self.error(at, problem),
            Strictness::Lenient => self.warn(at, problem),
        }
    }

    /// The token after everything.
    pub(super) fn end_of(text: &str) -> Token<'_> {
        Token { kind: TokenKind::End, text: "", start: text.len(), position: Position { line: 1, column: 0 } }
    }
}
