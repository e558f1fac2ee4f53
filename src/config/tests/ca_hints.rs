use super::super::{CaHints, Configuration};
use super::site::Site;
use crate::chain::test_pki::{Node, TestKey, authority};

fn hinting(value: &str) -> Site {
    let site = Site::new();
    site.configure(|text| {
        text.replacen("[listener.user_tls]\n", &format!("[listener.user_tls]\nca_hints = {value}\n"), 1)
    });
    site
}

#[test]
fn the_names_are_those_of_a_container_of_both_or_of_files() {
    let cases = [
        ("\"none\"", CaHints::None, None),
        ("\"roots\"", CaHints::Roots, Some("1 names in 19 bytes")),
        ("\"intermediates\"", CaHints::Intermediates, Some("1 names in 22 bytes")),
        ("\"all\"", CaHints::All, Some("2 names in 41 bytes")),
    ];
    for (value, expected, told) in cases {
        let site = hinting(value);
        let configuration = Configuration::load(&site.path("fedgate.toml")).unwrap();
        assert_eq!(configuration.user_tls.ca_hints.value, expected);
        let notes = crate::config::assemble(&configuration).unwrap().notes;
        let note = |size| format!("[listener.user_tls] ca_hints comes to {size}, of 16384 that every client reads");
        assert_eq!(notes, told.map(note).into_iter().collect::<Vec<_>>(), "{value}");
    }
    let site = hinting("[\"roots/root.pem\", \"intermediates/issuing.cer\", \"roots/root.pem\"]");
    let configuration = Configuration::load(&site.path("fedgate.toml")).unwrap();
    assert!(crate::config::assemble(&configuration).unwrap().notes[0].contains("2 names in 41 bytes"));
}

/// Names of roots with so many characters altogether.
fn many(site: &Site, count: usize, characters: usize) {
    for number in 0..count {
        // The longest common name has 64 characters (RFC 5280 appendix A.1); rcgen does not mind.
        let name = format!("{number:03}{}", "x".repeat(characters - 3));
        site.write(&format!("roots/{number}.pem"), Node::root(authority(&name), TestKey::ec()).pem());
    }
}

#[test]
fn a_list_too_long_for_many_clients_is_warned_of_and_one_too_long_for_tls_refused() {
    let site = hinting("\"roots\"");
    many(&site, 20, 1000);
    assert_eq!(
        site.warnings(),
        [
            "[listener.user_tls] ca_hints comes to 21 names in 20479 bytes; many clients read 16384 at most and ignore the \
          rest or fail"
        ]
    );
    let site = hinting("\"roots\"");
    many(&site, 66, 1000);
    let problems = crate::config::open(&site.path("fedgate.toml")).err().unwrap().to_string();
    assert!(problems.contains("[listener.user_tls] ca_hints comes to 67 names in 67537 bytes, and TLS can say 65535"));
}

#[test]
fn what_is_no_hint_is_told() {
    let cases = [
        ("\"root\"", "Did you mean \"roots\"?"),
        ("true", "must be one of \"none\", \"roots\", \"intermediates\", \"all\", or a list of files, is true"),
        ("[\"authorization.rules\"]", "which is not one certificate"),
        ("[\"gone.pem\"]", "gone.pem, which cannot be read"),
    ];
    for (value, told) in cases {
        let problems = crate::config::open(&hinting(value).path("fedgate.toml")).err().unwrap().to_string();
        assert!(problems.contains(told), "{problems}");
    }
}
