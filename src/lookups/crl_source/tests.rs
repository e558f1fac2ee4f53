use super::*;
use crate::chain::{ChainPolicy, PresentedChain, TrustStore, validate};
use crate::lookups::testing::{Answer, Server};
use crate::lookups::{AddressPolicy, FetchLimits, HostRule};
use crate::revocation::laboratory::{self, Authority, hours};
use crate::revocation::{Answers, AuthoritySettings, Revocation, RevocationError, RevocationPolicy, judge, required};
use std::path::Path;
use tokio::net::TcpListener;

mod another_signer;

/// The fetcher of a gateway whose operator allows the loopback interface.
fn fetcher(timeout: Duration) -> Fetcher {
    let policy = AddressPolicy::new(vec![HostRule::parse("127.0.0.0/8").unwrap()], Vec::new());
    Fetcher::new(FetchLimits { timeout, maximum_bytes: 20_000 }, policy, None).unwrap()
}

const RETRY_AFTER: Duration = Duration::from_secs(30);

fn source_with(timeout: Duration, retry_after: Duration, cache_folder: Option<PathBuf>) -> CrlSource {
    CrlSource::new(fetcher(timeout), CrlSettings { retry_after, cache_folder }, Clock::Fixed(hours(0)))
}

fn source() -> CrlSource {
    source_with(Duration::from_secs(5), RETRY_AFTER, None)
}

fn cached(folder: &Path) -> CrlSource {
    source_with(Duration::from_secs(5), RETRY_AFTER, Some(folder.to_owned()))
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
    let halved = der[..der.len() / 2].to_vec();
    let longer = [der.clone(), vec![0]].concat();
    let half_armoured = ca.crl().pem()[..200].to_vec();
    let unknown = ca.crl().with(laboratory::extension(99, true, &[5, 0]));
    type Expected = fn(&CrlFailure) -> bool;
    let cases: [(Answer, Expected); 17] = [
        (Answer::Bytes(halved), |f| matches!(f, CrlFailure::Unreadable { .. })),
        (Answer::Bytes(longer), |f| matches!(f, CrlFailure::Unreadable { .. })),
        (Answer::Bytes(half_armoured), |f| matches!(f, CrlFailure::Unreadable { .. })),
        (Answer::Bytes(Vec::new()), |f| matches!(f, CrlFailure::Unreadable { .. })),
        (Answer::Bytes(unknown.der()), |f| matches!(f, CrlFailure::Unsupported { .. })),
        (Answer::Status("404 Not Found"), |f| matches!(f, CrlFailure::HttpStatus { status: 404, .. })),
        (Answer::Status("403 Forbidden"), |f| matches!(f, CrlFailure::HttpStatus { status: 403, .. })),
        (Answer::Status("304 Not Modified"), |f| matches!(f, CrlFailure::HttpStatus { status: 304, .. })),
        (Answer::Redirect("302 Found", "/ca.crl".to_owned()), |f| matches!(f, CrlFailure::Redirected { .. })),
        (
            Answer::With("Content-Encoding: gzip\r\n".to_owned(), vec![0x1f, 0x8b]),
            |f| matches!(f, CrlFailure::Compressed { coding, .. } if coding == "gzip"),
        ),
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
    let source = source_with(Duration::from_millis(200), RETRY_AFTER, None);
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

#[tokio::test]
async fn a_server_that_sends_octet_by_octet_has_no_longer_than_any_other() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Dripping).await;
    let source = source_with(Duration::from_millis(300), RETRY_AFTER, None);
    let wanted = wanted(&ca, &[&server.url()]);
    for _ in 0..3 {
        let answer = tokio::time::timeout(Duration::from_secs(5), source.answer(&wanted)).await.expect("it ends");
        assert!(matches!(answer.unwrap_err().cause(), CrlFailure::TimedOut { .. }));
    }
    assert_eq!(server.requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_share_one_failure_even_if_it_is_not_remembered() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Silence).await;
    let source = Arc::new(source_with(Duration::from_millis(300), Duration::ZERO, None));
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
    Server::eventually(|| server.requests() == 2).await;
    assert_eq!(number(&source.answer_at(&wanted, hours(3)).await), "1");
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
    let cache = folder.path().join("cache");
    assert!(cached(&cache).answer(&configured(&ca, url.clone())).await.is_ok());
    assert!(!cache.exists(), "what lies on this machine is not kept a second time");
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
        source.world.slot(
            &format!("http://a/{index}"),
            &user,
            &user.issuer,
            later(hours(0), Duration::from_secs(index as u64)),
        );
    }
    let slots = source.world.slots.load();
    assert_eq!(slots.len(), MAXIMUM_SLOTS);
    assert!(!slots.keys().any(|(url, ..)| url == "http://a/0"));
    assert!(slots.keys().any(|(url, ..)| *url == format!("http://a/{}", MAXIMUM_SLOTS + 19)));
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

