//! Requests for a token, as Exchange Online words them.

/// The endpoint.
pub const PATH: &str = "/adfs/services/trust/2005/certificatetransport";

/// A token request that asks for what it should.
pub const BODY: &str = r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue</a:Action><a:MessageID>urn:uuid:7d0e2c1a-0b5f-4b8e-9c53-1d8f0a6f2f11</a:MessageID><a:To s:mustUnderstand="1">https://sts.contoso.test:49443/adfs/services/trust/2005/certificatetransport</a:To></s:Header><s:Body><t:RequestSecurityToken xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference><a:Address>urn:federation:MicrosoftOnline</a:Address></a:EndpointReference></p:AppliesTo><t:KeyType>http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey</t:KeyType><t:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</t:RequestType></t:RequestSecurityToken></s:Body></s:Envelope>"#;

/// The head of a POST, up to where the length of the body is said.
pub fn head() -> String {
    format!("POST {PATH} HTTP/1.1\r\nHost: sts.contoso.test\r\nContent-Type: application/soap+xml; charset=utf-8\r\n")
}

/// The whole request.
pub fn token_request() -> String {
    format!("{}Content-Length: {}\r\n\r\n{BODY}", head(), BODY.len())
}

/// A GET of a path.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: sts.contoso.test\r\n\r\n")
}
