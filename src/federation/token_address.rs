//! What an address must be like so that a token may be sent there.

use url::Url;

/// An absolute https address. What could be read in two ways is refused: requests are compared with it.
///
/// # Errors
/// What is wrong with it, to follow "it".
pub fn token_address(text: &str) -> Result<Url, &'static str> {
    if text.contains(|character: char| character.is_whitespace() || character.is_control() || character == '\\') {
        return Err("has a blank or a backslash in it");
    }
    let address = Url::parse(text).map_err(|_| "is no absolute address")?;
    match address {
        _ if address.scheme() != "https" => Err("is not https"),
        _ if !text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")) => {
            Err("is no absolute address")
        }
        _ if !address.username().is_empty() || address.password().is_some() => Err("has a user name in it"),
        _ if address.fragment().is_some() => Err("has a fragment, which no server sees"),
        address => Ok(address),
    }
}

#[cfg(test)]
mod tests {
    use super::token_address;

    #[test]
    fn addresses_are_absolute_https_and_of_one_meaning() {
        for text in ["https://app.contoso.test", "HTTPS://app.contoso.test:8443/a?b=c", "https://[2001:db8::1]/"] {
            assert!(token_address(text).is_ok(), "{text}");
        }
        for (text, fault) in [
            ("app.contoso.test/signin", "is no absolute address"),
            ("/signin", "is no absolute address"),
            ("https:app.contoso.test", "is no absolute address"),
            ("https://", "is no absolute address"),
            ("http://app.contoso.test/", "is not https"),
            ("javascript:alert(1)", "is not https"),
            ("https://app.contoso.test@evil.test/", "has a user name in it"),
            ("https://app.contoso.test/#a", "has a fragment, which no server sees"),
            ("https://app.contoso.test/a b", "has a blank or a backslash in it"),
            ("https:\\\\app.contoso.test", "has a blank or a backslash in it"),
        ] {
            assert_eq!(token_address(text).err(), Some(fault), "{text}");
        }
    }
}