#[tokio::test]
async fn what_does_not_count_at_this_moment_is_told_apart_and_fetched_once() {
    type Expected = fn(&RevocationError) -> bool;
    let cases: [(i64, Option<i64>, Expected); 3] = [
        (-9, Some(-1), |error| matches!(error, RevocationError::CrlExpired { .. })),
        (1, Some(9), |error| matches!(error, RevocationError::CrlNotYetValid { .. })),
        (-9, None, |error| matches!(error, RevocationError::CrlWithoutNextUpdate { .. })),
    ];
    for (from, to, expected) in cases {
        let root = Authority::root("Root", 1);
        let server = Server::start(Answer::Bytes(root.crl().valid(hours(from), to.map(hours)).der())).await;
        let file = vec![("root.der".to_owned(), root.certificate.der().to_vec())];
        let (trust, policy, source) =
            (TrustStore::build(file, Vec::new()).unwrap(), RevocationPolicy::default(), source());
        let leaf = root.user("user", 5, &[&server.url()]).der().to_vec();
        for _ in 0..3 {
            let presented = PresentedChain::new(leaf.clone(), Vec::new());
            let chain = validate(&presented, &trust, &ChainPolicy::default(), hours(0)).unwrap();
            let wanted = required(&chain, &policy);
            let answers = [source.answer_at(&wanted[0], hours(0)).await];
            let refused = judge(chain, &wanted, Answers { crls: &answers, ocsp: &[] }, &policy, hours(0)).unwrap_err();
            assert!(expected(&refused), "{refused}");
        }
        assert_eq!(server.requests(), 1, "{from}");
    }
}

#[tokio::test]
async fn the_delta_is_fetched_too_and_its_absence_does_not_hide_the_complete_crl() {
    let ca = Authority::root("CA", 1);
    let delta = ca.crl().numbered(2).with(laboratory::extension(27, true, &laboratory::tlv(2, &[1])));
    let server = Server::start(Answer::Bytes(delta.lists(&[5], Some(1)).der())).await;
    let point = |url: &str| {
        let uri = laboratory::tlv(0xa0, &laboratory::tlv(0xa0, &laboratory::tlv(0x86, url.as_bytes())));
        laboratory::extension(46, false, &laboratory::tlv(0x30, &laboratory::tlv(0x30, &uri)))
    };
    let complete = Server::start(Answer::Bytes(ca.crl().with(point(&server.url())).der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&complete.url()]));
    let found = source.answer(&wanted).await.unwrap();
    let delta = found.iter().next().unwrap().delta.as_ref().unwrap().as_ref().unwrap();
    assert_eq!((delta.url(), delta.crl().entries()), (server.url().as_str(), 1));
    assert!(matches!(source.answer(&self::wanted(&ca, &[&server.url()])).await, Err(failure)
        if matches!(failure.cause(), CrlFailure::DeltaAlone { .. })));

    server.answers(Answer::Status("404 Not Found"));
    let found = self::source().answer(&wanted).await.unwrap();
    let missing = found.iter().next().unwrap().delta.as_ref().unwrap().as_ref().unwrap_err();
    assert!(matches!(missing.cause(), CrlFailure::HttpStatus { status: 404, .. }));
}

