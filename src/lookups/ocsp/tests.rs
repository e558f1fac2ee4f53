use super::super::ocsp_post::OcspPost;
use super::*;
use crate::certificate::Certificate;
use crate::lookups::{AddressPolicy, FetchLimits, Fetcher, HostRule};
use crate::revocation::Sha1;
use crate::revocation::laboratory::{Authority, hours};
use crate::revocation::ocsp::laboratory::{TestAnswer, TestResponder, tlv};
use crate::revocation::ocsp::{OcspSettings, OcspWanted};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
enum Answer {
    Bytes(Vec<u8>),
    Status(&'static str),
    Silence,
    Endless,
    /// By the `openssl ocsp` command with this folder's index, authority and key.
    Openssl(std::path::PathBuf),
}

/// A real HTTP server on the loopback that counts questions.
struct Server {
    url: String,
    answer: Arc<std::sync::Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
}

impl Server {
    async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/ocsp", listener.local_addr().unwrap());
        let server = Self { url, answer: Arc::new(std::sync::Mutex::new(answer)), asked: Arc::default() };
        let (answer, asked) = (Arc::clone(&server.answer), Arc::clone(&server.asked));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                asked.fetch_add(1, Ordering::SeqCst);
                let answer = answer.lock().unwrap().clone();
                tokio::spawn(serve(stream, answer));
            }
        });
        server
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }
}

async fn serve(mut stream: TcpStream, answer: Answer) {
    let request = read_request(&mut stream).await;
    let body = match answer {
        Answer::Bytes(body) => body,
        Answer::Openssl(folder) => openssl(&folder, &request).await,
        Answer::Silence => return tokio::time::sleep(Duration::from_secs(60)).await,
        Answer::Status(status) => {
            let _ = stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await;
            return;
        }
        Answer::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while stream.write_all(&[0x30; 1024]).await.is_ok() {}
            return;
        }
    };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
}

/// The body of a POST with a length, as we send it.
async fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut read = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        read.extend_from_slice(&chunk[..count]);
        let Some(head) = read.windows(4).position(|window| window == b"\r\n\r\n") else {
            assert!(count > 0, "the request ends in its head");
            continue;
        };
        let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
        assert!(text.starts_with("post /ocsp http/1.1") && text.contains("content-type: application/ocsp-request"));
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if read.len() >= head + 4 + length.parse::<usize>().unwrap() {
            return read.split_off(head + 4);
        }
    }
}

async fn openssl(folder: &std::path::Path, request: &[u8]) -> Vec<u8> {
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(path("request.der"), request).unwrap();
    let output = tokio::process::Command::new("openssl")
        .args(["ocsp", "-index", &path("index.txt"), "-CA", &path("ca.pem"), "-rsigner", &path("ca.pem")])
        .args(["-rkey", &path("ca.key"), "-reqin", &path("request.der"), "-respout", &path("response.der")])
        .args(["-ndays", "1"])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(path("response.der")).unwrap()
}

struct Scene {
    authority: Authority,
    user: Arc<Certificate>,
}

impl Scene {
    fn new() -> Self {
        let authority = Authority::root("Contoso Root", 1);
        let user = authority.user("Alice", 0x33, &[]);
        Self { authority, user }
    }

    fn good(&self) -> TestAnswer {
        let own = TestResponder::authority(&self.authority);
        TestAnswer::about(&self.user, &self.authority.certificate, &own)
    }

    fn wanted(&self, url: &str, nonce: bool) -> OcspWanted {
        wanted(&self.user, &self.authority, url, nonce)
    }
}

fn wanted(user: &Arc<Certificate>, authority: &Authority, url: &str, nonce: bool) -> OcspWanted {
    let settings = OcspSettings { url: Some(url.to_owned()), nonce, ..OcspSettings::default() };
    OcspWanted::for_test(user, &authority.certificate, &settings)
}

fn source(timeout: Duration, clock: Clock) -> Arc<OcspSource> {
    let loopback = AddressPolicy::new(vec![HostRule::parse("127.0.0.0/8").unwrap()], Vec::new());
    source_of(timeout, clock, loopback)
}

fn source_of(timeout: Duration, clock: Clock, policy: AddressPolicy) -> Arc<OcspSource> {
    let limits = FetchLimits { timeout, maximum_bytes: 45 * 1024 * 1024 };
    let transport = Arc::new(OcspPost::new(&Fetcher::new(limits, policy, None).unwrap()));
    Arc::new(OcspSource::new(transport, Duration::from_secs(30), || [0x5a; 32], clock))
}

fn patient() -> Arc<OcspSource> {
    source(Duration::from_secs(5), Clock::Fixed(hours(0)))
}

