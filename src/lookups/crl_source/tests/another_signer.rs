//! CRLs that somebody else than the issuer signs, from the server to the verdict.

use super::*;
use crate::certificate::Certificate;
use crate::revocation::laboratory::{TestCrl, distribution_point, extension, tlv, utc_time};

/// A user of Sub whose certificate names Publisher as the issuer of the CRL at `list`; both are Root's, whose CRL is at `of_root`.
struct Scene {
    root: Authority,
    sub: Authority,
    publisher: Authority,
    list: Server,
    of_root: Server,
    source: CrlSource,
    policy: RevocationPolicy,
}

impl Scene {
    async fn new() -> Self {
        let root = Authority::root("Root", 1);
        let of_root = Server::start(Answer::Bytes(root.crl().der())).await;
        let list = Server::start(Answer::Status("503 Service Unavailable")).await;
        let sub = root.subordinate("Sub", 2, &[&of_root.url()]);
        let publisher = root.subordinate("Publisher", 9, &[&of_root.url()]);
        let crl_signers = vec![Arc::clone(&publisher.certificate), Arc::clone(&sub.certificate)];
        let policy = RevocationPolicy { crl_signers, ..RevocationPolicy::default() };
        Self { root, sub, publisher, list, of_root, source: source(), policy }
    }

    fn user(&self) -> Arc<Certificate> {
        let name = tlv(0xa0, &tlv(0xa0, &tlv(0x86, self.list.url().as_bytes())));
        let crl_issuer = tlv(0xa2, &tlv(0xa4, self.publisher.certificate.subject().der()));
        self.sub.user_with("user", 5, &[(31, tlv(0x30, &tlv(0x30, &[name, crl_issuer].concat())))])
    }

    fn indirect(&self) -> TestCrl {
        self.publisher.crl().with(distribution_point(None, &tlv(0x84, &[0xff])))
    }

    /// An entry about a certificate of Sub.
    fn entry(&self, serial: u8) -> Vec<u8> {
        let names = tlv(0x30, &tlv(0xa4, self.sub.certificate.subject().der()));
        let extensions = tlv(0x30, &extension(29, true, &names));
        tlv(0x30, &[tlv(2, &[serial]), utc_time("2026-06-01T00:00:00Z"), extensions].concat())
    }

    fn wanted(&self) -> Vec<CrlWanted> {
        let path = [self.user(), Arc::clone(&self.sub.certificate), Arc::clone(&self.root.certificate)];
        laboratory::wanted(&path, &self.policy)
    }

    async fn sign_in(&self, trust: &TrustStore) -> Result<(), RevocationError> {
        let presented = PresentedChain::new(self.user().der().to_vec(), Vec::new());
        let chain = validate(&presented, trust, &ChainPolicy::default(), hours(0)).unwrap();
        let wanted = required(&chain, &self.policy);
        let answers =
            futures_util::future::join_all(wanted.iter().map(|wanted| self.source.answer_at(wanted, hours(0)))).await;
        judge(chain, &wanted, Answers { crls: &answers, ocsp: &[] }, &self.policy, hours(0)).map(drop)
    }

    fn trust(&self) -> TrustStore {
        let file = |authority: &Authority| (String::from("file"), authority.certificate.der().to_vec());
        TrustStore::build(vec![file(&self.root)], vec![file(&self.sub), file(&self.publisher)]).unwrap()
    }
}

