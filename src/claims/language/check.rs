//! Syntax to program: names to slots, and every check that needs no claim (CLAIM-RULES section 2.1).

use super::diagnostic::RuleProblem;
use super::lexer::Token;
use super::parser::meant;
use super::pattern::Pattern;
use super::program::{
    Action, AggregateTest, Comparison, Condition, Constraint, Effect, Expression, NewClaim, PatternSource, Property,
    Replace, ReplacementSource, Rule, StoreAction, Test,
};
use super::replacement::Replacement;
use super::reporter::Reporter;
use super::syntax::{ActionSyntax, AssignmentSyntax, ConditionSyntax, ExpressionSyntax, QuerySyntax, RuleSyntax};
use super::{pattern_risk, remarks};
use crate::claims::active_directory_store::{self, QueryTemplate};
use std::sync::Arc;

/// Checks one rule and reports everything wrong with it. The rule is usable only if nothing was reported as an error.
pub(super) fn rule<'t>(syntax: &RuleSyntax<'t>, regex_backtracks: usize, reporter: &mut Reporter<'t>) -> Option<Rule> {
    reporter.rule = Some(syntax.label.clone());
    let mut check = Check { names: Vec::new(), regex_backtracks, reporter };
    check.condition_mix(&syntax.conditions);
    let conditions = check.conditions(&syntax.conditions);
    let action = check.action(syntax);
    let annotations: Vec<(String, String)> =
        syntax.annotations.iter().map(|(name, value)| (name.text.to_owned(), value.content().to_owned())).collect();
    let label = syntax.label.clone();
    let display_name = label.name.clone().unwrap_or_else(|| format!("rule {}", label.number).into());
    Some(Rule { label, display_name, annotations, conditions: conditions?, effect: syntax.effect, action: action? })
}

