//! `fedgate lab`.

use super::terminal;
use crate::clock::Clock;
use crate::lab::{CAST, Lab, LabError, LabPorts, Report, RunningLab, Trial, try_everybody};
use crate::sign_in::SignInRecord;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::signal::unix::{SignalKind, signal};

/// The arguments of `fedgate lab`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The lab's folder, "lab" unless named ("demo-lab" with --once). A lab that is there already is used as it is
    folder: Option<PathBuf>,
    /// Sign in with every certificate and end: with 0 when every sign-in ended as it should. Without a folder the lab is
    /// made anew
    #[arg(long)]
    once: bool,
    /// Make the lab anew even if there is one; what was changed in it is lost
    #[arg(long)]
    fresh: bool,
    /// Port of the user TLS listener; a free one if it is taken
    #[arg(long, value_name = "PORT", default_value_t = 49443)]
    user_tls_port: u16,
    /// Port of the service listener; a free one if it is taken
    #[arg(long, value_name = "PORT", default_value_t = 8443)]
    service_port: u16,
    /// Port of the CRL server, which a new lab's certificates name; a free one if it is taken
    #[arg(long, value_name = "PORT", default_value_t = 8089)]
    crl_port: u16,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match actix_web::rt::System::new().block_on(lab(arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            terminal::complain(format_args!("fedgate: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn lab(arguments: &Arguments) -> Result<bool, Box<dyn std::error::Error>> {
    let (lab, ports) = prepare(arguments)?;
    for note in &ports.notes {
        terminal::print_line(note);
    }
    let trial_over = Arc::new(AtomicBool::new(false));
    let onlooker_waits = Arc::clone(&trial_over);
    let running = Arc::new(RunningLab::start(lab, ports, move |record| {
        if onlooker_waits.load(Ordering::Relaxed) {
            terminal::print_line(line(record));
        }
    })?);
    terminal::print_line(format_args!(
        "The gateway answers as {} on {} (user certificates) and {}.\nThe CRLs are at http://{}.\n",
        running.lab.service_name(),
        running.user_tls(),
        running.service(),
        running.lab.crl_address(),
    ));
    let report = Report { colours: terminal::colours(), width: terminal::width() };
    let trials = hold_trial(&running, report).await?;
    terminal::print(explain_first(&running, report, &trials));
    let passed = trials.iter().all(|trial| trial.complaints().is_empty());
    terminal::print(report.verdict(&trials));
    if !arguments.once {
        terminal::print(report.commands(&running));
        terminal::print_line("\nEvery sign-in is told here. Ctrl-C ends the lab.\n");
        trial_over.store(true, Ordering::Relaxed);
        wait_for_the_end().await?;
    }
    if let Some(running) = Arc::into_inner(running) {
        running.stop().await;
    }
    Ok(passed)
}

/// The lab and its sockets. The sockets come first, because a new lab's certificates name the CRL server's port.
fn prepare(arguments: &Arguments) -> Result<(Lab, LabPorts), Box<dyn std::error::Error>> {
    let Arguments { once, fresh, user_tls_port, service_port, crl_port, .. } = *arguments;
    let default = if once { "demo-lab" } else { "lab" };
    let folder = arguments.folder.clone().unwrap_or_else(|| default.into());
    let now = Clock::System.now();
    let anew = fresh || (once && arguments.folder.is_none());
    let found = if anew { None } else { Lab::open(&folder, now)? };
    if let Some(lab) = found {
        let crl = lab.crl_address();
        let ports = LabPorts::bind(user_tls_port, service_port, crl.port())?;
        if ports.addresses()?[2] != crl {
            return Err(Box::new(LabError::CrlPortTaken { folder, address: crl }));
        }
        terminal::print_line(format_args!("The lab in {} is used as it is.", folder.display()));
        return Ok((lab, ports));
    }
    let ports = LabPorts::bind(user_tls_port, service_port, crl_port)?;
    let (shown, certificates) = (folder.display(), CAST.len());
    terminal::print_line(format_args!("Making a lab in {shown}: two authorities, {certificates} user certificates …"));
    let lab = Lab::make(&folder, now, ports.addresses()?)?;
    Ok((lab, ports))
}

/// Prints the table row by row, off the gateway's threads.
async fn hold_trial(running: &Arc<RunningLab>, report: Report) -> Result<Vec<Trial>, tokio::task::JoinError> {
    terminal::print(report.table_head());
    let running = Arc::clone(running);
    tokio::task::spawn_blocking(move || try_everybody(&running, |trial| terminal::print(report.row(trial)))).await
}

/// The first of the cast has nothing wrong: its steps and its token are what there is to see.
fn explain_first(running: &RunningLab, report: Report, trials: &[Trial]) -> String {
    let Some(first) = trials.first() else { return String::new() };
    let steps = first.record.as_ref().map(|record| report.steps(first.name, record));
    let token = first.token.as_ref().map(|token| report.token(running, first.name, token));
    [steps, token].into_iter().flatten().collect()
}

fn line(record: &SignInRecord) -> String {
    format!("{} {}  {}  {}", record.outcome.code(), record.outcome.name(), record.correlation, record.finding)
}

async fn wait_for_the_end() -> std::io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
