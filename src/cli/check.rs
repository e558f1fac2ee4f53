//! `fedgate check`.

use crate::config;
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
    match config::open(&arguments.config) {
        Ok((configuration, assembled)) => {
            for warning in assembled.warnings {
                eprintln!("warning: {warning}");
            }
            println!("{} and everything it names can be used.", configuration.file.display());
            ExitCode::SUCCESS
        }
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::from(super::EXIT_CONFIGURATION)
        }
    }
}
