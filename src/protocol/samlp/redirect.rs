//! The Redirect binding on the way out (SAML bindings section 3.4.4): a message in the query of an address, and its signature
//! over that query.

use super::Carried;
use crate::token::{Signer, SigningError};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use miniz_oxide::deflate::compress_to_vec;
use url::form_urlencoded::byte_serialize;

/// The address that takes a browser with a signed message to another party. Its own query, if it has one, stays.
///
/// # Errors
/// When the key does not sign.
pub fn redirect_address(
    endpoint: &str,
    carried: Carried,
    message: &str,
    relay_state: Option<&str>,
    signer: &dyn Signer,
) -> Result<String, SigningError> {
    let mut query = redirect_query(carried, message.as_bytes(), relay_state);
    query.push_str(&format!("&SigAlg={}", escaped(signer.algorithm().uri())));
    let signature = BASE64_STANDARD.encode(signer.sign(query.as_bytes())?);
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    Ok(format!("{endpoint}{joint}{query}&Signature={}", escaped(&signature)))
}

/// The query that carries a message that is signed inside, or not at all.
pub fn redirect_query(carried: Carried, message: &[u8], relay_state: Option<&str>) -> String {
    let message = compressed(message);
    let state = relay_state.map(|state| format!("&RelayState={}", escaped(state))).unwrap_or_default();
    format!("{}={}{state}", carried.parameter(), escaped(&message))
}

fn compressed(message: &[u8]) -> String {
    BASE64_STANDARD.encode(compress_to_vec(message, 9))
}

fn escaped(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::samlp::from_redirect;
    use crate::token::tests::keys::{EC, RSA};
    use crate::xml_signature::verify_query;
    use openssl::x509::X509;
    use std::collections::HashMap;
    use url::Url;

    #[test]
    fn the_message_comes_back_and_its_signature_holds() {
        for pair in [&*RSA, &*EC] {
            let certificate = [X509::from_pem(&pair.certificate_pem).unwrap()];
            for state in [None, Some(""), Some("a b&c=d+é")] {
                let address =
                    redirect_address("https://sp.test/slo?x=1", Carried::Request, "<r>é</r>", state, &pair.signer);
                let address = Url::parse(&address.unwrap()).unwrap();
                let query = address.query().unwrap();
                assert_eq!(verify_query(query, "SAMLRequest", &certificate), Ok(()));
                let parameters: HashMap<_, _> = address.query_pairs().collect();
                assert_eq!(from_redirect(&parameters["SAMLRequest"]).unwrap(), "<r>é</r>".as_bytes());
                assert_eq!(parameters.get("RelayState").map(AsRef::as_ref), state);
                assert_eq!(parameters["x"], "1");
                let changed = query.replacen("SAMLRequest=", "SAMLRequest=A", 1);
                assert!(verify_query(&changed, "SAMLRequest", &certificate).is_err());
            }
        }
    }

    #[test]
    fn a_posted_message_can_travel_on_in_a_query() {
        let query = redirect_query(Carried::Request, b"<r/>", Some("s&t"));
        let parameters: HashMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).collect();
        assert_eq!(from_redirect(&parameters["SAMLRequest"]).unwrap(), b"<r/>");
        assert_eq!(parameters["RelayState"], "s&t");
    }
}
