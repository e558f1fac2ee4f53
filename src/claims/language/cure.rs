//! What to change, for the mistakes that people make and the damage that copying does.

use super::diagnostic::Position;

/// What to change. Each is one sentence or two for the person who has to mend the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Cure {
    /// Curly quotes.
    #[error(
        "These are typographic quotes, as web pages and word processors make them; write plain double quotes (\") in \
         their place, here and everywhere in the file."
    )]
    TypographicQuotes,
    /// A text that begins with a plain quote and ends with a curly one.
    #[error(
        "The text begins with a plain double quote and ends with a typographic one; write plain double quotes (\") at \
         both ends."
    )]
    MixedQuotes,
    /// `&amp;`, `&quot;`, `&gt;`.
    #[error(
        "This is an HTML entity, copied from a page's source; write the character itself (&amp; is &, &quot; is \", \
         &gt; is >, &lt; is <), here and everywhere in the file."
    )]
    HtmlEntity,
    /// `<br />`, `<!-- -->`.
    #[error("This is a tag of a web page; delete it.")]
    Markup,
    /// `{\rtf1`, `\par`.
    #[error("This is Rich Text, as word processors save it; save the rules as plain text.")]
    RichText,
    /// No closing quote on the line.
    #[error(
        "The text has no closing double quote on this line; a text cannot contain a double quote or a line break, and a \
         backslash does not escape."
    )]
    UnclosedText,
    /// No closing quote on the line, and the end of a text on the next.
    #[error(
        "The text goes on in the next line, as a console breaks long lines; join the two lines. To copy rules without \
         such breaks, write them to a file: (Get-AdfsRelyingPartyTrust NAME).IssuanceTransformRules | Set-Content FILE \
         -Encoding utf8."
    )]
    WrappedText,
    /// Two texts with nothing between them.
    #[error(
        "Two texts stand side by side: join them with +, put a comma between them, or remove a double quote inside the \
         text (a text cannot contain one)."
    )]
    TextsSideBySide,
    /// `""text""`.
    #[error("The double quotes are doubled, as spreadsheets and program sources do; write each once.")]
    DoubledQuotes,
    /// `\"text\"`.
    #[error(
        "The backslash before the quote comes from a program source or JSON; the language has no escapes: write only \"."
    )]
    EscapedQuote,
    /// `\r\n` spelled out.
    #[error("This is a line break spelled out, as in JSON or a program source; write a real line break or a blank.")]
    EscapedBreak,
    /// A whole rule set as one text.
    #[error(
        "The rules themselves stand in quotes, as in JSON, a spreadsheet or a script. Take them out: delete the first and \
         the last quote, and write every \\\" or \"\" inside as \", every \\\\ as \\ and every \\r\\n as a line break. Better, \
         write them to a file: (Get-AdfsRelyingPartyTrust NAME).IssuanceTransformRules | Set-Content FILE -Encoding utf8."
    )]
    QuotedRules,
    /// Single quotes without an end.
    #[error("Write text in double quotes (\"...\").")]
    SingleQuote,
    /// `@"` and `"@`.
    #[error("This is the beginning or the end of a PowerShell here-string; keep only the rules between the two.")]
    HereString,
    /// `$variable`.
    #[error("This is PowerShell, not a rule; keep only the text of the rules, with the variables' values in place.")]
    PowerShell,
    /// `-eq`.
    #[error("This is PowerShell; the rule language compares with ==, !=, =~ or !~ and joins with &&.")]
    PowerShellOperator,
    /// A backtick at the end of a line.
    #[error("A backtick joins lines in PowerShell only; delete it: a rule may be broken anywhere outside a text.")]
    LineContinuation,
    /// ```` ``` ````.
    #[error("This line marks program text on a web page or in Markdown; delete it.")]
    CodeFence,
    /// `PS C:\>` and `>>`.
    #[error("The line begins with a prompt or a mark of quotation; delete everything on it before the rule.")]
    Prompt,
    /// `IssuanceTransformRules : ...`.
    #[error(
        "This is a list that PowerShell printed; delete the property's name and its colon. Better, write the rules to a \
         file: (Get-AdfsRelyingPartyTrust NAME).IssuanceTransformRules | Set-Content FILE -Encoding utf8."
    )]
    PropertyList,
    /// `...`.
    #[error(
        "The text was shortened when it was printed: what the dots stand for is lost. Write the rules to a file instead: \
         (Get-AdfsRelyingPartyTrust NAME).IssuanceTransformRules | Set-Content FILE -Encoding utf8."
    )]
    Ellipsis,
    /// A number before a rule.
    #[error("This looks like a line number; delete it here and on the lines that follow.")]
    LineNumber,
    /// A character that cannot be seen.
    #[error("There is a character here that cannot be seen (U+{:04X}), as web pages contain them; delete it, or type the word again.", *.0 as u32)]
    Invisible(char),
    /// A character that looks like another.
    #[error("This character (U+{:04X}) only looks like {}; type it again.", *.0 as u32, .1)]
    Lookalike(char, char),
    /// Any other character.
    #[error("This character (U+{:04X}) has no meaning in the language; variables are written in A to Z, 0 to 9 and _.", *.0 as u32)]
    Character(char),
    /// A comment.
    #[error("The language has no comments; put remarks into @RuleName.")]
    Comment,
    /// `/*` without `*/`.
    #[error("The comment is not closed, and the language has no comments; put remarks into @RuleName.")]
    UnclosedComment,
    /// `~=`.
    #[error("A regular expression is compared with =~ (and !~).")]
    TildeEquals,
    /// `===`, `!==`, `<>`.
    #[error("There is no such operator; compare with ==, !=, =~ or !~.")]
    Operator,
    /// `&`.
    #[error("Conditions are joined by &&.")]
    SingleAmpersand,
    /// `and`.
    #[error("Conditions are joined by &&, not by a word.")]
    And,
    /// `||`.
    #[error("There is no 'or'; write one rule per alternative.")]
    Or,
    /// `!`.
    #[error("Negation is written NOT EXISTS([...]), != or !~.")]
    Exclamation,
    /// A number.
    #[error("There are no numbers outside COUNT; write the value as text in double quotes.")]
    Number,
    /// No semicolon between two rules.
    #[error("A ';' is missing after the rule before this one.")]
    MissingSemicolon,
    /// `:` or `,` at the end of a rule.
    #[error("A rule ends with ';'.")]
    Semicolon,
    /// `->`, `==>`, `⇒`.
    #[error("Condition and action are joined by =>, an equals sign and a greater-than sign.")]
    Arrow,
    /// An action directly after the condition.
    #[error("The => before the action is missing; a rule without a condition begins with it too.")]
    MissingArrow,
    /// `c:[...];`.
    #[error("The rule ends before its action; after the conditions comes => issue(...) or => add(...).")]
    MissingAction,
    /// `&& =>`.
    #[error("A condition is missing after &&; write it, or delete the &&.")]
    DanglingAnd,
    /// Two conditions with nothing between.
    #[error("Two conditions are joined by &&.")]
    MissingAnd,
    /// A bracket that is never closed.
    #[error("The '{open}' in line {}, column {} is not closed before this place.", at.line, at.column)]
    Unclosed {
        /// The bracket.
        open: char,
        /// Where it stands.
        at: Position,
    },
    /// A bracket too many.
    #[error("There is a '{0}' too many.")]
    ExtraBracket(char),
    /// `c:(...)`.
    #[error("A condition's constraints stand in square brackets: c:[Type == \"...\"].")]
    SquareBrackets,
    /// `issue[...]`.
    #[error("Round brackets belong here: issue(...), EXISTS([...]), types = (\"...\").")]
    RoundBrackets,
    /// `EXISTS(Type == ...)`.
    #[error("Square brackets belong inside the round ones: EXISTS([Type == \"...\"]).")]
    BracketsInside,
    /// No comma between two constraints or assignments.
    #[error("A comma is missing before this.")]
    MissingComma,
    /// `&&` between constraints.
    #[error("Inside the brackets a comma separates, not && or ;.")]
    CommaBetween,
    /// A comma before the end of an action.
    #[error("There is a comma too many before this.")]
    ExtraComma,
    /// `==` in an action.
    #[error("Inside issue(...) and add(...) a property is assigned with a single '='.")]
    AssignWithEquals,
    /// `=` in a condition.
    #[error("A condition compares with ==, !=, =~ or !~.")]
    CompareWithAssign,
    /// A bare word where text belongs.
    #[error("Text needs double quotes; a bare word is a variable and must be followed by a property, as in c.Value.")]
    BareWord,
    /// `["..."]`.
    #[error("A property's name belongs here: Type == \"...\" in a condition, Type = \"...\" in an action.")]
    PropertyFirst,
    /// An unknown property.
    #[error("The properties are Type, Value, ValueType, Issuer, OriginalIssuer and Properties[\"...\"].")]
    Properties,
    /// A name that is nearly right.
    #[error("Did you mean {0}?")]
    DidYouMean(&'static str),
    /// Something before the first condition.
    #[error(
        "A rule begins with a condition (c:[...], EXISTS([...])) or with =>. Delete what is no rule, or make it a \
         @RuleName = \"...\"."
    )]
    RuleStart,
    /// A variable without its colon.
    #[error("A variable is joined to its condition by a colon: c:[Type == \"...\"].")]
    TagColon,
    /// `@RuleName "x"`.
    #[error("An annotation is written @RuleName = \"...\".")]
    Annotation,
    /// Neither issue nor add.
    #[error("After => comes issue(...) or add(...).")]
    Verb,
    /// `issue(c)`.
    #[error("To send a claim on as it is, write issue(claim = c).")]
    CopyForm,
    /// The parts of a query in another order.
    #[error("A query is written store = \"...\", types = (\"...\"), query = \"...\", param = ..., in this order.")]
    QueryOrder,
    /// An address without quotes.
    #[error("An address is text; write it in double quotes.")]
    Address,
}
