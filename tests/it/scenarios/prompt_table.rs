//! The prompt table: request shape × methods enabled × session. `tests/scenarios/prompt-table.txt` says what every cell must be;
//! here a person with a password and a certificate answers every question, in every way there is, until the end.

use super::pki::Pki;
use super::recipe::{self, Method as M, Scenario};
use super::visit::{BROWSER, Reception, randomness, session};
use super::{Mistake, farm, gets, lookups::Prepared, message};
use fedgate::federation::Farm;
use fedgate::federation::prompt::{Method, Methods};
use fedgate::sign_in::evidence::ListenerRole;
use fedgate::sign_in::passive::{Answer, Ask, Change, Cookies, Visit};
use fedgate::sign_in::{Evidence, Issued};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write;
use std::path::Path;

const SESSIONS: [&str; 5] = ["no session", "password", "certificate", "certificate, 30 min", "both"];
/// `AlwaysRequireAuthentication`.
const ALWAYS: &str = "the trust always asks";
const METHOD_REFERENCES: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
const INSTANT: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationinstant";
const MULTIPLE: &str = "http://schemas.microsoft.com/claims/multipleauthn";
/// Nobody is asked for one factor in more visits than this; a second factor takes at most two more.
const MOST_VISITS: usize = 3;

/// The cells of one configuration.
struct Block {
    /// TOML, as in a scenario; several where all must come to the same.
    policies: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

/// How a person was led from the request to the end.
struct Journey {
    questions: Vec<String>,
    visits: usize,
    end: Result<Box<Issued>, &'static str>,
    began: Timestamp,
    ended: Timestamp,
}

#[test]
fn every_cell_is_as_the_table_says_and_ends() {
    let text = std::fs::read_to_string(table()).expect("the table");
    let (mut report, mut cells, mut journeys) = (String::new(), 0, 0);
    for Block { policies, rows } in read(&text) {
        let mut found: Vec<[Vec<String>; 5]> = vec![Default::default(); rows.len()];
        for policy in &policies {
            for always in [false, true] {
                let rows = rows.iter().map(|(request, _)| request.as_str()).zip(&mut found);
                let rows = rows.filter(|(request, _)| (*request == ALWAYS) == always).collect();
                journeys += play(policy, always, rows).expect("a block that can be played");
            }
        }
        for ((request, expected), found) in rows.iter().zip(found) {
            cells += found.len();
            let found = found.map(|words| words.join(" / "));
            if found != expected.as_slice() {
                let _ = writeln!(report, "= {}\n{request:<26}| {}", policies[0], found.join(" | "));
            }
        }
    }
    assert!(report.is_empty(), "these rows are otherwise:\n{report}");
    assert!(cells >= 300 && journeys > 1000, "only {cells} cells, {journeys} ways");
}

fn table() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/prompt-table.txt")
}

/// `= SETTINGS` begins a block, `==` adds settings that must come to the same; then the rows, their cells between bars. One cell
/// alone stands for all.
fn read(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        if let Some(policy) = line.strip_prefix("== ") {
            blocks.last_mut().expect("a block").policies.push(policy.to_owned());
        } else if let Some(policy) = line.strip_prefix("= ") {
            blocks.push(Block { policies: vec![policy.to_owned()], rows: Vec::new() });
        } else {
            let mut cells = line.split('|').map(|cell| cell.trim().to_owned());
            let request = cells.next().expect("a first cell");
            let mut cells: Vec<String> = cells.collect();
            if let [all] = cells.as_slice() {
                cells = vec![all.clone(); SESSIONS.len()];
            }
            assert_eq!(cells.len(), SESSIONS.len(), "{line}");
            if request == "request" {
                assert_eq!(cells, SESSIONS);
            } else {
                blocks.last_mut().expect("a block").rows.push((request, cells));
            }
        }
    }
    blocks
}

/// The queries that a row stands for: one for every name of a method.
fn queries(request: &str) -> Vec<String> {
    let names: Vec<&str> = match request.split_once("wauth=").map(|(_, wauth)| wauth) {
        None => vec![""],
        Some("password") => Method::Password.aliases().to_vec(),
        Some("certificate") => Method::Certificate.aliases().to_vec(),
        Some("windows") => Method::Windows.aliases().to_vec(),
        Some("two factors") => vec![MULTIPLE, "http://schemas.microsoft.com/claims/wiaormultiauthn"],
        Some("unknown") => {
            vec!["urn:nobody", "URN:IETF:RFC:2246", "https://schemas.microsoft.com/claims/multipleauthn"]
        }
        Some(other) => panic!("{other:?} is no method"),
    };
    let before: String = request
        .split(' ')
        .filter(|part| part.starts_with("wfresh=") || part.starts_with("prompt="))
        .fold("wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline".to_owned(), |query, part| query + "&" + part);
    names.iter().map(|name| if name.is_empty() { before.clone() } else { format!("{before}&wauth={name}") }).collect()
}

