//! Checked rules, ready to run: variables are slots, regular expressions are compiled.

use super::diagnostic::Position;
use super::pattern::Pattern;
use super::replacement::Replacement;
use crate::claims::Claim;
use crate::claims::active_directory_store::QueryTemplate;
use crate::text::Text;
use std::fmt::{self, Display};
use std::sync::Arc;

/// One checked rule.
#[derive(Debug)]
pub struct Rule {
    pub(in crate::claims) label: RuleLabel,
    /// The rule's name, or its number where it has none.
    pub(in crate::claims) display_name: Arc<str>,
    pub(in crate::claims) annotations: Vec<(String, String)>,
    pub(in crate::claims) conditions: Vec<Condition>,
    pub(in crate::claims) effect: Effect,
    pub(in crate::claims) action: Action,
}

impl Rule {
    /// Where it stands and what it is called.
    pub fn label(&self) -> &RuleLabel {
        &self.label
    }

    /// The value of an annotation such as `RuleTemplate`; names are compared without regard to case.
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Which rule: its number in the set, its `@RuleName` and the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLabel {
    /// One-based number in its rule set.
    pub number: usize,
    /// The `@RuleName`, if it has one.
    pub name: Option<Arc<str>>,
    /// Where it begins.
    pub position: Position,
}

impl Display for RuleLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "rule {} \"{name}\" (line {})", self.number, self.position.line),
            None => write!(f, "rule {} (line {})", self.number, self.position.line),
        }
    }
}

/// Where an action's claims go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Into the input set and out.
    Issue,
    /// Into the input set only.
    Add,
}

#[derive(Debug)]
pub(in crate::claims) struct Condition {
    pub(in crate::claims) text: Arc<str>,
    pub(in crate::claims) constraints: Vec<Constraint>,
    /// `None` for a selector, which multiplies; an aggregate guards.
    pub(in crate::claims) aggregate: Option<AggregateTest>,
    /// A tagged aggregate (lenient mode) binds its first match and demands one.
    pub(in crate::claims) tagged: bool,
}

impl Condition {
    /// Its variable; empty for a condition without one.
    pub(in crate::claims) fn name(&self) -> &str {
        let before = self.text.split_once(':').filter(|_| self.tagged);
        before.map_or("", |(name, _)| name.trim())
    }

    /// The one claim type that can satisfy it, if it names one.
    pub(in crate::claims) fn named_type(&self) -> Option<&Arc<str>> {
        self.constraints.iter().find_map(|constraint| match &constraint.test {
            Test::Equal(Expression::Text(text)) if constraint.property == Property::Type && constraint.wanted => {
                Some(text)
            }
            _ => None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::claims) enum AggregateTest {
    Exists,
    NotExists,
    Count(CountComparison, u64),
}

impl AggregateTest {
    pub(in crate::claims) fn holds(self, count: u64) -> bool {
        match self {
            Self::Exists => count > 0,
            Self::NotExists => count == 0,
            Self::Count(comparison, limit) => match comparison {
                CountComparison::Equal => count == limit,
                CountComparison::NotEqual => count != limit,
                CountComparison::Greater => count > limit,
                CountComparison::GreaterEqual => count >= limit,
                CountComparison::Less => count < limit,
                CountComparison::LessEqual => count <= limit,
            },
        }
    }

    /// Whether one match settles the answer.
    pub(in crate::claims) fn first_match_decides(self) -> bool {
        !matches!(self, Self::Count(..))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::claims) enum CountComparison {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
}

#[derive(Debug)]
pub(in crate::claims) struct Constraint {
    pub(in crate::claims) property: Property,
    pub(in crate::claims) wanted: bool,
    pub(in crate::claims) test: Test,
}

#[derive(Debug)]
pub(in crate::claims) enum Test {
    Equal(Expression),
    Matches(PatternSource),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::claims) enum Comparison {
    Equal,
    NotEqual,
    Matches,
    NotMatches,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::claims) enum Property {
    Type,
    Value,
    ValueType,
    Issuer,
    OriginalIssuer,
    Named(Arc<str>),
}

impl Property {
    /// The field; a property the claim does not have reads as empty text.
    pub(in crate::claims) fn of<'c>(&self, claim: &'c Claim) -> &'c Text {
        const NOTHING: &Text = &Text::constant("");
        match self {
            Self::Type => &claim.claim_type,
            Self::Value => &claim.value,
            Self::ValueType => &claim.value_type,
            Self::Issuer => &claim.issuer,
            Self::OriginalIssuer => &claim.original_issuer,
            Self::Named(name) => claim.properties.get(&**name).unwrap_or(NOTHING),
        }
    }
}

impl Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type => f.write_str("Type"),
            Self::Value => f.write_str("Value"),
            Self::ValueType => f.write_str("ValueType"),
            Self::Issuer => f.write_str("Issuer"),
            Self::OriginalIssuer => f.write_str("OriginalIssuer"),
            Self::Named(name) => write!(f, "Properties[\"{name}\"]"),
        }
    }
}

#[derive(Debug)]
pub(in crate::claims) enum Expression {
    Text(Arc<str>),
    Property { slot: usize, property: Property },
    Concat(Vec<Expression>),
    Replace(Box<Replace>),
}

#[derive(Debug)]
pub(in crate::claims) struct Replace {
    pub(in crate::claims) input: Expression,
    pub(in crate::claims) pattern: PatternSource,
    pub(in crate::claims) replacement: ReplacementSource,
}

#[derive(Debug)]
pub(in crate::claims) enum PatternSource {
    Compiled(Box<Pattern>),
    Computed(Expression),
}

#[derive(Debug)]
pub(in crate::claims) enum ReplacementSource {
    Compiled(Replacement),
    Computed(Expression),
}

#[derive(Debug)]
pub(in crate::claims) enum Action {
    Copy { slot: usize },
    New(NewClaim),
    Query(StoreAction),
}

#[derive(Debug)]
pub(in crate::claims) struct NewClaim {
    pub(in crate::claims) claim_type: Expression,
    pub(in crate::claims) value: Option<Expression>,
    pub(in crate::claims) value_type: Option<Expression>,
    pub(in crate::claims) issuer: Option<Expression>,
    pub(in crate::claims) original_issuer: Option<Expression>,
    pub(in crate::claims) properties: Vec<(Arc<str>, Expression)>,
}

#[derive(Debug)]
pub(in crate::claims) struct StoreAction {
    pub(in crate::claims) store: Expression,
    pub(in crate::claims) types: Vec<Arc<str>>,
    pub(in crate::claims) query: Expression,
    /// The query of the built-in store, read when the rules were.
    pub(in crate::claims) template: Option<Arc<QueryTemplate>>,
    pub(in crate::claims) params: Vec<Expression>,
}
