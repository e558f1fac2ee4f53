//! `fedgate metrics`, read line by line.

use super::World;
use super::publisher::issuing_crl;
use fedgate::outcome::Outcome;
use std::collections::{HashMap, HashSet};

/// Every sample by its name and labels; each metric has a type before its first sample, and no sample comes twice.
fn samples(text: &str) -> HashMap<String, f64> {
    let (mut samples, mut typed, mut current) = (HashMap::new(), HashSet::new(), "");
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect(line);
            assert!(kind == "gauge" || (kind == "counter" && name.ends_with("_total")), "{line}");
            assert!(typed.insert(name), "{line} comes twice");
            current = name;
        } else if let Some(rest) = line.strip_prefix("# HELP ") {
            assert!(rest.starts_with("fedgate_") && rest.ends_with('.'), "{line}");
        } else {
            let (name, value) = line.rsplit_once(' ').expect(line);
            assert_eq!(name.split('{').next(), Some(current), "{line}");
            assert!(samples.insert(name.to_owned(), value.parse().expect(line)).is_none(), "{line} comes twice");
        }
    }
    samples
}

/// `docs/control.md`, where everything has a line.
const DOCUMENT: &str = include_str!("../../../docs/control.md");

#[test]
fn the_numbers_are_those_of_the_gateway() {
    let world = World::with("exempt_reason = \"it moves\"\nexempt_until = 2999-12-31");
    world.publisher.publishes("issuing.crl", issuing_crl(12, -24..120));
    world.publisher.fails("root.crl", "503 Service Unavailable");
    world.sign_in("good");
    world.sign_in("good");
    let printed = world.run(&["metrics"]);
    assert_eq!((printed.code, printed.errors.as_str()), (Some(0), ""));
    let samples = samples(&printed.output);
    for name in printed.output.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()) {
        assert!(DOCUMENT.contains(&format!("`{name}`")), "{name} is not documented");
    }
    let value = |name: &str, label: &str| {
        let found: Vec<f64> = samples
            .iter()
            .filter(|(key, _)| key.split('{').next() == Some(name) && key.contains(label))
            .map(|(_, value)| *value)
            .collect();
        assert!(found.len() < 2, "{name} {label}: {found:?}");
        found.first().copied()
    };
    let counts: f64 =
        samples.iter().filter(|(key, _)| key.starts_with("fedgate_sign_ins_total{")).map(|(_, n)| n).sum();
    assert_eq!(counts, 2.0);
    let ended = format!("code=\"{}\"", Outcome::CrlHttpStatus.code());
    assert_eq!(value("fedgate_sign_ins_total", &ended), Some(2.0), "{}", printed.output);
    let per_outcome = samples.keys().filter(|key| key.starts_with("fedgate_sign_ins_total{")).count();
    assert_eq!(per_outcome, Outcome::ALL.len());

    assert_eq!(value("fedgate_revocation_exemptions_active", ""), Some(1.0));
    assert_eq!(value("fedgate_revocation_exemption_active", "authority=\"CN=Contoso Issuing CA"), Some(1.0));
    let end = value("fedgate_revocation_exemption_end_timestamp_seconds", "").unwrap();
    assert_eq!(end, 32_503_680_000.0, "3000-01-01T00:00:00Z");

    let (issuing, root) = ("/issuing.crl\"", "/root.crl\"");
    let (_, held) = world.json(&["crl", "list"]);
    let held = held.iter().find(|line| line["url"].as_str().is_some_and(|url| url.ends_with("issuing.crl"))).unwrap();
    let moment = |key: &str| held[key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second() as f64;
    assert_eq!(value("fedgate_crls_held", ""), Some(1.0));
    assert_eq!(value("fedgate_crl_entries", issuing), Some(0.0));
    assert_eq!(value("fedgate_crl_bytes", issuing), held["bytes"].as_f64());
    assert_eq!(value("fedgate_crl_in_force", issuing), Some(1.0));
    assert_eq!(value("fedgate_crl_next_update_timestamp_seconds", issuing), Some(moment("next_update")));
    assert_eq!(value("fedgate_crl_last_success_timestamp_seconds", issuing), Some(moment("last_success_at")));
    assert_eq!(value("fedgate_crl_consecutive_failures", issuing), Some(0.0));
    assert_eq!(value("fedgate_crl_consecutive_failures", root), Some(1.0));
    assert_eq!(value("fedgate_crl_in_force", root), Some(0.0));
    assert_eq!(value("fedgate_crl_next_update_timestamp_seconds", root), None);
}