struct Check<'t, 'r> {
    /// Declared variables with the condition that binds each.
    names: Vec<(&'t str, usize)>,
    regex_backtracks: usize,
    reporter: &'r mut Reporter<'t>,
}

impl<'t> Check<'t, '_> {
    fn condition_mix(&mut self, conditions: &[ConditionSyntax<'t>]) {
        let Some(first) = conditions.first() else { return };
        let kind = first.aggregate.is_some();
        if let Some(other) = conditions.iter().find(|condition| condition.aggregate.is_some() != kind) {
            self.reporter.tolerate(other.first, RuleProblem::MixedConditions);
        }
    }

    fn conditions(&mut self, conditions: &[ConditionSyntax<'t>]) -> Option<Vec<Condition>> {
        let mut checked = Some(Vec::with_capacity(conditions.len()));
        for (slot, condition) in conditions.iter().enumerate() {
            let own = condition.tag.map(|tag| tag.text);
            let later = conditions.iter().skip(slot).filter_map(|condition| condition.tag).map(|tag| tag.text);
            let mut constraints = self.constraints(condition, &later.chain(own).collect::<Vec<_>>());
            // All must hold, so the order is free: what is compared letter by letter is over soonest.
            if let Some(constraints) = &mut constraints {
                constraints.sort_by_key(|constraint| !matches!(constraint.test, Test::Equal(Expression::Text(_))));
            }
            self.declare(condition, slot);
            checked = checked.zip(constraints).map(|(mut checked, constraints)| {
                checked.push(Condition {
                    text: condition.text.into(),
                    constraints,
                    aggregate: condition.aggregate,
                    tagged: condition.tag.is_some(),
                });
                checked
            });
        }
        checked
    }

    fn declare(&mut self, condition: &ConditionSyntax<'t>, slot: usize) {
        let Some(tag) = condition.tag else { return };
        match condition.aggregate {
            Some(AggregateTest::NotExists) => self.reporter.error(tag, RuleProblem::TaggedAggregate),
            Some(_) => self.reporter.tolerate(tag, RuleProblem::TaggedAggregate),
            None => {}
        }
        if self.names.iter().any(|(known, _)| known.eq_ignore_ascii_case(tag.text)) {
            self.reporter.error(tag, RuleProblem::DuplicateVariable { name: tag.text.to_owned() });
        }
        self.names.push((tag.text, slot));
    }

    fn constraints(&mut self, condition: &ConditionSyntax<'t>, later: &[&str]) -> Option<Vec<Constraint>> {
        let mut checked = Some(Vec::with_capacity(condition.constraints.len()));
        for constraint in &condition.constraints {
            let wanted = matches!(constraint.comparison, Comparison::Equal | Comparison::Matches);
            let test = match constraint.comparison {
                Comparison::Equal | Comparison::NotEqual => self.expression(&constraint.value, later).map(Test::Equal),
                Comparison::Matches | Comparison::NotMatches => {
                    self.pattern(&constraint.value, later).map(Test::Matches)
                }
            };
            let property = constraint.property.clone();
            checked = checked.zip(test).map(|(mut checked, test)| {
                checked.push(Constraint { property, wanted, test });
                checked
            });
        }
        checked
    }

    fn action(&mut self, syntax: &RuleSyntax<'t>) -> Option<Action> {
        match &syntax.action {
            ActionSyntax::Copy { verb, tag } => {
                if syntax.effect == Effect::Add {
                    self.reporter.warn(*verb, RuleProblem::AddOfCopy);
                }
                self.slot(*tag, &[]).map(|slot| Action::Copy { slot })
            }
            ActionSyntax::New { verb, assignments } => self.new_claim(*verb, assignments).map(Action::New),
            ActionSyntax::Query(query) => self.query(query).map(Action::Query),
        }
    }

    fn new_claim(&mut self, verb: Token<'t>, assignments: &[AssignmentSyntax<'t>]) -> Option<NewClaim> {
        let mut claim_type = None;
        let (mut value, mut value_type, mut issuer, mut original_issuer) = (None, None, None, None);
        let mut properties: Vec<(Arc<str>, Expression)> = Vec::new();
        let mut complete = true;
        for (index, assignment) in assignments.iter().enumerate() {
            if assignments.iter().take(index).any(|earlier| earlier.property == assignment.property) {
                let problem = RuleProblem::AssignedTwice { property: assignment.property.to_string() };
                self.reporter.error(assignment.at, problem);
            }
            let Some(mut expression) = self.expression(&assignment.value, &[]) else {
                complete = false;
                continue;
            };
            match &assignment.property {
                Property::Type => claim_type = Some(expression),
                Property::Value => {
                    expand_quotes(&mut expression);
                    value = Some(expression);
                }
                Property::ValueType => value_type = Some(expression),
                Property::Issuer => issuer = Some(expression),
                Property::OriginalIssuer => original_issuer = Some(expression),
                Property::Named(name) => properties.push((name.clone(), expression)),
            }
        }
        if !assignments.iter().any(|assignment| assignment.property == Property::Type) {
            self.reporter.error(verb, RuleProblem::MissingType);
        }
        claim_type.filter(|_| complete).map(|claim_type| NewClaim {
            claim_type,
            value,
            value_type,
            issuer,
            original_issuer,
            properties,
        })
    }

    fn query(&mut self, syntax: &QuerySyntax<'t>) -> Option<StoreAction> {
        let template = self.active_directory(syntax).map(Arc::new);
        let store = self.expression(&syntax.store, &[]);
        let query = self.expression(&syntax.query, &[]);
        let params: Vec<_> = syntax.params.iter().map(|param| self.expression(param, &[])).collect();
        let types = syntax.types.iter().map(|claim_type| claim_type.content().into()).collect();
        let params = params.into_iter().collect::<Option<_>>()?;
        Some(StoreAction { store: store?, types, query: query?, template, params })
    }

    /// The built-in store's query has a known form, so that it is judged before the first sign-in needs it.
    fn active_directory(&mut self, syntax: &QuerySyntax<'t>) -> Option<QueryTemplate> {
        let query = syntax.query.literal()?;
        let store = syntax.store.literal()?;
        if store.content() != active_directory_store::NAME {
            remarks::ldap_columns(store, query, syntax.types.len(), self.reporter);
            return None;
        }
        let template = QueryTemplate::parse(query.content())
            .and_then(|template| template.check(syntax.types.len(), syntax.params.len()).map(|()| template));
        match template {
            Ok(template) => Some(template),
            Err(reason) => {
                let problem = RuleProblem::Query { query: query.content().to_owned(), reason: reason.to_string() };
                self.reporter.error(query, problem);
                None
            }
        }
    }

    fn expression(&mut self, syntax: &ExpressionSyntax<'t>, later: &[&str]) -> Option<Expression> {
        match syntax {
            ExpressionSyntax::Text(text) => Some(Expression::Text(text.content().into())),
            ExpressionSyntax::Property(tag, property) => {
                self.slot(*tag, later).map(|slot| Expression::Property { slot, property: property.clone() })
            }
            ExpressionSyntax::Concat(terms) => {
                let terms: Vec<_> = terms.iter().map(|term| self.expression(term, later)).collect();
                terms.into_iter().collect::<Option<_>>().map(Expression::Concat)
            }
            ExpressionSyntax::Call(name, arguments) => self.call(*name, arguments, later),
        }
    }

    fn call(&mut self, name: Token<'t>, arguments: &[ExpressionSyntax<'t>], later: &[&str]) -> Option<Expression> {
        if !name.is_word("RegExReplace") {
            let problem = RuleProblem::UnknownFunction { name: name.text.to_owned(), hint: function_hint(name.text) };
            self.reporter.error(name, problem);
            return None;
        }
        let [input, pattern, replacement] = arguments else {
            let problem = RuleProblem::ArgumentCount { name: "RegExReplace", expected: 3, found: arguments.len() };
            self.reporter.error(name, problem);
            return None;
        };
        let input = self.expression(input, later);
        let pattern = self.pattern(pattern, later);
        let replacement_text = replacement.literal();
        let replacement = self.expression(replacement, later);
        let (input, pattern, replacement) = (input?, pattern?, replacement?);
        let replacement = match (&pattern, replacement_text) {
            (PatternSource::Compiled(pattern), Some(text)) => {
                ReplacementSource::Compiled(Replacement::parse(text.content(), pattern.groups()))
            }
            _ => ReplacementSource::Computed(replacement),
        };
        Some(Expression::Replace(Box::new(Replace { input, pattern, replacement })))
    }

