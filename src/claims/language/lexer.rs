//! Text to tokens. Never fails: what is no token becomes a bad token with its cure, and the parser reports it.
//!
//! A text runs from one `"` to the next on the same line; the backslash is an ordinary character (CLAIM-RULES section 1.3).

use super::diagnostic::{Cure, Position};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Imply,
    Equal,
    NotEqual,
    Matches,
    NotMatches,
    Assign,
    And,
    Semicolon,
    Colon,
    Comma,
    Dot,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    At,
    Plus,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Identifier,
    Integer,
    Text,
    SingleQuotedText,
    Bad(Cure),
    End,
}

/// A token with its place; `text` is the source, quotes included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) position: Position,
}

impl<'t> Token<'t> {
    /// What stands between the quotes.
    pub(super) fn content(&self) -> &'t str {
        self.text.get(1..self.text.len().saturating_sub(1)).unwrap_or_default()
    }

    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Identifier && self.text.eq_ignore_ascii_case(word)
    }
}

/// All tokens; the last one is always `End`.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { rest: text, offset: 0, position: Position { line: 1, column: 0 } };
    let mut tokens = Vec::with_capacity(text.len() / 6 + 1);
    loop {
        let token = lexer.next();
        tokens.push(token);
        if token.kind == TokenKind::End {
            return tokens;
        }
    }
}

struct Lexer<'t> {
    rest: &'t str,
    offset: usize,
    position: Position,
}

const FIXED: &[(&str, TokenKind)] = &[
    ("=>", TokenKind::Imply),
    ("==", TokenKind::Equal),
    ("=~", TokenKind::Matches),
    ("!=", TokenKind::NotEqual),
    ("!~", TokenKind::NotMatches),
    ("&&", TokenKind::And),
    (">=", TokenKind::GreaterEqual),
    ("<=", TokenKind::LessEqual),
    ("=", TokenKind::Assign),
    (";", TokenKind::Semicolon),
    (":", TokenKind::Colon),
    (",", TokenKind::Comma),
    (".", TokenKind::Dot),
    ("[", TokenKind::OpenBracket),
    ("]", TokenKind::CloseBracket),
    ("(", TokenKind::OpenParenthesis),
    (")", TokenKind::CloseParenthesis),
    ("@", TokenKind::At),
    ("+", TokenKind::Plus),
    (">", TokenKind::Greater),
    ("<", TokenKind::Less),
    ("//", TokenKind::Bad(Cure::Comment)),
    ("/*", TokenKind::Bad(Cure::Comment)),
    ("~=", TokenKind::Bad(Cure::TildeEquals)),
    ("||", TokenKind::Bad(Cure::Or)),
    ("&", TokenKind::Bad(Cure::SingleAmpersand)),
    ("!", TokenKind::Bad(Cure::Exclamation)),
    ("#", TokenKind::Bad(Cure::Comment)),
];

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Token<'t> {
        let blank = self.rest.find(|c| !is_blank(c)).unwrap_or(self.rest.len());
        self.advance(blank);
        let (length, kind) = self.recognise();
        let token = Token {
            kind,
            text: self.rest.get(..length).unwrap_or_default(),
            start: self.offset,
            position: self.position,
        };
        self.advance(length);
        token
    }

    fn recognise(&self) -> (usize, TokenKind) {
        let Some(first) = self.rest.chars().next() else { return (0, TokenKind::End) };
        match first {
            '"' => self.quoted('"', TokenKind::Text, Cure::UnclosedText),
            '\'' => self.quoted('\'', TokenKind::SingleQuotedText, Cure::SingleQuote),
            '\u{201c}'..='\u{201f}' | '\u{2018}'..='\u{201b}' | '\u{ab}' | '\u{bb}' | '`' | '\u{b4}' => {
                (self.typographic(), TokenKind::Bad(Cure::TypographicQuotes))
            }
            '_' | 'A'..='Z' | 'a'..='z' => (self.run(|c| c == '_' || c.is_ascii_alphanumeric()), TokenKind::Identifier),
            '0'..='9' => (self.run(|c| c.is_ascii_digit()), TokenKind::Integer),
            _ => self.symbol(first),
        }
    }

    fn symbol(&self, first: char) -> (usize, TokenKind) {
        if let Some(length) = self.html_entity() {
            return (length, TokenKind::Bad(Cure::HtmlEntity));
        }
        FIXED
            .iter()
            .find(|(symbol, _)| self.rest.starts_with(symbol))
            .map_or((first.len_utf8(), TokenKind::Bad(Cure::Character)), |(symbol, kind)| (symbol.len(), *kind))
    }

    fn run(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len())
    }

    fn line_length(&self) -> usize {
        self.rest.find(['\n', '\r']).unwrap_or(self.rest.len())
    }

    fn quoted(&self, quote: char, kind: TokenKind, cure: Cure) -> (usize, TokenKind) {
        let line = self.rest.find('\n').unwrap_or(self.rest.len());
        let body = self.rest.get(1..line).unwrap_or_default();
        body.find(quote).map_or((self.line_length().max(1), TokenKind::Bad(cure)), |end| (end + 2, kind))
    }

    /// One bad token from a curly quote to its partner, so that a `;` inside the text does not end the rule.
    fn typographic(&self) -> usize {
        let line = self.line_length();
        self.rest
            .char_indices()
            .skip(1)
            .take_while(|(at, _)| *at < line)
            .find(|(_, c)| matches!(c, '"' | '\u{201c}'..='\u{201f}' | '\u{2018}'..='\u{201b}' | '\u{bb}' | '`' | '\u{b4}'))
            .map_or(line, |(at, c)| at + c.len_utf8())
    }

    fn html_entity(&self) -> Option<usize> {
        let name = self.rest.strip_prefix('&')?;
        let end = name.find(';').filter(|end| (2..=8).contains(end))?;
        let name = name.get(..end)?;
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#').then_some(end + 2)
    }

    fn advance(&mut self, length: usize) {
        let (consumed, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        for c in consumed.chars() {
            if c == '\n' {
                self.position = Position { line: self.position.line + 1, column: 0 };
            } else {
                self.position.column += 1;
            }
        }
        self.offset += consumed.len();
        self.rest = rest;
    }
}

