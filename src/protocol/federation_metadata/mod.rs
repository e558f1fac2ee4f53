//! Federation metadata (WS-Federation 1.2 section 3 and SAML metadata in one document): by what certificates our tokens are
//! known, and where they are had. Relying parties, Entra ID among them, read it again and again for the next certificate.
//!
//! Written in canonical form and signed in place. A prefix that stands only inside `xsi:type` is no part of the canonical
//! form, so every element of that namespace declares it anew.

mod claim_types;

use crate::token::signature::sign_between;
use crate::token::{Signer, SigningError};
use crate::xml::canonical::CanonicalWriter;
use claim_types::OFFERED;

const FEDERATION: &str = "http://docs.oasis-open.org/wsfed/federation/200706";
/// The formats that AD FS names, whatever its rules issue.
const NAME_FORMATS: [&str; 3] = [
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

/// What the document says. The texts come from the configuration; XML can carry them.
#[derive(Debug, Clone, Copy)]
pub struct FederationMetadata<'a> {
    /// A fresh identifier: `_` and a UUID.
    pub id: &'a str,
    /// Issuer of our tokens.
    pub entity_id: &'a str,
    /// What people see when they import it.
    pub display_name: &'a str,
    /// Certificates that our signatures are verified with, DER in Base64: the current one first, then the next.
    pub signing_certificates: &'a [&'a str],
    /// Where active clients ask for tokens.
    pub token_service: Option<TokenService<'a>>,
    /// The address of WS-Federation, for browsers.
    pub passive: Option<&'a str>,
    /// The address of SAML 2.0: sign-in and sign-out, by redirect and by POST.
    pub saml: Option<&'a str>,
}

/// A WS-Trust endpoint.
#[derive(Debug, Clone, Copy)]
pub struct TokenService<'a> {
    /// Its address.
    pub address: &'a str,
    /// Where its WSDL is, if that is served.
    pub metadata_exchange: Option<&'a str>,
}

