//! Search filters as a type (RFC 4515): built from parts, rendered with every value escaped, matched against an entry.

use super::Entry;

/// A search filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// All must match.
    And(Vec<Filter>),
    /// One must match.
    Or(Vec<Filter>),
    /// Must not match.
    Not(Box<Filter>),
    /// `(attribute=value)`, the value raw and unescaped here.
    Equal(String, Vec<u8>),
    /// `(attribute=*)`.
    Present(String),
    /// `(attribute=initial*any*final)`.
    Substring {
        /// Attribute name.
        attribute: String,
        /// Before the first star; empty when the filter starts with a star.
        initial: Vec<u8>,
        /// Between stars.
        any: Vec<Vec<u8>>,
        /// After the last star; empty when the filter ends with one.
        last: Vec<u8>,
    },
    /// `(attribute>=value)`.
    GreaterOrEqual(String, Vec<u8>),
    /// `(attribute<=value)`.
    LessOrEqual(String, Vec<u8>),
    /// The account that holds exactly this certificate in `userCertificate`. Active Directory matches the octets;
    /// OpenLDAP wants a certificateExactMatch assertion (RFC 4523). The directory's dialect decides at the edge.
    HoldsCertificate {
        /// The certificate.
        der: Vec<u8>,
        /// Its serial number in decimal.
        serial: String,
        /// Its issuer as an RFC 4514 string.
        issuer: String,
    },
}

/// Why a filter text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the LDAP filter cannot be read at character {position}: {reason}")]
pub struct FilterError {
    /// Zero-based offset in characters.
    pub position: usize,
    /// What was wrong there.
    pub reason: &'static str,
}
