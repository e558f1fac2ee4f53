//! A real server that is frozen, killed and started again under traffic.

use super::{Ended, MARGIN, search, until};
use crate::support::slapd::Slapd;
use fedgate::directory::DirectoryFailure;
use fedgate::lookups::{LdapDirectory, LdapSettings};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;

const PEOPLE: &str = "dn: cn=alice,ou=people,dc=contoso,dc=test
objectClass: user
cn: alice
sn: Adams
sAMAccountName: alice
";

const CONNECTIONS: usize = 3;
const CLIENTS: usize = 12;

/// Clients that search one after the other until they are told to stop.
struct Traffic {
    ended: Arc<Mutex<Vec<Ended>>>,
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
}

impl Traffic {
    fn start(directory: &Arc<LdapDirectory>) -> Self {
        let (ended, stop) = (Arc::<Mutex<Vec<Ended>>>::default(), Arc::<AtomicBool>::default());
        let client = |_| {
            let (directory, ended, stop) = (directory.clone(), ended.clone(), stop.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let one = search(directory.as_ref()).await;
                    ended.lock().unwrap().push(one);
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            })
        };
        let clients = (0..CLIENTS).map(client).collect();
        Self { ended, stop, clients }
    }

    /// How many searches have succeeded and failed.
    fn count(&self) -> (usize, usize) {
        let ended = self.ended.lock().unwrap();
        let found = ended.iter().filter(|(answer, _)| *answer == Ok(1)).count();
        (found, ended.len() - found)
    }

    async fn until_more_succeed(&self) {
        let before = self.count().0;
        until("searches succeed", || self.count().0 > before + 2 * CLIENTS).await;
    }

    async fn until_more_fail(&self) {
        let before = self.count().1;
        until("searches fail", || self.count().1 > before + 2 * CLIENTS).await;
    }

    /// Every search that ended since the start. None hangs: each client must come to its end.
    async fn stop(self) -> Vec<Ended> {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            tokio::time::timeout(Duration::from_secs(15), client).await.expect("no search hangs").unwrap();
        }
        Arc::into_inner(self.ended).unwrap().into_inner().unwrap()
    }
}

fn directory(settings: LdapSettings) -> Arc<LdapDirectory> {
    Arc::new(LdapDirectory::new(LdapSettings { connections: CONNECTIONS, ..settings }).unwrap())
}

/// All that was not found, and how long the slowest of it took.
fn failures(ended: Vec<Ended>) -> (Vec<DirectoryFailure>, Duration) {
    let slowest = ended.iter().map(|(_, took)| *took).max().unwrap_or_default();
    (ended.into_iter().filter_map(|(answer, _)| answer.err()).collect(), slowest)
}

/// The pool never holds more sockets than it may. One look at the table of sockets is not one moment, so only what two looks
/// agree on counts.
fn assert_bounded(slapd: &Slapd) {
    let seen = [slapd.connections(), slapd.connections()];
    assert!(seen.into_iter().min() <= Some(CONNECTIONS), "{seen:?} connections");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_costs_each_search_its_limit_and_no_more() {
    let slapd = Slapd::start(PEOPLE);
    let limit = Duration::from_millis(400);
    for url in [slapd.ldaps_url(), slapd.ldap_url()] {
        let settings = LdapSettings { url, operation_timeout: limit, connect_timeout: limit / 2, ..slapd.settings() };
        let directory = directory(settings);
        let traffic = Traffic::start(&directory);
        traffic.until_more_succeed().await;
        assert_bounded(&slapd);
        slapd.freeze();
        for _ in 0..3 {
            traffic.until_more_fail().await;
            assert_bounded(&slapd);
        }
        slapd.thaw();
        traffic.until_more_succeed().await;
        assert_bounded(&slapd);
        let (failures, slowest) = failures(traffic.stop().await);
        assert!(slowest < limit + MARGIN, "{slowest:?}");
        for failure in failures {
            let known = matches!(failure, DirectoryFailure::TimedOut { .. } | DirectoryFailure::Busy { .. });
            assert!(known, "{failure:?}");
        }
        // With all that was left over from the freeze, the pool is as good as new.
        for _ in 0..2 * CONNECTIONS {
            assert_eq!(search(directory.as_ref()).await.0, Ok(1));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_is_noticed_at_once_and_its_successor_too() {
    let mut slapd = Slapd::start(PEOPLE);
    for tls in [true, false] {
        let url = if tls { slapd.ldaps_url() } else { slapd.ldap_url() };
        let directory = directory(LdapSettings { url, ..slapd.settings() });
        let traffic = Traffic::start(&directory);
        traffic.until_more_succeed().await;
        slapd.kill();
        traffic.until_more_fail().await;
        assert_eq!(slapd.connections(), 0);
        slapd.start_again();
        traffic.until_more_succeed().await;
        assert_bounded(&slapd);
        let (failures, slowest) = failures(traffic.stop().await);
        // The limit is ten seconds: nobody waited for it.
        assert!(slowest < Duration::from_secs(2), "{slowest:?}");
        for failure in failures {
            assert!(matches!(failure, DirectoryFailure::Unreachable { .. }), "{failure:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_restarts_between_two_searches_costs_nobody_a_sign_in() {
    let mut slapd = Slapd::start(PEOPLE);
    let directory = directory(slapd.settings());
    for _ in 0..3 {
        let warm = (0..CLIENTS).map(|_| search(directory.as_ref()));
        for (answer, _) in futures_util::future::join_all(warm).await {
            assert_eq!(answer, Ok(1));
        }
        assert_eq!(slapd.connections(), CONNECTIONS);
        slapd.kill();
        slapd.start_again();
        assert_eq!(search(directory.as_ref()).await.0, Ok(1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn searches_given_up_by_their_clients_leave_nothing_behind() {
    let slapd = Slapd::start(PEOPLE);
    let directory = directory(slapd.settings());
    assert_eq!(search(directory.as_ref()).await.0, Ok(1));
    slapd.freeze();
    for _ in 0..3 {
        let traffic = Traffic::start(&directory);
        until("every connection is in use", || slapd.connections() == CONNECTIONS).await;
        for client in &traffic.clients {
            client.abort();
        }
        until("the clients are gone", || traffic.clients.iter().all(JoinHandle::is_finished)).await;
        assert_eq!(traffic.count(), (0, 0));
    }
    slapd.thaw();
    for _ in 0..2 * CONNECTIONS {
        assert_eq!(search(directory.as_ref()).await.0, Ok(1));
        assert_bounded(&slapd);
    }
}
