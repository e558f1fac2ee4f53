//! Collects findings while a text is read.

use super::Strictness;
use super::diagnostic::{Position, RuleDiagnostic, RuleProblem};
use super::lexer::{Token, TokenKind};
use super::program::RuleLabel;

/// More are told to nobody's use.
const MAXIMUM_ERRORS: usize = 50;
const MAXIMUM_WARNINGS: usize = 200;
/// Bytes shown of a line on either side of the token.
const LINE_REACH: usize = 1000;

pub(super) struct Reporter<'t> {
    source_name: &'t str,
    text: &'t str,
    pub(super) strictness: Strictness,
    /// The rule that is being read or checked.
    pub(super) rule: Option<RuleLabel>,
    /// Every rule that has begun, in order.
    labels: Vec<RuleLabel>,
    pub(super) errors: Vec<RuleDiagnostic>,
    pub(super) warnings: Vec<RuleDiagnostic>,
}

impl<'t> Reporter<'t> {
    pub(super) fn new(source_name: &'t str, text: &'t str, strictness: Strictness) -> Self {
        Self { source_name, text, strictness, rule: None, labels: Vec::new(), errors: Vec::new(), warnings: Vec::new() }
    }

    /// Findings from now on are in this rule.
    pub(super) fn begin(&mut self, label: &RuleLabel) {
        if self.labels.last().is_some_and(|last| last.number == label.number) {
            self.labels.pop();
        }
        self.labels.push(label.clone());
        self.rule = Some(label.clone());
    }

    /// Findings about texts come before the rules are known.
    pub(super) fn place_in_rules(&mut self) {
        for warning in self.warnings.iter_mut().filter(|warning| warning.rule.is_none()) {
            let after = self.labels.partition_point(|label| label.position <= warning.position);
            warning.rule = after.checked_sub(1).and_then(|at| self.labels.get(at)).cloned();
        }
    }

    /// Whether there is no use in going on.
    pub(super) fn full(&self) -> bool {
        self.errors.len() >= MAXIMUM_ERRORS
    }

    pub(super) fn diagnostic(&self, at: Token<'t>, problem: RuleProblem) -> RuleDiagnostic {
        let (line_text, line_column) = self.line(at.start);
        RuleDiagnostic {
            source_name: self.source_name.to_owned(),
            position: at.position,
            token: at.text.to_owned(),
            line_text,
            line_column,
            rule: self.rule.clone(),
            problem,
        }
    }

    /// The line around an offset, and the offset's column in it.
    fn line(&self, offset: usize) -> (String, usize) {
        let before = self.text.get(..offset).unwrap_or_default();
        let start =
            (offset.saturating_sub(LINE_REACH)..=offset).find_map(|start| before.get(start..)).unwrap_or_default();
        let start = start.rsplit('\n').next().unwrap_or_default();
        let after = self.text.get(offset..).unwrap_or_default();
        let end = (after.len().min(LINE_REACH)..=after.len()).find_map(|end| after.get(..end)).unwrap_or_default();
        let end = end.split(['\n', '\r']).next().unwrap_or_default();
        (format!("{start}{end}"), start.chars().count())
    }

    pub(super) fn error(&mut self, at: Token<'t>, problem: RuleProblem) {
        if !self.full() {
            self.errors.push(self.diagnostic(at, problem));
        }
    }

    pub(super) fn warn(&mut self, at: Token<'t>, problem: RuleProblem) {
        if self.warnings.len() < MAXIMUM_WARNINGS {
            self.warnings.push(self.diagnostic(at, problem));
        }
    }

    /// The last word after too many errors.
    pub(super) fn close(&mut self, at: Token<'t>) {
        if self.full() {
            self.errors.push(self.diagnostic(at, RuleProblem::TooManyErrors { limit: MAXIMUM_ERRORS }));
        }
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
        let line = text.matches('\n').count() + 1;
        let column = text.rsplit('\n').next().map_or(0, |last| last.chars().count());
        Token { kind: TokenKind::End, text: "", start: text.len(), position: Position { line, column } }
    }
}
