//! CRLs that somebody else than the issuer's own certificate signed.

use super::judgement::{Answers, judge_path};
use super::laboratory::{self, Authority, TestCrl, distribution_point, entry, extension, hours, tlv};
use super::required::required_for;
use super::{CrlAnswer, CrlFailure, RevocationError, RevocationPolicy, VerifiedCrl};
use crate::certificate::Certificate;
use crate::chain::CertificateRole;
use rcgen::{BasicConstraints, CertificateParams, GeneralSubtree, IsCa, KeyUsagePurpose, NameConstraints};
use std::sync::Arc;
use time::OffsetDateTime;

const URL: &str = "http://crl.contoso.test/all.crl";

struct Scene {
    root: Authority,
    sub: Authority,
    /// Signs CRLs for others.
    publisher: Authority,
    /// Authorities between the root and the publisher.
    between: Vec<Authority>,
    path: Vec<Arc<Certificate>>,
    policy: RevocationPolicy,
}

/// The user's certificate names the publisher as its CRL issuer.
fn scene() -> Scene {
    scene_with(&[], |_| ())
}

/// The publisher stands below further authorities, one below the other, which `change` may alter.
fn scene_with(serials: &[u8], change: impl Fn(&mut CertificateParams)) -> Scene {
    let root = Authority::root("Root", 1);
    let sub = root.subordinate("Sub", 2, &["http://root/"]);
    let mut between: Vec<Authority> = Vec::new();
    for serial in serials {
        let (name, above) = (format!("Between {serial}"), between.last().unwrap_or(&root));
        between.push(above.subordinate_with(&name, *serial, &["http://root/"], &change));
    }
    let publisher = between.last().unwrap_or(&root).subordinate("Publisher", 9, &["http://root/"]);
    let name = tlv(0xa0, &tlv(0xa0, &tlv(0x86, URL.as_bytes())));
    let crl_issuer = tlv(0xa2, &tlv(0xa4, publisher.certificate.subject().der()));
    let points = tlv(0x30, &tlv(0x30, &[name, crl_issuer].concat()));
    let user = sub.user_with("user", 5, &[(31, points)]);
    let path = vec![user, Arc::clone(&sub.certificate), Arc::clone(&root.certificate)];
    let mut crl_signers = vec![Arc::clone(&publisher.certificate)];
    crl_signers.extend(between.iter().map(|between| Arc::clone(&between.certificate)));
    let policy = RevocationPolicy { crl_signers, ..RevocationPolicy::default() };
    Scene { root, sub, publisher, between, path, policy }
}

impl Scene {
    /// The publisher's list, with the lists of the root for everybody else.
    fn judge(&self, list: &TestCrl, signer: &Authority, of_root: &TestCrl) -> Result<(), RevocationError> {
        let read = |crl: &TestCrl, signer: &Authority| -> CrlAnswer {
            Ok(Arc::new(VerifiedCrl::verify(URL, &crl.der(), &signer.certificate).unwrap()).into())
        };
        let wanted = required_for(&self.path, &self.policy);
        let answers: Vec<CrlAnswer> = wanted
            .iter()
            .map(|wanted| match wanted.certificate == self.path[0] {
                true => read(list, signer),
                false if wanted.issuer == self.root.certificate => read(of_root, &self.root),
                false => {
                    let issuer = self.between.iter().find(|between| between.certificate == wanted.issuer).unwrap();
                    read(&issuer.crl(), issuer)
                }
            })
            .collect();
        judge_path(&self.path, &wanted, Answers { crls: &answers, ocsp: &[] }, &self.policy, hours(0)).map(drop)
    }

    fn list(&self) -> TestCrl {
        self.publisher.crl().with(distribution_point(None, &tlv(0x84, &[0xff])))
    }

    /// An entry about a certificate of this authority.
    fn of(&self, authority: &Authority, serial: u8) -> Vec<u8> {
        let names = tlv(0x30, &tlv(0xa4, authority.certificate.subject().der()));
        let date = laboratory::utc_time("2026-06-01T00:00:00Z");
        tlv(0x30, &[tlv(2, &[serial]), date, tlv(0x30, &extension(29, true, &names))].concat())
    }
}

