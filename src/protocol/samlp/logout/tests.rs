use super::*;
use crate::protocol::samlp::{Detail, Party};
use crate::token::tests::judges::{schema_accepts, xmllint_canonical, xmlsec1_accepts_element};
use crate::token::tests::keys::RSA;
use crate::xml::reader::{XmlLimits, parse_document};

const SCHEMA: &str = "saml-schema-protocol-2.0.xsd";

fn at() -> Timestamp {
    "2026-01-10T10:00:00.5Z".parse().unwrap()
}

fn envelope() -> LogoutEnvelope<'static> {
    LogoutEnvelope { id: "_1", destination: "https://sp.test/slo?a=1&b=2", issuer: "http://sts.test/trust", at: at() }
}

fn name() -> NameId {
    NameId {
        value: " a & b <c> ".to_owned(),
        format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
        name_qualifier: None,
        sp_name_qualifier: Some("urn:sp".to_owned()),
    }
}

fn element(xml: &str) -> Element {
    parse_document(xml.as_bytes(), XmlLimits::default()).unwrap()
}

fn request(signer: Option<&dyn Signer>) -> String {
    write_logout_request(envelope(), &name(), "_index", "2026-01-10T10:05:00Z".parse().unwrap(), signer).unwrap()
}

fn response(status: Option<&Status>, signer: Option<&dyn Signer>) -> String {
    write_logout_response(envelope(), "_request", status, signer).unwrap()
}

#[test]
fn requests_come_back_as_they_were_written() {
    let expected = LogoutRequest {
        id: "_1".to_owned(),
        issuer: "http://sts.test/trust".to_owned(),
        issue_instant: at(),
        destination: Some("https://sp.test/slo?a=1&b=2".to_owned()),
        not_on_or_after: Some("2026-01-10T10:05:00Z".parse().unwrap()),
        name: name(),
        session_indexes: vec!["_index".to_owned()],
    };
    for signer in [None, Some(&RSA.signer as &dyn Signer)] {
        assert_eq!(read_logout_request(&element(&request(signer))), Ok(expected.clone()));
    }
}

#[test]
fn responses_come_back_as_they_were_written() {
    let partial = Status { party: Party::Responder, detail: Some(Detail::PartialLogout), message: None };
    for (status, success) in [(None, true), (Some(&partial), false)] {
        let read = read_logout_response(&element(&response(status, None))).unwrap();
        assert_eq!((read.in_response_to.as_str(), read.success), ("_request", success));
        assert_eq!(read.issuer, "http://sts.test/trust");
    }
}

#[test]
fn both_judges_agree() {
    let signer = Some(&RSA.signer as &dyn Signer);
    for (xml, name) in [(request(signer), "LogoutRequest"), (response(None, signer), "LogoutResponse")] {
        let accepted =
            |xml: &str| xmlsec1_accepts_element(xml, &RSA.certificate_pem, "ID", &format!("{PROTOCOL}:{name}"));
        assert_eq!(accepted(&xml), Ok(()));
        assert!(accepted(&xml.replacen("sp.test", "sp.tesu", 1)).is_err());
        assert_eq!(xmllint_canonical(&xml), xml);
        assert_eq!(schema_accepts(&xml, SCHEMA), Ok(()));
    }
    assert_eq!(schema_accepts(&request(None), SCHEMA), Ok(()));
}

#[test]
fn what_names_nobody_or_somebody_else_is_refused() {
    let xml = request(None);
    let id = &xml[xml.find("<saml:NameID").unwrap()..xml.find("<samlp:SessionIndex>").unwrap()];
    for (from, to, said) in [
        (id, "", "no NameID"),
        (id, "<saml:NameID xmlns:saml='urn:oasis:names:tc:SAML:2.0:assertion'> </saml:NameID>", "an empty NameID"),
        (id, "<saml:EncryptedID xmlns:saml='urn:oasis:names:tc:SAML:2.0:assertion'/>", "something else than a NameID"),
        (id, &[id, id].concat(), "more than one NameID"),
        ("a &amp; b", "a<x/>b", "an element inside a text"),
        ("_index<", "<", "an empty SessionIndex"),
        ("_index<", "_in<x/>dex<", "an element inside a text"),
        ("LogoutRequest", "LogoutReques", "no samlp:LogoutRequest"),
        ("NotOnOrAfter=\"2026", "NotOnOrAfter=\"x", "NotOnOrAfter is"),
    ] {
        let changed = xml.replace(from, to);
        assert_ne!(changed, xml);
        let fault = read_logout_request(&element(&changed)).unwrap_err().to_string();
        assert!(fault.contains(said), "{said}: {fault}");
    }
}

/// Readers that take only the first of the texts that a comment parts have been deceived (CVE-2017-11427 and others).
#[test]
fn a_comment_does_not_shorten_a_name() {
    let commented =
        request(None).replacen("a &amp; b", "a &amp;<!-- x --> b", 1).replacen("_index", "_in<!---->dex", 1);
    let read = read_logout_request(&element(&commented)).unwrap();
    assert_eq!((read.name, read.session_indexes), (name(), vec!["_index".to_owned()]));
}