#[tokio::test]
async fn lists_for_some_reasons_are_fetched_until_all_are_covered() {
    let ca = Authority::root("CA", 1);
    let some = |octets: &[u8]| ca.crl().with(laboratory::distribution_point(None, &laboratory::tlv(0x83, octets)));
    let keys = Server::start(Answer::Bytes(some(&[6, 0x40]).der())).await;
    let rest = Server::start(Answer::Bytes(some(&[7, 0x3f, 0x80]).der())).await;
    let never = Server::start(Answer::Bytes(ca.crl().der())).await;
    let found = source().answer(&wanted(&ca, &[&keys.url(), &rest.url(), &never.url()])).await.unwrap();
    assert_eq!(found.iter().count(), 2);
    assert_eq!(never.requests(), 0);
}

#[tokio::test]
async fn a_crl_is_renewed_while_it_serves_and_nobody_waits() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().valid(hours(0), Some(hours(10))).der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert_eq!(number(&source.answer_at(&wanted, hours(0)).await), "1");
    source.world.renew(hours(7));
    assert_eq!(number(&source.answer_at(&wanted, hours(7)).await), "1");
    assert_eq!(server.requests(), 1);
    // The server is slow now: whoever asks is answered at once with the one in force.
    let next = ca.crl().numbered(2).valid(hours(8), Some(hours(18))).der();
    server.answers(Answer::Slow(next, Duration::from_millis(200)));
    for _ in 0..20 {
        assert_eq!(number(&source.answer_at(&wanted, hours(9)).await), "1");
    }
    assert!(server.requests() <= 2);
    let slot = Arc::clone(source.world.slots.load().values().next().unwrap());
    Server::eventually(|| !slot.is_due(hours(9))).await;
    assert_eq!(number(&source.answer_at(&wanted, hours(9)).await), "2");
    assert_eq!(server.requests(), 2);
    // Nobody signs in at night: the clock alone has the next one fetched.
    server.answers(Answer::Bytes(ca.crl().numbered(3).valid(hours(17), Some(hours(27))).der()));
    source.world.renew(hours(17));
    Server::eventually(|| !slot.is_due(hours(17))).await;
    server.answers(Answer::Status("503 Service Unavailable"));
    assert_eq!(number(&source.answer_at(&wanted, hours(20)).await), "3");
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn a_crl_in_force_gives_way_only_to_a_better_one() {
    let ca = Authority::root("CA", 1);
    let stranger = Authority::root("Stranger", 2);
    let worse = [
        ca.crl().numbered(4).valid(hours(0), Some(hours(99))).der(),
        ca.crl().numbered(6).valid(hours(-9), Some(hours(-1))).der(),
        ca.crl().numbered(6).valid(hours(50), Some(hours(60))).der(),
        stranger.crl().numbered(6).der(),
        b"<html>maintenance</html>".to_vec(),
    ];
    for (index, offered) in worse.into_iter().enumerate() {
        let server = Server::start(Answer::Bytes(ca.crl().numbered(5).valid(hours(0), Some(hours(10))).der())).await;
        let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
        assert_eq!(number(&source.answer_at(&wanted, hours(0)).await), "5");
        server.answers(Answer::Bytes(offered));
        source.world.renew(hours(9));
        let slot = Arc::clone(source.world.slots.load().values().next().unwrap());
        Server::eventually(|| !slot.is_due(hours(9))).await;
        assert_eq!(number(&source.answer_at(&wanted, hours(9)).await), "5", "case {index}");
        assert_eq!(server.requests(), 2, "case {index}");
    }
}

