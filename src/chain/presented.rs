//! What a client put on the table.

use crate::certificate::{Certificate, CertificateError};
use std::sync::{Arc, OnceLock};

/// Certificates as they came over TLS, in DER. Nothing about them is believed. Shared by every request of a connection, so
/// that the leaf is read once for all of them.
#[derive(Debug, Clone)]
pub struct PresentedChain(Arc<Presented>);

#[derive(Debug)]
struct Presented {
    leaf: Vec<u8>,
    sent: Vec<Vec<u8>>,
    read: OnceLock<Result<Arc<Certificate>, CertificateError>>,
}

impl PresentedChain {
    /// The certificate whose key the client proved to hold, and everything else it sent, in any order; if the leaf is
    /// repeated there, that does no harm.
    pub fn new(leaf: Vec<u8>, sent: Vec<Vec<u8>>) -> Self {
        Self(Arc::new(Presented { leaf, sent, read: OnceLock::new() }))
    }

    /// The leaf's octets.
    pub fn leaf_der(&self) -> &[u8] {
        &self.0.leaf
    }

    /// The octets of everything else.
    pub fn sent(&self) -> &[Vec<u8>] {
        &self.0.sent
    }

    /// The leaf as a certificate, if it is one.
    ///
    /// # Errors
    /// When it cannot be read; asking again gives the same answer.
    pub fn leaf(&self) -> Result<Arc<Certificate>, CertificateError> {
        self.0.read.get_or_init(|| Certificate::read_der(&self.0.leaf).map(Arc::new)).clone()
    }
}

impl PartialEq for PresentedChain {
    fn eq(&self, other: &Self) -> bool {
        (&self.0.leaf, &self.0.sent) == (&other.0.leaf, &other.0.sent)
    }
}

impl Eq for PresentedChain {}
