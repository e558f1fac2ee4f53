//! `fedgate metrics`.

use super::control_settings::{Gateway, Stopped};
use super::terminal;
use std::process::ExitCode;

/// The arguments of `fedgate metrics`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    gateway: Gateway,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match arguments.gateway.ask(async |client| client.metrics().await) {
        Ok(text) => {
            terminal::print(text);
            ExitCode::SUCCESS
        }
        Err(stopped) => Stopped::tell(stopped),
    }
}
