//! WS-Trust: the request for a security token and the answer.

use super::Version;
use super::namespaces as ns;
use super::soap::{close_envelope, format_instant, open_envelope};
use crate::federation::TokenForm;
use crate::xml::canonical::escape_text;
use crate::xml::reader::Element;
use jiff::Timestamp;

/// What a RequestSecurityToken asks for. Order and identifiers of its children do not matter: Exchange Online and MSAL
/// differ in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// The identifier of the relying party, if the request names one.
    pub applies_to: Option<String>,
    /// The version of SAML it wants, if it says so.
    pub token_form: Option<TokenForm>,
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
    #[error("the TokenType is {0:?}; SAML 1.1 and SAML 2.0 are issued")]
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
pub fn read_token_request(payload: &Element, version: Version) -> Result<TokenRequest, TokenRequestError> {
    if !payload.is(version.namespace(), "RequestSecurityToken") {
        return Err(TokenRequestError::Malformed(match version {
            Version::February2005 => "the Body does not hold a WS-Trust 2005 RequestSecurityToken",
            Version::V13 => "the Body does not hold a WS-Trust 1.3 RequestSecurityToken",
        }));
    }
    let request_type = text_of(payload, version, "RequestType")?
        .ok_or(TokenRequestError::Malformed("the request has no RequestType"))?;
    if request_type != version.request_type() {
        return Err(TokenRequestError::RequestType(request_type.to_owned()));
    }
    // An absent KeyType is read as bearer: nothing else is ever issued here, so no key can be promised by mistake.
    if let Some(key_type) = text_of(payload, version, "KeyType")?
        && ![ns::KEY_TYPE_NO_PROOF, ns::KEY_TYPE_BEARER_13].contains(&key_type)
    {
        return Err(TokenRequestError::KeyType(key_type.to_owned()));
    }
    let token_form = match text_of(payload, version, "TokenType")? {
        None => None,
        Some(ns::TOKEN_TYPE_SAML11 | ns::TOKEN_TYPE_SAML11_PROFILE) => Some(TokenForm::Saml11),
        Some(ns::TOKEN_TYPE_SAML20 | ns::TOKEN_TYPE_SAML20_PROFILE) => Some(TokenForm::Saml20),
        Some(other) => return Err(TokenRequestError::TokenType(other.to_owned())),
    };
    Ok(TokenRequest { applies_to: applies_to(payload)?, token_form })
}

fn text_of<'a>(
    payload: &'a Element,
    version: Version,
    name: &'static str,
) -> Result<Option<&'a str>, TokenRequestError> {
    let mut found = payload.children(version.namespace(), name);
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
    /// In which version it was asked for.
    pub version: Version,
    /// MessageID of the request.
    pub relates_to: Option<&'a str>,
    /// Identifier of the relying party, as the request spelled it.
    pub applies_to: &'a str,
    /// The signed assertion, copied byte for byte.
    pub assertion: &'a str,
    /// The version of SAML it is in.
    pub form: TokenForm,
    /// Its identifier.
    pub assertion_id: &'a str,
    /// When it was issued.
    pub created: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
}

/// Writes the answer in the shape of AD FS. No white space anywhere: readers cut the token out with regular expressions.
pub fn render_response(response: &TokenResponse<'_>) -> String {
    let version = response.version;
    let prefix = version.prefix();
    let mut out = String::with_capacity(response.assertion.len() + 3600);
    open_envelope(&mut out, version.answer_action(), response.relates_to, response.created);
    let declaration = [" xmlns:", prefix, "=\"", version.namespace(), "\""].concat();
    let (collection, inner) = match version {
        Version::February2005 => (None, declaration.as_str()),
        Version::V13 => (Some(declaration.as_str()), ""),
    };
    if let Some(declaration) = collection {
        push(&mut out, &["<", prefix, ":RequestSecurityTokenResponseCollection", declaration, ">"]);
    }
    push(&mut out, &["<", prefix, ":RequestSecurityTokenResponse", inner, ">"]);
    parts(&mut out, response, true);
    push(&mut out, &["</", prefix, ":RequestSecurityTokenResponse>"]);
    if collection.is_some() {
        push(&mut out, &["</", prefix, ":RequestSecurityTokenResponseCollection>"]);
    }
    close_envelope(&mut out);
    out
}

/// Writes what a browser carries in `wresult`: neither an envelope nor references (ADFS-PROTOCOLS section 4.4).
pub fn render_passive_result(response: &TokenResponse<'_>) -> String {
    let (prefix, namespace) = (response.version.prefix(), response.version.namespace());
    let mut out = String::with_capacity(response.assertion.len() + 1600);
    push(&mut out, &["<", prefix, ":RequestSecurityTokenResponse xmlns:", prefix, "=\"", namespace, "\">"]);
    parts(&mut out, response, false);
    push(&mut out, &["</", prefix, ":RequestSecurityTokenResponse>"]);
    out
}

fn push(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}

