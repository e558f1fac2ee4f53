//! What a scenario file may say. Everything has a default, and together the defaults are a good sign-in: a file says only
//! what is different. An unknown key is an error, so that a misspelt one cannot make a scenario say less than it seems to.
//!
//! `tests/scenarios/README.md` explains the keys to those who write scenarios.

mod browser;
mod certificates;
mod crl;
mod ocsp;
mod policy;

use browser::BrowserGets;
pub(super) use browser::{Browser, Method, SealDefect, Session, State};
pub(super) use certificates::{Authority, Container, Damage, Extension, UserCertificate};
pub(super) use crl::{Crl, Revoked, Served};
pub(super) use ocsp::{Mode as OcspMode, Nonce, Ocsp, Served as OcspServed, Status as OcspStatus};
pub(super) use policy::{Certificate as Factors, LockoutMode, PasswordDemand, Policy, RelyingParty, TokenForm};

use super::Mistake;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenarios) struct Scenario {
    /// What happens, in a few words.
    pub(in crate::scenarios) title: String,
    /// Why it must end so, with the source.
    pub(in crate::scenarios) why: String,
    #[serde(default)]
    pub(in crate::scenarios) at: Moment,
    #[serde(default)]
    pub(in crate::scenarios) connection: Connection,
    #[serde(default)]
    pub(in crate::scenarios) certificate: UserCertificate,
    #[serde(default)]
    pub(in crate::scenarios) authorities: BTreeMap<String, Authority>,
    #[serde(default)]
    pub(in crate::scenarios) crl: BTreeMap<String, Crl>,
    #[serde(default)]
    pub(in crate::scenarios) ocsp: BTreeMap<String, Ocsp>,
    #[serde(default)]
    pub(in crate::scenarios) directory: Directory,
    #[serde(default)]
    pub(in crate::scenarios) people: BTreeMap<String, BTreeMap<String, toml::Value>>,
    #[serde(default)]
    pub(in crate::scenarios) request: Request,
    /// A browser's visit, in place of a message to certificatetransport.
    pub(in crate::scenarios) browser: Option<Browser>,
    #[serde(default)]
    pub(in crate::scenarios) rules: Rules,
    #[serde(default)]
    pub(in crate::scenarios) policy: Policy,
    pub(in crate::scenarios) expect: Expect,
}

impl Scenario {
    pub(in crate::scenarios) fn read(file: &Path) -> Result<Self, Mistake> {
        let text = std::fs::read_to_string(file)?;
        Ok(toml::from_str(&text)?)
    }
}

/// A moment, or the first one of a day.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::scenarios) struct Moment(pub(in crate::scenarios) Timestamp);

impl TryFrom<String> for Moment {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.contains('T') { text.parse().map(Self) } else { format!("{text}T00:00:00Z").parse().map(Self) }
    }
}

/// The moment of the protocol samples.
impl Default for Moment {
    fn default() -> Self {
        Self("2026-01-10T10:00:00.123Z".parse().expect("a timestamp"))
    }
}

/// One text or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::scenarios) enum Texts {
    One(String),
    Several(Vec<String>),
}

impl Texts {
    pub(in crate::scenarios) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Several(texts) => texts,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Connection {
    /// Whether the client presents its certificate.
    pub(in crate::scenarios) certificate: bool,
    pub(in crate::scenarios) listener: Listener,
    /// Address and port.
    pub(in crate::scenarios) peer: String,
}

impl Default for Connection {
    fn default() -> Self {
        Self { certificate: true, listener: Listener::UserTls, peer: "203.0.113.7:50123".to_owned() }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Listener {
    UserTls,
    Service,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Directory {
    /// Alice is not there.
    pub(in crate::scenarios) empty: bool,
    pub(in crate::scenarios) failure: Option<DirectoryFailure>,
    /// The sub-code with which it refuses every password, as a domain controller does: `532`.
    pub(in crate::scenarios) refuses_passwords: Option<String>,
    /// So many searches are answered before it fails.
    pub(in crate::scenarios) fails_after: usize,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum DirectoryFailure {
    Unreachable,
    TimedOut,
    BindRefused,
    Rejected,
    TooManyEntries,
    Busy,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Request {
    /// A file of `tests/messages`.
    pub(in crate::scenarios) message: String,
    /// The message itself, in place of a file.
    pub(in crate::scenarios) text: Option<String>,
    /// Texts of the message that become others.
    pub(in crate::scenarios) change: BTreeMap<String, String>,
    /// Empty for none.
    pub(in crate::scenarios) content_type: String,
    pub(in crate::scenarios) soap_action: Option<String>,
    /// As the client spells it.
    pub(in crate::scenarios) path: String,
    /// `X-MS-*` headers, a line each.
    pub(in crate::scenarios) headers: BTreeMap<String, Texts>,
    pub(in crate::scenarios) body: Option<BodyProblem>,
    /// Whether the message's signature, of which the file has the template, is made with the user's key.
    pub(in crate::scenarios) signed: bool,
    /// Texts of the signed message that become others.
    pub(in crate::scenarios) change_signed: BTreeMap<String, String>,
    /// How often the same request came before, at the same moment.
    pub(in crate::scenarios) came_before: usize,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            message: "wcf.xml".to_owned(),
            text: None,
            change: BTreeMap::new(),
            content_type: "application/soap+xml; charset=utf-8".to_owned(),
            soap_action: None,
            path: "/adfs/services/trust/2005/certificatetransport".to_owned(),
            headers: BTreeMap::new(),
            body: None,
            signed: false,
            change_signed: BTreeMap::new(),
            came_before: 0,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum BodyProblem {
    TooLarge,
    Interrupted,
}

/// Whole rule sets, in place of those of `claims-rules/`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Rules {
    pub(in crate::scenarios) acceptance: Option<String>,
    pub(in crate::scenarios) authorization: Option<String>,
    /// Of the relying party.
    pub(in crate::scenarios) additional_authentication: Option<String>,
    /// Of every relying party.
    pub(in crate::scenarios) global_additional_authentication: Option<String>,
    pub(in crate::scenarios) transform: Option<String>,
}

/// How the sign-in must end, or what the person must be asked. That it ends in the stage whose folder holds the file is
/// checked without being said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenarios) struct Expect {
    #[serde(default)]
    pub(in crate::scenarios) outcome: Option<String>,
    /// `certificate`, `choose password, certificate`, `add certificate`, or `nothing` where nobody is signed in any more.
    #[serde(default)]
    pub(in crate::scenarios) asks: Option<String>,
    #[serde(default)]
    pub(in crate::scenarios) browser: BrowserGets,
    /// Fields of the record, letter for letter.
    #[serde(default)]
    pub(in crate::scenarios) details: BTreeMap<String, String>,
    /// Claims of the token with all their values.
    #[serde(default)]
    pub(in crate::scenarios) claims: BTreeMap<String, Texts>,
    /// Claim types the token must not have.
    #[serde(default)]
    pub(in crate::scenarios) absent_claims: Vec<String>,
    #[serde(default)]
    pub(in crate::scenarios) wire: Option<Wire>,
}

/// What the client gets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenarios) struct Wire {
    pub(in crate::scenarios) status: u16,
    /// `wsse:FailedAuthentication`.
    pub(in crate::scenarios) subcode: Option<String>,
    /// A block at the end of the fault's header.
    pub(in crate::scenarios) header: Option<String>,
    /// What the reason, or the page, begins with.
    pub(in crate::scenarios) begins: Option<String>,
}

fn validity(from: &str, to: &str) -> [Moment; 2] {
    [from, to].map(|day| Moment::try_from(day.to_owned()).expect("a day"))
}
