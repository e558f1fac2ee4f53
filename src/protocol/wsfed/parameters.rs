//! Query strings and form bodies, read strictly: every parameter once, decoded once, nothing repaired.

use std::borrow::Cow;

/// More parameters than any federation client sends.
const MOST_PARAMETERS: usize = 100;

/// What decides which protocol a request speaks (ADFS-PROTOCOLS section 5.1).
const PROTOCOL_PARAMETERS: [&str; 4] = ["wa", "SAMLRequest", "SAMLResponse", "SAMLart"];

/// The decoded parameters of one request. Names are compared without regard to ASCII case, as ASP.NET compares them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// Why parameters cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// Two readers could each believe another one of them.
    #[error("the parameter {0:?} is there more than once")]
    Duplicate(String),
    /// Repairing it would change what is echoed.
    #[error("a parameter is not UTF-8 text once decoded")]
    NotText,
    /// HTML cannot carry it back.
    #[error("a parameter holds the character U+0000")]
    NullCharacter,
    /// Too many.
    #[error("there are more than {MOST_PARAMETERS} parameters")]
    TooMany,
}

impl<'a> Parameters<'a> {
    /// Reads `application/x-www-form-urlencoded` text: a query string without its question mark, or a form body.
    ///
    /// # Errors
    /// When a name is there twice, whoever reads it; or something is not text; or there are too many.
    pub fn parse(encoded: &'a str) -> Result<Self, ParameterError> {
        let mut pairs: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::new();
        for part in encoded.split('&').filter(|part| !part.is_empty()) {
            if pairs.len() == MOST_PARAMETERS {
                return Err(ParameterError::TooMany);
            }
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if pairs.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                return Err(ParameterError::Duplicate(name.chars().take(64).collect()));
            }
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// What a POST asks for. A body that speaks a protocol counts alone (MS-MWBF section 3.1.5.1); the forms of the sign-in
    /// pages do not, and keep the protocol's parameters in the query of their action.
    #[must_use]
    pub fn of_post(query: Self, body: Self) -> Self {
        if body.speaks_a_protocol() { body } else { query }
    }

    /// Whether a protocol's request is among them.
    pub fn speaks_a_protocol(&self) -> bool {
        PROTOCOL_PARAMETERS.iter().any(|name| self.get(name).is_some())
    }

    /// The decoded value, which may be empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }

    /// The decoded value, unless it is empty: an empty parameter says nothing, as `username=` in Entra ID's requests.
    pub fn said(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}

/// One round of decoding. A percent sign that begins no escape stands for itself, as in browsers and in ASP.NET.
fn decode(encoded: &str) -> Result<Cow<'_, str>, ParameterError> {
    if !encoded.contains(['%', '+', '\0']) {
        return Ok(Cow::Borrowed(encoded));
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = (*first == b'%').then(|| escaped(tail)).flatten();
        bytes.push(match (first, escape) {
            (_, Some(byte)) => byte,
            (b'+', None) => b' ',
            (other, None) => *other,
        });
        rest = if escape.is_some() { &tail[2..] } else { tail };
    }
    if bytes.contains(&0) {
        return Err(ParameterError::NullCharacter);
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| ParameterError::NotText)
}

fn escaped(tail: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| (*byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(tail.first()?)? << 4 | digit(tail.get(1)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_decoded_once_and_no_further() {
        let cases = [
            ("wctx=estsredirect%3d2%26estsrequest%3drQ%252b%2525", "estsredirect=2&estsrequest=rQ%2b%25"),
            ("wctx=a+b%2Bc", "a b+c"),
            ("wctx=%C3%A9l%c3%a9ment", "élément"),
            ("wctx=100%", "100%"),
            ("wctx=%zz%4", "%zz%4"),
            ("wctx=a=b=c", "a=b=c"),
            ("wctx=a%0d%0ab", "a\r\nb"),
            ("wctx", ""),
            ("%77ctx=named", "named"),
            ("WCTX=named", "named"),
            ("&&wctx=x&", "x"),
        ];
        for (encoded, expected) in cases {
            assert_eq!(Parameters::parse(encoded).unwrap().get("wctx"), Some(expected), "{encoded}");
        }
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let duplicate = |name: &str| Err(ParameterError::Duplicate(name.to_owned()));
        let cases = [
            ("wtrealm=a&wtrealm=b", duplicate("wtrealm")),
            ("wtrealm=a&wtrealm=a", duplicate("wtrealm")),
            ("wtrealm=a&WTRealm=b", duplicate("WTRealm")),
            ("wtrealm=a&%77trealm=b", duplicate("wtrealm")),
            ("unknown=a&unknown=b", duplicate("unknown")),
            ("wctx=%ff", Err(ParameterError::NotText)),
            ("wctx=%c0%af", Err(ParameterError::NotText)),
            ("wctx=a%00b", Err(ParameterError::NullCharacter)),
        ];
        for (encoded, expected) in cases {
            assert_eq!(Parameters::parse(encoded), expected, "{encoded}");
        }
        let many = (0..=MOST_PARAMETERS).map(|number| format!("p{number}=&")).collect::<String>();
        assert_eq!(Parameters::parse(&many), Err(ParameterError::TooMany));
    }

    #[test]
    fn a_body_that_speaks_a_protocol_counts_alone() {
        let query = || Parameters::parse("wa=wsignin1.0&wtrealm=urn:a").unwrap();
        let protocol = Parameters::parse("wa=wsignout1.0").unwrap();
        let chosen = Parameters::parse("AuthMethod=CertificateAuthentication").unwrap();
        assert_eq!(Parameters::of_post(query(), protocol).get("wtrealm"), None);
        assert_eq!(Parameters::of_post(query(), chosen).get("wtrealm"), Some("urn:a"));
    }

    proptest! {
        #[test]
        fn what_a_correct_client_encodes_is_read_back(value in "[^\0]*") {
            let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let line = format!("wa=x&wctx={encoded}");
            let parameters = Parameters::parse(&line).unwrap();
            prop_assert_eq!(parameters.get("wctx"), Some(value.as_str()));
        }

        #[test]
        fn nothing_panics(text in "\\PC*") {
            let _ = Parameters::parse(&text);
        }
    }
}
