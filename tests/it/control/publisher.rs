//! A web server for CRLs that does what it is told, and CRLs that OpenSSL signs.

use crate::support::gateway::PKI;
use fedgate::clock::Clock;
use openssl::x509::X509;
use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What stands at a path.
#[derive(Clone)]
enum Answer {
    Body(Vec<u8>, Duration),
    Status(&'static str),
}

/// The running server.
pub(super) struct Publisher {
    address: SocketAddr,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
}

impl Publisher {
    pub(super) fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let publisher = Self { address: socket.local_addr().unwrap(), answers: Arc::default() };
        let answers = Arc::clone(&publisher.answers);
        std::thread::spawn(move || {
            for connection in socket.incoming() {
                let (connection, answers) = (connection.unwrap(), Arc::clone(&answers));
                std::thread::spawn(move || serve(connection, &answers));
            }
        });
        publisher
    }

    pub(super) fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }

    pub(super) fn publishes(&self, name: &str, crl: Vec<u8>) {
        self.answers.lock().unwrap().insert(name.to_owned(), Answer::Body(crl, Duration::ZERO));
    }

    pub(super) fn publishes_slowly(&self, name: &str, crl: Vec<u8>, delay: Duration) {
        self.answers.lock().unwrap().insert(name.to_owned(), Answer::Body(crl, delay));
    }

    pub(super) fn fails(&self, name: &str, status: &'static str) {
        self.answers.lock().unwrap().insert(name.to_owned(), Answer::Status(status));
    }
}

fn serve(mut connection: TcpStream, answers: &Mutex<HashMap<String, Answer>>) {
    let mut request = [0; 4096];
    let length = connection.read(&mut request).unwrap_or(0);
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let name = request.split(['/', ' ']).nth(2).unwrap_or_default();
    let answer = answers.lock().unwrap().get(name).cloned().unwrap_or(Answer::Status("404 Not Found"));
    let bytes = match answer {
        Answer::Body(crl, delay) => {
            std::thread::sleep(delay);
            let (length, more) = (crl.len(), "ETag: \"v\"\r\nConnection: close\r\n");
            [format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{more}\r\n").into_bytes(), crl].concat()
        }
        Answer::Status(status) => format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes(),
    };
    let _ = connection.write_all(&bytes);
}

const AUTHORITY: &str = "\
[ca]
default_ca = it
[it]
database = index.txt
crlnumber = number
default_md = sha256
crl_extensions = extensions
[extensions]
authorityKeyIdentifier = keyid
";

/// An empty CRL of the issuing authority with this number, good from and to so many hours from now.
pub(super) fn issuing_crl(number: u8, hours: std::ops::Range<i64>) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    let issued = &PKI.issuing.issued;
    write("openssl.cnf", AUTHORITY.as_bytes());
    write("index.txt", b"");
    write("number", format!("{number:02X}\n").as_bytes());
    write("ca.pem", &X509::from_der(&issued.der).unwrap().to_pem().unwrap());
    write("ca.key", &issued.key.private().private_key_to_pem_pkcs8().unwrap());
    let moment = |hours: i64| {
        let second = Clock::System.now().as_second() + hours * 3600;
        let text = jiff::Timestamp::from_second(second).unwrap().to_string();
        text.chars().filter(|c| c.is_ascii_digit() || *c == 'Z').collect::<String>()
    };
    let (from, to) = (moment(hours.start), moment(hours.end));
    let arguments =
        ["ca", "-config", "openssl.cnf", "-gencrl", "-cert", "ca.pem", "-keyfile", "ca.key", "-out", "crl.pem"];
    let times = ["-crl_lastupdate", &from, "-crl_nextupdate", &to];
    for arguments in
        [[&arguments[..], &times[..]].concat(), vec!["crl", "-in", "crl.pem", "-outform", "DER", "-out", "crl.der"]]
    {
        let mut command = Command::new("openssl");
        let output = command.args(arguments).current_dir(folder.path()).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    }
    fs::read(folder.path().join("crl.der")).unwrap()
}
