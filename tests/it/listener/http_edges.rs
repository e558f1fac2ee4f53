//! HTTP as clients really speak it: paths, methods, versions, several requests at once, and requests inside requests.

use crate::support::gateway::{Patience, TestGateway};
use crate::support::http_client::{Answer, exchange, is_closed, read_answer, read_head};
use crate::support::tls_client::{Client, Identity};
use crate::support::token_request::{BODY, PATH, get, head};
use fedgate::clock::Clock;
use fedgate::http::{GetAnswer, HoldLimits};
use openssl::ssl::{SslStream, SslVersion};
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

fn connect(to: SocketAddr) -> SslStream<TcpStream> {
    Client::new(SslVersion::TLS1_3).connect(to).unwrap()
}

fn with_certificate(gateway: &TestGateway) -> SslStream<TcpStream> {
    Client::new(SslVersion::TLS1_3).presenting(Identity::of("good")).connect(gateway.user_tls).unwrap()
}

/// What every answer of the gateway's own carries.
fn assert_hardened(answer: &Answer) {
    for (name, value) in [
        ("strict-transport-security", "max-age=31536000"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "no-cache, no-store"),
        ("pragma", "no-cache"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name} in {answer:?}");
    }
    assert_eq!(answer.header("server"), None, "nobody needs to know what answers");
}

#[test]
fn each_path_and_method_gets_its_answer_and_all_are_hardened() {
    let gateway = TestGateway::start();
    let post = |path: &str| format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    let method = |method: &str, path: &str| format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    for (request, status) in [
        (get("/adfs/probe"), 200),
        (get("/ADFS/Probe"), 200),
        (get("/adfs/probe/"), 200),
        (get("/adfs/probe?from=balancer"), 200),
        (get("https://sts.contoso.test/adfs/probe"), 200),
        (post("/adfs/probe"), 405),
        (get(PATH), 405),
        (get("/ADFS/Services/Trust/2005/CertificateTransport/"), 405),
        (method("PUT", PATH), 405),
        (method("DELETE", PATH), 405),
        (method("OPTIONS", PATH), 405),
        (method("TRACE", PATH), 405),
        (method("BREW", PATH), 405),
        (post(PATH), 403),
        (post("/adfs/services/trust/2005/CERTIFICATETRANSPORT/"), 403),
        (get("/"), 404),
        (get("/adfs"), 404),
        (get("/adfs/probe/x"), 404),
        (get("/adfs/services/trust/2005/../2005/certificatetransport"), 404),
        (get("/adfs/services/trust/2005/certificatetransport%00"), 404),
        (get("/%2e%2e/%2e%2e/etc/passwd"), 404),
    ] {
        let answer = exchange(&mut connect(gateway.user_tls), &request);
        assert_eq!(answer.status, status, "{request}");
        assert_hardened(&answer);
    }
    assert_eq!(exchange(&mut connect(gateway.service), get("/adfs/probe")).status, 200, "balancers probe both ports");
}

