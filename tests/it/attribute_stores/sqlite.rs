//! An SQLite file as a store.

use super::{HOSTILE, asked};
use fedgate::claims::stores::StoreFailure;
use fedgate::lookups::{SqliteSettings, SqliteStore};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PEOPLE: &str = "
    CREATE TABLE people (account TEXT, centre TEXT, level INTEGER, rate REAL, photo BLOB);
    INSERT INTO people VALUES ('alice', 'Vertrieb Süd', 7, 1.5, x'00ff10'), ('bob', NULL, NULL, NULL, NULL);
    INSERT INTO people VALUES ('many', 'a', 1, 1, NULL), ('many', 'b', 2, 2, NULL), ('many', 'c', 3, 3, NULL);
    INSERT INTO people VALUES ('crowd', 'a', 1, 1, NULL), ('crowd', 'b', 2, 2, NULL), ('crowd', 'c', 3, 3, NULL),
                              ('crowd', 'd', 4, 4, NULL);
";

struct Site {
    folder: TempDir,
    runtime: Runtime,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap(), runtime: Runtime::new().unwrap() };
        make(&site.file(), PEOPLE);
        site
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("people.sqlite")
    }

    fn store(&self, file: PathBuf) -> SqliteStore {
        let query_timeout = Duration::from_secs(2);
        SqliteStore::new(SqliteSettings { file, connections: 2, query_timeout, maximum_rows: 3 })
    }

    fn asked(&self, query: &str, params: &[&str]) -> Result<Vec<Vec<String>>, StoreFailure> {
        asked(&self.runtime, &self.store(self.file()), query, params)
    }
}

fn make(file: &Path, statements: &str) {
    Connection::open(file).unwrap().execute_batch(statements).unwrap();
}

#[test]
fn rows_become_columns_and_null_is_no_value() {
    let site = Site::new();
    let query = "SELECT centre, level, rate, photo FROM people WHERE account = {0}";
    let expected: [&[&str]; 4] = [&["Vertrieb Süd"], &["7"], &["1.5"], &["AP8Q"]];
    assert_eq!(site.asked(query, &["alice"]).unwrap(), expected);
    assert_eq!(site.asked(&query.replace("{0}", "'{0}'"), &["alice", "unused"]).unwrap(), expected);
    assert_eq!(site.asked(query, &["bob"]).unwrap(), [[""; 0]; 4]);
    assert_eq!(site.asked(query, &["nobody"]).unwrap(), [[""; 0]; 4]);
    let several = site.asked("SELECT centre, {0}, {1} FROM people WHERE account = {0}", &["many", "x"]).unwrap();
    assert_eq!(several, [["a", "b", "c"], ["many", "many", "many"], ["x", "x", "x"]]);
}

#[test]
fn a_parameter_is_never_a_part_of_the_statement() {
    let site = Site::new();
    for value in HOSTILE {
        let found = site.asked("SELECT centre FROM people WHERE account = {0}", &[value]);
        assert_eq!(found.unwrap(), [[""; 0]; 1], "{value:?}");
        assert_eq!(site.asked("SELECT {0}", &[value]).unwrap(), [[value]], "{value:?}");
    }
    assert_eq!(site.asked("SELECT count(*) FROM people", &[]).unwrap(), [["9"]]);
}

#[test]
fn nothing_is_written() {
    let site = Site::new();
    for query in ["DELETE FROM people", "WITH x AS (SELECT 1) DELETE FROM people", "ATTACH 'other' AS other"] {
        let failure = site.asked(query, &[]).unwrap_err();
        assert!(matches!(failure, StoreFailure::Query { .. } | StoreFailure::Rejected { .. }), "{query}: {failure}");
    }
    assert_eq!(site.asked("SELECT count(*) FROM people", &[]).unwrap(), [["9"]]);
}

#[test]
fn each_way_of_failing_is_told_apart() {
    let site = Site::new();
    let crowd = site.asked("SELECT centre FROM people WHERE account = 'crowd'", &[]);
    assert!(matches!(crowd, Err(StoreFailure::TooMany { limit: 3, .. })), "{crowd:?}");

    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    let slow = site.asked(endless, &[]);
    assert!(matches!(slow, Err(StoreFailure::TimedOut { seconds: 2, .. })), "{slow:?}");

    let misspelt = site.asked("SELECT center FROM people", &[]);
    let Err(StoreFailure::Rejected { detail, .. }) = &misspelt else { panic!("{misspelt:?}") };
    assert!(detail.contains("center"), "{detail}");

    let missing = site.store(site.folder.path().join("missing.sqlite"));
    let missing = asked(&site.runtime, &missing, "SELECT 1", &[]);
    assert!(matches!(missing, Err(StoreFailure::Unreachable { .. })), "{missing:?}");

    let other = site.folder.path().join("other.sqlite");
    std::fs::write(&other, "this is a text and no database, however long it is made").unwrap();
    let other = asked(&site.runtime, &site.store(other), "SELECT * FROM people", &[]);
    assert!(matches!(other, Err(StoreFailure::Unreachable { .. })), "{other:?}");
}

#[test]
fn a_file_that_was_replaced_counts_at_once() {
    let site = Site::new();
    let store = site.store(site.file());
    let query = "SELECT centre FROM people WHERE account = {0}";
    assert_eq!(asked(&site.runtime, &store, query, &["alice"]).unwrap(), [["Vertrieb Süd"]]);
    let newer = site.folder.path().join("newer.sqlite");
    make(&newer, "CREATE TABLE people (account TEXT, centre TEXT); INSERT INTO people VALUES ('alice', 'Einkauf');");
    std::fs::rename(newer, site.file()).unwrap();
    assert_eq!(asked(&site.runtime, &store, query, &["alice"]).unwrap(), [["Einkauf"]]);
}
