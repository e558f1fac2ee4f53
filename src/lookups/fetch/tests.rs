use super::*;
use crate::lookups::testing::{Answer, Server};

const LIMIT: usize = 20_000;

fn fetcher(allow: &[&str], deny: &[&str]) -> Fetcher {
    let rules = |texts: &[&str]| texts.iter().map(|text| HostRule::parse(text).unwrap()).collect();
    let limits = FetchLimits { timeout: Duration::from_secs(5), maximum_bytes: LIMIT };
    Fetcher::new(limits, AddressPolicy::new(rules(allow), rules(deny)), None).unwrap()
}

async fn get(fetcher: &Fetcher, url: &str) -> Result<Fetched, FetchFailure> {
    fetcher.get(url, UrlSource::Certificate, None).await
}

#[tokio::test]
async fn what_came_is_told_with_it() {
    let headers = "ETag: W/\"7\"\r\nContent-Type: application/pkix-crl\r\n".to_owned();
    let server = Server::start(Answer::With(headers, vec![0x30; 500])).await;
    let facts = get(&fetcher(&["127.0.0.1"], &[]), &server.url()).await.unwrap().facts;
    assert_eq!((facts.status, facts.bytes), (Some(200), 500));
    assert_eq!(facts.content_type.as_deref(), Some("application/pkix-crl"));
    assert_eq!(facts.validators.etag.as_deref(), Some("W/\"7\""));
    assert_eq!(facts.server.map(|server| server.to_string()), Some(server.address.clone()));
    assert!(facts.redirects.is_empty() && facts.took > Duration::ZERO);
}

#[tokio::test]
async fn nothing_is_asked_at_a_forbidden_address() {
    let server = Server::start(Answer::Bytes(vec![0x30])).await;
    let port = server.address.rsplit(':').next().unwrap();
    let by_default = fetcher(&[], &[]);
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"] {
        let outcome = get(&by_default, &format!("http://{host}:{port}/ca.crl")).await;
        assert!(matches!(outcome, Err(FetchFailure::Forbidden(_))), "{host}: {outcome:?}");
    }
    for host in ["127.0.0.1", "localhost"] {
        let outcome = get(&by_default, &format!("ldap://{host}:{port}/CN=CA?certificateRevocationList")).await;
        assert!(matches!(outcome, Err(FetchFailure::Forbidden(_))), "ldap {host}: {outcome:?}");
    }
    let denied = fetcher(&["127.0.0.0/8", "::1"], &["localhost"]);
    let outcome = get(&denied, &format!("http://localhost:{port}/ca.crl")).await;
    assert!(matches!(outcome, Err(FetchFailure::Forbidden(_))), "{outcome:?}");
    assert_eq!(server.requests(), 0);
    let allowed = fetcher(&["127.0.0.0/8", "::1"], &[]);
    assert!(get(&allowed, &format!("http://localhost:{port}/ca.crl")).await.is_ok());
    let configured = by_default.get(&server.url(), UrlSource::Configured, None).await;
    assert!(configured.is_ok(), "{configured:?}");
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn the_operators_server_may_not_redirect_to_this_machine_or_to_metadata() {
    let target = Server::start(Answer::Bytes(vec![0x30])).await;
    let server = Server::start(Answer::Redirect("302 Found", target.url())).await;
    let by_default = fetcher(&[], &[]);
    for location in
        [target.url(), "http://169.254.169.254/latest/meta-data/".to_owned(), "http://[fe80::1]/".to_owned()]
    {
        server.answers(Answer::Redirect("307 Temporary Redirect", location.clone()));
        let outcome = by_default.get(&server.url(), UrlSource::Configured, None).await;
        assert!(matches!(outcome, Err(FetchFailure::Forbidden(_))), "{location}: {outcome:?}");
    }
    assert_eq!((target.requests(), server.requests()), (0, 3));
}

#[tokio::test]
async fn redirects_are_followed_three_times_and_never_in_a_circle() {
    let fetcher = fetcher(&["127.0.0.1"], &[]);
    let mut server = Server::start(Answer::Bytes(vec![0x30; 3])).await;
    let mut chain = vec![];
    for hop in 1..=4 {
        let next = Server::start(Answer::Redirect("301 Moved Permanently", server.url())).await;
        chain.push(std::mem::replace(&mut server, next));
        let outcome = get(&fetcher, &server.url()).await;
        match outcome {
            Ok(fetched) if hop <= 3 => assert_eq!(fetched.facts.redirects.len(), hop),
            Err(FetchFailure::Redirected(detail)) if hop == 4 => assert!(detail.contains("more than 3"), "{detail}"),
            other => panic!("hop {hop}: {other:?}"),
        }
    }
    let first = Server::start(Answer::Silence).await;
    let second = Server::start(Answer::Redirect("302 Found", first.url())).await;
    let cases = [
        (second.url(), "in a circle"),
        ("file:///etc/passwd".to_owned(), "file:"),
        ("ldap://127.0.0.1/CN=CA?certificateRevocationList".to_owned(), "ldap:"),
        ("http://".to_owned(), "without a usable Location"),
    ];
    for (location, expected) in cases {
        first.answers(Answer::Redirect("302 Found", location.clone()));
        match get(&fetcher, &first.url()).await {
            Err(FetchFailure::Redirected(detail)) => assert!(detail.contains(expected), "{location}: {detail}"),
            other => panic!("{location}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_not_opened() {
    let server = Server::start(Answer::With("Content-Encoding: gzip\r\n".to_owned(), vec![0x1f; 100])).await;
    let outcome = get(&fetcher(&["127.0.0.1"], &[]), &server.url()).await;
    assert_eq!(outcome, Err(FetchFailure::Compressed("gzip".to_owned())));
    assert!(!server.last().contains("accept-encoding"), "{}", server.last());
}

#[tokio::test]
async fn a_question_is_posted_and_not_redirected() {
    let fetcher = fetcher(&["127.0.0.1"], &[]);
    let server = Server::start(Answer::Bytes(b"answer".to_vec())).await;
    let post = Post { content_type: "application/ocsp-request", accept: "application/ocsp-response", body: b"ask" };
    let fetched = fetcher.post(&server.url(), UrlSource::Certificate, post).await.unwrap();
    assert_eq!(fetched.body.as_deref(), Some(&b"answer"[..]));
    let request = server.last();
    assert!(
        request.starts_with("post /ca.crl") && request.contains("content-type: application/ocsp-request"),
        "{request}"
    );
    server.answers(Answer::Redirect("307 Temporary Redirect", "/elsewhere".to_owned()));
    let outcome = fetcher.post(&server.url(), UrlSource::Certificate, post).await;
    assert!(matches!(outcome, Err(FetchFailure::Redirected(_))), "{outcome:?}");
    let outcome = fetcher.post("file:///etc/passwd", UrlSource::Configured, post).await;
    assert!(matches!(outcome, Err(FetchFailure::UnsupportedScheme(_))), "{outcome:?}");
}

#[test]
fn authorities_must_be_certificates() {
    let limits = FetchLimits { timeout: Duration::from_secs(5), maximum_bytes: LIMIT };
    for pem in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let made = Fetcher::new(limits, AddressPolicy::default(), Some(pem.as_bytes()));
        assert!(made.is_err(), "{pem:?}");
    }
}
