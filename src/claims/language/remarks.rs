//! Warnings: what reads well and yet is hardly meant.

use super::diagnostic::RuleProblem;
use super::known_types::KNOWN_TYPES;
use super::lexer::{Token, TokenKind, damage};
use super::parser::meant;
use super::program::{Comparison, Property};
use super::reporter::Reporter;
use super::syntax::{ActionSyntax, RuleSyntax};
use std::collections::HashSet;

const ANNOTATIONS: &[&str] = &["RuleName", "RuleTemplate"];

/// About every text but the values of annotations.
pub(super) fn texts<'t>(tokens: &[Token<'t>], reporter: &mut Reporter<'t>) {
    for (at, token) in tokens.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map(|token| token.kind);
        let annotation = before(1) == Some(TokenKind::Assign) && before(3) == Some(TokenKind::At);
        if token.kind == TokenKind::Text && !annotation {
            text(*token, reporter);
        }
    }
}

fn text<'t>(token: Token<'t>, reporter: &mut Reporter<'t>) {
    let content = token.content();
    if content.contains("https://schemas") {
        reporter.warn(token, RuleProblem::HttpsSchemas { text: content.to_owned() });
    }
    if damage::holds_entity(content) {
        reporter.warn(token, RuleProblem::EntityInText);
    }
    if let Some(character) = content.chars().find(|c| damage::is_invisible(*c)) {
        reporter.warn(token, RuleProblem::InvisibleInText { character });
    }
}

/// About annotations and types, over the whole set.
pub(super) fn rules<'t>(rules: &[RuleSyntax<'t>], reporter: &mut Reporter<'t>) {
    let issued: HashSet<&str> = rules.iter().flat_map(issued_types).collect();
    for rule in rules {
        reporter.rule = Some(rule.label.clone());
        for (name, _) in &rule.annotations {
            annotation(*name, reporter);
        }
        for token in selected_types(rule) {
            selected_type(token, &issued, reporter);
        }
    }
    reporter.rule = None;
}

/// Any name is allowed; one that is nearly RuleName names no rule.
fn annotation<'t>(name: Token<'t>, reporter: &mut Reporter<'t>) {
    let near = meant(name.text, ANNOTATIONS).filter(|known| !name.is_word(known));
    if let Some(known) = near {
        reporter.warn(name, RuleProblem::AnnotationName { name: name.text.to_owned(), known });
    }
}

fn issued_types<'t>(rule: &RuleSyntax<'t>) -> Vec<&'t str> {
    match &rule.action {
        ActionSyntax::Copy { .. } => Vec::new(),
        ActionSyntax::New { assignments, .. } => assignments
            .iter()
            .filter(|assignment| assignment.property == Property::Type)
            .filter_map(|assignment| assignment.value.literal())
            .map(|token| token.content())
            .collect(),
        ActionSyntax::Query(query) => query.types.iter().map(Token::content).collect(),
    }
}

fn selected_types<'t>(rule: &RuleSyntax<'t>) -> Vec<Token<'t>> {
    let constraints = rule.conditions.iter().flat_map(|condition| &condition.constraints);
    constraints
        .filter(|constraint| constraint.property == Property::Type && constraint.comparison == Comparison::Equal)
        .filter_map(|constraint| constraint.value.literal())
        .collect()
}

fn selected_type<'t>(token: Token<'t>, issued: &HashSet<&str>, reporter: &mut Reporter<'t>) {
    let written = token.content();
    if issued.contains(written) {
        return;
    }
    if written != written.trim() {
        reporter.warn(token, RuleProblem::TypeBlank);
    }
    let known = KNOWN_TYPES.iter().find(|known| known.eq_ignore_ascii_case(written));
    if let Some(known) = known.filter(|known| **known != written && !KNOWN_TYPES.contains(&written)) {
        reporter.warn(token, RuleProblem::TypeCase { known });
    }
}

/// A query that looks like one for an LDAP store. Only the configuration knows what the store is, so this is no error.
pub(super) fn ldap_columns<'t>(store: Token<'t>, query: Token<'t>, types: usize, reporter: &mut Reporter<'t>) {
    let mut parts = query.content().split(';');
    let (Some(filter), Some(_)) = (parts.next(), query.content().find(';')) else { return };
    let filter = filter.trim();
    let bare = filter.split_once('=').is_some_and(|(name, value)| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !value.contains(' ')
    });
    let is_filter = bare || (filter.starts_with('(') && filter.ends_with(')') && filter.contains('='));
    if store.content().starts_with('_') || !is_filter {
        return;
    }
    let attributes = parts.flat_map(|part| part.split(',')).filter(|name| !name.trim().is_empty()).count();
    if attributes != types {
        reporter.warn(query, RuleProblem::LdapColumns { attributes, types });
    }
}
