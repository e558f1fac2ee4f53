//! The `fedgate` command. From here: [`fedgate::http::routes`] lists the endpoints, [`fedgate::sign_in::federated`] decides.

use std::process::ExitCode;

fn main() -> ExitCode {
    fedgate::cli::run(std::env::args_os())
}
