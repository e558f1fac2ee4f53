//! The catalogue: every way a sign-in can end has one entry, and one exhaustive `match` leads to it.
//!
//! The page, the SOAP fault, the log line, `explain` and `docs/outcomes.md` are all rendered from the same entry, so they
//! always carry the same code. Codes are stable and never reused; the first digit is the stage.

mod document;
mod entries;
mod entry;
mod refusal;
mod wire;

use entries::{
    admission, attribute_stores, browser, chain, claims, connection, directory, ocsp, password, request, revocation,
    saml, subject, token,
};

pub use document::outcomes_markdown;
pub use entry::{Disposition, Entry, Level, Paths};
pub use refusal::{Detail, Refusal, printable, sentence};
pub use wire::{SoapFault, Wire};

macro_rules! outcomes {
    ($($variant:ident => $entry:path,)*) => {
        /// How a sign-in ended. The documentation of each variant is its [`Entry`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)] // each variant's documentation is its entry, printed by `fedgate explain CODE`
        pub enum Outcome { $($variant,)* }

        impl Outcome {
            /// Every outcome, in the order of the codes.
            pub const ALL: &[Outcome] = &[$(Outcome::$variant,)*];

            /// The name of the variant, as logs and scenario files spell it.
            pub fn name(self) -> &'static str {
                match self { $(Outcome::$variant => stringify!($variant),)* }
            }

            /// What the catalogue knows about this outcome.
            pub fn entry(self) -> &'static Entry {
                match self { $(Outcome::$variant => &$entry,)* }
            }
        }
    };
}

