use super::signing::{EC, Pair, RSA};
use super::*;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use openssl::hash::MessageDigest;
use openssl::sign::Signer;

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Signed as a client signs: over its own octets.
fn signed(octets: &str, pair: &Pair) -> String {
    let mut signer = Signer::new(MessageDigest::sha256(), &pair.key).unwrap();
    let signature = BASE64_STANDARD.encode(signer.sign_oneshot_to_vec(octets.as_bytes()).unwrap());
    format!("{octets}&Signature={}", encoded(&signature))
}

fn judge(query: &str) -> Result<(), SignatureFault> {
    verify_query(query, "SAMLRequest", std::slice::from_ref(&RSA.certificate))
}

#[test]
fn a_query_is_verified_as_it_was_sent() {
    let algorithm = encoded(RSA_SHA256);
    for octets in [
        format!("SAMLRequest=fZI%2b&RelayState=a%20b&SigAlg={algorithm}"),
        format!("SAMLRequest=fZI%2B&RelayState=a+b&SigAlg={}", algorithm.to_lowercase()),
        format!("SAMLRequest=abc==&SigAlg={RSA_SHA256}"),
        format!("SAMLRequest=abc&RelayState=&SigAlg={algorithm}"),
    ] {
        let query = signed(&octets, &RSA);
        assert_eq!(judge(&query), Ok(()), "{query}");
        let (message, rest) = query.split_once('&').unwrap();
        assert_eq!(judge(&format!("other=1&{rest}&{message}")), Ok(()), "the order does not matter");
        let certificate = std::slice::from_ref(&EC.certificate);
        let fault = verify_query(&query, "SAMLRequest", certificate);
        assert_eq!(fault, Err(SignatureFault::NoCertificateMatches { certificates: 1 }));
    }
}

#[test]
fn a_changed_query_is_refused() {
    let query = signed(&format!("SAMLRequest=abc&RelayState=s&SigAlg={}", encoded(RSA_SHA256)), &RSA);
    let no_match = SignatureFault::NoCertificateMatches { certificates: 1 };
    let sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    for (forged, fault) in [
        (query.replace("=abc", "=abd"), no_match.clone()),
        (query.replace("RelayState=s", "RelayState=t"), no_match.clone()),
        (query.replace("&RelayState=s", ""), no_match.clone()),
        (query.replace("rsa-sha256", "rsa-sha512"), no_match),
        (query.replace(&encoded(RSA_SHA256), &encoded(sha1)), SignatureFault::Algorithm(sha1.to_owned())),
        (query.replace("SAMLRequest", "SAMLResponse"), SignatureFault::Query("no message")),
        (query.replace("SigAlg", "Sigalg"), SignatureFault::Query("a parameter name in another spelling")),
        (query.replace("&Signature", "&signature"), SignatureFault::Query("a parameter name in another spelling")),
        (format!("{query}&SAMLRequest=evil"), SignatureFault::Query("a parameter twice")),
        (format!("SAMLReques%74=evil&{query}"), SignatureFault::Query("a parameter twice")),
        (query.replace("SAMLRequest", "SAMLReques%74"), SignatureFault::Query("a parameter name in another spelling")),
        (query.replace("RelayState", "relaystate"), SignatureFault::Query("a parameter name in another spelling")),
        (format!("{query}&relaystate=evil"), SignatureFault::Query("a parameter twice")),
        (format!("{query}%21"), SignatureFault::Form("a value is not Base64")),
    ] {
        assert_ne!(forged, query);
        assert_eq!(judge(&forged), Err(fault), "{forged}");
    }
}
