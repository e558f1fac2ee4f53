//! Certificate policies, with OpenSSL's own tree as the judge.

use super::*;
use rcgen::CustomExtension;
use std::process::Command;

const POLICIES: [&str; 4] = ["1.2.3.1", "1.2.3.2", "1.2.3.3", "2.5.29.32.0"];

/// Each asks the `openssl` command once.
const CASES: usize = 100;

/// What the extensions of one certificate say; policies by their position in [`POLICIES`].
#[derive(Debug, Clone, Default)]
struct Says {
    policies: Vec<usize>,
    mappings: Vec<(usize, usize)>,
    require_explicit: Option<u8>,
    inhibit_mapping: Option<u8>,
    inhibit_any: Option<u8>,
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    assert!(content.len() < 0x1_0000);
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    match content.len() {
        0..0x80 => [&[tag, length[1]], content].concat(),
        0x80..0x100 => [&[tag, 0x81, length[1]], content].concat(),
        _ => [&[tag, 0x82, length[0], length[1]], content].concat(),
    }
}

fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u8> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    tlv(6, &[&[arcs[0] * 40 + arcs[1]], &arcs[2..]].concat())
}

impl Says {
    fn extensions(&self) -> Vec<CustomExtension> {
        let sequence = |elements: Vec<Vec<u8>>| tlv(0x30, &elements.concat());
        let critical = |last: u64, content: Vec<u8>| {
            let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, last], content);
            extension.set_criticality(true);
            extension
        };
        let mut found = Vec::new();
        if !self.policies.is_empty() {
            let policies = self.policies.iter().map(|policy| tlv(0x30, &oid(POLICIES[*policy]))).collect();
            found.push(critical(32, sequence(policies)));
        }
        if !self.mappings.is_empty() {
            let pair = |(from, to): &(usize, usize)| tlv(0x30, &[oid(POLICIES[*from]), oid(POLICIES[*to])].concat());
            found.push(critical(33, sequence(self.mappings.iter().map(pair).collect())));
        }
        if self.require_explicit.is_some() || self.inhibit_mapping.is_some() {
            let fields = [(0x80, self.require_explicit), (0x81, self.inhibit_mapping)];
            let fields = fields.iter().filter_map(|(tag, skip)| skip.map(|skip| tlv(*tag, &[skip])));
            found.push(critical(36, sequence(fields.collect())));
        }
        if let Some(skip) = self.inhibit_any {
            found.push(critical(54, tlv(2, &[skip])));
        }
        found
    }
}

/// Numbers that look arbitrary and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn skip(&mut self) -> Option<u8> {
        (self.roll(5) == 0).then(|| u8::try_from(self.roll(3)).unwrap())
    }

    fn says(&mut self, authority: bool) -> Says {
        let mut says = Says::default();
        for policy in 0..POLICIES.len() {
            if self.roll(2) > 0 {
                says.policies.push(policy);
            }
        }
        if authority {
            for from in 0..3 {
                // Section 4.2.1.5: a mapped policy is asserted too.
                if self.roll(3) == 0 && says.policies.contains(&from) {
                    says.mappings.push((from, usize::try_from(self.roll(3)).unwrap()));
                }
            }
            (says.require_explicit, says.inhibit_mapping) = (self.skip(), self.skip());
            says.inhibit_any = self.skip();
        }
        says
    }
}

/// A root, an authority for each of these but the last, and the user whom the last describes.
fn chain(says: &[Says]) -> Case {
    let root = Node::root(authority("Root"), TestKey::ec());
    let (leaf, authorities) = says.split_last().unwrap();
    let mut case = Case { roots: vec![root.der.clone()], ..Case::default() };
    let mut issuer = root;
    for (number, says) in authorities.iter().enumerate() {
        let mut params = authority(&format!("CA {number}"));
        params.custom_extensions = says.extensions();
        issuer = issuer.issue(params, TestKey::ec());
        case.sent.push(issuer.der.clone());
    }
    let mut params = user("alice");
    params.custom_extensions = leaf.extensions();
    case.leaf = issuer.issue(params, TestKey::ec()).der;
    case
}

