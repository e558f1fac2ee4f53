//! What is wrong with a rule text: where, which token, what was expected there, and the cure.
//!
//! Grammar errors keep AD FS's own wording and numbering, so that an operator finds them in the search engine they know;
//! the explanation after it is ours.

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
    /// The whole line it stands on.
    pub line_text: String,
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
            "{}: POLICY0002: Could not parse policy data. Line number: {line}, Column number: {column}, \
             Error token: {}. Line: '{}'. Parser error: '{code}: {}'",
            self.source_name,
            self.token_or_end(),
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
    #[error("there is no function '{name}'; the language has RegExReplace(input, pattern, replacement) only")]
    UnknownFunction {
        /// The name as written.
        name: String,
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
    #[error("too much of one thing in one rule: more than {limit} {what}")]
    TooMuch {
        /// Which thing.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
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
    /// A claim type with the `https` scheme that Microsoft's claim types never have.
    #[error(
        "the claim type '{claim_type}' begins with https; Microsoft's claim types begin with http://schemas. (the other \
         spelling comes from a documentation page and matches nothing)"
    )]
    HttpsClaimType {
        /// The type as written.
        claim_type: String,
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
            Self::UnexpectedInput { .. } => Some("POLICY0029"),
            Self::UnboundVariable { .. } => Some("POLICY0011"),
            _ => None,
        }
    }
}

/// What to change, for the mistakes that people make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Cure {
    /// Curly quotes.
    #[error(
        "These are typographic quotes, as web pages and word processors make them; write plain double quotes (\")."
    )]
    TypographicQuotes,
    /// `&amp;`, `&quot;`, `&gt;`.
    #[error(
        "This is an HTML entity, copied from a page's source; write the character itself (&amp; is &, &quot; is \", &gt; is >)."
    )]
    HtmlEntity,
    /// No closing quote on the line.
    #[error(
        "The text has no closing double quote on this line; a text cannot contain a double quote or a line break, and a backslash does not escape."
    )]
    UnclosedText,
    /// Single quotes without an end.
    #[error("Write text in double quotes (\"...\").")]
    SingleQuote,
    /// A comment.
    #[error("The language has no comments; put remarks into @RuleName.")]
    Comment,
    /// `~=`.
    #[error("A regular expression is compared with =~ (and !~).")]
    TildeEquals,
    /// `&`.
    #[error("Conditions are joined by &&.")]
    SingleAmpersand,
    /// `||`.
    #[error("There is no 'or'; write one rule per alternative.")]
    Or,
    /// `!`.
    #[error("Negation is written NOT EXISTS([...]), != or !~.")]
    Exclamation,
    /// A number.
    #[error("There are no numbers outside COUNT; write the value as text in double quotes.")]
    Number,
    /// Any other character.
    #[error("This character has no meaning in the language.")]
    Character,
    /// No semicolon between two rules.
    #[error("A ';' is missing after the rule before this one.")]
    MissingSemicolon,
    /// `==` in an action.
    #[error("Inside issue(...) and add(...) a property is assigned with a single '='.")]
    AssignWithEquals,
    /// `=` in a condition.
    #[error("A condition compares with ==, !=, =~ or !~.")]
    CompareWithAssign,
    /// A bare word where text belongs.
    #[error("Text needs double quotes; a bare word is a variable and must be followed by a property, as in c.Value.")]
    BareWord,
    /// Something before the first condition.
    #[error("A rule begins with a condition (c:[...], EXISTS([...])) or with =>.")]
    RuleStart,
}
