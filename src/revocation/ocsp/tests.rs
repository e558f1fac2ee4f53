mod judged_by_openssl;

use super::laboratory::{TestAnswer, TestResponder, URL, access, extension};
use super::request::OcspRequest;
use super::{CertificateStatus, OcspFailure, VerifiedOcsp};
use crate::certificate::Certificate;
use crate::revocation::RevocationReason;
use crate::revocation::laboratory::{Authority, hours, tlv};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::sync::Arc;

const SKEW: SignedDuration = SignedDuration::from_mins(5);
const NONCE: [u8; 32] = [7; 32];

struct Scene {
    authority: Authority,
    user: Arc<Certificate>,
}

impl Scene {
    fn new() -> Self {
        let authority = Authority::root("Contoso Root", 1);
        let user = authority.user("Alice", 0x33, &[]);
        Self { authority, user }
    }

    fn answer(&self, responder: &TestResponder) -> TestAnswer {
        TestAnswer::about(&self.user, &self.authority.certificate, responder)
    }

    fn own(&self) -> TestAnswer {
        self.answer(&TestResponder::authority(&self.authority))
    }

    fn verify(&self, bytes: &[u8], nonce: Option<[u8; 32]>) -> Result<VerifiedOcsp, OcspFailure> {
        let issuer = &self.authority.certificate;
        let request = OcspRequest::new(&self.user, issuer, nonce).unwrap();
        VerifiedOcsp::verify(URL, bytes, &request, &self.user, issuer, hours(0))
    }
}

#[test]
fn each_status_is_read() {
    let scene = Scene::new();
    let since = hours(-48);
    let revoked = |reason| CertificateStatus::Revoked { reason, since };
    let cases = [
        (scene.own(), CertificateStatus::Good),
        (scene.own().unknown(), CertificateStatus::Unknown),
        (scene.own().revoked(None), revoked(RevocationReason::Unspecified)),
        (scene.own().revoked(Some(1)), revoked(RevocationReason::KeyCompromise)),
        (scene.own().revoked(Some(6)), revoked(RevocationReason::CertificateHold)),
    ];
    for (answer, expected) in cases {
        assert_eq!(scene.verify(&answer.der(), None).unwrap().status(), expected);
    }
}

#[test]
fn who_may_answer_and_who_may_not() {
    let scene = Scene::new();
    let delegated = |change: fn(&mut rcgen::CertificateParams)| TestResponder::delegated(&scene.authority, change);
    let stranger = Authority::root("Fabrikam Root", 9);
    let namesake = Authority::root("Contoso Root", 1);
    let good = delegated(|_| {});
    assert!(scene.verify(&scene.answer(&good).der(), None).is_ok());
    assert!(scene.verify(&TestAnswer { by_key: true, ..scene.answer(&good) }.der(), None).is_ok());
    assert!(scene.verify(&TestAnswer { by_key: true, ..scene.own() }.der(), None).is_ok());

    let cases: [(TestAnswer, &str); 9] = [
        (TestAnswer { certificates: Vec::new(), ..scene.answer(&good) }, "neither the authority nor"),
        (scene.answer(&TestResponder::authority(&stranger)), "not issued by the authority"),
        (scene.answer(&TestResponder::delegated(&stranger, |_| {})), "not issued by the authority"),
        (scene.answer(&TestResponder::delegated(&namesake, |_| {})), "not issued by the authority"),
        (
            scene.answer(&delegated(|p| p.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::Any])),
            "lacks the extended key usage",
        ),
        (scene.answer(&delegated(|p| p.key_usages = vec![rcgen::KeyUsagePurpose::CrlSign])), "lacks digitalSignature"),
        (scene.answer(&delegated(|p| p.not_after = rcgen::date_time_ymd(2026, 6, 1))), "expired at 2026-06-01"),
        (scene.answer(&delegated(|p| p.not_before = rcgen::date_time_ymd(2026, 7, 1))), "only from 2026-07-01"),
        (scene.answer(&delegated(|p| p.custom_extensions = vec![access(URL)])), "lacks ocsp-nocheck"),
    ];
    for (answer, told) in cases {
        match scene.verify(&answer.der(), None) {
            Err(OcspFailure::NotAuthorised { detail, .. }) => assert!(detail.contains(told), "{detail}"),
            other => panic!("{told}: {other:?}"),
        }
    }
    // Without nocheck and without an address to ask at, the issuer left it to us.
    assert!(scene.verify(&scene.answer(&delegated(|p| p.custom_extensions.clear())).der(), None).is_ok());
    // The authority's name with another key is a forgery.
    let forged = scene.answer(&TestResponder { certificate: Arc::clone(&scene.authority.certificate), key: good.key });
    assert!(matches!(scene.verify(&forged.der(), None), Err(OcspFailure::SignatureInvalid { .. })));
}

