//! What is wrong with a rule text: where, which token, what was expected there, and the cure.
//!
//! Grammar errors keep AD FS's own wording and numbering, so that an operator finds them in the search engine they know;
//! the explanation after it is ours.

use super::cure::Cure;
use super::program::RuleLabel;
use std::fmt::{self, Display};

/// A place in a rule text as AD FS prints it: the line counts from one, the column from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// One-based line.
    pub line: usize,
    /// Zero-based column in characters.
    pub column: usize,
}

/// One finding in a rule text: an error when `parse` returned it, a warning when the rule set carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDiagnostic {
    /// What the text was called, usually its file name.
    pub source_name: String,
    /// Where the offending token begins.
    pub position: Position,
    /// The offending token; empty at the end of the text.
    pub token: String,
    /// The line it stands on; of a very long line the part around the token.
    pub line_text: String,
    /// Where in `line_text` the token begins, in characters.
    pub line_column: usize,
    /// The rule it is in, if one had begun.
    pub rule: Option<RuleLabel>,
    /// What is wrong.
    pub problem: RuleProblem,
}

impl std::error::Error for RuleDiagnostic {}

impl RuleDiagnostic {
    /// What is wrong, without the place: the code AD FS prints, where it has one, and its words.
    pub fn finding(&self) -> String {
        match self.problem.policy_code() {
            Some(code) => format!("{code}: {}", self.parser_error()),
            None => self.problem.to_string(),
        }
    }

    /// What to change, where the mistake is a known one and the finding does not say it already.
    pub fn cure(&self) -> Option<Cure> {
        match &self.problem {
            RuleProblem::Syntax { cure, .. } => *cure,
            RuleProblem::UnexpectedInput { cure } => Some(*cure),
            _ => None,
        }
    }

    /// The beginning of the line that AD FS prints, without the line's text and the error.
    pub fn policy_place(&self) -> String {
        let Position { line, column } = self.position;
        format!(
            "POLICY0002: Could not parse policy data. Line number: {line}, Column number: {column}, Error token: {}.",
            self.token_or_end()
        )
    }

    fn token_or_end(&self) -> &str {
        if self.token.is_empty() { "end of text" } else { &self.token }
    }

    fn parser_error(&self) -> String {
        match &self.problem {
            RuleProblem::Syntax { expected, .. } => format!(
                "Syntax error, unexpected '{}', expecting one of the following: {} .",
                self.token_or_end(),
                expected.join(" ")
            ),
            RuleProblem::UnexpectedInput { .. } => "Unexpected input.".to_owned(),
            problem => problem.to_string(),
        }
    }
}

impl Display for RuleDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        let Some(code) = self.problem.policy_code() else {
            return write!(f, "{}, line {line}, column {column}: {}", self.source_name, self.problem);
        };
        write!(
            f,
            "{}: {} Line: '{}'. Parser error: '{code}: {}'",
            self.source_name,
            self.policy_place(),
            self.line_text.trim(),
            self.parser_error()
        )?;
        self.cure().map_or(Ok(()), |cure| write!(f, " {cure}"))
    }
}

