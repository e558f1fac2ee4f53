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
    /// Smallest DSA modulus, where DSA is accepted at all.
    pub minimum_dsa_bits: Option<u32>,
    /// Dotted OIDs of the certificate policies, one of which a path that needs one must assert (RFC 5280 section 6.1.1 (c)).
    /// Empty: any.
    pub initial_policies: Vec<String>,
    /// Every path needs a certificate policy, whether or not an authority demands it (section 6.1.1 (f)).
    pub explicit_policy: bool,
    /// No authority may map policies (section 6.1.1 (e)).
    pub inhibit_policy_mapping: bool,
    /// `anyPolicy` counts for nothing (section 6.1.1 (g)).
    pub inhibit_any_policy: bool,
    /// Refuse also what RFC 5280 forbids an authority to write although it deceives nobody: no key identifiers,
    /// basicConstraints or policyConstraints that are not critical, the right to sign certificates without being an authority, host names with
    /// underscores, name constraints with a leading dot. The field is full of such certificates.
    pub strict_profile: bool,
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
            minimum_dsa_bits: None,
            initial_policies: Vec::new(),
            explicit_policy: false,
            inhibit_policy_mapping: false,
            inhibit_any_policy: false,
            strict_profile: false,
        }
    }
}
