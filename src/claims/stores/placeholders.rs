//! `{n}` in a query: the n-th parameter. The syntax is that of .NET's `String.Format` (CLAIM-RULES section 5).

/// Why placeholders cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceholderError {
    /// `{n}` without an n-th parameter.
    #[error("the query uses {{{index}}}, but there are {params} params (the first is {{0}})")]
    ParameterMissing {
        /// The placeholder.
        index: usize,
        /// How many there are.
        params: usize,
    },
    /// A brace that belongs to no placeholder.
    #[error("a brace in the query belongs to no placeholder {{n}}; write it twice for the character itself")]
    Brace,
}

/// A query text in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text as it is.
    Text(&'t [u8]),
    /// The place of the n-th parameter.
    Parameter(usize),
}

/// Reads a text with placeholders; `{{` and `}}` are braces.
pub fn pieces(template: &[u8]) -> Result<Vec<Piece<'_>>, PlaceholderError> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'{' | b'}')).unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        rest = match after {
            [b'{', b'{', ..] | [b'}', b'}', ..] => {
                pieces.push(Piece::Text(&after[..1]));
                &after[2..]
            }
            [b'{', inside @ ..] => {
                let (index, length) = number(inside).ok_or(PlaceholderError::Brace)?;
                pieces.push(Piece::Parameter(index));
                &inside[length..]
            }
            [b'}', ..] => return Err(PlaceholderError::Brace),
            _ => after,
        };
    }
    Ok(pieces)
}

/// The text with the parameters in their places, unescaped: only for what is never read as a query again.
pub fn fill(template: &[u8], params: &[impl AsRef<str>]) -> Result<Vec<u8>, PlaceholderError> {
    let mut filled = Vec::with_capacity(template.len() + 16);
    for piece in pieces(template)? {
        match piece {
            Piece::Text(text) => filled.extend_from_slice(text),
            Piece::Parameter(index) => filled.extend_from_slice(parameter(params, index)?.as_bytes()),
        }
    }
    Ok(filled)
}

/// The n-th parameter.
pub fn parameter(params: &[impl AsRef<str>], index: usize) -> Result<&str, PlaceholderError> {
    let missing = PlaceholderError::ParameterMissing { index, params: params.len() };
    params.get(index).map(AsRef::as_ref).ok_or(missing)
}

fn number(inside: &[u8]) -> Option<(usize, usize)> {
    let end = inside.iter().position(|byte| *byte == b'}')?;
    let digits = str::from_utf8(inside.get(..end)?).ok()?;
    let index = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    Some((index, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_parameters_and_doubled_braces_are_braces() {
        let filled = |text: &str, params: &[&str]| fill(text.as_bytes(), params).map(|b| String::from_utf8(b).unwrap());
        assert_eq!(filled("{1}-{0}-{1}{{x}}", &["a", "{1}", "unused"]).unwrap(), "{1}-a-{1}{x}");
        assert_eq!(filled("", &[]).unwrap(), "");
        let missing = PlaceholderError::ParameterMissing { index: 2, params: 1 };
        assert_eq!(filled("{2}", &["a"]), Err(missing));
        for text in ["{", "}", "{a}", "{0", "{-1}", "{99999999999999999999999}"] {
            assert_eq!(filled(text, &["a"]), Err(PlaceholderError::Brace), "{text}");
        }
    }
}
