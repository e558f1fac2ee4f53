//! How long a handshake may take. A person types a PIN in the middle of it.

use crate::support::gateway::{Patience, TestGateway};
use crate::support::http_client::{exchange, is_closed};
use crate::support::tls_client::{Client, Identity, VERSIONS, dial};
use crate::support::token_request::get;
use fedgate::clock::Clock;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A connection on which the client takes its time between its first words and the next.
#[derive(Debug)]
struct Hesitant {
    stream: TcpStream,
    pause: Duration,
    written: u32,
}

impl Read for Hesitant {
    fn read(&mut self, octets: &mut [u8]) -> io::Result<usize> {
        self.stream.read(octets)
    }
}

impl Write for Hesitant {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.written += 1;
        if self.written == 2 {
            std::thread::sleep(self.pause);
        }
        self.stream.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Four seconds, one more than the server library would give if it were not told otherwise.
#[test]
fn a_client_may_take_longer_than_three_seconds_to_answer() {
    let gateway = TestGateway::start();
    std::thread::scope(|scope| {
        for version in VERSIONS {
            let gateway = &gateway;
            scope.spawn(move || {
                let pause = Duration::from_secs(4);
                let stream = Hesitant { stream: dial(gateway.user_tls), pause, written: 0 };
                let client = Client::new(version).presenting(Identity::of("good"));
                let stopwatch = Clock::System.stopwatch();
                let mut stream = client.connect_over(stream).unwrap();
                assert!(stopwatch.elapsed() >= pause, "the pause was inside the handshake");
                assert_eq!(exchange(&mut stream, get("/adfs/probe")).status, 200, "{version:?}");
            });
        }
    });
}

#[test]
fn a_handshake_that_takes_longer_than_configured_is_ended() {
    let limit = Duration::from_millis(400);
    let gateway = TestGateway::with(Patience { handshake: limit, ..Patience::default() });
    for address in [gateway.user_tls, gateway.service] {
        let stopwatch = Clock::System.stopwatch();
        assert!(is_closed(&mut dial(address)), "a client that says nothing");
        let took = stopwatch.elapsed();
        assert!(took >= limit && took < 10 * limit, "{took:?}");

        for version in VERSIONS {
            let stream = Hesitant { stream: dial(address), pause: 3 * limit, written: 0 };
            let answered = Client::new(version).connect_over(stream).is_ok_and(|mut stream| {
                let _ = stream.write_all(get("/adfs/probe").as_bytes());
                matches!(stream.read(&mut [0]), Ok(1))
            });
            assert!(!answered, "{version:?}: a client that hesitates");
        }
    }
}

/// Handshakes that wait for a person must not keep others out.
#[test]
fn many_unfinished_handshakes_keep_nobody_out() {
    let gateway = TestGateway::start();
    let _waiting: Vec<TcpStream> = (0..100).map(|_| dial(gateway.user_tls)).collect();
    let mut stream = Client::new(VERSIONS[1]).connect(gateway.user_tls).unwrap();
    assert_eq!(exchange(&mut stream, get("/adfs/probe")).status, 200);
}
