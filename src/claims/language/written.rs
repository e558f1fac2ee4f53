//! Rules as text again, in the layout in which AD FS prints them (CLAIM-RULES section 6.3): annotations on lines of their own,
//! one line per condition, the action behind ` => `, an empty line between rules.
//!
//! What is printed reads as the rules that were read. Spelling of annotations and variables stays; keywords and properties
//! get the documented one.

use super::program::{AggregateTest, Comparison, CountComparison, Effect, Property};
use super::syntax::{ActionSyntax, ConditionSyntax, ExpressionSyntax, RuleSyntax};
use std::fmt::{self, Display};

/// One rule without its place in a text. Equal rules mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenRule {
    pub(super) annotations: Vec<(String, String)>,
    pub(super) conditions: Vec<WrittenCondition>,
    pub(super) effect: Effect,
    pub(super) action: WrittenAction,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenCondition {
    pub(super) tag: Option<String>,
    pub(super) aggregate: Option<AggregateTest>,
    pub(super) constraints: Vec<(Property, Comparison, WrittenExpression)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WrittenExpression {
    Text(String),
    Property(String, Property),
    Call(String, Vec<WrittenExpression>),
    Concat(Vec<WrittenExpression>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WrittenAction {
    Copy(String),
    New(Vec<(Property, WrittenExpression)>),
    Query { store: WrittenExpression, types: Vec<String>, query: WrittenExpression, params: Vec<WrittenExpression> },
}

/// The rules as one text; empty for no rules.
pub(super) fn print(rules: &[WrittenRule]) -> String {
    let printed: Vec<String> = rules.iter().map(|rule| format!("{rule}\n")).collect();
    printed.join("\n")
}

impl From<&RuleSyntax<'_>> for WrittenRule {
    fn from(rule: &RuleSyntax<'_>) -> Self {
        let annotation = |(name, value): &(super::lexer::Token<'_>, super::lexer::Token<'_>)| {
            (name.text.to_owned(), value.content().to_owned())
        };
        Self {
            annotations: rule.annotations.iter().map(annotation).collect(),
            conditions: rule.conditions.iter().map(WrittenCondition::from).collect(),
            effect: rule.effect,
            action: WrittenAction::from(&rule.action),
        }
    }
}

impl From<&ConditionSyntax<'_>> for WrittenCondition {
    fn from(condition: &ConditionSyntax<'_>) -> Self {
        let constraints = condition.constraints.iter();
        Self {
            tag: condition.tag.map(|tag| tag.text.to_owned()),
            aggregate: condition.aggregate,
            constraints: constraints
                .map(|constraint| (constraint.property.clone(), constraint.comparison, (&constraint.value).into()))
                .collect(),
        }
    }
}

impl From<&ExpressionSyntax<'_>> for WrittenExpression {
    fn from(expression: &ExpressionSyntax<'_>) -> Self {
        match expression {
            ExpressionSyntax::Text(text) => Self::Text(text.content().to_owned()),
            ExpressionSyntax::Property(tag, property) => Self::Property(tag.text.to_owned(), property.clone()),
            ExpressionSyntax::Call(name, arguments) => {
                let known = name.is_word("RegExReplace");
                let name = if known { "RegExReplace" } else { name.text };
                Self::Call(name.to_owned(), arguments.iter().map(Self::from).collect())
            }
            ExpressionSyntax::Concat(terms) => Self::Concat(terms.iter().map(Self::from).collect()),
        }
    }
}

impl From<&ActionSyntax<'_>> for WrittenAction {
    fn from(action: &ActionSyntax<'_>) -> Self {
        match action {
            ActionSyntax::Copy { tag, .. } => Self::Copy(tag.text.to_owned()),
            ActionSyntax::New { assignments, .. } => Self::New(
                assignments
                    .iter()
                    .map(|assignment| (assignment.property.clone(), (&assignment.value).into()))
                    .collect(),
            ),
            ActionSyntax::Query(query) => Self::Query {
                store: (&query.store).into(),
                types: query.types.iter().map(|name| name.content().to_owned()).collect(),
                query: (&query.query).into(),
                params: query.params.iter().map(WrittenExpression::from).collect(),
            },
        }
    }
}

impl Display for WrittenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.annotations {
            writeln!(f, "@{name} = {}", Quoted(value))?;
        }
        for (number, condition) in self.conditions.iter().enumerate() {
            writeln!(f, "{}{condition}", if number == 0 { "" } else { " && " })?;
        }
        let verb = match self.effect {
            Effect::Issue => "issue",
            Effect::Add => "add",
        };
        write!(f, " => {verb}({});", self.action)
    }
}

impl Display for WrittenCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tag) = &self.tag {
            write!(f, "{tag}:")?;
        }
        let constraint = |(property, comparison, value): &(Property, Comparison, WrittenExpression)| {
            format!("{property} {} {value}", operator(*comparison))
        };
        let body = format!("[{}]", self.constraints.iter().map(constraint).collect::<Vec<_>>().join(", "));
        match self.aggregate {
            None => f.write_str(&body),
            Some(AggregateTest::Exists) => write!(f, "EXISTS({body})"),
            Some(AggregateTest::NotExists) => write!(f, "NOT EXISTS({body})"),
            Some(AggregateTest::Count(comparison, limit)) => {
                write!(f, "COUNT({body}) {} {limit}", count_operator(comparison))
            }
        }
    }
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Matches => "=~",
        Comparison::NotMatches => "!~",
    }
}

fn count_operator(comparison: CountComparison) -> &'static str {
    match comparison {
        CountComparison::Equal => "==",
        CountComparison::NotEqual => "!=",
        CountComparison::Greater => ">",
        CountComparison::GreaterEqual => ">=",
        CountComparison::Less => "<",
        CountComparison::LessEqual => "<=",
    }
}

impl Display for WrittenExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => Quoted(text).fmt(f),
            Self::Property(tag, property) => write!(f, "{tag}.{property}"),
            Self::Call(name, arguments) => write!(f, "{name}({})", joined(arguments, ", ")),
            Self::Concat(terms) => f.write_str(&joined(terms, " + ")),
        }
    }
}

impl Display for WrittenAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Copy(tag) => write!(f, "claim = {tag}"),
            Self::New(assignments) => {
                let assigned: Vec<String> =
                    assignments.iter().map(|(property, value)| format!("{property} = {value}")).collect();
                f.write_str(&assigned.join(", "))
            }
            Self::Query { store, types, query, params } => {
                let types: Vec<Quoted<'_>> = types.iter().map(|name| Quoted(name)).collect();
                write!(f, "store = {store}, types = ({}), query = {query}", joined(&types, ", "))?;
                params.iter().try_for_each(|param| write!(f, ", param = {param}"))
            }
        }
    }
}

fn joined(parts: &[impl Display], between: &str) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// In double quotes. A text in single quotes, which only lenient reading takes, may hold a double quote and keeps its own.
struct Quoted<'t>(&'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('"') { '\'' } else { '"' };
        write!(f, "{quote}{}{quote}", self.0)
    }
}

#[cfg(test)]
pub(super) mod tests;