#[tokio::test]
async fn an_unchanged_crl_is_not_sent_again() {
    let ca = Authority::root("CA", 1);
    let headers = "ETag: \"one\"\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n".to_owned();
    let der = ca.crl().valid(hours(0), Some(hours(10))).der();
    let server = Server::start(Answer::With(headers, der)).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert_eq!(number(&source.answer_at(&wanted, hours(0)).await), "1");
    assert!(!server.last().contains("if-none-match"));
    server.answers(Answer::Status("304 Not Modified"));
    source.world.renew(hours(9));
    let slot = Arc::clone(source.world.slots.load().values().next().unwrap());
    Server::eventually(|| !slot.is_due(hours(9))).await;
    assert!(server.last().contains("if-none-match: \"one\""), "{}", server.last());
    assert!(server.last().contains("if-modified-since: mon, 01 jan 2024 00:00:00 gmt"), "{}", server.last());
    assert_eq!(number(&source.answer_at(&wanted, hours(9)).await), "1");
    // 304 does not prolong a CRL: past nextUpdate it is told as expired.
    let expired = source.answer_at(&wanted, hours(11)).await.unwrap();
    assert_eq!(expired.crl().next_update(), Some(hours(10)));
}

#[tokio::test]
async fn what_nobody_uses_is_forgotten() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().der())).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    assert!(source.answer_at(&wanted, hours(0)).await.is_ok());
    source.world.renew(hours(14 * 24));
    assert_eq!(source.world.slots.load().len(), 1);
    source.world.renew(hours(14 * 24 + 1));
    assert_eq!(source.world.slots.load().len(), 0);
}

/// The only file of the folder.
fn kept(folder: &Path) -> PathBuf {
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[tokio::test]
async fn a_restart_with_a_warm_cache_needs_no_server_until_next_update() {
    let ca = Authority::root("CA", 1);
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("made/when/needed");
    let server = Server::start(Answer::Bytes(ca.crl().lists(&[9], None).valid(hours(0), Some(hours(10))).der())).await;
    let wanted = wanted(&ca, &[&server.url()]);
    assert!(cached(&cache).answer_at(&wanted, hours(0)).await.is_ok());
    let name = kept(&cache).file_name().unwrap().to_string_lossy().into_owned();
    assert!(
        name.len() == 64 + 4 && name.ends_with(".crl") && name[..64].bytes().all(|b| b.is_ascii_hexdigit()),
        "{name}"
    );
    server.answers(Answer::Status("503 Service Unavailable"));
    let restarted = cached(&cache);
    let crl = restarted.answer_at(&wanted, hours(7)).await.unwrap();
    assert_eq!((crl.crl().entries(), server.requests()), (1, 1));
    // Renewal has failed by now; it still serves, and stops at nextUpdate.
    assert!(restarted.answer_at(&wanted, hours(9)).await.is_ok());
    let failure = restarted.answer_at(&wanted, hours(10)).await.unwrap_err();
    assert_eq!(failure.last.expired_copy, Some(hours(10)));
    // Even a restart after that knows the number, so that an older one is no way back.
    server.answers(Answer::Bytes(ca.crl().numbered(0).valid(hours(10), Some(hours(20))).der()));
    let failure = cached(&cache).answer_at(&wanted, hours(11)).await.unwrap_err();
    assert!(matches!(failure.cause(), CrlFailure::RolledBack { .. }), "{failure}");
}

#[tokio::test]
async fn a_file_that_is_damaged_or_foreign_is_discarded_and_fetched_anew() {
    let ca = Authority::root("CA", 1);
    let forger = Authority::root("CA", 7);
    let server = Server::start(Answer::Bytes(ca.crl().der())).await;
    let wanted = wanted(&ca, &[&server.url()]);
    let folder = tempfile::tempdir().unwrap();
    assert!(cached(folder.path()).answer(&wanted).await.is_ok());
    let path = kept(folder.path());
    let whole = std::fs::read(&path).unwrap();
    let forged = {
        // Everything fits, the digest as well, but another key signed it.
        let url = server.url();
        let elsewhere = tempfile::tempdir().unwrap();
        let disk = DiskCache::new(elsewhere.path().to_owned(), 20_000);
        let (issuer, validators) = (*ca.certificate.fingerprint(), Default::default());
        let bytes = forger.crl().der();
        disk.write(&disk::Kept { url: &url, issuer, fetched_at: hours(0), validators: &validators, bytes: &bytes });
        std::fs::read(kept(elsewhere.path())).unwrap()
    };
    let flipped = {
        let mut bytes = whole.clone();
        *bytes.last_mut().unwrap() ^= 1;
        bytes
    };
    let cases = [
        Vec::new(),
        whole[..whole.len() / 2].to_vec(),
        flipped,
        forged,
        vec![b'x'; 60_000],
        b"fedgate CRL 1\n{}\n".to_vec(),
    ];
    for (index, damaged) in cases.into_iter().enumerate() {
        std::fs::write(&path, damaged).unwrap();
        let before = server.requests();
        assert_eq!(number(&cached(folder.path()).answer(&wanted).await), "1", "case {index}");
        assert_eq!(server.requests(), before + 1, "case {index}");
        assert_eq!(std::fs::read(&path).unwrap().len(), whole.len(), "case {index}: it is kept again");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_does_not_stop_sign_ins() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().der())).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let source = cached(&folder.path().join("file/below"));
    assert!(source.answer(&wanted(&ca, &[&server.url()])).await.is_ok());
}

