//! The `fedgate` command. From here: [`fedgate::http::routes`] lists the endpoints, [`fedgate::sign_in::federated`] decides.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A sign-in makes a few hundred small texts and drops them all; glibc's allocator takes a fifth of its time for that
/// (docs/performance.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    fedgate::cli::run(std::env::args_os())
}
