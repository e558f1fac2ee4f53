//! A gateway that is started again while the CRL server is down, and one that may not ask the CRL server at all.

use crate::support::fedgate::Running;
use crate::support::lab::{TestLab, make, replace, sign_in};
use fedgate::certificate::Certificate;
use fedgate::lab::Lab;
use fedgate::outcome::Outcome;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn serve(lab: &Lab) -> Running {
    Running::serve(&lab.path("fedgate.toml"))
}

/// Serves a folder's CRLs on the lab's port until it is told to stop; then every connection is closed unanswered. Counts
/// connections.
struct CrlFolder {
    stopped: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
}

impl CrlFolder {
    fn serve(socket: TcpListener, folder: PathBuf) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let connections = Arc::new(AtomicUsize::new(0));
        let (stop, count) = (Arc::clone(&stopped), Arc::clone(&connections));
        std::thread::spawn(move || {
            for connection in socket.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                let mut connection = connection.unwrap();
                let mut request = [0; 4096];
                let length = connection.read(&mut request).unwrap_or(0);
                if stop.load(Ordering::Relaxed) {
                    continue;
                }
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let name = request.split(['/', ' ']).nth(2).unwrap();
                let crl = fs::read(folder.join(name)).unwrap();
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", crl.len());
                connection.write_all(&[head.as_bytes(), &crl].concat()).unwrap();
            }
        });
        Self { stopped, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn stop(self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn status(lab: &Lab, gateway: &Running, name: &str) -> u16 {
    sign_in(lab, gateway.user_tls(), name).status
}

#[test]
fn sign_ins_go_on_from_the_cache_folder_and_a_damaged_file_is_told_once() {
    let (_folder, lab, ports) = make();
    let cache = lab.path("cache");
    for address in &ports.addresses().unwrap()[..2] {
        replace(&lab, "fedgate.toml", &format!("\"{address}\""), "\"127.0.0.1:0\"");
    }
    replace(&lab, "fedgate.toml", "# cache_folder = ", "cache_folder = ");
    // The CRL server's port stays ours: nobody else may answer there.
    let crls = CrlFolder::serve(ports.crl, lab.path("crl"));
    let gateway = serve(&lab);
    assert_eq!(status(&lab, &gateway, "good"), 200);
    drop(gateway);
    let kept = files(&cache);
    assert_eq!(kept.len(), 2, "the CRLs of the issuing authority and of the root: {kept:?}");
    crls.stop();

    let gateway = serve(&lab);
    assert_eq!(status(&lab, &gateway, "good"), 200);
    assert_eq!(status(&lab, &gateway, "revoked"), 500);
    gateway.wait_for("CRL read from the cache folder");
    gateway.wait_for(Outcome::Revoked.code());
    drop(gateway);

    for file in &kept {
        let mut bytes = fs::read(file).unwrap();
        let middle = bytes.len() - 20;
        bytes[middle] ^= 1;
        fs::write(file, bytes).unwrap();
    }
    let gateway = serve(&lab);
    for _ in 0..3 {
        assert_eq!(status(&lab, &gateway, "good"), 500);
    }
    gateway.wait_for(Outcome::CrlUnreachable.code());
    let discarded = gateway.output().iter().filter(|line| line.contains("a kept CRL was discarded")).count();
    assert_eq!(discarded, 2, "once for each file");
    assert!(files(&cache).is_empty());
}

#[test]
fn a_certificate_does_not_send_the_gateway_to_its_own_machine() {
    let lab = TestLab::changed(|lab| replace(lab, "fedgate.toml", "fetch_allow = ", "# fetch_allow = "));
    let answer = sign_in(&lab.lab, lab.user_tls(), "good");
    assert_eq!(answer.status, 500);
    let record = lab.record(answer.header("request-id").unwrap());
    assert_eq!(record.outcome, Outcome::CrlAddressForbidden);
}

/// Whoever can make a certificate can write an address into it; only a path to one of our roots makes us ask there.
#[test]
fn no_connection_is_made_for_a_certificate_whose_path_is_not_built() {
    let (_folder, lab, ports) = make();
    let crl_server = ports.addresses().unwrap()[2].to_string();
    for address in &ports.addresses().unwrap()[..2] {
        replace(&lab, "fedgate.toml", &format!("\"{address}\""), "\"127.0.0.1:0\"");
    }
    let crls = CrlFolder::serve(ports.crl, lab.path("crl"));
    let gateway = serve(&lab);
    for name in ["unknown-issuer", "expired", "not-yet-valid", "weak-key", "wrong-eku"] {
        let (certificate, _) = lab.user(name);
        let pem = openssl::x509::X509::from_pem(&fs::read(certificate).unwrap()).unwrap();
        let read = Certificate::read_der(&pem.to_der().unwrap()).unwrap();
        let named = read.crl_distribution_points();
        assert!(named.iter().any(|url| url.contains(&crl_server)), "{name} leads elsewhere: {named:?}");
        assert_eq!(status(&lab, &gateway, name), 500, "{name}");
    }
    assert_eq!(crls.connections(), 0);
    assert_eq!(status(&lab, &gateway, "good"), 200);
    assert_eq!(crls.connections(), 2, "the issuing authority's and the root's");
}
