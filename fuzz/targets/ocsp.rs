//! An OCSP response: it never panics, and nothing but an answer that the authority's key signed is believed.
#![no_main]

use fedgate::certificate::Certificate;
use fedgate::clock::Clock;
use fedgate::lab::pki::{PkiNames, make_pki};
use fedgate::revocation::ocsp::{OcspRequest, VerifiedOcsp};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const URL: &str = "http://ocsp.contoso.test/";

static ASKED: LazyLock<(Certificate, Certificate, OcspRequest)> = LazyLock::new(|| {
    let names = PkiNames { service: "sts.contoso.test".to_owned(), crl_base_url: "http://crl.contoso.test".to_owned() };
    let pki = make_pki(Clock::System.now(), &names, &mut fedgate::entropy::random_bytes).unwrap();
    let [user, issuer] =
        [&pki.users[0].issued.der, &pki.issuing.issued.der].map(|der| Certificate::read_der(der).unwrap());
    let request = OcspRequest::new(&user, &issuer, Some([7; 32])).unwrap();
    (user, issuer, request)
});

fuzz_target!(|bytes: &[u8]| {
    let (user, issuer, request) = &*ASKED;
    assert!(VerifiedOcsp::verify(URL, bytes, request, user, issuer, Clock::System.now()).is_err());
});
