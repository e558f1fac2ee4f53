//! HTTP: one question, at most three redirects, each hop judged anew.

use super::address_policy::{AddressPolicy, Forbidden};
use super::failure::FetchFailure;
use super::resolver::{ResolveError, Resolver};
use super::{FetchFacts, Fetched, FetcherError, Post, Validators};
use crate::revocation::UrlSource;
use reqwest::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use reqwest::{Certificate, Client, RequestBuilder, Response, StatusCode, redirect};
use std::error::Error;
use std::sync::Arc;
use url::Url;

/// How often a server may send us elsewhere.
const MOST_REDIRECTS: usize = 3;

/// Clients for what the operator named and for everything else: they resolve names under different rules.
#[derive(Debug)]
pub(super) struct Web {
    configured: Client,
    named: Client,
    pub(super) policy: Arc<AddressPolicy>,
    pub(super) tls: native_tls::TlsConnector,
}

impl Web {
    pub(super) fn new(policy: AddressPolicy, authorities: Option<&[u8]>) -> Result<Self, FetcherError> {
        let policy = Arc::new(policy);
        Ok(Self {
            configured: client(&policy, UrlSource::Configured, authorities)?,
            named: client(&policy, UrlSource::Certificate, authorities)?,
            tls: connector(authorities)?,
            policy,
        })
    }

    pub(super) async fn get(
        &self,
        url: Url,
        source: UrlSource,
        known: Option<&Validators>,
        limit: usize,
        redirects: &mut Vec<String>,
    ) -> Result<Fetched, FetchFailure> {
        let (mut url, mut source) = (url, source);
        loop {
            let request = self.client(&url, source)?.get(url.clone());
            let response = send(conditional(request, known)).await?;
            match response.status() {
                StatusCode::OK => return fetched(response, redirects.clone(), limit).await,
                StatusCode::NOT_MODIFIED if known.is_some() => {
                    return Ok(Fetched { body: None, facts: facts(&response, redirects.clone()) });
                }
                status if is_redirect(status) => {
                    url = next_hop(&url, &response, redirects)?;
                    redirects.push(url.to_string());
                    source = UrlSource::Certificate; // the server's choice, not the operator's
                }
                status => return Err(FetchFailure::HttpStatus(status.as_u16())),
            }
        }
    }

    pub(super) async fn post(
        &self,
        url: Url,
        source: UrlSource,
        post: Post<'_>,
        limit: usize,
    ) -> Result<Fetched, FetchFailure> {
        let request = self.client(&url, source)?.post(url.clone());
        let request = request.header(CONTENT_TYPE, post.content_type).header(ACCEPT, post.accept);
        let response = send(request.body(post.body.to_vec())).await?;
        match response.status() {
            StatusCode::OK => fetched(response, Vec::new(), limit).await,
            status if is_redirect(status) => Err(FetchFailure::Redirected(format!(
                "the server answered {}, and a POST is not redirected",
                status.as_u16()
            ))),
            status => Err(FetchFailure::HttpStatus(status.as_u16())),
        }
    }

    /// The client for this hop, once the host is found to be allowed.
    fn client(&self, url: &Url, source: UrlSource) -> Result<&Client, FetchFailure> {
        let host = url.host().ok_or(FetchFailure::UnsupportedScheme("it names no host"))?;
        self.policy.check_host(&host, source)?;
        Ok(match source {
            UrlSource::Configured => &self.configured,
            UrlSource::Certificate => &self.named,
        })
    }
}

/// A client that goes where it is told and nowhere else: no redirect of its own, no proxy from the environment, and no idle
/// connections, which would belong to one worker's runtime.
fn client(
    policy: &Arc<AddressPolicy>,
    named_by: UrlSource,
    authorities: Option<&[u8]>,
) -> Result<Client, FetcherError> {
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .dns_resolver(Resolver { policy: Arc::clone(policy), named_by })
        .user_agent(concat!("fedgate/", env!("CARGO_PKG_VERSION")));
    if let Some(pem) = authorities {
        let certificates =
            Certificate::from_pem_bundle(pem).map_err(|error| FetcherError::Authorities(innermost(&error)))?;
        if certificates.is_empty() {
            return Err(FetcherError::Authorities("it holds no PEM certificate".to_owned()));
        }
        builder = builder.tls_certs_only(certificates);
    }
    builder.build().map_err(|error| FetcherError::Tls(innermost(&error)))
}

