//! What a client put on the table.

/// Certificates as they came over TLS, in DER. Nothing about them is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedChain {
    /// The certificate whose key the client proved to hold.
    pub leaf: Vec<u8>,
    /// Everything else it sent, in any order; the leaf is not repeated here (if it is, that does no harm).
    pub sent: Vec<Vec<u8>>,
}
