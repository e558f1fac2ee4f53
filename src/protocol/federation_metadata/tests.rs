use super::*;
use crate::token::tests::judges::{schema_accepts, xmllint_canonical, xmlsec1_accepts_element};
use crate::token::tests::keys::{EC, RSA};
use crate::xml::reader::{Element, XmlLimits, parse_document};
use std::collections::HashSet;

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const LS: &str = "https://sts.test/adfs/ls/";

fn metadata() -> FederationMetadata<'static> {
    FederationMetadata {
        id: "_metadata",
        entity_id: "http://sts.test/adfs/services/trust",
        display_name: "Contoso & <Co>",
        signing_certificates: &["QUJD", "REVG"],
        token_service: Some(TokenService {
            address: "https://sts.test:49443/adfs/services/trust/2005/certificatetransport",
            metadata_exchange: Some("https://sts.test/adfs/services/trust/mex"),
        }),
        passive: Some(LS),
        saml: Some(LS),
    }
}

fn rendered(metadata: &FederationMetadata<'_>) -> String {
    metadata.render(&RSA.signer).unwrap().unwrap()
}

fn read(xml: &str) -> Element {
    parse_document(xml.as_bytes(), XmlLimits::default()).unwrap()
}

fn accepted(xml: &str, certificate: &[u8]) -> Result<(), String> {
    xmlsec1_accepts_element(xml, certificate, "ID", &format!("{METADATA}:EntityDescriptor"))
}

#[test]
fn xmlsec1_believes_it_and_nothing_else() {
    let xml = rendered(&metadata());
    assert_eq!(accepted(&xml, &RSA.certificate_pem), Ok(()));
    let by_curve = metadata().render(&EC.signer).unwrap().unwrap();
    assert_eq!(accepted(&by_curve, &EC.certificate_pem), Ok(()));
    for (from, to) in [("REVG", "REVH"), ("/adfs/ls/", "/adfs/lz/"), ("UPN", "UPM")] {
        assert!(accepted(&xml.replacen(from, to, 1), &RSA.certificate_pem).is_err(), "{from}");
    }
}

/// All but the prefix inside `xsi:type`, which canonicalisation does not see used.
#[test]
fn it_is_its_own_canonical_form() {
    let xml = rendered(&metadata());
    let sent_only = format!("<RoleDescriptor xmlns:fed=\"{FEDERATION}\"");
    assert_eq!(xml.matches(&sent_only).count(), 2);
    assert_eq!(xmllint_canonical(&xml), xml.replace(&sent_only, "<RoleDescriptor"));
}

fn roles(xml: &str) -> Vec<String> {
    let xsi = "http://www.w3.org/2001/XMLSchema-instance";
    let root = read(xml);
    let roles = root.children.iter().filter(|child| &*child.namespace == METADATA);
    roles.map(|role| role.attribute(xsi, "type").unwrap_or(&role.name).to_owned()).collect()
}

#[test]
fn only_what_is_served_is_named() {
    let all = metadata();
    let (application, service, provider) =
        ("fed:ApplicationServiceType", "fed:SecurityTokenServiceType", "IDPSSODescriptor");
    for (metadata, expected) in [
        (all, vec![application, service, provider]),
        (FederationMetadata { saml: None, ..all }, vec![application, service]),
        (FederationMetadata { saml: None, passive: None, ..all }, vec![service]),
        (FederationMetadata { saml: None, token_service: None, ..all }, vec![application, service]),
        (FederationMetadata { passive: None, token_service: None, ..all }, vec![provider]),
    ] {
        let xml = rendered(&metadata);
        assert_eq!(roles(&xml), expected);
        assert_eq!(accepted(&xml, &RSA.certificate_pem), Ok(()));
        assert_eq!(xml.contains("PassiveRequestorEndpoint"), metadata.passive.is_some());
        assert_eq!(xml.contains("certificatetransport"), metadata.token_service.is_some());
    }
    let nothing = FederationMetadata { saml: None, passive: None, token_service: None, ..all };
    assert_eq!(nothing.render(&RSA.signer), Ok(None));
}

#[test]
fn every_signing_certificate_is_named_the_current_one_first() {
    let root = read(&rendered(&metadata()));
    for role in ["RoleDescriptor", "IDPSSODescriptor"] {
        let role = root.children(METADATA, role).last().unwrap();
        let keys = role.children(METADATA, "KeyDescriptor");
        let keys: Vec<_> = keys.map(|key| (key.attribute("", "use"), key.children[0].descendants())).collect();
        let texts: Vec<_> =
            keys.into_iter().map(|(usage, below)| (usage, below.last().unwrap().text.clone())).collect();
        assert_eq!(texts, [(Some("signing"), "QUJD".to_owned()), (Some("signing"), "REVG".to_owned())]);
    }
}

#[test]
fn claim_types_are_named_once_each() {
    let uris: HashSet<_> = OFFERED.iter().map(|(uri, _)| uri).collect();
    let names: HashSet<_> = OFFERED.iter().map(|(_, name)| name).collect();
    assert_eq!((uris.len(), names.len()), (OFFERED.len(), OFFERED.len()));
    let root = read(&rendered(&metadata()));
    let offered = root.descendants().filter(|element| &*element.name == "ClaimTypesOffered");
    assert_eq!(offered.map(|offered| offered.children.len()).collect::<Vec<_>>(), [OFFERED.len()]);
}

/// The roles of WS-Federation are of types that the schema of SAML does not know.
#[test]
fn the_saml_part_is_valid() {
    let saml = FederationMetadata { token_service: None, passive: None, ..metadata() };
    assert_eq!(schema_accepts(&rendered(&saml), "saml-schema-metadata-2.0.xsd"), Ok(()));
    let broken = rendered(&saml).replacen("<NameIDFormat>", "<NameIdFormat>", 1);
    assert!(schema_accepts(&broken, "saml-schema-metadata-2.0.xsd").is_err());
}
