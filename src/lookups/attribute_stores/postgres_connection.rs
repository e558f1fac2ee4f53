//! One connection to a PostgreSQL server: making it, asking on it, and saying exactly what went wrong.

use super::{PostgresSettings, PostgresSettingsError};
use crate::claims::stores::StoreFailure;
use native_tls::{Certificate, TlsConnector};
use postgres_native_tls::MakeTlsConnector;
use std::error::Error;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, NoTls};

/// Makes connections.
pub(super) struct Connector {
    settings: PostgresSettings,
    config: Config,
    tls: Option<MakeTlsConnector>,
}

impl Connector {
    pub(super) fn new(settings: PostgresSettings) -> Result<Self, PostgresSettingsError> {
        let tls = settings.tls.then(|| tls(&settings)).transpose()?;
        let mut config = Config::new();
        config
            .host(&settings.host)
            .port(settings.port)
            .dbname(&settings.database)
            .user(&settings.user)
            .application_name("fedgate")
            .ssl_mode(if settings.tls { SslMode::Require } else { SslMode::Disable })
            .options(format!(
                "-c default_transaction_read_only=on -c statement_timeout={}",
                settings.query_timeout.as_millis()
            ));
        if let Some(password) = &settings.password {
            config.password(password);
        }
        Ok(Self { settings, config, tls })
    }

    /// Connects, agrees on TLS and logs in, all within the connect timeout.
    pub(super) async fn connect(&self) -> Result<Link, StoreFailure> {
        let limit = self.settings.connect_timeout;
        match tokio::time::timeout(limit, self.connect_and_log_in()).await {
            Ok(link) => link.map_err(|error| login_failure(&error, &self.settings)),
            Err(_) => Err(StoreFailure::TimedOut { server: self.settings.server(), seconds: limit.as_secs() }),
        }
    }

    async fn connect_and_log_in(&self) -> Result<Link, tokio_postgres::Error> {
        let (client, driver) = match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                (client, tokio::spawn(drive(connection)))
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                (client, tokio::spawn(drive(connection)))
            }
        };
        Ok(Link { client, driver, asking: AtomicBool::new(false) })
    }
}

async fn drive(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a database connection ended");
    }
}

fn tls(settings: &PostgresSettings) -> Result<MakeTlsConnector, PostgresSettingsError> {
    let unusable = |error: native_tls::Error| PostgresSettingsError::Authority(error.to_string());
    let mut builder = TlsConnector::builder();
    if let Some(pem) = &settings.ca_certificate {
        builder.disable_built_in_roots(true);
        for authority in Certificate::stack_from_pem(pem).map_err(unusable)? {
            builder.add_root_certificate(authority);
        }
    }
    builder.build().map(MakeTlsConnector::new).map_err(unusable)
}

/// One connection. Its socket closes with it.
pub(super) struct Link {
    client: Client,
    driver: JoinHandle<()>,
    /// Set while a question is under way. One that was abandoned leaves its answer on the connection.
    asking: AtomicBool,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Link {
    pub(super) fn is_usable(&self) -> bool {
        !self.client.is_closed() && !self.asking.load(Ordering::Relaxed)
    }

    /// The statement is prepared by itself first, which shows how many columns it has and of which types; then it is asked
    /// for as a part of one that turns every value into text and ends after one row too many.
    pub(super) async fn ask(
        &self,
        statement: &str,
        bound: &[&str],
        settings: &PostgresSettings,
    ) -> Result<Vec<Vec<String>>, StoreFailure> {
        self.asking.store(true, Ordering::Relaxed);
        let answer = self.rows(statement, bound, settings).await;
        self.asking.store(false, Ordering::Relaxed);
        answer
    }

    async fn rows(
        &self,
        statement: &str,
        bound: &[&str],
        settings: &PostgresSettings,
    ) -> Result<Vec<Vec<String>>, StoreFailure> {
        let failed = |error: tokio_postgres::Error| query_failure(&error, settings);
        let inner = self.client.prepare(statement).await.map_err(failed)?;
        let types: Vec<Type> = inner.columns().iter().map(|column| column.type_().clone()).collect();
        if types.is_empty() {
            return Ok(Vec::new());
        }
        let limit = settings.maximum_rows;
        let parameters: Vec<Untyped<'_>> = bound.iter().map(|text| Untyped(text)).collect();
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|one| one as &(dyn ToSql + Sync)).collect();
        let rows = self.client.query(&as_texts(statement, &types, limit), &parameters).await.map_err(failed)?;
        if rows.len() > limit as usize {
            return Err(StoreFailure::TooMany { server: settings.server(), limit });
        }
        let mut columns = vec![Vec::new(); types.len()];
        for row in &rows {
            for (at, column) in columns.iter_mut().enumerate() {
                column.extend(row.try_get::<_, Option<String>>(at).map_err(failed)?);
            }
        }
        Ok(columns)
    }
}

/// Octets in base64, as from every other store; PostgreSQL breaks its lines.
fn as_texts(statement: &str, types: &[Type], limit: u32) -> String {
    let (mut values, mut names) = (String::new(), String::new());
    for (at, of_type) in types.iter().enumerate() {
        let separator = if at == 0 { "" } else { ", " };
        let _ = write!(names, "{separator}c{at}");
        let _ = match *of_type {
            Type::BYTEA => write!(values, "{separator}translate(encode(c{at}, 'base64'), chr(10), '')"),
            _ => write!(values, "{separator}c{at}::text"),
        };
    }
    format!("SELECT {values} FROM (\n{statement}\n) AS answer({names}) LIMIT {}", u64::from(limit) + 1)
}

/// A parameter as text, whatever type the statement makes of it: the server reads it as it reads a quoted literal, and it
/// never is a part of the statement.
#[derive(Debug)]
struct Untyped<'t>(&'t str);

impl ToSql for Untyped<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

fn described(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(said), _) => format!("{} ({})", said.message(), said.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

fn login_failure(error: &tokio_postgres::Error, settings: &PostgresSettings) -> StoreFailure {
    let (server, detail) = (settings.server(), described(error));
    let code = error.code().map(SqlState::code).unwrap_or_default();
    // Classes 28, invalid authorization, and 3D, invalid catalog name (PostgreSQL, appendix A).
    if code.starts_with("28") || code.starts_with("3D") || code == SqlState::INSUFFICIENT_PRIVILEGE.code() {
        StoreFailure::LoginRefused { server, detail }
    } else {
        StoreFailure::Unreachable { server, detail }
    }
}

fn query_failure(error: &tokio_postgres::Error, settings: &PostgresSettings) -> StoreFailure {
    let (server, detail) = (settings.server(), described(error));
    let Some(code) = error.code() else { return StoreFailure::Unreachable { server, detail } };
    match code.code() {
        "57014" => StoreFailure::TimedOut { server, seconds: settings.query_timeout.as_secs() },
        // Classes 57P, operator intervention, 08, connection, and 53, insufficient resources.
        code if code.starts_with("57P") || code.starts_with("08") || code.starts_with("53") => {
            StoreFailure::Unreachable { server, detail }
        }
        _ => StoreFailure::Rejected { server, detail },
    }
}