fn parts(out: &mut String, response: &TokenResponse<'_>, with_references: bool) {
    let (version, prefix) = (response.version, response.version.prefix());
    push(out, &["<", prefix, ":Lifetime>"]);
    lifetime_part(out, "Created", response.created);
    lifetime_part(out, "Expires", response.expires);
    push(out, &["</", prefix, ":Lifetime><wsp:AppliesTo xmlns:wsp=\"", ns::POLICY]);
    push(out, &["\"><wsa:EndpointReference xmlns:wsa=\"", ns::ADDRESSING, "\"><wsa:Address>"]);
    escape_text(out, response.applies_to);
    push(out, &["</wsa:Address></wsa:EndpointReference></wsp:AppliesTo><", prefix, ":RequestedSecurityToken>"]);
    push(out, &[response.assertion, "</", prefix, ":RequestedSecurityToken>"]);
    if with_references {
        reference(out, response, "RequestedAttachedReference");
        reference(out, response, "RequestedUnattachedReference");
    }
    let token_type = match response.form {
        TokenForm::Saml11 => ns::TOKEN_TYPE_SAML11,
        TokenForm::Saml20 => ns::TOKEN_TYPE_SAML20,
    };
    for (name, value) in
        [("TokenType", token_type), ("RequestType", version.request_type()), ("KeyType", version.bearer())]
    {
        push(out, &["<", prefix, ":", name, ">", value, "</", prefix, ":", name, ">"]);
    }
}

fn lifetime_part(out: &mut String, name: &str, at: Timestamp) {
    push(out, &["<wsu:", name, " xmlns:wsu=\"", ns::UTILITY, "\">", &format_instant(at), "</wsu:", name, ">"]);
}

fn reference(out: &mut String, response: &TokenResponse<'_>, name: &str) {
    let prefix = response.version.prefix();
    let (profile, identifier) = match response.form {
        TokenForm::Saml11 => (ns::TOKEN_TYPE_SAML11_PROFILE, ns::SAML11_ASSERTION_ID),
        TokenForm::Saml20 => (ns::TOKEN_TYPE_SAML20_PROFILE, ns::SAML20_ASSERTION_ID),
    };
    push(out, &["<", prefix, ":", name, "><o:SecurityTokenReference xmlns:o=\"", ns::SECURITY]);
    push(out, &["\" xmlns:k=\"", ns::SECURITY_11, "\" k:TokenType=\"", profile]);
    push(out, &["\"><o:KeyIdentifier ValueType=\"", identifier, "\">", response.assertion_id]);
    push(out, &["</o:KeyIdentifier></o:SecurityTokenReference></", prefix, ":", name, ">"]);
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
        read_token_request(&parse_document(text.as_bytes(), XmlLimits::default()).unwrap(), Version::February2005)
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
    fn only_bearer_tokens_of_saml_are_asked_for() {
        let with = |part: &str| request(&format!("{ISSUE}{part}"));
        assert!(with("<w:KeyType>http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey</w:KeyType>").is_ok());
        assert!(matches!(
            with("<w:KeyType>http://schemas.xmlsoap.org/ws/2005/02/trust/SymmetricKey</w:KeyType>"),
            Err(TokenRequestError::KeyType(_))
        ));
        for (token_type, expected) in [
            (ns::TOKEN_TYPE_SAML11, TokenForm::Saml11),
            (ns::TOKEN_TYPE_SAML11_PROFILE, TokenForm::Saml11),
            (ns::TOKEN_TYPE_SAML20, TokenForm::Saml20),
            (ns::TOKEN_TYPE_SAML20_PROFILE, TokenForm::Saml20),
        ] {
            let read = with(&format!("<w:TokenType>{token_type}</w:TokenType>")).unwrap();
            assert_eq!(read.token_form, Some(expected), "{token_type}");
        }
        assert_eq!(with("").unwrap().token_form, None);
        assert!(matches!(with("<w:TokenType>urn:jwt</w:TokenType>"), Err(TokenRequestError::TokenType(_))));
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

    #[test]
    fn an_answer_in_13_is_the_sample_octet_for_octet() {
        let sample = include_str!("../../tests/messages/token-response-13.xml").trim_end();
        let start = sample.find("<saml:Assertion").unwrap();
        let end = sample.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
        let created: Timestamp = "2026-01-10T10:00:00.123Z".parse().unwrap();
        let answer = render_response(&TokenResponse {
            version: Version::V13,
            form: TokenForm::Saml11,
            relates_to: Some("urn:uuid:6e8ce948-eb66-4720-916b-0695697e6e45"),
            applies_to: "urn:federation:MicrosoftOnline",
            assertion: &sample[start..end],
            assertion_id: "_5f0c0b0e-7a0e-4f0e-9f55-1f2d3c4b5a69",
            created,
            expires: created + jiff::SignedDuration::from_hours(1),
        });
        assert_eq!(answer, sample);
    }

    #[test]
    fn a_request_is_read_in_its_own_version_only() {
        let message = |name: &str| {
            let text =
                std::fs::read_to_string(format!("{}/tests/messages/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            parse_document(text.as_bytes(), XmlLimits::default()).unwrap()
        };
        for (name, own, other) in [
            ("usernamemixed-msal.xml", Version::February2005, Version::V13),
            ("usernamemixed-msal-13.xml", Version::V13, Version::February2005),
        ] {
            let root = message(name);
            let payload = root.descendants().find(|element| &*element.name == "RequestSecurityToken").unwrap();
            let read = read_token_request(payload, own).unwrap();
            assert_eq!(read.applies_to.as_deref(), Some("urn:federation:MicrosoftOnline"), "{name}");
            assert!(matches!(read_token_request(payload, other), Err(TokenRequestError::Malformed(_))), "{name}");
        }
    }
}
