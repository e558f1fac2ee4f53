//! The parser's hold on its tokens: looking, taking, and saying what else would have done.

use super::super::Strictness;
use super::super::diagnostic::{Cure, RuleDiagnostic, RuleProblem};
use super::super::lexer::{Token, TokenKind};
use super::super::reporter::Reporter;
use super::{Parsed, Parser};

impl<'t> Parser<'t, '_> {
    pub(super) fn string(&mut self) -> Parsed<Token<'t>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Text => {}
            TokenKind::SingleQuotedText => self.tolerate(token, RuleProblem::SingleQuotes)?,
            _ => return Err(self.unexpected(&["STRING"])),
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

    pub(super) fn keyword(&mut self, word: &str, expected: &'static str) -> Parsed<()> {
        if !self.peek().is_word(word) {
            return Err(self.unexpected(&[expected]));
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn expect(&mut self, kind: TokenKind, expected: &'static str) -> Parsed<Token<'t>> {
        self.take_if(kind).ok_or_else(|| self.unexpected(&[expected]))
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

    fn token(&self, at: usize) -> Token<'t> {
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

    fn reject(&self, expected: &[&'static str], cure: Option<Cure>) -> RuleDiagnostic {
        let token = self.peek();
        let next = self.peek_second();
        let cure = cure.or(match next.kind {
            TokenKind::Bad(cure) if next.start == token.end() => Some(cure),
            _ => None,
        });
        let problem = match token.kind {
            TokenKind::Bad(cure) => RuleProblem::UnexpectedInput { cure },
            TokenKind::Integer => RuleProblem::UnexpectedInput { cure: Cure::Number },
            _ => RuleProblem::Syntax { expected: expected.to_vec(), cure },
        };
        self.reporter.diagnostic(token, problem)
    }

    /// A departure from the published grammar that real rules show: a warning, or in strict mode an error.
    pub(super) fn tolerate(&mut self, at: Token<'t>, problem: RuleProblem) -> Parsed<()> {
        match self.reporter.strictness {
            Strictness::Strict => Err(self.reporter.diagnostic(at, problem)),
            Strictness::Lenient => {
                self.reporter.warn(at, problem);
                Ok(())
            }
        }
    }
}
