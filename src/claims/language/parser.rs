//! Tokens to syntax: predictive, one token of look-ahead. After an error reading goes on behind the next `;`, or where
//! another rule certainly begins, so that one pass reports every rule that is wrong (grammar: CLAIM-RULES section 2).

mod actions;
mod conditions;
mod expressions;
mod mending;
mod tokens;

use super::cure::Cure;
use super::diagnostic::{RuleDiagnostic, RuleProblem};
use super::lexer::{Token, TokenKind};
use super::program::RuleLabel;
use super::reporter::Reporter;
use super::syntax::RuleSyntax;

pub(super) use mending::meant;

type Parsed<T> = Result<T, RuleDiagnostic>;

/// Calls inside calls; a text that needs more is an attack on the stack, not a rule.
const MAXIMUM_DEPTH: usize = 24;
/// Parts of one kind side by side.
const MAXIMUM_PARTS: usize = 256;
/// Conditions are matched by nested loops; more than this is no rule.
const MAXIMUM_CONDITIONS: usize = 64;

pub(super) struct Parser<'t, 'r> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    depth: usize,
    reporter: &'r mut Reporter<'t>,
}

impl<'t, 'r> Parser<'t, 'r> {
    pub(super) fn new(text: &'t str, reporter: &'r mut Reporter<'t>) -> Self {
        let mut tokens = super::lexer::tokens(text);
        tokens.retain(|token| match token.kind {
            TokenKind::Comment => {
                reporter.tolerate(*token, RuleProblem::Comment);
                false
            }
            TokenKind::Invisible(character) => {
                reporter.tolerate(*token, RuleProblem::InvisibleBlank { character });
                false
            }
            _ => true,
        });
        super::remarks::texts(&tokens, reporter);
        Self { text, tokens, at: 0, depth: 0, reporter }
    }

    /// Every rule that could be read; the reporter holds what could not.
    pub(super) fn rules(mut self) -> Vec<RuleSyntax<'t>> {
        let mut rules = Vec::new();
        let mut number = 0;
        while self.peek().kind != TokenKind::End && !self.reporter.full() {
            self.depth = 0;
            number += 1;
            let start = self.at;
            match self.rule(number) {
                Ok(rule) => rules.push(rule),
                Err(problem) => {
                    // In `c;[...]` the semicolon stands for a colon.
                    self.at += usize::from(problem.cure() == Some(Cure::TagColon) && self.at_end_of_rule());
                    let quoted = problem.cure() == Some(Cure::QuotedRules);
                    self.reporter.errors.push(problem);
                    if quoted {
                        break;
                    }
                    self.skip_rule(start);
                }
            }
        }
        self.reporter.rule = None;
        rules
    }

    /// To the end of a damaged rule: its `;`, or the next annotation, or, where a `)` ends a line, the next condition.
    fn skip_rule(&mut self, start: usize) {
        if self.at == start {
            self.at += usize::from(!self.at_end_of_rule());
        }
        loop {
            let token = self.peek();
            let unclosed = matches!(token.kind, TokenKind::Bad(Cure::UnclosedText | Cure::SingleQuote));
            let ends_rule = unclosed && token.text.trim_end().ends_with(';');
            if token.kind == TokenKind::End {
                return;
            }
            if token.kind == TokenKind::Semicolon || ends_rule {
                self.at += 1;
                return;
            }
            if self.at > start && self.another_rule_begins() {
                return;
            }
            self.at += 1;
        }
    }

    fn at_end_of_rule(&self) -> bool {
        matches!(self.peek().kind, TokenKind::Semicolon | TokenKind::End)
    }

    /// Whether the damaged rule before this place has no `;`. Where it ended with a `)`, that is an error of its own.
    fn another_rule_begins(&mut self) -> bool {
        let token = self.peek();
        let Some(before) = self.previous() else { return false };
        let after_parenthesis =
            before.kind == TokenKind::CloseParenthesis && before.position.line < token.position.line;
        let annotation = token.kind == TokenKind::At
            && before.kind != TokenKind::At
            && self.peek_second().kind == TokenKind::Identifier
            && self.peek_at(2).kind == TokenKind::Assign
            && !self.in_annotations();
        if after_parenthesis && token.kind != TokenKind::Imply && self.rule_begins() {
            let problem = self.unexpected_with(&["';'"], Cure::MissingSemicolon);
            self.reporter.errors.push(problem);
            return true;
        }
        annotation
    }

    /// Whether the annotation here follows another one, with which it belongs to the same rule.
    fn in_annotations(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).map(|at| self.token(at).kind);
        matches!(before(1), Some(TokenKind::Text | TokenKind::SingleQuotedText))
            && before(2) == Some(TokenKind::Assign)
            && before(3) == Some(TokenKind::Identifier)
            && before(4) == Some(TokenKind::At)
    }

    /// Whether what stands here can only be the beginning of a rule.
    fn rule_begins(&self) -> bool {
        let (token, next) = (self.peek(), self.peek_second());
        match token.kind {
            TokenKind::At => next.kind == TokenKind::Identifier,
            TokenKind::Imply => true,
            TokenKind::Identifier => {
                next.kind == TokenKind::Colon
                    || token.is_word("NOT") && next.is_word("EXISTS")
                    || (token.is_word("EXISTS") || token.is_word("COUNT")) && next.kind == TokenKind::OpenParenthesis
            }
            TokenKind::OpenBracket => next.kind == TokenKind::CloseBracket || next.kind == TokenKind::Identifier,
            _ => false,
        }
    }

    fn rule(&mut self, number: usize) -> Parsed<RuleSyntax<'t>> {
        let first = self.peek();
        let label = RuleLabel { number, name: None, position: first.position };
        self.reporter.begin(&label);
        let annotations = self.annotations()?;
        let name = annotations.iter().find(|(name, _)| name.is_word("RuleName"));
        let label = RuleLabel { name: name.map(|(_, value)| value.content().into()), ..label };
        self.reporter.begin(&label);
        let conditions = self.conditions()?;
        let (effect, action) = self.action()?;
        self.rule_end()?;
        Ok(RuleSyntax { label, annotations, conditions, effect, action })
    }

    fn rule_end(&mut self) -> Parsed<()> {
        let next = self.peek();
        match next.kind {
            TokenKind::Semicolon => {
                self.at += 1;
                Ok(())
            }
            TokenKind::End => {
                self.reporter.tolerate(next, RuleProblem::MissingFinalSemicolon);
                Ok(())
            }
            TokenKind::Bad(_) => Err(self.unexpected(&["';'"])),
            _ if self.rule_begins() => {
                let problem = self.unexpected_with(&["';'"], Cure::MissingSemicolon);
                self.reporter.errors.push(problem);
                Ok(())
            }
            _ => Err(self.unexpected_with(&["';'"], self.end_cure())),
        }
    }

    fn annotations(&mut self) -> Parsed<Vec<(Token<'t>, Token<'t>)>> {
        let mut annotations = Vec::new();
        while self.take_if(TokenKind::At).is_some() {
            self.within(annotations.len(), "annotations of one rule", MAXIMUM_PARTS)?;
            let name = self.expect_with(TokenKind::Identifier, "IDENTIFIER", Cure::Annotation)?;
            self.expect_with(TokenKind::Assign, "'='", Cure::Annotation)?;
            annotations.push((name, self.string()?));
        }
        Ok(annotations)
    }
}
