//! One readable file per case, run through the whole federated flow: a certificate is made, CRLs and a directory are
//! prepared, a request comes in, and the verdict, the answer and the record are what the file and the catalogue say.
//!
//! `tests/scenarios/README.md` explains the files.

mod answer;
mod crl;
mod der;
mod farm;
mod forgery;
mod front_door;
mod gets;
mod keys;
mod lookups;
mod message;
mod ocsp;
mod people;
mod pki;
mod prompt_table;
mod recipe;
mod run;
mod visit;

use fedgate::outcome::Outcome;
use run::Run;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Why a scenario cannot be played. It is the file that is wrong, not the gateway.
type Mistake = Box<dyn std::error::Error + Send + Sync>;

/// A file and what came of it.
struct Played {
    /// `chain/expired.toml`.
    name: String,
    run: Result<Run, Mistake>,
}

/// Every scenario, played once for all tests.
fn played() -> &'static [Played] {
    static PLAYED: OnceLock<Vec<Played>> = OnceLock::new();
    PLAYED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
        let mut files = Vec::new();
        find(&folder, &mut files);
        files.sort();
        let name = |file: &Path| file.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        files.iter().map(|file| Played { name: name(file), run: play(file) }).collect()
    })
}

/// A panic is told with the file it came of.
fn play(file: &Path) -> Result<Run, Mistake> {
    std::panic::catch_unwind(|| Run::of(file)).unwrap_or_else(|_| Err("the gateway panicked".into()))
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the scenarios can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}

#[test]
fn every_scenario_ends_as_its_file_says() {
    let mut report = String::new();
    for Played { name, run } in played() {
        let complaints = match run {
            Ok(run) => run.complaints(name),
            Err(mistake) => vec![format!("cannot be played: {mistake}")],
        };
        for complaint in complaints {
            let _ = writeln!(report, "tests/scenarios/{name}: {complaint}");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// There is no exception: what only the network can bring about, such as a CRL that does not arrive, comes in through the
/// lookups as the fact they would report.
#[test]
fn every_outcome_is_reached_by_a_scenario() {
    let reached: HashSet<Outcome> = played().iter().filter_map(|played| played.run.as_ref().ok()?.reached()).collect();
    let missing: Vec<&str> = Outcome::ALL.iter().filter(|one| !reached.contains(one)).map(|one| one.name()).collect();
    assert!(missing.is_empty(), "no scenario ends in {}", missing.join(", "));
}

/// libxml2, which shares no code with the gateway, reads every answer.
#[test]
fn xmllint_reads_every_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet"]);
    let mut soap = 0;
    for (number, played) in played().iter().enumerate() {
        let ending = played.run.as_ref().ok().and_then(|run| run.ending.as_ref());
        let Some(answer) = ending.and_then(|ending| ending.answer.as_ref()) else { continue };
        if answer.content_type.starts_with("application/soap+xml") {
            let file = folder.path().join(format!("{number}.xml"));
            std::fs::write(&file, &answer.body).unwrap();
            command.arg(file);
            soap += 1;
        }
    }
    assert!(soap > 50, "only {soap} answers are SOAP");
    let judged = command.output().expect("xmllint (Debian package libxml2-utils) is needed by this test");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
}

#[test]
fn a_token_answer_has_the_shape_of_ad_fs() {
    let name = "signed-in/wcf-client.toml";
    let found = played().iter().find(|played| played.name == name).expect(name);
    let run = found.run.as_ref().unwrap_or_else(|mistake| panic!("{name}: {mistake}"));
    let answer = run.ending.as_ref().and_then(|ending| ending.answer.as_ref()).expect(name);
    let sample = message::file("token-response.xml").unwrap();
    assert_eq!(answer::without_token(&answer.body), answer::without_token(&sample));
}

#[test]
fn what_a_scenario_file_cannot_mean_is_an_error() {
    let good = "title = \"a\"\nwhy = \"b\"\n[expect]\noutcome = \"SignedIn\"\n";
    assert!(toml::from_str::<recipe::Scenario>(good).is_ok());
    for (wrong, told) in [
        ("[certificate]\nsubjct = \"x\"\n", "unknown field `subjct`"),
        ("[authorities.root]\npathlen = 1\n", "unknown field `pathlen`"),
        ("[crl.issuing]\nserved = \"late\"\n", "unknown variant `late`"),
        ("[crl.issuing]\nrevoked = [{ certificate = \"user\", why = \"x\" }]\n", "unknown field `why`"),
        ("[policy.trust]\nmaximum_deepness = 1\n", "unknown field `maximum_deepness`"),
        ("[rules]\nissuance = \"\"\n", "unknown field `issuance`"),
        ("[browser]\nquerry = \"\"\n", "unknown field `querry`"),
        ("[browser.state]\ndefect = \"old\"\n", "unknown variant `old`"),
        ("[policy.authentication_policy]\nadditional = [\"pin\"]\n", "unknown variant `pin`"),
        ("[weather]\n", "unknown field `weather`"),
    ] {
        let error = toml::from_str::<recipe::Scenario>(&format!("{good}{wrong}")).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}
