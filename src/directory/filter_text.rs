//! Reading filter texts (RFC 4515 section 3).

use super::Filter;

/// Why a filter text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the LDAP filter cannot be read at character {position}: {reason}")]
pub struct FilterError {
    /// Zero-based offset in characters.
    pub position: usize,
    /// What was wrong there.
    pub reason: &'static str,
}

/// Groups inside groups; no query needs more, and a hostile text must not exhaust the stack.
const MAXIMUM_DEPTH: usize = 32;

pub(super) fn parse(text: &str) -> Result<Filter, FilterError> {
    let mut reader = Reader { rest: text.trim(), whole: text };
    let filter = if reader.rest.starts_with('(') { reader.group(0)? } else { reader.assertion()? };
    if reader.rest.trim().is_empty() { Ok(filter) } else { Err(reader.error("text after the end of the filter")) }
}

struct Reader<'t> {
    rest: &'t str,
    whole: &'t str,
}

impl<'t> Reader<'t> {
    fn error(&self, reason: &'static str) -> FilterError {
        let read = self.whole.len().saturating_sub(self.rest.len());
        FilterError { position: self.whole.get(..read).map_or(0, |read| read.chars().count()), reason }
    }

    fn eat(&mut self, expected: char, reason: &'static str) -> Result<(), FilterError> {
        self.rest = self.rest.trim_start();
        self.rest = self.rest.strip_prefix(expected).ok_or_else(|| self.error(reason))?;
        Ok(())
    }

    fn group(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if depth == MAXIMUM_DEPTH {
            return Err(self.error("too many groups inside groups"));
        }
        self.eat('(', "expected \"(\"")?;
        let filter = match self.rest.chars().next() {
            Some('&') => Filter::And(self.parts(depth)?),
            Some('|') => Filter::Or(self.parts(depth)?),
            Some('!') => {
                self.rest = &self.rest[1..];
                Filter::Not(Box::new(self.group(depth + 1)?))
            }
            _ => self.assertion()?,
        };
        self.eat(')', "expected \")\"")?;
        Ok(filter)
    }

    fn parts(&mut self, depth: usize) -> Result<Vec<Filter>, FilterError> {
        self.rest = &self.rest[1..];
        let mut parts = Vec::new();
        while self.rest.trim_start().starts_with('(') {
            parts.push(self.group(depth + 1)?);
        }
        Ok(parts)
    }

    fn assertion(&mut self) -> Result<Filter, FilterError> {
        let end = self.rest.find(['=', '>', '<', '~', '(', ')', ':']).unwrap_or(self.rest.len());
        let attribute = self.rest[..end].trim();
        if !is_name(attribute) {
            return Err(self.error("expected an attribute name"));
        }
        self.rest = &self.rest[end..];
        if self.rest.starts_with(':') {
            return self.extensible(attribute);
        }
        let operator = ["=", ">=", "<=", "~="].into_iter().find(|operator| self.rest.starts_with(operator));
        let operator = operator.ok_or_else(|| self.error("expected \"=\", \">=\" or \"<=\""))?;
        self.rest = &self.rest[operator.len()..];
        let (raw, after) = self.raw_value();
        let filter = self.value(attribute, operator, raw)?;
        self.rest = after;
        Ok(filter)
    }

    /// The text up to the end of the assertion, and what follows.
    fn raw_value(&self) -> (&'t str, &'t str) {
        self.rest.split_at(self.rest.find([')', '(']).unwrap_or(self.rest.len()))
    }

    /// `:rule:=value`. The forms without an attribute or with `:dn` are not read: no AD FS query has them.
    fn extensible(&mut self, attribute: &str) -> Result<Filter, FilterError> {
        let reason = "expected \":matchingRule:=\" after the attribute";
        let (rule, rest) = self.rest[1..].split_once(":=").ok_or_else(|| self.error(reason))?;
        if !is_name(rule) || rule.eq_ignore_ascii_case("dn") {
            return Err(self.error(reason));
        }
        self.rest = rest;
        let (raw, after) = self.raw_value();
        let value = self.unescape(raw)?;
        self.rest = after;
        Ok(Filter::Extensible { attribute: attribute.to_owned(), rule: rule.to_owned(), value })
    }

    fn value(&self, attribute: &str, operator: &str, raw: &str) -> Result<Filter, FilterError> {
        let attribute = attribute.to_owned();
        match operator {
            ">=" => Ok(Filter::GreaterOrEqual(attribute, self.unescape(raw)?)),
            "<=" => Ok(Filter::LessOrEqual(attribute, self.unescape(raw)?)),
            _ if raw == "*" => Ok(Filter::Present(attribute)),
            _ => {
                let mut parts = raw.split('*').map(|part| self.unescape(part)).collect::<Result<Vec<_>, _>>()?;
                let last = parts.pop().unwrap_or_default();
                if parts.is_empty() {
                    return Ok(Filter::Equal(attribute, last));
                }
                let initial = parts.remove(0);
                Ok(Filter::Substring { attribute, initial, any: parts, last })
            }
        }
    }

    fn unescape(&self, raw: &str) -> Result<Vec<u8>, FilterError> {
        let mut octets = Vec::with_capacity(raw.len());
        let mut rest = raw.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            if first != b'\\' {
                octets.push(first);
                rest = tail;
                continue;
            }
            let digits = tail.get(..2).and_then(|digits| str::from_utf8(digits).ok());
            let octet = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            octets.push(octet.ok_or_else(|| self.error("a backslash must be followed by two hexadecimal digits"))?);
            rest = &tail[2..];
        }
        Ok(octets)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b';' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_where() {
        for (text, position) in [
            ("(a=b", 4),
            ("(&(a=b)", 7),
            ("a=b)c", 3),
            ("(=b)", 1),
            ("(a)", 2),
            ("", 0),
            ("(a:=b)", 2),
            ("(a:dn:=b)", 2),
        ] {
            let error = Filter::parse(text).unwrap_err();
            assert_eq!(error.position, position, "{text}: {error}");
        }
        assert!(Filter::parse("(a=\\2)").is_err());
        assert!(Filter::parse("(a=\\zz)").is_err());
        let deep = format!("{}(a=b){}", "(!".repeat(200), ")".repeat(200));
        assert!(Filter::parse(&deep).is_err());
    }

    #[test]
    fn spaces_between_parts_are_ignored() {
        let filter = Filter::parse(" (& (a=b) (c=*) ) ").unwrap();
        assert_eq!(filter, Filter::And(vec![Filter::Equal("a".into(), b"b".to_vec()), Filter::Present("c".into())]));
    }
}
