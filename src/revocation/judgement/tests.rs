use super::super::failure::CrlFailure;
use super::*;
use crate::revocation::laboratory::{Authority, TestCrl, authority_key, distribution_point, extension, hours, tlv};
use crate::revocation::required::{UrlSource, required_for};
use crate::revocation::{AuthoritySettings, DeltaProblem, FoundCrls};

const URL: &str = "http://crl.contoso.test/ca.crl";

struct Scene {
    root: Authority,
    sub: Authority,
    path: Vec<Arc<Certificate>>,
    policy: RevocationPolicy,
}

fn scene() -> Scene {
    let root = Authority::root("Root", 1);
    let sub = root.subordinate("Sub", 2, &["http://crl.contoso.test/root.crl"]);
    let user = sub.user("user", 5, &[URL]);
    let path = vec![user, Arc::clone(&sub.certificate), Arc::clone(&root.certificate)];
    Scene { root, sub, path, policy: RevocationPolicy::default() }
}

impl Scene {
    fn judge(&self, leaf: CrlAnswer, authority: CrlAnswer) -> Result<Vec<Revocation>, RevocationError> {
        let wanted = required_for(&self.path, &self.policy);
        let answers = Answers { crls: &[leaf, authority], ocsp: &[] };
        judge_path(&self.path, &wanted, answers, &self.policy, hours(0))
    }

    fn judge_leaf(&self, crl: &TestCrl) -> Result<Vec<Revocation>, RevocationError> {
        self.judge(self.leaf_answer(crl), self.root_answer(&self.root.crl()))
    }

    fn leaf_answer(&self, crl: &TestCrl) -> CrlAnswer {
        Ok(Arc::new(VerifiedCrl::verify(URL, &crl.der(), &self.sub.certificate).unwrap()).into())
    }

    fn root_answer(&self, crl: &TestCrl) -> CrlAnswer {
        let url = "http://crl.contoso.test/root.crl";
        Ok(Arc::new(VerifiedCrl::verify(url, &crl.der(), &self.root.certificate).unwrap()).into())
    }
}

fn name(error: &RevocationError) -> &'static str {
    match error {
        RevocationError::Revoked { .. } => "revoked",
        RevocationError::OnHold { .. } => "hold",
        RevocationError::CrlExpired { .. } => "expired",
        RevocationError::CrlNotYetValid { .. } => "not yet valid",
        RevocationError::CrlWithoutNextUpdate { .. } => "no nextUpdate",
        RevocationError::ReasonsUncovered { .. } => "reasons uncovered",
        RevocationError::Unavailable { .. } => "unavailable",
        RevocationError::Unanswered { .. } => "unanswered",
        RevocationError::RevokedByOcsp { .. } | RevocationError::OcspUnavailable { .. } => "by OCSP",
    }
}

#[test]
fn the_configured_address_replaces_the_certificates() {
    let mut scene = scene();
    let configured = AuthoritySettings {
        name: "sub.pem".to_owned(),
        crl_distribution_points: vec!["file:///srv/sub.crl".to_owned()],
        ..AuthoritySettings::default()
    };
    scene.policy.authorities.insert(*scene.sub.certificate.fingerprint(), configured);
    let wanted = required_for(&scene.path, &scene.policy);
    let urls: Vec<_> = wanted.iter().map(|wanted| (wanted.urls[0].as_str(), wanted.source)).collect();
    assert_eq!(
        urls,
        [("file:///srv/sub.crl", UrlSource::Configured), ("http://crl.contoso.test/root.crl", UrlSource::Certificate)]
    );
}

