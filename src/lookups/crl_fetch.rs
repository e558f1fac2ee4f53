//! Fetches the bytes of one CRL: `http://` and `file://`, bounded in time and size. What is in them is not looked at here.

use crate::revocation::{CrlFailure, UrlSource};
use futures_util::TryFutureExt;
use reqwest::{Client, Response, StatusCode, redirect};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use url::Url;

/// The limits of one fetch.
#[derive(Debug, Clone, Copy)]
pub(super) struct FetchLimits {
    pub(super) timeout: Duration,
    pub(super) maximum_bytes: usize,
}

/// A client that goes where it is told and nowhere else: no redirect (an authority's server must not choose another host
/// for us), no proxy from the environment, and no idle connections, which would belong to one worker's runtime.
pub(super) fn client() -> Client {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .user_agent(concat!("fedgate/", env!("CARGO_PKG_VERSION")))
        .build()
        .unwrap_or_default()
}

/// Where a CRL can come from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Http(Url),
    File(PathBuf),
}

impl Place {
    /// A `file://` in a certificate names a file of the authority's machine, so only the operator may use that scheme.
    fn recognise(url: &str, source: UrlSource) -> Result<Self, CrlFailure> {
        let unsupported = |detail| CrlFailure::UnsupportedScheme { url: url.to_owned(), detail };
        let parsed = Url::parse(url).map_err(|_| unsupported("it is not a URL"))?;
        match (parsed.scheme(), source) {
            ("http", _) => Ok(Self::Http(parsed)),
            ("file", UrlSource::Certificate) => Err(unsupported("file:// counts only in the configuration")),
            ("file", UrlSource::Configured) => parsed
                .to_file_path()
                .map(Self::File)
                .map_err(|()| unsupported("it names no file of this machine; write file:///path")),
            ("ldap" | "ldaps", _) => Err(unsupported("CRLs in a directory are not fetched; use http://")),
            ("https", _) => {
                Err(unsupported("a TLS server's certificate would need a CRL itself; CRLs are signed, use http://"))
            }
            _ => Err(unsupported("only http:// and, in the configuration, file:// are fetched")),
        }
    }
}

/// The bytes at `url`, complete, within the limits.
pub(super) async fn fetch(
    client: &Client,
    url: &str,
    source: UrlSource,
    limits: FetchLimits,
) -> Result<Vec<u8>, CrlFailure> {
    let place = Place::recognise(url, source)?;
    let whole = async {
        match place {
            Place::Http(parsed) => fetch_http(client, url, parsed, limits.maximum_bytes).await,
            Place::File(path) => read_file(url, path, limits.maximum_bytes).await,
        }
    };
    match tokio::time::timeout(limits.timeout, whole).await {
        Ok(outcome) => outcome,
        Err(_) => Err(CrlFailure::TimedOut { url: url.to_owned(), seconds: limits.timeout.as_secs() }),
    }
}

async fn fetch_http(client: &Client, url: &str, parsed: Url, limit: usize) -> Result<Vec<u8>, CrlFailure> {
    let unreachable =
        |error: reqwest::Error| CrlFailure::Unreachable { url: url.to_owned(), detail: innermost(&error) };
    let response = client.get(parsed).send().map_err(unreachable).await?;
    match response.status() {
        StatusCode::OK => read_body(url, response, limit).await,
        status => Err(CrlFailure::HttpStatus { url: url.to_owned(), status: status.as_u16() }),
    }
}

/// Stops at the limit, whatever length the server announced.
async fn read_body(url: &str, mut response: Response, limit: usize) -> Result<Vec<u8>, CrlFailure> {
    let too_large = || CrlFailure::TooLarge { url: url.to_owned(), limit };
    let announced = response.content_length().unwrap_or(0);
    let capacity = usize::try_from(announced).ok().filter(|length| *length <= limit).ok_or_else(too_large)?;
    let mut body = Vec::with_capacity(capacity);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit - body.len() => return Err(too_large()),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => {
                let detail = innermost(&error);
                return Err(CrlFailure::BrokenOff { url: url.to_owned(), received: body.len(), detail });
            }
        }
    }
}

async fn read_file(url: &str, path: PathBuf, limit: usize) -> Result<Vec<u8>, CrlFailure> {
    let unreachable =
        |error: std::io::Error| CrlFailure::Unreachable { url: url.to_owned(), detail: error.to_string() };
    // Looked at before it is opened: opening a pipe would wait for a writer outside the time limit.
    if !tokio::fs::metadata(&path).map_err(unreachable).await?.is_file() {
        return Err(CrlFailure::Unreachable { url: url.to_owned(), detail: "it is not a regular file".to_owned() });
    }
    let file = tokio::fs::File::open(&path).map_err(unreachable).await?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unreachable).await?;
    if bytes.len() > limit {
        return Err(CrlFailure::TooLarge { url: url.to_owned(), limit });
    }
    Ok(bytes)
}

/// The cause at the bottom: “Connection refused” rather than “error sending request”.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_addresses_are_used() {
        let cases = [
            ("http://crl.contoso.test/ca.crl", true, true),
            ("HTTP://crl.contoso.test/ca.crl", true, true),
            ("https://crl.contoso.test/ca.crl", false, false),
            ("ldap:///CN=CA?certificateRevocationList", false, false),
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
