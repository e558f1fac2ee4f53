//! Carries OCSP requests by POST (RFC 6960 appendix A.1), which every responder takes and which no cache on the way answers.

use super::fetch::{FetchFailure, Fetched, Fetcher, Post};
use super::ocsp::OcspTransport;
use crate::revocation::UrlSource;
use crate::revocation::ocsp::OcspFailure;
use async_trait::async_trait;
use url::Url;

/// An answer about one certificate with the responder's own is two or three kilobytes.
const MAXIMUM_BYTES: usize = 64 * 1024;

/// Over the network, plain http: an answer is signed. Only where the address policy of the fetcher allows.
pub struct OcspPost {
    fetcher: Fetcher,
}

impl OcspPost {
    /// Asks as `fetcher` fetches, for answers of the size that OCSP has.
    pub fn new(fetcher: &Fetcher) -> Self {
        Self { fetcher: fetcher.limited_to(MAXIMUM_BYTES) }
    }
}

impl OcspPost {
    /// What the responder answers, with how it came.
    pub(super) async fn post(&self, url: &str, source: UrlSource, request: &[u8]) -> Result<Fetched, FetchFailure> {
        if Url::parse(url).map_or(true, |parsed| parsed.scheme() != "http") {
            return Err(FetchFailure::UnsupportedScheme("only http:// responders are asked"));
        }
        let post =
            Post { content_type: "application/ocsp-request", accept: "application/ocsp-response", body: request };
        self.fetcher.post(url, source, post).await
    }
}

#[async_trait]
impl OcspTransport for OcspPost {
    async fn ask(&self, url: &str, source: UrlSource, request: &[u8]) -> Result<Vec<u8>, OcspFailure> {
        let fetched = self.post(url, source, request).await;
        fetched.map(|fetched| fetched.body.unwrap_or_default()).map_err(|failure| of_ocsp(failure, url.to_owned()))
    }
}

/// The same, said of a responder. A redirect is a matter of the address too: it names another one.
pub(super) fn of_ocsp(failure: FetchFailure, url: String) -> OcspFailure {
    let detail = failure.to_string();
    match failure {
        FetchFailure::UnsupportedScheme(detail) => OcspFailure::UnsupportedAddress { url, detail: detail.to_owned() },
        FetchFailure::Forbidden(_) | FetchFailure::Redirected(_) => OcspFailure::UnsupportedAddress { url, detail },
        FetchFailure::Unreachable(_) | FetchFailure::BrokenOff { .. } | FetchFailure::Compressed(_) => {
            OcspFailure::Unreachable { url, detail }
        }
        FetchFailure::TimedOut(seconds) => OcspFailure::TimedOut { url, seconds },
        FetchFailure::HttpStatus(status) => OcspFailure::HttpStatus { url, status },
        FetchFailure::TooLarge(limit) => OcspFailure::TooLarge { url, limit },
    }
}
