//! An SQLite file, read and never written. It is opened anew for each question, so that a file that was replaced counts at
//! once.

use super::AttributeStore;
use crate::claims::StoreQuery;
use crate::claims::stores::{SqlDialect, SqlQuery, StoreFailure, StoreQuestion};
use crate::clock::Clock;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, params_from_iter};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Which file, and how much it may cost.
#[derive(Debug, Clone)]
pub struct SqliteSettings {
    /// The file.
    pub file: PathBuf,
    /// Questions at once.
    pub connections: usize,
    /// For one question, waiting for its turn included.
    pub query_timeout: Duration,
    /// Most rows of one answer.
    pub maximum_rows: u32,
}

/// Answers SQL.
pub struct SqliteStore {
    settings: SqliteSettings,
    places: Arc<Semaphore>,
}

impl SqliteStore {
    /// Asks this file. It is not opened yet.
    pub fn new(settings: SqliteSettings) -> Self {
        let places = Arc::new(Semaphore::new(settings.connections.max(1)));
        Self { settings, places }
    }

    fn server(&self) -> String {
        self.settings.file.display().to_string()
    }
}

#[async_trait]
impl AttributeStore for SqliteStore {
    fn check(&self, query: &str, _: usize, params: usize) -> Result<(), String> {
        SqlQuery::parse(query, params, SqlDialect::Sqlite).map(|_| ()).map_err(|error| error.to_string())
    }

    async fn answer(&self, question: StoreQuestion<'_>) -> Result<Vec<Vec<String>>, StoreFailure> {
        let limit = self.settings.query_timeout;
        let (server, seconds) = (self.server(), limit.as_secs());
        let stopwatch = Clock::System.stopwatch();
        let place = tokio::time::timeout(limit, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(StoreFailure::Busy { server, seconds }) };
        let (settings, query) = (self.settings.clone(), question.query.clone());
        let asked = tokio::task::spawn_blocking(move || {
            // Held until the file is closed again, whether or not anybody still waits.
            let _place = place;
            ask(&settings, &query, limit.saturating_sub(stopwatch.elapsed()))
        });
        let detail = |error: tokio::task::JoinError| StoreFailure::Unreachable { server, detail: error.to_string() };
        asked.await.map_err(detail)?
    }
}

fn ask(settings: &SqliteSettings, query: &StoreQuery, left: Duration) -> Result<Vec<Vec<String>>, StoreFailure> {
    let read = SqlQuery::parse(&query.query, query.params.len(), SqlDialect::Sqlite);
    let read = read.map_err(|error| StoreFailure::Query { reason: error.to_string() })?;
    let bound = read.bound(&query.params)?;
    let failed = |error: rusqlite::Error| failure(&error, settings);
    let connection = open(settings, left).map_err(failed)?;
    let mut statement = connection.prepare(&read.statement).map_err(failed)?;
    let server = || settings.file.display().to_string();
    if !statement.readonly() {
        return Err(StoreFailure::Rejected { server: server(), detail: "the statement would write".to_owned() });
    }
    let mut columns = vec![Vec::new(); statement.column_count()];
    let mut rows = statement.query(params_from_iter(bound)).map_err(failed)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(failed)? {
        count += 1;
        if count > settings.maximum_rows {
            return Err(StoreFailure::TooMany { server: server(), limit: settings.maximum_rows });
        }
        for (at, column) in columns.iter_mut().enumerate() {
            column.extend(text(row.get_ref(at).map_err(failed)?)?);
        }
    }
    Ok(columns)
}

fn open(settings: &SqliteSettings, left: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&settings.file, flags)?;
    connection.busy_timeout(left)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    let stopwatch = Clock::System.stopwatch();
    connection.progress_handler(1_000, Some(move || stopwatch.elapsed() >= left))?;
    Ok(connection)
}

/// NULL is no value.
fn text(value: ValueRef<'_>) -> Result<Option<String>, StoreFailure> {
    Ok(match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(text) => match str::from_utf8(text) {
            Ok(text) => Some(text.to_owned()),
            Err(_) => return Err(StoreFailure::Unusable { reason: "a text in the answer is not UTF-8".to_owned() }),
        },
        ValueRef::Blob(octets) => Some(STANDARD.encode(octets)),
    })
}

fn failure(error: &rusqlite::Error, settings: &SqliteSettings) -> StoreFailure {
    let (server, detail) = (settings.file.display().to_string(), error.to_string());
    let seconds = settings.query_timeout.as_secs();
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => StoreFailure::TimedOut { server, seconds },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreFailure::Busy { server, seconds },
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::NotADatabase
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::SystemIoFailure
            | ErrorCode::PermissionDenied,
        ) => StoreFailure::Unreachable { server, detail },
        _ => StoreFailure::Rejected { server, detail },
    }
}