/// Byte order mark and no-break space come with copied text and separate tokens like any blank.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).iter().map(|token| token.kind).collect()
    }

    #[test]
    fn reads_the_longest_symbol() {
        use TokenKind::{And, Assign, End, Equal, GreaterEqual, Imply, Matches, NotMatches};
        assert_eq!(kinds("=>= =~ == !~ >= &&"), [Imply, Assign, Matches, Equal, NotMatches, GreaterEqual, And, End]);
    }

    #[test]
    fn a_backslash_is_an_ordinary_character() {
        let found = tokens(r#""contoso\" + "a;b""#);
        assert_eq!(found[0].content(), r"contoso\");
        assert_eq!(found[2].content(), "a;b");
    }

    #[test]
    fn damaged_text_becomes_bad_tokens() {
        for (text, cure) in [
            ("\u{201c}http://a;b\u{201d}", Cure::TypographicQuotes),
            ("&amp;", Cure::HtmlEntity),
            ("\"open", Cure::UnclosedText),
            ("~=", Cure::TildeEquals),
            ("// x", Cure::Comment),
            ("||", Cure::Or),
            ("\u{7f}", Cure::Character),
        ] {
            assert_eq!(kinds(text).first(), Some(&TokenKind::Bad(cure)), "{text}");
        }
        assert_eq!(kinds("\u{201c}http://a;b\u{201d} ;").len(), 3);
    }

    #[test]
    fn lines_count_from_one_and_columns_from_zero() {
        let found = tokens("\u{feff}c:\r\n  [é\u{a0}]");
        assert_eq!(found[2].position, Position { line: 2, column: 2 });
        assert_eq!(found[4].position, Position { line: 2, column: 5 });
    }
}
