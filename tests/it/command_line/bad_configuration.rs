//! `fedgate serve` and `fedgate check` on a configuration that is not in order.

use crate::support::fedgate::{Ended, run};
use crate::support::lab::{for_serving, make, replace, text};
use fedgate::lab::Lab;
use std::fs;

const BAD_CONFIGURATION: Option<i32> = Some(64);

/// Where the rule is that cannot be read.
const RULES: &str = "claims-rules/office-365/authorization.rules";

/// One thing that is wrong: what stands in the file, what stands there instead, and what must be said of it.
struct Wrong {
    good: &'static str,
    bad: &'static str,
    /// Begins where the place is to be.
    at: &'static str,
    key: &'static str,
    says: &'static str,
}

/// All kinds together: a value of the wrong type, one out of range, a typing error in a key, a file that is not there, files that
/// do not belong together, a key that is missing, an unsafe setting, and a rule that cannot be read.
const WRONG: &[Wrong] = &[
    Wrong {
        good: "token_lifetime_minutes = 60",
        bad: "token_lifetime_minutes = \"an hour\"",
        at: "\"an hour\"",
        key: "token_lifetime_minutes",
        says: "must be a whole number",
    },
    Wrong {
        good: "handshake_timeout_seconds = 120",
        bad: "handshake_timeout_second = 120",
        at: "handshake_timeout_second =",
        key: "handshake_timeout_second",
        says: "Did you mean handshake_timeout_seconds?",
    },
    Wrong {
        good: "roots = \"certs/root\"",
        bad: "roots = \"certs/roots\"",
        at: "\"certs/roots\"",
        key: "roots",
        says: "",
    },
    Wrong {
        good: "minimum_rsa_bits = 2048",
        bad: "minimum_rsa_bits = 1",
        at: "1\n",
        key: "minimum_rsa_bits",
        says: "",
    },
    Wrong {
        good: "private_key = \"gateway/token-signing.key\"",
        bad: "private_key = \"gateway/tls.key\" # token",
        at: "\"gateway/tls.key\" # token",
        key: "private_key",
        says: "",
    },
    Wrong {
        good: "netbios_domain = \"CONTOSO\"\n",
        bad: "",
        at: "[directory]",
        key: "netbios_domain",
        says: "is missing",
    },
    Wrong {
        good: "\"alt-security-identities\", ",
        bad: "\"subject-name\", ",
        at: "[\"subject-name\"",
        key: "bindings",
        says: "subject-name",
    },
];

/// Breaks everything at once. Returns what must be told: line, column, key and words, in the order of the lines.
fn break_all(lab: &Lab) -> Vec<(String, &'static str, &'static str)> {
    for Wrong { good, bad, .. } in WRONG {
        replace(lab, "fedgate.toml", good, bad);
    }
    replace(lab, RULES, "=> issue(", "=> isue(");
    let toml = fs::read_to_string(lab.path("fedgate.toml")).unwrap();
    let place = |at: &str| {
        let offset = toml.find(at).expect(at);
        let line = toml[..offset].lines().count() + usize::from(toml[..offset].ends_with('\n'));
        let column = offset - toml[..offset].rfind('\n').map_or(0, |newline| newline + 1) + 1;
        (line, column)
    };
    let mut told: Vec<_> = WRONG.iter().map(|wrong| (place(wrong.at), wrong.key, wrong.says)).collect();
    told.sort_unstable();
    let file = text(lab.path("fedgate.toml"));
    told.into_iter().map(|((line, column), key, says)| (format!("{file}:{line}:{column}: "), key, says)).collect()
}

/// The test itself sits on both ports: an attempt to bind them would be told.
#[test]
fn every_problem_is_told_with_its_place_and_no_port_is_bound() {
    let (_folder, lab, _ports) = make();
    let told = break_all(&lab);
    for (command, last) in [("serve", " Nothing was started."), ("check", "")] {
        let Ended { code, output, errors } = run([command, "--config", &text(lab.path("fedgate.toml"))]);
        assert_eq!((code, output.as_str()), (BAD_CONFIGURATION, ""), "{command}: {errors}");
        let (in_rules, problems): (Vec<&str>, Vec<&str>) =
            errors.lines().filter(|line| line.starts_with('/')).partition(|line| line.contains(RULES));
        assert_eq!(in_rules.len(), 1, "{errors}");
        assert!(in_rules[0].starts_with(&format!("{}:2:5: ", text(lab.path(RULES)))), "{errors}");
        assert_eq!(problems.len(), told.len(), "{errors}");
        for (problem, (place, key, says)) in problems.iter().zip(&told) {
            let said = problem.strip_prefix(place.as_str()).unwrap_or_else(|| panic!("{place} is not where {problem}"));
            assert!(said.contains(key), "{key}: {said}");
            let cure = errors.lines().skip_while(|line| line != problem).nth(1).unwrap();
            assert!(cure.starts_with("    ") && cure.ends_with(['.', '?']), "{problem} has no cure: {cure}");
            assert!(format!("{said}\n{cure}").contains(says), "{says}: {said}\n{cure}");
        }
        assert!(errors.ends_with(&format!("\n{} problems.{last}\n", told.len() + 1)), "{errors}");
    }
}

#[test]
fn a_file_that_is_not_toml_or_not_there_is_told_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fedgate.toml");
    for content in [None, Some("[service\nname = 1"), Some("")] {
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        let Ended { code, output, errors } = run(["serve", "--config", file.to_str().unwrap()]);
        assert_eq!((code, output.as_str()), (BAD_CONFIGURATION, ""), "{content:?}: {errors}");
        assert!(errors.starts_with(&format!("{}:1:", file.display())), "{content:?}: {errors}");
    }
}

/// With all in order the port is the next thing, and its being taken is no fault of the configuration.
#[test]
fn a_port_that_is_taken_is_told_and_nothing_serves() {
    let (_folder, lab, ports) = make();
    let Ended { code, output, errors } = run(["serve", "--config", &text(lab.path("fedgate.toml"))]);
    assert_eq!(code, Some(1), "{errors}");
    let address = ports.user_tls.local_addr().unwrap();
    assert!(errors.starts_with(&format!("fedgate: {address} cannot be bound: ")), "{errors}");
    assert!(!output.contains("fedgate serves"), "{output}");
}

#[test]
fn a_configuration_that_can_be_used_is_said_to_be() {
    let (_folder, lab) = for_serving();
    let file = text(lab.path("fedgate.toml"));
    let Ended { code, output, errors } = run(["check", "--config", &file]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert_eq!(output, format!("{file} and everything it names can be used.\n"));
}
