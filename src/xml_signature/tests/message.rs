//! Messages as certificatemixed gets them, signed by `xmlsec1`, and what becomes of them.

use super::signing::{EC, Pair, RSA, STRANGER, sign_ids};
use super::*;
use crate::protocol::namespaces as ns;
use crate::xml::reader::parse_document;
use crate::xml_signature::{MessageFault, Sha1, SignedMessage, verify_message};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use std::sync::LazyLock;

const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const EXCLUSIVE: &str = r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>"#;
const BY_REFERENCE: &str = concat!(
    r##"<o:Reference URI="#_token" ValueType="http://docs.oasis-open.org/wss/2004/01/"##,
    r#"oasis-200401-wss-x509-token-profile-1.0#X509v3"/>"#
);

/// The knobs of a message.
#[derive(Clone, Copy)]
struct Template<'a> {
    signature: &'a str,
    digest: &'a str,
    references: &'a [&'a str],
    transforms: &'a str,
    key: &'a str,
    header: &'a str,
}

impl Default for Template<'_> {
    fn default() -> Self {
        Self {
            signature: RSA_SHA256,
            digest: SHA256,
            references: &["#_time", "#_to"],
            transforms: EXCLUSIVE,
            key: BY_REFERENCE,
            header: "",
        }
    }
}

impl Template<'_> {
    fn signed(&self, pair: &Pair) -> String {
        let references: String = self
            .references
            .iter()
            .map(|uri| {
                format!(
                    r#"<ds:Reference URI="{uri}"><ds:Transforms>{}</ds:Transforms><ds:DigestMethod Algorithm="{}"/><ds:DigestValue/></ds:Reference>"#,
                    self.transforms, self.digest
                )
            })
            .collect();
        let signature = format!(
            r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="{}"/>{references}
</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><o:SecurityTokenReference>{}</o:SecurityTokenReference></ds:KeyInfo></ds:Signature>"#,
            self.signature, self.key
        );
        let certificate = BASE64_STANDARD.encode(pair.certificate.to_der().unwrap());
        let message = format!(
            r##"<s:Envelope xmlns:s="{}" xmlns:a="{}" xmlns:u="{}"><s:Header>
<a:Action s:mustUnderstand="1">http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue</a:Action>
<a:To s:mustUnderstand="1" u:Id="_to">https://sts.contoso.test/adfs/services/trust/13/certificatemixed</a:To>
<o:Security s:mustUnderstand="1" xmlns:o="{}"><u:Timestamp u:Id="_time"><u:Created>2026-01-10T10:00:00Z</u:Created>
<u:Expires>2026-01-10T10:05:00Z</u:Expires></u:Timestamp>
<o:BinarySecurityToken u:Id="_token" ValueType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
 EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary">{certificate}</o:BinarySecurityToken>
{signature}</o:Security>{}</s:Header><s:Body u:Id="_body"><t/></s:Body></s:Envelope>"##,
            ns::SOAP_12,
            ns::ADDRESSING,
            ns::UTILITY,
            ns::SECURITY,
            self.header
        );
        let ids =
            [format!("{}:Timestamp", ns::UTILITY), format!("{}:To", ns::ADDRESSING), format!("{}:Body", ns::SOAP_12)];
        sign_ids(&message, &ids, &pair.key.private_key_to_pem_pkcs8().unwrap())
    }
}

static GENUINE: LazyLock<String> = LazyLock::new(|| Template::default().signed(&RSA));

fn verified(message: &str) -> Result<SignedMessage, MessageFault> {
    verified_with(message.as_bytes(), Sha1::Refused)
}

fn verified_with(message: &[u8], sha1: Sha1) -> Result<SignedMessage, MessageFault> {
    let limits = XmlLimits::default();
    let root = parse_document(message, limits).map_err(SignatureFault::from)?;
    verify_message(&root, message, limits, sha1)
}

/// From the first `start` to the end of the first `end` after it.
fn cut<'a>(message: &'a str, start: &str, end: &str) -> &'a str {
    let at = message.find(start).unwrap();
    &message[at..at + message[at..].find(end).unwrap() + end.len()]
}

fn timestamp() -> &'static str {
    cut(&GENUINE, "<u:Timestamp", "</u:Timestamp>")
}

fn to() -> &'static str {
    cut(&GENUINE, "<a:To", "</a:To>")
}

