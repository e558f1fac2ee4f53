//! Where an address points to.

use super::failure::FetchFailure;
use super::ldap::Entry;
use crate::revocation::UrlSource;
use std::path::PathBuf;
use url::Url;

/// Where bytes can come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Web(Url),
    File(PathBuf),
    Directory(Entry),
}

impl Place {
    /// A `file://` in a certificate names a file of the authority's machine, so only the operator may use that scheme.
    pub(super) fn recognise(url: &str, source: UrlSource) -> Result<Self, FetchFailure> {
        let unsupported = FetchFailure::UnsupportedScheme;
        let parsed = Url::parse(url).map_err(|_| unsupported("it is not a URL"))?;
        match (parsed.scheme(), source) {
            ("http" | "https", _) => Ok(Self::Web(parsed)),
            ("ldap" | "ldaps", _) => Entry::of_url(&parsed).map(Self::Directory),
            ("file", UrlSource::Certificate) => Err(unsupported("file:// counts only in the configuration")),
            ("file", UrlSource::Configured) => parsed
                .to_file_path()
                .map(Self::File)
                .map_err(|()| unsupported("it names no file of this machine; write file:///path")),
            _ => Err(unsupported("only http, https, ldap, ldaps and, in the configuration, file are fetched")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_addresses_are_used() {
        let cases = [
            ("http://crl.contoso.test/ca.crl", true, true),
            ("HTTP://crl.contoso.test/ca.crl", true, true),
            ("https://crl.contoso.test/ca.crl", true, true),
            ("ldap://dc1/CN=CA?certificateRevocationList", true, true),
            ("ldaps://dc1:636/CN=CA?certificateRevocationList;binary?base?(objectClass=*)", true, true),
            ("ldap:///CN=CA?certificateRevocationList", false, false),
            ("ldap://dc1/CN=CA?userPassword", false, false),
            ("ldap://dc1/CN=CA?certificateRevocationList?sub", false, false),
            ("file:///srv/ca.crl", false, true),
            ("file://server/share/ca.crl", false, false),
            ("ca.crl", false, false),
            ("", false, false),
            ("ftp://crl.contoso.test/ca.crl", false, false),
        ];
        for (url, from_certificate, configured) in cases {
            assert_eq!(Place::recognise(url, UrlSource::Certificate).is_ok(), from_certificate, "{url}");
            assert_eq!(Place::recognise(url, UrlSource::Configured).is_ok(), configured, "{url}");
        }
    }
}
