//! Why a chain was not accepted.

use super::RevocationReason;
use super::distribution_point::ReasonSet;
use super::failure::CrlUnavailable;
use super::ocsp::OcspUnavailable;
use crate::certificate::Certificate;
use crate::chain::CertificateRole;
use jiff::Timestamp;
use std::sync::Arc;

/// Which certificate an error speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedCertificate {
    /// Its part.
    pub role: CertificateRole,
    /// The certificate.
    pub certificate: Arc<Certificate>,
}

impl std::fmt::Display for JudgedCertificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (subject, issuer) = (self.certificate.subject().dotnet(), self.certificate.issuer().dotnet());
        let serial = self.certificate.serial();
        write!(formatter, "the {} \"{subject}\" (serial number {serial}, issued by \"{issuer}\")", self.role)
    }
}

/// Why a chain was not accepted. [`super::judge`] reports the most telling fact of the whole path: revoked before unknown.
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
    /// The CRLs to be had list some reasons for revocation only, and not all among them (RFC 5280 section 6.3.3).
    #[error("nothing can be said of {certificate}: the CRL at {url} lists only revocations because of {covered}")]
    ReasonsUncovered {
        /// Which certificate.
        certificate: Box<JudgedCertificate>,
        /// Where the CRLs came from.
        url: String,
        /// The reasons they list.
        covered: ReasonSet,
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
            | Self::ReasonsUncovered { certificate, .. }
            | Self::Unavailable { certificate, .. }
            | Self::Unanswered { certificate } => certificate,
        }
    }

    /// The certificate is known to be bad, or the gateway is; no exemption helps.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::OcspUnavailable { crl: Some(crl), .. } => crl.is_known(),
            Self::Unanswered { .. } => true,
            other => other.is_revocation(),
        }
    }

    /// Lower is more telling.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::RevokedByOcsp { reason: RevocationReason::CertificateHold, .. } | Self::OnHold { .. } => 1,
            Self::Revoked { .. } | Self::RevokedByOcsp { .. } => 0,
            Self::Unanswered { .. } => 2,
            Self::CrlExpired { .. } | Self::CrlNotYetValid { .. } | Self::CrlWithoutNextUpdate { .. } => 3,
            Self::ReasonsUncovered { .. } => 4,
            Self::Unavailable { .. } | Self::OcspUnavailable { .. } => 5,
        }
    }

    /// Whether the issuer itself says no: then nobody else is asked.
    pub(super) fn is_revocation(&self) -> bool {
        self.rank() <= 1
    }
}
