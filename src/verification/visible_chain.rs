//! The chain to show: the accepted path, or when there is none, what the certificates at hand suggest by name and key
//! identifier. Nothing is believed here; a chain that was only pieced together says so in the report.

use super::CertificateFacts;
use crate::certificate::Certificate;
use crate::chain::{StoredCertificate, TrustStore};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// Longest chain that is pieced together.
const LONGEST: usize = 16;

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
    let file_in = |container: &[StoredCertificate]| {
        container.iter().find(|stored| *stored.certificate == *certificate).map(|stored| stored.file.clone())
    };
    let (origin, file) = match (file_in(trust.roots()), file_in(trust.intermediates())) {
        (Some(file), _) => (Origin::Root, Some(file)),
        (None, Some(file)) => (Origin::Intermediate, Some(file)),
        (None, None) => (Origin::Sent, None),
    };
    Link { origin, file, facts: CertificateFacts::of(certificate, at) }
}

/// From the leaf as far up as names and key identifiers lead.
pub(super) fn pieced_together(
    leaf: &Arc<Certificate>,
    sent: &[Arc<Certificate>],
    trust: &TrustStore,
) -> Vec<Arc<Certificate>> {
    let mut chain = vec![Arc::clone(leaf)];
    let stored = trust.roots().iter().chain(trust.intermediates()).map(|stored| &stored.certificate);
    let known: Vec<&Arc<Certificate>> = stored.chain(sent).collect();
    while let Some(top) = chain.last().filter(|top| !top.is_self_issued() && chain.len() < LONGEST) {
        let issuer = known.iter().find(|candidate| may_have_issued(candidate, top) && !chain.contains(candidate));
        let Some(issuer) = issuer.map(|issuer| Arc::clone(issuer)) else { break };
        chain.push(issuer);
    }
    chain
}

/// The right name, and no other key as far as the identifiers say.
pub(super) fn may_have_issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    issuer.subject().matches(certificate.issuer())
        && match (certificate.authority_key_identifier(), issuer.subject_key_identifier()) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        }
}
