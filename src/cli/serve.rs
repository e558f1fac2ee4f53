//! `fedgate serve`.

use super::terminal::{self, Log};
use crate::clock::Clock;
use crate::config::{self, Assembled, Configuration, LogFormat};
use crate::control::{self, ControlSocket};
use crate::listener::{ListenerParts, RunningGateway};
use crate::revocation::RevocationPolicy;
use crate::sign_in::Recorder;
use jiff::Timestamp;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// The arguments of `fedgate serve`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The configuration file
    #[arg(long, short, value_name = "FILE", default_value = "fedgate.toml")]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let (configuration, assembled) = match config::open(&arguments.config) {
        Ok(opened) => opened,
        Err(problems) => {
            terminal::complain(format_args!("{problems} Nothing was started."));
            return ExitCode::from(super::EXIT_CONFIGURATION);
        }
    };
    start_log(configuration.log);
    match actix_web::rt::System::new().block_on(serve(&configuration, assembled)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(format_args!("fedgate: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Starts the log on standard output. `RUST_LOG` chooses what is logged.
pub(super) fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Arc::new(Log::default()));
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_ansi(false).try_init(),
    };
    if let Err(error) = started {
        terminal::complain(format_args!("fedgate: the log was started twice: {error}"));
    }
}

async fn serve(configuration: &Configuration, assembled: Assembled) -> std::io::Result<()> {
    for warning in &assembled.warnings {
        tracing::warn!("{warning}");
    }
    for note in &assembled.notes {
        tracing::info!("{note}");
    }
    let policy = assembled.farm.revocation.clone();
    policy.exemption_notices(Clock::System.now()).iter().for_each(|notice| tracing::warn!("{notice}"));
    let user_tls = bind(configuration.user_tls.listener.address.value)?;
    let service = bind(configuration.service_listener.address.value)?;
    let running = start_on(configuration, assembled, Clock::System, Recorder::new(), user_tls, service)?;
    let reminder = tokio::spawn(async move {
        remind_of_exemptions(&policy, || Clock::System.now(), A_DAY, |notice| tracing::warn!("{notice}")).await;
    });
    tracing::info!(user_tls = %running.user_tls, service = %running.service, "fedgate serves");
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => tracing::info!("told to stop; requests in flight finish first"),
        _ = interrupt.recv() => tracing::info!("interrupted; requests in flight finish first"),
    }
    reminder.abort();
    running.stop().await;
    Ok(())
}

/// Once a day, until it ends, and once more when it has: whoever set an exemption is not always who reads the log. The start
/// has told of all already. Returns when none is left that counts.
async fn remind_of_exemptions(
    policy: &RevocationPolicy,
    now: impl Fn() -> Timestamp,
    period: Duration,
    tell: impl Fn(&str),
) {
    let mut earlier = now();
    while policy.exemptions().iter().any(|(_, exemption)| exemption.counts(earlier)) {
        tokio::time::sleep(period).await;
        let moment = now();
        for (authority, exemption) in policy.exemptions() {
            if exemption.counts(earlier) {
                tell(&exemption.notice(authority, moment));
            }
        }
        earlier = moment;
    }
}

const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Starts both listeners on sockets that are bound already, and the control socket if there is one.
///
/// # Errors
/// When a socket or a certificate cannot be used.
pub fn start_on(
    configuration: &Configuration,
    assembled: Assembled,
    clock: Clock,
    recorder: Recorder,
    user_tls: TcpListener,
    service: TcpListener,
) -> std::io::Result<RunningGateway> {
    let control = configuration.control.socket.as_ref().map(|socket| ControlSocket::bind(&socket.value)).transpose()?;
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let (gateway, [shown_to_users, shown_to_services]) = assembled.into_gateway(configuration, clock, recorder);
    let user_tls = ListenerParts {
        socket: user_tls,
        identity: shown_to_users,
        settings: config::listener_settings(&configuration.user_tls.listener, workers),
    };
    let service = ListenerParts {
        socket: service,
        identity: shown_to_services,
        settings: config::listener_settings(&configuration.service_listener, workers),
    };
    let mut running = RunningGateway::start(user_tls, service, gateway)?;
    if let Some(socket) = control {
        tracing::info!(socket = %socket.path().display(), "the control socket is open");
        let (handle, task) = control::serve(socket, running.gateway())?;
        running.attach(handle, task);
    }
    Ok(running)
}

fn bind(address: std::net::SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address)
        .map_err(|error| std::io::Error::new(error.kind(), format!("{address} cannot be bound: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::{AuthoritySettings, Exemption};
    use std::cell::{Cell, RefCell};

    /// The clock jumps a day whenever the loop has slept; the sleeping itself takes a millisecond.
    #[tokio::test]
    async fn an_exemption_is_told_every_day_once_more_when_it_has_ended_and_then_no_more() {
        let start: Timestamp = "2026-12-01T12:00:00Z".parse().unwrap();
        let mut policy = RevocationPolicy::default();
        for (key, name, until) in [
            (1, "CN=Soon", "2026-12-03T00:00:00Z"),
            (2, "CN=Later", "2026-12-04T00:00:00Z"),
            (3, "CN=Past", "2026-01-01T00:00:00Z"),
        ] {
            let exemption = Some(Exemption { reason: "it moves".to_owned(), until: until.parse().unwrap() });
            let settings = AuthoritySettings { name: name.to_owned(), exemption, ..Default::default() };
            policy.authorities.insert([key; 32], settings);
        }
        let (asked, told) = (Cell::new(0), RefCell::new(Vec::new()));
        let now = || {
            asked.set(asked.get() + 1);
            start + A_DAY * (asked.get() - 1)
        };
        let tell = |notice: &str| {
            let (_, name) = notice.split_once('"').unwrap();
            let state = if notice.contains("are accepted until") { "counts" } else { "ended" };
            told.borrow_mut().push(format!("{} {} {state}", asked.get() - 1, name.split('"').next().unwrap()));
        };
        let reminding = remind_of_exemptions(&policy, now, Duration::from_millis(1), tell);
        tokio::time::timeout(Duration::from_secs(20), reminding).await.expect("it ends with the last exemption");
        let expected =
            ["1 CN=Later counts", "1 CN=Soon counts", "2 CN=Later counts", "2 CN=Soon ended", "3 CN=Later ended"];
        assert_eq!(*told.borrow(), expected);
    }
}
