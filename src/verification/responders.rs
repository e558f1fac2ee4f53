//! Every OCSP responder that was asked, and what it answered.

use super::addresses::{AddressFacts, Arrival, named_by, unasked};
use super::certificate_facts::name;
use crate::revocation::ocsp::{
    CertificateStatus, OcspAnswer, OcspFailure, OcspRequest, OcspUnavailable, OcspWanted, VerifiedOcsp,
};
use crate::revocation::{OcspAnswered, RevocationReason};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// What a responder answered, as the edge hands it over.
#[derive(Debug)]
pub struct OcspFetched {
    /// What was asked.
    pub question: OcspWanted,
    /// The octets it was asked with.
    pub request: OcspRequest,
    /// The address.
    pub url: String,
    /// How long it took.
    pub took: Duration,
    /// How it came.
    pub arrival: Arrival,
    /// The bytes, or why there are none.
    pub answer: Result<Vec<u8>, OcspFailure>,
}

/// What a genuine answer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OcspFacts {
    /// `good`, `revoked`, `on hold` or `unknown`: the responder does not know the certificate.
    pub status: &'static str,
    /// Why it was revoked.
    pub reason: Option<&'static str>,
    /// Since when.
    pub revoked_at: Option<String>,
    /// Who signed, by name or by the hash of a key.
    pub signer: String,
    /// What the signer is: `issuer` or `delegated responder`.
    pub signer_is: &'static str,
    /// When the delegated responder's certificate ends.
    pub signer_not_after: Option<String>,
    /// Since when that is known.
    pub this_update: String,
    /// Until when it counts.
    pub next_update: Option<String>,
    /// `echoed` or `not echoed`; `null` when it was asked without one.
    pub nonce: Option<&'static str>,
}

/// An answer, read.
pub(super) struct Heard<'f> {
    fetched: &'f OcspFetched,
    verified: Result<Arc<VerifiedOcsp>, OcspFailure>,
}

impl OcspFetched {
    pub(super) fn read(&self, at: Timestamp) -> Heard<'_> {
        let OcspWanted { certificate, issuer, sha1, .. } = &self.question;
        let verify = |bytes: &Vec<u8>| {
            VerifiedOcsp::verify_with(&self.url, bytes, &self.request, certificate, issuer, at, *sha1).map(Arc::new)
        };
        Heard { fetched: self, verified: self.answer.as_ref().map_err(OcspFailure::clone).and_then(verify) }
    }
}

impl Heard<'_> {
    pub(super) fn facts(&self, skew: SignedDuration, at: Timestamp) -> AddressFacts {
        let OcspFetched { question, url, took, arrival, answer, .. } = self.fetched;
        let problem = match &self.verified {
            Err(failure) => Some(in_short(failure)),
            Ok(answer) => answer.judge_time(at, skew).err().map(|failure| in_short(&failure)),
        };
        let asked = !matches!(answer, Err(OcspFailure::UnsupportedAddress { .. }));
        AddressFacts {
            named_by: named_by(question.source),
            asked,
            bytes: answer.as_ref().ok().map(Vec::len),
            milliseconds: asked.then_some(took.as_millis()),
            problem,
            ocsp: self.verified.as_ref().ok().map(|verified| facts(verified, question.nonce)),
            ..unasked("ocsp", url, &question.certificate)
        }
        .arrived(arrival)
    }
}

fn facts(answer: &VerifiedOcsp, with_nonce: bool) -> OcspFacts {
    let (status, revoked) = said(answer.status());
    OcspFacts {
        status,
        reason: revoked.map(|(reason, _)| reason.name()),
        revoked_at: revoked.map(|(_, since)| since.to_string()),
        signer: name(answer.responder()),
        signer_is: if answer.delegated().is_some() { "delegated responder" } else { "issuer" },
        signer_not_after: answer.delegated().map(|responder| responder.not_after().to_string()),
        this_update: answer.this_update().to_string(),
        next_update: answer.next_update().map(|moment| moment.to_string()),
        nonce: with_nonce.then_some(if answer.echoed_nonce() { "echoed" } else { "not echoed" }),
    }
}

/// The word for it; of a revocation also why and since when.
pub(super) fn said(status: CertificateStatus) -> (&'static str, Option<(RevocationReason, Timestamp)>) {
    match status {
        CertificateStatus::Good => ("good", None),
        CertificateStatus::Unknown => ("unknown", None),
        CertificateStatus::Revoked { reason: RevocationReason::CertificateHold, since } => {
            ("on hold", Some((RevocationReason::CertificateHold, since)))
        }
        CertificateStatus::Revoked { reason, since } => ("revoked", Some((reason, since))),
    }
}

/// The answers to the questions of a sign-in, each chosen as a sign-in chooses.
pub(super) fn answers(questions: Vec<OcspWanted>, heard: &[Heard<'_>], at: Timestamp) -> Vec<OcspAnswered> {
    let answered = questions.into_iter().map(|wanted| OcspAnswered { answer: answer(&wanted, heard, at), wanted });
    answered.collect()
}

/// The first that is in force and knows the certificate, else one that says nothing, else every failure.
fn answer(wanted: &OcspWanted, heard: &[Heard<'_>], at: Timestamp) -> OcspAnswer {
    let (mut attempts, mut inconclusive) = (Vec::new(), None);
    for url in &wanted.urls {
        let of_it =
            |heard: &&Heard<'_>| heard.fetched.url == *url && heard.fetched.question.certificate == wanted.certificate;
        match heard.iter().find(of_it).map(|heard| &heard.verified) {
            Some(Ok(answer)) if is_conclusive(answer, at) => return Ok(Arc::clone(answer)),
            Some(Ok(answer)) => inconclusive = inconclusive.or_else(|| Some(Arc::clone(answer))),
            Some(Err(failure)) => attempts.push(failure.clone().into()),
            None => {}
        }
    }
    match (inconclusive, attempts.pop()) {
        (Some(answer), _) => Ok(answer),
        (None, Some(last)) => Err(OcspUnavailable { last: Box::new(last), earlier: attempts }),
        (None, None) => Err(OcspFailure::NoUrl { issuer: wanted.issuer.subject().dotnet().to_owned() }.into()),
    }
}

fn is_conclusive(answer: &VerifiedOcsp, at: Timestamp) -> bool {
    answer.status() != CertificateStatus::Unknown && answer.judge_time(at, SignedDuration::ZERO).is_ok()
}

/// What went wrong, where the address stands beside it.
fn in_short(failure: &OcspFailure) -> String {
    match failure {
        OcspFailure::UnsupportedAddress { detail, .. } => format!("not asked: {detail}"),
        OcspFailure::Unreachable { detail, .. } => format!("it cannot be reached: {detail}"),
        OcspFailure::TimedOut { seconds, .. } => format!("no complete answer came within {seconds} s"),
        OcspFailure::HttpStatus { status, .. } => format!("the server answered HTTP {status}"),
        OcspFailure::Expired { next_update, .. } => format!("the answer expired at {next_update}"),
        other => other.to_string(),
    }
}
