//! `--url-fetch` asks OCSP responders. OpenSSL makes the certificates' authority, its CRL and its answers.

use super::{json_in, run_in};
use crate::support::lab::{make, replace};
use fedgate::lab::Lab;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use tempfile::TempDir;

const CONFIGURATION: &str = "\
[req]\ndistinguished_name = name\n[name]\n\
[ca]\ndefault_ca = own\n[own]\ndatabase = listed.txt\ncrlnumber = number.txt\ndefault_md = sha256\ndefault_crl_days = 3650\n\
[authority]\nbasicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n\
[responder]\nextendedKeyUsage = OCSPSigning\nnoCheck = ignored\nauthorityKeyIdentifier = keyid\n\
[user]\nbasicConstraints = CA:false\nkeyUsage = digitalSignature\nextendedKeyUsage = clientAuth\n\
subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\nauthorityInfoAccess = OCSP;URI:http://ADDRESS/ocsp\n";

/// An authority that answers OCSP at a port of its own, as long as the test runs.
struct Authority {
    lab: Lab,
    folder: PathBuf,
    address: String,
    _temporary: TempDir,
}

impl Authority {
    /// `answers` is the HTTP status; `delegated` lets a responder of its own sign.
    fn new(answers: u16, delegated: bool) -> Self {
        let (temporary, lab, _ports) = make();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let folder = lab.path("ocsp");
        fs::create_dir_all(folder.join("root")).unwrap();
        fs::write(folder.join("openssl.cnf"), CONFIGURATION.replace("ADDRESS", &address)).unwrap();
        fs::write(folder.join("number.txt"), "01\n").unwrap();
        let own = Self { lab, folder, address, _temporary: temporary };
        own.certificate("authority", "root/ca.pem", &[]);
        for name in ["responder", "user"] {
            own.certificate(name, &format!("{name}.pem"), &["-CA", "root/ca.pem", "-CAkey", "authority.key"]);
        }
        own.lists("listed.txt", 'V');
        own.lists("answered.txt", 'V');
        let (folder, signer) = (own.folder.clone(), if delegated { "responder" } else { "authority" });
        thread::spawn(move || listener.incoming().for_each(|stream| serve(&folder, signer, answers, stream.unwrap())));
        own
    }

    fn certificate(&self, name: &str, file: &str, issuer: &[&str]) {
        let (subject, key) = (format!("/CN=Contoso {name}"), format!("{name}.key"));
        let serial = if name == "user" { "0x7b" } else { "0x11" };
        let arguments = ["req", "-x509", "-config", "openssl.cnf", "-newkey", "rsa:2048", "-nodes", "-days", "3650"];
        let named =
            ["-subj", &subject, "-keyout", &key, "-out", file, "-extensions", name, "-set_serial", serial, "-sha256"];
        openssl(&self.folder, &[&arguments[..], &named, issuer].concat());
    }

    /// The database of OpenSSL: the user is valid (V) or revoked (R).
    fn lists(&self, file: &str, status: char) {
        let revoked = if status == 'R' { "260101000000Z,keyCompromise" } else { "" };
        fs::write(
            self.folder.join(file),
            format!("{status}\t491231235959Z\t{revoked}\t7B\tunknown\t/CN=Contoso user\n"),
        )
        .unwrap();
    }

    /// Judges the user with the CRL of the moment.
    fn verify(&self, source: &[&str]) -> (Option<i32>, Value) {
        let crl = ["ca", "-gencrl", "-config", "openssl.cnf", "-keyfile", "authority.key", "-cert", "root/ca.pem"];
        openssl(&self.folder, &[&crl[..], &["-out", "ca.pem"]].concat());
        openssl(&self.folder, &["crl", "-in", "ca.pem", "-outform", "DER", "-out", "ca.crl"]);
        let given = ["verify", "ocsp/user.pem", "--url-fetch", "--crl", "ocsp/ca.crl"];
        let (code, mut reports) = json_in(&self.lab, &[&given[..], source].concat());
        (code, reports.remove(0))
    }

