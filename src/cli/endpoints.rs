//! `fedgate endpoints`.

use super::terminal;
use crate::config::Configuration;
use crate::federation::{Endpoint, Endpoints};
use clap::Subcommand;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `fedgate endpoints`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show every endpoint, whether it is enabled, and whether clients outside are served
    List(List),
}

#[derive(clap::Args)]
struct List {
    /// The configuration file
    #[arg(long, short, value_name = "FILE", default_value = "fedgate.toml")]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Command::List(List { config }) = &arguments.command;
    match Configuration::load(config) {
        Ok(configuration) => {
            let (user_tls, service) = (&configuration.user_tls.listener, &configuration.service_listener);
            let ports = (user_tls.address.value.port(), service.address.value.port());
            let endpoints = configuration.endpoints.clone().on_ports(ports.0, ports.1);
            terminal::print(table(&endpoints, &configuration.service.name.value));
            ExitCode::SUCCESS
        }
        Err(problems) => {
            terminal::complain(problems);
            ExitCode::from(super::EXIT_CONFIGURATION)
        }
    }
}

/// The columns of `Get-AdfsEndpoint`.
fn table(endpoints: &Endpoints, service_name: &str) -> String {
    let yes_or_no = |it: bool| if it { "yes" } else { "no" };
    let mut text = format!("{:<9}{:<7}{:<24}{}\n", "ENABLED", "PROXY", "PROTOCOL", "ADDRESS");
    for endpoint in Endpoint::ALL {
        let (enabled, proxy) = (endpoints.is_enabled(endpoint), endpoints.is_proxy_enabled(endpoint));
        let (enabled, proxy) = (yes_or_no(enabled), yes_or_no(proxy));
        let (protocol, url) = (endpoint.protocol(), endpoints.url(endpoint, service_name));
        let _ = writeln!(text, "{enabled:<9}{proxy:<7}{protocol:<24}{url}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_who_is_served_where() {
        let endpoints = Endpoints { proxy_disabled: vec![Endpoint::MetadataExchange], ..Endpoints::default() };
        let expected = "\
ENABLED  PROXY  PROTOCOL                ADDRESS
yes      yes    SAML 2.0/WS-Federation  https://sts.contoso.com/adfs/ls/
yes      yes    WS-Trust 2005           https://sts.contoso.com/adfs/services/trust/2005/certificatemixed
yes      yes    WS-Trust 2005           https://sts.contoso.com:49443/adfs/services/trust/2005/certificatetransport
yes      yes    WS-Trust 2005           https://sts.contoso.com/adfs/services/trust/2005/usernamemixed
yes      yes    WS-Trust 1.3            https://sts.contoso.com/adfs/services/trust/13/certificatemixed
yes      yes    WS-Trust 1.3            https://sts.contoso.com/adfs/services/trust/13/usernamemixed
yes      no     WS-Mex                  https://sts.contoso.com/adfs/services/trust/mex
yes      yes    Federation Metadata     https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml
";
        assert_eq!(table(&endpoints.on_ports(49443, 443), "sts.contoso.com"), expected);
    }
}
