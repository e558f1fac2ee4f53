use super::crl::{Encoded, read_signed};
use super::{CrlFailure, RevocationReason, Sha1, VerifiedCrl};
use crate::revocation::laboratory::{self, Authority, Scheme, distribution_point, extension, hours, rsa_root, tlv};
use proptest::prelude::*;
use rcgen::KeyUsagePurpose;

const URL: &str = "http://crl.contoso.test/ca.crl";

fn verify(bytes: &[u8], issuer: &Authority) -> Result<VerifiedCrl, CrlFailure> {
    VerifiedCrl::verify(URL, bytes, &issuer.certificate)
}

#[test]
fn reads_what_the_issuer_signed() {
    let ca = Authority::root("CA", 1);
    let crl = ca.crl().numbered(42).lists(&[0x00, 0x85], Some(1)).lists(&[0x07], None).lists(&[0x09], Some(6));
    let verified = verify(&crl.der(), &ca).unwrap();
    let crl = verified.crl();
    assert_eq!(crl.number().unwrap().to_string(), "42");
    assert_eq!((crl.this_update(), crl.next_update()), (hours(-12), Some(hours(12))));
    assert_eq!(crl.entries(), 3);
    assert!(!crl.was_pem());
    let reason = |serial: &[u8]| crl.listing(serial).map(|listing| listing.reason);
    assert_eq!(reason(&[0x00, 0x85]), Some(RevocationReason::KeyCompromise));
    assert_eq!(reason(&[0x85]), None);
    assert_eq!(reason(&[0x07]), Some(RevocationReason::Unspecified));
    assert_eq!(reason(&[0x09]), Some(RevocationReason::CertificateHold));
    assert_eq!(crl.listing(&[0x07]).unwrap().revoked_at, "2026-06-01T00:00:00Z".parse().unwrap());
}

#[test]
fn openssl_and_x509_parser_read_the_same() {
    use x509_parser::prelude::FromDer;
    let ca = Authority::root("CA", 1);
    let mut crl = ca.crl();
    for serial in (2_u8..120).rev() {
        crl = crl.lists(&[serial], [None, Some(1), Some(4)][usize::from(serial % 3)]);
    }
    let der = crl.der();
    let ours = verify(&der, &ca).unwrap();
    let openssl_view = openssl::x509::X509Crl::from_der(&der).unwrap();
    let key = openssl::pkey::PKey::public_key_from_der(&ca.certificate.public_key().spki_der).unwrap();
    assert!(openssl_view.verify(&key).unwrap());
    assert_eq!(openssl_view.get_revoked().unwrap().len(), ours.crl().entries());
    let (_, theirs) = x509_parser::revocation_list::CertificateRevocationList::from_der(&der).unwrap();
    assert_eq!(theirs.iter_revoked_certificates().count(), ours.crl().entries());
    for revoked in theirs.iter_revoked_certificates() {
        let listing = ours.crl().listing(revoked.raw_serial()).unwrap();
        assert_eq!(listing.revoked_at.as_second(), revoked.revocation_date.timestamp());
        let reason = revoked.reason_code().map_or(0, |(_, code)| code.0);
        let ours = match listing.reason {
            RevocationReason::Unspecified => 0,
            RevocationReason::KeyCompromise => 1,
            RevocationReason::Superseded => 4,
            other => panic!("{other}"),
        };
        assert_eq!(ours, reason);
    }
}

#[test]
fn reads_a_crl_that_rcgen_wrote() {
    use time::OffsetDateTime;
    let ca = Authority::root("CA", 1);
    let at = |offset| OffsetDateTime::from_unix_timestamp(hours(offset).as_second()).unwrap();
    let parameters = rcgen::CertificateRevocationListParams {
        this_update: at(-1),
        next_update: at(1),
        crl_number: rcgen::SerialNumber::from_slice(&[0x01, 0x00]),
        issuing_distribution_point: Some(rcgen::CrlIssuingDistributionPoint {
            distribution_point: rcgen::CrlDistributionPoint { uris: vec![URL.to_owned()] },
            scope: Some(rcgen::CrlScope::UserCertsOnly),
        }),
        revoked_certs: vec![rcgen::RevokedCertParams {
            serial_number: rcgen::SerialNumber::from_slice(&[0xa1, 0xb2]),
            revocation_time: at(-2),
            reason_code: Some(rcgen::RevocationReason::CessationOfOperation),
            invalidity_date: Some(at(-3)),
        }],
        key_identifier_method: rcgen::KeyIdMethod::PreSpecified(vec![1; 20]),
    };
    let der = parameters.signed_by(&ca.issuer).unwrap();
    let verified = verify(der.der(), &ca).unwrap();
    assert_eq!(verified.crl().number().unwrap().to_string(), "256");
    let listing = verified.crl().listing(&[0x00, 0xa1, 0xb2]).unwrap();
    assert_eq!((listing.reason, listing.revoked_at), (RevocationReason::CessationOfOperation, hours(-2)));
    let scope = verified.crl().issuing_distribution_point().unwrap();
    assert!(scope.only_user_certificates && !scope.only_ca_certificates);
    assert_eq!(scope.distribution_point.as_ref().unwrap().uris, [URL]);
}

