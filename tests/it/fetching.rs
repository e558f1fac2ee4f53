//! Fetching from servers that others wrote: OpenSSL's web server and OpenLDAP.

use crate::support::gateway::PKI;
use crate::support::server_certificate;
use crate::support::slapd::Slapd;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedgate::lookups::{AddressPolicy, FetchFailure, FetchLimits, Fetched, Fetcher, HostRule};
use fedgate::revocation::UrlSource;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::runtime::Runtime;

/// Fetches an address that a certificate names, from this machine too.
fn fetch(url: &str, authorities: Option<&[u8]>, maximum_bytes: usize) -> Result<Fetched, FetchFailure> {
    let policy = AddressPolicy::new(vec![HostRule::parse("127.0.0.0/8").unwrap()], Vec::new());
    let limits = FetchLimits { timeout: Duration::from_secs(10), maximum_bytes };
    let fetcher = Fetcher::new(limits, policy, authorities).unwrap();
    Runtime::new().unwrap().block_on(fetcher.get(url, UrlSource::Certificate, None))
}

/// `openssl s_server` with a folder's files. It dies with this value.
struct SecureServer {
    process: Child,
    address: String,
}

impl SecureServer {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key", "-WWW"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| Some(line.unwrap().strip_prefix("ACCEPT ")?.to_owned())).unwrap();
        std::thread::spawn(move || lines.count());
        Self { process, address }
    }
}

impl Drop for SecureServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_web_servers_certificate_is_judged_by_the_configured_authorities() {
    let folder = tempfile::tempdir().unwrap();
    let (right, wrong) = (server_certificate::for_loopback(), server_certificate::for_loopback());
    fs::write(folder.path().join("server.pem"), &right.certificate).unwrap();
    fs::write(folder.path().join("server.key"), &right.key).unwrap();
    let crl = vec![0x30; 70_000];
    fs::write(folder.path().join("ca.crl"), &crl).unwrap();
    let server = SecureServer::start(folder.path());
    let url = format!("https://{}/ca.crl", server.address);

    let fetched = fetch(&url, Some(&right.authority), 100_000).unwrap();
    assert_eq!(fetched.body, Some(crl));
    assert_eq!((fetched.facts.status, fetched.facts.bytes), (Some(200), 70_000));
    assert_eq!(fetch(&url, Some(&right.authority), 69_999), Err(FetchFailure::TooLarge(69_999)));
    for authorities in [Some(wrong.authority.as_slice()), None] {
        match fetch(&url, authorities, 100_000) {
            Err(FetchFailure::Unreachable(detail)) => assert!(detail.contains("certificate verify failed"), "{detail}"),
            other => panic!("{other:?}"),
        }
    }
    // The certificate is for 127.0.0.1 and for no other address of this machine.
    let other_name = url.replace("127.0.0.1", "127.0.0.2");
    assert!(matches!(fetch(&other_name, Some(&right.authority), 100_000), Err(FetchFailure::Unreachable(_))));
}

#[test]
fn a_crl_in_a_directory_is_read_over_ldap_and_ldaps() {
    let crl = &PKI.issuing_crl;
    let entry = |name: &str| {
        format!("dn: cn={name},ou=cdp,dc=contoso,dc=test\nobjectClass: cRLDistributionPoint\ncn: {name}\n")
    };
    let directory = format!(
        "dn: ou=cdp,dc=contoso,dc=test\nobjectClass: organizationalUnit\nou: cdp\n\n{}certificateRevocationList;binary:: {}\n\n{}\n",
        entry("Issuing CA"),
        STANDARD.encode(crl),
        entry("Empty"),
    );
    let slapd = Slapd::start(&directory);
    let authority = slapd.settings().ca_certificate;
    let at = |server: &str, path: &str| format!("{server}/{path}");
    let issuing = "cn=Issuing%20CA,ou=cdp,dc=contoso,dc=test?certificateRevocationList";
    for server in [slapd.ldap_url(), slapd.ldaps_url()] {
        for options in ["", ";binary", ";binary?base?objectClass=cRLDistributionPoint"] {
            let url = at(&server, &format!("{issuing}{options}"));
            let fetched =
                fetch(&url, authority.as_deref(), 100_000).unwrap_or_else(|failure| panic!("{url}: {failure}"));
            assert_eq!(fetched.body.as_ref(), Some(crl), "{url}");
        }
    }
    let cases = [
        ("cn=Empty,ou=cdp,dc=contoso,dc=test?certificateRevocationList", "the entry has no certificateRevocationList"),
        ("cn=Nobody,ou=cdp,dc=contoso,dc=test?certificateRevocationList", "result code 32"),
    ];
    for (path, expected) in cases {
        match fetch(&at(&slapd.ldap_url(), path), None, 100_000) {
            Err(FetchFailure::Unreachable(detail)) => assert!(detail.contains(expected), "{path}: {detail}"),
            other => panic!("{path}: {other:?}"),
        }
    }
    assert_eq!(fetch(&at(&slapd.ldap_url(), issuing), None, 10), Err(FetchFailure::TooLarge(10)));
    let stranger = server_certificate::for_loopback();
    let outcome = fetch(&at(&slapd.ldaps_url(), issuing), Some(&stranger.authority), 100_000);
    assert!(matches!(outcome, Err(FetchFailure::Unreachable(_))), "{outcome:?}");
}
