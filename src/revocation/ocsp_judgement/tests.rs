use super::*;
use crate::revocation::failure::CrlFailure;
use crate::revocation::judgement::Answers;
use crate::revocation::laboratory::{Authority, TestCrl, hours, wanted};
use crate::revocation::ocsp::OcspRequest;
use crate::revocation::ocsp::laboratory::{TestAnswer, TestResponder, URL};
use crate::revocation::{AuthoritySettings, Exemption, VerifiedCrl};

struct Scene {
    root: Authority,
    path: Vec<Arc<Certificate>>,
    policy: RevocationPolicy,
}

impl Scene {
    fn new(mode: OcspMode) -> Self {
        let root = Authority::root("Root", 1);
        let path = vec![root.user("user", 5, &["http://crl.contoso.test/ca.crl"]), Arc::clone(&root.certificate)];
        let ocsp = OcspSettings { mode, url: Some(URL.to_owned()), nonce: false };
        let settings = AuthoritySettings { ocsp, ..AuthoritySettings::default() };
        let mut policy = RevocationPolicy::default();
        policy.authorities.insert(*root.certificate.fingerprint(), settings);
        Self { root, path, policy }
    }

    fn crl(&self, crl: &TestCrl) -> CrlAnswer {
        let url = "http://crl.contoso.test/ca.crl";
        Ok(Arc::new(VerifiedCrl::verify(url, &crl.der(), &self.root.certificate).unwrap()).into())
    }

    fn answer(&self, change: impl FnOnce(TestAnswer) -> TestAnswer) -> OcspAnswer {
        let own = TestResponder::authority(&self.root);
        let answer = change(TestAnswer::about(&self.path[0], &self.path[1], &own)).der();
        let request = OcspRequest::new(&self.path[0], &self.path[1], None).unwrap();
        Ok(Arc::new(VerifiedOcsp::verify(URL, &answer, &request, &self.path[0], &self.path[1], hours(0))?))
    }

    /// How it ends, and whether a responder was asked.
    fn judge(&self, crl: CrlAnswer, ocsp: OcspAnswer) -> (String, bool) {
        let (wanted, crls) = (wanted(&self.path, &self.policy), [crl]);
        let questions = required_for(&self.path, &wanted, &crls, &self.policy, hours(0));
        let asked = !questions.is_empty();
        let ocsp: Vec<_> = questions.into_iter().map(|wanted| OcspAnswered { wanted, answer: ocsp.clone() }).collect();
        let answers = Answers { crls: &crls, ocsp: &ocsp };
        let judged = match judgement::judge_path(&self.path, &wanted, answers, &self.policy, hours(0)) {
            Ok(settled) => match settled[0] {
                Revocation::Checked { .. } => "good by CRL".to_owned(),
                Revocation::CheckedByOcsp { .. } => "good by OCSP".to_owned(),
                Revocation::NotChecked(_) => "not checked".to_owned(),
            },
            Err(error) => error.to_string(),
        };
        (judged, asked)
    }
}

#[test]
fn when_a_responder_is_asked_and_what_its_answer_comes_to() {
    let no_crl = || CrlAnswer::Err(CrlFailure::NoUrl { issuer: "CN=Root".to_owned() }.into());
    type Ocsp = fn(&Scene) -> OcspAnswer;
    let good: Ocsp = |scene| scene.answer(|answer| answer);
    let revoked: Ocsp = |scene| scene.answer(|answer| answer.revoked(Some(1)));
    let held: Ocsp = |scene| scene.answer(|answer| answer.revoked(Some(6)));
    let unknown: Ocsp = |scene| scene.answer(TestAnswer::unknown);
    let expired: Ocsp = |scene| scene.answer(|answer| TestAnswer { next_update: Some(hours(0)), ..answer });
    let none: Ocsp = |_| Err(OcspFailure::TryLater { url: URL.to_owned() }.into());
    use OcspMode::{Fallback, Instead, Off};
    let cases: [(OcspMode, &str, Ocsp, bool, &str); 17] = [
        (Off, "good", revoked, false, "good by CRL"),
        (Off, "none", good, false, "there is no place to get a CRL"),
        (Fallback, "good", revoked, false, "good by CRL"),
        (Fallback, "revoked", good, false, "says the CRL"),
        (Fallback, "held", good, false, "on hold"),
        (Fallback, "none", good, true, "good by OCSP"),
        (Fallback, "expired", good, true, "good by OCSP"),
        (Fallback, "none", revoked, true, "(keyCompromise), says the OCSP responder"),
        (Fallback, "none", none, true, "asks to try later; before that: nothing can be said of"),
        (Fallback, "expired", unknown, true, "does not know the certificate; before that: nothing"),
        (Instead, "good", good, true, "good by OCSP"),
        (Instead, "revoked", good, true, "good by OCSP"),
        (Instead, "good", revoked, true, "(keyCompromise), says the OCSP responder"),
        (Instead, "good", held, true, "(certificateHold), says the OCSP responder"),
        (Instead, "good", unknown, true, "does not know the certificate"),
        (Instead, "good", expired, true, "expired at"),
        (Instead, "good", none, true, "asks to try later"),
    ];
    for (mode, crl, ocsp, asked, expected) in cases {
        let scene = Scene::new(mode);
        let crl_answer = match crl {
            "good" => scene.crl(&scene.root.crl()),
            "revoked" => scene.crl(&scene.root.crl().lists(&[5], Some(1))),
            "held" => scene.crl(&scene.root.crl().lists(&[5], Some(6))),
            "expired" => scene.crl(&scene.root.crl().valid(hours(-2), Some(hours(-1)))),
            _ => no_crl(),
        };
        let (judged, was_asked) = scene.judge(crl_answer, ocsp(&scene));
        assert!(judged.contains(expected), "{mode:?} {crl}: {judged}");
        assert_eq!(was_asked, asked, "{mode:?} {crl} {expected}");
    }
}

