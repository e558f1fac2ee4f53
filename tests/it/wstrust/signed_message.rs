//! Messages signed with a certificate, over a connection that shows none.

use crate::support::gateway::{self, TestGateway};
use crate::support::http_client::exchange;
use crate::support::signature;
use crate::support::tls_client::Client;
use fedgate::clock::Clock;
use fedgate::outcome::Outcome;
use openssl::ssl::SslVersion;

/// A message made now.
fn signed() -> String {
    let user = gateway::user("good");
    let now = Clock::System.now();
    let template = include_str!("../../messages/certificatemixed.xml")
        .replace("2026-01-10T10:00:00.000Z", &now.to_string())
        .replace("2026-01-10T10:05:00.000Z", &(now + jiff::SignedDuration::from_mins(5)).to_string())
        .replace("xmldsig-more#ecdsa-sha256", "xmldsig-more#rsa-sha256")
        .replace("{certificate}", &openssl::base64::encode_block(&user.issued.der));
    let key = user.issued.key.private();
    let method = if key.rsa().is_ok() { "rsa-sha256" } else { "ecdsa-sha256" };
    let template = template.replace("xmldsig-more#rsa-sha256", &format!("xmldsig-more#{method}"));
    let key = key.private_key_to_pem_pkcs8().unwrap();
    signature::sign(&template, std::str::from_utf8(&key).unwrap())
}

/// Nobody serves CRLs to this gateway, so the way ends there: the signature was good, the certificate was judged.
#[test]
fn a_signed_message_is_judged_as_a_certificate_from_tls_is() {
    let gateway = TestGateway::start();
    let message = signed();
    let altered =
        message.replace("urn:uuid:5b0a7d0e", "urn:uuid:00000000").replace("/certificatemixed<", "/usernamemixed<");
    for (message, outcome) in [(message.as_str(), Outcome::CrlAddressForbidden), (&altered, Outcome::MessageNotSigned)]
    {
        let request = format!(
            "POST /adfs/services/trust/13/certificatemixed HTTP/1.1\r\nHost: sts.contoso.test\r\n\
             Content-Type: application/soap+xml; charset=utf-8\r\nContent-Length: {}\r\n\r\n{message}",
            message.len()
        );
        let answer = exchange(&mut Client::new(SslVersion::TLS1_3).connect(gateway.service).unwrap(), &request);
        assert_eq!(answer.status, 500);
        let records = gateway.records();
        assert_eq!(records.last().unwrap().outcome, outcome, "{}", records.last().unwrap().finding);
    }
}
