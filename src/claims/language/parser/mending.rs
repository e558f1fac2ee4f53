//! Which cure fits, by what stands where in the grammar.

use super::super::cure::Cure;
use super::super::lexer::{Token, TokenKind};
use super::Parser;
use crate::spelling::nearest;

/// What the language calls things, for names that are nearly right.
const PROPERTY_NAMES: &[&str] = &["Type", "Value", "ValueType", "Issuer", "OriginalIssuer", "Properties"];
/// What PowerShell calls rule sets.
const RULE_SET_NAMES: &[&str] = &[
    "IssuanceTransformRules",
    "IssuanceAuthorizationRules",
    "AcceptanceTransformRules",
    "AdditionalAuthenticationRules",
    "DelegationAuthorizationRules",
    "ImpersonationAuthorizationRules",
    "OrganizationalAccountSuffix",
];

/// The known name that is nearest, in whatever case.
pub(in super::super) fn meant(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let folded: Vec<String> = known.iter().map(|known| known.to_ascii_lowercase()).collect();
    let word = word.to_ascii_lowercase();
    let near = nearest(&word, folded.iter().map(String::as_str))?;
    let at = folded.iter().position(|known| known == near)?;
    known.get(at).copied()
}

fn is_property(token: Token<'_>) -> bool {
    PROPERTY_NAMES.iter().any(|name| token.is_word(name))
}

/// Whether a text begins as a rule does.
fn is_rule_text(text: &str) -> bool {
    let text = text.trim_start();
    let begins = |mark: &str| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    ["@RuleName", "@RuleTemplate", "c:[", "c1:[", "=>", "EXISTS(", "NOT EXISTS("].iter().any(|mark| begins(mark))
}

