//! `fedgate check`.

use super::terminal;
use crate::config::{self, Configuration};
use std::path::PathBuf;
use std::process::ExitCode;

/// Reads the configuration and every file it names, and reports every problem at once.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The configuration file
    #[arg(long, short, default_value = "fedgate.toml")]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let assembled = Configuration::load(&arguments.config).and_then(|configuration| config::assemble(&configuration));
    match assembled {
        Ok(parts) => {
            for warning in parts.warnings {
                terminal::complain(format_args!("warning: {warning}"));
            }
            let file = arguments.config.display();
            terminal::print_line(format_args!("{file} and everything it names is in order."));
            ExitCode::SUCCESS
        }
        Err(problems) => {
            terminal::complain(problems);
            ExitCode::from(super::EXIT_CONFIGURATION)
        }
    }
}
