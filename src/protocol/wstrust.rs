//! WS-Trust of February 2005: the request for a security token and the answer.

use super::namespaces as ns;
use super::soap::{close_envelope, format_instant, open_envelope};
use crate::xml::canonical::escape_text;
use crate::xml::reader::Element;
use jiff::Timestamp;

/// What a RequestSecurityToken asks for. Order and identifiers of its children do not matter: Exchange Online and MSAL
/// differ in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// The identifier of the relying party, if the request names one.
    pub applies_to: Option<String>,
}

/// Why a token request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenRequestError {
    /// Not a RequestSecurityToken, or one of its parts is missing or doubled.
    #[error("{0}")]
    Malformed(&'static str),
    /// Renew, Validate, Cancel or anything else.
    #[error("the RequestType is {0:?}; only Issue is served")]
    RequestType(String),
    /// A proof key is wanted.
    #[error("the KeyType is {0:?}; only bearer tokens are issued")]
    KeyType(String),
    /// Another kind of token is wanted.
    #[error("the TokenType is {0:?}; this endpoint issues SAML 1.1")]
    TokenType(String),
}

/// Why a wsu:Timestamp cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Which of them counts is anybody's guess.
    #[error("it occurs more than once")]
    Twice,
    /// Nothing says when the message was made.
    #[error("it has no Created")]
    WithoutCreated,
    /// Not an xs:dateTime with a zone.
    #[error("{0:?} is not a moment")]
    NotAMoment(String),
}

/// The wsu:Timestamp of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTimestamp {
    /// When the client made the message.
    pub created: Timestamp,
    /// Until when the client wants it honoured.
    pub expires: Option<Timestamp>,
}

/// Reads the body of a request.
///
/// # Errors
/// When it is not one request for one bearer token.
pub fn read_token_request(payload: &Element) -> Result<TokenRequest, TokenRequestError> {
    if !payload.is(ns::TRUST_2005, "RequestSecurityToken") {
        return Err(TokenRequestError::Malformed("the Body does not hold a WS-Trust 2005 RequestSecurityToken"));
    }
    let request_type =
        text_of(payload, "RequestType")?.ok_or(TokenRequestError::Malformed("the request has no RequestType"))?;
    if request_type != ns::REQUEST_TYPE_ISSUE_2005 {
        return Err(TokenRequestError::RequestType(request_type.to_owned()));
    }
    // An absent KeyType is read as bearer: nothing else is ever issued here, so no key can be promised by mistake.
    if let Some(key_type) = text_of(payload, "KeyType")?
        && ![ns::KEY_TYPE_NO_PROOF, ns::KEY_TYPE_BEARER_13].contains(&key_type)
    {
        return Err(TokenRequestError::KeyType(key_type.to_owned()));
    }
    if let Some(token_type) = text_of(payload, "TokenType")?
        && ![ns::TOKEN_TYPE_SAML11, ns::TOKEN_TYPE_SAML11_PROFILE].contains(&token_type)
    {
        return Err(TokenRequestError::TokenType(token_type.to_owned()));
    }
    Ok(TokenRequest { applies_to: applies_to(payload)? })
}

fn text_of<'a>(payload: &'a Element, name: &'static str) -> Result<Option<&'a str>, TokenRequestError> {
    let mut found = payload.children(ns::TRUST_2005, name);
    let first = found.next().map(Element::trimmed);
    match found.next() {
        None => Ok(first),
        Some(_) => Err(TokenRequestError::Malformed("a part of the request occurs twice")),
    }
}

fn applies_to(payload: &Element) -> Result<Option<String>, TokenRequestError> {
    let mut scopes = payload.children(ns::POLICY, "AppliesTo");
    let Some(scope) = scopes.next() else { return Ok(None) };
    if scopes.next().is_some() {
        return Err(TokenRequestError::Malformed("the request has more than one AppliesTo"));
    }
    let addressing = [ns::ADDRESSING, ns::ADDRESSING_2004];
    let address = addressing.iter().find_map(|namespace| {
        scope.child(namespace, "EndpointReference")?.child(namespace, "Address").map(Element::trimmed)
    });
    match address {
        Some(address) if !address.is_empty() => Ok(Some(address.to_owned())),
        _ => Err(TokenRequestError::Malformed("AppliesTo has no endpoint reference with an address")),
    }
}

