//! How much, and how slowly, a client may send.

use crate::support::gateway::{Patience, TestGateway};
use crate::support::http_client::{exchange, is_closed, read_answer};
use crate::support::sockets;
use crate::support::tls_client::{Client, Identity, dial};
use crate::support::token_request::{BODY, get, head, token_request};
use fedgate::clock::Clock;
use fedgate::outcome::Outcome;
use openssl::ssl::{SslStream, SslVersion};
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

/// `[limits] request_bytes` where nothing is said.
const LONGEST_BODY: usize = 64 * 1024;
/// How long a client may take.
const REQUEST: Duration = Duration::from_secs(1);
/// How much longer it may seem on a busy machine.
const MARGIN: Duration = Duration::from_secs(2);

fn impatient() -> TestGateway {
    TestGateway::with(Patience { request: REQUEST, ..Patience::default() })
}

fn connect(gateway: &TestGateway) -> SslStream<TcpStream> {
    Client::new(SslVersion::TLS1_3).presenting(Identity::of("good")).connect(gateway.user_tls).unwrap()
}

#[test]
fn a_body_of_the_longest_length_is_read_and_a_longer_one_is_not() {
    let gateway = TestGateway::start();
    for chunked in [false, true] {
        for (length, status, outcome) in
            [(LONGEST_BODY, 400, Outcome::MalformedXml), (LONGEST_BODY + 1, 413, Outcome::RequestTooLarge)]
        {
            let body = "x".repeat(length);
            let request = if chunked {
                format!("{}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n", head())
            } else {
                format!("{}Content-Length: {length}\r\n\r\n{body}", head())
            };
            let answer = exchange(&mut connect(&gateway), request);
            let record = gateway.records().pop().unwrap();
            assert_eq!((answer.status, record.outcome), (status, outcome), "{length}, chunked: {chunked}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
    }
}

#[test]
fn a_body_without_end_is_answered_and_not_read_to_its_end() {
    let gateway = TestGateway::start();
    for framing in ["Content-Length: 100000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5f5e100\r\n"] {
        let mut stream = connect(&gateway);
        let answer = exchange(&mut stream, format!("{}{framing}{}", head(), "x".repeat(LONGEST_BODY + 1)));
        assert_eq!(answer.status, 413, "{framing}");
        assert_eq!(gateway.records().pop().unwrap().outcome, Outcome::RequestTooLarge);
    }
    // A client that does not listen may send for a moment longer, so that one that does can read its answer.
    let mut stream = connect(&gateway);
    stream.write_all(format!("{}Content-Length: 100000000000\r\n\r\n", head()).as_bytes()).unwrap();
    let stopwatch = Clock::System.stopwatch();
    while stopwatch.elapsed() < Duration::from_secs(15) && stream.write_all(&[b'x'; 4096]).is_ok() {}
    assert!(stopwatch.elapsed() < Duration::from_secs(1) + MARGIN, "{:?}", stopwatch.elapsed());
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    let gateway = TestGateway::start();
    let one_long = format!("GET /adfs/probe HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    let many = format!("GET /adfs/probe HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: x\r\n".repeat(200));
    let long_path = get(&format!("/{}", "x".repeat(200_000)));
    for (about, request, statuses) in [
        ("one long header", one_long, [431, 400]),
        ("many headers", many, [431, 400]),
        ("a long path", long_path, [431, 414]),
    ] {
        let mut stream = connect(&gateway);
        // The gateway may have hung up before all is written.
        let _ = stream.write_all(request.as_bytes());
        if let Some(answer) = read_answer(&mut stream) {
            assert!(statuses.contains(&answer.status), "{about}: {answer:?}");
        }
        assert!(is_closed(&mut stream), "{about}");
    }
}

#[test]
fn what_stalls_is_ended_in_time() {
    let gateway = impatient();
    let body = format!("{}Content-Length: {}\r\n\r\n{}", head(), BODY.len(), &BODY[..50]);
    for (about, sent) in [("nothing", String::new()), ("half a head", head()), ("half a body", body)] {
        let mut stream = connect(&gateway);
        let stopwatch = Clock::System.stopwatch();
        stream.write_all(sent.as_bytes()).unwrap();
        let answer = read_answer(&mut stream);
        assert!(answer.is_none_or(|answer| answer.status == 408), "{about}");
        assert!(is_closed(&mut stream), "{about}");
        let took = stopwatch.elapsed();
        assert!(took >= REQUEST / 2 && took < REQUEST + MARGIN, "{about}: {took:?}");
    }
    let outcomes: Vec<Outcome> = gateway.records().iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [Outcome::RequestInterrupted], "only what became a request is recorded");
}

/// One octet at a time is no way around the limit.
#[test]
fn what_trickles_is_ended_in_time() {
    let gateway = impatient();
    for (about, at_once, slowly) in [
        ("a head", String::new(), head()),
        ("a body", format!("{}Content-Length: {}\r\n\r\n", head(), BODY.len()), BODY.to_owned()),
    ] {
        let mut stream = connect(&gateway);
        stream.write_all(at_once.as_bytes()).unwrap();
        let took = trickle(&mut stream, &slowly);
        assert!(took < REQUEST + MARGIN, "{about}: {took:?}");
    }
}

/// Writes octet by octet until the connection ends; how long that took.
fn trickle(stream: &mut SslStream<TcpStream>, text: &str) -> Duration {
    let stopwatch = Clock::System.stopwatch();
    for octet in text.as_bytes().iter().cycle() {
        if stream.write_all(&[*octet]).is_err() || stopwatch.elapsed() > Duration::from_secs(30) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    stopwatch.elapsed()
}

/// After the first answer the server library counts no more; the listener's own watch does.
#[test]
fn a_connection_that_was_answered_cannot_be_held_for_ever() {
    let gateway = impatient();
    // Noticed at the second look: twice the time for a request and the silence after it.
    let limit = 2 * (REQUEST + Duration::from_secs(5)) + MARGIN;
    let half_a_chunk = format!("{}Transfer-Encoding: chunked\r\n\r\n32\r\n{}", head(), &BODY[..30]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = connect(&gateway);
            let stopwatch = Clock::System.stopwatch();
            assert_eq!(exchange(&mut stream, half_a_chunk).status, 408);
            assert!(stopwatch.elapsed() < REQUEST + MARGIN);
            assert!(is_closed(&mut stream));
            assert!(stopwatch.elapsed() < limit, "a body that stalls in a chunk: {:?}", stopwatch.elapsed());
        });
        scope.spawn(|| {
            let mut stream = connect(&gateway);
            let much = format!("{}Transfer-Encoding: chunked\r\n\r\n5f5e100\r\n{}", head(), "x".repeat(70_000));
            assert_eq!(exchange(&mut stream, much).status, 413);
            let took = trickle(&mut stream, "x");
            assert!(took < limit, "a refused body that goes on: {took:?}");
        });
        scope.spawn(|| {
            let mut stream = connect(&gateway);
            assert_eq!(exchange(&mut stream, get("/adfs/probe")).status, 200);
            let took = trickle(&mut stream, &get("/adfs/probe").trim_end().repeat(100));
            assert!(took < limit, "a second head: {took:?}");
        });
        scope.spawn(|| {
            let mut stream = connect(&gateway);
            let stopwatch = Clock::System.stopwatch();
            while stopwatch.elapsed() < limit {
                assert_eq!(exchange(&mut stream, get("/adfs/probe")).status, 200, "a busy client is not disturbed");
                std::thread::sleep(Duration::from_secs(1));
            }
        });
    });
}

