//! The chain to show: the accepted path, or when there is none, the refused one that came furthest.

use super::CertificateFacts;
use crate::certificate::Certificate;
use crate::chain::{StoredCertificate, TrustStore};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// Where a certificate of the chain came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// With the certificate that is judged.
    Sent,
    /// From the root container.
    Root,
    /// From the intermediate container.
    Intermediate,
}

/// One certificate of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Where it came from.
    pub origin: Origin,
    /// The container's file; `null` for a sent one.
    pub file: Option<String>,
    /// What it says.
    #[serde(flatten)]
    pub facts: CertificateFacts,
}

/// The links of a chain, leaf first.
pub(super) fn links(chain: &[Arc<Certificate>], trust: &TrustStore, at: Timestamp) -> Vec<Link> {
    chain.iter().map(|certificate| link(certificate, trust, at)).collect()
}

fn link(certificate: &Certificate, trust: &TrustStore, at: Timestamp) -> Link {
    let (origin, file) = place(certificate, trust);
    Link { origin, file, facts: CertificateFacts::of(certificate, at) }
}

/// Where a certificate came from: the container and its file, or with the one that is judged.
pub(super) fn place(certificate: &Certificate, trust: &TrustStore) -> (Origin, Option<String>) {
    let file_in = |container: &[StoredCertificate]| {
        container.iter().find(|stored| *stored.certificate == *certificate).map(|stored| stored.file.clone())
    };
    match (file_in(trust.roots()), file_in(trust.intermediates())) {
        (Some(file), _) => (Origin::Root, Some(file)),
        (None, Some(file)) => (Origin::Intermediate, Some(file)),
        (None, None) => (Origin::Sent, None),
    }
}

/// The right name, and no other key as far as the identifiers say.
pub(super) fn may_have_issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    issuer.subject().matches(certificate.issuer())
        && match (certificate.authority_key_identifier(), issuer.subject_key_identifier()) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        }
}
