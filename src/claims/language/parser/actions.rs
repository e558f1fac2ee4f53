//! The part behind `=>`.

use super::super::cure::Cure;
use super::super::lexer::TokenKind;
use super::super::program::Effect;
use super::super::syntax::{ActionSyntax, AssignmentSyntax, QuerySyntax};
use super::expressions::PROPERTIES;
use super::{MAXIMUM_PARTS, Parsed, Parser};

impl<'t> Parser<'t, '_> {
    pub(super) fn action(&mut self) -> Parsed<(Effect, ActionSyntax<'t>)> {
        let verb = self.peek();
        let effect = if verb.is_word("issue") {
            Effect::Issue
        } else if verb.is_word("add") {
            Effect::Add
        } else {
            return Err(self.reject(&["ISSUE", "ADD"], self.verb_cure()));
        };
        self.at += 1;
        let open = self.expect_with(TokenKind::OpenParenthesis, "'('", Cure::RoundBrackets)?;
        let next = self.peek();
        let action = if next.is_word("claim") {
            self.at += 1;
            self.assign()?;
            ActionSyntax::Copy { verb, tag: self.expect(TokenKind::Identifier, "IDENTIFIER")? }
        } else if next.is_word("store") {
            ActionSyntax::Query(self.query()?)
        } else {
            ActionSyntax::New { verb, assignments: self.assignments()? }
        };
        if self.take_if(TokenKind::CloseParenthesis).is_none() {
            let expected: &[_] =
                if matches!(action, ActionSyntax::Copy { .. }) { &["')'"] } else { &["','", "')'", "'+'"] };
            return Err(self.reject(expected, self.parenthesis_cure(open)));
        }
        Ok((effect, action))
    }

    fn assignments(&mut self) -> Parsed<Vec<AssignmentSyntax<'t>>> {
        let expected = ["TYPE", "VALUE", "VALUETYPE", "ISSUER", "ORIGINALISSUER", "PROPERTIES", "CLAIM", "STORE"];
        let mut assignments = Vec::new();
        loop {
            self.within(assignments.len(), "assignments in one action", MAXIMUM_PARTS)?;
            let at = self.peek();
            let property = self.property(if assignments.is_empty() { &expected } else { PROPERTIES })?;
            self.assign()?;
            assignments.push(AssignmentSyntax { at, property, value: self.expression()? });
            if self.take_if(TokenKind::Comma).is_none() {
                return Ok(assignments);
            }
        }
    }

    /// The order store, types, query, param is part of the language.
    fn query(&mut self) -> Parsed<QuerySyntax<'t>> {
        self.keyword("store", "STORE")?;
        self.assign()?;
        let store = self.expression()?;
        self.expect_with(TokenKind::Comma, "','", Cure::QueryOrder)?;
        self.keyword("types", "TYPES")?;
        self.assign()?;
        let open = self.expect_with(TokenKind::OpenParenthesis, "'('", Cure::RoundBrackets)?;
        let mut types = vec![self.string()?];
        while self.take_if(TokenKind::Comma).is_some() {
            self.within(types.len(), "types in one query", MAXIMUM_PARTS)?;
            types.push(self.string()?);
        }
        if self.take_if(TokenKind::CloseParenthesis).is_none() {
            return Err(self.reject(&["','", "')'"], self.parenthesis_cure(open)));
        }
        self.expect_with(TokenKind::Comma, "','", Cure::MissingComma)?;
        self.keyword("query", "QUERY")?;
        self.assign()?;
        let query = self.expression()?;
        let mut params = Vec::new();
        while self.take_if(TokenKind::Comma).is_some() {
            self.within(params.len(), "params of one query", MAXIMUM_PARTS)?;
            self.keyword("param", "PARAM")?;
            self.assign()?;
            params.push(self.expression()?);
        }
        Ok(QuerySyntax { store, types, query, params })
    }
}
