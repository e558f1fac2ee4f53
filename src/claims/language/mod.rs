//! The AD FS claim rule language: text in, checked rules or findings out.
//!
//! [`parse`] reads a whole rule set, reports every rule that is wrong, and compiles what is right, so that nothing is left to
//! go wrong at sign-in but the data.

mod check;
mod cure;
mod diagnostic;
mod known_types;
mod lexer;
mod parser;
pub(in crate::claims) mod pattern;
mod pattern_class;
mod pattern_conditional;
mod pattern_cursor;
mod pattern_groups;
mod pattern_reference;
mod pattern_risk;
mod pattern_text;
pub(in crate::claims) mod program;
mod reads;
mod remarks;
pub(in crate::claims) mod replacement;
mod reporter;
mod stage_remarks;
mod syntax;
mod written;

pub use cure::Cure;
pub use diagnostic::{Position, RuleDiagnostic, RuleProblem};
pub use program::{Effect, Rule, RuleLabel};
pub use reads::GroupClaims;

use super::{Limits, RuleStage};
use parser::Parser;
use reads::Reads;
use reporter::Reporter;
use std::sync::Arc;

/// Larger than any rule set; every rule is read and compiled before the first sign-in.
const MAXIMUM_BYTES: usize = 4 * 1024 * 1024;

/// What happens to text that AD FS may or may not take, such as a missing last semicolon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Refuse it.
    Strict,
    /// Take it and warn.
    #[default]
    Lenient,
}

/// A checked rule set. Only [`parse`] makes one.
#[derive(Debug)]
pub struct RuleSet {
    source_name: String,
    rules: Arc<[Rule]>,
    warnings: Vec<RuleDiagnostic>,
    reads: Reads,
}

/// No rule at all.
impl Default for RuleSet {
    fn default() -> Self {
        Self { source_name: String::new(), rules: Arc::new([]), warnings: Vec::new(), reads: Reads::of(&[]) }
    }
}

impl RuleSet {
    /// What the text was called.
    pub fn source_name(&self) -> &str {
        &self.source_name
    }

    /// The rules in their order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub(in crate::claims) fn shared(&self) -> Arc<[Rule]> {
        Arc::clone(&self.rules)
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether a claim of this type can make any difference to this set. One that no condition can be satisfied by
    /// changes neither what is issued nor what is asked.
    pub fn reads(&self, claim_type: &str) -> bool {
        self.reads.claim(claim_type)
    }

    /// What it does with claims about the account's groups.
    pub fn group_claims(&self) -> GroupClaims {
        self.reads.groups
    }

    /// Whether a claim about the request itself can make any difference to it.
    pub fn reads_request_context(&self) -> bool {
        self.reads.request_context
    }

    /// What was accepted but should be changed.
    pub fn warnings(&self) -> &[RuleDiagnostic] {
        &self.warnings
    }
}

/// Everything that can be said about a text, whether it can be used or not.
#[derive(Debug)]
pub struct Findings {
    /// How many rules could be read and are right.
    pub rules: usize,
    /// Why the text cannot be used; empty when it can. Ordered by place.
    pub errors: Vec<RuleDiagnostic>,
    /// What should be changed. Ordered by place.
    pub warnings: Vec<RuleDiagnostic>,
}

/// Reads a rule set with the default limits.
pub fn parse(source_name: &str, text: &str, strictness: Strictness) -> Result<RuleSet, Vec<RuleDiagnostic>> {
    parse_within(source_name, text, strictness, &Limits::default())
}

/// Reads a rule set whose regular expressions keep within `limits`. Empty text is an empty set.
pub fn parse_within(
    source_name: &str,
    text: &str,
    strictness: Strictness,
    limits: &Limits,
) -> Result<RuleSet, Vec<RuleDiagnostic>> {
    let (rules, findings) = read(source_name, text, strictness, None, limits);
    if !findings.errors.is_empty() {
        return Err(findings.errors);
    }
    let reads = Reads::of(&rules);
    Ok(RuleSet { source_name: source_name.to_owned(), rules: rules.into(), warnings: findings.warnings, reads })
}

/// Says everything about a rule set that is not going to be run; more when it is told what the set is for.
pub fn findings(source_name: &str, text: &str, strictness: Strictness, stage: Option<RuleStage>) -> Findings {
    read(source_name, text, strictness, stage, &Limits::default()).1
}

fn read(
    source_name: &str,
    text: &str,
    strictness: Strictness,
    stage: Option<RuleStage>,
    limits: &Limits,
) -> (Vec<Rule>, Findings) {
    let mut reporter = Reporter::new(source_name, text, strictness);
    if text.len() > MAXIMUM_BYTES {
        let problem = RuleProblem::TooMuch { what: "bytes in one rule set", limit: MAXIMUM_BYTES };
        reporter.error(Reporter::end_of(text), problem);
        return (Vec::new(), Findings { rules: 0, errors: reporter.errors, warnings: Vec::new() });
    }
    let syntax = Parser::new(text, &mut reporter).rules();
    let rules: Vec<Rule> =
        syntax.iter().filter_map(|rule| check::rule(rule, limits.regex_backtracks, &mut reporter)).collect();
    reporter.place_in_rules();
    remarks::rules(&syntax, &mut reporter);
    if let Some(stage) = stage.filter(|_| reporter.errors.is_empty()) {
        stage_remarks::rules(&syntax, stage, &mut reporter);
    }
    reporter.errors.sort_by_key(|error| error.position);
    reporter.warnings.sort_by_key(|warning| warning.position);
    reporter.close(Reporter::end_of(text));
    let findings = Findings { rules: rules.len(), errors: reporter.errors, warnings: reporter.warnings };
    (rules, findings)
}

/// The rules in the layout in which AD FS prints them. Refuses a text with errors, and one with comments, which would be
/// lost. Line ends stay those of the text's first line.
pub fn format(source_name: &str, text: &str, strictness: Strictness) -> Result<String, Vec<RuleDiagnostic>> {
    let set = parse(source_name, text, strictness)?;
    let comments: Vec<_> = set.warnings.into_iter().filter(|warning| warning.problem == RuleProblem::Comment).collect();
    if !comments.is_empty() {
        return Err(comments);
    }
    let mut reporter = Reporter::new(source_name, text, strictness);
    let rules: Vec<_> = Parser::new(text, &mut reporter).rules().iter().map(written::WrittenRule::from).collect();
    let printed = written::print(&rules);
    let windows = text.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'));
    Ok(if windows { printed.replace('\n', "\r\n") } else { printed })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(in crate::claims) use written::tests::assert_unchanged;
