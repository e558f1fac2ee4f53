//! A PostgreSQL database as a store.

use super::{HOSTILE, asked};
use crate::support::postgres::Postgres;
use fedgate::claims::stores::StoreFailure;
use fedgate::lookups::{PostgresSettings, PostgresSettingsError, PostgresStore};
use std::time::Duration;
use tokio::runtime::Runtime;

const PEOPLE: &str = "
    CREATE TABLE people (account text, centre text, level integer, rate numeric, since date, id uuid, photo bytea,
                         active boolean, tags text[]);
    INSERT INTO people VALUES ('alice', 'Vertrieb Süd', 7, 1.50, '2020-02-29', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
                               '\\x00ff10', true, '{a,b}');
    INSERT INTO people (account) VALUES ('bob');
    INSERT INTO people (account, centre) VALUES ('many', 'a'), ('many', 'b'), ('many', 'c');
    INSERT INTO people (account, centre) VALUES ('crowd', 'a'), ('crowd', 'b'), ('crowd', 'c'), ('crowd', 'd');
    CREATE TABLE secrets (secret text);
    GRANT SELECT, INSERT, DELETE ON people TO reader;
";

fn store(settings: PostgresSettings) -> PostgresStore {
    PostgresStore::new(settings).unwrap()
}

#[test]
fn a_real_server_answers_over_tls_and_over_a_socket() {
    let (runtime, server) = (Runtime::new().unwrap(), Postgres::start(PEOPLE));
    for settings in [server.settings(), server.socket_settings()] {
        let store = store(settings);
        let ask = |query: &str, params: &[&str]| asked(&runtime, &store, query, params);

        let query = "SELECT centre, level, rate, since, id, photo, active, tags FROM people WHERE account = {0}";
        let expected: [&[&str]; 8] = [
            &["Vertrieb Süd"],
            &["7"],
            &["1.50"],
            &["2020-02-29"],
            &["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
            &["AP8Q"],
            &["true"],
            &["{a,b}"],
        ];
        assert_eq!(ask(query, &["alice"]).unwrap(), expected);
        assert_eq!(ask(&query.replace("{0}", "'{0}'"), &["alice", "unused"]).unwrap(), expected);
        assert_eq!(ask(query, &["bob"]).unwrap(), [[""; 0]; 8]);
        assert_eq!(ask(query, &["nobody"]).unwrap(), [[""; 0]; 8]);
        let several = "SELECT centre, {0}, {1} FROM people WHERE account = {0} ORDER BY centre DESC;";
        assert_eq!(ask(several, &["many", "x"]).unwrap(), [["c", "b", "a"], ["many"; 3], ["x"; 3]]);

        // A parameter takes the type of what it is compared with, as a quoted literal does.
        assert_eq!(ask("SELECT account FROM people WHERE level = {0}", &["7"]).unwrap(), [["alice"]]);
        assert_eq!(ask("SELECT account FROM people WHERE since < {0}", &["2021-01-01"]).unwrap(), [["alice"]]);
        let no_number = ask("SELECT account FROM people WHERE level = {0}", &["seven"]);
        assert!(matches!(no_number, Err(StoreFailure::Rejected { .. })), "{no_number:?}");
        // Two columns of one name, a comment at the end, a common table expression.
        assert_eq!(ask("SELECT 1, 1 -- and no more", &[]).unwrap(), [["1"], ["1"]]);
        assert_eq!(ask("WITH x AS (SELECT {0} AS y) SELECT upper(y::text) FROM x", &["é"]).unwrap(), [["É"]]);
    }
}

#[test]
fn a_parameter_is_never_a_part_of_the_statement_and_nothing_is_written() {
    let (runtime, server) = (Runtime::new().unwrap(), Postgres::start(PEOPLE));
    let store = store(server.settings());
    let ask = |query: &str, params: &[&str]| asked(&runtime, &store, query, params);
    for value in HOSTILE {
        let found = ask("SELECT centre FROM people WHERE account = {0}", &[value]);
        // PostgreSQL has no texts with a NUL in them.
        if value.contains('\0') {
            assert!(matches!(found, Err(StoreFailure::Rejected { .. })), "{value:?}: {found:?}");
            continue;
        }
        assert_eq!(found.unwrap(), [[""; 0]; 1], "{value:?}");
        assert_eq!(ask("SELECT {0}::text", &[value]).unwrap(), [[value]], "{value:?}");
    }
    // The role may write; the connection may not.
    for query in [
        "DELETE FROM people",
        "WITH gone AS (DELETE FROM people RETURNING account) SELECT account FROM gone",
        "SELECT 1) AS x(c0); DELETE FROM people; SELECT 1 FROM (SELECT 1",
        "SELECT secret FROM secrets",
    ] {
        let failure = ask(query, &[]).unwrap_err();
        assert!(matches!(failure, StoreFailure::Query { .. } | StoreFailure::Rejected { .. }), "{query}: {failure}");
    }
    assert_eq!(ask("SELECT count(*) FROM people", &[]).unwrap(), [["9"]]);
}

#[test]
fn each_way_of_failing_is_told_apart() {
    let (runtime, mut server) = (Runtime::new().unwrap(), Postgres::start(PEOPLE));
    let ask = |settings: PostgresSettings, query: &str| asked(&runtime, &store(settings), query, &[]);

    let crowd = ask(server.settings(), "SELECT centre FROM people WHERE account = 'crowd'");
    assert!(matches!(crowd, Err(StoreFailure::TooMany { limit: 3, .. })), "{crowd:?}");
    let short = PostgresSettings { query_timeout: Duration::from_secs(1), ..server.settings() };
    let slow = ask(short.clone(), "SELECT pg_sleep(60)::text");
    assert!(matches!(slow, Err(StoreFailure::TimedOut { seconds: 1, .. })), "{slow:?}");
    let misspelt = ask(server.settings(), "SELECT center FROM people");
    let Err(StoreFailure::Rejected { detail, .. }) = &misspelt else { panic!("{misspelt:?}") };
    assert!(detail.contains("center") && detail.contains("42703"), "{detail}");

    let wrong = PostgresSettings { password: Some("wrong".to_owned()), ..server.settings() };
    let refused = ask(wrong, "SELECT 1");
    assert!(matches!(refused, Err(StoreFailure::LoginRefused { .. })), "{refused:?}");
    let nowhere = PostgresSettings { database: "nowhere".to_owned(), ..server.settings() };
    let refused = ask(nowhere, "SELECT 1");
    assert!(matches!(refused, Err(StoreFailure::LoginRefused { .. })), "{refused:?}");

    // Its certificate is for 127.0.0.1 and from an authority that the machine does not know.
    let stranger = PostgresSettings { ca_certificate: None, ..server.settings() };
    let stranger = ask(stranger, "SELECT 1");
    assert!(matches!(stranger, Err(StoreFailure::Unreachable { .. })), "{stranger:?}");
    let renamed = PostgresSettings { host: "localhost".to_owned(), ..server.settings() };
    let renamed = ask(renamed, "SELECT 1");
    assert!(matches!(renamed, Err(StoreFailure::Unreachable { .. })), "{renamed:?}");
    let plain = PostgresStore::new(PostgresSettings { host: "db1".to_owned(), tls: false, ..server.settings() });
    assert_eq!(plain.err(), Some(PostgresSettingsError::Plain));

    // A server that dies and comes back costs the one who asks while it is away, and nobody else.
    let store = store(short);
    assert_eq!(asked(&runtime, &store, "SELECT 1", &[]).unwrap(), [["1"]]);
    server.kill();
    let gone = asked(&runtime, &store, "SELECT 1", &[]);
    assert!(matches!(gone, Err(StoreFailure::Unreachable { .. })), "{gone:?}");
    server.start_again();
    assert_eq!(asked(&runtime, &store, "SELECT 1", &[]).unwrap(), [["1"]]);
}

#[test]
fn connections_are_as_many_as_configured() {
    let (runtime, server) = (Runtime::new().unwrap(), Postgres::start(PEOPLE));
    let settings =
        PostgresSettings { connections: 1, query_timeout: Duration::from_secs(1), ..server.socket_settings() };
    let store = store(settings);
    let (one, other) = std::thread::scope(|scope| {
        let asking = [(); 2].map(|()| scope.spawn(|| asked(&runtime, &store, "SELECT pg_sleep(60)::text", &[])));
        let [one, other] = asking.map(|asking| asking.join().unwrap());
        (one, other)
    });
    // The second waits for the first, which has all the time there is.
    assert!(matches!(one, Err(StoreFailure::TimedOut { .. } | StoreFailure::Busy { .. })), "{one:?}");
    assert!(matches!(other, Err(StoreFailure::TimedOut { .. } | StoreFailure::Busy { .. })), "{other:?}");
    assert!(one != other, "{one:?}");
    assert_eq!(asked(&runtime, &store, "SELECT 1", &[]).unwrap(), [["1"]]);
}
