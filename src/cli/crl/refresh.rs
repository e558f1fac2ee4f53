//! `fedgate crl refresh`.

use super::super::control_settings::{Gateway, Stopped};
use super::super::terminal;
use super::{chosen, page};
use crate::clock::Clock;
use crate::control::{Client, ClientError, Refreshed};
use crate::verification::{Layout, to_json};
use std::process::ExitCode;
use std::time::Duration;

pub(super) fn run(gateway: &Gateway, url: Option<&str>, json: bool, layout: Layout) -> Result<ExitCode, Stopped> {
    let urls = match url {
        Some(wanted) => Some(vec![chosen(&gateway.ask(async |client| client.status().await)?, wanted)?]),
        None => None,
    };
    let results = gateway.ask(async |client| waited(&client, urls).await)?;
    for result in &results {
        if json {
            terminal::print_line(to_json(result));
        } else {
            terminal::print(page::refreshed(result, layout));
        }
    }
    if results.is_empty() && !json {
        terminal::print_line("The gateway has needed no CRL yet.");
    }
    let failed = results.iter().any(|result| result.failed);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Asks, and says on a terminal that and how long it is being waited.
async fn waited(client: &Client, urls: Option<Vec<String>>) -> Result<Vec<Refreshed>, ClientError> {
    let stopwatch = Clock::System.stopwatch();
    let mut asked = std::pin::pin!(client.refresh(urls));
    loop {
        match tokio::time::timeout(Duration::from_secs(1), &mut asked).await {
            Ok(results) => {
                terminal::progress("");
                return results;
            }
            Err(_) => terminal::progress(&format!("The gateway is asking … {} s", stopwatch.elapsed().as_secs())),
        }
    }
}
