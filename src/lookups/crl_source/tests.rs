use super::*;
use crate::chain::{ChainPolicy, PresentedChain, TrustStore, validate};
use crate::revocation::laboratory::{self, Authority, hours};
use crate::revocation::{Answers, AuthoritySettings, Revocation, RevocationError, RevocationPolicy, judge, required};
use std::sync::atomic::AtomicUsize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the little server answers.
#[derive(Clone)]
enum Answer {
    Bytes(Vec<u8>),
    Status(&'static str),
    Redirect,
    Truncated(Vec<u8>),
    Endless,
    Silence,
    Slow(Vec<u8>, Duration),
}

/// A real HTTP server on the loopback that counts requests and can change its answer.
struct Server {
    address: String,
    answer: Arc<std::sync::Mutex<Answer>>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server =
            Self { address, answer: Arc::new(std::sync::Mutex::new(answer)), requests: Arc::new(AtomicUsize::new(0)) };
        let (answer, requests) = (Arc::clone(&server.answer), Arc::clone(&server.requests));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                requests.fetch_add(1, Ordering::SeqCst);
                let answer = answer.lock().unwrap().clone();
                tokio::spawn(serve(stream, answer));
            }
        });
        server
    }

    fn url(&self) -> String {
        format!("http://{}/ca.crl", self.address)
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }
}

async fn serve(mut stream: tokio::net::TcpStream, answer: Answer) {
    let _ = stream.read(&mut [0; 4096]).await;
    let ok = |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let bytes = match answer {
        Answer::Bytes(body) => [ok(body.len()).into_bytes(), body].concat(),
        Answer::Status(status) => format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes(),
        Answer::Redirect => b"HTTP/1.1 302 Found\r\nLocation: /other.crl\r\nContent-Length: 0\r\n\r\n".to_vec(),
        Answer::Truncated(body) => [ok(body.len() + 10).into_bytes(), body].concat(),
        Answer::Endless => {
            let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            let _ = stream.write_all(head).await;
            while stream.write_all(b"400\r\n").await.is_ok()
                && stream.write_all(&[0x30; 0x400]).await.is_ok()
                && stream.write_all(b"\r\n").await.is_ok()
            {}
            return;
        }
        Answer::Silence => return tokio::time::sleep(Duration::from_secs(60)).await,
        Answer::Slow(body, delay) => {
            tokio::time::sleep(delay).await;
            [ok(body.len()).into_bytes(), body].concat()
        }
    };
    let _ = stream.write_all(&bytes).await;
    let _ = stream.shutdown().await;
}

fn limits() -> CrlLimits {
    CrlLimits { fetch_timeout: Duration::from_secs(5), maximum_bytes: 20_000, retry_after: Duration::from_secs(30) }
}

fn source() -> CrlSource {
    CrlSource::new(limits(), Clock::Fixed(hours(0)))
}

fn wanted(ca: &Authority, urls: &[&str]) -> CrlWanted {
    let path = [ca.user("user", 5, urls), Arc::clone(&ca.certificate)];
    laboratory::wanted(&path, &RevocationPolicy::default()).remove(0)
}

fn configured(ca: &Authority, url: String) -> CrlWanted {
    let mut policy = RevocationPolicy::default();
    let settings =
        AuthoritySettings { name: "ca.pem".to_owned(), crl_distribution_points: vec![url], ..Default::default() };
    policy.authorities.insert(*ca.certificate.fingerprint(), settings);
    laboratory::wanted(&[ca.user("user", 5, &[]), Arc::clone(&ca.certificate)], &policy).remove(0)
}

