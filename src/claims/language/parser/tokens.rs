//! The parser's hold on its tokens: looking, taking, and saying what else would have done.

use super::super::cure::Cure;
use super::super::diagnostic::{RuleDiagnostic, RuleProblem};
use super::super::lexer::damage;
use super::super::lexer::{Token, TokenKind};
use super::super::reporter::Reporter;
use super::{Parsed, Parser};

impl<'t> Parser<'t, '_> {
    pub(super) fn string(&mut self) -> Parsed<Token<'t>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Text => {}
            TokenKind::SingleQuotedText => self.reporter.tolerate(token, RuleProblem::SingleQuotes),
            _ => return Err(self.reject(&["STRING"], self.operand_cure())),
        }
        self.at += 1;
        Ok(token)
    }

    pub(super) fn assign(&mut self) -> Parsed<()> {
        if self.take_if(TokenKind::Assign).is_some() {
            return Ok(());
        }
        if self.peek().kind == TokenKind::Equal {
            return Err(self.unexpected_with(&["'='"], Cure::AssignWithEquals));
        }
        Err(self.unexpected(&["'='"]))
    }

    pub(super) fn keyword(&mut self, word: &'static str, expected: &'static str) -> Parsed<()> {
        if !self.peek().is_word(word) {
            return Err(self.reject(&[expected], self.keyword_cure(word)));
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn expect(&mut self, kind: TokenKind, expected: &'static str) -> Parsed<Token<'t>> {
        self.take_if(kind).ok_or_else(|| self.unexpected(&[expected]))
    }

    /// The same with a cure for whatever else stands there.
    pub(super) fn expect_with(&mut self, kind: TokenKind, expected: &'static str, cure: Cure) -> Parsed<Token<'t>> {
        self.take_if(kind).ok_or_else(|| self.unexpected_with(&[expected], cure))
    }

    /// Some checks compare every part with every other one; nobody writes so many by hand.
    pub(super) fn within(&self, count: usize, what: &'static str, limit: usize) -> Parsed<()> {
        if count < limit {
            return Ok(());
        }
        Err(self.reporter.diagnostic(self.peek(), RuleProblem::TooMuch { what, limit }))
    }

    pub(super) fn take_if(&mut self, kind: TokenKind) -> Option<Token<'t>> {
        let token = self.peek();
        (token.kind == kind).then(|| {
            self.at += 1;
            token
        })
    }

    pub(super) fn peek(&self) -> Token<'t> {
        self.token(self.at)
    }

    pub(super) fn peek_second(&self) -> Token<'t> {
        self.token(self.at + 1)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Token<'t> {
        self.token(self.at + ahead)
    }

    pub(super) fn previous(&self) -> Option<Token<'t>> {
        self.at.checked_sub(1).map(|at| self.token(at))
    }

    pub(super) fn token(&self, at: usize) -> Token<'t> {
        self.tokens.get(at).or(self.tokens.last()).copied().unwrap_or_else(|| Reporter::end_of(self.text))
    }

    pub(super) fn last_end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |at| self.token(at).end())
    }

    pub(super) fn unexpected(&self, expected: &[&'static str]) -> RuleDiagnostic {
        self.reject(expected, None)
    }

    pub(super) fn unexpected_with(&self, expected: &[&'static str], cure: Cure) -> RuleDiagnostic {
        self.reject(expected, Some(cure))
    }

    /// What is plainly damage comes before what the grammar makes of it.
    pub(super) fn reject(&self, expected: &[&'static str], cure: Option<Cure>) -> RuleDiagnostic {
        let token = self.peek();
        let problem = match token.kind {
            TokenKind::Bad(cure) => RuleProblem::UnexpectedInput { cure },
            TokenKind::Integer => RuleProblem::UnexpectedInput { cure: self.damage(cure).unwrap_or(Cure::Number) },
            _ => RuleProblem::Syntax { expected: expected.to_vec(), cure: self.damage(cure) },
        };
        self.reporter.diagnostic(token, problem)
    }

    /// Damage beside the token: in the character after it, in the gap before it, or in a text that ended too late; otherwise
    /// what the grammar says.
    fn damage(&self, cure: Option<Cure>) -> Option<Cure> {
        self.damage_beside().or(cure).or_else(|| self.damage_after())
    }

    fn damage_after(&self) -> Option<Cure> {
        let (token, next) = (self.peek(), self.peek_second());
        match next.kind {
            TokenKind::Bad(cure) if next.start == token.end() => Some(cure),
            _ => None,
        }
    }

    fn damage_beside(&self) -> Option<Cure> {
        let token = self.peek();
        let after = self.damage_after().filter(|cure| !matches!(cure, Cure::Character(_)));
        if after.is_some() {
            return after;
        }
        let gap = self.text.get(self.last_end()..token.end() + 4).or(self.text.get(self.last_end()..token.end()));
        let unseen = gap.and_then(|gap| gap.chars().find(|c| damage::is_invisible(*c)));
        if let Some(unseen) = unseen.filter(|unseen| *unseen != '\u{feff}') {
            return Some(Cure::Invisible(unseen));
        }
        let before = self.previous().filter(|before| before.kind == TokenKind::Text)?;
        if before.content().is_empty() && before.end() == token.start {
            return Some(Cure::DoubledQuotes);
        }
        let curly = before.content().chars().any(damage::is_typographic_quote);
        (curly && before.position.line == token.position.line).then_some(Cure::MixedQuotes)
    }
}
