//! Key usage and basic constraints (RFC 5280 sections 4.2.1.3 and 4.2.1.9).

/// The key usage bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage {
    flags: u16,
}

impl KeyUsage {
    /// From the named bits of the extension, bit 0 (`digitalSignature`) lowest.
    pub(super) fn from_flags(flags: u16) -> Self {
        Self { flags }
    }

    /// The named bits of RFC 5280, bit 0 (`digitalSignature`) lowest, up to bit 8 (`decipherOnly`).
    pub fn bits(self) -> u16 {
        self.flags
    }

    /// May sign data other than certificates and CRLs.
    pub fn digital_signature(self) -> bool {
        self.flags & 1 != 0
    }

    /// May sign certificates.
    pub fn key_cert_sign(self) -> bool {
        self.flags & (1 << 5) != 0
    }

    /// May sign CRLs.
    pub fn crl_sign(self) -> bool {
        self.flags & (1 << 6) != 0
    }
}

/// Whether the subject is a certificate authority, and how deep below it a path may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// The subject is a certificate authority.
    pub ca: bool,
    /// How many non-self-issued intermediate certificates may follow.
    pub path_length: Option<u32>,
}
