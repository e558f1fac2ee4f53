//! Why bytes are not a certificate.

/// What is wrong with the bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Not the ASN.1 structure of RFC 5280 section 4.1.
    #[error("the bytes are not an X.509 certificate in DER")]
    NotACertificate,
    /// A certificate, and something after it.
    #[error("{count} bytes follow the end of the certificate")]
    TrailingBytes {
        /// How many bytes follow.
        count: usize,
    },
    /// The algorithm outside the signature is not the one inside (RFC 5280 section 4.1.1.2).
    #[error("the certificate names two different signature algorithms: {outer} outside, {inner} inside")]
    SignatureAlgorithmMismatch {
        /// Dotted OID beside the signature.
        outer: String,
        /// Dotted OID inside the signed part.
        inner: String,
    },
    /// The public key cannot be read.
    #[error("the certificate's public key (algorithm {algorithm}) cannot be read")]
    PublicKey {
        /// Dotted OID of the key algorithm.
        algorithm: String,
    },
    /// One extension cannot be read.
    #[error("the certificate's extension {oid} cannot be read")]
    Extension {
        /// Dotted OID of the extension.
        oid: String,
    },
    /// RFC 5280 section 4.2: at most one of each.
    #[error("the certificate carries the extension {oid} more than once")]
    DuplicateExtension {
        /// Dotted OID of the extension.
        oid: String,
    },
}