/// Plays some rows under one policy, and says their cells in the table's words. Tells how many ways there were.
fn play(policy: &str, always: bool, rows: Vec<(&str, &mut [Vec<String>; 5])>) -> Result<usize, Mistake> {
    let scenario = scenario(policy, always)?;
    let pki = Pki::make(&scenario)?;
    let (farm, lookups) = (farm::build(&scenario, &pki)?, Prepared::new(&scenario, &pki)?);
    let place = Place { evidence: message::evidence(&scenario, &pki)?, pki: &pki, farm: &farm, lookups: &lookups };
    let mut journeys = 0;
    for (request, cells) in rows {
        for query in queries(request) {
            for (column, words) in cells.iter_mut().enumerate() {
                let said = cell(&place, policy, request, &query, column)?;
                journeys += 2;
                if !words.contains(&said) {
                    words.push(said);
                }
            }
        }
    }
    Ok(journeys)
}

/// A gateway and what its visitors bring.
struct Place<'a> {
    evidence: Evidence,
    pki: &'a Pki,
    farm: &'a Farm,
    lookups: &'a Prepared<'a>,
}

/// Plays a cell in both ways where there are two.
fn cell(place: &Place<'_>, policy: &str, request: &str, query: &str, column: usize) -> Result<String, Mistake> {
    let mut words = Vec::new();
    for prefers in [Method::Password, Method::Certificate] {
        let journey = follow(place, query, session_of(column), prefers)?;
        satisfied(&journey, request, policy, &format!("{policy}\n{query} with {}, {prefers} first", SESSIONS[column]));
        let mut said = journey.questions;
        match journey.end {
            Err(outcome) => said.push(outcome.to_owned()),
            Ok(_) if said.is_empty() => said.push("token".to_owned()),
            Ok(_) => {}
        }
        words.push(said.join(", "));
    }
    words.dedup();
    Ok(words.join(" or "))
}

fn scenario(policy: &str, always: bool) -> Result<Scenario, Mistake> {
    let always = if always { "relying_party.always_require_authentication = true" } else { "" };
    let settings: String = policy.split("; ").map(|setting| format!("{setting}\n")).collect();
    Ok(toml::from_str(&format!("title = \"a\"\nwhy = \"b\"\n[browser]\n[expect]\n[policy]\n{always}\n{settings}"))?)
}

fn session_of(column: usize) -> Option<recipe::Session> {
    let of = |by, and, minutes_ago| Some(recipe::Session { by, and, minutes_ago, ..recipe::Session::default() });
    match column {
        0 => None,
        1 => of(M::Password, None, 1),
        2 => of(M::Certificate, None, 1),
        3 => of(M::Certificate, None, 30),
        _ => of(M::Password, Some(M::Certificate), 1),
    }
}

/// Answers every question as a browser would send it, until there is none.
fn follow(place: &Place<'_>, query: &str, had: Option<recipe::Session>, prefers: Method) -> Result<Journey, Mistake> {
    let reception = Reception::new(place.farm, place.lookups, None);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut evidence = place.evidence.clone();
    evidence.connection.listener = ListenerRole::Service;
    let began = evidence.at;
    let sealed = had.map(|had| session(&had, place.pki, began).seal(&reception.keys, &[3; 12])).transpose()?;
    let (mut cookie, mut posted, mut questions, mut hopping) = (sealed, false, Vec::new(), false);
    for visits in 1..=MOST_VISITS + 2 {
        let cookies = Cookies { session: cookie.as_deref(), browser: Some(BROWSER), ..Cookies::default() };
        let random = randomness(u8::try_from(visits)?);
        let visit = Visit { query, posted, cookies, cross_site: false, random };
        let question = match runtime.block_on(reception.attend(&evidence, &visit)) {
            Answer::Question(question) => question,
            Answer::Ended(ended) => {
                let outcome = ended.verdict.outcome.name();
                let end = ended.verdict.issued.map(Box::new).ok_or(outcome);
                return Ok(Journey { questions, visits, end, began, ended: evidence.at });
            }
            other => return Err(format!("{other:?}").into()),
        };
        if let Some(failed) = question.failed {
            return Err(format!("the password failed: {}", failed.finding).into());
        }
        if let Change::Set(session) = question.cookies.session {
            cookie = Some(session);
        }
        if !hopping {
            let word = word(question.ask, questions.first());
            questions.push(word);
        }
        let answer;
        (answer, hopping) = answered(question.ask, prefers);
        posted = true;
        send(&mut evidence, answer, &question.state);
    }
    panic!("{query}: asked again and again: {questions:?}")
}