fn name(judged: &Result<(), RevocationError>) -> &'static str {
    match judged {
        Ok(()) => "good",
        Err(RevocationError::Revoked { certificate, .. }) if certificate.role == CertificateRole::Leaf => "revoked",
        Err(RevocationError::Revoked { .. }) => "signer revoked",
        Err(RevocationError::Unavailable { failure, .. }) => match failure.cause() {
            CrlFailure::OutOfScope { .. } => "out of scope",
            CrlFailure::SignerNotTrusted { .. } => "signer not trusted",
            _ => "unavailable",
        },
        Err(RevocationError::Unanswered { .. }) => "unanswered",
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_indirect_crl_speaks_of_the_issuer_that_its_entries_name() {
    let scene = scene();
    let plain = |serial: u8| entry(&[serial], "2026-06-01T00:00:00Z", None);
    let cases = [
        (vec![], "good"),
        (vec![scene.of(&scene.sub, 5)], "revoked"),
        (vec![scene.of(&scene.sub, 6)], "good"),
        (vec![scene.of(&scene.root, 5)], "good"),
        (vec![plain(5)], "good"),                             // the publisher's own number 5
        (vec![scene.of(&scene.sub, 6), plain(5)], "revoked"), // section 5.3.3: the issuer of the entry before
        (vec![scene.of(&scene.sub, 6), scene.of(&scene.root, 7), plain(5)], "good"),
    ];
    for (index, (entries, expected)) in cases.into_iter().enumerate() {
        let mut list = scene.list();
        list.entries = entries;
        let judged = scene.judge(&list, &scene.publisher, &scene.root.crl());
        assert_eq!(name(&judged), expected, "case {index}: {judged:?}");
    }
}

#[test]
fn a_list_of_somebody_else_must_say_that_it_is_indirect_and_come_from_who_is_named() {
    let scene = scene();
    let judged = scene.judge(&scene.publisher.crl(), &scene.publisher, &scene.root.crl());
    assert_eq!(name(&judged), "out of scope");
    let other = scene.root.subordinate("Other", 8, &[]);
    let list = other.crl().with(distribution_point(None, &tlv(0x84, &[0xff])));
    assert_eq!(name(&scene.judge(&list, &other, &scene.root.crl())), "unanswered");
}

#[test]
fn who_signs_for_others_is_judged_too() {
    let mut scene = scene();
    let revokes_publisher = scene.root.crl().lists(&[9], Some(1));
    assert_eq!(name(&scene.judge(&scene.list(), &scene.publisher, &revokes_publisher)), "signer revoked");
    // one of the same name that leads to another root is nobody
    let stranger = Authority::root("Other root", 1).subordinate("Publisher", 9, &[]);
    scene.policy.crl_signers = vec![Arc::clone(&stranger.certificate)];
    let mut list = scene.list();
    list.key = stranger.crl().key;
    assert_eq!(name(&scene.judge(&list, &stranger, &scene.root.crl())), "unanswered");
}

#[test]
fn an_authority_may_sign_with_its_other_key_unless_it_keeps_a_list_per_key() {
    let mut scene = scene();
    scene.path[0] = scene.sub.user("user", 5, &[URL]);
    let renewed = scene.root.subordinate("Sub", 3, &["http://root/"]);
    scene.policy.crl_signers = vec![Arc::clone(&renewed.certificate)];
    let judge = |list: TestCrl| name(&scene.judge(&list, &renewed, &scene.root.crl()));
    assert_eq!(judge(renewed.crl()), "good");
    assert_eq!(judge(renewed.crl().lists(&[5], Some(1))), "revoked");
    let ca_version = [tlv(6, &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 21, 1]), tlv(4, &tlv(2, &[1, 0, 1]))].concat();
    assert_eq!(judge(renewed.crl().with(tlv(0x30, &ca_version))), "out of scope");
}

#[test]
fn who_signs_may_stand_several_steps_below_the_path() {
    let cases: [(&[u8], &str); 4] =
        [(&[21], "good"), (&[21, 22], "good"), (&[21, 22, 23], "good"), (&[21, 22, 23, 24], "unanswered")];
    for (between, expected) in cases {
        let scene = scene_with(between, |_| ());
        let judged = scene.judge(&scene.list(), &scene.publisher, &scene.root.crl());
        assert_eq!(name(&judged), expected, "{between:?}: {judged:?}");
        let revoked = scene.judge(&scene.list(), &scene.publisher, &scene.root.crl().lists(&[21], Some(1)));
        let expected = if expected == "good" { "signer revoked" } else { expected };
        assert_eq!(name(&revoked), expected, "{between:?}: {revoked:?}");
    }
}

