//! Where a token may be sent: to an address of its trust, and nowhere else (MS-MWBF section 3.1.5.4).

use url::Url;

/// The passive endpoints of a relying party trust: `WSFedEndpoint`, then `AdditionalWSFedEndpoint`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReplyAddresses(Vec<Url>);

/// Why there is no address to send a token to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyAddressError {
    /// The trust has none.
    #[error("the relying party trust has no WS-Federation endpoint")]
    NoEndpoint,
    /// The request names one that is not the trust's.
    #[error("the address {0:?} does not belong to the relying party trust")]
    NotOfTheTrust(String),
}

impl ReplyAddresses {
    /// The endpoints in the order of the configuration; the first is where tokens go when a request names none.
    pub fn new(endpoints: Vec<Url>) -> Self {
        Self(endpoints)
    }

    /// The endpoints in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Url> {
        self.0.iter()
    }

    /// The address to send to: `wreply` where it is an endpoint of the trust or below one, or the first endpoint.
    ///
    /// # Errors
    /// When the trust has no endpoint, or `wreply` is elsewhere. The token is then not sent at all: AD FS may fall back on the
    /// first endpoint, and the person would end where the request did not want them.
    pub fn address(&self, wreply: Option<&str>) -> Result<Url, ReplyAddressError> {
        let first = self.0.first().ok_or(ReplyAddressError::NoEndpoint)?;
        let Some(wreply) = wreply else { return Ok(first.clone()) };
        // written in a way that two readers of URLs understand differently
        let doubtful = wreply.chars().any(|character| character.is_control() || matches!(character, '\\' | ' '));
        let parsed = Url::parse(wreply).ok().filter(|url| !doubtful && url.fragment().is_none());
        parsed
            .filter(|url| self.0.iter().any(|endpoint| is_below(url, endpoint)))
            .ok_or_else(|| ReplyAddressError::NotOfTheTrust(wreply.chars().take(256).collect()))
    }
}

/// A prefix, as AD FS compares (recalled), but of whole path segments and never of the host.
fn is_below(url: &Url, endpoint: &Url) -> bool {
    let same_origin = url.scheme() == endpoint.scheme()
        && url.host_str() == endpoint.host_str()
        && url.port_or_known_default() == endpoint.port_or_known_default()
        && url.username().is_empty()
        && url.password().is_none();
    let below = match url.path().strip_prefix(endpoint.path()) {
        Some("") => true,
        Some(rest) => endpoint.path().ends_with('/') || rest.starts_with('/'),
        None => false,
    };
    // an endpoint with a query is one address, not a place to be below
    let exactly = url.path() == endpoint.path() && url.query() == endpoint.query();
    same_origin && if endpoint.query().is_some() { exactly } else { below && !hides_a_step_up(url.path()) }
}

/// `%2f`, `%5c` and what is encoded twice: some servers decode before they resolve `..`.
fn hides_a_step_up(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["%2f", "%5c", "%25"].iter().any(|escape| path.contains(escape))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust() -> ReplyAddresses {
        let endpoints = ["https://app.contoso.test/signin", "https://other.contoso.test/", "https://q.test/a?b=c"];
        ReplyAddresses::new(endpoints.iter().map(|endpoint| Url::parse(endpoint).unwrap()).collect())
    }

    #[test]
    fn tokens_go_to_the_trust() {
        for (wreply, expected) in [
            (None, "https://app.contoso.test/signin"),
            (Some("https://app.contoso.test/signin"), "https://app.contoso.test/signin"),
            (Some("HTTPS://APP.contoso.test:443/signin"), "https://app.contoso.test/signin"),
            (Some("https://app.contoso.test/signin/oidc?x=1"), "https://app.contoso.test/signin/oidc?x=1"),
            (Some("https://app.contoso.test/signin?x=1"), "https://app.contoso.test/signin?x=1"),
            (Some("https://other.contoso.test"), "https://other.contoso.test/"),
            (Some("https://other.contoso.test/any/where"), "https://other.contoso.test/any/where"),
            (Some("https://q.test/a?b=c"), "https://q.test/a?b=c"),
        ] {
            assert_eq!(trust().address(wreply).unwrap().as_str(), expected, "{wreply:?}");
        }
    }

    #[test]
    fn tokens_go_nowhere_else() {
        for wreply in [
            "https://evil.test/signin",
            "https://app.contoso.test.evil.test/signin",
            "https://app.contoso.test@evil.test/signin",
            "https://user@app.contoso.test/signin",
            "https://app.contoso.test:8443/signin",
            "http://app.contoso.test/signin",
            "https://app.contoso.test/",
            "https://app.contoso.test/signing",
            "https://app.contoso.test/Signin",
            "https://app.contoso.test/signin/../evil",
            "https://app.contoso.test/signin/%2e%2e/evil",
            "https://app.contoso.test/signin/..%2fevil",
            "https://app.contoso.test/signin/%252e%252e/evil",
            "https://app.contoso.test/signin\\..\\evil",
            "https:\\\\app.contoso.test/signin",
            "https://evil.test\\@app.contoso.test/signin",
            "https://app.contoso.test/signin#token",
            "https://app.contoso.test/sig\nnin",
            " https://app.contoso.test/signin",
            "https://q.test/a",
            "https://q.test/a?b=c&d=e",
            "https://q.test/a/b?b=c",
            "//app.contoso.test/signin",
            "/signin",
            "javascript:alert(1)",
            "data:text/html,x",
            "",
        ] {
            let expected = Err(ReplyAddressError::NotOfTheTrust(wreply.to_owned()));
            assert_eq!(trust().address(Some(wreply)), expected, "{wreply}");
        }
        assert_eq!(ReplyAddresses::default().address(None), Err(ReplyAddressError::NoEndpoint));
        let wreply = Some("https://app.contoso.test/signin");
        assert_eq!(ReplyAddresses::default().address(wreply), Err(ReplyAddressError::NoEndpoint));
    }
}