#[test]
fn rsa_signatures_of_both_kinds() {
    let (certificate, key) = rsa_root("RSA");
    let mut crl = Authority::root("other", 1).crl().lists(&[5], None);
    crl.issuer = certificate.subject().der().to_vec();
    crl.key = key;
    for (scheme, good) in [(Scheme::Plain, true), (Scheme::Pss, true), (Scheme::PlainSha1, false)] {
        crl.scheme = scheme;
        let verified = VerifiedCrl::verify(URL, &crl.der(), &certificate);
        match (good, verified) {
            (true, Ok(_)) | (false, Err(CrlFailure::WeakSignature { .. })) => {}
            (_, other) => panic!("{:?}", other.map(|crl| crl.crl().entries())),
        }
        assert!(VerifiedCrl::verify_with(URL, &crl.der(), &certificate, Sha1::Allowed).is_ok());
    }
}

#[test]
fn pem_is_read_and_remembered() {
    let ca = Authority::root("CA", 1);
    let verified = verify(&ca.crl().lists(&[5], None).pem(), &ca).unwrap();
    assert!(verified.crl().was_pem());
    assert_eq!(verified.crl().entries(), 1);
    let pem = String::from_utf8(ca.crl().pem()).unwrap();
    for damaged in
        [pem.replace("END X509 CRL", "END X509"), format!("{pem}{pem}"), pem.replace("X509 CRL", "CERTIFICATE")]
    {
        assert!(matches!(verify(damaged.as_bytes(), &ca), Err(CrlFailure::Unreadable { .. })));
    }
}

#[test]
fn a_web_page_is_recognised() {
    let ca = Authority::root("CA", 1);
    let failure = verify(b"<!DOCTYPE html><title>Sign in</title>", &ca).err().unwrap();
    assert!(failure.to_string().contains("<!DOCTYPE html>"), "{failure}");
}

#[test]
fn what_another_authority_signed_is_refused() {
    let ca = Authority::root("CA", 1);
    let stranger = Authority::root("Stranger", 2);
    let namesake = Authority::root("CA", 3);
    let silent = Authority::root_with_usages("CA", 1, &[KeyUsagePurpose::KeyCertSign]);
    let mut forged = ca.crl();
    forged.key = stranger.crl().key;
    assert!(matches!(verify(&stranger.crl().der(), &ca), Err(CrlFailure::WrongIssuer { found, expected, .. })
        if found == "CN=Stranger" && expected == "CN=CA"));
    assert!(matches!(verify(&namesake.crl().der(), &ca), Err(CrlFailure::WrongIssuerKey { .. })));
    assert!(matches!(verify(&forged.der(), &ca), Err(CrlFailure::BadSignature { .. })));
    assert!(matches!(verify(&silent.crl().der(), &silent), Err(CrlFailure::IssuerMayNotSign { .. })));
}

#[test]
fn genuine_crls_of_kinds_not_handled_are_refused_each_with_its_reason() {
    let ca = Authority::root("CA", 1);
    let with_entry = |content: Vec<u8>| {
        let mut crl = ca.crl();
        crl.entries.push(tlv(0x30, &content));
        crl
    };
    let date = laboratory::utc_time("2026-06-01T00:00:00Z");
    let entry_extension =
        |last, value: &[u8]| [tlv(2, &[5]), date.clone(), tlv(0x30, &extension(last, true, value))].concat();
    let cases = [
        (ca.crl().with(extension(99, true, &[5, 0])), "2.5.29.99"),
        (with_entry(entry_extension(29, &tlv(0x30, &tlv(0xa4, ca.certificate.subject().der())))), "another issuer"),
        (with_entry(entry_extension(98, &[5, 0])), "unknown critical extension in an entry"),
        (with_entry([tlv(2, &[0x7f; 21]), date.clone()].concat()), "more than 20 octets"),
    ];
    for (crl, expected) in cases {
        match verify(&crl.der(), &ca) {
            Err(CrlFailure::Unsupported { what, .. }) => assert!(what.contains(expected), "{what} / {expected}"),
            other => panic!("{expected}: {:?}", other.map(|crl| crl.crl().entries())),
        }
    }
    assert!(verify(&ca.crl().with(extension(99, false, &[5, 0])).der(), &ca).is_ok());
}

