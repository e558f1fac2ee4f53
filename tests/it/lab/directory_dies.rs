//! Sign-ins while the directory server is killed, started again, frozen and thawed: from the clients' side of the gateway.

use super::over_ldaps::move_directory;
use crate::support::lab::{TestLab, client};
use crate::support::slapd::Slapd;
use fedgate::clock::Clock;
use fedgate::http::routes::CERTIFICATE_TRANSPORT;
use fedgate::lab::Answer;
use fedgate::outcome::Outcome;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const CLIENTS: usize = 5;
/// As short as the configuration allows.
const LIMITS: &str = "connections = 3\nconnect_timeout_seconds = 1\noperation_timeout_seconds = 1\n";
/// What one search may cost, waiting for a connection and making one included. A search that fails ends the sign-in.
const LIMIT: Duration = Duration::from_secs(1);
/// How much later than its limit a search may end on a busy machine.
const MARGIN: Duration = Duration::from_millis(700);
/// What a client's TLS handshake may cost besides, with all clients at it at once.
const HANDSHAKE: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(40);

/// One sign-in as its client saw it.
struct Seen {
    answer: Answer,
    took: Duration,
}

/// Clients that sign in one after the other until they are told to stop.
struct Traffic<'l> {
    lab: &'l TestLab,
    seen: Mutex<Vec<Seen>>,
    stop: AtomicBool,
}

impl Traffic<'_> {
    fn sign_in_again_and_again(&self) {
        let request = fs::read_to_string(self.lab.lab.path("request.xml")).unwrap();
        let client = client(&self.lab.lab, self.lab.user_tls(), "good");
        while !self.stop.load(Ordering::Relaxed) {
            let stopwatch = Clock::System.stopwatch();
            let answer = client.post(CERTIFICATE_TRANSPORT, &request).expect("an answer, whatever the directory does");
            self.seen.lock().unwrap().push(Seen { answer, took: stopwatch.elapsed() });
        }
    }

    fn count(&self, status: u16) -> usize {
        self.seen.lock().unwrap().iter().filter(|seen| seen.answer.status == status).count()
    }

    /// Waits until each client, on average, has had two more answers of this status.
    fn until_more(&self, status: u16) {
        let (before, stopwatch) = (self.count(status), Clock::System.stopwatch());
        while self.count(status) < before + 2 * CLIENTS {
            assert!(stopwatch.elapsed() < PATIENCE, "no more answers with {status}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Lets `happen` happen during traffic; every answer since.
fn during_traffic(lab: &TestLab, happen: impl FnOnce(&Traffic<'_>)) -> Vec<Seen> {
    let traffic = Traffic { lab, seen: Mutex::default(), stop: AtomicBool::new(false) };
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| traffic.sign_in_again_and_again());
        }
        // Clients go on until they are told; they must be told when a test fails as well.
        let stop = StopOnDrop(&traffic.stop);
        happen(&traffic);
        drop(stop);
    });
    traffic.seen.into_inner().unwrap()
}

struct StopOnDrop<'s>(&'s AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn lab_and_server() -> (TestLab, Slapd) {
    let mut server = None;
    let lab = TestLab::changed(|lab| server = Some(move_directory(lab, LIMITS)));
    (lab, server.unwrap())
}

/// Either a token, or the fault of a service that is out of order; and nobody waits for long. How the refused ones ended.
fn refusals(lab: &TestLab, seen: Vec<Seen>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for Seen { answer, took } in seen {
        let record = lab.record(answer.header("request-id").unwrap());
        assert!(took < LIMIT + MARGIN + HANDSHAKE, "{took:?}: {record:?}");
        let slowest = record.steps.iter().map(|step| step.took).max().unwrap();
        assert!(slowest < LIMIT + MARGIN, "{slowest:?}: {record:?}");
        if answer.status == 200 {
            assert_eq!(record.outcome, Outcome::SignedIn);
            continue;
        }
        assert_eq!((answer.status, answer.header("content-type")), (500, Some("application/soap+xml; charset=utf-8")));
        assert!(answer.body.contains(":InternalServiceFault</s:Value></s:Subcode>"), "{}", answer.body);
        for secret in ["ldap", "slapd", "127.0.0.1", "contoso", record.outcome.code()] {
            assert!(!answer.body.to_lowercase().contains(&secret.to_lowercase()), "{secret}: {}", answer.body);
        }
        outcomes.push(record.outcome);
    }
    outcomes
}

#[test]
fn sign_ins_are_refused_while_the_server_is_dead_and_succeed_when_it_is_back() {
    let (lab, mut slapd) = lab_and_server();
    let seen = during_traffic(&lab, |traffic| {
        for _ in 0..2 {
            traffic.until_more(200);
            slapd.kill();
            traffic.until_more(500);
            slapd.start_again();
        }
        traffic.until_more(200);
    });
    for outcome in refusals(&lab, seen) {
        assert_eq!(outcome, Outcome::DirectoryUnreachable);
    }
}

#[test]
fn sign_ins_end_within_their_limit_while_the_server_is_frozen_and_succeed_when_it_thaws() {
    let (lab, slapd) = lab_and_server();
    let seen = during_traffic(&lab, |traffic| {
        traffic.until_more(200);
        slapd.freeze();
        traffic.until_more(500);
        slapd.thaw();
        traffic.until_more(200);
    });
    let outcomes = refusals(&lab, seen);
    assert!(outcomes.contains(&Outcome::DirectoryTimedOut));
    for outcome in outcomes {
        assert!([Outcome::DirectoryTimedOut, Outcome::DirectoryBusy].contains(&outcome), "{outcome:?}");
    }
}