outcomes! {
    SignedIn => token::SIGNED_IN,
    SignedInByStrongMapping => token::SIGNED_IN_BY_STRONG_MAPPING,
    SignedInByMailAddress => token::SIGNED_IN_BY_MAIL_ADDRESS,
    NoCertificate => connection::NO_CERTIFICATE,
    WrongListener => connection::WRONG_LISTENER,
    UnsupportedContentType => request::UNSUPPORTED_CONTENT_TYPE,
    RequestTooLarge => request::REQUEST_TOO_LARGE,
    MalformedXml => request::MALFORMED_XML,
    ForbiddenXml => request::FORBIDDEN_XML,
    XmlLimitExceeded => request::XML_LIMIT_EXCEEDED,
    NotSoap12 => request::NOT_SOAP_12,
    MalformedEnvelope => request::MALFORMED_ENVELOPE,
    MissingAction => request::MISSING_ACTION,
    DuplicateAction => request::DUPLICATE_ACTION,
    ActionMismatch => request::ACTION_MISMATCH,
    ActionNotSupported => request::ACTION_NOT_SUPPORTED,
    HeaderNotUnderstood => request::HEADER_NOT_UNDERSTOOD,
    DuplicateIdentifier => request::DUPLICATE_IDENTIFIER,
    PasswordOnCertificateEndpoint => request::PASSWORD_ON_CERTIFICATE_ENDPOINT,
    TimestampUnreadable => request::TIMESTAMP_UNREADABLE,
    TimestampOutsideWindow => request::TIMESTAMP_OUTSIDE_WINDOW,
    MalformedTokenRequest => request::MALFORMED_TOKEN_REQUEST,
    RequestTypeNotSupported => request::REQUEST_TYPE_NOT_SUPPORTED,
    KeyTypeNotSupported => request::KEY_TYPE_NOT_SUPPORTED,
    TokenTypeNotSupported => request::TOKEN_TYPE_NOT_SUPPORTED,
    RequestInterrupted => request::REQUEST_INTERRUPTED,
    ParametersUnreadable => browser::PARAMETERS_UNREADABLE,
    PassiveActionNotServed => browser::PASSIVE_ACTION_NOT_SERVED,
    PassiveRequestMalformed => browser::PASSIVE_REQUEST_MALFORMED,
    UsernameTokenUnusable => password::USERNAME_TOKEN_UNUSABLE,
    MessageNotSigned => password::MESSAGE_NOT_SIGNED,
    MessageForAnotherService => password::MESSAGE_FOR_ANOTHER_SERVICE,
    SamlMessageUnreadable => saml::MESSAGE_UNREADABLE,
    SamlMessageMalformed => saml::MESSAGE_MALFORMED,
    SamlSignatureRefused => saml::SIGNATURE_REFUSED,
    MissingAppliesTo => admission::MISSING_APPLIES_TO,
    UnknownRelyingParty => admission::UNKNOWN_RELYING_PARTY,
    RelyingPartyDisabled => admission::RELYING_PARTY_DISABLED,
    SignInStateInvalid => browser::STATE_INVALID,
    SignInStateExpired => browser::STATE_EXPIRED,
    SignInStateUsed => browser::STATE_USED,
    SignInStatesExhausted => browser::STATES_EXHAUSTED,
    ReplyAddressRefused => browser::REPLY_ADDRESS_REFUSED,
    NoPassiveEndpoint => browser::NO_PASSIVE_ENDPOINT,
    MethodUnknown => browser::METHOD_UNKNOWN,
    MethodNotEnabled => browser::METHOD_NOT_ENABLED,
    PasswordDemandedOfCertificateUsers => browser::PASSWORD_DEMANDED,
    NoSecondFactor => browser::NO_SECOND_FACTOR,
    LoopDetected => browser::LOOP_DETECTED,
    SamlDestinationOfAnother => saml::DESTINATION_OF_ANOTHER,
    SamlOutsideWindow => saml::OUTSIDE_WINDOW,
    SamlConsumerRefused => saml::CONSUMER_REFUSED,
    NoSamlEndpoint => saml::NO_SAML_ENDPOINT,
    SamlNotPassive => saml::NOT_PASSIVE,
    SamlLogoutOfNobody => saml::LOGOUT_OF_NOBODY,
    CertificateUnreadable => chain::CERTIFICATE_UNREADABLE,
    UnknownIssuer => chain::UNKNOWN_ISSUER,
    MissingIntermediate => chain::MISSING_INTERMEDIATE,
    CertificateNotYetValid => chain::CERTIFICATE_NOT_YET_VALID,
    CertificateExpired => chain::CERTIFICATE_EXPIRED,
    AuthorityNotYetValid => chain::AUTHORITY_NOT_YET_VALID,
    AuthorityExpired => chain::AUTHORITY_EXPIRED,
    WrongExtendedKeyUsage => chain::WRONG_EXTENDED_KEY_USAGE,
    WeakKey => chain::WEAK_KEY,
    WeakSignature => chain::WEAK_SIGNATURE,
    SignatureInvalid => chain::SIGNATURE_INVALID,
    NotACertificateAuthority => chain::NOT_A_CERTIFICATE_AUTHORITY,
    PathTooLong => chain::PATH_TOO_LONG,
    UnhandledCriticalExtension => chain::UNHANDLED_CRITICAL_EXTENSION,
    NameConstraintViolated => chain::NAME_CONSTRAINT_VIOLATED,
    PathRefused => chain::PATH_REFUSED,
    PathBudgetExhausted => chain::PATH_BUDGET_EXHAUSTED,
    NameConstraintsUnsupported => chain::NAME_CONSTRAINTS_UNSUPPORTED,
    CertificatePoliciesUnacceptable => chain::CERTIFICATE_POLICIES_UNACCEPTABLE,
    UnsupportedKey => chain::UNSUPPORTED_KEY,
    DepthExceeded => chain::DEPTH_EXCEEDED,
    CertificateProfileViolated => chain::CERTIFICATE_PROFILE_VIOLATED,
    WrongKeyUsage => chain::WRONG_KEY_USAGE,
    Revoked => revocation::REVOKED,
    OnHold => revocation::ON_HOLD,
    AuthorityRevoked => revocation::AUTHORITY_REVOKED,
    CrlExpired => revocation::CRL_EXPIRED,
    CrlNotYetValid => revocation::CRL_NOT_YET_VALID,
    CrlWithoutNextUpdate => revocation::CRL_WITHOUT_NEXT_UPDATE,
    CrlNotConfigured => revocation::CRL_NOT_CONFIGURED,
    CrlSchemeUnsupported => revocation::CRL_SCHEME_UNSUPPORTED,
    CrlUnreachable => revocation::CRL_UNREACHABLE,
    CrlTimedOut => revocation::CRL_TIMED_OUT,
    CrlHttpStatus => revocation::CRL_HTTP_STATUS,
    CrlTooLarge => revocation::CRL_TOO_LARGE,
    CrlUnreadable => revocation::CRL_UNREADABLE,
    CrlOfAnotherAuthority => revocation::CRL_OF_ANOTHER_AUTHORITY,
    CrlSignatureInvalid => revocation::CRL_SIGNATURE_INVALID,
    CrlOutOfScope => revocation::CRL_OUT_OF_SCOPE,
    CrlUnsupported => revocation::CRL_UNSUPPORTED,
    CrlBrokenOff => revocation::CRL_BROKEN_OFF,
    CrlOfAnotherKey => revocation::CRL_OF_ANOTHER_KEY,
    CrlSignerNotAllowed => revocation::CRL_SIGNER_NOT_ALLOWED,
    CrlRolledBack => revocation::CRL_ROLLED_BACK,
    CrlUnanswered => revocation::CRL_UNANSWERED,
    CrlDeltaAlone => revocation::CRL_DELTA_ALONE,
    CrlReasonsUncovered => revocation::CRL_REASONS_UNCOVERED,
    CrlAddressForbidden => revocation::CRL_ADDRESS_FORBIDDEN,
    CrlRedirected => revocation::CRL_REDIRECTED,
    CrlCompressed => revocation::CRL_COMPRESSED,
    CrlSignatureWeak => revocation::CRL_SIGNATURE_WEAK,
    CrlSignerNotTrusted => revocation::CRL_SIGNER_NOT_TRUSTED,
    OcspNotConfigured => ocsp::NOT_CONFIGURED,
    OcspAddressUnusable => ocsp::ADDRESS_UNUSABLE,
    OcspUnreachable => ocsp::UNREACHABLE,
    OcspTimedOut => ocsp::TIMED_OUT,
    OcspHttpStatus => ocsp::HTTP_STATUS,
    OcspTooLarge => ocsp::TOO_LARGE,
    OcspUnreadable => ocsp::UNREADABLE,
    OcspTryLater => ocsp::TRY_LATER,
    OcspRefused => ocsp::REFUSED,
    OcspNotAuthorised => ocsp::NOT_AUTHORISED,
    OcspSignatureInvalid => ocsp::SIGNATURE_INVALID,
    OcspUnsupported => ocsp::UNSUPPORTED,
    OcspNonceMismatch => ocsp::NONCE_MISMATCH,
    OcspOfAnotherCertificate => ocsp::OF_ANOTHER_CERTIFICATE,
    OcspExpired => ocsp::EXPIRED,
    OcspNotYetValid => ocsp::NOT_YET_VALID,
    OcspWithoutNextUpdate => ocsp::WITHOUT_NEXT_UPDATE,
    OcspUnknownCertificate => ocsp::UNKNOWN_CERTIFICATE,
    OcspSignatureWeak => ocsp::SIGNATURE_WEAK,
    NothingToMap => subject::NOTHING_TO_MAP,
    NoAccount => subject::NO_ACCOUNT,
    AmbiguousAccount => subject::AMBIGUOUS_ACCOUNT,
    AccountDisabled => subject::ACCOUNT_DISABLED,
    AccountExpired => subject::ACCOUNT_EXPIRED,
    AccountLockedOut => subject::ACCOUNT_LOCKED_OUT,
    DirectorySerialMismatch => subject::DIRECTORY_SERIAL_MISMATCH,
    DirectoryIssuerMismatch => subject::DIRECTORY_ISSUER_MISMATCH,
    DirectoryAttributeMissing => subject::DIRECTORY_ATTRIBUTE_MISSING,
    AccountUnusable => subject::ACCOUNT_UNUSABLE,
    SecondFactorOfAnother => browser::SECOND_FACTOR_OF_ANOTHER,
    DirectoryUnreachable => directory::UNREACHABLE,
    DirectoryTimedOut => directory::TIMED_OUT,
    DirectoryBindRefused => directory::BIND_REFUSED,
    DirectoryRejectedSearch => directory::REJECTED_SEARCH,
    DirectoryTooManyEntries => directory::TOO_MANY_ENTRIES,
    DirectoryBusy => directory::BUSY,
    UserNameUnusable => password::USER_NAME_UNUSABLE,
    UserNameUnknown => password::USER_NAME_UNKNOWN,
    UserNameAmbiguous => password::USER_NAME_AMBIGUOUS,
    WrongPassword => password::WRONG_PASSWORD,
    PasswordExpired => password::PASSWORD_EXPIRED,
    PasswordSignInRefused => password::PASSWORD_SIGN_IN_REFUSED,
    ExtranetLockedOut => password::EXTRANET_LOCKED_OUT,
    LockoutMemoryFull => password::LOCKOUT_MEMORY_FULL,
    MessageReplayed => password::MESSAGE_REPLAYED,
    ReplayMemoryFull => password::REPLAY_MEMORY_FULL,
    IssuanceDenied => claims::ISSUANCE_DENIED,
    IssuanceNotPermitted => claims::ISSUANCE_NOT_PERMITTED,
    ClaimRuleFailed => claims::CLAIM_RULE_FAILED,
    AttributeStoreUnknown => claims::ATTRIBUTE_STORE_UNKNOWN,
    AttributeStoreQueryInvalid => claims::ATTRIBUTE_STORE_QUERY_INVALID,
    MultiFactorDemanded => claims::MULTI_FACTOR_DEMANDED,
    ClaimRuleLimitExceeded => claims::CLAIM_RULE_LIMIT_EXCEEDED,
    AttributeStoreUnreachable => attribute_stores::UNREACHABLE,
    AttributeStoreTimedOut => attribute_stores::TIMED_OUT,
    AttributeStoreLoginRefused => attribute_stores::LOGIN_REFUSED,
    AttributeStoreRejectedQuery => attribute_stores::REJECTED_QUERY,
    AttributeStoreTooManyRows => attribute_stores::TOO_MANY_ROWS,
    AttributeStoreBusy => attribute_stores::BUSY,
    AttributeStoreAnswerUnusable => attribute_stores::ANSWER_UNUSABLE,
    DuplicateNameIdentifier => token::DUPLICATE_NAME_IDENTIFIER,
    AuthenticationStatementIncomplete => token::AUTHENTICATION_STATEMENT_INCOMPLETE,
    ClaimUnwritable => token::CLAIM_UNWRITABLE,
    SigningFailed => token::SIGNING_FAILED,
    TokenNotDescribable => token::TOKEN_NOT_DESCRIBABLE,
    TokenIssuerUnknown => token::ISSUER_UNKNOWN,
    NameFormatNotIssued => saml::NAME_FORMAT_NOT_ISSUED,
    AssertionNotEncrypted => saml::NOT_ENCRYPTED,
}

impl Outcome {
    /// The stable code, `FG5001`.
    pub fn code(self) -> &'static str {
        self.entry().code
    }

    /// The outcome with this code, if there is one. Case is ignored.
    pub fn with_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.code().eq_ignore_ascii_case(code))
    }

    /// The outcome of this name, if there is one. Case is ignored.
    pub fn with_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.name().eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests;
