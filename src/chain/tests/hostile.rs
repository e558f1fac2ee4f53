//! Sets of certificates made to hurt.

use super::super::{name_constraints, policy_graph, profile};
use super::*;
use crate::certificate::Certificate;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

/// A leaf, an authority with every extension that paths are judged by, and a root.
static PATH: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let lab = Lab::new();
    let mut params = authority("Constrained");
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::Rfc822Name("contoso.test".to_owned()),
            GeneralSubtree::DnsName("contoso.test".to_owned()),
        ],
        excluded_subtrees: vec![GeneralSubtree::Rfc822Name("bob@contoso.test".to_owned())],
    });
    let extension = |last: u64, content: &[u8]| {
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, last], content.to_vec());
        extension.set_criticality(true);
        extension
    };
    let policy = [0x30, 6, 0x30, 4, 6, 2, 0x2a, 3];
    params.custom_extensions = vec![
        extension(32, &policy),
        extension(33, &[0x30, 10, 0x30, 8, 6, 2, 0x2a, 3, 6, 2, 0x2a, 4]),
        extension(36, &[0x30, 6, 0x80, 1, 0, 0x81, 1, 1]),
        extension(54, &[2, 1, 0]),
    ];
    let constrained = lab.root.issue(params, TestKey::ec());
    let mut params = user("alice");
    params.custom_extensions = vec![extension(32, &[0x30, 6, 0x30, 4, 6, 2, 0x2a, 4])];
    let leaf = constrained.issue(params, TestKey::ec()).der;
    [leaf, constrained.der, lab.root.der]
});

/// A leaf, and the certificates of six authorities that all certify each other; the root certified the last of them.
static MAZE: LazyLock<Case> = LazyLock::new(|| {
    let root = Node::root(authority("Root"), TestKey::ec());
    let authorities: Vec<Node> = (0..6).map(|n| Node::root(authority(&format!("Maze {n}")), TestKey::ec())).collect();
    let mut sent = vec![root.certify_again(&authorities[5], |_| ())];
    for issuer in &authorities {
        sent.extend(authorities.iter().map(|subject| issuer.certify_again(subject, |_| ())));
    }
    let leaf = authorities[0].issue(user("alice"), TestKey::ec()).der;
    Case { roots: vec![root.der], leaf, sent, ..Case::default() }
});

#[test]
fn the_path_that_is_bent_below_is_good() {
    let [leaf, constrained, root] = PATH.clone();
    let case = Case { roots: vec![root], leaf, sent: vec![constrained], ..Case::default() };
    assert_eq!(case.outcome(), "CN=alice < CN=Constrained < CN=Root");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is sent of the maze, in whatever order: the search ends within its budget, and what it finds is a path.
    #[test]
    fn no_set_of_certificates_exceeds_the_budget(picked in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
        let Case { roots, leaf, sent, .. } = &*MAZE;
        let sent = picked.iter().map(|index| index.get(sent).clone()).collect();
        let case = Case { roots: roots.clone(), leaf: leaf.clone(), sent, ..Case::default() };
        let (found, tried) = explore(&case.presented(), &case.store(), &case.policy, at());
        // At most 64 complete paths and 1,024 steps, each of which ends at most one path.
        prop_assert!(tried.len() <= 64 + 1024 + 1, "{} paths", tried.len());
        match found {
            Ok(chain) => for pair in chain.path().windows(2) {
                prop_assert!(pair[0].issuer().matches(pair[1].subject()));
            },
            Err(_) => prop_assert!(tried.iter().all(|tried| tried.refusal.is_some())),
        }
    }
}

proptest! {
    /// The checks are asked directly, past the signature that the change breaks.
    #[test]
    fn no_change_to_a_certificate_makes_a_check_panic(
        which in 0..2usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        explicit_policy: bool,
        strict_profile: bool,
    ) {
        let mut ders = PATH.clone();
        for (index, octet) in changes {
            let position = index.index(ders[which].len());
            ders[which][position] = octet;
        }
        let path: Result<Vec<Arc<Certificate>>, _> =
            ders.iter().map(|der| Certificate::read_der(der).map(Arc::new)).collect();
        if let Ok(path) = path {
            let policy = ChainPolicy { explicit_policy, strict_profile, ..ChainPolicy::default() };
            let mut compared = 0;
            let _ = profile::check(&path, &policy);
            let _ = name_constraints::check(&path, &mut compared);
            let _ = policy_graph::check(&path, &policy);
        }
        let [leaf, constrained, root] = ders;
        let case = Case { roots: vec![root], leaf, sent: vec![constrained], ..Case::default() };
        // What is sent decides; the root was left alone.
        let _ = case.validate();
    }
}
