//! A little web server for tests: real sockets on the loopback interface.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the server answers.
#[derive(Clone)]
pub(super) enum Answer {
    Bytes(Vec<u8>),
    Status(&'static str),
    /// A status line's code and reason, and `Location`.
    Redirect(&'static str, String),
    /// The body with these further header lines, each ended by CRLF.
    With(String, Vec<u8>),
    Truncated(Vec<u8>),
    Endless,
    Silence,
    /// One octet every now and then.
    Dripping,
    Slow(Vec<u8>, Duration),
}

/// Counts requests, remembers the last and can change its answer.
pub(super) struct Server {
    pub(super) address: String,
    answer: Arc<Mutex<Answer>>,
    requests: Arc<AtomicUsize>,
    last: Arc<Mutex<String>>,
}

impl Server {
    pub(super) async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = Self {
            address,
            answer: Arc::new(Mutex::new(answer)),
            requests: Arc::new(AtomicUsize::new(0)),
            last: Arc::default(),
        };
        let (answer, requests) = (Arc::clone(&server.answer), Arc::clone(&server.requests));
        let last = Arc::clone(&server.last);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                requests.fetch_add(1, Ordering::SeqCst);
                let answer = answer.lock().unwrap().clone();
                tokio::spawn(serve(stream, answer, Arc::clone(&last)));
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/ca.crl", self.address)
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// The head of the last request, in lower case.
    pub(super) fn last(&self) -> String {
        self.last.lock().unwrap().clone()
    }

    pub(super) fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// Waits for something that a task in the background brings about.
    pub(super) async fn eventually(condition: impl Fn() -> bool) {
        for _ in 0..500 {
            if condition() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it did not come about within 5 s");
    }
}

async fn serve(mut stream: tokio::net::TcpStream, answer: Answer, last: Arc<Mutex<String>>) {
    let mut request = [0; 4096];
    let length = stream.read(&mut request).await.unwrap_or(0);
    *last.lock().unwrap() = String::from_utf8_lossy(&request[..length]).to_lowercase();
    let ok = |length: usize, more: &str| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n").into_bytes()
    };
    let bytes = match answer {
        Answer::Bytes(body) => [ok(body.len(), ""), body].concat(),
        Answer::With(headers, body) => [ok(body.len(), &headers), body].concat(),
        Answer::Status(status) => format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes(),
        Answer::Redirect(status, to) => {
            format!("HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
        }
        Answer::Truncated(body) => [ok(body.len() + 10, ""), body].concat(),
        Answer::Endless => {
            let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            let _ = stream.write_all(head).await;
            while stream.write_all(b"400\r\n").await.is_ok()
                && stream.write_all(&[0x30; 0x400]).await.is_ok()
                && stream.write_all(b"\r\n").await.is_ok()
            {}
            return;
        }
        Answer::Dripping => {
            let _ = stream.write_all(&ok(10_000, "")).await;
            while stream.write_all(&[0x30]).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            return;
        }
        Answer::Silence => return tokio::time::sleep(Duration::from_secs(60)).await,
        Answer::Slow(body, delay) => {
            tokio::time::sleep(delay).await;
            [ok(body.len(), ""), body].concat()
        }
    };
    let _ = stream.write_all(&bytes).await;
    let _ = stream.shutdown().await;
}
