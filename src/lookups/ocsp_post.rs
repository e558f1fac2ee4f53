//! Carries OCSP requests by POST (RFC 6960 appendix A.1), which every responder takes and which no cache on the way answers.

use super::crl_fetch;
use super::ocsp::OcspTransport;
use crate::revocation::UrlSource;
use crate::revocation::ocsp::OcspFailure;
use async_trait::async_trait;
use reqwest::{Client, Response, StatusCode, header};
use std::time::Duration;
use url::Url;

/// An answer about one certificate with the responder's own is two or three kilobytes.
const MAXIMUM_BYTES: usize = 64 * 1024;

/// Over the network, plain http: an answer is signed.
pub struct OcspPost {
    client: Client,
    timeout: Duration,
}

impl OcspPost {
    /// Gives up after `timeout`.
    pub fn new(timeout: Duration) -> Self {
        Self { client: crl_fetch::client(), timeout }
    }

    async fn post(&self, url: &str, parsed: Url, request: &[u8]) -> Result<Vec<u8>, OcspFailure> {
        let question = self
            .client
            .post(parsed)
            .header(header::CONTENT_TYPE, "application/ocsp-request")
            .header(header::ACCEPT, "application/ocsp-response")
            .body(request.to_vec());
        let response = question.send().await.map_err(|error| unreachable(url, &error))?;
        match response.status() {
            StatusCode::OK => read_body(url, response).await,
            status => Err(OcspFailure::HttpStatus { url: url.to_owned(), status: status.as_u16() }),
        }
    }
}

#[async_trait]
impl OcspTransport for OcspPost {
    async fn ask(&self, url: &str, _: UrlSource, request: &[u8]) -> Result<Vec<u8>, OcspFailure> {
        let parsed = match Url::parse(url) {
            Ok(parsed) if parsed.scheme() == "http" => parsed,
            _ => {
                let detail = "only http:// responders are asked".to_owned();
                return Err(OcspFailure::UnsupportedAddress { url: url.to_owned(), detail });
            }
        };
        match tokio::time::timeout(self.timeout, self.post(url, parsed, request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(OcspFailure::TimedOut { url: url.to_owned(), seconds: self.timeout.as_secs() }),
        }
    }
}

async fn read_body(url: &str, mut response: Response) -> Result<Vec<u8>, OcspFailure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(url, &error))? {
        if chunk.len() > MAXIMUM_BYTES - body.len() {
            return Err(OcspFailure::TooLarge { url: url.to_owned(), limit: MAXIMUM_BYTES });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreachable(url: &str, error: &reqwest::Error) -> OcspFailure {
    OcspFailure::Unreachable { url: url.to_owned(), detail: crl_fetch::innermost(error) }
}