#[tokio::test]
async fn the_clock_alone_renews_and_stops_with_the_source() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Bytes(ca.crl().valid(hours(0), Some(hours(10))).der())).await;
    let wanted = wanted(&ca, &[&server.url()]);
    let settings = CrlSettings { retry_after: RETRY_AFTER, cache_folder: None };
    let source = CrlSource::new(fetcher(Duration::from_secs(5)), settings, Clock::Fixed(hours(9)));
    assert!(source.answer_at(&wanted, hours(0)).await.is_ok());
    server.answers(Answer::Bytes(ca.crl().numbered(2).valid(hours(8), Some(hours(18))).der()));
    let ticking = tokio::spawn(tick(Arc::downgrade(&source.world), Duration::from_millis(5)));
    Server::eventually(|| server.requests() == 2).await;
    let slot = Arc::clone(source.world.slots.load().values().next().unwrap());
    Server::eventually(|| !slot.is_due(hours(9))).await;
    assert_eq!(number(&source.answer_at(&wanted, hours(9)).await), "2");
    drop(source);
    tokio::time::timeout(Duration::from_secs(5), ticking).await.expect("the task ends").unwrap();
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_crl_is_renewed_when_ad_cs_publishes_the_next_one() {
    let ca = Authority::root("CA", 1);
    let next_publish = |value: Vec<u8>| {
        let identifier = laboratory::tlv(0x06, &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x15, 0x04]);
        laboratory::tlv(0x30, &[identifier, laboratory::tlv(0x04, &value)].concat())
    };
    let at = laboratory::utc_time(&hours(50).to_string());
    let cases = [(at, 56), (vec![0x05, 0x00], 91)];
    for (value, due) in cases {
        let crl = ca.crl().valid(hours(0), Some(hours(100))).with(next_publish(value));
        let server = Server::start(Answer::Bytes(crl.der())).await;
        let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
        assert!(source.answer_at(&wanted, hours(0)).await.is_ok());
        let slot = Arc::clone(source.world.slots.load().values().next().unwrap());
        assert!(!slot.is_due(hours(49)) && slot.is_due(hours(due)), "{due}");
        assert_eq!(slot.is_due(hours(60)), due < 60);
    }
}

#[tokio::test]
async fn a_certificate_that_names_metadata_is_told_so_and_its_other_addresses_are_used() {
    let ca = Authority::root("CA", 1);
    let metadata = "http://169.254.169.254/latest/meta-data/";
    let failure = source().answer(&wanted(&ca, &[metadata])).await.unwrap_err();
    match failure.cause() {
        CrlFailure::AddressForbidden { place, rule, .. } => {
            assert_eq!((place.as_str(), rule.as_str()), ("169.254.169.254", "a link-local address (169.254.0.0/16)"));
        }
        other => panic!("{other}"),
    }
    let server = Server::start(Answer::Redirect("302 Found", metadata.to_owned())).await;
    let failure = source().answer(&wanted(&ca, &[&server.url()])).await.unwrap_err();
    assert!(matches!(failure.cause(), CrlFailure::AddressForbidden { .. }), "{failure}");
    let good = Server::start(Answer::Bytes(ca.crl().der())).await;
    assert!(source().answer(&wanted(&ca, &[metadata, &good.url()])).await.is_ok());
}

