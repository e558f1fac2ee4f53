//! `fedgate trust`.

use super::terminal;
use super::trust_settings::{Opened, Source, now};
use super::verify::ask_all;
use crate::clock::Clock;
use crate::lookups::Prober;
use crate::revocation::UrlSource;
use crate::verification::{
    Containers, Fetched, Finding, HINT_BUDGET, Layout, Member, Severity, finding_text, findings, hint_bytes, shown,
    stored, stored_text, to_json,
};
use clap::Subcommand;
use jiff::Timestamp;
use std::process::ExitCode;

/// The arguments of `fedgate trust`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tell every certificate of both containers
    List(ListArguments),
    /// Say what is wrong with the containers, or soon will be: 1 on errors, 0 on warnings
    Lint(LintArguments),
}

/// The arguments of `fedgate trust list`.
#[derive(clap::Args)]
struct ListArguments {
    #[command(flatten)]
    source: Source,
    /// Print one JSON object a line, one for each certificate
    #[arg(long)]
    json: bool,
}

/// The arguments of `fedgate trust lint`.
#[derive(clap::Args)]
struct LintArguments {
    #[command(flatten)]
    source: Source,
    /// Fetch each authority's CRL too, from where it is configured or named
    #[arg(long)]
    url_fetch: bool,
    /// The moment to judge at, such as 2026-11-24T12:00:00Z, instead of now
    #[arg(long, value_name = "RFC3339")]
    at: Option<Timestamp>,
    /// Print one JSON object a line, one for each finding
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let source = match &arguments.command {
        Command::List(list) => &list.source,
        Command::Lint(lint) => &lint.source,
    };
    let opened = match source.open() {
        Ok(opened) => opened,
        Err(problems) => {
            terminal::complain_safely(&problems);
            return ExitCode::from(super::EXIT_CONFIGURATION);
        }
    };
    let layout = Layout { colours: terminal::colours(), width: terminal::width() };
    match &arguments.command {
        Command::List(arguments) => list(arguments, opened, layout),
        Command::Lint(arguments) => lint(arguments, opened, layout),
    }
}

fn list(arguments: &ListArguments, opened: Opened, layout: Layout) -> ExitCode {
    let containers = Containers::read(opened.roots, opened.intermediates);
    let stored = stored(&containers, &opened.revocation, now());
    if arguments.json {
        stored.iter().for_each(|stored| terminal::print_line(to_json(stored)));
        return ExitCode::SUCCESS;
    }
    for (container, title) in [("root", "Root container"), ("intermediate", "Intermediate container")] {
        let of: Vec<_> = stored.iter().filter(|stored| stored.container == container).collect();
        let count = if of.len() == 1 { "1 certificate".to_owned() } else { format!("{} certificates", of.len()) };
        terminal::print_line(format_args!("{title}: {count}\n"));
        of.iter().for_each(|stored| terminal::print_line(stored_text(stored, layout)));
    }
    for problem in &containers.problems {
        terminal::complain(shown(&format!("fedgate: {problem}")));
    }
    ExitCode::SUCCESS
}

fn lint(arguments: &LintArguments, opened: Opened, layout: Layout) -> ExitCode {
    let at = arguments.at.unwrap_or_else(now);
    let Opened { roots, intermediates, revocation, limits } = opened;
    let containers = Containers::read(roots, intermediates);
    let addresses = addresses(&containers, &revocation, at);
    let mut fetched = Vec::new();
    if arguments.url_fetch {
        let prober = Prober::new(limits, Clock::System);
        fetched = actix_web::rt::System::new().block_on(fetch(&prober, addresses));
    }
    let found = findings(&containers, &revocation, &fetched, at);
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error).count();
    if arguments.json {
        found.iter().for_each(|finding| terminal::print_line(to_json(finding)));
    } else {
        found.iter().for_each(|finding| terminal::print(finding_text(finding, layout)));
        terminal::print_line(summary(&containers, &found, errors));
    }
    if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn summary(containers: &Containers, found: &[Finding], errors: usize) -> String {
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let gap = if found.is_empty() { "" } else { "\n" };
    format!(
        "{gap}{}, {} in {}. Their names take {} of {HINT_BUDGET} bytes as CA hints.",
        count(errors, "error"),
        count(found.len() - errors, "warning"),
        count(containers.members.len(), "certificate"),
        hint_bytes(containers)
    )
}

/// Each authority's CRL addresses: the configured one, else those that stored certificates below it name.
fn addresses<'c>(
    containers: &'c Containers,
    policy: &crate::revocation::RevocationPolicy,
    at: Timestamp,
) -> Vec<(&'c Member, Vec<String>, UrlSource)> {
    let facts = stored(containers, policy, at);
    let address = |(member, facts): (&'c Member, crate::verification::StoredFacts)| {
        if facts.configured_crl_urls.is_empty() {
            (member, facts.named_crl_urls, UrlSource::Certificate)
        } else {
            (member, facts.configured_crl_urls, UrlSource::Configured)
        }
    };
    containers.members.iter().zip(facts).map(address).collect()
}

async fn fetch<'c>(
    prober: &Prober,
    addresses: Vec<(&'c Member, Vec<String>, UrlSource)>,
) -> Vec<(&'c Member, Fetched)> {
    let mut fetched = Vec::new();
    for (member, urls, source) in addresses {
        fetched.extend(ask_all(prober, urls, source).await.into_iter().map(|answer| (member, answer)));
    }
    fetched
}