#[test]
fn trailing_bytes_and_every_truncation_are_refused() {
    let ca = Authority::root("CA", 1);
    let der = ca.crl().lists(&[5], Some(1)).der();
    assert!(matches!(verify(&[der.clone(), vec![0]].concat(), &ca), Err(CrlFailure::Unreadable { .. })));
    for length in 0..der.len() {
        assert!(matches!(verify(&der[..length], &ca), Err(CrlFailure::Unreadable { .. })), "{length}");
    }
}

#[test]
fn scope() {
    let ca = Authority::root("CA", 1);
    let user = ca.user("user", 5, &["http://a/1.crl", "http://a/2.crl"]);
    let bare = ca.user("bare", 6, &[]);
    let sub = ca.subordinate("Sub", 7, &["http://a/1.crl"]);
    let (users_only, cas_only) = (&*tlv(0x81, &[0xff]), &*tlv(0x82, &[0xff]));
    let all = [].as_slice();
    let cases = [
        (Some("http://a/2.crl"), all, &user, None, true),
        (Some("http://a/3.crl"), all, &user, None, false),
        (Some("http://a/3.crl"), all, &user, Some("http://a/3.crl"), false),
        (Some("http://a/3.crl"), all, &bare, Some("http://a/3.crl"), true),
        (Some("http://a/3.crl"), all, &bare, None, false),
        (None, users_only, &user, None, true),
        (None, users_only, &sub.certificate, None, false),
        (None, cas_only, &user, None, false),
        (Some("http://a/1.crl"), cas_only, &sub.certificate, None, true),
    ];
    for (index, (uri, further, certificate, configured, covered)) in cases.into_iter().enumerate() {
        let crl = verify(&ca.crl().with(distribution_point(uri, further)).der(), &ca).unwrap();
        assert_eq!(
            crl.covers(certificate, &configured.map(str::to_owned).into_iter().collect::<Vec<_>>()).is_ok(),
            covered,
            "case {index}"
        );
    }
}

proptest! {
    #[test]
    fn mutated_crls_are_read_or_refused_and_never_verified(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..4),
    ) {
        thread_local! {
            static CA: (Authority, Vec<u8>) = {
                let ca = Authority::root("CA", 1);
                let crl = ca.crl().lists(&[5], Some(1)).lists(&[0, 200], None).with(distribution_point(Some(URL), &[]));
                let der = crl.der();
                (ca, der)
            };
        }
        CA.with(|(ca, der)| {
            let mut mutated = der.clone();
            for (index, change) in &changes {
                let at = index.index(mutated.len());
                mutated[at] ^= change;
            }
            prop_assert!(mutated == *der || verify(&mutated, ca).is_err());
            Ok(())
        })?;
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(super::Crl::read(&bytes).is_err());
    }
}

/// A complete CRL and a delta that use what the format has.
fn genuine(ca: &Authority) -> [Vec<u8>; 2] {
    let scope = || distribution_point(Some(URL), &tlv(0x81, &[0xff]));
    let complete = ca.crl().lists(&[5], Some(1)).lists(&[6], Some(6)).lists(&[7], None).with(scope());
    let base = extension(27, true, &tlv(2, &[1]));
    let delta = ca.crl().numbered(2).lists(&[6], Some(8)).with(base).with(scope());
    [complete.der(), delta.der()]
}

/// Every octet matters: what is signed, the signature, and everything around it.
#[test]
fn no_octet_of_a_crl_can_be_changed() {
    let ca = Authority::root("CA", 1);
    for der in genuine(&ca) {
        assert!(verify(&der, &ca).is_ok());
        for position in 0..der.len() {
            for flip in [0x01, 0x80] {
                let mut changed = der.clone();
                changed[position] ^= flip;
                assert!(verify(&changed, &ca).is_err(), "octet {position} ^ {flip:02x}");
            }
        }
    }
}

proptest! {
    /// Nothing panics, nothing is believed, and no length that a CRL claims makes us hold more than was sent.
    #[test]
    fn a_damaged_crl_is_never_believed(
        which in 0_usize..2,
        at in any::<prop::sample::Index>(),
        with in proptest::collection::vec(any::<u8>(), 0..9),
        cut in 0_usize..40,
    ) {
        let ca = Authority::root("CA", 1);
        let der = genuine(&ca)[which].clone();
        let mut damaged = der.clone();
        let position = at.index(der.len());
        damaged.splice(position..(position + cut).min(der.len()), with);
        prop_assume!(damaged != der);
        prop_assert!(verify(&damaged, &ca).is_err());
        let encoded = Encoded::recognise(&damaged);
        let entries = encoded.iter().filter_map(|encoded| read_signed(encoded).ok()).map(|(crl, _)| crl.entries());
        prop_assert!(entries.sum::<usize>() <= damaged.len() / 8);
    }
}
