//! What the CRLs mean for a path at a moment in time. Fails closed: a certificate of which nothing can be said is refused,
//! and each reason for that is a fact of its own.

use super::crl_extensions::CrlNumber;
use super::failure::CrlUnavailable;
use super::ocsp::{OcspMode, OcspUnavailable};
use super::ocsp_judgement::{self, OcspAnswered};
use super::{CrlWanted, Listing, RevocationPolicy, RevocationReason, VerifiedCrl};
use crate::certificate::Certificate;
use crate::chain::{CertificateRole, ValidatedChain};
use jiff::Timestamp;
use std::sync::Arc;

/// What came of asking for a CRL.
pub type CrlAnswer = Result<Arc<VerifiedCrl>, CrlUnavailable>;

/// What is known about one certificate of an accepted path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// A CRL in force does not list it.
    Checked {
        /// Where the CRL came from.
        url: String,
        /// Its number, if it has one.
        crl_number: Option<CrlNumber>,
        /// When it was issued.
        this_update: Timestamp,
        /// Until when it counts.
        next_update: Timestamp,
        /// How many certificates it lists.
        entries: usize,
        /// It was in PEM armour: AD FS and Entra ID would have refused it.
        was_pem: bool,
    },
    /// A responder says that it is good.
    CheckedByOcsp {
        /// Where the answer came from.
        url: String,
        /// Who signed it.
        responder: String,
        /// Since when that was known.
        this_update: Timestamp,
        /// Until when it counts.
        next_update: Timestamp,
        /// It repeats our nonce.
        echoed_nonce: bool,
    },
    /// Not looked at, and why.
    NotChecked(NotCheckedReason),
}

/// Why a certificate's revocation was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotCheckedReason {
    /// It is the root: trusted because the operator put it there, and revoked by taking it away.
    TrustAnchor,
}

/// Which certificate an error speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedCertificate {
    /// Its part.
    pub role: CertificateRole,
    /// Its subject in .NET's form.
    pub subject: String,
    /// Its issuer likewise.
    pub issuer: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
}

impl std::fmt::Display for JudgedCertificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "the {} \"{}\" (serial number {}, issued by \"{}\")",
            self.role, self.subject, self.serial, self.issuer
        )
    }
}

/// Why a chain was not accepted. [`judge`] reports the most telling fact of the whole path: revoked before unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevocationError {
    /// Its issuer revoked it.
    #[error("{certificate} was revoked on {since} ({reason}), says the CRL at {url}")]
    Revoked {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Why.
        reason: RevocationReason,
        /// Since when.
        since: Timestamp,
        /// Where the CRL came from.
        url: String,
    },
    /// Its issuer revoked or suspended it, as its OCSP responder says.
    #[error("{certificate} was revoked on {since} ({reason}), says the OCSP responder at {url}")]
    RevokedByOcsp {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Why; `certificateHold` for a suspension.
        reason: RevocationReason,
        /// Since when.
        since: Timestamp,
        /// Where the answer came from.
        url: String,
    },
    /// Its issuer suspended it; it may come back.
    #[error("{certificate} has been on hold since {since}, says the CRL at {url}")]
    OnHold {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Since when.
        since: Timestamp,
        /// Where the CRL came from.
        url: String,
    },
    /// The newest CRL to be had is past its `nextUpdate`.
    #[error("nothing can be said of {certificate}: the CRL at {url} expired at {next_update}")]
    CrlExpired {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Where the CRL came from.
        url: String,
        /// When it expired.
        next_update: Timestamp,
    },
    /// The CRL is from the future, beyond the allowed clock skew.
    #[error("nothing can be said of {certificate}: the CRL at {url} counts only from {this_update}")]
    CrlNotYetValid {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Where the CRL came from.
        url: String,
        /// From when it counts.
        this_update: Timestamp,
    },
    /// The CRL does not say how long it counts, which RFC 5280 section 5.1.2.5 forbids.
    #[error("nothing can be said of {certificate}: the CRL at {url} has no nextUpdate, so it could be of any age")]
    CrlWithoutNextUpdate {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Where the CRL came from.
        url: String,
    },
    /// There is no CRL to judge by.
    #[error("nothing can be said of {certificate}: {failure}")]
    Unavailable {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Every address tried and what went wrong.
        failure: CrlUnavailable,
    },
    /// There is no OCSP answer to judge by.
    #[error("nothing can be said of {certificate}: {failure}{}", ByCrl(.crl))]
    OcspUnavailable {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Every responder asked and what went wrong.
        failure: OcspUnavailable,
        /// What its CRL came to before, where OCSP is the fallback.
        crl: Option<Box<RevocationError>>,
    },
    /// The answers are not those to this chain's questions: a defect in the gateway, not in the certificate.
    #[error("nothing can be said of {certificate}: no answer about it was given")]
    Unanswered {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
    },
}