    fn pattern(&mut self, syntax: &ExpressionSyntax<'t>, later: &[&str]) -> Option<PatternSource> {
        let Some(token) = syntax.literal() else {
            return self.expression(syntax, later).map(PatternSource::Computed);
        };
        match Pattern::compile(token.content(), self.regex_backtracks) {
            Ok(pattern) => {
                if let Some(part) = pattern_risk::repeated_repetition(token.content()) {
                    self.reporter.warn(token, RuleProblem::PatternRisk { part: part.to_owned() });
                }
                Some(PatternSource::Compiled(Box::new(pattern)))
            }
            Err(reason) => {
                let hint = pattern_hint(token.content()).map_or(String::new(), |hint| format!("; {hint}"));
                let reason = format!("{reason}{hint}");
                let problem = RuleProblem::Pattern { pattern: token.content().to_owned(), reason };
                self.reporter.error(token, problem);
                None
            }
        }
    }

    fn slot(&mut self, tag: Token<'t>, later: &[&str]) -> Option<usize> {
        let Some((declared, slot)) = self.names.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag.text)).copied()
        else {
            let name = tag.text.to_owned();
            let problem = if later.iter().any(|known| known.eq_ignore_ascii_case(tag.text)) {
                RuleProblem::VariableTooEarly { name }
            } else {
                RuleProblem::UnboundVariable { name }
            };
            self.reporter.error(tag, problem);
            return None;
        };
        if declared != tag.text {
            self.reporter.tolerate(tag, RuleProblem::VariableCase { declared: declared.to_owned() });
        }
        Some(slot)
    }
}

/// What pages do to patterns: they take `<name>` for a tag, and one of two backslashes for an escape.
fn pattern_hint(pattern: &str) -> Option<&'static str> {
    if pattern.contains(r"[^\]") {
        Some(r"a page may have lost a backslash: anything but a backslash is [^\\], and one backslash is \\")
    } else if ["(?(", "(?[", "(?.", r"(?\"].iter().any(|damage| pattern.contains(damage)) {
        Some("a page may have lost the group's name, which it took for a tag: (?<name>...)")
    } else {
        None
    }
}

fn function_hint(name: &str) -> &'static str {
    const CASES: &[&str] = &["ToUpper", "ToLower", "Upper", "Lower", "LCase", "UCase"];
    if CASES.iter().any(|case| name.eq_ignore_ascii_case(case)) {
        "upper and lower case come from an attribute store, not from a function"
    } else if meant(name, &["RegExReplace", "Replace", "Regex"]).is_some() {
        "did you mean RegExReplace(input, pattern, replacement)?"
    } else {
        "the language has RegExReplace(input, pattern, replacement) only"
    }
}

/// Since AD FS 2016 `\x22` in a value stands for the double quote that a text cannot contain (CLAIM-RULES section 1.3).
/// Only what the rule itself writes is expanded, never a claim's value or a pattern.
fn expand_quotes(expression: &mut Expression) {
    match expression {
        Expression::Text(text) if text.contains(r"\x22") => *text = text.replace(r"\x22", "\"").into(),
        Expression::Concat(terms) => terms.iter_mut().for_each(expand_quotes),
        Expression::Replace(replace) => {
            expand_quotes(&mut replace.input);
            match &mut replace.replacement {
                ReplacementSource::Compiled(replacement) => replacement.expand_quotes(),
                ReplacementSource::Computed(expression) => expand_quotes(expression),
            }
        }
        Expression::Text(_) | Expression::Property { .. } => {}
    }
}