#[test]
fn no_crl_is_fetched_where_ocsp_is_asked_instead() {
    for (mode, addresses) in [(OcspMode::Off, 1), (OcspMode::Fallback, 1), (OcspMode::Instead, 0)] {
        let scene = Scene::new(mode);
        assert_eq!(wanted(&scene.path, &scene.policy)[0].urls.len(), addresses, "{mode:?}");
    }
}

#[test]
fn an_answer_to_another_question_settles_nothing() {
    let scene = Scene::new(OcspMode::Instead);
    let other = Scene::new(OcspMode::Instead);
    let (judged, _) = scene.judge(Err(CrlFailure::NoUrl { issuer: String::new() }.into()), other.answer(|a| a));
    assert!(judged.ends_with("no answer about it was given"), "{judged}");
}

#[test]
fn an_exemption_excuses_the_unknown_and_never_a_revocation() {
    type Ocsp = fn(&Scene) -> OcspAnswer;
    let good: Ocsp = |scene| scene.answer(|answer| answer);
    let revoked: Ocsp = |scene| scene.answer(|answer| answer.revoked(Some(1)));
    let held: Ocsp = |scene| scene.answer(|answer| answer.revoked(Some(6)));
    let unknown: Ocsp = |scene| scene.answer(TestAnswer::unknown);
    let none: Ocsp = |_| Err(OcspFailure::TryLater { url: URL.to_owned() }.into());
    use OcspMode::{Fallback, Instead};
    let cases: [(OcspMode, bool, Ocsp, &str); 10] = [
        (Fallback, false, good, "good by OCSP"),
        (Fallback, false, none, "not checked"),
        (Fallback, false, unknown, "not checked"),
        (Fallback, false, revoked, "says the OCSP responder"),
        (Fallback, false, held, "says the OCSP responder"),
        (Fallback, true, none, "says the CRL"),
        (Instead, false, none, "not checked"),
        (Instead, false, unknown, "not checked"),
        (Instead, false, revoked, "says the OCSP responder"),
        (Instead, false, held, "says the OCSP responder"),
    ];
    for (mode, revoked_by_crl, ocsp, expected) in cases {
        let mut scene = Scene::new(mode);
        for settings in scene.policy.authorities.values_mut() {
            settings.exemption = Some(Exemption { reason: "its server moves".to_owned(), until: hours(1) });
        }
        let crl = match revoked_by_crl {
            true => scene.crl(&scene.root.crl().lists(&[5], Some(1))),
            false => Err(CrlFailure::NoUrl { issuer: "CN=Root".to_owned() }.into()),
        };
        let (judged, _) = scene.judge(crl, ocsp(&scene));
        assert!(judged.contains(expected), "{mode:?} {expected}: {judged}");
    }
    let mut gateway_at_fault = Scene::new(Fallback);
    for settings in gateway_at_fault.policy.authorities.values_mut() {
        settings.exemption = Some(Exemption { reason: "its server moves".to_owned(), until: hours(1) });
    }
    let judged = judgement::judge_path(
        &gateway_at_fault.path,
        &[],
        Answers { crls: &[], ocsp: &[] },
        &gateway_at_fault.policy,
        hours(0),
    );
    assert!(matches!(judged, Err(RevocationError::Unanswered { .. })), "{judged:?}");
}
