mod hostile;
mod names;
mod policies;

use super::test_pki::{Node, TestKey, authority, user};
use super::*;
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose as Usage, GeneralSubtree, IsCa,
    KeyUsagePurpose, NameConstraints, date_time_ymd,
};

const SMARTCARD_LOGON: [u64; 10] = [1, 3, 6, 1, 4, 1, 311, 20, 2, 2];

fn at() -> Timestamp {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

/// Containers and a message, with the default policy unless a case says otherwise.
#[derive(Default)]
struct Case {
    roots: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    leaf: Vec<u8>,
    sent: Vec<Vec<u8>>,
    policy: ChainPolicy,
}

impl Case {
    fn store(&self) -> TrustStore {
        let files = |kind: &str, ders: &[Vec<u8>]| {
            ders.iter().enumerate().map(|(n, der)| (format!("{kind}{n}.cer"), der.clone())).collect()
        };
        TrustStore::build(files("root", &self.roots), files("intermediate", &self.intermediates)).unwrap()
    }

    fn presented(&self) -> PresentedChain {
        PresentedChain::new(self.leaf.clone(), self.sent.clone())
    }

    fn validate(&self) -> Result<ValidatedChain, ChainError> {
        validate(&self.presented(), &self.store(), &self.policy, at())
    }

    /// The path's names, or the reason in words.
    fn outcome(&self) -> String {
        match self.validate() {
            Ok(chain) => chain.path().iter().map(|at| at.subject().dotnet()).collect::<Vec<_>>().join(" < "),
            Err(error) => error.to_string(),
        }
    }
}

/// Root ← Issuing ← a user, and what tests vary.
struct Lab {
    root: Node,
    issuing: Node,
}

impl Lab {
    fn new() -> Self {
        let root = Node::root(authority("Root"), TestKey::ec());
        let issuing = root.issue(authority("Issuing"), TestKey::ec());
        Self { root, issuing }
    }

    fn user(&self, change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let mut params = user("alice");
        change(&mut params);
        self.issuing.issue(params, TestKey::ec()).der
    }

    fn case(&self, leaf: Vec<u8>) -> Case {
        Case {
            roots: vec![self.root.der.clone()],
            intermediates: vec![self.issuing.der.clone()],
            leaf,
            ..Case::default()
        }
    }
}

const GOOD: &str = "CN=alice < CN=Issuing < CN=Root";

#[test]
fn a_path_may_come_from_the_store_or_from_the_client_in_any_order() {
    let lab = Lab::new();
    let policy_ca = lab.root.issue(authority("Policy"), TestKey::ec());
    let deep = policy_ca.issue(authority("Deep"), TestKey::ec());
    let leaf = lab.user(|_| ());
    let deep_leaf = deep.issue(user("alice"), TestKey::ec()).der;
    let deep_good = "CN=alice < CN=Deep < CN=Policy < CN=Root";
    let garbage = b"garbage".to_vec();
    let (root, policy_ca, deep) = (&lab.root.der, &policy_ca.der, &deep.der);
    type Ders<'a> = Vec<&'a Vec<u8>>;
    let cases: Vec<(&Vec<u8>, Ders<'_>, Ders<'_>, &str)> = vec![
        (&leaf, vec![&lab.issuing.der], vec![], GOOD),
        (&leaf, vec![], vec![&lab.issuing.der], GOOD),
        (&leaf, vec![], vec![&garbage, root, &lab.issuing.der, &leaf], GOOD),
        (&deep_leaf, vec![], vec![deep, policy_ca], deep_good),
        (&deep_leaf, vec![], vec![policy_ca, deep, policy_ca, deep, root], deep_good),
        (&deep_leaf, vec![policy_ca], vec![&garbage, deep], deep_good),
        (
            &deep_leaf,
            vec![],
            vec![deep],
            "the certificate of \"CN=Policy\", which issued \"CN=Deep\", is neither sent by the client nor stored here",
        ),
        (
            &deep_leaf,
            vec![policy_ca],
            vec![&garbage],
            "the certificate of \"CN=Deep\", which issued \"CN=alice\", is neither sent by the client nor stored here; \
             1 of the certificates it sent cannot be read",
        ),
    ];
    for (leaf, stored, sent, expected) in cases {
        let owned = |list: Ders<'_>| list.into_iter().cloned().collect::<Vec<_>>();
        let case = Case {
            roots: vec![root.clone()],
            intermediates: owned(stored),
            leaf: leaf.clone(),
            sent: owned(sent),
            ..Case::default()
        };
        assert_eq!(case.outcome(), expected);
    }
}

#[test]
fn an_unreadable_extra_certificate_is_noted() {
    let lab = Lab::new();
    let sent = vec![b"garbage".to_vec(), lab.issuing.der.clone()];
    let case = Case { intermediates: vec![], sent, ..lab.case(lab.user(|_| ())) };
    let chain = case.validate().unwrap();
    assert_eq!(chain.unreadable_sent().len(), 1);
    assert_eq!(chain.unreadable_sent()[0].0, 0);
    assert_eq!(chain.leaf().subject().dotnet(), "CN=alice");
}

#[test]
fn foreign_chains_are_foreign_before_anything_else() {
    let lab = Lab::new();
    let foreign = Node::root(authority("Foreign Root"), TestKey::ec());
    let mut expired = user("mallory");
    expired.not_after = date_time_ymd(2025, 6, 1);
    let leaf = foreign.issue(expired, TestKey::ec()).der;
    let complete = Case { sent: vec![foreign.der.clone()], ..lab.case(leaf.clone()) };
    assert_eq!(
        complete.validate().unwrap_err(),
        ChainError::UnknownIssuer { leaf: "CN=mallory".into(), top: "CN=Foreign Root".into() }
    );
    let missing = ChainError::MissingIntermediate {
        missing: "CN=Foreign Root".into(),
        below: "CN=mallory".into(),
        unreadable: 0,
    };
    assert_eq!(lab.case(leaf).validate().unwrap_err(), missing);
    let self_signed = Node::root(user("mallory"), TestKey::ec()).der;
    assert_eq!(
        lab.case(self_signed).validate().unwrap_err(),
        ChainError::UnknownIssuer { leaf: "CN=mallory".into(), top: "CN=mallory".into() }
    );
    assert!(matches!(lab.case(b"\x30\x00".to_vec()).validate(), Err(ChainError::UnreadableCertificate(_))));
}

#[test]
fn an_authority_of_the_same_name_with_another_key_is_not_the_issuer() {
    let lab = Lab::new();
    let renewed = lab.root.issue(authority("Issuing"), TestKey::ec());
    let leaf = renewed.issue(user("alice"), TestKey::ec()).der;
    let error = lab.case(leaf.clone()).validate().unwrap_err();
    assert!(matches!(&error, ChainError::MissingIntermediate { missing, .. } if missing == "CN=Issuing"), "{error}");
    assert_eq!(Case { sent: vec![renewed.der.clone()], ..lab.case(leaf) }.outcome(), GOOD);

    let mut anonymous = user("alice");
    anonymous.use_authority_key_identifier_extension = false;
    let leaf = renewed.issue(anonymous, TestKey::ec()).der;
    let error = lab.case(leaf.clone()).validate().unwrap_err();
    assert_eq!(
        error,
        ChainError::SignatureInvalid {
            role: CertificateRole::Leaf,
            subject: "CN=alice".into(),
            issuer: "CN=Issuing".into()
        }
    );
    assert_eq!(Case { sent: vec![renewed.der], ..lab.case(leaf) }.outcome(), GOOD);
}

#[test]
fn an_issuer_is_recognised_whatever_case_its_name_is_written_in() {
    let lab = Lab::new();
    let issuing = lab.root.issue_as("ROOT", authority("Issuing"), TestKey::ec());
    let leaf = issuing.issue_as(" issuing", user("alice"), TestKey::ec()).der;
    let stored = Case { intermediates: vec![issuing.der.clone()], ..lab.case(leaf.clone()) };
    assert_eq!(stored.outcome(), GOOD);
    assert_eq!(Case { intermediates: vec![], sent: vec![issuing.der], ..lab.case(leaf) }.outcome(), GOOD);
}

#[test]
fn a_tampered_certificate_is_refused() {
    let lab = Lab::new();
    let mut leaf = lab.user(|_| ());
    let name = leaf.windows(5).rposition(|window| window == b"alice").unwrap();
    leaf[name..name + 5].copy_from_slice(b"admin");
    let error = lab.case(leaf).validate().unwrap_err();
    assert!(matches!(error, ChainError::SignatureInvalid { role: CertificateRole::Leaf, .. }), "{error}");
}

#[test]
fn time_is_checked_at_every_position_and_at_both_ends() {
    let (early, late) = (date_time_ymd(2020, 1, 1), date_time_ymd(2028, 1, 1));
    let past =
        |params: &mut CertificateParams| (params.not_before, params.not_after) = (early, date_time_ymd(2026, 1, 1));
    let lab = Lab::new();
    let cases = [
        (lab.user(past), "the user certificate \"CN=alice\" expired; it was valid until 2026-01-01T00:00:00Z"),
        (
            lab.user(|params| params.not_before = late),
            "the user certificate \"CN=alice\" is not valid before 2028-01-01T00:00:00Z",
        ),
        (lab.user(|params| params.not_after = date_time_ymd(9999, 12, 31)), GOOD),
    ];
    for (leaf, expected) in cases {
        assert_eq!(lab.case(leaf).outcome(), expected);
    }
    let mut expired = authority("Issuing");
    past(&mut expired);
    let issuing = lab.root.issue(expired, TestKey::ec());
    let leaf = issuing.issue(user("alice"), TestKey::ec()).der;
    let case = Case { intermediates: vec![issuing.der], ..lab.case(leaf) };
    assert_eq!(
        case.outcome(),
        "the intermediate certificate 1 above the user's \"CN=Issuing\" expired; it was valid until 2026-01-01T00:00:00Z"
    );

    let case = lab.case(lab.user(|_| ()));
    let (store, presented) = (case.store(), case.presented());
    for (moment, accepted) in [
        ("2024-12-31T23:59:59Z", false),
        ("2025-01-01T00:00:00Z", true),
        ("2030-01-01T00:00:00.9Z", true),
        ("2030-01-01T00:00:01Z", false),
    ] {
        let verdict = validate(&presented, &store, &case.policy, moment.parse().unwrap());
        assert_eq!(verdict.is_ok(), accepted, "{moment}");
    }
}

#[test]
fn uses_are_nested() {
    let lab = Lab::new();
    let smartcard = || Usage::Other(SMARTCARD_LOGON.to_vec());
    let leaf = |usages: Vec<Usage>| lab.user(|params| params.extended_key_usages = usages);
    let wrong = |role: CertificateRole, subject: &str, found: &str| {
        let found = vec![found.to_owned()];
        ChainError::WrongExtendedKeyUsage { role, subject: subject.to_owned(), found }.to_string()
    };
    let cases = [
        (leaf(vec![smartcard()]), GOOD.to_owned()),
        (leaf(vec![Usage::Any]), GOOD.to_owned()),
        (leaf(vec![]), GOOD.to_owned()),
        (leaf(vec![Usage::ServerAuth, Usage::ClientAuth]), GOOD.to_owned()),
        (leaf(vec![Usage::ServerAuth]), wrong(CertificateRole::Leaf, "CN=alice", "1.3.6.1.5.5.7.3.1")),
    ];
    for (leaf, expected) in cases {
        assert_eq!(lab.case(leaf).outcome(), expected);
    }
    let position = CertificateRole::Intermediate { position: 1 };
    for (usage, expected) in [
        (Usage::Any, GOOD.to_owned()),
        (Usage::ClientAuth, GOOD.to_owned()),
        (Usage::EmailProtection, wrong(position, "CN=Issuing", "1.3.6.1.5.5.7.3.4")),
        (smartcard(), wrong(position, "CN=Issuing", "1.3.6.1.4.1.311.20.2.2")),
    ] {
        let mut params = authority("Issuing");
        params.extended_key_usages = vec![usage];
        let issuing = lab.root.issue(params, TestKey::ec());
        let leaf = issuing.issue(user("alice"), TestKey::ec()).der;
        assert_eq!(Case { intermediates: vec![issuing.der], ..lab.case(leaf) }.outcome(), expected);
    }
}

#[test]
fn weak_keys_and_weak_signatures_are_refused() {
    let lab = Lab::new();
    let leaf = lab.issuing.issue(user("alice"), TestKey::rsa(1024)).der;
    let mut case = lab.case(leaf);
    assert_eq!(case.outcome(), "the key of the user certificate \"CN=alice\" has 1024 bits; 2048 are required");
    case.policy.minimum_rsa_bits = 1024;
    assert_eq!(case.outcome(), GOOD);

    let mut case = lab.case(lab.user(|_| ()));
    case.policy.minimum_ec_bits = 384;
    assert_eq!(
        case.validate().unwrap_err(),
        ChainError::WeakKey { role: CertificateRole::Leaf, subject: "CN=alice".into(), bits: 256, minimum: 384 }
    );

    let mut case = lab.case(sha1_copy(&lab.user(|_| ()), &lab.issuing));
    let algorithm = "1.2.840.10045.4.1".to_owned();
    assert_eq!(
        case.validate().unwrap_err(),
        ChainError::WeakSignature { role: CertificateRole::Leaf, subject: "CN=alice".into(), algorithm }
    );
    case.policy.allow_sha1 = true;
    assert_eq!(case.outcome(), GOOD);
}

/// Names, key and validity of a certificate, signed anew with SHA-1.
fn sha1_copy(der: &[u8], issuer: &Node) -> Vec<u8> {
    let original = openssl::x509::X509::from_der(der).unwrap();
    let mut builder = openssl::x509::X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(original.serial_number()).unwrap();
    builder.set_subject_name(original.subject_name()).unwrap();
    builder.set_issuer_name(original.issuer_name()).unwrap();
    builder.set_pubkey(&original.public_key().unwrap()).unwrap();
    builder.set_not_before(original.not_before()).unwrap();
    builder.set_not_after(original.not_after()).unwrap();
    builder.sign(issuer.key().pkey(), openssl::hash::MessageDigest::sha1()).unwrap();
    builder.build().to_der().unwrap()
}

#[test]
fn authorities_must_be_authorities() {
    let lab = Lab::new();
    let end_entity = lab.issuing.issue(user("bob"), TestKey::ec());
    let by_user = end_entity.issue(user("alice"), TestKey::ec()).der;
    let case = Case { sent: vec![end_entity.der], ..lab.case(by_user) };
    assert_eq!(
        case.validate().unwrap_err(),
        ChainError::NotACertificateAuthority {
            role: CertificateRole::Intermediate { position: 1 },
            subject: "CN=bob".into(),
            defect: AuthorityDefect::NotAnAuthority
        }
    );
    let mut params = authority("CRL signer");
    params.key_usages = vec![KeyUsagePurpose::CrlSign];
    let crl_signer = lab.issuing.issue(params, TestKey::ec());
    let leaf = crl_signer.issue(user("alice"), TestKey::ec()).der;
    let error = Case { sent: vec![crl_signer.der], ..lab.case(leaf) }.validate().unwrap_err();
    let defect = AuthorityDefect::MayNotSignCertificates;
    assert!(matches!(error, ChainError::NotACertificateAuthority { defect: d, .. } if d == defect), "{error}");
}

#[test]
fn path_length_and_depth_are_limits() {
    let lab = Lab::new();
    let mut params = authority("Last");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let last = lab.root.issue(params, TestKey::ec());
    let below = last.issue(authority("Below"), TestKey::ec());
    let direct = last.issue(user("alice"), TestKey::ec()).der;
    let case = Case { sent: vec![last.der.clone()], ..lab.case(direct) };
    assert_eq!(case.outcome(), "CN=alice < CN=Last < CN=Root");
    let leaf = below.issue(user("alice"), TestKey::ec()).der;
    let mut case = Case { sent: vec![last.der, below.der], ..lab.case(leaf) };
    assert_eq!(
        case.validate().unwrap_err(),
        ChainError::PathTooLong { subject: "CN=Last".into(), allowed: 0, found: 1 }
    );
    case.policy.maximum_depth = 3;
    assert_eq!(case.validate().unwrap_err(), ChainError::DepthExceeded { maximum: 3 });
}

#[test]
fn extensions_nobody_understands_refuse_when_critical() {
    let lab = Lab::new();
    let with = |critical: bool| {
        lab.user(|params| {
            let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
            extension.set_criticality(critical);
            params.custom_extensions.push(extension);
        })
    };
    assert_eq!(lab.case(with(false)).outcome(), GOOD);
    assert_eq!(
        lab.case(with(true)).outcome(),
        "the user certificate \"CN=alice\" has the critical extension 1.2.3.4, which is not understood here"
    );
}

#[test]
fn name_constraints_and_policies_are_judged() {
    let lab = Lab::new();
    let mut params = authority("Constrained");
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::Rfc822Name("fabrikam.test".to_owned())],
        excluded_subtrees: vec![],
    });
    let constrained = lab.root.issue(params, TestKey::ec());
    let leaf = constrained.issue(user("alice"), TestKey::ec()).der;
    let error = Case { sent: vec![constrained.der], ..lab.case(leaf) }.validate().unwrap_err();
    assert!(matches!(&error, ChainError::NameConstraints { subject, .. } if subject == "CN=alice"), "{error}");

    let mut params = authority("Policy");
    // policyConstraints { requireExplicitPolicy [0] 0 }, critical; nobody below carries a policy.
    let mut constraints = CustomExtension::from_oid_content(&[2, 5, 29, 36], vec![0x30, 3, 0x80, 1, 0]);
    constraints.set_criticality(true);
    params.custom_extensions.push(constraints);
    let strict = lab.root.issue(params, TestKey::ec());
    let leaf = strict.issue(user("alice"), TestKey::ec()).der;
    let error = Case { sent: vec![strict.der], ..lab.case(leaf) }.validate().unwrap_err();
    assert!(matches!(error, ChainError::CertificatePolicies { .. }), "{error}");
}

