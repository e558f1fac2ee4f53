use super::keys::EC;
use super::*;
use crate::token::saml11;
use crate::xml::canonical::forbidden_character;
use proptest::prelude::*;
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// Attribute namespace, name and value of every value in an assertion, read by somebody else's reader.
fn read_back(xml: &str) -> Vec<(String, String, String)> {
    let mut reader = Reader::from_str(xml);
    let (mut namespace, mut name, mut value, mut found) = (String::new(), String::new(), None, Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) if start.name().as_ref() == b"saml:Attribute" => {
                let text = |wanted: &str| {
                    let attribute = start.try_get_attribute(wanted).unwrap().unwrap();
                    attribute.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned()
                };
                (namespace, name) = (text("AttributeNamespace"), text("AttributeName"));
            }
            Event::Start(start) if start.name().as_ref() == b"saml:AttributeValue" => value = Some(String::new()),
            Event::Text(text) => value.iter_mut().for_each(|value| value.push_str(&text.xml10_content().unwrap())),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref().unwrap() {
                    Some(character) => character.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference.decode().unwrap()).unwrap().into(),
                };
                value.iter_mut().for_each(|value| value.push_str(&character));
            }
            Event::End(end) if end.name().as_ref() == b"saml:AttributeValue" => {
                found.push((namespace.clone(), name.clone(), value.take().unwrap()));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn any_text_round_trips_or_is_refused(
        values in prop::collection::vec(any::<String>(), 1..4),
        namespace in "[^/]{1,12}",
        name in "[^/]{1,12}",
    ) {
        let claim_type = format!("{namespace}/{name}");
        let claims: Vec<Claim> = values.iter().map(|value| claim(&claim_type, value)).collect();
        let sayable = values.iter().chain([&claim_type]).all(|text| forbidden_character(text).is_none());
        match describe(&claims, context()) {
            Err(error) => {
                let forbidden = matches!(error, TokenError::ForbiddenCharacter { .. });
                prop_assert!(!sayable && forbidden, "{}", error);
            }
            Ok(description) => {
                prop_assert!(sayable);
                let token = saml11::write(&description, &EC.signer).unwrap();
                let expected: Vec<_> =
                    values.into_iter().map(|value| (namespace.clone(), name.clone(), value)).collect();
                prop_assert_eq!(read_back(token.as_str()), expected);
            }
        }
    }
}