fn openssl_accepts(case: &Case) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, ders: &[Vec<u8>]| {
        let path = folder.path().join(name);
        let pems = ders.iter().flat_map(|der| openssl::x509::X509::from_der(der).unwrap().to_pem().unwrap());
        std::fs::write(&path, pems.collect::<Vec<u8>>()).unwrap();
        path
    };
    let mut command = Command::new("openssl");
    command.args(["verify", "-no-CApath", "-no-CAstore", "-policy_check", "-attime"]);
    command.arg(at().as_second().to_string());
    let wanted = &case.policy.initial_policies;
    let any = [POLICIES[3].to_owned()];
    for policy in if wanted.is_empty() { &any[..] } else { wanted } {
        command.args(["-policy", policy]);
    }
    let flags = [
        (case.policy.explicit_policy, "-explicit_policy"),
        (case.policy.inhibit_policy_mapping, "-inhibit_map"),
        (case.policy.inhibit_any_policy, "-inhibit_any"),
    ];
    command.args(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| flag));
    command.arg("-CAfile").arg(write("root.pem", &case.roots));
    command.arg("-untrusted").arg(write("sent.pem", &case.sent));
    command.arg(write("leaf.pem", std::slice::from_ref(&case.leaf)));
    command.output().expect("the openssl command (Debian package openssl) is needed by this test").status.success()
}

#[test]
fn openssl_agrees_about_any_mixture_of_policies() {
    let mut dice = Dice(20_260_110);
    let mut refused = 0;
    for number in 0..CASES {
        let authorities = 1 + dice.roll(3);
        let mut says: Vec<Says> = (0..authorities).map(|_| dice.says(true)).collect();
        says.push(dice.says(false));
        let mut case = chain(&says);
        for policy in &POLICIES[..3] {
            if dice.roll(4) == 0 {
                case.policy.initial_policies.push((*policy).to_owned());
            }
        }
        case.policy.explicit_policy = dice.roll(2) == 0;
        case.policy.inhibit_policy_mapping = dice.roll(6) == 0;
        case.policy.inhibit_any_policy = dice.roll(6) == 0;
        let ours = case.validate();
        let theirs = openssl_accepts(&case);
        assert_eq!(ours.is_ok(), theirs, "case {number}: {says:?} with {:?}: {:?}", case.policy, ours.err());
        refused += usize::from(!theirs);
    }
    assert!((CASES / 4..CASES * 3 / 4).contains(&refused), "{refused} of {CASES} were refused: the cases are lopsided");
}

/// RFC 5280 section 6.1.3 (d) (2): where anyPolicy counts for nothing, mapping a policy that is asserted by anyPolicy alone
/// does not bring it to life. OpenSSL accepts this path.
#[test]
fn a_mapping_does_not_revive_an_inhibited_anypolicy() {
    let says = Says { policies: vec![3], mappings: vec![(0, 0)], ..Says::default() };
    let leaf = Says { policies: vec![0], ..Says::default() };
    let mut case = chain(&[says, leaf]);
    case.policy.explicit_policy = true;
    assert_eq!(case.outcome(), "CN=alice < CN=CA 0 < CN=Root");
    case.policy.inhibit_any_policy = true;
    assert!(matches!(case.validate(), Err(ChainError::CertificatePolicies { .. })));
}

#[test]
fn anypolicy_is_not_mapped() {
    for mapping in [(0, 3), (3, 0)] {
        let says = Says { policies: vec![3], mappings: vec![mapping], ..Says::default() };
        let leaf = Says { policies: vec![0], ..Says::default() };
        let case = chain(&[says, leaf]);
        assert!(
            matches!(case.validate(), Err(ChainError::CertificatePolicies { subject, .. }) if subject == "CN=CA 0")
        );
        assert!(!openssl_accepts(&case));
    }
}

/// CVE-2023-0464: in the tree of RFC 5280 the nodes triple with every certificate.
#[test]
fn policies_that_map_to_each_other_cost_little() {
    let mappings = (0..3).flat_map(|from| (0..3).map(move |to| (from, to))).collect();
    let authority = Says { policies: vec![0, 1, 2], mappings, require_explicit: Some(0), ..Says::default() };
    let mut says = vec![authority; 29];
    says.push(Says { policies: vec![0], ..Says::default() });
    let mut case = chain(&says);
    case.policy.maximum_depth = 32;
    case.policy.initial_policies = vec![POLICIES[1].to_owned()];
    assert!(case.validate().is_ok());
    case.policy.initial_policies = vec!["1.2.3.9".to_owned()];
    assert!(matches!(case.validate(), Err(ChainError::CertificatePolicies { .. })));
}

/// Other demands on the same path are another question.
#[test]
fn a_remembered_path_is_judged_again_by_policies() {
    let says = Says { policies: vec![0], ..Says::default() };
    let case = chain(&[says.clone(), says]);
    let (store, presented) = (case.store(), case.presented());
    let ask = |policy: &str| {
        let initial_policies = vec![policy.to_owned()];
        let policy = ChainPolicy { initial_policies, explicit_policy: true, ..ChainPolicy::default() };
        validate(&presented, &store, &policy, at())
    };
    for _ in 0..2 {
        assert!(ask(POLICIES[0]).is_ok());
        assert!(matches!(ask(POLICIES[1]), Err(ChainError::CertificatePolicies { .. })));
    }
}