#[tokio::test]
async fn an_operators_question_joins_a_fetch_that_is_under_way_and_ignores_the_back_off() {
    let ca = Authority::root("CA", 1);
    let server = Server::start(Answer::Slow(ca.crl().der(), Duration::from_millis(200))).await;
    let (source, wanted) = (source(), wanted(&ca, &[&server.url()]));
    let (signing_in, asked) = (source.clone(), wanted.clone());
    let sign_in = tokio::spawn(async move { signing_in.answer(&asked).await.is_ok() });
    Server::eventually(|| server.requests() == 1).await;
    let refreshed = source.refresh(|_| true).await;
    assert!(sign_in.await.unwrap());
    assert_eq!((server.requests(), refreshed.len()), (1, 1));
    assert_eq!(refreshed[0].1.as_ref().unwrap().outcome, FetchOutcome::New);

    server.answers(Answer::Status("503 Service Unavailable"));
    for _ in 0..20 {
        source.refresh(|url| url == server.url()).await;
    }
    assert_eq!(server.requests(), 21);
    let view = source.views().remove(0);
    assert_eq!((view.history.len(), view.failure.unwrap().1), (16, 20));
    assert!(view.history.iter().all(|fetch| fetch.status == Some(503)));
    assert!(view.crl.is_some() && source.answer(&wanted).await.is_ok(), "the one held goes on serving");
    assert!(source.refresh(|url| url != server.url()).await.is_empty());
}

#[tokio::test]
async fn an_operators_question_is_under_the_address_policy_and_goes_past_the_cache_folder() {
    let ca = Authority::root("CA", 1);
    let refused = source();
    assert!(refused.answer(&wanted(&ca, &["http://169.254.169.254/ca.crl"])).await.is_err());
    let refreshed = refused.refresh(|_| true).await;
    let outcome = &refreshed[0].1.as_ref().unwrap().outcome;
    assert!(matches!(outcome, FetchOutcome::Failed(CrlFailure::AddressForbidden { .. })), "{outcome:?}");

    let folder = tempfile::tempdir().unwrap();
    let der = ca.crl().valid(hours(-1), Some(hours(10))).der();
    let server = Server::start(Answer::Bytes(der.clone())).await;
    let wanted = wanted(&ca, &[&server.url()]);
    assert!(cached(folder.path()).answer(&wanted).await.is_ok());
    let restarted = cached(folder.path());
    assert!(restarted.answer(&wanted).await.is_ok());
    let view = restarted.views().remove(0);
    let arrival = view.arrival.unwrap();
    assert_eq!((arrival.origin, arrival.bytes, view.last_success), (CrlOrigin::CacheFolder, der.len(), None));
    assert_eq!(server.requests(), 1);
    let refreshed = restarted.refresh(|_| true).await;
    let fetch = refreshed[0].1.as_ref().unwrap();
    assert_eq!((fetch.origin, &fetch.outcome, fetch.bytes), (CrlOrigin::Address, &FetchOutcome::Unchanged, der.len()));
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn whose_crl_is_not_there_is_told_apart_from_whose_is() {
    let (ca, other) = (Authority::root("CA", 1), Authority::root("Other", 2));
    let server = Server::start(Answer::Bytes(other.crl().der())).await;
    let source = source();
    for authority in [&ca, &other] {
        let _ = source.answer(&wanted(authority, &[&server.url()])).await;
    }
    let views = source.views();
    let of = |authority: &Authority| views.iter().find(|view| view.signer == authority.certificate).unwrap();
    assert!(of(&other).crl.is_some() && of(&other).failure.is_none());
    assert!(of(&ca).crl.is_none() && of(&ca).failure.as_ref().unwrap().0.may_be_anothers());
}
