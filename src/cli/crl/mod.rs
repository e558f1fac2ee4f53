//! `fedgate crl`: the CRLs of a running gateway.

mod page;
mod refresh;

use super::control_settings::{EXIT_CHOICE, Gateway, Stopped};
use super::terminal;
use crate::control::{CrlReport, ExemptionReport, Status};
use crate::verification::{Layout, shown, to_json};
use clap::Subcommand;
use serde::Serialize;
use std::process::ExitCode;

/// The arguments of `fedgate crl`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tell every CRL that the gateway holds or has failed to get
    ///
    /// Exemptions from revocation checking stand above the list. An address is in the list once a sign-in has needed it; it goes
    /// when none has for two weeks.
    List(ListArguments),
    /// Tell everything known of one address, with its last 16 fetches
    Show(ShowArguments),
    /// Have the gateway fetch CRLs now, and wait for what comes of it
    ///
    /// A failed address is asked again even if it would not be yet. A CRL in force gives way only to a newer one in force, as
    /// always. Without URL, every address is asked. Ends with 1 when one of them brought or confirmed no CRL in force.
    Refresh(RefreshArguments),
}

#[derive(clap::Args)]
struct ListArguments {
    #[command(flatten)]
    gateway: Gateway,
    /// Print one JSON object a line: the exemptions first, then the CRLs
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct ShowArguments {
    /// The address, or a part that only one address has
    url: String,
    #[command(flatten)]
    gateway: Gateway,
    /// Print one JSON object a line, one for each authority whose CRL is expected there
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct RefreshArguments {
    /// The address, or a part that only one address has
    url: Option<String>,
    #[command(flatten)]
    gateway: Gateway,
    /// Every address; the same as no URL
    #[arg(long, conflicts_with = "url")]
    all: bool,
    /// Print one JSON object a line, one for each address and authority
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let layout = Layout { colours: terminal::colours(), width: terminal::width() };
    let ended = match &arguments.command {
        Command::List(arguments) => list(arguments, layout),
        Command::Show(arguments) => show(arguments, layout),
        Command::Refresh(arguments) => {
            refresh::run(&arguments.gateway, arguments.url.as_deref(), arguments.json, layout)
        }
    };
    ended.unwrap_or_else(Stopped::tell)
}

/// A line of the list in JSON says what it is.
#[derive(Serialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Line<'a> {
    Exemption(&'a ExemptionReport),
    Crl(&'a CrlReport),
}

fn list(arguments: &ListArguments, layout: Layout) -> Result<ExitCode, Stopped> {
    let mut status = arguments.gateway.ask(async |client| client.status().await)?;
    status.crls.iter_mut().for_each(|crl| crl.history.clear());
    if arguments.json {
        status.exemptions.iter().for_each(|exemption| terminal::print_line(to_json(&Line::Exemption(exemption))));
        status.crls.iter().for_each(|crl| terminal::print_line(to_json(&Line::Crl(crl))));
    } else {
        terminal::print(page::list(&status, layout));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(arguments: &ShowArguments, layout: Layout) -> Result<ExitCode, Stopped> {
    let status = arguments.gateway.ask(async |client| client.status().await)?;
    let url = chosen(&status, &arguments.url)?;
    for (number, crl) in status.crls.iter().filter(|crl| crl.url == url).enumerate() {
        if arguments.json {
            terminal::print_line(to_json(&Line::Crl(crl)));
        } else {
            let between = if number == 0 { "" } else { "\n" };
            terminal::print(format_args!("{between}{}", page::show(crl, status.at, layout)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The one address that is this, or has this in it.
fn chosen(status: &Status, wanted: &str) -> Result<String, Stopped> {
    let mut urls: Vec<&str> = status.crls.iter().map(|crl| crl.url.as_str()).collect();
    urls.dedup();
    if urls.contains(&wanted) {
        return Ok(wanted.to_owned());
    }
    let matching: Vec<&str> = urls.iter().copied().filter(|url| url.contains(wanted)).collect();
    let (words, listed) = match matching.as_slice() {
        [one] => return Ok((*one).to_owned()),
        [] if urls.is_empty() => ("the gateway has needed no CRL yet".to_owned(), &urls),
        [] => (format!("no address has {wanted:?} in it; there are"), &urls),
        several => (format!("{} addresses have {wanted:?} in them", several.len()), &matching),
    };
    let lines: String = listed.iter().map(|url| format!("\n  {}", shown(url))).collect();
    Err(Stopped { code: EXIT_CHOICE, message: format!("fedgate: {words}{lines}") })
}
