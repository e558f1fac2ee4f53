//! Warnings that depend on what a rule set is for (CLAIM-RULES section 6.2).

use super::diagnostic::{Position, RuleProblem};
use super::lexer::{Token, TokenKind};
use super::program::{Effect, Property};
use super::reporter::Reporter;
use super::syntax::{ActionSyntax, RuleSyntax};
use crate::claims::RuleStage;
use crate::claims::claim_types::{AUTHENTICATION_METHOD, DENY, PERMIT};

/// What a rule's action can send out.
enum Issues<'t> {
    /// Claims of these types.
    Types(Vec<Token<'t>>),
    /// Nobody can tell before there are claims.
    Anything,
}

pub(super) fn rules<'t>(rules: &[RuleSyntax<'t>], stage: RuleStage, reporter: &mut Reporter<'t>) {
    let wanted = match stage {
        RuleStage::Authorization | RuleStage::DelegationAuthorization | RuleStage::ImpersonationAuthorization => {
            Some(PERMIT)
        }
        RuleStage::AdditionalAuthentication => Some(AUTHENTICATION_METHOD),
        RuleStage::Acceptance | RuleStage::Transform => None,
    };
    let start = Token { kind: TokenKind::End, text: "", start: 0, position: Position { line: 1, column: 0 } };
    let possible = |wanted: &str| rules.iter().any(|rule| can_issue(rule, wanted));
    match wanted {
        Some(PERMIT) if !possible(PERMIT) => reporter.warn(start, RuleProblem::NobodyPermitted),
        Some(wanted) if !rules.is_empty() && !possible(wanted) => {
            reporter.warn(start, RuleProblem::NeverAsksForMore);
        }
        Some(_) => {}
        None => transform(rules, start, reporter),
    }
}

fn transform<'t>(rules: &[RuleSyntax<'t>], start: Token<'t>, reporter: &mut Reporter<'t>) {
    if !rules.iter().any(|rule| rule.effect == Effect::Issue) {
        reporter.warn(start, RuleProblem::NothingIssued);
    }
    for rule in rules {
        let Issues::Types(types) = issues(rule) else { continue };
        for claim_type in types.into_iter().filter(|found| [PERMIT, DENY].contains(&found.content())) {
            reporter.rule = Some(rule.label.clone());
            reporter.warn(claim_type, RuleProblem::DecisionInTransform);
        }
    }
    reporter.rule = None;
}

fn can_issue(rule: &RuleSyntax<'_>, wanted: &str) -> bool {
    match issues(rule) {
        Issues::Anything => true,
        Issues::Types(types) => types.iter().any(|claim_type| claim_type.content() == wanted),
    }
}

fn issues<'t>(rule: &RuleSyntax<'t>) -> Issues<'t> {
    if rule.effect == Effect::Add {
        return Issues::Types(Vec::new());
    }
    match &rule.action {
        ActionSyntax::Copy { .. } => Issues::Anything,
        ActionSyntax::New { assignments, .. } => {
            let types = assignments.iter().filter(|assignment| assignment.property == Property::Type);
            types
                .map(|assignment| assignment.value.literal())
                .collect::<Option<_>>()
                .map_or(Issues::Anything, Issues::Types)
        }
        ActionSyntax::Query(query) => Issues::Types(query.types.clone()),
    }
}