#[test]
fn of_two_cross_certificates_the_valid_one_is_taken() {
    let lab = Lab::new();
    let other_root = Node::root(authority("Other Root"), TestKey::ec());
    let leaf = lab.user(|_| ());
    let expired = lab.root.certify_again(&lab.issuing, |params| params.not_after = date_time_ymd(2025, 6, 1));
    let cross = other_root.certify_again(&lab.issuing, |_| ());
    let roots = vec![lab.root.der.clone(), other_root.der.clone()];
    let mut case = Case { roots, intermediates: vec![expired.clone(), cross.clone()], leaf, ..Case::default() };
    assert_eq!(case.outcome(), "CN=alice < CN=Issuing < CN=Other Root");
    case.roots.pop();
    let error = case.validate().unwrap_err();
    assert!(matches!(error, ChainError::Expired { .. }), "expired says more than a missing root: {error}");
    (case.intermediates, case.sent) = (vec![expired], vec![cross]);
    case.roots.push(other_root.der);
    assert_eq!(case.outcome(), "CN=alice < CN=Issuing < CN=Other Root");
}

#[test]
fn a_maze_of_cross_certificates_exhausts_the_budget_and_not_the_machine() {
    let lab = Lab::new();
    let authorities: Vec<Node> = (0..7).map(|n| Node::root(authority(&format!("Maze {n}")), TestKey::ec())).collect();
    let mut sent = Vec::new();
    for issuer in &authorities {
        sent.extend(authorities.iter().map(|subject| issuer.certify_again(subject, |_| ())));
    }
    let leaf = authorities[0].issue(user("alice"), TestKey::ec()).der;
    let mut case = Case { sent, ..lab.case(leaf) };
    case.policy.maximum_depth = 30;
    let error = case.validate().unwrap_err();
    assert!(matches!(error, ChainError::BudgetExhausted { .. }), "{error}");
}