/// The same authorities for `ldaps`.
fn connector(authorities: Option<&[u8]>) -> Result<native_tls::TlsConnector, FetcherError> {
    let mut builder = native_tls::TlsConnector::builder();
    if let Some(pem) = authorities {
        let unusable = |error: native_tls::Error| FetcherError::Authorities(error.to_string());
        builder.disable_built_in_roots(true);
        for authority in native_tls::Certificate::stack_from_pem(pem).map_err(unusable)? {
            builder.add_root_certificate(authority);
        }
    }
    builder.build().map_err(|error| FetcherError::Tls(error.to_string()))
}

fn conditional(mut request: RequestBuilder, known: Option<&Validators>) -> RequestBuilder {
    let Some(Validators { etag, last_modified }) = known else { return request };
    if let Some(etag) = etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(last_modified) = last_modified {
        request = request.header(IF_MODIFIED_SINCE, last_modified);
    }
    request
}

async fn send(request: RequestBuilder) -> Result<Response, FetchFailure> {
    request.send().await.map_err(|error| match forbidden(&error) {
        Some(forbidden) => FetchFailure::Forbidden(forbidden),
        None => FetchFailure::Unreachable(innermost(&error)),
    })
}

/// The resolver's refusal, which the client wraps into errors of its own.
fn forbidden(error: &reqwest::Error) -> Option<Forbidden> {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if let Some(ResolveError::Forbidden(forbidden)) = error.downcast_ref() {
            return Some(forbidden.clone());
        }
        cause = error.source();
    }
    None
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads, unless it leads nowhere we go.
fn next_hop(from: &Url, response: &Response, earlier: &[String]) -> Result<Url, FetchFailure> {
    let refuse = |detail: String| Err(FetchFailure::Redirected(detail));
    let location = header(response, LOCATION);
    let Some(next) = location.as_deref().and_then(|location| from.join(location).ok()) else {
        return refuse(format!("{from} redirects without a usable Location"));
    };
    if !matches!(next.scheme(), "http" | "https") {
        return refuse(format!("{from} redirects to {}:, which is not followed", next.scheme()));
    }
    if next == *from || earlier.contains(&next.to_string()) {
        return refuse(format!("{from} redirects in a circle, to {next}"));
    }
    if earlier.len() == MOST_REDIRECTS {
        return refuse(format!("more than {MOST_REDIRECTS} redirects, the last to {next}"));
    }
    Ok(next)
}

/// Nothing is decompressed: a few bytes could become gigabytes, and nobody was asked to compress.
async fn fetched(response: Response, redirects: Vec<String>, limit: usize) -> Result<Fetched, FetchFailure> {
    match header(&response, CONTENT_ENCODING) {
        Some(coding) if !coding.eq_ignore_ascii_case("identity") => return Err(FetchFailure::Compressed(coding)),
        _ => {}
    }
    let mut facts = facts(&response, redirects);
    let body = read_body(response, limit).await?;
    facts.bytes = body.len();
    Ok(Fetched { body: Some(body), facts })
}

fn facts(response: &Response, redirects: Vec<String>) -> FetchFacts {
    FetchFacts {
        status: Some(response.status().as_u16()),
        content_type: header(response, CONTENT_TYPE),
        redirects,
        server: response.remote_addr(),
        validators: Validators { etag: header(response, ETAG), last_modified: header(response, LAST_MODIFIED) },
        ..FetchFacts::default()
    }
}

/// A header of printable text; longer than this it is no use to anybody.
fn header(response: &Response, name: HeaderName) -> Option<String> {
    const LONGEST: usize = 2048;
    let text = response.headers().get(name)?.to_str().ok()?;
    (text.len() <= LONGEST).then(|| text.to_owned())
}

/// Stops at the limit, whatever length the server announced.
async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, FetchFailure> {
    let announced = response.content_length().unwrap_or(0);
    let fits = usize::try_from(announced).ok().filter(|length| *length <= limit);
    let mut body = Vec::with_capacity(fits.ok_or(FetchFailure::TooLarge(limit))?);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit - body.len() => return Err(FetchFailure::TooLarge(limit)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => {
                return Err(FetchFailure::BrokenOff { received: body.len(), detail: innermost(&error) });
            }
        }
    }
}

/// The cause at the bottom: “Connection refused” rather than “error sending request”.
fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
