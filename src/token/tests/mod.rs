mod describing;
pub(crate) mod judges;
pub(crate) mod keys;
mod properties;
mod saml20;
mod signing;

use super::{TokenContext, TokenDescription, TokenError, describe};
use crate::claims::{AD_AUTHORITY, Claim, claim_types};
use jiff::SignedDuration;

pub(super) const BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
const TLS_CLIENT: &str = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient";

fn context() -> TokenContext<'static> {
    TokenContext {
        issuer: "http://contoso.test/adfs/services/trust/",
        audience: "urn:federation:MicrosoftOnline",
        assertion_id: "_5f0c0b0e-7a0e-4f0e-9f55-1f2d3c4b5a69",
        issued_at: "2026-01-10T10:00:00.123456Z".parse().unwrap(),
        authenticated_at: "2026-01-10T09:59:00Z".parse().unwrap(),
        lifetime: SignedDuration::from_mins(60),
    }
}

fn claim(claim_type: &str, value: &str) -> Claim {
    Claim::new(claim_type.to_owned(), value.to_owned(), AD_AUTHORITY)
}

/// The claims of a certificate sign-in to Office 365.
fn office() -> Vec<Claim> {
    let mut name = claim(claim_types::NAME_IDENTIFIER, "rcOfTjS/j0uYv0x1dQ2nXw==");
    let format = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified".to_owned();
    name.properties.insert(claim_types::PROPERTY_FORMAT.into(), format.into());
    let inside = Claim::new(claim_types::INSIDE_CORPORATE_NETWORK, "false", "CLIENT CONTEXT").with_value_type(BOOLEAN);
    vec![
        name,
        claim(claim_types::OFFICE_UPN, "alice@contoso.test"),
        claim(claim_types::IMMUTABLE_ID, "rcOfTjS/j0uYv0x1dQ2nXw=="),
        claim(claim_types::SERIAL_NUMBER, "1A000000F3C2D4E5A6B7C8D9E0000000000F3"),
        claim(claim_types::CERTIFICATE_ISSUER, "CN=Contoso Issuing CA 1, DC=contoso, DC=test"),
        inside,
        claim(claim_types::AUTHENTICATION_METHODS_REFERENCES, TLS_CLIENT),
        claim(claim_types::AUTHENTICATION_METHODS_REFERENCES, "http://schemas.microsoft.com/claims/multipleauthn"),
        claim(claim_types::AUTHENTICATION_METHOD, TLS_CLIENT),
        claim(claim_types::AUTHENTICATION_INSTANT, "2026-01-10T09:59:59.9Z"),
    ]
}

/// Claims with everything that escaping can get wrong.
fn awkward() -> Vec<Claim> {
    let mut claims = office();
    let value = "a & b < c > d \" e ' f \r g \n h \t i ]]> grüße 🔑 \u{85}\u{2028}";
    let mut hostile = claim("urn:x&\"<>'/\u{e4}\u{1f511}", value);
    hostile.original_issuer = "is\"su\r\n\ter & <co>".into();
    hostile.value_type = "urn:types?a=1&b='2'#custom".into();
    claims.push(hostile);
    claims.push(claim("urn:empty/value", ""));
    claims
}

fn described(claims: &[Claim]) -> TokenDescription {
    describe(claims, context()).unwrap()
}

fn refused(claims: &[Claim]) -> TokenError {
    describe(claims, context()).unwrap_err()
}