#[test]
fn when_an_answer_counts() {
    let scene = Scene::new();
    let judge = |answer: TestAnswer, at: Timestamp| scene.verify(&answer.der(), None).unwrap().judge_time(at, SKEW);
    let second = SignedDuration::from_secs(1);
    assert_eq!(judge(scene.own(), hours(0)), Ok(()));
    assert_eq!(judge(scene.own(), hours(23) - second), Ok(()));
    assert!(matches!(judge(scene.own(), hours(23)), Err(OcspFailure::Expired { .. })));
    assert_eq!(judge(scene.own(), hours(-1) - SKEW), Ok(()));
    assert!(matches!(judge(scene.own(), hours(-1) - SKEW - second), Err(OcspFailure::NotYetValid { .. })));
    let from_the_future = TestAnswer { produced_at: hours(1), ..scene.own() };
    assert!(matches!(judge(from_the_future, hours(0)), Err(OcspFailure::NotYetValid { .. })));
    let endless = TestAnswer { next_update: None, ..scene.own() };
    assert!(matches!(judge(endless, hours(0)), Err(OcspFailure::WithoutNextUpdate { .. })));
    // A revocation is for good, a hold is not.
    assert_eq!(judge(scene.own().revoked(Some(1)), hours(99)), Ok(()));
    assert!(matches!(judge(scene.own().revoked(Some(6)), hours(99)), Err(OcspFailure::Expired { .. })));
}

#[test]
fn a_nonce_is_repeated_or_left_out_but_never_another() {
    let scene = Scene::new();
    let answer = |nonce: Option<&[u8]>| TestAnswer { nonce: nonce.map(<[u8]>::to_vec), ..scene.own() }.der();
    assert!(scene.verify(&answer(Some(&NONCE)), Some(NONCE)).unwrap().echoed_nonce());
    assert!(!scene.verify(&answer(None), Some(NONCE)).unwrap().echoed_nonce());
    assert!(!scene.verify(&answer(Some(&NONCE)), None).unwrap().echoed_nonce());
    for other in [&[7; 31][..], &[8; 32], &[]] {
        let refused = scene.verify(&answer(Some(other)), Some(NONCE));
        assert!(matches!(refused, Err(OcspFailure::NonceMismatch { .. })), "{other:?}");
    }
}

#[test]
fn an_answer_is_about_one_certificate_of_one_issuer() {
    let scene = Scene::new();
    let issuer = &scene.authority.certificate;
    let own = TestResponder::authority(&scene.authority);
    let other = scene.authority.user("Bob", 0x34, &[]);
    let namesake = Authority::root("Contoso Root", 2);
    let about_other = TestAnswer::about(&other, issuer, &own);
    let about_namesake =
        TestAnswer { ids: TestAnswer::about(&scene.user, &namesake.certificate, &own).ids, ..scene.own() };
    for answer in [&about_other, &about_namesake, &TestAnswer { ids: Vec::new(), ..scene.own() }] {
        let refused = scene.verify(&answer.der(), None);
        assert!(matches!(refused, Err(OcspFailure::OfAnotherCertificate { .. })));
    }
    let both = TestAnswer { ids: [about_other.ids, scene.own().ids].concat(), ..scene.own() };
    assert!(scene.verify(&both.der(), None).is_ok());
    assert!(scene.verify(&both.der(), None).unwrap().is_about(&scene.user, issuer));
}