fn cause(answer: OcspAnswer) -> OcspFailure {
    answer.unwrap_err().cause().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_ask_once_and_later_ones_not_at_all_until_next_update() {
    let scene = Scene::new();
    let server = Server::start(Answer::Bytes(scene.good().der())).await;
    let (source, wanted) = (patient(), scene.wanted(&server.url, false));
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (source, wanted) = (Arc::clone(&source), wanted.clone());
            tokio::spawn(async move { source.answer(&wanted).await.unwrap().status() })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), CertificateStatus::Good);
    }
    assert_eq!(server.asked(), 1);
    assert!(source.answer_at(&wanted, hours(22)).await.is_ok());
    assert_eq!(server.asked(), 1);
    server.answers(Answer::Bytes(TestAnswer { next_update: Some(hours(48)), ..scene.good() }.der()));
    assert_eq!(source.answer_at(&wanted, hours(23)).await.unwrap().next_update(), Some(hours(48)));
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn every_way_of_getting_no_answer_is_told_apart() {
    type Expected = fn(&OcspFailure) -> bool;
    let scene = Scene::new();
    let try_later = tlv(0x30, &tlv(0x0a, &[3]));
    let good = scene.good().der();
    let stranger = TestResponder::authority(&Authority::root("Stranger", 9));
    let by_a_stranger = TestAnswer::about(&scene.user, &scene.authority.certificate, &stranger).der();
    let critical = tlv(0x30, &[tlv(6, &[0x2a, 3, 4]), tlv(1, &[0xff]), tlv(4, &[5, 0])].concat());
    let other = scene.authority.user("Other", 99, &[]);
    let own = TestResponder::authority(&scene.authority);
    let about_another = TestAnswer::about(&other, &scene.authority.certificate, &own).der();
    let forged = {
        let mut forged = good.clone();
        *forged.last_mut().unwrap() ^= 1;
        forged
    };
    let cases: [(Answer, Expected); 11] = [
        (Answer::Bytes(good[..good.len() / 2].to_vec()), |f| matches!(f, OcspFailure::Unreadable { .. })),
        (Answer::Bytes(forged), |f| matches!(f, OcspFailure::SignatureInvalid { .. })),
        (Answer::Bytes(by_a_stranger), |f| matches!(f, OcspFailure::NotAuthorised { .. })),
        (Answer::Bytes(about_another), |f| matches!(f, OcspFailure::OfAnotherCertificate { .. })),
        (Answer::Bytes(TestAnswer { extensions: vec![critical], ..scene.good() }.der()), |f| {
            matches!(f, OcspFailure::Unsupported { .. })
        }),
        (Answer::Bytes(TestAnswer { algorithm: 1, ..scene.good() }.der()), |f| {
            matches!(f, OcspFailure::WeakSignature { .. })
        }),
        (Answer::Status("403 Forbidden"), |f| matches!(f, OcspFailure::HttpStatus { status: 403, .. })),
        (Answer::Status("302 Found"), |f| matches!(f, OcspFailure::UnsupportedAddress { .. })),
        (Answer::Endless, |f| matches!(f, OcspFailure::TooLarge { limit: 65_536, .. })),
        (Answer::Bytes(b"<html>".to_vec()), |f| matches!(f, OcspFailure::Unreadable { .. })),
        (Answer::Bytes(try_later), |f| matches!(f, OcspFailure::TryLater { .. })),
    ];
    for (answer, expected) in cases {
        let server = Server::start(answer).await;
        let (source, wanted) = (patient(), scene.wanted(&server.url, true));
        let failure = cause(source.answer(&wanted).await);
        assert!(expected(&failure), "{failure}");
        // Remembered for half a minute.
        assert_eq!(cause(source.answer_at(&wanted, hours(0) + SignedDuration::from_secs(29)).await), failure);
        assert_eq!(server.asked(), 1);
        server.answers(Answer::Bytes(scene.good().der()));
        assert!(source.answer_at(&wanted, hours(0) + SignedDuration::from_secs(30)).await.is_ok());
    }
    for url in ["https://ocsp.contoso.test/", "ldap://x/", "file:///etc/passwd", "", "ocsp"] {
        let failure = cause(patient().answer(&scene.wanted(url, false)).await);
        assert!(matches!(failure, OcspFailure::UnsupportedAddress { .. }), "{failure}");
    }
    let refused = cause(patient().answer(&scene.wanted("http://127.0.0.1:1/", false)).await);
    assert!(matches!(refused, OcspFailure::Unreachable { .. }), "{refused}");
}