/// Whether the security header carries a user name token.
pub fn has_username_token(security: &Element) -> bool {
    security.descendants().any(|element| element.is(ns::SECURITY, "UsernameToken"))
}

/// Reads the timestamp of a security header; `Ok(None)` when there is none.
///
/// # Errors
/// When it is not one timestamp with a readable Created and, if there is one, a readable Expires.
pub fn read_timestamp(security: &Element) -> Result<Option<RequestTimestamp>, TimestampError> {
    let mut found = security.children(ns::UTILITY, "Timestamp");
    let Some(timestamp) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(TimestampError::Twice);
    }
    let moment = |name| match timestamp.child(ns::UTILITY, name).map(Element::trimmed) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| TimestampError::NotAMoment(text.to_owned())),
    };
    let created = moment("Created")?.ok_or(TimestampError::WithoutCreated)?;
    Ok(Some(RequestTimestamp { created, expires: moment("Expires")? }))
}

/// What the answer to an issue request carries beside the token.
#[derive(Debug, Clone, Copy)]
pub struct TokenResponse<'a> {
    /// MessageID of the request.
    pub relates_to: Option<&'a str>,
    /// Identifier of the relying party, as the request spelled it.
    pub applies_to: &'a str,
    /// The signed assertion, copied byte for byte.
    pub assertion: &'a str,
    /// What kind of token it is.
    pub token_type: &'a str,
    /// Its identifier.
    pub assertion_id: &'a str,
    /// When it was issued.
    pub created: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
}

/// Writes the answer in the shape of AD FS. No white space anywhere: readers cut the token out with regular expressions.
pub fn render_response(response: &TokenResponse<'_>) -> String {
    let mut out = String::with_capacity(response.assertion.len() + 3600);
    open_envelope(&mut out, ns::ACTION_ISSUED_2005, response.relates_to, response.created);
    token_response(&mut out, response, true);
    close_envelope(&mut out);
    out
}

/// Writes what a browser carries in `wresult`: neither an envelope nor references (ADFS-PROTOCOLS section 4.4).
pub fn render_passive_result(response: &TokenResponse<'_>) -> String {
    let mut out = String::with_capacity(response.assertion.len() + 1600);
    token_response(&mut out, response, false);
    out
}

fn token_response(out: &mut String, response: &TokenResponse<'_>, with_references: bool) {
    out.push_str("<t:RequestSecurityTokenResponse xmlns:t=\"");
    out.push_str(ns::TRUST_2005);
    out.push_str("\"><t:Lifetime>");
    lifetime_part(out, "Created", response.created);
    lifetime_part(out, "Expires", response.expires);
    out.push_str("</t:Lifetime><wsp:AppliesTo xmlns:wsp=\"");
    out.push_str(ns::POLICY);
    out.push_str("\"><wsa:EndpointReference xmlns:wsa=\"");
    out.push_str(ns::ADDRESSING);
    out.push_str("\"><wsa:Address>");
    escape_text(out, response.applies_to);
    out.push_str("</wsa:Address></wsa:EndpointReference></wsp:AppliesTo><t:RequestedSecurityToken>");
    out.push_str(response.assertion);
    out.push_str("</t:RequestedSecurityToken>");
    if with_references {
        reference(out, "RequestedAttachedReference", response.assertion_id);
        reference(out, "RequestedUnattachedReference", response.assertion_id);
    }
    for (name, value) in [
        ("TokenType", response.token_type),
        ("RequestType", ns::REQUEST_TYPE_ISSUE_2005),
        ("KeyType", ns::KEY_TYPE_NO_PROOF),
    ] {
        for part in ["<t:", name, ">", value, "</t:", name, ">"] {
            out.push_str(part);
        }
    }
    out.push_str("</t:RequestSecurityTokenResponse>");
}

