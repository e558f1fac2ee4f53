//! An answer that somebody who may signed. [`VerifiedOcsp::verify`] is the only way to one.

use super::super::RevocationReason;
use super::super::crl_signature::{self, Sha1, SignatureProblem};
use super::failure::{OcspFailure, OcspUnavailable};
use super::request::OcspRequest;
use super::responder::{self, Responder};
use super::response::{self, BasicResponse, CertificateStatus, Response, ResponseStatus, SingleResponse};
use crate::certificate::Certificate;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// What came of asking a responder.
pub type OcspAnswer = Result<Arc<VerifiedOcsp>, OcspUnavailable>;

/// What a responder said of one certificate.
#[derive(Debug)]
pub struct VerifiedOcsp {
    url: String,
    certificate: [u8; 32],
    issuer: [u8; 32],
    status: CertificateStatus,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    produced_at: Timestamp,
    responder: String,
    delegated: Option<Arc<Certificate>>,
    echoed_nonce: bool,
}

impl VerifiedOcsp {
    /// Reads `bytes` that `url` answered to `request`, and checks that they speak of `certificate` and that somebody whom
    /// `issuer` lets speak signed them. Whether the answer is still in force is asked of [`Self::judge_time`].
    ///
    /// A nonce that is missing is tolerated, since responders that sign in advance cannot repeat one (RFC 8954 section
    /// 3.1); then the window of thisUpdate and nextUpdate is what limits a replay. Another nonce than ours is not.
    ///
    /// # Errors
    /// Why the answer says nothing.
    pub fn verify(
        url: &str,
        bytes: &[u8],
        request: &OcspRequest,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
    ) -> Result<Self, OcspFailure> {
        Self::verify_with(url, bytes, request, certificate, issuer, at, Sha1::Refused)
    }

    /// The same where the operator has decided about SHA-1.
    ///
    /// # Errors
    /// Why the answer says nothing.
    pub fn verify_with(
        url: &str,
        bytes: &[u8],
        request: &OcspRequest,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Timestamp,
        sha1: Sha1,
    ) -> Result<Self, OcspFailure> {
        let url = || url.to_owned();
        let response = match response::read(bytes).map_err(|detail| OcspFailure::Unreadable { url: url(), detail })? {
            Response::Basic(response) => response,
            Response::Refused(ResponseStatus::TryLater) => return Err(OcspFailure::TryLater { url: url() }),
            Response::Refused(status) => return Err(OcspFailure::Refused { url: url(), status }),
        };
        let name = responder::describe(response.responder);
        let responder = responder::find(&response, issuer, at, sha1).map_err(|detail| OcspFailure::NotAuthorised {
            url: url(),
            responder: name.clone(),
            detail,
        })?;
        check_signature(&url(), &response, &responder, issuer, sha1)?;
        if let Some(oid) = response.unknown_critical.first() {
            let what = format!("the critical extension {oid}");
            return Err(OcspFailure::Unsupported { url: url(), what });
        }
        let nonces = request.nonce().zip(response.nonce);
        if nonces.is_some_and(|(asked, answered)| asked != answered) {
            return Err(OcspFailure::NonceMismatch { url: url() });
        }
        let single = single_response(&response, certificate, issuer)
            .ok_or_else(|| OcspFailure::OfAnotherCertificate { url: url() })?;
        Ok(Self {
            url: url(),
            certificate: *certificate.fingerprint(),
            issuer: *issuer.fingerprint(),
            status: single.status,
            this_update: single.this_update,
            next_update: single.next_update,
            produced_at: response.produced_at,
            responder: name,
            delegated: match responder {
                Responder::Authority => None,
                Responder::Delegated(certificate) => Some(certificate),
            },
            echoed_nonce: request.nonce().is_some() && response.nonce.is_some(),
        })
    }

    /// Whether the answer counts now: `thisUpdate` and `producedAt` may lie ahead by `skew`, for responders whose clock is ahead of ours;
    /// `nextUpdate` must not have come, and an answer without one would count for ever, so it does not count. A revocation
    /// for good counts however old the answer, as it does in a CRL.
    ///
    /// # Errors
    /// Why not.
    pub fn judge_time(&self, at: Timestamp, skew: SignedDuration) -> Result<(), OcspFailure> {
        let url = || self.url.clone();
        if matches!(self.status, CertificateStatus::Revoked { reason, .. } if reason != RevocationReason::CertificateHold)
        {
            return Ok(());
        }
        let counts_from = self.this_update.max(self.produced_at);
        if counts_from.duration_since(at) > skew {
            return Err(OcspFailure::NotYetValid { url: url(), this_update: counts_from });
        }
        match self.next_update {
            None => Err(OcspFailure::WithoutNextUpdate { url: url() }),
            Some(next_update) if at >= next_update => Err(OcspFailure::Expired { url: url(), next_update }),
            Some(_) => Ok(()),
        }
    }

    /// Until when the answer may be kept: its nextUpdate, or the end of the responder's certificate if that is earlier.
    pub fn keep_until(&self) -> Option<Timestamp> {
        let end = self.delegated.as_ref().map(|responder| responder.not_after());
        self.next_update.map(|next_update| end.map_or(next_update, |end| end.min(next_update)))
    }

    /// Whether it is about this certificate of this issuer.
    pub fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.certificate == *certificate.fingerprint() && self.issuer == *issuer.fingerprint()
    }

    /// Where it came from.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it says.
    pub fn status(&self) -> CertificateStatus {
        self.status
    }

    /// Since when that was known to be so.
    pub fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// By when there is something newer.
    pub fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// Who signed: a name or the hash of a key, as the response has it.
    pub fn responder(&self) -> &str {
        &self.responder
    }

    /// The responder's certificate, unless the authority itself signed.
    pub fn delegated(&self) -> Option<&Arc<Certificate>> {
        self.delegated.as_ref()
    }

    /// Whether it repeats the nonce it was asked with, so that it cannot be a replay.
    pub fn echoed_nonce(&self) -> bool {
        self.echoed_nonce
    }
}

fn check_signature(
    url: &str,
    response: &BasicResponse<'_>,
    responder: &Responder,
    issuer: &Certificate,
    sha1: Sha1,
) -> Result<(), OcspFailure> {
    let signer = match responder {
        Responder::Authority => issuer,
        Responder::Delegated(certificate) => certificate,
    };
    let url = || url.to_owned();
    let key = &signer.public_key().spki_der;
    let checked = crl_signature::verify(key, response.algorithm, response.signed, response.signature, sha1);
    checked.map_err(|problem| match problem {
        SignatureProblem::Wrong => OcspFailure::SignatureInvalid { url: url() },
        SignatureProblem::Sha1(algorithm) => OcspFailure::WeakSignature { url: url(), algorithm },
        SignatureProblem::Algorithm(name) => {
            OcspFailure::Unsupported { url: url(), what: format!("the signature algorithm {name}") }
        }
    })
}

/// The response about this certificate; if there are several, the one that says the worst.
fn single_response<'r, 'a>(
    response: &'r BasicResponse<'a>,
    certificate: &Certificate,
    issuer: &Certificate,
) -> Option<&'r SingleResponse<'a>> {
    response.responses.iter().filter(|single| single.id.means(certificate, issuer)).min_by_key(|single| {
        match single.status {
            CertificateStatus::Revoked { .. } => 0,
            CertificateStatus::Unknown => 1,
            CertificateStatus::Good => 2,
        }
    })
}