fn cause(error: &RevocationError) -> &CrlFailure {
    match error {
        RevocationError::Unavailable { failure, .. } => failure.cause(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_indirect_crl_from_the_server_to_the_verdict() {
    type Expected = fn(&Result<(), RevocationError>) -> bool;
    type List = fn(&Scene) -> TestCrl;
    let cases: [(&str, List, Expected); 5] = [
        ("good", |scene| scene.indirect(), |verdict| verdict.is_ok()),
        (
            "revoked",
            |scene| TestCrl { entries: vec![scene.entry(5)], ..scene.indirect() },
            |verdict| matches!(verdict, Err(RevocationError::Revoked { .. })),
        ),
        ("another revoked", |scene| TestCrl { entries: vec![scene.entry(6)], ..scene.indirect() }, Result::is_ok),
        (
            "signed by another",
            |scene| TestCrl { key: scene.root.crl().key, ..scene.indirect() },
            |verdict| matches!(cause(verdict.as_ref().unwrap_err()), CrlFailure::BadSignature { .. }),
        ),
        (
            "not indirect",
            |scene| scene.publisher.crl(),
            |verdict| matches!(cause(verdict.as_ref().unwrap_err()), CrlFailure::OutOfScope { .. }),
        ),
    ];
    for (what, list, expected) in cases {
        let scene = Scene::new().await;
        scene.list.answers(Answer::Bytes(list(&scene).der()));
        let trust = scene.trust();
        for _ in 0..2 {
            let verdict = scene.sign_in(&trust).await;
            assert!(expected(&verdict), "{what}: {verdict:?}");
        }
        assert_eq!((scene.list.requests(), scene.of_root.requests()), (1, 1), "{what}");
        assert_eq!(scene.policy.signatures.verified(), 1, "{what}");
    }
}

#[tokio::test]
async fn whom_the_certificate_names_must_be_ours() {
    let mut scene = Scene::new().await;
    scene.list.answers(Answer::Bytes(scene.indirect().der()));
    let trust = scene.trust();
    scene.policy.crl_signers.clear();
    let refused = scene.sign_in(&trust).await.unwrap_err();
    assert!(matches!(cause(&refused), CrlFailure::WrongIssuer { .. }), "{refused}");
    assert_eq!(scene.list.requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_fetch_it_once_though_two_may_have_signed() {
    let scene = Scene::new().await;
    scene.list.answers(Answer::Slow(scene.indirect().der(), Duration::from_millis(100)));
    let wanted = scene.wanted().remove(0);
    assert_eq!(wanted.signers.len(), 2);
    let answers = futures_util::future::join_all((0..50).map(|_| scene.source.answer_at(&wanted, hours(0)))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(scene.list.requests(), 1);
}

#[tokio::test]
async fn nobody_waits_for_the_issuer_to_be_asked_again_while_anothers_is_in_force() {
    let scene = Scene::new().await;
    scene.list.answers(Answer::Bytes(scene.indirect().der()));
    let wanted = scene.wanted().remove(0);
    assert!(scene.source.answer_at(&wanted, hours(0)).await.is_ok());
    scene.list.answers(Answer::Silence);
    let later = scene.source.answer_at(&wanted, hours(2));
    let later = tokio::time::timeout(Duration::from_secs(2), later).await.expect("nothing to wait for");
    assert_eq!((number(&later), scene.list.requests()), ("1".to_owned(), 1));
}

#[tokio::test]
async fn a_list_of_nobody_who_may_sign_costs_one_request_each_time_it_is_tried() {
    let scene = Scene::new().await;
    scene.list.answers(Answer::Bytes(Authority::root("Stranger", 3).crl().der()));
    let wanted = scene.wanted().remove(0);
    for (requests, hour) in [(1, 0), (1, 0), (2, 1), (2, 1), (3, 2)] {
        let failure = scene.source.answer_at(&wanted, hours(hour)).await.unwrap_err();
        assert!(matches!(failure.cause(), CrlFailure::WrongIssuer { .. }), "{failure}");
        assert_eq!(scene.list.requests(), requests, "hour {hour}");
    }
    // What was kept for the others is given back.
    scene.source.world.renew(hours(3));
    let kept = scene.source.world.downloads.newer_than(0, &scene.list.url(), UrlSource::Certificate, hours(2));
    assert!(kept.is_none());
    // The right one is there now: nothing from before is in its way.
    scene.list.answers(Answer::Bytes(scene.indirect().der()));
    assert!(scene.source.answer_at(&wanted, hours(3)).await.is_ok());
    assert_eq!(scene.list.requests(), 4);
}

#[tokio::test]
async fn a_sha1_crl_counts_exactly_when_the_operator_allows_it() {
    let ca = Authority::root("CA", 1);
    let mut crl = ca.crl();
    crl.scheme = laboratory::Scheme::PlainSha1;
    let server = Server::start(Answer::Bytes(crl.der())).await;
    let path = [ca.user("user", 5, &[&server.url()]), Arc::clone(&ca.certificate)];
    let folder = tempfile::tempdir().unwrap();
    for (allow_sha1, expected) in [(false, false), (true, true), (true, true), (false, false)] {
        let mut policy = RevocationPolicy::default();
        policy.signer_paths.allow_sha1 = allow_sha1;
        let wanted = laboratory::wanted(&path, &policy).remove(0);
        let answer = cached(folder.path()).answer_at(&wanted, hours(0)).await;
        assert_eq!(answer.is_ok(), expected);
        if let Err(failure) = answer {
            assert!(matches!(failure.cause(), CrlFailure::WeakSignature { .. }), "{failure}");
        }
    }
    // What the cache folder keeps is believed no more than the server once SHA-1 is allowed no longer.
    assert_eq!(server.requests(), 3);
}
