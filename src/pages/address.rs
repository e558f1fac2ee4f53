//! Addresses on pages. A page links and posts to HTTP addresses only, whoever named them.

use url::Url;

/// An absolute address as the browser will understand it, if it is one of HTTP.
pub(super) fn absolute(address: &str) -> Option<Url> {
    Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether a text is an absolute address of HTTP.
pub fn is_http(address: &str) -> bool {
    absolute(address).is_some()
}

/// An absolute address, or one that stays on this host: `/adfs/ls/?…`. Two slashes would begin another host's name, and
/// browsers read a backslash as a slash.
pub(super) fn linkable(address: &str) -> Option<&str> {
    let local = address.starts_with('/')
        && !address[1..].starts_with(['/', '\\'])
        && !address.contains(|character: char| character.is_ascii_control());
    (local || absolute(address).is_some()).then_some(address)
}

/// Scheme, host and port as a content policy names them: no character of it means anything there.
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_is_linked() {
        for (address, expected) in [
            ("/adfs/ls/?a=b", true),
            ("https://app.test/x?y#z", true),
            ("http://app.test", true),
            ("//evil.test/", false),
            ("/\\evil.test/", false),
            ("/\t/evil.test/", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("adfs/ls", false),
            ("", false),
        ] {
            assert_eq!(linkable(address).is_some(), expected, "{address:?}");
        }
    }

    #[test]
    fn an_origin_cannot_add_to_a_policy() {
        let url = absolute("https://User:pw@Sts.Contoso.test:443/a;script-src%20*?b, c").unwrap();
        assert_eq!(origin(&url), "https://sts.contoso.test");
        assert_eq!(origin(&absolute("https://[::1]:49443/").unwrap()), "https://[::1]:49443");
        assert!(absolute("https://a;script-src b/").is_none());
    }
}
