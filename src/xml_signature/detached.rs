//! The signature beside a message that came by redirect (SAML bindings section 3.4.4.1): over the query as it was sent,
//! octet for octet. Encoding the values again would change them for clients that write `%2b` or `%20`.

use super::SignatureFault;
use super::algorithm::Algorithm;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use openssl::x509::X509;
use url::form_urlencoded::parse;

/// Verifies the signature of a query whose message is in the parameter `message` (`SAMLRequest` or `SAMLResponse`).
/// Other parameters are not covered and must not be used for anything that matters.
///
/// # Errors
/// When a parameter is missing or occurs twice, when the algorithm is not accepted, or no certificate's key signed.
pub fn verify_query(query: &str, message: &'static str, certificates: &[X509]) -> Result<(), SignatureFault> {
    let content = raw(query, message)?.ok_or(SignatureFault::Query("no message"))?;
    let signature = raw(query, "Signature")?.ok_or(SignatureFault::Missing)?;
    let algorithm = raw(query, "SigAlg")?.ok_or(SignatureFault::Query("no SigAlg beside its Signature"))?;
    let relay_state = raw(query, "RelayState")?;
    let relayed = relay_state.map(|state| format!("&RelayState={state}")).unwrap_or_default();
    let octets = format!("{message}={content}{relayed}&SigAlg={algorithm}");
    let value = BASE64_STANDARD.decode(decoded(signature).split_ascii_whitespace().collect::<String>());
    let value = value.map_err(|_| SignatureFault::Form("a value is not Base64"))?;
    Algorithm::from_uri(&decoded(algorithm))?.verify(certificates, octets.as_bytes(), &value)
}

/// A parameter's value as it was sent. Names that only become the name when decoded, or in another case, count as the name, so
/// that what is verified and what is read later cannot be two parameters.
fn raw<'a>(query: &'a str, name: &str) -> Result<Option<&'a str>, SignatureFault> {
    let mut found = query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        decoded(key).eq_ignore_ascii_case(name).then_some((key, value))
    });
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some((key, value)), None) if key == name => Ok(Some(value)),
        (Some(_), None) => Err(SignatureFault::Query("a parameter name in another spelling")),
        (Some(_), Some(_)) => Err(SignatureFault::Query("a parameter twice")),
    }
}

/// One name or value with its percent signs and plus signs taken away.
fn decoded(text: &str) -> String {
    parse(format!("={text}").as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
}