#[test]
fn what_is_no_usable_answer() {
    let scene = Scene::new();
    let status = |code: u8| tlv(0x30, &tlv(0x0a, &[code]));
    assert!(matches!(scene.verify(&status(3), None), Err(OcspFailure::TryLater { .. })));
    for (code, name) in [(1, "malformedRequest"), (2, "internalError"), (5, "sigRequired"), (6, "unauthorized")] {
        let Err(OcspFailure::Refused { status, .. }) = scene.verify(&status(code), None) else { panic!("{name}") };
        assert_eq!(status.name(), name);
    }
    let good = scene.own().der();
    let longer = [good.clone(), vec![0]].concat();
    for bytes in [&b"<html>"[..], &[], &status(0), &status(4), &good[..good.len() - 1], &longer] {
        assert!(matches!(scene.verify(bytes, None), Err(OcspFailure::Unreadable { .. })), "{bytes:02x?}");
    }
    let sha1 = TestAnswer { algorithm: 1, ..scene.own() };
    let critical = TestAnswer { extensions: vec![extension(&[0x2a, 3, 4], true, &[5, 0])], ..scene.own() };
    assert!(matches!(scene.verify(&sha1.der(), None), Err(OcspFailure::WeakSignature { .. })));
    assert!(matches!(scene.verify(&critical.der(), None), Err(OcspFailure::Unsupported { .. })));
    let harmless = TestAnswer { extensions: vec![extension(&[0x2a, 3, 4], false, &[5, 0])], ..scene.own() };
    assert!(scene.verify(&harmless.der(), None).is_ok());
}

/// Every octet of the answer matters: what is signed, the signature, and everything around it.
#[test]
fn no_octet_can_be_changed() {
    let scene = Scene::new();
    let responder = TestResponder::delegated(&scene.authority, |_| {});
    let answer = TestAnswer { nonce: Some(NONCE.to_vec()), ..scene.answer(&responder).revoked(Some(1)) }.der();
    assert!(scene.verify(&answer, Some(NONCE)).is_ok());
    for position in 0..answer.len() {
        for flip in [0x01, 0x80] {
            let mut changed = answer.clone();
            changed[position] ^= flip;
            assert!(scene.verify(&changed, Some(NONCE)).is_err(), "octet {position} ^ {flip:02x}");
        }
    }
}

#[test]
fn an_authoritys_information_access_is_read() {
    let authority = Authority::root("Contoso Root", 1);
    let responder = TestResponder::delegated(&authority, |p| p.custom_extensions = vec![access(URL)]);
    assert_eq!(responder.certificate.ocsp_urls(), [URL]);
    assert!(!responder.certificate.has_ocsp_no_check());
    let responder = TestResponder::delegated(&authority, |_| {});
    assert!(responder.certificate.ocsp_urls().is_empty() && responder.certificate.has_ocsp_no_check());
}

proptest! {
    #[test]
    fn arbitrary_octets_never_panic_and_are_never_believed(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let scene = Scene::new();
        prop_assert!(scene.verify(&bytes, None).is_err());
    }

    #[test]
    fn a_damaged_answer_never_panics_and_is_never_believed(
        at in any::<prop::sample::Index>(),
        with in proptest::collection::vec(any::<u8>(), 1..6),
        cut in any::<bool>(),
    ) {
        let scene = Scene::new();
        let answer = scene.own().der();
        let mut damaged = answer.clone();
        let position = at.index(answer.len());
        let end = (position + if cut { with.len() } else { 0 }).min(answer.len());
        damaged.splice(position..end, with);
        prop_assume!(damaged != answer);
        prop_assert!(scene.verify(&damaged, None).is_err());
    }
}
