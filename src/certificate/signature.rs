//! Which digest a signature algorithm uses: the chain policy refuses the broken ones.

use super::oid;
use x509_parser::asn1_rs::{Any, FromDer, Oid, Tag};
use x509_parser::x509::AlgorithmIdentifier;

/// The digest a certificate was signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureDigest {
    /// MD2, MD4 or MD5: forgeable.
    Md5OrOlder,
    /// SHA-1: collisions are practical.
    Sha1,
    /// SHA-2 or SHA-3, or a scheme that brings its own (EdDSA).
    Strong,
    /// An algorithm this list does not know.
    Unknown,
}

pub(super) fn digest(algorithm: &AlgorithmIdentifier<'_>, dotted: &str) -> SignatureDigest {
    match dotted {
        "1.2.840.113549.1.1.2" | "1.2.840.113549.1.1.3" | "1.2.840.113549.1.1.4" => SignatureDigest::Md5OrOlder,
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" | "1.3.14.3.2.29" => SignatureDigest::Sha1,
        "1.2.840.113549.1.1.11" | "1.2.840.113549.1.1.12" | "1.2.840.113549.1.1.13" | "1.2.840.113549.1.1.14" => {
            SignatureDigest::Strong
        }
        "1.2.840.10045.4.3.1" | "1.2.840.10045.4.3.2" | "1.2.840.10045.4.3.3" | "1.2.840.10045.4.3.4" => {
            SignatureDigest::Strong
        }
        "1.3.101.112" | "1.3.101.113" => SignatureDigest::Strong,
        _ if algorithm.algorithm.as_bytes() == oid::RSASSA_PSS => pss_digest(algorithm.parameters.as_ref()),
        _ => SignatureDigest::Unknown,
    }
}

/// RFC 8017 appendix A.2.3: `hashAlgorithm [0] DEFAULT sha1`.
fn pss_digest(parameters: Option<&Any<'_>>) -> SignatureDigest {
    let Some(parameters) = parameters.filter(|parameters| parameters.tag() == Tag::Sequence) else {
        return SignatureDigest::Unknown;
    };
    if parameters.data.is_empty() {
        return SignatureDigest::Sha1;
    }
    let Ok((_, first)) = Any::from_der(parameters.data) else { return SignatureDigest::Unknown };
    if first.tag().0 != 0 {
        return SignatureDigest::Sha1;
    }
    let hash = Any::from_der(first.data).ok().and_then(|(_, identifier)| Oid::from_der(identifier.data).ok());
    match hash.map(|(_, hash)| hash.to_id_string()).as_deref() {
        Some("1.3.14.3.2.26") => SignatureDigest::Sha1,
        Some(hash) if hash.starts_with("2.16.840.1.101.3.4.2.") => SignatureDigest::Strong,
        _ => SignatureDigest::Unknown,
    }
}
