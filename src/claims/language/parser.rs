//! Tokens to syntax: predictive, one token of look-ahead, going on after the next `;` so that one pass reports every rule
//! that is wrong (grammar: CLAIM-RULES section 2).

mod tokens;

use super::diagnostic::{Cure, RuleDiagnostic, RuleProblem};
use super::lexer::{Token, TokenKind};
use super::program::{AggregateTest, Comparison, CountComparison, Effect, Property};
use super::reporter::Reporter;
use super::syntax::{
    ActionSyntax, AssignmentSyntax, ConditionSyntax, ConstraintSyntax, ExpressionSyntax, QuerySyntax, RuleSyntax,
};

type Parsed<T> = Result<T, RuleDiagnostic>;

/// Calls inside calls; a text that needs more is an attack on the stack, not a rule.
const MAXIMUM_DEPTH: usize = 24;

pub(super) struct Parser<'t, 'r> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    depth: usize,
    reporter: &'r mut Reporter<'t>,
}

impl<'t, 'r> Parser<'t, 'r> {
    pub(super) fn new(text: &'t str, reporter: &'r mut Reporter<'t>) -> Self {
        Self { text, tokens: super::lexer::tokens(text), at: 0, depth: 0, reporter }
    }

    /// Every rule that could be read; the reporter holds what could not.
    pub(super) fn rules(mut self) -> Vec<RuleSyntax<'t>> {
        let mut rules = Vec::new();
        while self.peek().kind != TokenKind::End {
            self.depth = 0;
            match self.rule() {
                Ok(rule) => rules.push(rule),
                Err(problem) => {
                    self.reporter.errors.push(problem);
                    self.skip_rule();
                }
            }
        }
        rules
    }

    fn skip_rule(&mut self) {
        while !matches!(self.peek().kind, TokenKind::Semicolon | TokenKind::End) {
            self.at += 1;
        }
        self.take_if(TokenKind::Semicolon);
    }

    fn rule(&mut self) -> Parsed<RuleSyntax<'t>> {
        let first = self.peek();
        let annotations = self.annotations()?;
        let conditions = self.conditions()?;
        let (effect, action) = self.action()?;
        self.rule_end()?;
        Ok(RuleSyntax { first, annotations, conditions, effect, action })
    }

    fn rule_end(&mut self) -> Parsed<()> {
        let next = self.peek();
        match next.kind {
            TokenKind::Semicolon => {
                self.at += 1;
                Ok(())
            }
            TokenKind::End => self.tolerate(next, RuleProblem::MissingFinalSemicolon),
            TokenKind::Bad(_) => Err(self.unexpected(&["';'"])),
            _ => Err(self.unexpected_with(&["';'"], Cure::MissingSemicolon)),
        }
    }

    fn annotations(&mut self) -> Parsed<Vec<(Token<'t>, Token<'t>)>> {
        let mut annotations = Vec::new();
        while self.take_if(TokenKind::At).is_some() {
            let name = self.expect(TokenKind::Identifier, "IDENTIFIER")?;
            self.expect(TokenKind::Assign, "'='")?;
            annotations.push((name, self.string()?));
        }
        Ok(annotations)
    }

    fn conditions(&mut self) -> Parsed<Vec<ConditionSyntax<'t>>> {
        let mut conditions = Vec::new();
        if self.take_if(TokenKind::Imply).is_some() {
            return Ok(conditions);
        }
        loop {
            conditions.push(self.condition()?);
            if self.take_if(TokenKind::And).is_some() {
                continue;
            }
            if self.take_if(TokenKind::Imply).is_some() {
                return Ok(conditions);
            }
            return Err(self.unexpected(&["'=>'", "'&&'"]));
        }
    }

    fn condition(&mut self) -> Parsed<ConditionSyntax<'t>> {
        let first = self.peek();
        let tag = match (first.kind, self.peek_second().kind) {
            (TokenKind::Identifier, TokenKind::Colon) => {
                self.at += 2;
                Some(first)
            }
            _ => None,
        };
        let (aggregate, constraints) = match self.peek().kind {
            TokenKind::OpenBracket => (None, self.selector()?),
            TokenKind::Identifier => self.aggregate(tag.is_some())?,
            _ if tag.is_some() => return Err(self.unexpected(&["'['"])),
            _ => return Err(self.unexpected_with(&["'=>'", "'['", "IDENTIFIER", "'@'"], Cure::RuleStart)),
        };
        let text = self.text.get(first.start..self.last_end()).unwrap_or_default();
        Ok(ConditionSyntax { first, text, tag, aggregate, constraints })
    }

    fn aggregate(&mut self, tagged: bool) -> Parsed<(Option<AggregateTest>, Vec<ConstraintSyntax<'t>>)> {
        let word = self.peek();
        let exists = if word.is_word("NOT") && self.peek_second().is_word("EXISTS") {
            self.at += 2;
            Some(AggregateTest::NotExists)
        } else if word.is_word("EXISTS") {
            self.at += 1;
            Some(AggregateTest::Exists)
        } else if word.is_word("COUNT") {
            self.at += 1;
            None
        } else if tagged {
            return Err(self.unexpected(&["'['"]));
        } else {
            self.at += 1;
            return Err(self.unexpected(&["':'"]));
        };
        self.expect(TokenKind::OpenParenthesis, "'('")?;
        let constraints = self.selector()?;
        self.expect(TokenKind::CloseParenthesis, "')'")?;
        let test = match exists {
            Some(test) => test,
            None => self.count()?,
        };
        Ok((Some(test), constraints))
    }

    fn count(&mut self) -> Parsed<AggregateTest> {
        let comparison = match self.peek().kind {
            TokenKind::Equal => CountComparison::Equal,
            TokenKind::NotEqual => CountComparison::NotEqual,
            TokenKind::Greater => CountComparison::Greater,
            TokenKind::GreaterEqual => CountComparison::GreaterEqual,
            TokenKind::Less => CountComparison::Less,
            TokenKind::LessEqual => CountComparison::LessEqual,
            _ => return Err(self.unexpected(&["'>'", "'>='", "'<'", "'<='", "'=='", "'!='"])),
        };
        self.at += 1;
        let number = self.peek();
        let Some(limit) = (number.kind == TokenKind::Integer).then(|| number.text.parse().ok()).flatten() else {
            return Err(self.unexpected(&["INTEGER"]));
        };
        self.at += 1;
        Ok(AggregateTest::Count(comparison, limit))
    }

    fn selector(&mut self) -> Parsed<Vec<ConstraintSyntax<'t>>> {
        self.expect(TokenKind::OpenBracket, "'['")?;
        let mut constraints = Vec::new();
        if self.take_if(TokenKind::CloseBracket).is_some() {
            return Ok(constraints);
        }
        loop {
            let property = self.property(&["TYPE", "VALUE", "VALUETYPE", "ISSUER", "ORIGINALISSUER", "PROPERTIES"])?;
            let comparison = self.comparison()?;
            constraints.push(ConstraintSyntax { property, comparison, value: self.expression()? });
            if self.take_if(TokenKind::CloseBracket).is_some() {
                return Ok(constraints);
            }
            let comma = self.peek();
            if self.take_if(TokenKind::Comma).is_none() {
                return Err(self.unexpected(&["','", "']'", "'+'"]));
            }
            if self.take_if(TokenKind::CloseBracket).is_some() {
                self.tolerate(comma, RuleProblem::TrailingComma)?;
                return Ok(constraints);
            }
        }
    }

    fn comparison(&mut self) -> Parsed<Comparison> {
        let expected = ["'=='", "'!='", "'=~'", "'!~'"];
        let comparison = match self.peek().kind {
            TokenKind::Equal => Comparison::Equal,
            TokenKind::NotEqual => Comparison::NotEqual,
            TokenKind::Matches => Comparison::Matches,
            TokenKind::NotMatches => Comparison::NotMatches,
            TokenKind::Assign => return Err(self.unexpected_with(&expected, Cure::CompareWithAssign)),
            _ => return Err(self.unexpected(&expected)),
        };
        self.at += 1;
        Ok(comparison)
    }

    fn property(&mut self, expected: &[&'static str]) -> Parsed<Property> {
        let word = self.peek();
        let property = match word.text.to_ascii_lowercase().as_str() {
            "type" => Property::Type,
            "value" => Property::Value,
            "valuetype" => Property::ValueType,
            "issuer" => Property::Issuer,
            "originalissuer" => Property::OriginalIssuer,
            "properties" => {
                self.at += 1;
                self.expect(TokenKind::OpenBracket, "'['")?;
                let name = self.string()?;
                self.expect(TokenKind::CloseBracket, "']'")?;
                return Ok(Property::Named(name.content().into()));
            }
            _ => return Err(self.unexpected(expected)),
        };
        self.at += 1;
        Ok(property)
    }

    fn action(&mut self) -> Parsed<(Effect, ActionSyntax<'t>)> {
        let verb = self.peek();
        let effect = if verb.is_word("issue") {
            Effect::Issue
        } else if verb.is_word("add") {
            Effect::Add
        } else {
            return Err(self.unexpected(&["ISSUE", "ADD"]));
        };
        self.at += 1;
        self.expect(TokenKind::OpenParenthesis, "'('")?;
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
            return Err(self.unexpected(expected));
        }
        Ok((effect, action))
    }

    fn assignments(&mut self) -> Parsed<Vec<AssignmentSyntax<'t>>> {
        let expected = ["TYPE", "VALUE", "VALUETYPE", "ISSUER", "ORIGINALISSUER", "PROPERTIES", "CLAIM", "STORE"];
        let mut assignments = Vec::new();
        loop {
            let at = self.peek();
            let property =
                self.property(if assignments.is_empty() { &expected } else { expected.get(..6).unwrap_or(&[]) })?;
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
        self.expect(TokenKind::Comma, "','")?;
        self.keyword("types", "TYPES")?;
        self.assign()?;
        self.expect(TokenKind::OpenParenthesis, "'('")?;
        let mut types = vec![self.string()?];
        while self.take_if(TokenKind::Comma).is_some() {
            types.push(self.string()?);
        }
        self.expect(TokenKind::CloseParenthesis, "')'")?;
        self.expect(TokenKind::Comma, "','")?;
        self.keyword("query", "QUERY")?;
        self.assign()?;
        let query = self.expression()?;
        let mut params = Vec::new();
        while self.take_if(TokenKind::Comma).is_some() {
            self.keyword("param", "PARAM")?;
            self.assign()?;
            params.push(self.expression()?);
        }
        Ok(QuerySyntax { store, types, query, params })
    }

    fn expression(&mut self) -> Parsed<ExpressionSyntax<'t>> {
        self.depth += 1;
        if self.depth > MAXIMUM_DEPTH {
            let problem = RuleProblem::TooMuch { what: "function calls inside one another", limit: MAXIMUM_DEPTH };
            return Err(self.reporter.diagnostic(self.peek(), problem));
        }
        let first = self.term()?;
        let mut terms = Vec::new();
        while self.take_if(TokenKind::Plus).is_some() {
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
                let property =
                    self.property(&["TYPE", "VALUE", "VALUETYPE", "ISSUER", "ORIGINALISSUER", "PROPERTIES"])?;
                Ok(ExpressionSyntax::Property(first, property))
            }
            (TokenKind::Identifier, TokenKind::OpenParenthesis) => {
                self.at += 2;
                Ok(ExpressionSyntax::Call(first, self.arguments()?))
            }
            (TokenKind::Identifier, _) => {
                self.at += 1;
                Err(self.unexpected_with(&["'.'", "'('"], Cure::BareWord))
            }
            _ => Err(self.unexpected(&["STRING", "IDENTIFIER"])),
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<ExpressionSyntax<'t>>> {
        let mut arguments = Vec::new();
        if self.take_if(TokenKind::CloseParenthesis).is_some() {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if self.take_if(TokenKind::CloseParenthesis).is_some() {
                return Ok(arguments);
            }
            if self.take_if(TokenKind::Comma).is_none() {
                return Err(self.unexpected(&["','", "')'", "'+'"]));
            }
        }
    }
}