#[test]
fn a_remembered_path_is_judged_again_by_time_and_policy() {
    let lab = Lab::new();
    let case = lab.case(lab.user(|_| ()));
    let (store, presented) = (case.store(), case.presented());
    let path = validate(&presented, &store, &case.policy, at()).unwrap().path().to_vec();
    assert!(store.is_verified(&path, &case.policy));
    let later = validate(&presented, &store, &case.policy, "2031-01-01T00:00:00Z".parse().unwrap());
    assert!(matches!(later, Err(ChainError::Expired { .. })));
    let policy = ChainPolicy { minimum_ec_bits: 384, ..ChainPolicy::default() };
    assert!(matches!(validate(&presented, &store, &policy, at()), Err(ChainError::WeakKey { .. })));
}

#[test]
fn a_refused_path_is_not_remembered() {
    let lab = Lab::new();
    let mut leaf = lab.user(|_| ());
    *leaf.last_mut().unwrap() ^= 1;
    let case = lab.case(leaf);
    let (store, presented) = (case.store(), case.presented());
    for _ in 0..2 {
        let error = validate(&presented, &store, &case.policy, at()).unwrap_err();
        assert!(matches!(error, ChainError::SignatureInvalid { .. }), "{error}");
    }
    let leaf = presented.leaf().unwrap();
    let stored = [&store.intermediates()[0], &store.roots()[0]].map(|stored| stored.certificate.clone());
    assert!(!store.is_verified(&[leaf, stored[0].clone(), stored[1].clone()], &case.policy));
}

