//! Servers that accept a connection and then make the client wait, each in its own way.

use super::{MARGIN, search};
use fedgate::directory::{Dialect, DirectoryFailure};
use fedgate::lookups::{LdapDirectory, LdapSettings};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const CONNECT: Duration = Duration::from_millis(300);
const OPERATION: Duration = Duration::from_millis(600);

/// Serves connections one after the other until the test ends.
fn serve(answer: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    port
}

fn directory(url: String, bind: bool) -> LdapDirectory {
    LdapDirectory::new(LdapSettings {
        url,
        start_tls: false,
        ca_certificate: None,
        bind: bind.then(|| ("cn=gateway".to_owned(), "secret".to_owned())),
        base_dn: "dc=contoso,dc=test".to_owned(),
        dialect: Dialect::OpenLdap,
        connections: 2,
        connect_timeout: CONNECT,
        operation_timeout: OPERATION,
        maximum_entries: 1_000_000,
    })
    .unwrap()
}

/// Reads what the client says and never answers.
fn listen_in_silence(mut client: TcpStream) {
    let mut octets = [0; 512];
    while client.read(&mut octets).is_ok_and(|read| read > 0) {}
}

#[tokio::test]
async fn a_server_that_never_speaks_costs_the_limit_of_the_step_it_is_in() {
    for (step, scheme, bind, limit) in [
        ("the TLS handshake", "ldaps", false, CONNECT),
        ("the bind", "ldap", true, CONNECT),
        ("the search", "ldap", false, OPERATION),
    ] {
        let url = format!("{scheme}://127.0.0.1:{}", serve(listen_in_silence));
        let directory = directory(url.clone(), bind);
        for _ in 0..3 {
            let (answer, took) = search(&directory).await;
            assert_eq!(answer, Err(DirectoryFailure::TimedOut { server: url.clone(), seconds: 0 }), "{step}");
            assert!(took >= limit && took < limit + MARGIN, "{step}: {took:?}");
        }
    }
}

/// An entry now and then keeps a client waiting that counts from the last entry.
#[tokio::test]
async fn a_server_that_answers_drop_by_drop_costs_one_limit() {
    let drip = |mut client: TcpStream| {
        let _ = client.read(&mut [0; 512]);
        // SearchResultEntry of "cn=a" without attributes, for the client's first message (RFC 4511 section 4.5.2).
        let entry = b"\x30\x0d\x02\x01\x01\x64\x08\x04\x04cn=a\x30\x00";
        while client.write_all(entry).is_ok() {
            std::thread::sleep(OPERATION / 6);
        }
    };
    let url = format!("ldap://127.0.0.1:{}", serve(drip));
    let directory = directory(url.clone(), false);
    let (answer, took) = search(&directory).await;
    assert_eq!(answer, Err(DirectoryFailure::TimedOut { server: url, seconds: 0 }));
    assert!(took >= OPERATION && took < OPERATION + MARGIN, "{took:?}");
}

#[tokio::test]
async fn a_server_that_hangs_up_is_told_at_once() {
    for bind in [true, false] {
        let directory = directory(format!("ldap://127.0.0.1:{}", serve(drop)), bind);
        let (answer, took) = search(&directory).await;
        assert!(matches!(answer, Err(DirectoryFailure::Unreachable { .. })), "{answer:?}");
        assert!(took < CONNECT, "{took:?}");
    }
}
