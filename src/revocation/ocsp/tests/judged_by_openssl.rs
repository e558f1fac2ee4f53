//! The `openssl ocsp` command on the other side: it reads our requests and signs answers that we read.

use super::super::laboratory::{TestResponder, URL};
use super::super::request::OcspRequest;
use super::super::response::{self, Response};
use super::super::{CertificateStatus, OcspFailure, VerifiedOcsp};
use crate::certificate::Certificate;
use crate::revocation::RevocationReason;
use crate::revocation::laboratory::Authority;
use jiff::SignedDuration;
use openssl::x509::X509;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const SKEW: SignedDuration = SignedDuration::from_mins(5);

struct Scene {
    folder: tempfile::TempDir,
    authority: Authority,
    users: [Arc<Certificate>; 4],
}

fn pem(certificate: &Certificate) -> Vec<u8> {
    X509::from_der(certificate.der()).unwrap().to_pem().unwrap()
}

impl Scene {
    /// Four users: a good one, a revoked one, one on hold, and one that the responder does not know.
    fn new() -> Self {
        let authority = Authority::root("Contoso Root", 1);
        let users = [0x31, 0x32, 0x33, 0x34].map(|serial| authority.user("User", serial, &[]));
        let folder = tempfile::tempdir().unwrap();
        let index = "V\t350101000000Z\t\t31\tunknown\t/CN=User\n\
                     R\t350101000000Z\t260601000000Z,keyCompromise\t32\tunknown\t/CN=User\n\
                     R\t350101000000Z\t260601000000Z,certificateHold\t33\tunknown\t/CN=User\n";
        let write = |name: &str, content: &[u8]| std::fs::write(folder.path().join(name), content).unwrap();
        write("index.txt", index.as_bytes());
        write("ca.pem", &pem(&authority.certificate));
        Self { folder, authority, users }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn request(&self, user: &Certificate, nonce: Option<[u8; 32]>) -> OcspRequest {
        let request = OcspRequest::new(user, &self.authority.certificate, nonce).unwrap();
        std::fs::write(self.path("request.der"), request.der()).unwrap();
        request
    }

    /// What the command answers to the request.
    fn answer(&self, responder: &TestResponder, options: &[&str]) -> Vec<u8> {
        std::fs::write(self.path("responder.pem"), pem(&responder.certificate)).unwrap();
        std::fs::write(self.path("responder.key"), responder.key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        let paths = ["index.txt", "ca.pem", "responder.pem", "responder.key", "request.der", "response.der"];
        let [index, ca, signer, key, request, response] = paths.map(|name| self.path(name));
        let arguments = ["-index", &index, "-CA", &ca, "-rsigner", &signer, "-rkey", &key];
        let files = ["-reqin", &request, "-respout", &response];
        run(Path::new(&response), Command::new("openssl").arg("ocsp").args(arguments).args(files).args(options));
        std::fs::read(response).unwrap()
    }

    /// Judged at the moment the answer was produced, so that no clock is asked.
    fn verify(&self, bytes: &[u8], request: &OcspRequest, user: &Certificate) -> Result<VerifiedOcsp, OcspFailure> {
        let Ok(Response::Basic(basic)) = response::read(bytes) else { panic!("not a basic response") };
        let at = basic.produced_at;
        let verified = VerifiedOcsp::verify(URL, bytes, request, user, &self.authority.certificate, at)?;
        verified.judge_time(at, SKEW)?;
        Ok(verified)
    }
}

fn run(written: &Path, command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success() && written.exists(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn openssl_reads_what_we_ask() {
    let scene = Scene::new();
    for nonce in [None, Some([0xa5; 32])] {
        scene.request(&scene.users[0], nonce);
        let request = scene.path("request.der");
        let output = Command::new("openssl").args(["ocsp", "-reqin", &request, "-req_text"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains("Hash Algorithm: sha1") && text.contains("Serial Number: 31"), "{text}");
        assert_eq!(text.contains("OCSP Nonce"), nonce.is_some(), "{text}");
        assert_eq!(text.contains("A5A5A5A5"), nonce.is_some(), "{text}");
    }
}

#[test]
fn we_read_what_openssl_answers() {
    let scene = Scene::new();
    let own = TestResponder::authority(&scene.authority);
    let delegated = TestResponder::delegated(&scene.authority, |_| {});
    let since = "2026-06-01T00:00:00Z".parse().unwrap();
    let expected = [
        CertificateStatus::Good,
        CertificateStatus::Revoked { reason: RevocationReason::KeyCompromise, since },
        CertificateStatus::Revoked { reason: RevocationReason::CertificateHold, since },
        CertificateStatus::Unknown,
    ];
    for (responder, options) in [
        (&own, &["-nmin", "5"][..]),
        (&own, &["-nmin", "5", "-resp_key_id", "-resp_no_certs"]),
        (&delegated, &["-nmin", "5"]),
        (&delegated, &["-nmin", "5", "-resp_key_id", "-rmd", "sha384"]),
    ] {
        for (user, status) in scene.users.iter().zip(expected) {
            for nonce in [None, Some([0x5a; 32])] {
                let request = scene.request(user, nonce);
                let answer = scene.answer(responder, options);
                let verified = scene.verify(&answer, &request, user).unwrap();
                assert_eq!(verified.status(), status, "{options:?}");
                assert_eq!(verified.echoed_nonce(), nonce.is_some());
                assert_eq!(verified.delegated().is_some(), responder.certificate == delegated.certificate);
                assert_eq!(verified.next_update().unwrap().duration_since(verified.this_update()), SKEW);
            }
        }
    }
}

#[test]
fn what_openssl_can_answer_and_we_refuse() {
    let scene = Scene::new();
    let own = TestResponder::authority(&scene.authority);
    let client = TestResponder::delegated(&scene.authority, |parameters| {
        parameters.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    });
    let user = &scene.users[0];
    let request = scene.request(user, Some([1; 32]));
    let refused = |responder, options: &[&str], by: &Certificate| {
        scene.verify(&scene.answer(responder, options), &request, by).unwrap_err()
    };
    assert!(matches!(refused(&own, &["-nmin", "5", "-badsig"], user), OcspFailure::SignatureInvalid { .. }));
    assert!(matches!(refused(&own, &["-nmin", "5", "-rmd", "sha1"], user), OcspFailure::WeakSignature { .. }));
    assert!(matches!(refused(&own, &[], user), OcspFailure::WithoutNextUpdate { .. }));
    assert!(matches!(refused(&client, &["-nmin", "5"], user), OcspFailure::NotAuthorised { .. }));
    let other = &scene.users[1];
    assert!(matches!(refused(&own, &["-nmin", "5"], other), OcspFailure::OfAnotherCertificate { .. }));
    let other_request = scene.request(user, Some([2; 32]));
    let replayed = scene.answer(&own, &["-nmin", "5"]);
    assert!(scene.verify(&replayed, &other_request, user).is_ok());
    assert!(matches!(scene.verify(&replayed, &request, user), Err(OcspFailure::NonceMismatch { .. })));
}
