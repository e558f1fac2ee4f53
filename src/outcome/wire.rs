//! What an outcome looks like on the wire. Deliberately poorer than the catalogue: many facts share one answer, so that a
//! caller cannot tell a revoked certificate from an unknown account.

/// The HTTP and SOAP form of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wire {
    /// 200 with the security token response.
    Token,
    /// 403 with a plain explanation.
    Forbidden,
    /// 400: not even XML we would read.
    BadRequest,
    /// 408: the body did not arrive in time or broke off.
    RequestTimeout,
    /// 413.
    PayloadTooLarge,
    /// 415.
    UnsupportedMediaType,
    /// 500 with a SOAP 1.2 fault.
    Fault(SoapFault),
}

/// The SOAP faults fedgate sends. Texts and subcodes are what Exchange Online and WCF clients recognise
/// (AD FS wire facts, section 2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SoapFault {
    /// `wsse:FailedAuthentication`, ID3242.
    FailedAuthentication,
    /// `wsse:FailedAuthentication.ExpiredPassword`, which Exchange Online knows. Only who knows the password gets it.
    PasswordExpired,
    /// `wsse:FailedAuthentication`, MSIS3126: an issuance authorization rule said no.
    AccessDenied,
    /// `wsse:InvalidSecurity`.
    InvalidSecurity,
    /// WS-Trust `InvalidScope`, ID3082.
    InvalidScope,
    /// WS-Trust `InvalidRequest`.
    InvalidRequest,
    /// WS-Addressing `ActionNotSupported`.
    ActionNotSupported,
    /// WS-Addressing `InvalidAddressingHeader`.
    InvalidAddressingHeader,
    /// WS-Addressing `MessageAddressingHeaderRequired`.
    AddressingHeaderRequired,
    /// SOAP `MustUnderstand`.
    MustUnderstand,
    /// SOAP `VersionMismatch`.
    VersionMismatch,
    /// `s:Receiver`, WCF's `InternalServiceFault`.
    InternalService,
}

impl Wire {
    /// The HTTP status.
    pub fn http_status(self) -> u16 {
        match self {
            Self::Token => 200,
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::RequestTimeout => 408,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Fault(_) => 500,
        }
    }

    /// A short name for documentation: the status and, for faults, the subcode.
    pub fn describe(self) -> String {
        match self {
            Self::Fault(fault) => format!("500, {fault:?}"),
            plain => plain.http_status().to_string(),
        }
    }
}
