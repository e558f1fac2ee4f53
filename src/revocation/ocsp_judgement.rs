//! What OCSP means for a path: which responders are asked when, and what their answers come to. Fails closed, as a CRL does.

use super::judgement::{self, Revocation};
use super::ocsp::{
    CertificateStatus, OcspAnswer, OcspFailure, OcspMode, OcspSettings, OcspUnavailable, OcspWanted, VerifiedOcsp,
};
use super::{CrlAnswer, CrlWanted, JudgedCertificate, RevocationError, RevocationPolicy};
use crate::certificate::Certificate;
use crate::chain::ValidatedChain;
use jiff::Timestamp;
use std::sync::Arc;

/// A question and what came of it.
#[derive(Debug, Clone)]
pub struct OcspAnswered {
    /// The question.
    pub wanted: OcspWanted,
    /// The answer.
    pub answer: OcspAnswer,
}

/// How certificates of this issuer are asked about, if they are.
fn settings<'p>(issuer: &Certificate, policy: &'p RevocationPolicy) -> Option<&'p OcspSettings> {
    policy.authority(issuer.fingerprint()).map(|settings| &settings.ocsp)
}

/// What OCSP is to the CRL of this issuer.
pub(super) fn mode(issuer: &Certificate, policy: &RevocationPolicy) -> OcspMode {
    settings(issuer, policy).map(|settings| settings.mode).unwrap_or_default()
}

/// The questions for responders, once the CRLs are there: for each certificate whose authority has OCSP instead, and for
/// each whose CRL settles nothing and whose authority has OCSP as the fallback.
pub fn required_ocsp(
    chain: &ValidatedChain,
    wanted: &[CrlWanted],
    crls: &[CrlAnswer],
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Vec<OcspWanted> {
    required_for(chain.path(), wanted, crls, policy, at)
}

fn required_for(
    path: &[Arc<Certificate>],
    wanted: &[CrlWanted],
    crls: &[CrlAnswer],
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Vec<OcspWanted> {
    let unsettled = |position: usize| {
        judgement::judge_by_crl(position, path, wanted, crls, policy, at).is_err_and(|error| !error.is_revocation())
    };
    let questions = path.windows(2).enumerate().filter_map(|(position, pair)| {
        let settings = settings(&pair[1], policy)?;
        let asked = match settings.mode {
            OcspMode::Off => false,
            OcspMode::Instead => true,
            OcspMode::Fallback => unsettled(position),
        };
        asked.then(|| OcspWanted::new(&pair[0], &pair[1], settings, policy.sha1()))
    });
    questions.collect()
}

/// A question for every responder that the path or the configuration names, whether or not a sign-in would ask it: for who
/// wants to see them all. Where a sign-in asks, it is the sign-in's own question; elsewhere it has a nonce.
pub fn every_responder(chain: &ValidatedChain, policy: &RevocationPolicy) -> Vec<OcspWanted> {
    let named = OcspSettings { nonce: true, ..OcspSettings::default() };
    let questions = chain.path().windows(2).flat_map(|pair| {
        let of_sign_in = settings(&pair[1], policy).filter(|settings| settings.mode != OcspMode::Off);
        let of_sign_in = of_sign_in.map(|settings| OcspWanted::new(&pair[0], &pair[1], settings, policy.sha1()));
        let mut others = OcspWanted::new(&pair[0], &pair[1], &named, policy.sha1());
        others.urls.retain(|url| of_sign_in.as_ref().is_none_or(|asked| !asked.urls.contains(url)));
        of_sign_in.into_iter().chain(Some(others))
    });
    questions.filter(|question| !question.urls.is_empty()).collect()
}

/// What a responder says of a certificate and its issuer on the path. `crl` is what its CRL came to before.
pub(super) fn judge(
    certificate: Box<JudgedCertificate>,
    pair: &[Arc<Certificate>],
    answered: &[OcspAnswered],
    policy: &RevocationPolicy,
    at: Timestamp,
    crl: Option<Box<RevocationError>>,
) -> Result<Revocation, RevocationError> {
    let about = |answered: &&OcspAnswered| answered.wanted.certificate == pair[0] && answered.wanted.issuer == pair[1];
    let unavailable = |certificate, failure: OcspUnavailable, crl| {
        Err(RevocationError::OcspUnavailable { certificate, failure, crl })
    };
    let verified = match answered.iter().find(about).map(|answered| &answered.answer) {
        Some(Ok(verified)) if verified.is_about(&pair[0], &pair[1]) => verified,
        Some(Err(failure)) => return unavailable(certificate, failure.clone(), crl),
        Some(Ok(_)) | None => return Err(RevocationError::Unanswered { certificate }),
    };
    if let Err(failure) = verified.judge_time(at, policy.clock_skew) {
        return unavailable(certificate, failure.into(), crl);
    }
    let url = verified.url().to_owned();
    match (verified.status(), verified.next_update()) {
        (CertificateStatus::Revoked { reason, since }, _) => {
            Err(RevocationError::RevokedByOcsp { certificate, reason, since, url })
        }
        (CertificateStatus::Unknown, _) => {
            unavailable(certificate, OcspFailure::UnknownCertificate { url }.into(), crl)
        }
        (CertificateStatus::Good, None) => unavailable(certificate, OcspFailure::WithoutNextUpdate { url }.into(), crl),
        (CertificateStatus::Good, Some(next_update)) => Ok(good(verified, next_update)),
    }
}

fn good(verified: &VerifiedOcsp, next_update: Timestamp) -> Revocation {
    Revocation::CheckedByOcsp {
        url: verified.url().to_owned(),
        responder: verified.responder().to_owned(),
        this_update: verified.this_update(),
        next_update,
        echoed_nonce: verified.echoed_nonce(),
    }
}

#[cfg(test)]
mod tests;