#[test]
fn a_path_of_good_certificates_is_settled_one_by_one() {
    let scene = scene();
    let settled = scene.judge_leaf(&scene.sub.crl().numbered(9).lists(&[6], None)).unwrap();
    assert_eq!(settled.len(), 3);
    match &settled[0] {
        Revocation::Checked { url, crl_number, next_update, entries, .. } => {
            assert_eq!((url.as_str(), *next_update, *entries), (URL, hours(12), 1));
            assert_eq!(crl_number.as_ref().unwrap().to_string(), "9");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(settled[2], Revocation::NotChecked(NotCheckedReason::TrustAnchor));
}

#[test]
fn each_fact_about_the_leafs_crl_is_an_error_of_its_own() {
    let scene = scene();
    let crl = || scene.sub.crl();
    let cases = [
        (crl().lists(&[5], Some(1)), Some("revoked")),
        (crl().lists(&[5], None), Some("revoked")),
        (crl().lists(&[5], Some(6)), Some("hold")),
        (crl().lists(&[5], Some(8)), Some("revoked")),
        (crl().lists(&[6], Some(1)), None),
        (crl().valid(hours(-12), Some(hours(0))), Some("expired")),
        (crl().valid(hours(-12), Some(hours(-1))), Some("expired")),
        (crl().valid(hours(-12), Some(hours(-1))).lists(&[5], Some(1)), Some("revoked")),
        (crl().valid(hours(-12), Some(hours(-1))).lists(&[5], Some(6)), Some("expired")),
        (crl().valid(hours(-12), None), Some("no nextUpdate")),
        (crl().valid(hours(1), Some(hours(2))), Some("not yet valid")),
        (crl().with(distribution_point(Some("http://other/"), &[])), Some("unavailable")),
        (crl().with(distribution_point(None, &tlv(0x82, &[0xff]))), Some("unavailable")),
        (crl().with(distribution_point(Some(URL), &tlv(0x81, &[0xff]))), None),
    ];
    for (index, (crl, expected)) in cases.iter().enumerate() {
        let judged = scene.judge_leaf(crl);
        assert_eq!(judged.as_ref().err().map(name), *expected, "case {index}: {judged:?}");
        if let Err(error) = judged {
            assert_eq!(error.certificate().role, CertificateRole::Leaf);
            assert_eq!(error.certificate().certificate.subject().dotnet(), "CN=user");
        }
    }
}

#[test]
fn a_publisher_may_be_ahead_by_the_clock_skew_and_no_more() {
    let mut scene = scene();
    let crl = scene.sub.crl().valid(hours(1), Some(hours(2)));
    scene.policy.clock_skew = jiff::SignedDuration::from_hours(1);
    assert!(scene.judge_leaf(&crl).is_ok());
    scene.policy.clock_skew = jiff::SignedDuration::from_secs(3599);
    assert_eq!(scene.judge_leaf(&crl).err().as_ref().map(name), Some("not yet valid"));
}

#[test]
fn the_most_telling_fact_of_the_path_wins() {
    let scene = scene();
    let missing = || CrlAnswer::Err(CrlFailure::NoUrl { issuer: "CN=Sub".to_owned() }.into());
    let revoked_authority = scene.root_answer(&scene.root.crl().lists(&[2], Some(2)));
    let error = scene.judge(missing(), revoked_authority).unwrap_err();
    assert_eq!((name(&error), error.certificate().role), ("revoked", CertificateRole::Intermediate { position: 1 }));
    let expired_authority = scene.root_answer(&scene.root.crl().valid(hours(-2), Some(hours(-1))));
    let held = scene.leaf_answer(&scene.sub.crl().lists(&[5], Some(6)));
    assert_eq!(name(&scene.judge(held, expired_authority).unwrap_err()), "hold");
    let error = scene.judge(missing(), missing()).unwrap_err();
    assert_eq!((name(&error), error.certificate().role), ("unavailable", CertificateRole::Leaf));
}

#[test]
fn answers_to_other_questions_settle_nothing() {
    let scene = scene();
    let (leaf, root) = (scene.leaf_answer(&scene.sub.crl()), scene.root_answer(&scene.root.crl()));
    let wanted = required_for(&scene.path, &scene.policy);
    let judged = |wanted: &[CrlWanted], answers: &[CrlAnswer]| {
        let answers = Answers { crls: answers, ocsp: &[] };
        judge_path(&scene.path, wanted, answers, &scene.policy, hours(0)).err().as_ref().map(name)
    };
    assert_eq!(judged(&wanted, &[leaf.clone(), root.clone()]), None);
    assert_eq!(judged(&wanted, &[]), Some("unanswered"));
    assert_eq!(judged(&wanted, std::slice::from_ref(&leaf)), Some("unanswered"));
    assert_eq!(judged(&wanted, &[root.clone(), leaf.clone()]), Some("unanswered"));
    assert_eq!(judged(&[], &[leaf.clone(), root.clone()]), Some("unanswered"));
    assert_eq!(judged(&[wanted[1].clone(), wanted[0].clone()], &[root, leaf]), Some("unanswered"));
}

fn delta_indicator(base: u8) -> Vec<u8> {
    extension(27, true, &tlv(2, &[base]))
}

impl Scene {
    /// The complete CRL with number 5, and a delta.
    fn judge_with_delta(&self, complete: TestCrl, delta: &TestCrl) -> Result<Option<DeltaUse>, RevocationError> {
        let read = |crl: &TestCrl, url| Arc::new(VerifiedCrl::verify(url, &crl.der(), &self.sub.certificate).unwrap());
        let complete = read(&complete.numbered(5), URL);
        let found = FoundCrl { complete, delta: Some(Ok(read(delta, "http://delta/"))) };
        match &self.judge(Ok(found.into()), self.root_answer(&self.root.crl()))?[0] {
            Revocation::Checked { delta, .. } => Ok(delta.clone()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn each_way_a_delta_is_left_out_is_told_apart() {
    let scene = scene();
    let crl = || scene.sub.crl();
    let delta = |number: u8, base: u8| crl().numbered(number).with(delta_indicator(base));
    let of_key = |mut crl: TestCrl, key: u8| {
        crl.extensions.retain(|extension| !extension.windows(3).any(|octets| octets == [0x55, 0x1d, 35]));
        if key == 0 { crl } else { crl.with(authority_key(&[2; 20])) }
    };
    let mut unnumbered = delta(6, 5);
    unnumbered.extensions.remove(0);
    type Expected = fn(&DeltaUse) -> bool;
    let cases: [(TestCrl, Expected); 11] = [
        (delta(6, 5), |used| matches!(used, DeltaUse::Combined { .. })),
        (delta(6, 4), |used| matches!(used, DeltaUse::Combined { .. })),
        (delta(5, 5), |used| matches!(used, DeltaUse::Combined { .. })),
        (delta(7, 6), |used| matches!(used, DeltaUse::LeftOut(DeltaProblem::BaseTooOld { .. }))),
        (delta(4, 3), |used| matches!(used, DeltaUse::LeftOut(DeltaProblem::OlderThanBase { .. }))),
        (crl().numbered(6), |used| matches!(used, DeltaUse::LeftOut(DeltaProblem::NotADelta { .. }))),
        (unnumbered, |used| matches!(used, DeltaUse::LeftOut(DeltaProblem::Unnumbered { .. }))),
        (delta(6, 5).with(distribution_point(Some(URL), &[])), |used| {
            matches!(used, DeltaUse::LeftOut(DeltaProblem::OtherScope { .. }))
        }),
        (of_key(delta(6, 5), 0), |used| matches!(used, DeltaUse::LeftOut(DeltaProblem::OtherKey { .. }))),
        (delta(6, 5).valid(hours(-2), Some(hours(0))), |used| {
            matches!(used, DeltaUse::LeftOut(DeltaProblem::Expired { .. }))
        }),
        (delta(6, 5).valid(hours(1), Some(hours(2))), |used| {
            matches!(used, DeltaUse::LeftOut(DeltaProblem::NotYetValid { .. }))
        }),
    ];
    for (index, (delta, expected)) in cases.iter().enumerate() {
        let used = scene.judge_with_delta(crl(), delta).unwrap().unwrap();
        assert!(expected(&used), "case {index}: {used:?}");
    }
}

#[test]
fn what_a_delta_says_counts_before_what_its_base_says() {
    let scene = scene();
    let crl = || scene.sub.crl();
    let delta = || crl().numbered(6).with(delta_indicator(5));
    let cases = [
        (crl(), delta().lists(&[5], Some(1)), Some("revoked")),
        (crl(), delta().lists(&[5], Some(6)), Some("hold")),
        (crl(), delta().lists(&[5], Some(8)), None),
        (crl().lists(&[5], Some(6)), delta(), Some("hold")),
        (crl().lists(&[5], Some(6)), delta().lists(&[5], Some(8)), None),
        (crl().lists(&[5], Some(6)), delta().lists(&[5], Some(1)), Some("revoked")),
        (crl().lists(&[5], Some(6)), delta().lists(&[5], Some(8)).numbered(4), Some("hold")),
        (crl().lists(&[5], Some(1)), delta().lists(&[5], Some(8)), Some("revoked")),
    ];
    for (index, (complete, delta, expected)) in cases.into_iter().enumerate() {
        let judged = scene.judge_with_delta(complete, &delta);
        assert_eq!(judged.as_ref().err().map(name), expected, "case {index}: {judged:?}");
    }
}

#[test]
fn lists_for_some_reasons_each_count_together() {
    let scene = scene();
    let some = |octets: &[u8]| scene.sub.crl().with(distribution_point(None, &tlv(0x83, octets)));
    let (keys, others, hold) = (some(&[6, 0x40]), some(&[7, 0x3d, 0x80]), some(&[1, 0x02]));
    let judge = |lists: &[&TestCrl]| {
        let found = lists
            .iter()
            .map(|crl| FoundCrl::from(Arc::new(VerifiedCrl::verify(URL, &crl.der(), &scene.sub.certificate).unwrap())));
        let found = FoundCrls::new(found.collect()).unwrap();
        scene.judge(Ok(found), scene.root_answer(&scene.root.crl())).err().as_ref().map(name)
    };
    assert_eq!(judge(&[&keys, &others, &hold]), None);
    assert_eq!(judge(&[&keys, &others]), Some("reasons uncovered"));
    assert_eq!(judge(&[&keys]), Some("reasons uncovered"));
    assert_eq!(judge(&[&keys, &others.clone().lists(&[5], Some(4))]), Some("revoked"));
    assert_eq!(judge(&[&keys, &others, &hold.clone().lists(&[5], Some(6))]), Some("hold"));
    assert_eq!(judge(&[&keys, &others, &hold.clone().valid(hours(-2), Some(hours(-1)))]), Some("expired"));
    let mut rest = some(&[1, 0x02]);
    rest.extensions.pop();
    assert_eq!(judge(&[&keys, &rest]), None);
}

#[test]
fn an_exemption_lets_the_unknown_pass_until_it_ends_and_the_revoked_never() {
    let mut scene = scene();
    let exempt = |until| AuthoritySettings {
        exemption: Some(Exemption { reason: "it moves".to_owned(), until }),
        ..AuthoritySettings::default()
    };
    let missing = || CrlAnswer::Err(CrlFailure::NoUrl { issuer: "CN=Sub".to_owned() }.into());
    let root = |scene: &Scene| scene.root_answer(&scene.root.crl());
    scene.policy.authorities.insert(*scene.sub.certificate.fingerprint(), exempt(hours(1)));
    match &scene.judge(missing(), root(&scene)).unwrap()[0] {
        Revocation::NotChecked(NotCheckedReason::Exempt { exemption, problem }) => {
            assert_eq!((exemption.reason.as_str(), exemption.until), ("it moves", hours(1)));
            assert!(problem.contains("no place to get a CRL"), "{problem}");
        }
        other => panic!("{other:?}"),
    }
    let revoked = scene.judge_leaf(&scene.sub.crl().lists(&[5], Some(1)));
    assert_eq!(revoked.err().as_ref().map(name), Some("revoked"));
    let held = scene.judge_leaf(&scene.sub.crl().lists(&[5], Some(6)));
    assert_eq!(held.err().as_ref().map(name), Some("hold"));
    assert!(matches!(scene.judge_leaf(&scene.sub.crl()).unwrap()[0], Revocation::Checked { .. }));
    // of another authority of the path nothing is excused
    let answer = scene.leaf_answer(&scene.sub.crl());
    assert_eq!(scene.judge(answer, missing()).err().as_ref().map(name), Some("unavailable"));
    scene.policy.authorities.insert(*scene.sub.certificate.fingerprint(), exempt(hours(0)));
    assert_eq!(scene.judge(missing(), root(&scene)).err().as_ref().map(name), Some("unavailable"));
}

#[test]
fn a_strict_profile_asks_for_a_number_that_is_not_critical() {
    let mut scene = scene();
    let mut unnumbered = scene.sub.crl();
    unnumbered.extensions.remove(0);
    let critical = unnumbered.clone().with(extension(20, true, &tlv(2, &[1])));
    for strict in [false, true] {
        scene.policy.strict_profile = strict;
        for crl in [&unnumbered, &critical] {
            let judged = scene.judge_leaf(crl);
            assert_eq!(judged.err().as_ref().map(name), strict.then_some("unavailable"));
        }
        assert!(scene.judge_leaf(&scene.sub.crl()).is_ok());
    }
}
