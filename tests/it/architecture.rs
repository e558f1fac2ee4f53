//! The house rules that a compiler does not know, read off the source itself.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms that may do I/O. Everything else is pure judgement.
const EDGES: &[&str] =
    &["cli", "config", "control", "http", "lab", "listener", "lookups", "main.rs", "clock.rs", "entropy.rs"];

/// What only an edge may name.
const EDGE_ONLY: &[&str] = &[
    "actix_web",
    "actix_tls",
    "ldap3",
    "reqwest",
    "tokio::",
    "std::net",
    "std::fs",
    "std::process",
    "std::env",
    "native_tls",
    "deadpool",
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "rand_bytes",
    "crate::entropy",
];

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "helpers", "common", "manager", "service", "misc", "core"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(found.len() > 50, "the walk found only {} files", found.len());
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&path).expect("a source file can be read"))
    };
    found.into_iter().map(read).collect()
}

/// The lines that are compiled into the product: tests at the end of a file and comments do not count.
fn product_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is_test_file(name: &str) -> bool {
    name.ends_with("/tests.rs")
        || name.contains("/tests/")
        || name.ends_with("conformance.rs")
        || name.ends_with("/testing.rs")
        || name.contains("test_support")
        || name.contains("/testing/")
}

fn is_edge(name: &str) -> bool {
    EDGES.contains(&name.split('/').next().unwrap_or_default())
}

#[test]
fn only_the_edges_do_io_or_ask_the_ambient_world() {
    let mut trespasses = Vec::new();
    for (name, text) in all_sources().iter().filter(|(name, _)| !is_edge(name) && !is_test_file(name)) {
        for (number, line) in product_lines(text) {
            for word in EDGE_ONLY.iter().filter(|word| line.contains(**word)) {
                trespasses.push(format!("src/{name}:{}: {word}", number + 1));
            }
        }
    }
    assert!(trespasses.is_empty(), "pure rooms name edge things:\n{}", trespasses.join("\n"));
}

#[test]
fn no_room_has_an_empty_name() {
    for (name, _) in all_sources() {
        for part in name.trim_end_matches(".rs").split('/') {
            assert!(!EMPTY_NAMES.contains(&part), "src/{name}: {part:?} says nothing");
        }
    }
}

#[test]
fn only_the_renderer_and_the_recorder_read_the_catalogue_for_the_outside() {
    for (name, text) in all_sources() {
        let may = ["http/render.rs", "http/passive/page.rs", "outcome/", "sign_in/record.rs", "cli/", "lab/"];
        if may.iter().any(|room| name.starts_with(room)) || is_test_file(&name) {
            continue;
        }
        for (number, line) in product_lines(&text) {
            assert!(!line.contains(".user_text"), "src/{name}:{} renders an outcome", number + 1);
        }
    }
}

/// `println!` panics when its reader is gone.
#[test]
fn only_the_terminal_prints() {
    for (name, text) in all_sources().iter().filter(|(name, _)| name != "cli/terminal.rs" && !is_test_file(name)) {
        for (number, line) in product_lines(text) {
            let printed = ["print!(", "println!(", "io::stdout().write", "io::stderr().write"];
            let found = printed.iter().find(|word| line.contains(**word));
            assert_eq!(found, None, "src/{name}:{} prints past cli/terminal.rs", number + 1);
        }
    }
}

#[test]
fn a_reader_finds_the_response_in_three_opens() {
    let sources = all_sources();
    let text = |wanted: &str| &sources.iter().find(|(name, _)| name == wanted).expect(wanted).1;
    assert!(text("main.rs").contains("cli::"));
    assert!(text("http/routes.rs").contains("certificate_transport::post"));
    assert!(text("sign_in/federated.rs").contains("pub async fn sign_in"));
}

#[test]
fn files_stay_short_enough_to_read() {
    let long: Vec<String> = all_sources()
        .iter()
        .filter(|(name, _)| !is_test_file(name) && !name.starts_with("outcome/entries"))
        .map(|(name, text)| (name, product_lines(text).filter(|(_, line)| !line.trim().is_empty()).count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(name, lines)| format!("src/{name}: {lines}"))
        .collect();
    assert!(long.is_empty(), "look again past 400 lines of code:\n{}", long.join("\n"));
}