fn word(ask: Ask, first: Option<&String>) -> String {
    match ask {
        Ask::Choose(_) => "choose".to_owned(),
        Ask::Add(_) if first.is_some_and(|first| first == "choose") => "add the other".to_owned(),
        other => gets::in_words(other),
    }
}

/// What is posted, and whether that is a choice only, which leads to the certificate port.
fn answered(ask: Ask, prefers: Method) -> (Post, bool) {
    let pick = |methods: Methods| if methods.contains(prefers) { prefers } else { methods.iter().next().expect("one") };
    match ask {
        Ask::For(Method::Certificate) => (Post::Certificate, false),
        Ask::For(_) => (Post::Password, false),
        Ask::Choose(methods) | Ask::Add(methods) => match pick(methods) {
            Method::Certificate => (Post::Choice, true),
            _ => (Post::Password, false),
        },
    }
}

#[derive(Clone, Copy)]
enum Post {
    /// The button of the chooser.
    Choice,
    /// The page that leads to the certificate port.
    Certificate,
    Password,
}

fn send(evidence: &mut Evidence, post: Post, state: &str) {
    let (listener, form) = match post {
        Post::Choice => (ListenerRole::Service, "AuthMethod=CertificateAuthentication"),
        Post::Certificate => (ListenerRole::UserTls, "AuthMethod=CertificateAuthentication&RetrieveCertificate=1"),
        Post::Password => {
            (ListenerRole::Service, "AuthMethod=FormsAuthentication&UserName=CONTOSO%5calice&Password=p%26%3c%3e%22%27")
        }
    };
    evidence.connection.listener = listener;
    evidence.request.body = Ok(format!("{form}&State={state}").into_bytes());
    evidence.at += SignedDuration::from_secs(5);
}

/// Whoever got a token got it as the request demanded.
fn satisfied(path: &Journey, request: &str, policy: &str, place: &str) {
    let second = path.questions.iter().filter(|question| question.starts_with("add")).count();
    assert!(path.visits <= MOST_VISITS + 2 * second && second <= 1, "{place}: {} visits", path.visits);
    let Ok(issued) = &path.end else {
        assert_eq!(path.visits, 1, "{place}: refused after a question");
        return;
    };
    let values = |wanted: &str| -> Vec<String> {
        let claims = issued.claims.claims().iter().filter(|claim| claim.claim_type == wanted);
        claims.map(|claim| claim.value.to_string()).collect()
    };
    let instant: Timestamp = values(INSTANT).first().expect("an instant").parse().expect("a moment");
    let used = values(METHOD_REFERENCES);
    let used_one_of = |method: Method| used.iter().any(|used| method.aliases().contains(&used.as_str()));
    let asked = request.split(' ').collect::<Vec<_>>();
    if asked.contains(&"wfresh=0") || asked.contains(&"prompt=login") || request == ALWAYS {
        assert!(instant > path.began && !path.questions.is_empty(), "{place}: not fresh");
    }
    if asked.contains(&"wfresh=10") {
        assert!(path.ended.duration_since(instant) <= SignedDuration::from_mins(10), "{place}: too old");
    }
    let tolerant = policy.contains("fresh-certificate") && !policy.contains("\"password\"");
    if request.ends_with("wauth=password") {
        assert!(used_one_of(Method::Password) || (tolerant && instant > path.began), "{place}: {used:?}");
    }
    if request.ends_with("wauth=certificate") {
        assert!(used_one_of(Method::Certificate), "{place}: {used:?}");
    }
    if request.ends_with("wauth=two factors") {
        assert!(used.contains(&MULTIPLE.to_owned()), "{place}: {used:?}");
    }
}