#[test]
fn the_whole_path_of_who_signs_must_be_valid() {
    fn permits(name: &str) -> NameConstraints {
        let mut directory_name = rcgen::DistinguishedName::new();
        directory_name.push(rcgen::DnType::CommonName, name);
        let permitted_subtrees = vec![GeneralSubtree::DirectoryName(directory_name)];
        NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() }
    }
    type Change = fn(&mut CertificateParams);
    let cases: [(&str, &[u8], Change, &str); 8] = [
        ("as it should be", &[21], |_| (), "good"),
        (
            "expired",
            &[21],
            |p| p.not_after = OffsetDateTime::from_unix_timestamp(hours(-1).as_second()).unwrap(),
            "signer not trusted",
        ),
        (
            "to come",
            &[21],
            |p| p.not_before = OffsetDateTime::from_unix_timestamp(hours(1).as_second()).unwrap(),
            "signer not trusted",
        ),
        ("no authority", &[21], |p| p.is_ca = IsCa::ExplicitNoCa, "signer not trusted"),
        ("may sign CRLs only", &[21], |p| p.key_usages = vec![KeyUsagePurpose::CrlSign], "signer not trusted"),
        ("path length", &[21, 22], |p| p.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)), "signer not trusted"),
        ("outside its names", &[21], |p| p.name_constraints = Some(permits("Nobody")), "signer not trusted"),
        ("within its names", &[21], |p| p.name_constraints = Some(permits("Publisher")), "good"),
    ];
    for (what, between, change, expected) in cases {
        let scene = scene_with(between, change);
        let judged = scene.judge(&scene.list(), &scene.publisher, &scene.root.crl());
        assert_eq!(name(&judged), expected, "{what}: {judged:?}");
    }
}

#[test]
fn an_expired_certificate_of_a_renewed_authority_is_not_in_the_way() {
    let mut scene = scene_with(&[21], |_| ());
    let expired = scene.root.subordinate_with("Between 21", 21, &[], |parameters| {
        parameters.not_after = OffsetDateTime::from_unix_timestamp(hours(-1).as_second()).unwrap();
    });
    scene.policy.crl_signers.insert(0, Arc::clone(&expired.certificate));
    let judged = scene.judge(&scene.list(), &scene.publisher, &scene.root.crl());
    assert_eq!(name(&judged), "good", "{judged:?}");
}

#[test]
fn a_maze_of_authorities_is_left_after_a_few_tries() {
    let mut scene = scene();
    let stranger = Authority::root("Stranger", 1);
    let lost = stranger.subordinate("Publisher", 9, &[]);
    scene.policy.crl_signers = vec![Arc::clone(&lost.certificate)];
    for _ in 0..60 {
        // All bear the name and the key identifier of who issued the publisher, and none did.
        let other = Authority::root("Stranger", 1).subordinate("Stranger", 1, &[]);
        scene.policy.crl_signers.push(other.certificate);
    }
    assert_eq!(required_for(&scene.path, &scene.policy)[0].signers.len(), 1);
    assert!(scene.policy.signatures.verified() <= 33, "{}", scene.policy.signatures.verified());
}

#[test]
fn no_signature_of_who_signs_is_verified_twice() {
    let scene = scene_with(&[21, 22], |_| ());
    assert!(scene.judge(&scene.list(), &scene.publisher, &scene.root.crl()).is_ok());
    let verified = scene.policy.signatures.verified();
    assert_eq!(verified, 3, "one for each link below the path");
    for _ in 0..5 {
        assert!(scene.judge(&scene.list(), &scene.publisher, &scene.root.crl()).is_ok());
    }
    assert_eq!(scene.policy.signatures.verified(), verified);
    assert!(scene.policy.clone().signatures.is_signed_by(&scene.publisher.certificate, &scene.between[1].certificate));
    assert_eq!(scene.policy.signatures.verified(), verified, "a clone remembers too");
}

#[test]
fn the_crl_of_any_who_may_sign_is_read_and_the_most_telling_failure_told() {
    let scene = scene();
    let wanted = required_for(&scene.path, &scene.policy).remove(0);
    let read = |crl: &TestCrl| wanted.verify(URL, &crl.der()).map(|crl| *crl.issuer_fingerprint());
    assert_eq!(read(&scene.sub.crl()).unwrap(), *scene.sub.certificate.fingerprint());
    assert_eq!(read(&scene.list()).unwrap(), *scene.publisher.certificate.fingerprint());
    let forged = TestCrl { key: scene.sub.crl().key, ..scene.list() };
    assert!(matches!(read(&forged), Err(CrlFailure::BadSignature { .. })));
    let expected = scene.sub.certificate.subject().dotnet();
    assert!(matches!(read(&scene.root.crl()), Err(CrlFailure::WrongIssuer { expected: told, .. }) if told == expected));
}