#[test]
fn messages_signed_by_xmlsec1_are_believed_to_be_of_whoever_holds_the_key() {
    let thumbprint = BASE64_STANDARD.encode(openssl::sha::sha1(&RSA.certificate.to_der().unwrap()));
    let thumbprint = format!(
        r#"<o:KeyIdentifier ValueType="http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1">{thumbprint}</o:KeyIdentifier>"#
    );
    let prefixes = EXCLUSIVE.replace(
        "/>",
        r#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="s o"/></ds:Transform>"#,
    );
    let ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    for (name, template, pair) in [
        ("as WCF signs", Template::default(), &*RSA),
        ("by thumbprint", Template { key: &thumbprint, ..Template::default() }, &RSA),
        ("with prefixes", Template { transforms: &prefixes, ..Template::default() }, &RSA),
        ("the body as well", Template { references: &["#_body", "#_to", "#_time"], ..Template::default() }, &RSA),
        ("on a curve", Template { signature: ecdsa, ..Template::default() }, &EC),
    ] {
        let message = verified(&template.signed(pair)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(message.certificate, pair.certificate.to_der().unwrap(), "{name}");
    }
}

/// Every one begins with the genuine message.
#[test]
fn what_was_changed_moved_or_doubled_after_signing_is_refused() {
    let genuine = GENUINE.as_str();
    let later = timestamp().replace("2026", "2027");
    let other_to = to().replace("sts.contoso.test", "sts.evil.test");
    let wrapped = |element: &str| {
        format!("<w:Wrapper xmlns:w=\"urn:w\" xmlns:o=\"{}\">{element}</w:Wrapper></s:Header>", ns::SECURITY)
    };
    let renamed = |element: &str| element.replace("u:Id=\"_", "u:Id=\"_x");
    let in_header = |message: String, element: &str| message.replacen("</s:Header>", &wrapped(element), 1);
    let in_body = |message: String, element: &str| message.replacen("<t/>", &format!("<t>{element}</t>"), 1);
    let signature = cut(genuine, "<ds:Signature ", "</ds:Signature>");
    let security = cut(genuine, "<o:Security ", "</o:Security>");
    let token = cut(genuine, "<o:BinarySecurityToken", "</o:BinarySecurityToken>");
    let own = BASE64_STANDARD.encode(RSA.certificate.to_der().unwrap());
    let strangers = BASE64_STANDARD.encode(STRANGER.certificate.to_der().unwrap());
    let digest = || MessageFault::from(SignatureFault::Digest);
    let no_match = || MessageFault::from(SignatureFault::NoCertificateMatches { certificates: 1 });
    let twice = |id: &str| MessageFault::from(SignatureFault::DuplicateId(id.to_owned()));
    for (name, forged, expected) in [
        ("a longer life", genuine.replacen(timestamp(), &later, 1), digest()),
        ("another service", genuine.replacen(to(), &other_to, 1), digest()),
        (
            "the signed timestamp in a wrapper, another in its place",
            in_header(genuine.replacen(timestamp(), &renamed(&later), 1), timestamp()),
            MessageFault::Part("Timestamp"),
        ),
        (
            "the signed timestamp in the body, another of its name in its place",
            in_body(genuine.replacen(timestamp(), &later, 1), timestamp()),
            MessageFault::Part("Timestamp"),
        ),
        (
            "the signed timestamp in the body and none in its place",
            in_body(genuine.replacen(timestamp(), "", 1), timestamp()),
            MessageFault::Part("Timestamp"),
        ),
        (
            "the signed To in a wrapper, another in its place",
            in_header(genuine.replacen(to(), &renamed(&other_to), 1), to()),
            MessageFault::Part("To"),
        ),
        (
            "the signed To in the body and none in its place",
            in_body(genuine.replacen(to(), "", 1), to()),
            MessageFault::Part("To"),
        ),
        ("another element of a signed name", in_body(genuine.to_owned(), "<x u:Id=\"_time\"/>"), twice("_time")),
        ("an ID in disguise", in_body(genuine.to_owned(), "<x ID=\"_to\"/>"), twice("_to")),
        ("another certificate", genuine.replacen(&own, &strangers, 1), no_match()),
        ("no signature", genuine.replacen(signature, "", 1), MessageFault::Part("Signature")),
        ("two signatures", genuine.replacen(signature, &signature.repeat(2), 1), MessageFault::Part("Signature")),
        (
            "the signature in another header",
            in_header(genuine.replacen(signature, "", 1), signature),
            MessageFault::Part("Signature"),
        ),
        (
            "two security headers",
            genuine.replacen(security, &format!("{security}<o:Security xmlns:o=\"{}\"/>", ns::SECURITY), 1),
            MessageFault::Part("Security"),
        ),
        (
            "two tokens",
            genuine.replacen(token, &format!("{token}{}", renamed(token)), 1),
            MessageFault::Part("BinarySecurityToken"),
        ),
        (
            "a comment in what is signed",
            genuine.replacen("sts.contoso.test/", "sts.contoso.test<!-- -->/", 1),
            SignatureFault::NotCanonical(crate::xml::exclusive::NotCanonical("a comment")).into(),
        ),
        (
            "an algorithm with a public key for a secret",
            genuine.replacen(RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", 1),
            SignatureFault::Algorithm("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256".to_owned()).into(),
        ),
    ] {
        assert_ne!(forged, genuine, "{name}");
        assert_eq!(verified(&forged), Err(expected), "{name}");
    }
    let entity = format!("<!DOCTYPE x [<!ENTITY e 'x'>]>{genuine}");
    assert!(matches!(verified(&entity), Err(MessageFault::Signature(SignatureFault::Unreadable(_)))));
}

/// Signed by the right key, and not what must be signed, or not in the way it must be.
#[test]
fn signatures_over_something_else_are_refused() {
    let sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let sha1_digest = "http://www.w3.org/2000/09/xmldsig#sha1";
    let inclusive =
        EXCLUSIVE.replace("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315");
    let xpath = format!(
        r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(self::text())</ds:XPath></ds:Transform>{EXCLUSIVE}"#
    );
    let other_token = BY_REFERENCE.replace("#_token", "#_to");
    let usual = Template::default();
    let form = |reason| MessageFault::from(SignatureFault::Form(reason));
    for (name, template, expected) in [
        ("the To alone", Template { references: &["#_to"], ..usual }, MessageFault::NotCovered("timestamp")),
        ("the timestamp alone", Template { references: &["#_time"], ..usual }, MessageFault::NotCovered("To header")),
        ("the body", Template { references: &["#_body"], ..usual }, MessageFault::NotCovered("timestamp")),
        (
            "the same thing nine times",
            Template { references: &["#_to"; 9], ..usual },
            form("it has no references, or too many"),
        ),
        ("SHA-1", Template { signature: sha1, ..usual }, SignatureFault::Algorithm(sha1.to_owned()).into()),
        (
            "a digest by SHA-1",
            Template { digest: sha1_digest, ..usual },
            SignatureFault::Algorithm(sha1_digest.to_owned()).into(),
        ),
        (
            "inclusive canonical XML",
            Template { transforms: &inclusive, ..usual },
            form("it is not over exclusive canonical XML"),
        ),
        (
            "an XPath that leaves the text out",
            Template { transforms: &xpath, ..usual },
            form("a reference has another transform than exclusive canonical XML"),
        ),
        ("another token", Template { key: &other_token, ..usual }, MessageFault::KeyReference),
        ("no key", Template { key: "", ..usual }, MessageFault::KeyReference),
        (
            "another thumbprint",
            Template {
                key: r#"<o:KeyIdentifier ValueType="http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1">AAAAAAAAAAAAAAAAAAAAAAAAAAA=</o:KeyIdentifier>"#,
                ..usual
            },
            MessageFault::KeyReference,
        ),
    ] {
        assert_eq!(verified(&template.signed(&RSA)), Err(expected), "{name}");
    }
    // what WCF makes of Basic256, where an operator accepts it
    let old = Template { signature: sha1, digest: sha1_digest, ..usual }.signed(&RSA);
    let accepted = verified_with(old.as_bytes(), Sha1::Accepted);
    assert_eq!(accepted.unwrap().certificate, RSA.certificate.to_der().unwrap());
    assert_eq!(verified(&old), Err(SignatureFault::Algorithm(sha1.to_owned()).into()));
    let dangling = GENUINE.replacen("u:Id=\"_time\"", "Id=\"_time\"", 1);
    assert!(matches!(verified(&dangling), Err(MessageFault::Dangling(uri)) if uri == "#_time"));
    let not_a_certificate = GENUINE.replacen("#X509v3", "#X509PKIPathv1", 1);
    assert_eq!(verified(&not_a_certificate), Err(MessageFault::Token));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever octet is changed: the message is refused, or what counts is what was signed. The certificate is not signed
    /// by the message but by its authority; here only its key counts.
    #[test]
    fn no_change_of_an_octet_changes_what_counts(at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let mut message = GENUINE.clone().into_bytes();
        let at = at.index(message.len());
        message[at] = octet;
        if let Ok(read) = verified_with(&message, Sha1::Refused) {
            let key = openssl::x509::X509::from_der(&read.certificate).unwrap().public_key().unwrap();
            prop_assert!(key.public_eq(&RSA.key));
            prop_assert_eq!(read.signed, verified(&GENUINE).unwrap().signed);
            let text = String::from_utf8(message).unwrap();
            prop_assert!(text.contains(">https://sts.contoso.test/adfs/services/trust/13/certificatemixed<"));
            prop_assert!(text.contains("2026-01-10T10:05:00Z"));
        }
    }
}