fn number(answer: &CrlAnswer) -> String {
    answer.as_ref().unwrap().crl().number().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_cost_one_request_and_later_ones_none() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Slow(ca.crl().der(), Duration::from_millis(200))).await;
    let (source, wanted) = (Arc::new(source()), wanted(&ca, &[&server.url()]));
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (source, wanted) = (Arc::clone(&source), wanted.clone());
            tokio::spawn(async move { source.answer(&wanted).await.is_ok() })
        })
        .collect();
    for caller in callers {
        assert!(caller.await.unwrap());
    }
    assert_eq!(server.requests(), 1);
    assert!(source.answer(&wanted).await.is_ok());
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_stop_the_fetch() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Slow(ca.crl().der(), Duration::from_millis(150))).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert!(tokio::time::timeout(Duration::from_millis(30), source.answer(&wanted)).await.is_err());
    assert!(source.answer(&wanted).await.is_ok());
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn every_way_a_fetch_fails_is_told_apart() {
    let ca = Authority::root("CA", 1);
    let stranger = Authority::root("Stranger", 2);
    let namesake = Authority::root("CA", 3);
    let mut forged = ca.crl();
    forged.key = namesake.crl().key;
    let der = ca.crl().der();
    type Expected = fn(&CrlFailure) -> bool;
    let cases: [(Answer, Expected); 9] = [
        (Answer::Status("404 Not Found"), |f| matches!(f, CrlFailure::HttpStatus { status: 404, .. })),
        (Answer::Redirect, |f| matches!(f, CrlFailure::HttpStatus { status: 302, .. })),
        (Answer::Truncated(der), |f| matches!(f, CrlFailure::BrokenOff { received: 1.., .. })),
        (Answer::Bytes(vec![0x30; 20_001]), |f| matches!(f, CrlFailure::TooLarge { limit: 20_000, .. })),
        (Answer::Endless, |f| matches!(f, CrlFailure::TooLarge { limit: 20_000, .. })),
        (Answer::Bytes(b"<html>Sign in</html>".to_vec()), |f| matches!(f, CrlFailure::Unreadable { .. })),
        (Answer::Bytes(stranger.crl().der()), |f| matches!(f, CrlFailure::WrongIssuer { .. })),
        (Answer::Bytes(namesake.crl().der()), |f| matches!(f, CrlFailure::WrongIssuerKey { .. })),
        (Answer::Bytes(forged.der()), |f| matches!(f, CrlFailure::BadSignature { .. })),
    ];
    for (index, (answer, expected)) in cases.into_iter().enumerate() {
        let server = Server::start(answer).await;
        let failure = source().answer(&wanted(&ca, &[&server.url()])).await.unwrap_err();
        assert!(expected(failure.cause()), "case {index}: {failure}");
        assert!(failure.to_string().contains(&server.url()), "case {index}: {failure}");
        assert_eq!(server.requests(), 1, "case {index}");
    }
}

#[tokio::test]
async fn nobody_listening_is_unreachable_and_no_address_is_no_address() {
    let ca = Authority::root("CA", 1);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let failure = source().answer(&wanted(&ca, &[&format!("http://{closed}/")])).await.unwrap_err();
    assert!(matches!(failure.cause(), CrlFailure::Unreachable { .. }), "{failure}");
    let failure = source().answer(&wanted(&ca, &[])).await.unwrap_err();
    assert!(matches!(failure.cause(), CrlFailure::NoUrl { issuer } if issuer == "CN=CA"), "{failure}");
}