impl FederationMetadata<'_> {
    /// Writes and signs the document; `None` when there is nothing to describe.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn render(&self, signer: &dyn Signer) -> Result<Option<String>, SigningError> {
        if self.token_service.is_none() && self.passive.is_none() && self.saml.is_none() {
            return Ok(None);
        }
        let mut xml = CanonicalWriter::with_capacity(64 * 1024);
        let mut rest = CanonicalWriter::with_capacity(48 * 1024);
        xml.literal(r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" ID=""#).attribute_value(self.id);
        xml.literal(r#"" entityID=""#).attribute_value(self.entity_id).literal(r#"">"#);
        if let Some(passive) = self.passive {
            self.application_service(&mut rest, passive);
        }
        if let Some(service) = self.token_service.or(self.passive.map(without_wsdl)) {
            self.token_service(&mut rest, service);
        }
        if let Some(address) = self.saml {
            self.saml_provider(&mut rest, address);
        }
        rest.literal("</EntityDescriptor>");
        sign_between(&mut xml, &rest, self.id, signer)?;
        Ok(Some(xml.into_string()))
    }

    /// What tokens for us are addressed to: where a request must name us as the audience.
    fn application_service(&self, xml: &mut CanonicalWriter, passive: &str) {
        self.role(xml, "fed:ApplicationServiceType");
        claim_types(xml, Claims::Requested);
        federation_element(xml, "<fed:TargetScopes");
        endpoint_reference(xml, passive, None);
        endpoint_reference(xml, self.entity_id, None);
        xml.literal("</fed:TargetScopes>");
        federation_element(xml, "<fed:ApplicationServiceEndpoint");
        endpoint_reference(xml, passive, None);
        xml.literal("</fed:ApplicationServiceEndpoint>");
        passive_endpoint(xml, passive);
        xml.literal("</RoleDescriptor>");
    }

    fn token_service(&self, xml: &mut CanonicalWriter, service: TokenService<'_>) {
        self.role(xml, "fed:SecurityTokenServiceType");
        self.signing_keys(xml);
        federation_element(xml, "<fed:TokenTypesOffered");
        xml.literal(concat!(
            r#"<fed:TokenType Uri="urn:oasis:names:tc:SAML:2.0:assertion"></fed:TokenType>"#,
            r#"<fed:TokenType Uri="urn:oasis:names:tc:SAML:1.0:assertion"></fed:TokenType></fed:TokenTypesOffered>"#,
        ));
        claim_types(xml, Claims::Offered);
        federation_element(xml, "<fed:SecurityTokenServiceEndpoint");
        endpoint_reference(xml, service.address, service.metadata_exchange);
        xml.literal("</fed:SecurityTokenServiceEndpoint>");
        if let Some(passive) = self.passive {
            passive_endpoint(xml, passive);
        }
        xml.literal("</RoleDescriptor>");
    }

    /// The start of a role of WS-Federation.
    fn role(&self, xml: &mut CanonicalWriter, kind: &'static str) {
        xml.literal("<RoleDescriptor").declare_for_value(" xmlns:fed", FEDERATION);
        xml.literal(r#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ServiceDisplayName=""#);
        xml.attribute_value(self.display_name).literal(concat!(
            r#"" protocolSupportEnumeration="http://docs.oasis-open.org/ws-sx/ws-trust/200512 "#,
            r#"http://schemas.xmlsoap.org/ws/2005/02/trust http://docs.oasis-open.org/wsfed/federation/200706" xsi:type=""#,
        ));
        xml.literal(kind).literal(r#"">"#);
    }

    fn signing_keys(&self, xml: &mut CanonicalWriter) {
        for certificate in self.signing_certificates {
            xml.literal(concat!(
                r#"<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">"#,
                "<X509Data><X509Certificate>",
            ));
            xml.text(certificate).literal("</X509Certificate></X509Data></KeyInfo></KeyDescriptor>");
        }
    }

    fn saml_provider(&self, xml: &mut CanonicalWriter, address: &str) {
        xml.literal(r#"<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">"#);
        self.signing_keys(xml);
        service(xml, r#"<SingleLogoutService Binding=""#, address, "</SingleLogoutService>");
        for format in NAME_FORMATS {
            xml.literal("<NameIDFormat>").literal(format).literal("</NameIDFormat>");
        }
        service(xml, r#"<SingleSignOnService Binding=""#, address, "</SingleSignOnService>");
        for (uri, name) in OFFERED {
            xml.literal(r#"<Attribute xmlns="urn:oasis:names:tc:SAML:2.0:assertion" FriendlyName=""#);
            xml.attribute_value(name).literal(r#"" Name=""#).attribute_value(uri);
            xml.literal(r#"" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"></Attribute>"#);
        }
        xml.literal("</IDPSSODescriptor>");
    }
}

fn without_wsdl(address: &str) -> TokenService<'_> {
    TokenService { address, metadata_exchange: None }
}

/// One service at one address by both bindings.
fn service(xml: &mut CanonicalWriter, start: &'static str, address: &str, end: &'static str) {
    for binding in [
        r#"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location=""#,
        r#"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location=""#,
    ] {
        xml.literal(start).literal(binding).attribute_value(address).literal(r#"">"#).literal(end);
    }
}

/// A start tag with the declaration it needs.
fn federation_element(xml: &mut CanonicalWriter, start: &'static str) {
    xml.literal(start).literal(r#" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">"#);
}

#[derive(Clone, Copy)]
enum Claims {
    Offered,
    Requested,
}

fn claim_types(xml: &mut CanonicalWriter, claims: Claims) {
    let (start, end) = match claims {
        Claims::Offered => ("<fed:ClaimTypesOffered", "</fed:ClaimTypesOffered>"),
        Claims::Requested => ("<fed:ClaimTypesRequested", "</fed:ClaimTypesRequested>"),
    };
    federation_element(xml, start);
    for (uri, name) in OFFERED {
        xml.literal(
            r#"<auth:ClaimType xmlns:auth="http://docs.oasis-open.org/wsfed/authorization/200706" Optional="true" Uri=""#,
        );
        xml.attribute_value(uri).literal(r#""><auth:DisplayName>"#).text(name);
        xml.literal("</auth:DisplayName></auth:ClaimType>");
    }
    xml.literal(end);
}

fn passive_endpoint(xml: &mut CanonicalWriter, address: &str) {
    federation_element(xml, "<fed:PassiveRequestorEndpoint");
    endpoint_reference(xml, address, None);
    xml.literal("</fed:PassiveRequestorEndpoint>");
}

fn endpoint_reference(xml: &mut CanonicalWriter, address: &str, metadata_exchange: Option<&str>) {
    xml.literal(r#"<EndpointReference xmlns="http://www.w3.org/2005/08/addressing"><Address>"#).text(address);
    xml.literal("</Address>");
    if let Some(wsdl) = metadata_exchange {
        xml.literal(concat!(
            r#"<Metadata><Metadata xmlns="http://schemas.xmlsoap.org/ws/2004/09/mex">"#,
            r#"<MetadataSection Dialect="http://schemas.xmlsoap.org/ws/2004/09/mex"><MetadataReference>"#,
            r#"<Address xmlns="http://www.w3.org/2005/08/addressing">"#,
        ));
        xml.text(wsdl).literal("</Address></MetadataReference></MetadataSection></Metadata></Metadata>");
    }
    xml.literal("</EndpointReference>");
}

#[cfg(test)]
mod tests;
