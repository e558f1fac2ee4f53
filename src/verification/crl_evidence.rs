//! Which of the CRLs at hand speaks for which certificate, and what it says.

use super::addresses::{self, AddressFacts, Arrival, COMMAND_LINE, Fetched, Verified};
use super::certificate_facts::name;
use super::responders::{OcspFetched, said};
use crate::certificate::Certificate;
use crate::revocation::ocsp::OcspAnswer;
use crate::revocation::{
    CrlAnswer, CrlAttempt, CrlFailure, CrlUnavailable, CrlWanted, Exemption, FoundCrl, FoundCrls, Listing, ReasonSet,
    RevocationReason, VerifiedCrl,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::cmp::Reverse;
use std::time::Duration;

/// A CRL from a file.
#[derive(Debug, Clone)]
pub struct GivenCrl {
    /// The file.
    pub file: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What there is to judge revocation by. Lists are in the order of the path, leaf first.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Files given on the command line, for every certificate.
    pub given: Vec<GivenCrl>,
    /// What the CRL addresses of each certificate answered; `None` when nothing may be fetched.
    pub crls: Option<Vec<Vec<Fetched>>>,
    /// What the addresses of each issuer's certificate answered.
    pub issuers: Vec<Vec<Fetched>>,
    /// What the OCSP responders answered.
    pub responders: Vec<OcspFetched>,
}

/// What is known of one certificate's revocation.
#[derive(Debug, Clone, Serialize)]
pub struct RevocationFacts {
    /// Whose.
    pub subject: String,
    /// Its serial number.
    pub serial: String,
    /// `good`, `revoked`, `on hold`, `unknown`, `exempt` or `trust anchor`.
    pub status: &'static str,
    /// Why it was revoked.
    pub reason: Option<&'static str>,
    /// Since when.
    pub revoked_at: Option<String>,
    /// Where the CRL that says so came from.
    pub crl: Option<String>,
    /// The OCSP responder that says so instead.
    pub ocsp: Option<String>,
    /// The CRL's number.
    pub crl_number: Option<String>,
    /// Until when it counts.
    pub next_update: Option<String>,
    /// How many certificates it lists.
    pub entries: Option<usize>,
    /// Why nothing is known.
    pub problem: Option<String>,
}

impl Evidence {
    /// The answer for one certificate of the path, and every address and file that was looked at for it.
    pub(super) fn answer(&self, position: usize, wanted: &CrlWanted, at: Timestamp) -> (CrlAnswer, Vec<AddressFacts>) {
        let mut looked_at = Vec::new();
        for GivenCrl { file, bytes } in &self.given {
            let fetched = Fetched {
                url: file.clone(),
                took: Duration::ZERO,
                arrival: Arrival::default(),
                answer: Ok(bytes.clone()),
            };
            let read = addresses::crl_address(&fetched, wanted, COMMAND_LINE, at);
            // A file of another authority speaks for another certificate.
            if !matches!(read.1, Err(CrlFailure::WrongIssuer { .. } | CrlFailure::WrongIssuerKey { .. })) {
                looked_at.push(read);
            }
        }
        let named_by = addresses::named_by(wanted.source);
        for fetched in self.crls.iter().filter_map(|crls| crls.get(position)).flatten() {
            looked_at.push(addresses::crl_address(fetched, wanted, named_by, at));
        }
        let (facts, verified): (Vec<_>, Vec<_>) = looked_at.into_iter().unzip();
        (choose(verified, wanted, at), facts)
    }

    /// The files that spoke for no certificate of the path: whoever gave them must not think that they were used.
    pub(super) fn unused(&self, looked_at: &[AddressFacts], leaf: &Certificate) -> Vec<AddressFacts> {
        let used =
            |given: &&GivenCrl| looked_at.iter().any(|facts| facts.named_by == COMMAND_LINE && facts.url == given.file);
        let unused = self.given.iter().filter(|given| !used(given));
        let problem = "it was issued by another authority, or another key, than those of this path; it is not used";
        unused
            .map(|given| AddressFacts {
                named_by: COMMAND_LINE,
                bytes: Some(given.bytes.len()),
                problem: Some(problem.to_owned()),
                ..addresses::unasked("crl", &given.file, leaf)
            })
            .collect()
    }
}

/// The newest CRLs in force that cover the certificate, for as many reasons for revocation as it takes, each with the newest
/// delta; else the newest genuine one, for the judgement to say what is wrong with it; else every failure.
fn choose(verified: Vec<Verified>, wanted: &CrlWanted, at: Timestamp) -> CrlAnswer {
    let (mut attempts, mut complete, mut deltas) = (Vec::<CrlAttempt>::new(), Vec::new(), Vec::new());
    for candidate in verified {
        match candidate {
            Ok(crl) if crl.is_delta() => deltas.push(crl),
            Ok(crl) => match crl.covers(&wanted.certificate, wanted.configured_urls()) {
                Ok(reasons) => complete.push((crl, reasons)),
                Err(failure) => attempts.push(failure.into()),
            },
            Err(failure) => attempts.push(failure.into()),
        }
    }
    complete.sort_by_key(|(crl, _)| Reverse((crl.is_current(at), crl.crl().this_update())));
    deltas.sort_by_key(|crl| Reverse(crl.crl().this_update()));
    let (mut covered, mut found) = (ReasonSet::NONE, Vec::new());
    for (complete, reasons) in complete {
        let delta = deltas.first().cloned().map(Ok);
        if complete.is_current(at) && covered.union(reasons) != covered {
            covered = covered.union(reasons);
            found.push(FoundCrl { complete, delta });
        } else if found.is_empty() {
            found.push(FoundCrl { complete, delta });
        }
    }
    attempts.extend(deltas.first().map(|crl| CrlFailure::DeltaAlone { url: crl.url().to_owned() }.into()));
    FoundCrls::new(found).ok_or_else(|| match attempts.pop() {
        Some(last) => CrlUnavailable { last: Box::new(last), earlier: attempts },
        None => CrlFailure::NoUrl { issuer: wanted.issuer.subject().dotnet().to_owned() }.into(),
    })
}

impl RevocationFacts {
    fn of(certificate: &Certificate, status: &'static str) -> Self {
        Self {
            subject: name(certificate.subject().dotnet()),
            serial: certificate.serial().to_string(),
            status,
            reason: None,
            revoked_at: None,
            crl: None,
            ocsp: None,
            crl_number: None,
            next_update: None,
            entries: None,
            problem: None,
        }
    }

    /// The end of the path.
    pub(super) fn anchor(certificate: &Certificate) -> Self {
        Self::of(certificate, "trust anchor")
    }

    /// The operator lets it pass although nothing is known.
    pub(super) fn exempt(self, exemption: &Exemption, problem: &str) -> Self {
        let Exemption { reason, until } = exemption;
        let problem = Some(format!("{problem}. The configuration lets it pass until {until}: {reason}"));
        Self { problem, status: "exempt", ..self }
    }

    /// What the responder that decides says.
    pub(super) fn by_responder(self, answer: &OcspAnswer, skew: SignedDuration, at: Timestamp) -> Self {
        let unknown = |problem: String| Self { status: "unknown", problem: Some(problem), ..self.clone() };
        let verified = match answer {
            Ok(verified) => verified,
            Err(failure) => return unknown(failure.to_string()),
        };
        if let Err(failure) = verified.judge_time(at, skew) {
            return unknown(failure.to_string());
        }
        let (status, revoked) = said(verified.status());
        Self {
            status,
            reason: revoked.map(|(reason, _)| reason.name()),
            revoked_at: revoked.map(|(_, since)| since.to_string()),
            crl: None,
            ocsp: Some(verified.url().to_owned()),
            crl_number: None,
            next_update: verified.next_update().map(|moment| moment.to_string()),
            entries: None,
            problem: (status == "unknown").then(|| "the responder does not know the certificate".to_owned()),
            ..self
        }
    }

    /// What the answer says. The verdict is not made of this: it is [`crate::revocation::judge`]'s.
    pub(super) fn read(wanted: &CrlWanted, answer: &CrlAnswer, nothing_given: bool, at: Timestamp) -> Self {
        let certificate = &*wanted.certificate;
        let found = match answer {
            Ok(found) => found,
            Err(_) if nothing_given => {
                let problem = Some(no_crl(&wanted.issuer));
                return Self { problem, ..Self::of(certificate, "unknown") };
            }
            Err(failure) => return Self { problem: Some(failure.to_string()), ..Self::of(certificate, "unknown") },
        };
        let crl = found.crl();
        let listing = for_good(found, certificate).or_else(|| held(found, certificate));
        let in_force = found.iter().map(|found| &found.complete).filter(|crl| crl.is_current(at));
        let covered = in_force
            .filter_map(|crl| crl.covers(certificate, wanted.configured_urls()).ok())
            .fold(ReasonSet::NONE, ReasonSet::union);
        let status = match listing.map(|listing| listing.reason) {
            Some(reason) if reason != RevocationReason::CertificateHold => "revoked",
            _ if covered != ReasonSet::ALL => "unknown",
            Some(_) => "on hold",
            None => "good",
        };
        let problem = (status == "unknown").then(|| match found.iter().any(|found| found.complete.is_current(at)) {
            true => "the CRLs at hand do not speak of every reason for revocation".to_owned(),
            false => format!("the CRL is not in force at {at}"),
        });
        Self {
            reason: listing.map(|listing| listing.reason.name()),
            revoked_at: listing.map(|listing| listing.revoked_at.to_string()),
            crl: Some(sources(found)),
            crl_number: crl.number().map(ToString::to_string),
            next_update: crl.next_update().map(|moment| moment.to_string()),
            entries: Some(crl.entries()),
            problem,
            ..Self::of(certificate, status)
        }
    }
}

fn lists(found: &FoundCrls) -> impl Iterator<Item = &VerifiedCrl> {
    found.iter().flat_map(|found| {
        let delta = found.delta.as_ref().and_then(|delta| delta.as_deref().ok());
        std::iter::once(&*found.complete).chain(delta)
    })
}

fn sources(found: &FoundCrls) -> String {
    lists(found).map(VerifiedCrl::url).collect::<Vec<_>>().join(" and ")
}

fn for_good(found: &FoundCrls, certificate: &Certificate) -> Option<Listing> {
    let undone = [RevocationReason::CertificateHold, RevocationReason::RemoveFromCrl];
    lists(found).filter_map(|list| listing(list, certificate)).find(|listing| !undone.contains(&listing.reason))
}

/// The delta has the last word.
fn held(found: &FoundCrls, certificate: &Certificate) -> Option<Listing> {
    let last = lists(found).filter_map(|list| listing(list, certificate)).last();
    last.filter(|listing| listing.reason == RevocationReason::CertificateHold)
}

fn listing(list: &VerifiedCrl, certificate: &Certificate) -> Option<Listing> {
    list.crl().listing_of(certificate.issuer(), certificate.serial().octets())
}

/// Nobody gave a CRL and nothing may be fetched.
pub(super) fn no_crl(issuer: &Certificate) -> String {
    format!("no CRL of \"{}\" was given, and nothing is fetched without --url-fetch", issuer.subject().dotnet())
}