impl Parser<'_, '_> {
    fn suggestion(&self, known: &[&'static str]) -> Option<Cure> {
        let token = self.peek();
        let word = (token.kind == TokenKind::Identifier).then_some(token.text)?;
        meant(word, known).filter(|known| !token.is_word(known)).map(Cure::DidYouMean)
    }

    /// Where a rule should begin.
    pub(super) fn start_cure(&self) -> Cure {
        let token = self.peek();
        let fresh = self.previous().is_none_or(|before| before.position.line < token.position.line);
        match token.kind {
            TokenKind::Integer if fresh => Cure::LineNumber,
            TokenKind::Greater | TokenKind::GreaterEqual if fresh => Cure::Prompt,
            TokenKind::Assign | TokenKind::Equal if self.peek_second().kind == TokenKind::Greater => Cure::Arrow,
            TokenKind::Text | TokenKind::SingleQuotedText if is_rule_text(token.content()) => Cure::QuotedRules,
            _ => Cure::RuleStart,
        }
    }

    /// Behind the first word of a rule or of a condition, where a colon should stand.
    pub(super) fn tag_cure(&self, word: Token<'_>) -> Option<Cure> {
        let (token, next) = (self.peek(), self.peek_second());
        let opens = |token: Token<'_>| token.kind == TokenKind::OpenBracket;
        if word.is_word("PS") {
            return Some(Cure::Prompt);
        }
        if (word.is_word("issue") || word.is_word("add")) && token.kind == TokenKind::OpenParenthesis {
            return Some(Cure::MissingArrow);
        }
        if token.kind == TokenKind::OpenParenthesis || word.is_word("NOT") {
            let near = meant(word.text, &["EXISTS", "NOT EXISTS", "COUNT"]).map(Cure::DidYouMean);
            return near.or(Some(Cure::RuleStart));
        }
        if token.is_word("EXISTS") {
            return Some(Cure::DidYouMean("NOT EXISTS"));
        }
        if opens(token) || opens(next) || token.kind == TokenKind::Imply {
            return Some(Cure::TagColon);
        }
        Some(Cure::RuleStart)
    }

    /// Behind `c:`, where a bracket should stand.
    pub(super) fn selector_cure(&self) -> Option<Cure> {
        let token = self.peek();
        let name = self.at.checked_sub(2).map(|at| self.token(at));
        if name.is_some_and(|name| RULE_SET_NAMES.iter().any(|known| name.is_word(known))) {
            return Some(Cure::PropertyList);
        }
        match token.kind {
            TokenKind::At => Some(Cure::PropertyList),
            TokenKind::Identifier if self.peek_second().kind == TokenKind::OpenParenthesis => {
                meant(token.text, &["EXISTS", "COUNT"]).map(Cure::DidYouMean)
            }
            _ => Some(Cure::SquareBrackets),
        }
    }

    /// Behind `&&`, where another condition should stand.
    pub(super) fn further_cure(&self) -> Option<Cure> {
        match self.peek().kind {
            TokenKind::Imply | TokenKind::Semicolon | TokenKind::End | TokenKind::And => Some(Cure::DanglingAnd),
            TokenKind::OpenParenthesis => Some(Cure::SquareBrackets),
            _ => None,
        }
    }

    /// Behind a condition, where `=>` or `&&` should stand.
    pub(super) fn joint_cure(&self) -> Option<Cure> {
        let (token, next) = (self.peek(), self.peek_second());
        Some(match token.kind {
            TokenKind::GreaterEqual => Cure::Arrow,
            TokenKind::Assign | TokenKind::Equal | TokenKind::Matches => Cure::Arrow,
            TokenKind::Identifier if token.is_word("issue") || token.is_word("add") => Cure::MissingArrow,
            TokenKind::Identifier if token.is_word("and") => Cure::And,
            TokenKind::Identifier if token.is_word("or") => Cure::Or,
            TokenKind::Identifier if next.kind == TokenKind::Colon => Cure::MissingAnd,
            TokenKind::Identifier if ["NOT", "EXISTS", "COUNT"].iter().any(|word| token.is_word(word)) => {
                Cure::MissingAnd
            }
            TokenKind::OpenBracket => Cure::MissingAnd,
            TokenKind::CloseBracket => Cure::ExtraBracket(']'),
            TokenKind::CloseParenthesis => Cure::ExtraBracket(')'),
            TokenKind::Semicolon | TokenKind::End | TokenKind::At => Cure::MissingAction,
            TokenKind::Comma => Cure::MissingAnd,
            TokenKind::Greater if self.prompted() => Cure::Prompt,
            TokenKind::Greater => Cure::Arrow,
            _ => return None,
        })
    }

    /// Whether the line begins with `>>`, or with `>` before what would do without it.
    fn prompted(&self) -> bool {
        let fresh = self.previous().is_none_or(|before| before.position.line < self.peek().position.line);
        fresh && matches!(self.peek_second().kind, TokenKind::Greater | TokenKind::Imply | TokenKind::And)
    }

    /// Behind a constraint, where a comma or the bracket's end should stand.
    pub(super) fn bracket_cure(&self, open: Token<'_>) -> Option<Cure> {
        let token = self.peek();
        Some(match token.kind {
            TokenKind::And | TokenKind::Semicolon if is_property(self.peek_second()) => Cure::CommaBetween,
            TokenKind::Identifier if is_property(token) => Cure::MissingComma,
            TokenKind::Text | TokenKind::SingleQuotedText => Cure::TextsSideBySide,
            TokenKind::Identifier if self.inside_text() => Cure::TextsSideBySide,
            _ => Cure::Unclosed { open: '[', at: open.position },
        })
    }

    /// Inside round brackets, where a comma or their end should stand.
    pub(super) fn parenthesis_cure(&self, open: Token<'_>) -> Option<Cure> {
        let token = self.peek();
        let keyword = ["store", "types", "query", "param"].iter().any(|word| token.is_word(word));
        Some(match token.kind {
            TokenKind::And | TokenKind::Semicolon if is_property(self.peek_second()) => Cure::CommaBetween,
            TokenKind::Identifier if is_property(token) || keyword => Cure::MissingComma,
            TokenKind::Text | TokenKind::SingleQuotedText => Cure::TextsSideBySide,
            TokenKind::Identifier if self.inside_text() => Cure::TextsSideBySide,
            TokenKind::CloseBracket => Cure::ExtraBracket(']'),
            _ => Cure::Unclosed { open: '(', at: open.position },
        })
    }

    /// Whether a word touches the end of a text: `"say "hello""`.
    fn inside_text(&self) -> bool {
        self.previous().is_some_and(|before| before.kind == TokenKind::Text && before.end() == self.peek().start)
    }

    /// Where a property's name should stand.
    pub(super) fn property_cure(&self) -> Option<Cure> {
        let (token, next) = (self.peek(), self.peek_second());
        let known: Vec<&'static str> = PROPERTY_NAMES.iter().copied().chain(["claim", "store"]).collect();
        match token.kind {
            TokenKind::Identifier => {
                let copies = next.kind == TokenKind::CloseParenthesis || token.is_word("claim");
                if copies {
                    return Some(Cure::CopyForm);
                }
                self.suggestion(&known).or(Some(Cure::Properties))
            }
            TokenKind::CloseParenthesis | TokenKind::CloseBracket | TokenKind::Comma => Some(Cure::ExtraComma),
            TokenKind::OpenBracket => Some(Cure::ExtraBracket('[')),
            TokenKind::OpenParenthesis => Some(Cure::ExtraBracket('(')),
            _ => Some(Cure::PropertyFirst),
        }
    }

    /// Behind `=>`.
    pub(super) fn verb_cure(&self) -> Option<Cure> {
        self.suggestion(&["issue", "add"]).or(Some(Cure::Verb))
    }

    /// Where `types`, `query` or `param` should stand.
    pub(super) fn keyword_cure(&self, word: &'static str) -> Option<Cure> {
        self.suggestion(&[word]).or(Some(Cure::QueryOrder))
    }

    /// Where a value should stand.
    pub(super) fn operand_cure(&self) -> Option<Cure> {
        match self.peek().kind {
            TokenKind::Identifier => Some(Cure::BareWord),
            TokenKind::Assign | TokenKind::Equal | TokenKind::Matches | TokenKind::NotEqual | TokenKind::NotMatches => {
                Some(Cure::Operator)
            }
            _ => None,
        }
    }

    /// Behind the action.
    pub(super) fn end_cure(&self) -> Cure {
        match self.peek().kind {
            TokenKind::CloseParenthesis => Cure::ExtraBracket(')'),
            TokenKind::CloseBracket => Cure::ExtraBracket(']'),
            TokenKind::Colon | TokenKind::Comma | TokenKind::Dot => Cure::Semicolon,
            _ => Cure::MissingSemicolon,
        }
    }
}
