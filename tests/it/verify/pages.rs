//! The pages as people see them. What differs from run to run is masked; after a deliberate change, write them anew with
//! `FEDGATE_WRITE_PAGES=1 cargo test --test it verify::pages`.

use super::{CONTAINERS, CRLS, run_in};
use crate::support::lab::{TestLab, make};
use fancy_regex::Regex;
use std::fs;
use std::path::Path;

/// Moments, octets in hexadecimal and days, each of one shape.
fn masked(text: &str) -> String {
    let masks = [
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<moment>"),
        (r"\b[0-9A-Fa-f]{32,64}\b", "<octets>"),
        (r"\b\d{2,4} days left", "<days> left"),
        (r"expired (1 day|less than a day) ago", "expired <days> ago"),
    ];
    masks.iter().fold(text.to_owned(), |text, (pattern, mask)| {
        Regex::new(pattern).unwrap().replace_all(&text, *mask).into_owned()
    })
}

#[test]
fn the_pages_read_as_they_did() {
    let (_folder, lab, _ports) = make();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/verify/golden");
    for name in ["good", "revoked", "expired", "missing-intermediate"] {
        let certificate = format!("users/{name}.pem");
        let ended = run_in(&lab, 400, &[&["verify", &certificate], &CONTAINERS[..], &CRLS].concat());
        let (page, file) = (masked(&ended.output), golden.join(format!("{name}.txt")));
        if std::env::var_os("FEDGATE_WRITE_PAGES").is_some() {
            fs::write(&file, &page).unwrap();
        }
        assert_eq!(page, fs::read_to_string(&file).unwrap(), "{}", file.display());
    }
}

/// The example in the documentation is what the command says, apart from where its lines break and what it leaves out.
#[test]
fn the_documented_page_is_a_real_one() {
    let lab = TestLab::start();
    let arguments = [&["verify", "users/revoked.pem", "--url-fetch"], &CONTAINERS[..]].concat();
    let flat = |text: &str| {
        let text = Regex::new(r"127\.0\.0\.1:\d+").unwrap().replace_all(text, "<server>").into_owned();
        let text = Regex::new(r"\b\d+ ms").unwrap().replace_all(&text, "<time>").into_owned();
        masked(&text).split(['│', ' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let page = flat(&run_in(&lab.lab, 100, &arguments).output);
    let manual = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify.md")).unwrap();
    let (_, example) = manual.split_once("```text\n$ fedgate verify users/revoked.pem").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let (_, example) = example.split_once('\n').unwrap();
    let parts: Vec<String> = example.split('…').map(flat).collect();
    assert!(parts.len() > 3);
    for part in parts {
        assert!(page.contains(&part), "{part}\n\nis not in\n\n{page}");
    }
}

/// A line is longer than the terminal is wide only where one word is, or a value to be copied.
#[test]
fn lines_fit_and_are_not_coloured_without_a_terminal() {
    let (_folder, lab, _ports) = make();
    for columns in [60, 80, 120] {
        for name in ["good", "revoked", "missing-intermediate"] {
            let certificate = format!("users/{name}.pem");
            let ended = run_in(&lab, columns, &[&["verify", &certificate], &CONTAINERS[..], &CRLS].concat());
            let words = |line: &str| line.trim_start_matches(['│', '└', ' ']).split(' ').count();
            let long = |line: &&str| line.chars().count() > columns && words(line) > 1 && !line.contains("X509:<I>");
            assert_eq!(ended.output.lines().find(long), None, "{columns}");
            assert!(!ended.output.contains('\u{1b}'));
        }
    }
}