#[test]
fn a_client_that_breaks_off_is_recorded_as_such() {
    let gateway = TestGateway::start();
    let mut stream = connect(&gateway);
    stream.write_all(format!("{}Content-Length: {}\r\n\r\n{}", head(), BODY.len(), &BODY[..50]).as_bytes()).unwrap();
    // Closes its half of TLS and goes.
    let _ = stream.shutdown();
    drop(stream);
    let stopwatch = Clock::System.stopwatch();
    while gateway.records().is_empty() {
        assert!(stopwatch.elapsed() < Duration::from_secs(15), "no record");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(gateway.records()[0].outcome, Outcome::RequestInterrupted);
    assert_eq!(exchange(&mut connect(&gateway), token_request()).status, 500, "and nobody else suffers");
}

/// Whatever way a client goes, the gateway lets go of its connection too, well before any limit.
#[test]
fn connections_leave_nothing_behind() {
    let gateway = TestGateway::start();
    for _ in 0..10 {
        drop(dial(gateway.user_tls));
        drop(connect(&gateway));
        let mut answered = connect(&gateway);
        exchange(&mut answered, token_request());
        let mut polite = connect(&gateway);
        exchange(&mut polite, get("/adfs/probe"));
        polite.shutdown().unwrap();
        let mut in_a_hurry = connect(&gateway);
        in_a_hurry.write_all(token_request().as_bytes()).unwrap();
        let mut undecided = connect(&gateway);
        undecided.write_all(head().as_bytes()).unwrap();
    }
    let stopwatch = Clock::System.stopwatch();
    while sockets::held_by_server(gateway.user_tls.port()) > 0 {
        let held = sockets::held_by_server(gateway.user_tls.port());
        assert!(stopwatch.elapsed() < Duration::from_secs(4), "{held} connections are still held");
        std::thread::sleep(Duration::from_millis(10));
    }
}
