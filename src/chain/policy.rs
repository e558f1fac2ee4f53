//! What a path must satisfy beyond RFC 5280.

/// The operator's demands on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainPolicy {
    /// Smallest RSA modulus of the leaf and of every intermediate.
    pub minimum_rsa_bits: u32,
    /// Smallest elliptic curve field of the leaf and of every intermediate.
    pub minimum_ec_bits: u32,
    /// Most certificates in a path, the leaf and the root counted.
    pub maximum_depth: usize,
    /// Accept SHA-1 signatures below the root. MD5 is never accepted.
    pub allow_sha1: bool,
    /// Dotted OIDs, any one of which the leaf must carry and every intermediate must leave open. Empty: any use will do.
    pub extended_key_usages: Vec<String>,
}

impl Default for ChainPolicy {
    /// TLS client authentication or Windows smart card logon, keys as NIST SP 800-57 asks for at 112 bits.
    fn default() -> Self {
        Self {
            minimum_rsa_bits: 2048,
            minimum_ec_bits: 256,
            maximum_depth: 8,
            allow_sha1: false,
            extended_key_usages: vec!["1.3.6.1.5.5.7.3.2".to_owned(), "1.3.6.1.4.1.311.20.2.2".to_owned()],
        }
    }
}