/// What is wrong with a rule, one variant per fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    /// A token of the language in the wrong place.
    #[error("a token in the wrong place")]
    Syntax {
        /// What could have stood there.
        expected: Vec<&'static str>,
        /// What to change, where the mistake is a known one.
        cure: Option<Cure>,
    },
    /// Characters that are no token here.
    #[error("unexpected input: {cure}")]
    UnexpectedInput {
        /// What to change.
        cure: Cure,
    },
    /// A variable that no selector of the same rule declares.
    #[error(
        "No conditions in the claim rule match the condition tag specified in the CopyIssuanceStatement: '{name}'. \
         Declare it in a condition of the same rule ('{name}:[...]'); variables do not reach into other rules."
    )]
    UnboundVariable {
        /// The variable.
        name: String,
    },
    /// One variable declared by two selectors of a rule.
    #[error("the variable '{name}' is declared twice in one rule; give the second condition a name of its own")]
    DuplicateVariable {
        /// The variable.
        name: String,
    },
    /// A constraint reads the variable of its own selector or of a later one.
    #[error("the variable '{name}' can be read only in conditions after the one that declares it")]
    VariableTooEarly {
        /// The variable.
        name: String,
    },
    /// A new claim without a type.
    #[error("a new claim needs a Type: write issue(Type = \"...\", Value = ...)")]
    MissingType,
    /// A property assigned twice in one action.
    #[error("{property} is assigned twice in one action; keep one of the two")]
    AssignedTwice {
        /// The property as it is written in a rule.
        property: String,
    },
    /// A function the language does not have.
    #[error("there is no function '{name}'; {hint}")]
    UnknownFunction {
        /// The name as written.
        name: String,
        /// What there is instead.
        hint: &'static str,
    },
    /// A function with the wrong number of arguments.
    #[error("{name} takes {expected} arguments, not {found}")]
    ArgumentCount {
        /// The function.
        name: &'static str,
        /// How many it takes.
        expected: usize,
        /// How many were written.
        found: usize,
    },
    /// A regular expression that cannot be used.
    #[error("the regular expression '{pattern}' cannot be used: {reason}")]
    Pattern {
        /// The pattern as written.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// An Active Directory query that cannot be read.
    #[error("the Active Directory query '{query}' cannot be used: {reason}")]
    Query {
        /// The query as written.
        query: String,
        /// Why.
        reason: String,
    },
    /// Conditions or calls beyond any sensible rule.
    #[error("too much of one thing: more than {limit} {what}")]
    TooMuch {
        /// Which thing.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// Reading stopped.
    #[error("there are {limit} errors before this place; reading stopped here, and there may be more")]
    TooManyErrors {
        /// How many are told.
        limit: usize,
    },
    /// A comment.
    #[error("the language has no comments; put remarks into @RuleName")]
    Comment,
    /// A blank that cannot be seen, between two tokens.
    #[error("there is a character here that cannot be seen (U+{:04X}), as web pages contain them; delete it", *.character as u32)]
    InvisibleBlank {
        /// The character.
        character: char,
    },
    /// The same inside a text, where it counts.
    #[error(
        "the text contains a character that cannot be seen (U+{:04X}) and so equals nothing that is spelled without it; \
         delete it", *.character as u32
    )]
    InvisibleInText {
        /// The character.
        character: char,
    },
    /// `&lt;` in a text.
    #[error(
        "the text contains an HTML entity, as a page's source does; write the character itself (&amp; is &, &lt; is <, \
         &gt; is >)"
    )]
    EntityInText,
    /// A claim type that differs from a known one in case only.
    #[error(
        "the claim type differs from {known} in upper and lower case only; types are compared letter by letter, so this \
         selects nothing"
    )]
    TypeCase {
        /// The known one.
        known: &'static str,
    },
    /// A claim type with blanks around it.
    #[error("the claim type begins or ends with a blank; types are compared letter by letter")]
    TypeBlank,
    /// An annotation that is nearly a known one.
    #[error("the annotation @{name} means nothing; did you mean @{known}?")]
    AnnotationName {
        /// As written.
        name: String,
        /// The known one.
        known: &'static str,
    },
    /// A regular expression that can go back over its input again and again.
    #[error(
        "the regular expression repeats something that itself repeats ({part}); on a value that nearly matches it can try \
         every way to divide it, and a sign-in that runs into the limit fails. Let each character be matched in one way only"
    )]
    PatternRisk {
        /// The repeated part.
        part: String,
    },
    /// A query of an LDAP store with another number of attributes than types.
    #[error(
        "an LDAP store would return {attributes} attributes for {types} claim types, and the sign-in would fail; its queries \
         are filter;attribute,attribute, without DOMAIN\\user at the end"
    )]
    LdapColumns {
        /// In the query.
        attributes: usize,
        /// In the rule.
        types: usize,
    },
    /// Authorization rules without a permit.
    #[error("no rule issues http://schemas.microsoft.com/authorization/claims/permit, so everybody is refused")]
    NobodyPermitted,
    /// Additional authentication rules without a method.
    #[error(
        "no rule issues http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod, so nobody is ever \
         asked for more"
    )]
    NeverAsksForMore,
    /// Transform rules that issue nothing.
    #[error("no rule issues anything, so no claim leaves this rule set")]
    NothingIssued,
    /// Permit or deny where nobody decides.
    #[error(
        "in transform rules permit and deny are claims like any other; who gets a token is for authorization rules"
    )]
    DecisionInTransform,
    /// Selectors and aggregates in one condition part.
    #[error(
        "a rule may have selectors or EXISTS/NOT EXISTS/COUNT, not both; let the aggregate add a flag claim in a rule \
         before this one and select the flag here"
    )]
    MixedConditions,
    /// A variable before an aggregate.
    #[error("EXISTS, NOT EXISTS and COUNT bind no variable; select the claim in a condition of its own")]
    TaggedAggregate,
    /// A comma before a closing bracket.
    #[error("there is a comma too many before the closing bracket")]
    TrailingComma,
    /// No semicolon after the last rule.
    #[error("the last rule does not end with ';'")]
    MissingFinalSemicolon,
    /// Text in single quotes.
    #[error("text is written in double quotes (\"...\"), not in single quotes")]
    SingleQuotes,
    /// A variable written in another case than declared.
    #[error("the variable is declared as '{declared}'; write it the same way everywhere")]
    VariableCase {
        /// The declared spelling.
        declared: String,
    },
    /// A claim type, or a value such as an authentication method, with the `https` scheme that Microsoft's never have.
    #[error(
        "'{text}' is spelled with https; Microsoft's claim types and methods begin with http://schemas. (the other \
         spelling comes from a documentation page and matches nothing)"
    )]
    HttpsSchemas {
        /// As written.
        text: String,
    },
    /// `add(claim = c)`: the claim is in the input set already.
    #[error("add(claim = ...) has no effect: the claim is in the set already; issue(claim = ...) sends it out")]
    AddOfCopy,
}

impl RuleProblem {
    /// The number AD FS prints for this fact, where it has one.
    pub fn policy_code(&self) -> Option<&'static str> {
        match self {
            Self::Syntax { .. } => Some("POLICY0030"),
            Self::UnexpectedInput { .. } | Self::Comment => Some("POLICY0029"),
            Self::UnboundVariable { .. } => Some("POLICY0011"),
            _ => None,
        }
    }
}
