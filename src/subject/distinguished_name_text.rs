//! Distinguished names as people write them into directory attributes: Windows and LDAP spelling, either order.

use super::same_text::folded;
use crate::certificate::DistinguishedName;

/// Attribute types and values of one name part, compared as a set.
type Part = Vec<(String, String)>;

/// Whether `text` spells this name: in Windows' way (quotes) or LDAP's (backslashes), leaf first or root first, without
/// regard to case and to blanks around and between words.
pub(super) fn spells(text: &str, name: &DistinguishedName) -> bool {
    [(name.dotnet(), Escape::Quotes), (name.rfc4514(), Escape::Backslash)].into_iter().any(|(spelling, escape)| match (
        parts(text, escape),
        parts(spelling, escape),
    ) {
        (Some(told), Some(known)) => told == known || told.iter().rev().eq(known.iter()),
        _ => false,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    Quotes,
    Backslash,
}

fn parts(text: &str, escape: Escape) -> Option<Vec<Part>> {
    let mut parts = vec![Part::new()];
    let mut pair = String::new();
    let mut scan = text.chars().peekable();
    let mut quoted = false;
    while let Some(character) = scan.next() {
        match character {
            '"' if quoted && scan.next_if_eq(&'"').is_some() => pair.push('"'),
            '"' => quoted = !quoted,
            '\\' if escape == Escape::Backslash => pair.push_str(&unescape(&mut scan)?),
            ',' | ';' | '+' if !quoted => {
                parts.last_mut()?.push(attribute(&std::mem::take(&mut pair))?);
                if character != '+' {
                    parts.push(Part::new());
                }
            }
            _ => pair.push(character),
        }
    }
    parts.last_mut()?.push(attribute(&pair)?);
    parts.iter_mut().for_each(|part| part.sort_unstable());
    (!quoted).then_some(parts)
}

/// `\,` is the character itself, `\C3\BC` octets of UTF-8 (RFC 4514 section 2.4).
fn unescape(scan: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let first = scan.next()?;
    let Some(mut high) = first.to_digit(16) else { return Some(first.to_string()) };
    let mut octets = Vec::new();
    loop {
        let low = scan.next()?.to_digit(16)?;
        octets.push(u8::try_from(high * 16 + low).ok()?);
        let mut ahead = scan.clone();
        match (ahead.next(), ahead.next().and_then(|digit| digit.to_digit(16))) {
            (Some('\\'), Some(next)) => {
                *scan = ahead;
                high = next;
            }
            _ => return String::from_utf8(octets).ok(),
        }
    }
}

fn attribute(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=')?;
    let name = name.trim().to_ascii_uppercase();
    let name = match name.strip_prefix("OID.").unwrap_or(&name) {
        "" => return None,
        "ST" => "S",
        "EMAILADDRESS" => "E",
        other => other,
    };
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    Some((name.to_owned(), folded(&value).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, escape: Escape) -> Option<Vec<Part>> {
        parts(text, escape)
    }

    #[test]
    fn reads_quotes_and_backslashes() {
        let one = |name: &str, value: &str| Some(vec![vec![(name.to_owned(), value.to_owned())]]);
        let cases = [
            ("CN=a", Escape::Quotes, one("CN", "a")),
            (" cn = A  b ", Escape::Quotes, one("CN", "a b")),
            ("CN=\"a, \"\"b\"\"\"", Escape::Quotes, one("CN", "a, \"b\"")),
            ("CN=a\\b", Escape::Quotes, one("CN", "a\\b")),
            ("CN=a\\, b", Escape::Backslash, one("CN", "a, b")),
            ("CN=gr\\C3\\BC\\c3\\9fe", Escape::Backslash, one("CN", "grüße")),
            ("OID.1.2.3=x", Escape::Quotes, one("1.2.3", "x")),
            ("ST=x", Escape::Backslash, one("S", "x")),
            ("emailAddress=x@y", Escape::Backslash, one("E", "x@y")),
            ("CN=\"open", Escape::Quotes, None),
            ("no name", Escape::Quotes, None),
            ("=x", Escape::Quotes, None),
            ("CN=a,", Escape::Quotes, None),
            ("CN=a\\", Escape::Backslash, None),
            ("CN=a\\C3", Escape::Backslash, None),
            ("CN=a\\C", Escape::Backslash, None),
            ("", Escape::Quotes, None),
        ];
        for (text, escape, expected) in cases {
            assert_eq!(parsed(text, escape), expected, "{text}");
        }
        assert_eq!(parsed("CN=a+OU=b", Escape::Quotes), parsed("OU=b + CN=a", Escape::Quotes));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[A-Fa-f0-9=,;+\"\\\\ üK]{0,40}") {
            let _ = (parts(&text, Escape::Quotes), parts(&text, Escape::Backslash));
        }
    }
}