struct ByCrl<'a>(&'a Option<Box<RevocationError>>);

impl std::fmt::Display for ByCrl<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(error) => write!(formatter, "; before that: {error}"),
            None => Ok(()),
        }
    }
}

/// What came of every question.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// By CRL, in the order of what was wanted.
    pub crls: &'a [CrlAnswer],
    /// By OCSP.
    pub ocsp: &'a [OcspAnswered],
}

impl RevocationError {
    /// Which certificate of the path it speaks of.
    pub fn certificate(&self) -> &JudgedCertificate {
        match self {
            Self::Revoked { certificate, .. }
            | Self::RevokedByOcsp { certificate, .. }
            | Self::OcspUnavailable { certificate, .. }
            | Self::OnHold { certificate, .. }
            | Self::CrlExpired { certificate, .. }
            | Self::CrlNotYetValid { certificate, .. }
            | Self::CrlWithoutNextUpdate { certificate, .. }
            | Self::Unavailable { certificate, .. }
            | Self::Unanswered { certificate } => certificate,
        }
    }

    /// Lower is more telling.
    fn rank(&self) -> u8 {
        match self {
            Self::RevokedByOcsp { reason: RevocationReason::CertificateHold, .. } | Self::OnHold { .. } => 1,
            Self::Revoked { .. } | Self::RevokedByOcsp { .. } => 0,
            Self::Unanswered { .. } => 2,
            Self::CrlExpired { .. } | Self::CrlNotYetValid { .. } | Self::CrlWithoutNextUpdate { .. } => 3,
            Self::Unavailable { .. } | Self::OcspUnavailable { .. } => 4,
        }
    }

    /// Whether the issuer itself says no: then nobody else is asked.
    pub(super) fn is_revocation(&self) -> bool {
        self.rank() <= 1
    }
}

/// A chain whose revocation is settled. Made by [`judge`] alone.
#[derive(Debug)]
pub struct AcceptedChain {
    chain: ValidatedChain,
    revocation: Vec<Revocation>,
}

impl AcceptedChain {
    /// The certificate presented.
    pub fn leaf(&self) -> &Arc<Certificate> {
        self.chain.leaf()
    }

    /// Leaf to root.
    pub fn path(&self) -> &[Arc<Certificate>] {
        self.chain.path()
    }

    /// What is known about each certificate of the path, in its order.
    pub fn revocation(&self) -> &[Revocation] {
        &self.revocation
    }
}

