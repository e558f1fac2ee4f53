//! How a request ended, in the words of SAML core section 3.2.2.2.

use crate::xml::canonical::CanonicalWriter;

pub(super) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// Why a request did not end in a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whose fault it is.
    pub party: Party,
    /// What it is, where the standard has a word for it.
    pub detail: Option<Detail>,
    /// A sentence for the relying party's log.
    pub message: Option<String>,
}

/// The first level of a failed status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The relying party's request.
    Requester,
    /// We could not, or would not.
    Responder,
    /// Another version of SAML.
    VersionMismatch,
}

impl Party {
    pub(super) fn uri(self) -> &'static str {
        match self {
            Self::Requester => "urn:oasis:names:tc:SAML:2.0:status:Requester",
            Self::Responder => "urn:oasis:names:tc:SAML:2.0:status:Responder",
            Self::VersionMismatch => "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch",
        }
    }
}

/// The second level of a failed status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The user did not prove who they are.
    AuthnFailed,
    /// The name identifier that the rules issue is not of the format asked for.
    InvalidNameIdPolicy,
    /// The user cannot be authenticated in the way asked for.
    NoAuthnContext,
    /// The user would have to be asked, and must not be.
    NoPassive,
    /// The user may not have a token for this relying party.
    RequestDenied,
    /// What the request asks for is not served.
    RequestUnsupported,
    /// The user could not be signed out everywhere.
    PartialLogout,
    /// Nobody of that name is signed in.
    UnknownPrincipal,
}

impl Detail {
    pub(super) fn uri(self) -> &'static str {
        match self {
            Self::AuthnFailed => "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
            Self::InvalidNameIdPolicy => "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy",
            Self::NoAuthnContext => "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext",
            Self::NoPassive => "urn:oasis:names:tc:SAML:2.0:status:NoPassive",
            Self::RequestDenied => "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
            Self::RequestUnsupported => "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported",
            Self::PartialLogout => "urn:oasis:names:tc:SAML:2.0:status:PartialLogout",
            Self::UnknownPrincipal => "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal",
        }
    }
}

/// Appends `samlp:Status`; `None` is success.
pub(super) fn write_status(xml: &mut CanonicalWriter, status: Option<&Status>) {
    xml.literal(r#"<samlp:Status><samlp:StatusCode Value=""#);
    xml.literal(status.map_or(SUCCESS, |status| status.party.uri())).literal(r#"">"#);
    if let Some(detail) = status.and_then(|status| status.detail) {
        xml.literal(r#"<samlp:StatusCode Value=""#).literal(detail.uri()).literal(r#""></samlp:StatusCode>"#);
    }
    xml.literal("</samlp:StatusCode>");
    if let Some(message) = status.and_then(|status| status.message.as_ref()) {
        xml.literal("<samlp:StatusMessage>").text(message).literal("</samlp:StatusMessage>");
    }
    xml.literal("</samlp:Status>");
}
