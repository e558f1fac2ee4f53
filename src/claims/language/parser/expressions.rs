//! Values: texts, properties of bound claims, calls, and their concatenation.

use super::super::cure::Cure;
use super::super::diagnostic::RuleProblem;
use super::super::lexer::{Token, TokenKind};
use super::super::program::Property;
use super::super::syntax::ExpressionSyntax;
use super::{MAXIMUM_DEPTH, MAXIMUM_PARTS, Parsed, Parser};

/// What can stand where a property is named.
pub(super) const PROPERTIES: &[&str] = &["TYPE", "VALUE", "VALUETYPE", "ISSUER", "ORIGINALISSUER", "PROPERTIES"];

impl<'t> Parser<'t, '_> {
    pub(super) fn expression(&mut self) -> Parsed<ExpressionSyntax<'t>> {
        self.depth += 1;
        if self.depth > MAXIMUM_DEPTH {
            let problem = RuleProblem::TooMuch { what: "function calls inside one another", limit: MAXIMUM_DEPTH };
            return Err(self.reporter.diagnostic(self.peek(), problem));
        }
        let first = self.term()?;
        let mut terms = Vec::new();
        while self.take_if(TokenKind::Plus).is_some() {
            self.within(terms.len(), "terms joined by +", MAXIMUM_PARTS)?;
            terms.push(self.term()?);
        }
        self.depth -= 1;
        if terms.is_empty() {
            return Ok(first);
        }
        terms.insert(0, first);
        Ok(ExpressionSyntax::Concat(terms))
    }

    fn term(&mut self) -> Parsed<ExpressionSyntax<'t>> {
        let first = self.peek();
        match (first.kind, self.peek_second().kind) {
            (TokenKind::Text | TokenKind::SingleQuotedText, _) => Ok(ExpressionSyntax::Text(self.string()?)),
            (TokenKind::Identifier, TokenKind::Dot) => {
                self.at += 2;
                let property = self.property(PROPERTIES)?;
                Ok(ExpressionSyntax::Property(first, property))
            }
            (TokenKind::Identifier, TokenKind::OpenParenthesis) => {
                let open = self.peek_second();
                self.at += 2;
                Ok(ExpressionSyntax::Call(first, self.arguments(open)?))
            }
            (TokenKind::Identifier, _) => {
                self.at += 1;
                Err(self.unexpected_with(&["'.'", "'('"], Cure::BareWord))
            }
            _ => Err(self.reject(&["STRING", "IDENTIFIER"], self.operand_cure())),
        }
    }

    fn arguments(&mut self, open: Token<'t>) -> Parsed<Vec<ExpressionSyntax<'t>>> {
        let mut arguments = Vec::new();
        if self.take_if(TokenKind::CloseParenthesis).is_some() {
            return Ok(arguments);
        }
        loop {
            self.within(arguments.len(), "arguments", MAXIMUM_PARTS)?;
            arguments.push(self.expression()?);
            if self.take_if(TokenKind::CloseParenthesis).is_some() {
                return Ok(arguments);
            }
            if self.take_if(TokenKind::Comma).is_none() {
                return Err(self.reject(&["','", "')'", "'+'"], self.parenthesis_cure(open)));
            }
        }
    }

    pub(super) fn property(&mut self, expected: &[&'static str]) -> Parsed<Property> {
        let word = self.peek();
        let property = match word.text.to_ascii_lowercase().as_str() {
            "type" => Property::Type,
            "value" => Property::Value,
            "valuetype" => Property::ValueType,
            "issuer" => Property::Issuer,
            "originalissuer" => Property::OriginalIssuer,
            "properties" => {
                self.at += 1;
                self.expect_with(TokenKind::OpenBracket, "'['", Cure::Properties)?;
                let name = self.string()?;
                self.expect(TokenKind::CloseBracket, "']'")?;
                return Ok(Property::Named(name.content().into()));
            }
            _ => return Err(self.reject(expected, self.property_cure())),
        };
        self.at += 1;
        Ok(property)
    }
}