#[test]
fn containers_report_every_problem_with_file_and_cure() {
    use TrustContainer::{Intermediates, Roots};
    let lab = Lab::new();
    let alice = lab.user(|_| ());
    let file = |name: &str, content: &[u8]| (name.to_owned(), content.to_vec());
    let key_pem = lab.root.key().pkey().private_key_to_pem_pkcs8().unwrap();
    let both = [lab.root.pem(), key_pem].concat();
    let mut broken = Node::root(authority("Broken"), TestKey::ec()).der;
    *broken.last_mut().unwrap() ^= 1;
    let problems = TrustStore::build(
        vec![
            file("root.pem", &both),
            file("again.cer", &lab.root.der),
            file("issuing.cer", &lab.issuing.der),
            file("notes.txt", b"hello"),
            file("half.cer", &lab.root.der[..100]),
            file("broken.cer", &broken),
            file("self.cer", &Node::root(user("self"), TestKey::ec()).der),
        ],
        vec![file("root-here.cer", &lab.root.der), file("alice.cer", &alice), file("crl.pem", CRL_BLOCK)],
    )
    .unwrap_err();
    let expected = [
        (Roots, "root.pem: holds a private key. Remove the key"),
        (Roots, "again.cer: \"CN=Root\" is already in root.pem. Remove one"),
        (
            Roots,
            "issuing.cer: \"CN=Issuing\" was issued by \"CN=Root\", so it is no root. Move the file to the intermediate",
        ),
        (Roots, "notes.txt: holds no certificate. Store it as PEM or DER"),
        (Roots, "half.cer: certificate 1 cannot be read"),
        (Roots, "broken.cer: the signature of \"CN=Broken\" was not made by its own key"),
        (Roots, "self.cer: \"CN=self\" is not the certificate of an authority"),
        (
            Intermediates,
            "root-here.cer: \"CN=Root\" is self-signed, so it is no intermediate. Move the file to the root",
        ),
        (Intermediates, "alice.cer: \"CN=alice\" is not the certificate of an authority"),
        (Intermediates, "crl.pem: holds a PEM block \"X509 CRL\""),
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, (container, expected)) in problems.iter().zip(expected) {
        let told = problem.to_string();
        assert!(told.starts_with(expected), "{told}");
        assert_eq!(problem.container, container, "{told}");
    }
    let empty = TrustStoreProblem { container: Roots, file: None, defect: ContainerDefect::NoRoots };
    assert_eq!(TrustStore::build(vec![], vec![]).unwrap_err(), [empty]);
}

