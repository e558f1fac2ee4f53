//! Reading a .NET pattern character by character, and the escapes that stand for one character.

use super::pattern_text::PatternError;

/// The rest of a pattern.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'p> {
    rest: &'p str,
}

impl<'p> Cursor<'p> {
    pub(super) fn new(pattern: &'p str) -> Self {
        Self { rest: pattern }
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    pub(super) fn take_if(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest.starts_with(text)
    }

    pub(super) fn peek_at(&self, index: usize) -> Option<char> {
        self.rest.chars().nth(index)
    }

    pub(super) fn skip_line(&mut self) {
        while self.take().is_some_and(|c| c != '\n') {}
    }

    pub(super) fn skip_past(&mut self, end: char) -> Option<()> {
        let found = self.rest.find(end)?;
        self.rest = self.rest.get(found + end.len_utf8()..)?;
        Some(())
    }

    pub(super) fn digits(&mut self) -> String {
        let length = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        self.rest.split_at_checked(length).map_or(String::new(), |(digits, rest)| {
            self.rest = rest;
            digits.to_owned()
        })
    }

    /// `n`, `n,` or `n,m` and the closing brace; anything else is a literal brace and nothing is consumed.
    pub(super) fn interval(&mut self) -> Option<String> {
        let (inside, rest) = self.rest.split_once('}')?;
        let (low, high) = inside.split_once(',').unwrap_or((inside, "0"));
        let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !number(low) || !(high.is_empty() || number(high)) {
            return None;
        }
        self.rest = rest;
        Some(inside.to_owned())
    }

    pub(super) fn name_until(&mut self, close: char) -> Option<String> {
        let (name, rest) = self.rest.split_once(close)?;
        let valid = !name.is_empty() && name.chars().all(|c| c == '_' || c == '-' || c.is_alphanumeric());
        valid.then(|| {
            self.rest = rest;
            name.to_owned()
        })
    }

    /// Whether `:name:]` follows.
    pub(super) fn posix_name(&self) -> bool {
        let name = self.rest.strip_prefix(':').and_then(|rest| rest.split_once(":]"));
        name.is_some_and(|(name, _)| name.chars().all(char::is_alphanumeric))
    }

    pub(super) fn delimited_name(&mut self) -> Option<String> {
        match self.take()? {
            '<' => self.name_until('>'),
            '\'' => self.name_until('\''),
            _ => None,
        }
    }

    /// `{Lu}` after `\p`: general categories only. .NET's named blocks have no counterpart.
    pub(super) fn category(&mut self) -> Result<String, PatternError> {
        const KNOWN: &str =
            " L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn ";
        let name = if self.take_if("{") { self.name_until('}') } else { None };
        let name = name.ok_or(PatternError::Malformed("\\p needs a category in braces, as in \\p{L}"))?;
        if KNOWN.contains(&format!(" {name} ")) {
            Ok(name)
        } else if name.starts_with("Is") {
            Err(PatternError::Unsupported(
                "a named Unicode block (\\p{Is...})",
                "write its range, such as [\\u0000-\\u007F] for IsBasicLatin",
            ))
        } else {
            Err(PatternError::Malformed("\\p names no Unicode category"))
        }
    }

    /// The escapes that stand for one character, `first` being what follows the backslash.
    pub(super) fn character_escape(&mut self, first: char) -> Result<char, PatternError> {
        match first {
            'a' => Ok('\u{7}'),
            'e' => Ok('\u{1b}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\u{b}'),
            'x' => self.hex(2),
            'u' => self.hex(4),
            'c' => self.control(),
            '0'..='7' => Ok(self.octal(first)),
            c if c.is_alphanumeric() || c == '_' => Err(PatternError::Malformed("there is an unknown escape")),
            c => Ok(c),
        }
    }

    fn hex(&mut self, length: usize) -> Result<char, PatternError> {
        let digits = self.rest.get(..length).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let value = value.ok_or(PatternError::Malformed("a hexadecimal escape is too short"))?;
        self.rest = self.rest.get(length..).unwrap_or_default();
        char::from_u32(value).ok_or(PatternError::Unsupported(
            "half of a character (a surrogate) written as \\u",
            "write the character itself",
        ))
    }

    fn control(&mut self) -> Result<char, PatternError> {
        let c = self.take().map(|c| c.to_ascii_uppercase()).filter(|c| ('@'..='_').contains(c));
        let value = c.and_then(|c| char::from_u32(u32::from(c) - u32::from('@')));
        value.ok_or(PatternError::Malformed("\\c needs a control character"))
    }

    fn octal(&mut self, first: char) -> char {
        let mut value = first.to_digit(8).unwrap_or_default();
        for _ in 0..2 {
            let Some(digit) = self.rest.chars().next().and_then(|c| c.to_digit(8)) else { break };
            value = value * 8 + digit;
            self.take();
        }
        char::from_u32(value & 0xff).unwrap_or('\0')
    }
}