#[tokio::test]
async fn a_frozen_server_costs_one_timeout_until_it_is_tried_again() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Silence).await;
    let fetch_timeout = Duration::from_millis(200);
    let source = CrlSource::new(CrlLimits { fetch_timeout, ..limits() }, Clock::Fixed(hours(0)));
    let wanted = wanted(&ca, &[&server.url()]);
    let first = source.answer_at(&wanted, hours(0)).await.unwrap_err();
    assert!(matches!(first.cause(), CrlFailure::TimedOut { .. }), "{first}");
    let retry_at = first.last.retry_at.unwrap();
    assert!(retry_at >= later(hours(0), Duration::from_millis(30_200)), "{retry_at}");
    for _ in 0..20 {
        assert_eq!(source.answer_at(&wanted, hours(0)).await.unwrap_err(), first);
    }
    assert_eq!(server.requests(), 1);
    server.answers(Answer::Bytes(ca.crl().der()));
    assert!(source.answer_at(&wanted, retry_at).await.is_ok());
    assert_eq!(server.requests(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_share_one_failure_even_if_it_is_not_remembered() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Silence).await;
    let unforgiving = CrlLimits { fetch_timeout: Duration::from_millis(300), retry_after: Duration::ZERO, ..limits() };
    let source = Arc::new(CrlSource::new(unforgiving, Clock::Fixed(hours(0))));
    let wanted = wanted(&ca, &[&server.url()]);
    let calls = (0..50).map(|_| source.answer(&wanted));
    let answers = futures_util::future::join_all(calls).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Err(failure) if matches!(failure.cause(), CrlFailure::TimedOut { .. })))
    );
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn after_next_update_it_is_fetched_anew() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert_eq!(number(&source.answer_at(&wanted, hours(0)).await), "1");
    server.answers(Answer::Bytes(ca.crl().numbered(2).valid(hours(11), Some(hours(24))).der()));
    assert_eq!(number(&source.answer_at(&wanted, hours(11)).await), "1");
    assert_eq!(server.requests(), 1);
    assert_eq!(number(&source.answer_at(&wanted, hours(12)).await), "2");
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_failure_to_replace_an_expired_crl_is_told_with_its_date() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert!(source.answer_at(&wanted, hours(0)).await.is_ok());
    server.answers(Answer::Status("503 Service Unavailable"));
    let failure = source.answer_at(&wanted, hours(13)).await.unwrap_err();
    assert!(matches!(failure.cause(), CrlFailure::HttpStatus { status: 503, .. }), "{failure}");
    assert_eq!(failure.last.expired_copy, Some(hours(12)));
}

#[tokio::test]
async fn a_stale_crl_at_the_address_is_answered_for_the_judgement_and_not_fetched_again_at_once() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().valid(hours(-9), Some(hours(-1))).der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    for _ in 0..3 {
        let crl = source.answer_at(&wanted, hours(0)).await.unwrap();
        assert_eq!(crl.crl().next_update(), Some(hours(-1)));
    }
    assert_eq!(server.requests(), 1);
    server.answers(Answer::Bytes(ca.crl().numbered(2).der()));
    assert_eq!(number(&source.answer_at(&wanted, hours(1)).await), "2");
}