const CRL_BLOCK: &[u8] = b"-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n";

#[test]
fn a_pem_file_may_hold_several_certificates() {
    let lab = Lab::new();
    let second = Node::root(authority("Second"), TestKey::ec());
    let bundle = [lab.root.pem(), b"Second\n".to_vec(), second.pem()].concat();
    let store = TrustStore::build(vec![("bundle.pem".to_owned(), bundle)], vec![]).unwrap();
    let names: Vec<&str> = store.roots().iter().map(|stored| stored.certificate.subject().dotnet()).collect();
    assert_eq!(names, ["CN=Root", "CN=Second"]);
    assert_eq!(store.roots()[1].file, "bundle.pem");
}

/// The `openssl` command, asked about the same files, as a judge that shares no code of ours.
#[test]
fn the_openssl_command_agrees() {
    let lab = Lab::new();
    let mut params = authority("Constrained");
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::Rfc822Name("fabrikam.test".to_owned())],
        excluded_subtrees: vec![],
    });
    let constrained = lab.root.issue(params, TestKey::ec());
    let mut last = authority("Last");
    last.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let last = lab.root.issue(last, TestKey::ec());
    let below = last.issue(authority("Below"), TestKey::ec());
    let mut forged = lab.user(|_| ());
    *forged.last_mut().unwrap() ^= 1;
    let alice = |issuer: &Node| issuer.issue(user("alice"), TestKey::ec()).der;
    let cases = [
        (lab.user(|_| ()), vec![], true),
        (lab.user(|params| params.not_after = date_time_ymd(2025, 6, 1)), vec![], false),
        (forged, vec![], false),
        (alice(&constrained), vec![constrained.der.clone()], false),
        (alice(&last), vec![last.der.clone()], true),
        (alice(&below), vec![last.der.clone(), below.der.clone()], false),
        (alice(&below), vec![below.der.clone()], false),
    ];
    for (number, (leaf, sent, expected)) in cases.into_iter().enumerate() {
        let case = Case { sent, ..lab.case(leaf) };
        assert_eq!(case.validate().is_ok(), expected, "ours, case {number}: {}", case.outcome());
        assert_eq!(openssl_verify(&case), expected, "openssl, case {number}");
    }
}

fn openssl_verify(case: &Case) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, ders: &[Vec<u8>]| {
        let pem = |der: &Vec<u8>| openssl::x509::X509::from_der(der).unwrap().to_pem().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, ders.iter().flat_map(pem).collect::<Vec<u8>>()).unwrap();
        path
    };
    let untrusted = [case.intermediates.clone(), case.sent.clone()].concat();
    let mut command = std::process::Command::new("openssl");
    command.args(["verify", "-no-CApath", "-no-CAstore", "-purpose", "sslclient", "-attime"]);
    command.arg(at().as_second().to_string());
    command.arg("-CAfile").arg(write("roots.pem", &case.roots));
    command.arg("-untrusted").arg(write("untrusted.pem", &untrusted));
    command.arg(write("leaf.pem", std::slice::from_ref(&case.leaf)));
    command.output().expect("the openssl command (Debian package openssl) is needed by this test").status.success()
}