/// Accepts the chain when each of its certificates but the trust anchor is settled and good. The CRLs belong to
/// `wanted` by position, and all answers to this chain.
pub fn judge(
    chain: ValidatedChain,
    wanted: &[CrlWanted],
    answers: Answers<'_>,
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<AcceptedChain, RevocationError> {
    let revocation = judge_path(chain.path(), wanted, answers, policy, at)?;
    Ok(AcceptedChain { chain, revocation })
}

pub(super) fn judge_path(
    path: &[Arc<Certificate>],
    wanted: &[CrlWanted],
    answers: Answers<'_>,
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<Vec<Revocation>, RevocationError> {
    let mut settled = Vec::with_capacity(path.len());
    let mut errors = Vec::new();
    for (position, pair) in path.windows(2).enumerate() {
        let by_crl = || judge_by_crl(position, pair, wanted, answers.crls, policy, at);
        let by_ocsp = |crl| ocsp_judgement::judge(identify(position, &pair[0]), pair, answers.ocsp, policy, at, crl);
        let judged = match ocsp_judgement::mode(&pair[1], policy) {
            OcspMode::Off => by_crl(),
            OcspMode::Instead => by_ocsp(None),
            OcspMode::Fallback => match by_crl() {
                Err(error) if !error.is_revocation() => by_ocsp(Some(Box::new(error))),
                settled => settled,
            },
        };
        match judged {
            Ok(revocation) => settled.push(revocation),
            Err(error) => errors.push(error),
        }
    }
    match errors.into_iter().min_by_key(RevocationError::rank) {
        Some(most_telling) => Err(most_telling),
        None => {
            settled.push(Revocation::NotChecked(NotCheckedReason::TrustAnchor));
            Ok(settled)
        }
    }
}

/// What its issuer's CRL says of a certificate and its issuer on the path.
pub(super) fn judge_by_crl(
    position: usize,
    pair: &[Arc<Certificate>],
    wanted: &[CrlWanted],
    answers: &[CrlAnswer],
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<Revocation, RevocationError> {
    let certificate = identify(position, &pair[0]);
    let asked = wanted.get(position).zip(answers.get(position));
    match asked.filter(|(wanted, _)| wanted.certificate == pair[0] && wanted.issuer == pair[1]) {
        Some((wanted, answer)) => judge_one(certificate, wanted, answer, policy, at),
        None => Err(RevocationError::Unanswered { certificate }),
    }
}

fn identify(position: usize, certificate: &Certificate) -> Box<JudgedCertificate> {
    Box::new(JudgedCertificate {
        role: match position {
            0 => CertificateRole::Leaf,
            position => CertificateRole::Intermediate { position },
        },
        subject: certificate.subject().dotnet().to_owned(),
        issuer: certificate.issuer().dotnet().to_owned(),
        serial: certificate.serial().to_string(),
    })
}

fn judge_one(
    certificate: Box<JudgedCertificate>,
    wanted: &CrlWanted,
    answer: &CrlAnswer,
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<Revocation, RevocationError> {
    let verified = match answer {
        Ok(verified) => verified,
        Err(failure) => return Err(RevocationError::Unavailable { certificate, failure: failure.clone() }),
    };
    if verified.issuer_fingerprint() != wanted.issuer.fingerprint() {
        return Err(RevocationError::Unanswered { certificate });
    }
    let crl = verified.crl();
    let url = verified.url().to_owned();
    let listing = crl.listing(wanted.certificate.serial().octets());
    // A revocation is for good: the issuer's signed word counts however old the list, and whatever its scope.
    if let Some(Listing { reason, revoked_at: since }) =
        listing.filter(|l| l.reason != RevocationReason::CertificateHold)
    {
        return Err(RevocationError::Revoked { certificate, reason, since, url });
    }
    if let Err(failure) = verified.covers(&wanted.certificate, wanted.configured_url()) {
        return Err(RevocationError::Unavailable { certificate, failure: failure.into() });
    }
    let next_update = match crl.next_update() {
        None => return Err(RevocationError::CrlWithoutNextUpdate { certificate, url }),
        Some(next_update) if at >= next_update => {
            return Err(RevocationError::CrlExpired { certificate, url, next_update });
        }
        Some(next_update) => next_update,
    };
    let this_update = crl.this_update();
    if this_update.duration_since(at) > policy.clock_skew {
        return Err(RevocationError::CrlNotYetValid { certificate, url, this_update });
    }
    if let Some(Listing { revoked_at: since, .. }) = listing {
        return Err(RevocationError::OnHold { certificate, since, url });
    }
    Ok(Revocation::Checked {
        url,
        crl_number: crl.number().cloned(),
        this_update,
        next_update,
        entries: crl.entries(),
        was_pem: crl.was_pem(),
    })
}

#[cfg(test)]
mod tests;