fn lifetime_part(out: &mut String, name: &str, at: Timestamp) {
    let at = format_instant(at);
    for part in ["<wsu:", name, " xmlns:wsu=\"", ns::UTILITY, "\">", &at, "</wsu:", name, ">"] {
        out.push_str(part);
    }
}

fn reference(out: &mut String, name: &str, assertion_id: &str) {
    for part in [
        "<t:",
        name,
        "><o:SecurityTokenReference xmlns:o=\"",
        ns::SECURITY,
        "\" xmlns:k=\"",
        ns::SECURITY_11,
        "\" k:TokenType=\"",
        ns::TOKEN_TYPE_SAML11_PROFILE,
        "\"><o:KeyIdentifier ValueType=\"",
        ns::SAML11_ASSERTION_ID,
        "\">",
        assertion_id,
        "</o:KeyIdentifier></o:SecurityTokenReference></t:",
        name,
        ">",
    ] {
        out.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::reader::{XmlLimits, parse_document};

    fn request(children: &str) -> Result<TokenRequest, TokenRequestError> {
        let text = format!(
            r#"<w:RequestSecurityToken xmlns:w="{}" xmlns:p="{}" Id="RST0">{children}</w:RequestSecurityToken>"#,
            ns::TRUST_2005,
            ns::POLICY
        );
        read_token_request(&parse_document(text.as_bytes(), XmlLimits::default()).unwrap())
    }

    const ISSUE: &str = "<w:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</w:RequestType>";

    #[test]
    fn applies_to_is_read_in_both_addressing_versions() {
        for addressing in [ns::ADDRESSING, ns::ADDRESSING_2004] {
            let scope = format!(
                "<p:AppliesTo><e:EndpointReference xmlns:e='{addressing}'><e:Address> urn:rp </e:Address></e:EndpointReference></p:AppliesTo>"
            );
            assert_eq!(request(&format!("{scope}{ISSUE}")).unwrap().applies_to.as_deref(), Some("urn:rp"));
        }
        assert_eq!(request(ISSUE).unwrap().applies_to, None);
    }

    #[test]
    fn only_bearer_tokens_of_saml_11_are_asked_for() {
        let with = |part: &str| request(&format!("{ISSUE}{part}"));
        assert!(with("<w:KeyType>http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey</w:KeyType>").is_ok());
        assert!(matches!(
            with("<w:KeyType>http://schemas.xmlsoap.org/ws/2005/02/trust/SymmetricKey</w:KeyType>"),
            Err(TokenRequestError::KeyType(_))
        ));
        assert!(matches!(
            with("<w:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</w:TokenType>"),
            Err(TokenRequestError::TokenType(_))
        ));
        assert!(matches!(
            request("<w:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Renew</w:RequestType>"),
            Err(TokenRequestError::RequestType(_))
        ));
        assert!(matches!(request(""), Err(TokenRequestError::Malformed(_))));
        assert!(matches!(request(&format!("{ISSUE}{ISSUE}")), Err(TokenRequestError::Malformed(_))));
    }

    #[test]
    fn timestamps_are_read_in_every_precision_clients_send() {
        let read = |inner: &str| {
            let text = format!("<s xmlns:u='{}'>{inner}</s>", ns::UTILITY);
            read_timestamp(&parse_document(text.as_bytes(), XmlLimits::default()).unwrap())
        };
        for created in ["2026-01-10T10:00:00Z", "2026-01-10T10:00:00.1230000Z", "2026-01-10T11:00:00+01:00"] {
            let text = format!("<u:Timestamp Id='T'><u:Created>{created}</u:Created></u:Timestamp>");
            let at = read(&text).unwrap().unwrap().created;
            assert_eq!(at.as_second(), 1_768_039_200, "{created}");
        }
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read("<u:Timestamp/>").unwrap_err(), TimestampError::WithoutCreated);
        assert_eq!(read("<u:Timestamp/><u:Timestamp/>").unwrap_err(), TimestampError::Twice);
        let noon = read("<u:Timestamp><u:Created>noon</u:Created></u:Timestamp>").unwrap_err();
        assert_eq!(noon, TimestampError::NotAMoment("noon".to_owned()));
    }
}
