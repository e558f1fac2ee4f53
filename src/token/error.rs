//! Why claims cannot become a token. Each is a fault of the rules or the configuration, never of the user.

/// Why no token can be described.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// SAML 1.1 splits a claim type at its last slash into namespace and name.
    #[error(
        "the claim type {claim_type:?} cannot be a SAML 1.1 attribute: it needs text on both sides of its last \"/\""
    )]
    ClaimType {
        /// The claim type.
        claim_type: String,
    },
    /// A value type is written as a qualified name, so it must be `namespace#name`.
    #[error(
        "the value type {value_type:?} of the claim {claim_type} is not an absolute URI of the form namespace#name"
    )]
    ValueType {
        /// The claim type.
        claim_type: String,
        /// Its value type.
        value_type: String,
    },
    /// A token has one subject (WIF's ID4139).
    #[error(
        "the rules issued two different name identifiers, {first:?} and {second:?}, where a token has one (ID4139)"
    )]
    TwoNameIdentifiers {
        /// The value issued first.
        first: String,
        /// Another value, or the same value in another format.
        second: String,
    },
    /// An issuer is a URI. Rules that fit a user principal name to a domain leave it as it is when no domain fits.
    #[error("the rules issued {value:?} as issuerid, and the issuer of a token is a URI")]
    IssuerId {
        /// The claim's value.
        value: String,
    },
    /// A token has one issuer.
    #[error("the rules issued two different issuerid claims, {first:?} and {second:?}, where a token has one issuer")]
    TwoIssuers {
        /// The value issued first.
        first: String,
        /// Another.
        second: String,
    },
    /// Method and instant of the sign-in go together (WIF's ID4270).
    #[error("the rules issued {present} without {missing}; a token needs both or neither (ID4270)")]
    AuthenticationIncomplete {
        /// The claim type that was issued.
        present: &'static str,
        /// The claim type that is missing.
        missing: &'static str,
    },
    /// The instant of the sign-in is not a time.
    #[error("the authentication instant {value:?} is not an XML Schema dateTime")]
    AuthenticationInstant {
        /// The claim's value.
        value: String,
    },
    /// XML 1.0 has no way to carry this character.
    #[error("the {place} holds the character U+{:04X}, which XML cannot carry", u32::from(*character))]
    ForbiddenCharacter {
        /// Where it stands: a claim type, or `audience`.
        place: String,
        /// The character.
        character: char,
    },
    /// The identifier of an assertion is an `xs:ID`.
    #[error(
        "{id:?} cannot identify an assertion: it must start with a letter or \"_\" and hold only ASCII letters, digits and \"_.-\""
    )]
    AssertionId {
        /// The identifier.
        id: String,
    },
    /// A lifetime that ends at once, before it began, or after the calendar.
    #[error("a token lifetime of {seconds} s leaves no time in which the token is valid")]
    Lifetime {
        /// The lifetime.
        seconds: i64,
    },
}
