//! Namespaces and fixed URIs of the WS-Trust family.

/// SOAP 1.2.
pub const SOAP_12: &str = "http://www.w3.org/2003/05/soap-envelope";
/// WS-Addressing 1.0.
pub const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
/// WS-Addressing of August 2004, which very old clients use inside AppliesTo.
pub const ADDRESSING_2004: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
/// WS-Security.
pub const SECURITY: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
/// WS-Security 1.1.
pub const SECURITY_11: &str = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd";
/// WS-Security utility: timestamps and identifiers.
pub const UTILITY: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
/// WS-Policy.
pub const POLICY: &str = "http://schemas.xmlsoap.org/ws/2004/09/policy";
/// WS-Trust of February 2005.
pub const TRUST_2005: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust";
/// WS-Trust 1.3.
pub const TRUST_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
/// WCF's namespace for faults inside the service.
pub const DISPATCHER: &str = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher";

/// Action of a February 2005 issue request.
pub const ACTION_ISSUE_2005: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue";
/// Action of the answer to it.
pub const ACTION_ISSUED_2005: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust/RSTR/Issue";
/// Action of a 1.3 issue request.
pub const ACTION_ISSUE_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue";
/// Action of the answer to it.
pub const ACTION_ISSUED_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RSTRC/IssueFinal";
/// Action of every fault.
pub const ACTION_FAULT: &str = "http://www.w3.org/2005/08/addressing/soap/fault";
/// RequestType of an issue request.
pub const REQUEST_TYPE_ISSUE_2005: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust/Issue";
/// Likewise in 1.3.
pub const REQUEST_TYPE_ISSUE_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue";
/// KeyType of a bearer token in February 2005 requests.
pub const KEY_TYPE_NO_PROOF: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey";
/// KeyType of a bearer token in 1.3 requests; some clients send it in 2005 requests too.
pub const KEY_TYPE_BEARER_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer";
/// TokenType of SAML 1.1 as AD FS answers it.
pub const TOKEN_TYPE_SAML11: &str = "urn:oasis:names:tc:SAML:1.0:assertion";
/// A SAML 2.0 token, as `TokenType` names it.
pub const TOKEN_TYPE_SAML20: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// TokenType of SAML 1.1 in the OASIS token profile.
pub const TOKEN_TYPE_SAML11_PROFILE: &str = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1";
/// ValueType of a reference to a SAML 1.1 assertion.
pub const SAML11_ASSERTION_ID: &str = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID";
/// TokenType of SAML 2.0 in the OASIS token profile.
pub const TOKEN_TYPE_SAML20_PROFILE: &str = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0";
/// ValueType of a reference to a SAML 2.0 assertion.
pub const SAML20_ASSERTION_ID: &str = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID";
