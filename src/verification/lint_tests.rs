use super::*;
use crate::chain::test_pki::{Node, TestKey, authority};
use crate::verification::ContainerFile;
use jiff::SignedDuration;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyUsagePurpose};

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn parameters(name: &str, constraint: BasicConstraints) -> CertificateParams {
    let mut parameters = authority(name);
    parameters.is_ca = IsCa::Ca(constraint);
    parameters
}

fn root(constraint: BasicConstraints) -> Node {
    Node::root(parameters("Root", constraint), TestKey::ec())
}

fn below(parameters: CertificateParams, issuer: &Node) -> Node {
    issuer.issue(parameters, TestKey::ec())
}

fn file(name: &str, authority: &Node) -> ContainerFile {
    (name.to_owned(), authority.der.clone())
}

fn lint(roots: &[&Node], intermediates: &[&Node], policy: &RevocationPolicy) -> Vec<(Severity, String)> {
    let files = |authorities: &[&Node], of: &str| {
        let named = authorities.iter().enumerate().map(|(number, authority)| file(&format!("{of}{number}"), authority));
        named.collect::<Vec<_>>()
    };
    let containers = Containers::read(files(roots, "root"), files(intermediates, "intermediate"));
    let found = findings(&containers, policy, &[], now());
    found.into_iter().map(|finding| (finding.severity, finding.what)).collect()
}

fn expect(found: &[(Severity, String)], severity: Severity, says: &str) {
    let hit = found.iter().any(|(how_bad, what)| *how_bad == severity && what.contains(says));
    assert!(hit, "{says}: {found:?}");
}

#[test]
fn a_path_length_that_leaves_no_room_is_an_error() {
    for (constraint, full) in [(0, true), (1, false)] {
        let root = root(BasicConstraints::Constrained(constraint));
        let issuing = below(parameters("Issuing", BasicConstraints::Unconstrained), &root);
        let found = lint(&[&root], &[&issuing], &RevocationPolicy::default());
        assert_eq!(found.iter().any(|(_, what)| what.contains("can never issue")), full, "{found:?}");
    }
    let root = root(BasicConstraints::Constrained(1));
    let middle = below(parameters("Middle", BasicConstraints::Unconstrained), &root);
    let issuing = below(parameters("Issuing", BasicConstraints::Unconstrained), &middle);
    let found = lint(&[&root], &[&middle, &issuing], &RevocationPolicy::default());
    expect(&found, Severity::Error, "\"CN=Issuing\" can never issue");
    assert!(!found.iter().any(|(_, what)| what.starts_with("\"CN=Middle\" can never")), "{found:?}");
}

#[test]
fn an_authority_without_crl_address_or_crl_sign_is_warned_of() {
    let root = root(BasicConstraints::Unconstrained);
    let mut mute = parameters("Issuing", BasicConstraints::Constrained(0));
    mute.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let issuing = below(mute, &root);
    let found = lint(&[&root], &[&issuing], &RevocationPolicy::default());
    expect(&found, Severity::Warning, "the key usage of \"CN=Issuing\" lacks cRLSign");
    expect(&found, Severity::Warning, "no CRL address of \"CN=Root\" is known");

    let settings = crate::revocation::AuthoritySettings {
        crl_distribution_points: vec!["http://crl.example/root.crl".to_owned()],
        ..Default::default()
    };
    let mut policy = RevocationPolicy::default();
    let fingerprint = openssl::sha::sha256(&root.der);
    policy.authorities.insert(fingerprint, settings);
    let found = lint(&[&root], &[&issuing], &policy);
    assert!(!found.iter().any(|(_, what)| what.contains("no CRL address")), "{found:?}");
}

#[test]
fn a_renewed_issuer_with_another_key_is_told_apart_from_a_missing_one() {
    let (old, new) = (root(BasicConstraints::Unconstrained), root(BasicConstraints::Unconstrained));
    let issuing = below(parameters("Issuing", BasicConstraints::Constrained(0)), &old);
    let found = lint(&[&new], &[&issuing], &RevocationPolicy::default());
    expect(&found, Severity::Error, "was issued by another key of \"CN=Root\" than the one in root0");
    let found = lint(&[&new, &old], &[&issuing], &RevocationPolicy::default());
    expect(&found, Severity::Warning, "\"CN=Root\" has the name of another authority with another key, in root0");
    assert!(found.iter().all(|(severity, _)| *severity == Severity::Warning), "{found:?}");
}

#[test]
fn gaps_in_the_identifiers_are_warned_of() {
    let root = root(BasicConstraints::Unconstrained);
    let mut bare = parameters("Issuing", BasicConstraints::Constrained(0));
    bare.use_authority_key_identifier_extension = false;
    let issuing = below(bare, &root);
    let found = lint(&[&root], &[&issuing], &RevocationPolicy::default());
    expect(&found, Severity::Warning, "\"CN=Issuing\" has no authority key identifier");
}

#[test]
fn sixty_days_are_soon() {
    let root = root(BasicConstraints::Unconstrained);
    let containers = Containers::read(vec![file("root", &root)], Vec::new());
    let end = containers.members[0].certificate.not_after();
    for (days, expected) in
        [(61, None), (59, Some(Severity::Warning)), (0, Some(Severity::Warning)), (-1, Some(Severity::Error))]
    {
        let at = end.checked_sub(SignedDuration::from_hours(24 * days)).unwrap();
        let found = findings(&containers, &RevocationPolicy::default(), &[], at);
        assert_eq!(found.first().map(|finding| finding.severity), expected, "{days}: {found:?}");
    }
}

#[test]
fn too_many_names_are_over_the_budget() {
    let name = "x".repeat(60);
    let roots: Vec<Node> = (0..250)
        .map(|number| {
            let name = format!("{name}{number:04}");
            Node::root(parameters(&name, BasicConstraints::Unconstrained), TestKey::ec())
        })
        .collect();
    let roots: Vec<&Node> = roots.iter().collect();
    let found = lint(&roots, &[], &RevocationPolicy::default());
    expect(&found, Severity::Warning, "as CA hints; the budget is 16384");
    let few = lint(&roots[..3], &[], &RevocationPolicy::default());
    assert!(!few.iter().any(|(_, what)| what.contains("as CA hints")), "{few:?}");
}
