use super::*;
use crate::chain::test_pki::{Node, TestKey, authority, user};
use crate::verification::{Evidence, Layout, Origin, page};
use rcgen::date_time_ymd;

fn at() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// Two roots, an authority below the first, and its user.
struct Bridge {
    roots: [Node; 2],
    issuing: Node,
    user: Node,
}

impl Bridge {
    fn new() -> Self {
        let root = |name: &str| Node::root(authority(name), TestKey::ec());
        let roots = [root("Old Root"), root("New Root")];
        let issuing = roots[0].issue(authority("Issuing"), TestKey::ec());
        let user = issuing.issue(user("alice"), TestKey::ec());
        Self { roots, issuing, user }
    }

    /// The same authority again, out of date below the first root.
    fn expired(&self, serial: u8) -> Vec<u8> {
        self.roots[0].certify_again(&self.issuing, |parameters| {
            parameters.serial_number = Some(rcgen::SerialNumber::from_slice(&[serial]));
            parameters.not_after = date_time_ymd(2026, 1, 1);
        })
    }

    /// Below the second root, as far as the name says: the key that signed is another one's.
    fn forged(&self) -> Vec<u8> {
        let stranger = Node::root(authority("New Root"), TestKey::ec());
        stranger.certify_again(&self.issuing, |parameters| parameters.use_authority_key_identifier_extension = false)
    }

    fn judge(&self, intermediates: Vec<Vec<u8>>) -> Report {
        let named = |of: &str, ders: Vec<Vec<u8>>| {
            let files = ders.into_iter().enumerate().map(|(number, der)| (format!("{of}{number}.cer"), der));
            files.collect::<Vec<_>>()
        };
        let roots = self.roots.iter().map(|root| root.der.clone()).collect();
        let trust = TrustStore::build(named("root", roots), named("ca", intermediates)).unwrap();
        let settings = Settings { trust, chain: ChainPolicy::default(), revocation: RevocationPolicy::default() };
        let presented = PresentedChain::new(self.user.der.clone(), Vec::new());
        judge_chain("alice.cer", &presented, &settings, at()).finish(&Evidence::default())
    }
}

fn text(report: &Report) -> String {
    page(report, Layout { colours: false, width: 200 })
}

#[test]
fn every_failed_path_has_its_own_reason_the_most_telling_first() {
    let bridge = Bridge::new();
    let report = bridge.judge(vec![bridge.forged(), bridge.expired(1)]);
    let told: Vec<_> = report.failed_paths.iter().map(|path| (path.outcome, path.broke_at)).collect();
    assert_eq!(told, [("AuthorityExpired", Some(1)), ("SignatureInvalid", Some(1))], "{report:?}");
    assert_eq!((report.outcome, report.chain_accepted), (Some("AuthorityExpired"), false));
    let first = &report.failed_paths[0];
    assert_eq!(first.finding, report.finding);
    let places: Vec<_> = first.certificates.iter().map(|step| (step.origin, step.file.as_deref())).collect();
    let expected = [(Origin::Sent, None), (Origin::Intermediate, Some("ca1.cer")), (Origin::Root, Some("root0.cer"))];
    assert_eq!(places, expected);
    let shown: Vec<_> = report.chain.iter().map(|link| &link.facts.serial).collect();
    assert_eq!(shown, first.certificates.iter().map(|step| &step.serial).collect::<Vec<_>>());
    let text = text(&report);
    let other = text.split("Other paths that were tried").nth(1).unwrap();
    assert!(other.contains("✗ FG4011 SignatureInvalid. The signature of the intermediate certificate"), "{text}");
    assert!(other.contains("    CN=New Root (root container, root1.cer;"), "{text}");
    assert!(other.contains("    └ CN=Issuing (intermediate container, ca0.cer;"), "{text}");
    assert_eq!(text.matches("✗ here").count(), 2, "{text}");
}

#[test]
fn the_paths_before_the_good_one_are_told_too() {
    let bridge = Bridge::new();
    let report = bridge.judge(vec![bridge.expired(1), bridge.forged(), bridge.issuing.der.clone()]);
    assert!(report.chain_accepted, "{report:?}");
    assert_eq!(report.verdict, Verdict::Undetermined);
    // The expired one is not reached: those that are valid at the moment are tried first.
    let told: Vec<_> = report.failed_paths.iter().map(|path| (path.outcome, path.broke_at)).collect();
    assert_eq!(told, [("SignatureInvalid", Some(1))], "{report:?}");
    let text = text(&report);
    let tried = text.split("Paths that were tried too, and failed").nth(1).unwrap();
    assert!(tried.contains("└ CN=Issuing (intermediate container, ca1.cer;"), "{text}");
}

#[test]
fn their_number_is_bounded_and_what_is_left_out_is_counted() {
    let bridge = Bridge::new();
    let report = bridge.judge((1..=20).map(|serial| bridge.expired(serial)).collect());
    assert_eq!((report.failed_paths.len(), report.failed_paths_omitted), (16, 4));
    let text = text(&report);
    assert!(text.contains("and 15 more, which told less"), "{text}");
    assert!(text.len() < 8000);
}
