//! `fedgate trusts list`.

use super::Source;
use crate::cli::terminal;
use crate::config::{Preset, RelyingPartySection};
use crate::federation::SamlResponseSignature;
use crate::verification::shown;
use std::fmt::Write;
use std::process::ExitCode;

/// The arguments of `fedgate trusts list`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match arguments.source.load() {
        Ok(configuration) => {
            let trusts: Vec<String> = configuration.relying_parties.iter().map(trust).collect();
            terminal::print(trusts.join("\n"));
            ExitCode::SUCCESS
        }
        Err(code) => code,
    }
}

fn trust(section: &RelyingPartySection) -> String {
    let mut text = format!("{}\n", shown(&section.name.value));
    let mut line = |what: &str, value: &str| {
        let _ = writeln!(text, "  {what:<18}{}", shown(value));
    };
    if !section.enabled {
        line("enabled", "no");
    }
    section.identifiers.value.iter().for_each(|identifier| line("identifier", identifier));
    section.ws_fed_endpoints.iter().for_each(|endpoint| line("WS-Federation", endpoint.as_str()));
    for consumer in &section.saml.consumers {
        let default = if consumer.is_default { ", default" } else { "" };
        line("SAML 2.0", &format!("{} (index {}{default})", consumer.address, consumer.index));
    }
    if let Some(logout) = &section.saml.logout {
        line("SAML 2.0 logout", &logout.address);
    }
    let files = &section.saml.request_signing_certificates.value;
    files.iter().for_each(|file| line("requests signed", &file.display().to_string()));
    if section.saml.signed_requests_required {
        line("unsigned requests", "refused");
    }
    match section.saml.response_signature {
        SamlResponseSignature::AssertionOnly => {}
        SamlResponseSignature::MessageAndAssertion => line("signed", "message and assertion"),
        SamlResponseSignature::MessageOnly => line("signed", "message"),
    }
    if let Some(file) = section.saml.encryption_certificate.as_ref().filter(|_| section.saml.encrypt_claims) {
        line("encrypted to", &file.value.display().to_string());
    }
    match (&section.access_control_policy, &section.authorization_rules) {
        (Some(policy), _) => line("admitted by", &format!("policy {}", policy.value)),
        (None, Some(rules)) => line("admitted by", &rules.value.display().to_string()),
        (None, None) => {}
    }
    match (section.preset, &section.transform_rules) {
        (Some(Preset::Office365), _) => line("claims", "preset office-365"),
        (None, Some(rules)) => line("claims", &rules.value.display().to_string()),
        (None, None) => {}
    }
    for domain in &section.domains {
        line("domain", &format!("{}, issuer {}", domain.value.name, domain.value.issuer));
    }
    text
}