#[tokio::test]
async fn an_older_crl_does_not_replace_a_newer_one() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().numbered(7).der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert!(source.answer_at(&wanted, hours(0)).await.is_ok());
    server.answers(Answer::Bytes(ca.crl().numbered(6).valid(hours(-1), Some(hours(99))).der()));
    let failure = source.answer_at(&wanted, hours(13)).await.unwrap_err();
    match failure.cause() {
        CrlFailure::RolledBack { held, offered, .. } => assert_eq!((held.as_str(), offered.as_str()), ("7", "6")),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_crl_in_force_outlives_a_failure_to_refresh_it() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().valid(hours(1), Some(hours(9))).der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert!(source.answer_at(&wanted, hours(0)).await.is_ok());
    server.answers(Answer::Status("500 Oops"));
    assert_eq!(number(&source.answer_at(&wanted, hours(2)).await), "1");
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn addresses_are_tried_in_order_and_every_failure_is_kept() {
    let ca = Authority::root("CA", 1);
    let (gone, stale) = (
        Server::start(Answer::Status("410 Gone")).await,
        Server::start(Answer::Bytes(ca.crl().valid(hours(-9), Some(hours(-1))).der())).await,
    );
    let good = Server::start(Answer::Bytes(ca.crl().numbered(3).pem())).await;
    let directory = "ldap:///CN=CA?certificateRevocationList";
    let crl = source().answer(&wanted(&ca, &[directory, &gone.url(), &stale.url(), &good.url()])).await.unwrap();
    assert!(crl.crl().was_pem());
    assert_eq!(crl.url(), good.url());
    let stale_only = source().answer(&wanted(&ca, &[&stale.url(), &gone.url()])).await.unwrap();
    assert_eq!(stale_only.crl().next_update(), Some(hours(-1)));
    let failure = source().answer(&wanted(&ca, &[directory, &gone.url()])).await.unwrap_err();
    let attempts: Vec<_> = failure.attempts().map(|attempt| attempt.failure.clone()).collect();
    assert!(matches!(
        attempts.as_slice(),
        [CrlFailure::UnsupportedScheme { .. }, CrlFailure::HttpStatus { status: 410, .. }]
    ));
}

#[tokio::test]
async fn a_crl_of_another_part_is_no_answer() {
    let ca = Authority::root("CA", 1);
    let part = ca.crl().with(laboratory::distribution_point(Some("http://crl.contoso.test/2.crl"), &[]));
    let server = Server::start(Answer::Bytes(part.der())).await;
    let failure = source().answer(&wanted(&ca, &[&server.url()])).await.unwrap_err();
    assert!(matches!(failure.cause(), CrlFailure::OutOfScope { .. }), "{failure}");
}

#[tokio::test]
async fn a_configured_file_is_read_within_the_limit() {
    let ca = Authority::root("CA", 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.crl");
    let url = format!("file://{}", path.display());
    let answer = || async { source().answer(&configured(&ca, url.clone())).await };
    assert!(matches!(answer().await.unwrap_err().cause(), CrlFailure::Unreachable { .. }));
    std::fs::write(&path, ca.crl().der()).unwrap();
    assert!(answer().await.is_ok());
    std::fs::write(&path, vec![0x30; 20_001]).unwrap();
    assert!(matches!(answer().await.unwrap_err().cause(), CrlFailure::TooLarge { .. }));
    let folder = format!("file://{}", folder.path().display());
    let failure = source().answer(&configured(&ca, folder)).await.unwrap_err();
    assert!(matches!(failure.cause(), CrlFailure::Unreachable { .. }), "{failure}");
}

#[tokio::test]
async fn the_number_of_addresses_held_is_bounded() {
    let ca = Authority::root("CA", 1);
    let (source, user) = (source(), wanted(&ca, &[]));
    for index in 0..MAXIMUM_SLOTS + 20 {
        source.slot(&format!("http://a/{index}"), &user, later(hours(0), Duration::from_secs(index as u64)));
    }
    let slots = source.slots.load();
    assert_eq!(slots.len(), MAXIMUM_SLOTS);
    assert!(!slots.keys().any(|(url, _)| url == "http://a/0"));
    assert!(slots.keys().any(|(url, _)| *url == format!("http://a/{}", MAXIMUM_SLOTS + 19)));
}

#[tokio::test]
async fn from_the_presented_chain_to_the_accepted_one() {
    let root = Authority::root("Root", 1);
    let server = Server::start(Answer::Bytes(root.crl().lists(&[6], Some(1)).der())).await;
    let trust = TrustStore::build(vec![("root.der".to_owned(), root.certificate.der().to_vec())], Vec::new()).unwrap();
    let (policy, source) = (RevocationPolicy::default(), source());
    let sign_in = async |serial: u8| {
        let leaf = root.user("user", serial, &[&server.url()]).der().to_vec();
        let presented = PresentedChain::new(leaf, Vec::new());
        let chain = validate(&presented, &trust, &ChainPolicy::default(), hours(0)).unwrap();
        let wanted = required(&chain, &policy);
        let answers = futures_util::future::join_all(wanted.iter().map(|wanted| source.answer(wanted))).await;
        judge(chain, &wanted, Answers { crls: &answers, ocsp: &[] }, &policy, hours(0))
    };
    let accepted = sign_in(5).await.unwrap();
    assert!(matches!(accepted.revocation(), [Revocation::Checked { entries: 1, .. }, Revocation::NotChecked(_)]));
    assert_eq!(accepted.leaf().subject().dotnet(), "CN=user");
    assert!(matches!(sign_in(6).await, Err(RevocationError::Revoked { .. })));
    assert_eq!(server.requests(), 1);
}