    /// The lab's configuration with this authority, and what is said of OCSP.
    fn configure(&self, ocsp: &str) {
        fs::remove_dir_all(self.lab.path("certs/root")).unwrap();
        fs::create_dir(self.lab.path("certs/root")).unwrap();
        fs::copy(self.folder.join("root/ca.pem"), self.lab.path("certs/root/ca.pem")).unwrap();
        fs::remove_file(self.lab.path("certs/intermediate/contoso-issuing-ca-1.pem")).unwrap();
        let section = format!("\n[[revocation.authority]]\ncertificate = \"certs/root/ca.pem\"\n{ocsp}\n[subject]\n");
        replace(&self.lab, "fedgate.toml", "\n[subject]\n", &section);
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// One request, answered by `openssl ocsp`.
fn serve(folder: &Path, signer: &str, status: u16, stream: TcpStream) {
    let mut reader = BufReader::new(&stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut request = vec![0; length];
    reader.read_exact(&mut request).unwrap();
    fs::write(folder.join("request.der"), request).unwrap();
    let certificate = if signer == "authority" { "root/ca.pem" } else { "responder.pem" };
    let files = ["-index", "answered.txt", "-CA", "root/ca.pem", "-rsigner", certificate];
    let key = format!("{signer}.key");
    let rest = ["-rkey", &key, "-reqin", "request.der", "-respout", "response.der", "-ndays", "7"];
    openssl(folder, &[&["ocsp"], &files[..], &rest].concat());
    let answer = if status == 200 { fs::read(folder.join("response.der")).unwrap() } else { Vec::new() };
    let head = format!(
        "HTTP/1.1 {status} Answer\r\nContent-Type: application/ocsp-response\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        answer.len()
    );
    (&stream).write_all(&[head.as_bytes(), &answer].concat()).unwrap();
}

fn asked(report: &Value) -> &Value {
    let mut responders = report["addresses"].as_array().unwrap().iter().filter(|address| address["kind"] == "ocsp");
    let asked = responders.next().unwrap_or_else(|| panic!("{report}"));
    assert!(responders.next().is_none(), "{report}");
    asked
}

const ROOT: [&str; 2] = ["--root", "ocsp/root"];

#[test]
fn a_responder_is_asked_and_its_answer_is_told() {
    for (delegated, signer, signer_is) in
        [(false, "CN=Contoso authority", "issuer"), (true, "CN=Contoso responder", "delegated responder")]
    {
        let authority = Authority::new(200, delegated);
        let (code, report) = authority.verify(&ROOT);
        assert_eq!((code, report["verdict"].as_str()), (Some(0), Some("good")), "{report}");
        let address = asked(&report);
        assert_eq!(address["url"], format!("http://{}/ocsp", authority.address));
        assert_eq!((address["asked"].as_bool(), address["http_status"].as_u64()), (Some(true), Some(200)));
        assert_eq!((&address["problem"], &address["server"]), (&Value::Null, &Value::from(authority.address.clone())));
        assert!(address["bytes"].as_u64().unwrap() > 200 && address["milliseconds"].is_u64(), "{address}");
        assert_eq!((&address["content_type"], &address["serial"]), (&"application/ocsp-response".into(), &"7B".into()));
        let facts = &address["ocsp"];
        let said = ["status", "signer", "signer_is", "nonce"].map(|key| facts[key].as_str().unwrap());
        assert_eq!(said, ["good", signer, signer_is, "echoed"], "{facts}");
        assert!(facts["this_update"].is_string() && facts["next_update"].is_string(), "{facts}");
        assert_eq!(report["revocation"][0]["ocsp"], Value::Null, "the CRL decides");
        assert_eq!(report["remarks"].as_array().unwrap().len(), 0, "{report}");
        let page = run_in(&authority.lab, 100, &[&["verify", "ocsp/user.pem", "--url-fetch"], &ROOT[..]].concat());
        assert!(page.output.contains("    says        good: not revoked\n"), "{}", page.output);
        assert!(page.output.contains("    nonce       repeated, so the answer is fresh\n"), "{}", page.output);
    }
}

#[test]
fn a_crl_and_a_responder_that_disagree_are_remarked_upon() {
    let authority = Authority::new(200, false);
    authority.lists("answered.txt", 'R');
    let (code, report) = authority.verify(&ROOT);
    assert_eq!((code, asked(&report)["ocsp"]["status"].as_str()), (Some(0), Some("revoked")), "{report}");
    assert_eq!(asked(&report)["ocsp"]["reason"], "keyCompromise");
    let remark = report["remarks"][0].as_str().unwrap();
    assert!(
        remark.contains("disagree about \"CN=Contoso user\": ocsp/ca.crl says not revoked, and http://"),
        "{remark}"
    );
}

/// The mode that the configuration sets decides, as in a sign-in.
#[test]
fn the_configuration_says_what_an_answer_counts_for() {
    let crl_revoked = |authority: &Authority| authority.lists("listed.txt", 'R');
    let ocsp_revoked = |authority: &Authority| authority.lists("answered.txt", 'R');
    type Change<'c> = &'c dyn Fn(&Authority);
    let cases: [(&str, u16, Change<'_>, &str, &str); 6] = [
        ("", 200, &ocsp_revoked, "good", "good"),
        ("ocsp = \"fallback\"", 200, &ocsp_revoked, "good", "good"),
        ("ocsp = \"instead\"", 200, &ocsp_revoked, "refused", "revoked"),
        ("ocsp = \"instead\"", 200, &crl_revoked, "good", "good"),
        ("ocsp = \"instead\"", 403, &|_| {}, "refused", "unknown"),
        ("", 403, &crl_revoked, "refused", "revoked"),
    ];
    for (ocsp, status, change, verdict, revocation) in cases {
        let authority = Authority::new(status, false);
        authority.configure(ocsp);
        change(&authority);
        let (_, report) = authority.verify(&["--config", "fedgate.toml"]);
        let told = (report["verdict"].as_str().unwrap(), report["revocation"][0]["status"].as_str().unwrap());
        assert_eq!(told, (verdict, revocation), "{ocsp} {status}: {report}");
        assert_eq!(asked(&report)["http_status"], status, "{report}");
        let problem = asked(&report)["problem"].as_str();
        assert_eq!(problem, (status == 403).then_some("the server answered HTTP 403"), "{report}");
        if ocsp.contains("instead") {
            let given = ["verify", "ocsp/user.pem", "--config", "fedgate.toml"];
            let (code, unasked) = json_in(&authority.lab, &given);
            assert_eq!((code, unasked[0]["verdict"].as_str()), (Some(1), Some("undetermined")), "{unasked:?}");
        }
    }
}