#[test]
fn head_is_answered_without_a_body() {
    let gateway = TestGateway::start();
    let mut stream = connect(gateway.user_tls);
    for (path, status, allowed) in [("/adfs/probe", 200, None), (PATH, 405, Some("POST"))] {
        stream.write_all(format!("HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).unwrap();
        let answer = read_head(&mut stream).unwrap();
        assert_eq!((answer.status, answer.header("allow")), (status, allowed));
        assert_hardened(&answer);
    }
    // Had there been a body, it would stand where the next answer begins.
    assert_eq!(exchange(&mut stream, get("/adfs/probe")).status, 200);
}

#[test]
fn a_visit_with_get_is_told_where_it_came_to() {
    let gateway = TestGateway::start();
    let answer = exchange(&mut with_certificate(&gateway), get(PATH));
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    let reference = answer.header("request-id").unwrap();
    for words in [
        &format!("{PATH} of sts.contoso.test is reachable."),
        "A certificate arrived, with 1 more beside it.",
        &format!("Reference {reference}\n"),
    ] {
        assert!(answer.body.contains(words), "{words:?} in {}", answer.body);
    }
    assert!(gateway.records().is_empty(), "a visit is no sign-in");
}

#[test]
fn held_visits_are_bounded() {
    let hold = Duration::from_millis(1500);
    let limits = HoldLimits { duration: hold, places: Arc::new(Semaphore::new(2)) };
    let gateway = TestGateway::with(Patience { get_answer: GetAnswer::Hold(limits), ..Patience::default() });
    let visit = || {
        let mut stream = connect(gateway.user_tls);
        let stopwatch = Clock::System.stopwatch();
        let answer = exchange(&mut stream, get(PATH));
        assert_eq!(answer.status, 405);
        stopwatch.elapsed()
    };
    for _ in 0..2 {
        let mut waited: Vec<Duration> = std::thread::scope(|scope| {
            let visits: Vec<_> = (0..4).map(|_| scope.spawn(visit)).collect();
            visits.into_iter().map(|visit| visit.join().unwrap()).collect()
        });
        waited.sort();
        // Two places; they are free again for the second round.
        assert!(waited[1] < hold && waited[2] >= hold, "{waited:?}");
    }
    assert_eq!(exchange(&mut connect(gateway.user_tls), get("/adfs/probe")).status, 200, "only this endpoint waits");
}

#[test]
fn requests_sent_together_are_answered_in_their_order() {
    let gateway = TestGateway::start();
    let mut stream = with_certificate(&gateway);
    let token_request = format!("{}Content-Length: {}\r\n\r\n{BODY}", head(), BODY.len());
    let together = [get("/adfs/probe"), get(PATH), token_request.clone(), get("/nowhere"), token_request].concat();
    stream.write_all(together.as_bytes()).unwrap();
    let statuses: Vec<u16> = (0..5).map(|_| read_answer(&mut stream).unwrap().status).collect();
    assert_eq!(statuses, [200, 405, 500, 404, 500]);
    assert_eq!(gateway.records().len(), 2);
}

#[test]
fn a_body_may_come_in_chunks_and_octet_by_octet() {
    let gateway = TestGateway::start();
    let mut stream = with_certificate(&gateway);
    let (first, second) = BODY.split_at(100);
    let chunked = format!(
        "{}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        head(),
        first.len(),
        second.len()
    );
    for octet in chunked.as_bytes() {
        stream.write_all(&[*octet]).unwrap();
    }
    assert_eq!(read_answer(&mut stream).unwrap().status, 500);
    assert_eq!(exchange(&mut stream, chunked).status, 500);
    for record in gateway.records() {
        assert!(record.steps.iter().any(|step| step.stage == fedgate::sign_in::Stage::Chain), "{record:?}");
    }
}

#[test]
fn a_client_that_asks_before_it_sends_is_told_to_go_on() {
    let gateway = TestGateway::start();
    let mut stream = with_certificate(&gateway);
    let head = format!("{}Expect: 100-continue\r\nContent-Length: {}\r\n\r\n", head(), BODY.len());
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(read_head(&mut stream).unwrap().status, 100);
    assert_eq!(exchange(&mut stream, BODY).status, 500);
}

#[test]
fn an_old_client_is_served_and_let_go() {
    let gateway = TestGateway::start();
    let mut stream = connect(gateway.user_tls);
    let answer = exchange(&mut stream, "GET /adfs/probe HTTP/1.0\r\n\r\n");
    assert_eq!(answer.status, 200);
    assert_hardened(&answer);
    assert!(is_closed(&mut stream));
}

/// Two readers of one connection (a load balancer and the gateway) must not disagree on where a request ends.
#[test]
fn requests_of_uncertain_length_are_refused() {
    let gateway = TestGateway::start();
    for (about, framing) in [
        ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        ("a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a length that is none", "Content-Length: five\r\n\r\nhello"),
        ("a negative length", "Content-Length: -5\r\n\r\nhello"),
        ("a length with a sign", "Content-Length: +5\r\n\r\nhello"),
        ("a coding nobody knows", "Transfer-Encoding: gibberish\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        ("chunks, and not last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        ("a folded header", "X: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
        ("a blank before the colon", "Content-Length : 5\r\n\r\nhello"),
        ("a zero octet", "X: a\0b\r\nContent-Length: 0\r\n\r\n"),
    ] {
        let mut stream = with_certificate(&gateway);
        let answer = exchange(&mut stream, format!("{}{framing}", head()));
        assert_eq!(answer.status, 400, "{about}: {answer:?}");
        assert!(is_closed(&mut stream), "{about}");
    }
    assert!(gateway.records().is_empty());
}

/// A body that is not read must not become the next request.
#[test]
fn a_request_inside_a_body_is_not_answered() {
    let gateway = TestGateway::start();
    let inner = get("/adfs/probe");
    for request in ["POST /nowhere", "PUT /adfs/probe", "GET /adfs/probe", &format!("DELETE {PATH}")] {
        for repeat in [1, 400] {
            let body = inner.repeat(repeat);
            let mut stream = with_certificate(&gateway);
            let outer = format!("{request} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let first = exchange(&mut stream, outer);
            assert!([200, 404, 405].contains(&first.status), "{request}");
            // Either the connection ends there, or the next answer is to the next request.
            if stream.write_all(get("/marker").as_bytes()).is_ok() {
                let next = read_answer(&mut stream);
                assert!(next.is_none_or(|next| next.status == 404), "{request} with {repeat}");
            }
        }
    }
}

#[test]
fn stopping_lets_a_request_in_flight_finish() {
    let hold = Duration::from_millis(1500);
    let limits = HoldLimits { duration: hold, places: Arc::new(Semaphore::new(1)) };
    let mut gateway =
        TestGateway::with(Patience { get_answer: GetAnswer::Hold(limits.clone()), ..Patience::default() });
    let address = gateway.user_tls;
    let mut stream = connect(address);
    stream.write_all(get(PATH).as_bytes()).unwrap();
    while limits.places.available_permits() > 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let visitor = std::thread::spawn(move || read_answer(&mut stream));
    gateway.stop();
    assert_eq!(visitor.join().unwrap().expect("an answer").status, 405);
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}
