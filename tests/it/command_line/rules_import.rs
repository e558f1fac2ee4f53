//! `fedgate rules import`: what AD FS's cmdlets print becomes rules and sections that the gateway can start with.

use crate::support::fedgate::{Ended, fedgate, run};
use crate::support::gateway::configured_folder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

fn printed(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/federation/import/testdata");
    folder.join(name).to_str().unwrap().to_owned()
}

fn import(arguments: &[&str]) -> Ended {
    run(["rules", "import"].into_iter().chain(arguments.iter().copied()))
}

/// Every file below a folder, by its name there.
fn files(folder: &Path) -> Vec<String> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { below(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    below(folder, &mut found);
    let mut names: Vec<String> =
        found.iter().map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect();
    names.sort();
    names
}

const WRITTEN: [&str; 8] = [
    "active-directory/acceptance.rules",
    "broken/transform.rules",
    "etc-cron-d-x/transform.rules",
    "fabrikam-mail/additional-authentication.rules",
    "fabrikam-mail/authorization.rules",
    "fabrikam-mail/transform.rules",
    "partners-of-the-north/acceptance.rules",
    "wiki/transform.rules",
];

#[test]
fn a_configuration_can_be_used_after_an_import() {
    let folder = configured_folder();
    let config = folder.path().join("fedgate.toml");
    let config = config.to_str().unwrap();
    let texts = [printed("relying-party-trusts.txt"), printed("claims-provider-trusts.txt")];
    let done = import(&[&texts[0], &texts[1], "--config", config]);
    // One of the trusts has a rule that cannot be read.
    assert_eq!((done.code, done.output.as_str()), (Some(1), ""), "{}", done.errors);
    for told in [
        "Fabrikam Mail (relying party trust)\n  wrote        ",
        "/claims-rules/fabrikam-mail/transform.rules\n",
        "  mended       8 line breaks of the console inside rules\n",
        "  took over    TokenLifetime, 480 minutes\n",
        "  took over    the access control policy \"Permit specific group\" for FABRIKAM\\Staff\n",
        "  error        transform.rules:1:9: POLICY0030",
        "  not in use   There is a [claims_provider] already; let its acceptance_rules name this file.\n",
        "5 of 6 trusts need nothing more.\n",
    ] {
        assert!(done.errors.contains(told), "{told}\n{}", done.errors);
    }
    assert_eq!(files(&folder.path().join("claims-rules")), WRITTEN);

    let checked = run(["check", "--config", config]);
    assert_eq!(checked.code, Some(0), "{}", checked.errors);
    let text = fs::read_to_string(config).unwrap();
    let parsed: toml::Table = text.parse().unwrap();
    let names: Vec<&str> =
        parsed["relying_party"].as_array().unwrap().iter().map(|party| party["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Office 365", "Fabrikam Mail", "Wiki", "../../etc/cron.d/x"]);
    assert!(text.contains("\n# transform_rules = \"claims-rules/broken/transform.rules\"\n"), "{text}");

    // Once more: nothing to write, and nobody twice.
    let again = import(&[&texts[0], "--config", config]);
    assert!(again.errors.contains("A relying party of this name is there already"), "{}", again.errors);
    assert!(again.errors.contains("  unchanged    "), "{}", again.errors);
    assert_eq!(fs::read_to_string(config).unwrap(), text);
}

#[test]
fn nothing_is_overwritten_unasked_and_nothing_written_in_a_dry_run() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    let into = rules.to_str().unwrap();
    let text = printed("relying-party-trusts.txt");

    let dry = import(&[&text, "--into", into, "--dry-run"]);
    assert!(dry.errors.contains("  would write  ") && dry.errors.contains("Nothing was written."), "{}", dry.errors);
    assert!(dry.output.starts_with("# The AD FS relying party trust \"Fabrikam Mail\".\n[[relying_party]]\n"));
    assert!(!rules.exists());

    let own = rules.join("fabrikam-mail/transform.rules");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "=> issue(Type = \"my own\");").unwrap();
    let refused = import(&[&text, "--into", into]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.errors.contains("it says something else; --force overwrites it"), "{}", refused.errors);
    assert!(!refused.output.contains("name = \"Fabrikam Mail\"") && refused.output.contains("name = \"Wiki\""));
    assert_eq!(fs::read_to_string(&own).unwrap(), "=> issue(Type = \"my own\");");
    assert_eq!(files(&rules.join("fabrikam-mail")), ["transform.rules"]);

    let forced = import(&[&text, "--into", into, "--force"]);
    assert!(forced.output.contains("name = \"Fabrikam Mail\""));
    assert!(forced.errors.contains("  overwritten  "), "{}", forced.errors);
    assert!(fs::read_to_string(&own).unwrap().starts_with("@RuleName = \"Send the mail address"));
}

#[test]
fn a_program_reads_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("rules");
    let text = printed("relying-party-trusts.json");
    let done = import(&[&text, "--into", into.to_str().unwrap(), "--json"]);
    assert_eq!((done.code, done.errors.as_str()), (Some(1), ""));
    let report: serde_json::Value = serde_json::from_str(&done.output).unwrap();
    let trusts = report["trusts"].as_array().unwrap();
    assert_eq!(trusts.len(), 4);
    assert_eq!((&trusts[0]["name"], &trusts[0]["usable"]), (&"Fabrikam Mail".into(), &true.into()));
    assert_eq!(trusts[0]["files"][0]["written"], "new");
    let left = trusts[0]["not_carried"].as_array().unwrap();
    assert!(left.iter().any(|left| left["property"] == "SignatureAlgorithm"), "{left:?}");
    assert_eq!((&trusts[3]["usable"], &trusts[3]["files"][0]["errors"][0]["line"]), (&false.into(), &1.into()));
}

/// Windows PowerShell's `>` writes UTF-16; a pipe brings whatever it is.
#[test]
fn standard_input_may_be_utf_16() {
    let text = fs::read_to_string(printed("claims-provider-trusts.txt")).unwrap();
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut command = fedgate(["rules", "import", "-", "--into", folder.path().to_str().unwrap()]);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(&wide).unwrap();
    let ended = process.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(String::from_utf8_lossy(&ended.stdout).contains("[claims_provider]\nacceptance_rules = "));
}

#[test]
fn what_cannot_be_read_or_used_is_said() {
    let folder = configured_folder();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("notes.txt"), "nothing here").unwrap();
    fs::write(path("latin.txt"), b"Name : B\xfcro").unwrap();
    fs::write(path("bad.toml"), "[[relying_party").unwrap();
    let trusts = printed("relying-party-trusts.txt");
    let cases: [(Vec<String>, i32, &str); 5] = [
        (vec![path("absent.txt")], 2, "absent.txt: cannot be read"),
        (vec![path("notes.txt")], 2, "notes.txt: no trust is in it"),
        (vec![path("latin.txt")], 2, "latin.txt: is neither UTF-8 nor UTF-16 text"),
        (vec![trusts.clone(), "--config".to_owned(), path("absent.toml")], 64, "absent.toml: cannot be read"),
        (vec![trusts, "--config".to_owned(), path("bad.toml")], 64, "bad.toml: is not TOML"),
    ];
    for (arguments, code, told) in cases {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ended = import(&arguments);
        assert_eq!(ended.code, Some(code), "{}", ended.errors);
        assert!(ended.errors.contains(told), "{told}\n{}", ended.errors);
    }
    assert!(!folder.path().join("claims-rules").exists());
}
