//! From metadata to a section of `fedgate.toml`, and the files it names.

use super::{MetadataSignature, RelyingPartyMetadata};
use crate::claims::claim_types::{NAME_IDENTIFIER, PROPERTY_FORMAT, UPN, WINDOWS_ACCOUNT_NAME};
use crate::federation::import::folder_name;
use crate::federation::saml_request::AssertionConsumer;
use crate::federation::{LogoutBinding, LogoutService};
use openssl::x509::X509;
use std::collections::HashSet;
use std::fmt::Write;

const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const MAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/// What the operator wants beside what the metadata says.
#[derive(Debug, Clone, Copy)]
pub struct Wishes<'a> {
    /// Display name in place of the metadata's.
    pub name: Option<&'a str>,
    /// The folder of trusts, as the configuration names it.
    pub folder: &'a str,
    /// Who gets a token; without it nobody does until somebody writes authorization rules.
    pub access_control_policy: Option<&'a str>,
}

/// A file that the section names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustFile {
    /// Inside the trust's own folder.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// A trust, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedTrust {
    /// Display name.
    pub name: String,
    /// Its folder's name, one harmless part of a path.
    pub folder: String,
    /// The files in it.
    pub files: Vec<TrustFile>,
    /// The section.
    pub section: String,
}

impl ImportedTrust {
    /// The trust of `metadata`.
    pub fn of(metadata: &RelyingPartyMetadata, wishes: Wishes<'_>) -> Self {
        let own = metadata.display_name.as_deref().unwrap_or(&metadata.entity);
        let name = wishes.name.unwrap_or(own).to_owned();
        let folder = folder_name::unique(&name, &mut HashSet::new());
        let mut trust = Self { name, folder, files: Vec::new(), section: String::new() };
        trust.write(metadata, wishes);
        trust
    }

    fn write(&mut self, metadata: &RelyingPartyMetadata, wishes: Wishes<'_>) {
        let vouched = match metadata.signature {
            MetadataSignature::Verified => "signed by the certificate that was named",
            MetadataSignature::Unchecked | MetadataSignature::Absent => "nobody vouched for it",
        };
        self.line(&format!("# From the metadata of {}; {vouched}.", quoted(&metadata.entity)));
        self.line("[[relying_party]]");
        self.key("name", &quoted(&self.name.clone()));
        self.key("identifiers", &list(&metadata.identifiers));
        match wishes.access_control_policy {
            Some(policy) => self.key("access_control_policy", &quoted(policy)),
            None => self.file("authorization_rules", "authorization.rules", Vec::new(), wishes),
        }
        self.file("transform_rules", "transform.rules", transform_rules(metadata).into_bytes(), wishes);
        if let Some((first, further)) = metadata.ws_fed_endpoints.split_first() {
            self.key("ws_fed_endpoint", &quoted(first));
            if !further.is_empty() {
                self.key("additional_ws_fed_endpoints", &list(further));
            }
        }
        self.certificates(metadata, wishes);
        metadata.consumers.iter().for_each(|consumer| self.consumer(consumer));
        if let Some(logout) = &metadata.logout {
            self.logout(logout);
        }
    }

    fn certificates(&mut self, metadata: &RelyingPartyMetadata, wishes: Wishes<'_>) {
        let mut names = Vec::new();
        for (number, certificate) in (1..).zip(&metadata.signing_certificates) {
            let name = format!("request-signing-{number}.pem");
            names.push(self.path(&name, wishes));
            self.files.push(TrustFile { name, content: pem(certificate) });
        }
        if !names.is_empty() {
            self.key("request_signing_certificates", &list(&names));
        }
        if metadata.requests_signed {
            self.key("signed_saml_requests_required", "true");
        }
        if let Some(certificate) = &metadata.encryption_certificate {
            self.file("encryption_certificate", "encryption.pem", pem(certificate), wishes);
        }
    }

    fn consumer(&mut self, AssertionConsumer { index, address, is_default }: &AssertionConsumer) {
        self.line("\n[[relying_party.saml_endpoint]]");
        self.key("protocol", "\"assertion-consumer\"");
        self.key("address", &quoted(address));
        self.key("index", &index.to_string());
        if *is_default {
            self.key("is_default", "true");
        }
    }

    fn logout(&mut self, LogoutService { address, response_address, binding }: &LogoutService) {
        self.line("\n[[relying_party.saml_endpoint]]");
        self.key("protocol", "\"logout\"");
        self.key("address", &quoted(address));
        if let Some(response) = response_address {
            self.key("response_address", &quoted(response));
        }
        if *binding == LogoutBinding::Redirect {
            self.key("binding", "\"redirect\"");
        }
    }

    fn file(&mut self, key: &str, name: &str, content: Vec<u8>, wishes: Wishes<'_>) {
        self.key(key, &quoted(&self.path(name, wishes)));
        self.files.push(TrustFile { name: name.to_owned(), content });
    }

    fn path(&self, name: &str, wishes: Wishes<'_>) -> String {
        format!("{}/{}/{name}", wishes.folder, self.folder)
    }

    fn key(&mut self, key: &str, value: &str) {
        self.line(&format!("{key} = {value}"));
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.section, "{text}");
    }
}

/// Rules to begin with: a subject in a format that the application takes. With another one AD FS answers InvalidNameIDPolicy,
/// the commonest fault of new trusts.
fn transform_rules(metadata: &RelyingPartyMetadata) -> String {
    let takes = |format: &str| metadata.name_id_formats.iter().any(|known| known == format);
    let (attribute, format) = match () {
        () if takes(PERSISTENT) => ("objectGUID", PERSISTENT),
        () if takes(MAIL) => ("mail", MAIL),
        () => ("userPrincipalName", UNSPECIFIED),
    };
    let account = format!("c:[Type == \"{WINDOWS_ACCOUNT_NAME}\", Issuer == \"AD AUTHORITY\"]");
    let subject = "urn:fedgate:subject";
    format!(
        "@RuleName = \"User principal name\"\n{account}\n => issue(store = \"Active Directory\", types = (\"{UPN}\"), query = \
         \";userPrincipalName;{{0}}\", param = c.Value);\n\n\
         @RuleName = \"Read what the subject is called\"\n{account}\n => add(store = \"Active Directory\", types = \
         (\"{subject}\"), query = \";{attribute};{{0}}\", param = c.Value);\n\n\
         @RuleName = \"The subject\"\nc:[Type == \"{subject}\"]\n => issue(Type = \"{NAME_IDENTIFIER}\", Value = c.Value, \
         Properties[\"{PROPERTY_FORMAT}\"] = \"{format}\");\n"
    )
}

fn pem(certificate: &X509) -> Vec<u8> {
    certificate.to_pem().unwrap_or_default()
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// TOML knows how its texts are quoted.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
