//! Every address that was asked, and what came of it.

use super::certificate_facts::{name, octets};
use super::responders::OcspFacts;
use super::visible_chain::may_have_issued;
use crate::certificate::{Certificate, DistinguishedName};
use crate::revocation::{Crl, CrlFailure, CrlWanted, UrlSource, VerifiedCrl};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// What an address answered, as the edge hands it over.
#[derive(Debug)]
pub struct Fetched {
    /// The address.
    pub url: String,
    /// How long it took.
    pub took: Duration,
    /// How it came.
    pub arrival: Arrival,
    /// The bytes, or why there are none.
    pub answer: Result<Vec<u8>, CrlFailure>,
}

/// What the way to an answer showed, whether or not there was one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The status of the last answer over HTTP.
    pub http_status: Option<u16>,
    /// The addresses that the first one redirected to, in order.
    pub redirects: Vec<String>,
    /// Media type as the server calls it.
    pub content_type: Option<String>,
    /// Network address and port of the server.
    pub server: Option<String>,
}

/// One address of the path.
#[derive(Debug, Clone, Serialize)]
pub struct AddressFacts {
    /// `crl`, `issuer` or `ocsp`.
    pub kind: &'static str,
    /// The address, or the file given with `--crl`.
    pub url: String,
    /// Subject of the certificate it was asked for.
    pub asked_for: String,
    /// That certificate's serial number.
    pub serial: Option<String>,
    /// Who named it: `certificate`, `configuration` or `command line`.
    pub named_by: &'static str,
    /// Whether it was asked at all.
    pub asked: bool,
    /// Status of the HTTP answer; `null` without one.
    pub http_status: Option<u16>,
    /// The address that answered in the end, after redirects; `null` when there were none.
    pub final_url: Option<String>,
    /// Every address that it redirected to, in order.
    pub redirects: Vec<String>,
    /// Media type as the server calls it.
    pub content_type: Option<String>,
    /// Network address and port of the server.
    pub server: Option<String>,
    /// Length of what arrived.
    pub bytes: Option<usize>,
    /// How long it took, or how long was waited in vain, in milliseconds; `null` for a file.
    pub milliseconds: Option<u128>,
    /// What is wrong; `null` when nothing is.
    pub problem: Option<String>,
    /// What the CRL says; `null` when there is none.
    pub crl: Option<CrlFacts>,
    /// Whether the CRL may be judged by for this certificate: genuine, in scope and in force.
    pub covers: Option<bool>,
    /// What the OCSP responder says; `null` when there is no genuine answer.
    pub ocsp: Option<OcspFacts>,
}

/// What a CRL says of itself.
#[derive(Debug, Clone, Serialize)]
pub struct CrlFacts {
    /// `DER` or `PEM`.
    pub encoding: &'static str,
    /// `good`, `wrong` or `not looked at`, because something before it was wrong.
    pub signature: &'static str,
    /// Who issued it.
    pub issuer: String,
    /// Identifier of the key that signed it.
    pub authority_key_identifier: Option<String>,
    /// Subject key identifier of the authority that should have signed it.
    pub expected_key_identifier: Option<String>,
    /// Its number, in decimal.
    pub number: Option<String>,
    /// For a delta CRL, the number of its base.
    pub delta_of: Option<String>,
    /// When it was issued.
    pub this_update: String,
    /// By when the next one comes.
    pub next_update: Option<String>,
    /// How many certificates it lists.
    pub entries: usize,
}

/// A CRL from somewhere, verified for one certificate of the path.
pub(super) type Verified = Result<Arc<VerifiedCrl>, CrlFailure>;

/// Reads what an address answered as the CRL that is wanted.
pub(super) fn crl_address(
    fetched: &Fetched,
    wanted: &CrlWanted,
    named_by: &'static str,
    at: Timestamp,
) -> (AddressFacts, Verified) {
    let bytes = fetched.answer.as_deref();
    let verified = bytes.map_err(CrlFailure::clone).and_then(|bytes| wanted.verify(&fetched.url, bytes).map(Arc::new));
    let scope = verified.clone().and_then(|crl| crl.covers(&wanted.certificate, wanted.configured_urls()));
    let in_force = verified.as_ref().is_ok_and(|crl| crl.is_current(at));
    let problem = match (&scope, &verified) {
        (Err(failure), _) => Some(in_short(failure)),
        (Ok(_), Ok(crl)) if !in_force => Some(out_of_force(crl, at)),
        _ => None,
    };
    let is_file = named_by == COMMAND_LINE;
    let facts = AddressFacts {
        named_by,
        asked: was_asked(fetched),
        bytes: received(fetched),
        milliseconds: (!is_file && was_asked(fetched)).then_some(fetched.took.as_millis()),
        problem,
        crl: bytes.ok().and_then(|bytes| crl_facts(bytes, &verified, &wanted.issuer)),
        covers: Some(scope.is_ok() && in_force),
        ..unasked("crl", &fetched.url, &wanted.certificate)
    };
    (facts.arrived(&fetched.arrival), verified)
}

pub(super) const COMMAND_LINE: &str = "command line";

