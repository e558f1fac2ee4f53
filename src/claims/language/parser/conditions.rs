//! The part before `=>`.

use super::super::cure::Cure;
use super::super::diagnostic::RuleProblem;
use super::super::lexer::TokenKind;
use super::super::program::{AggregateTest, Comparison, CountComparison};
use super::super::syntax::{ConditionSyntax, ConstraintSyntax};
use super::expressions::PROPERTIES;
use super::{MAXIMUM_CONDITIONS, MAXIMUM_PARTS, Parsed, Parser};

impl<'t> Parser<'t, '_> {
    pub(super) fn conditions(&mut self) -> Parsed<Vec<ConditionSyntax<'t>>> {
        let mut conditions = Vec::new();
        if self.take_if(TokenKind::Imply).is_some() {
            return Ok(conditions);
        }
        loop {
            self.within(conditions.len(), "conditions in one rule", MAXIMUM_CONDITIONS)?;
            conditions.push(self.condition(!conditions.is_empty())?);
            if self.take_if(TokenKind::And).is_some() {
                continue;
            }
            if self.take_if(TokenKind::Imply).is_some() {
                return Ok(conditions);
            }
            return Err(self.reject(&["'=>'", "'&&'"], self.joint_cure()));
        }
    }

    fn condition(&mut self, further: bool) -> Parsed<ConditionSyntax<'t>> {
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
            _ if tag.is_some() => return Err(self.reject(&["'['"], self.selector_cure())),
            _ if further => return Err(self.reject(&["'['", "IDENTIFIER"], self.further_cure())),
            _ => return Err(self.unexpected_with(&["'=>'", "'['", "IDENTIFIER", "'@'"], self.start_cure())),
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
            return Err(self.reject(&["'['"], self.selector_cure()));
        } else {
            self.at += 1;
            return Err(self.reject(&["':'"], self.tag_cure(word)));
        };
        let open = self.expect_with(TokenKind::OpenParenthesis, "'('", Cure::RoundBrackets)?;
        if self.peek().kind == TokenKind::Identifier {
            return Err(self.unexpected_with(&["'['"], Cure::BracketsInside));
        }
        let constraints = self.selector()?;
        if self.take_if(TokenKind::CloseParenthesis).is_none() {
            return Err(self.reject(&["')'"], self.parenthesis_cure(open)));
        }
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
        let open = self.expect_with(TokenKind::OpenBracket, "'['", Cure::SquareBrackets)?;
        let mut constraints = Vec::new();
        if self.take_if(TokenKind::CloseBracket).is_some() {
            return Ok(constraints);
        }
        loop {
            self.within(constraints.len(), "constraints in one condition", MAXIMUM_PARTS)?;
            let property = self.property(PROPERTIES)?;
            let comparison = self.comparison()?;
            constraints.push(ConstraintSyntax { property, comparison, value: self.expression()? });
            if self.take_if(TokenKind::CloseBracket).is_some() {
                return Ok(constraints);
            }
            let comma = self.peek();
            if self.take_if(TokenKind::Comma).is_none() {
                return Err(self.reject(&["','", "']'", "'+'"], self.bracket_cure(open)));
            }
            if self.take_if(TokenKind::CloseBracket).is_some() {
                self.reporter.tolerate(comma, RuleProblem::TrailingComma);
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
            _ => return Err(self.unexpected_with(&expected, Cure::CompareWithAssign)),
        };
        self.at += 1;
        Ok(comparison)
    }
}
