mod assembling;
mod attribute_stores;
mod ca_hints;
mod drift;
mod endpoints;
mod pages;
mod problems;
mod relying_party;
mod signing_in;
pub(crate) mod site;
mod values;

use super::*;

/// Where the texts of these tests pretend to stand.
const FILE: &str = "/etc/fedgate/fedgate.toml";

fn parsed(text: &str) -> Configuration {
    Configuration::parse(Path::new(FILE), text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refused(text: &str) -> Problems {
    Configuration::parse(Path::new(FILE), text).expect_err("this text has problems")
}

/// `line:column key message`, in the order of the report.
fn told(problems: &Problems) -> Vec<String> {
    let told = |problem: &&Problem| {
        let Problem { line, column, key, message, .. } = problem;
        format!("{line}:{column} {key} {message}")
    };
    problems.sorted().iter().map(told).collect()
}

/// Only what must be there, with an embedded directory.
const SHORTEST: &str = r#"
[service]
name = "sts.contoso.test"

[listener.user_tls]
address = "127.0.0.1:49443"
certificate = "tls.pem"
private_key = "tls.key"

[listener.service]
address = "127.0.0.1:8443"
certificate = "tls.pem"
private_key = "tls.key"

[trust]
roots = "roots"
intermediates = "intermediates"

[directory]
kind = "ldif"
netbios_domain = "CONTOSO"
file = "directory.ldif"

[token_signing]
certificate = "signing.pem"
private_key = "signing.key"

[claims_provider]
acceptance_rules = "acceptance.rules"

[[relying_party]]
name = "Office 365"
identifiers = ["urn:federation:MicrosoftOnline"]
authorization_rules = "authorization.rules"
transform_rules = "transform.rules"
"#;

/// The keys of a directory server in place of the embedded directory.
fn with_server(lines: &str) -> String {
    let server = format!("kind = \"ldap\"\nnetbios_domain = \"CONTOSO\"\nbase_dn = \"DC=contoso,DC=test\"\n{lines}");
    SHORTEST.replace("kind = \"ldif\"\nnetbios_domain = \"CONTOSO\"\nfile = \"directory.ldif\"", &server)
}