fn out_of_force(crl: &VerifiedCrl, at: Timestamp) -> String {
    match crl.crl().next_update() {
        None => "it has no nextUpdate, so it could be of any age".to_owned(),
        Some(next_update) if at >= next_update => format!("it expired at {next_update}"),
        Some(_) => format!("it counts only from {}", crl.crl().this_update()),
    }
}

/// An address that may not be asked leaves no trace on the network, unless a redirect led to it.
fn was_asked(fetched: &Fetched) -> bool {
    let refused = |failure: &CrlFailure| {
        matches!(failure, CrlFailure::AddressForbidden { .. } | CrlFailure::UnsupportedScheme { .. })
    };
    !fetched.arrival.redirects.is_empty() || !fetched.answer.as_ref().is_err_and(refused)
}

fn received(fetched: &Fetched) -> Option<usize> {
    match &fetched.answer {
        Ok(bytes) => Some(bytes.len()),
        Err(CrlFailure::BrokenOff { received, .. }) => Some(*received),
        Err(_) => None,
    }
}

/// What went wrong on the way, where the address stands beside it.
fn in_short(failure: &CrlFailure) -> String {
    match failure {
        CrlFailure::AddressForbidden { place, rule, .. } => format!("not asked: {place} is {rule}"),
        CrlFailure::UnsupportedScheme { detail, .. } => format!("not asked: {detail}"),
        CrlFailure::Unreachable { detail, .. } => format!("it cannot be reached: {detail}"),
        CrlFailure::TimedOut { seconds, .. } => format!("no complete answer came within {seconds} s"),
        CrlFailure::HttpStatus { status, .. } => format!("the server answered HTTP {status}"),
        CrlFailure::Redirected { detail, .. } => format!("its redirects are not followed: {detail}"),
        CrlFailure::Compressed { coding, .. } => format!("the server compressed it ({coding}), which nobody asked for"),
        CrlFailure::BrokenOff { detail, .. } => format!("the transfer broke off: {detail}"),
        CrlFailure::TooLarge { limit, .. } => format!("it is larger than {limit} bytes"),
        other => other.to_string(),
    }
}

pub(super) fn named_by(source: UrlSource) -> &'static str {
    match source {
        UrlSource::Configured => "configuration",
        UrlSource::Certificate => "certificate",
    }
}

impl AddressFacts {
    /// The same with how it came.
    pub(super) fn arrived(self, arrival: &Arrival) -> Self {
        let Arrival { http_status, redirects, content_type, server } = arrival.clone();
        Self { http_status, final_url: redirects.last().cloned(), redirects, content_type, server, ..self }
    }
}

fn crl_facts(bytes: &[u8], verified: &Verified, issuer: &Certificate) -> Option<CrlFacts> {
    let read;
    let crl = match verified {
        Ok(verified) => verified.crl(),
        Err(_) => {
            read = Crl::read(bytes).ok()?;
            &read
        }
    };
    let signature = match verified {
        Ok(_) => "good",
        Err(CrlFailure::BadSignature { .. }) => "wrong",
        Err(_) => "not looked at",
    };
    let issued_by = DistinguishedName::read_der(crl.issuer_der()).ok();
    Some(CrlFacts {
        encoding: if crl.was_pem() { "PEM" } else { "DER" },
        signature,
        issuer: issued_by.map_or_else(|| "(unreadable)".to_owned(), |issuer| name(issuer.dotnet())),
        authority_key_identifier: crl.authority_key_identifier().map(octets),
        expected_key_identifier: issuer.subject_key_identifier().map(octets),
        number: crl.number().map(ToString::to_string),
        delta_of: crl.delta_of().map(ToString::to_string),
        this_update: crl.this_update().to_string(),
        next_update: crl.next_update().map(|moment| moment.to_string()),
        entries: crl.entries(),
    })
}

/// Reads what an address answered as the certificate of the issuer.
pub(super) fn issuer_address(fetched: &Fetched, certificate: &Certificate, issuer: &Certificate) -> AddressFacts {
    let problem = match &fetched.answer {
        Err(failure) => Some(in_short(failure)),
        Ok(bytes) => match Certificate::read_der(bytes) {
            Err(error) => Some(error.to_string()),
            Ok(found) if found == *issuer => None,
            Ok(found) if may_have_issued(&found, certificate) => {
                Some("it is another certificate of the same authority than the one in the path".to_owned())
            }
            Ok(found) => Some(format!("it is the certificate of \"{}\"", found.subject().dotnet())),
        },
    };
    AddressFacts {
        bytes: received(fetched),
        milliseconds: was_asked(fetched).then_some(fetched.took.as_millis()),
        asked: was_asked(fetched),
        problem,
        ..unasked("issuer", &fetched.url, certificate)
    }
    .arrived(&fetched.arrival)
}

/// An address that is only listed.
pub(super) fn unasked(kind: &'static str, url: &str, certificate: &Certificate) -> AddressFacts {
    AddressFacts {
        kind,
        url: url.to_owned(),
        asked_for: name(certificate.subject().dotnet()),
        serial: Some(certificate.serial().to_string()),
        named_by: "certificate",
        asked: false,
        http_status: None,
        final_url: None,
        redirects: Vec::new(),
        content_type: None,
        server: None,
        bytes: None,
        milliseconds: None,
        problem: None,
        crl: None,
        covers: None,
        ocsp: None,
    }
}
