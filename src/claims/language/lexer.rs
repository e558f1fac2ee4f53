//! Text to tokens. Never fails: what is no token becomes a bad token with its cure, and the parser reports it.
//!
//! A text runs from one `"` to the next on the same line; the backslash is an ordinary character (CLAIM-RULES section 1.3).

pub(super) mod damage;

use super::cure::Cure;
use super::diagnostic::Position;

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
    /// Real rules have none; the parser takes it out with a warning, or an error.
    Comment,
    /// A blank that no editor shows and AD FS may not take.
    Invisible(char),
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
    let mut lexer = Lexer { text, rest: text, offset: 0, position: Position { line: 1, column: 0 }, fresh_line: true };
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
    text: &'t str,
    rest: &'t str,
    offset: usize,
    position: Position,
    /// Whether only blanks stand before it on its line.
    fresh_line: bool,
}

/// Longer ones first.
const FIXED: &[(&str, TokenKind)] = &[
    ("===", TokenKind::Bad(Cure::Operator)),
    ("!==", TokenKind::Bad(Cure::Operator)),
    ("!=~", TokenKind::Bad(Cure::Operator)),
    ("==>", TokenKind::Bad(Cure::Arrow)),
    ("=!", TokenKind::Bad(Cure::Operator)),
    (":=", TokenKind::Bad(Cure::Operator)),
    ("~=", TokenKind::Bad(Cure::TildeEquals)),
    ("~>", TokenKind::Bad(Cure::Arrow)),
    ("||", TokenKind::Bad(Cure::Or)),
    ("...", TokenKind::Bad(Cure::Ellipsis)),
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
    ("&", TokenKind::Bad(Cure::SingleAmpersand)),
    ("!", TokenKind::Bad(Cure::Exclamation)),
];

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Token<'t> {
        let blank = self.rest.find(|c| !is_blank(c)).unwrap_or(self.rest.len());
        self.advance(blank);
        let (length, kind) = self.recognise(blank > 0 || self.offset == 0);
        let token = Token {
            kind,
            text: self.rest.get(..length).unwrap_or_default(),
            start: self.offset,
            position: self.position,
        };
        self.advance(length);
        self.fresh_line = false;
        token
    }

    fn recognise(&self, after_blank: bool) -> (usize, TokenKind) {
        let Some(first) = self.rest.chars().next() else { return (0, TokenKind::End) };
        match first {
            '_' | 'A'..='Z' | 'a'..='z' => {
                return (self.run(|c| c == '_' || c.is_ascii_alphanumeric()), TokenKind::Identifier);
            }
            '0'..='9' => return (self.run(|c| c.is_ascii_digit()), TokenKind::Integer),
            '/' if self.rest.starts_with("//")
                && self.text.get(..self.offset).is_some_and(|before| before.ends_with(':')) =>
            {
                return (damage::address(self.rest), TokenKind::Bad(Cure::Address));
            }
            c if damage::is_invisible(c) => return (c.len_utf8(), TokenKind::Invisible(c)),
            _ => {}
        }
        if let Some(comment) = damage::comment(self.rest, after_blank) {
            return comment;
        }
        if let Some((length, cure)) = damage::recognise(self.rest, self.fresh_line) {
            return (length, TokenKind::Bad(cure));
        }
        match first {
            '"' => self.quoted('"', TokenKind::Text),
            '\'' => self.quoted('\'', TokenKind::SingleQuotedText),
            _ => self.symbol(first),
        }
    }

    fn symbol(&self, first: char) -> (usize, TokenKind) {
        FIXED
            .iter()
            .find(|(symbol, _)| self.rest.starts_with(symbol))
            .map_or((first.len_utf8(), TokenKind::Bad(Cure::Character(first))), |(symbol, kind)| (symbol.len(), *kind))
    }

    fn run(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len())
    }

    fn quoted(&self, quote: char, kind: TokenKind) -> (usize, TokenKind) {
        let body = self.rest.get(1..).unwrap_or_default();
        let stop = body.find([quote, '\n']).unwrap_or(body.len());
        if body.get(stop..).is_some_and(|rest| rest.starts_with(quote)) {
            return (stop + 2, kind);
        }
        let (body, line) = (body.get(..stop).unwrap_or_default(), stop + 1);
        let curly = body.char_indices().find(|(_, c)| damage::is_typographic_quote(*c));
        if let Some((at, c)) = curly {
            return (1 + at + c.len_utf8(), TokenKind::Bad(Cure::MixedQuotes));
        }
        if quote != '"' {
            return (self.line_length(), TokenKind::Bad(Cure::SingleQuote));
        }
        match self.rest.get(line..).and_then(damage::end_of_wrapped_text) {
            Some(length) => (line + length, TokenKind::Bad(Cure::WrappedText)),
            None => (self.line_length(), TokenKind::Bad(Cure::UnclosedText)),
        }
    }

    fn line_length(&self) -> usize {
        self.rest.find(['\n', '\r']).unwrap_or(self.rest.len()).max(1)
    }

    fn advance(&mut self, length: usize) {
        let (consumed, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        for c in consumed.chars() {
            if c == '\n' {
                self.position = Position { line: self.position.line + 1, column: 0 };
                self.fresh_line = true;
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
    c.is_whitespace() || c == '\u{feff}'
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
            ("\"open\u{201d}]", Cure::MixedQuotes),
            ("\"http://sche\nmas\"]", Cure::WrappedText),
            ("&amp;quot;a;b&amp;quot;", Cure::HtmlEntity),
            ("<br />", Cure::Markup),
            ("/* x", Cure::UnclosedComment),
            ("||", Cure::Or),
            ("\u{2013}>", Cure::Arrow),
            ("\u{21d2}", Cure::Arrow),
            ("-eq", Cure::PowerShellOperator),
            ("$rules", Cure::PowerShell),
            ("@\"\n", Cure::HereString),
            ("\"@", Cure::HereString),
            ("\\\"x;y\\\"", Cure::EscapedQuote),
            ("{\\rtf1", Cure::RichText),
            ("```", Cure::CodeFence),
            ("\u{2026}", Cure::Ellipsis),
            ("\u{ff1b}", Cure::Lookalike('\u{ff1b}', ';')),
            ("\u{7f}", Cure::Character('\u{7f}')),
        ] {
            assert_eq!(kinds(text).first(), Some(&TokenKind::Bad(cure)), "{text}");
        }
        assert_eq!(kinds("\u{201c}http://a;b\u{201d} ;").len(), 3);
        assert_eq!(kinds("&amp;quot;a;b&amp;quot; &quot;c;d&quot;").len(), 3);
    }

    #[test]
    fn a_comment_is_one_token_and_an_address_is_none() {
        use TokenKind::{Bad, Colon, Comment, End, Identifier, Invisible, Semicolon};
        assert_eq!(
            kinds("// a;b\n;# c\n/* d;\n */;"),
            [Comment, Semicolon, Bad(Cure::Character('#')), Identifier, Comment, Semicolon, End]
        );
        assert_eq!(kinds("; # c"), [Semicolon, Comment, End]);
        assert_eq!(kinds("http://a.b/c#d;"), [Identifier, Colon, Bad(Cure::Address), Semicolon, End]);
        assert_eq!(kinds("a\u{200b}b"), [Identifier, Invisible('\u{200b}'), Identifier, End]);
    }

    #[test]
    fn lines_count_from_one_and_columns_from_zero() {
        let found = tokens("\u{feff}c:\r\n  [é\u{a0}]");
        assert_eq!(found[2].position, Position { line: 2, column: 2 });
        assert_eq!(found[4].position, Position { line: 2, column: 5 });
    }
}
