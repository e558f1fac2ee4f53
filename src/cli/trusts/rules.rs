//! `fedgate trusts rules`.

use super::{EXIT_USAGE, Source};
use crate::cli::terminal;
use crate::config::RelyingPartySection;
use std::process::ExitCode;

/// The arguments of `fedgate trusts rules`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Name or identifier of the trust
    #[arg(value_name = "TRUST")]
    trust: String,
    #[command(flatten)]
    source: Source,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let configuration = match arguments.source.load() {
        Ok(configuration) => configuration,
        Err(code) => return code,
    };
    let wanted = &arguments.trust;
    let is_meant =
        |party: &&RelyingPartySection| party.name.value == *wanted || party.identifiers.value.contains(wanted);
    let Some(party) = configuration.relying_parties.iter().find(is_meant) else {
        let names: Vec<String> =
            configuration.relying_parties.iter().map(|party| format!("{:?}", party.name.value)).collect();
        let names = names.join(", ");
        terminal::complain_safely(&format!("fedgate: no relying party is called {wanted:?}; there are {names}"));
        return ExitCode::from(EXIT_USAGE);
    };
    match text(party) {
        Ok(text) => {
            terminal::print(text);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            terminal::complain_safely(&format!("fedgate: {problem}"));
            ExitCode::from(EXIT_USAGE)
        }
    }
}

fn text(party: &RelyingPartySection) -> Result<String, String> {
    match (party.preset, &party.transform_rules) {
        (Some(preset), _) => Ok(preset.transform_rules(party)),
        (None, Some(file)) => std::fs::read_to_string(&file.value)
            .map_err(|error| format!("{}: cannot be read: {error}", file.value.display())),
        (None, None) => Ok(String::new()),
    }
}