/// The operator's address policy holds for responders as it does for CRLs, whoever names them.
#[tokio::test]
async fn a_forbidden_address_is_not_asked() {
    let scene = Scene::new();
    let server = Server::start(Answer::Bytes(scene.good().der())).await;
    let mut wanted = scene.wanted(&server.url, false);
    for url in [server.url.clone(), server.url.replace("127.0.0.1", "localhost")] {
        for named_by in [UrlSource::Certificate, UrlSource::Configured] {
            (wanted.urls, wanted.source) = (vec![url.clone()], named_by);
            let deny = vec![HostRule::parse("127.0.0.0/8").unwrap(), HostRule::parse("::1").unwrap()];
            let policies = match named_by {
                UrlSource::Certificate => vec![AddressPolicy::default(), AddressPolicy::new(Vec::new(), deny)],
                UrlSource::Configured => vec![AddressPolicy::new(Vec::new(), deny)],
            };
            for policy in policies {
                let source = source_of(Duration::from_secs(5), Clock::Fixed(hours(0)), policy);
                let failure = cause(source.answer(&wanted).await);
                assert!(matches!(failure, OcspFailure::UnsupportedAddress { .. }), "{url} {named_by:?}: {failure}");
            }
        }
    }
    assert_eq!(server.asked(), 0);
}

/// One timeout for everybody, not one per certificate.
#[tokio::test]
async fn a_frozen_server_costs_one_timeout() {
    let scene = Scene::new();
    let server = Server::start(Answer::Silence).await;
    let source = source(Duration::from_millis(100), Clock::Fixed(hours(0)));
    for serial in 1..20 {
        let user = scene.authority.user("User", serial, &[]);
        let failure = cause(source.answer(&wanted(&user, &scene.authority, &server.url, false)).await);
        assert!(matches!(failure, OcspFailure::TimedOut { .. }), "{failure}");
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn the_next_responder_is_asked_when_one_says_nothing() {
    let scene = Scene::new();
    let (down, ignorant) = ("http://127.0.0.1:1/", Server::start(Answer::Bytes(scene.good().unknown().der())).await);
    let knowing = Server::start(Answer::Bytes(scene.good().der())).await;
    let mut wanted = scene.wanted(down, false);
    wanted.urls = vec![down.to_owned(), ignorant.url.clone()];
    assert_eq!(patient().answer(&wanted).await.unwrap().status(), CertificateStatus::Unknown);
    wanted.urls.push(knowing.url.clone());
    assert_eq!(patient().answer(&wanted).await.unwrap().status(), CertificateStatus::Good);
    wanted.urls.clear();
    assert!(matches!(cause(patient().answer(&wanted).await), OcspFailure::NoUrl { .. }));
}

/// The whole way with a responder that is not of our making, on the machine's clock.
#[tokio::test]
async fn openssl_answers_over_http() {
    let scene = Scene::new();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
    let authority = TestResponder::authority(&scene.authority);
    let certificate = openssl::x509::X509::from_der(authority.certificate.der()).unwrap();
    write("ca.pem", &certificate.to_pem().unwrap());
    write("ca.key", &authority.key.private_key_to_pem_pkcs8().unwrap());
    let server = Server::start(Answer::Openssl(folder.path().to_owned())).await;
    for (index, expected) in [
        ("V\t350101000000Z\t\t33\tunknown\t/CN=Alice\n", "Good"),
        ("R\t350101000000Z\t260601000000Z,superseded\t33\tunknown\t/CN=Alice\n", "Revoked { reason: Superseded"),
        ("V\t350101000000Z\t\t34\tunknown\t/CN=Bob\n", "Unknown"),
    ] {
        write("index.txt", index.as_bytes());
        for nonce in [false, true] {
            let source = source(Duration::from_secs(20), Clock::System);
            let answer = source.answer(&scene.wanted(&server.url, nonce)).await.unwrap();
            assert!(format!("{:?}", answer.status()).starts_with(expected), "{:?}", answer.status());
            assert_eq!(answer.echoed_nonce(), nonce);
            assert!(answer.judge_time(Clock::System.now(), SignedDuration::ZERO).is_ok());
        }
    }
}

#[tokio::test]
async fn a_sha1_answer_counts_where_the_operator_allows_it() {
    let scene = Scene::new();
    let server = Server::start(Answer::Bytes(TestAnswer { algorithm: 1, ..scene.good() }.der())).await;
    let mut wanted = scene.wanted(&server.url, false);
    let failure = cause(patient().answer(&wanted).await);
    assert!(matches!(failure, OcspFailure::WeakSignature { .. }), "{failure}");
    wanted.sha1 = Sha1::Allowed;
    assert_eq!(patient().answer(&wanted).await.unwrap().status(), CertificateStatus::Good);
}
