//! `fedgate serve`.

use super::terminal::{self, Log};
use crate::clock::Clock;
use crate::config::{self, Assembled, Configuration, LogFormat};
use crate::listener::{ListenerParts, RunningGateway};
use crate::revocation::{Exemption, RevocationPolicy};
use crate::sign_in::Recorder;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
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
    let reminder = tokio::spawn(remind_of_exemptions(assembled.farm.revocation.clone(), Clock::System));
    let user_tls = bind(configuration.user_tls.listener.address.value)?;
    let service = bind(configuration.service_listener.address.value)?;
    let running = start_on(configuration, assembled, Clock::System, Recorder::new(), user_tls, service)?;
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

/// Once a day, until it ends: whoever set an exemption is not always who reads the log. The start has warned already.
async fn remind_of_exemptions(policy: RevocationPolicy, clock: Clock) {
    loop {
        tokio::time::sleep(A_DAY).await;
        for (authority, Exemption { reason, until }) in policy.exemptions(clock.now()) {
            tracing::warn!(authority, reason, %until, "certificates whose revocation is unknown are accepted: exempt");
        }
    }
}

const A_DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// Starts both listeners on sockets that are bound already.
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
    RunningGateway::start(user_tls, service, gateway)
}

fn bind(address: std::net::SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address)
        .map_err(|error| std::io::Error::new(error.kind(), format!("{address} cannot be bound: {error}")))
}
