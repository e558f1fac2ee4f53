//! The signature of a SOAP message by a certificate that comes with it (WS-Security X.509 Certificate Token Profile 1.1), as
//! the `certificatemixed` endpoints of AD FS want it: over the timestamp and the `To` header (ADFS-PROTOCOLS section 2.5).
//!
//! Everything is found by its position, the one position that the SOAP reader looks at, and what the signature refers to must
//! be what stands there. An element that is signed and stands anywhere else is worth nothing.

use super::SignatureFault;
use super::algorithm::{self, Algorithm, Sha1};
use super::signed_info::{DSIG, base64, prefix_list, unique_identifiers};
use crate::protocol::namespaces as ns;
use crate::xml::exclusive::{Part, canonical_part};
use crate::xml::reader::{Element, XmlLimits, parse_document};
use openssl::sha::sha256;
use openssl::x509::X509;

const X509_V3: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
const BASE64_BINARY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";
const THUMBPRINT: &str = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1";
/// WCF signs two things; each costs a walk through the document.
const MOST_REFERENCES: usize = 8;

/// A message whose timestamp and `To` were signed with the key of the certificate that it carries. Who that is, and whether
/// the certificate is any good, nobody has judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedMessage {
    /// The certificate, in DER.
    pub certificate: Vec<u8>,
    /// SHA-256 of what was signed, by which a message is known again. The octets of the signature would not do: those of an
    /// elliptic curve can be written in two ways.
    pub signed: [u8; 32],
}

/// Why a message is not believed to be signed by whoever holds the key of its certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageFault {
    /// Not an XML signature that is accepted here.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// A part that must be there once, in its place, is missing, doubled or somewhere else.
    #[error("the message does not hold one {0} in its place")]
    Part(&'static str),
    /// A reference leads to no `wsu:Id`.
    #[error("the signature refers to {0:?}, which is no element of the message")]
    Dangling(String),
    /// Signed is something else.
    #[error("the signature does not cover the {0} that counts")]
    NotCovered(&'static str),
    /// The key is said in another way than by the certificate in the header.
    #[error("the signature does not name the certificate in the message's header as its key")]
    KeyReference,
    /// The BinarySecurityToken is not an X.509 certificate.
    #[error("the BinarySecurityToken is not an X.509 certificate in Base64")]
    Token,
}

/// Verifies that the message's own certificate signed its timestamp and its `To` header.
///
/// `root` is what `document` was read as, within `limits`.
///
/// # Errors
/// When the message is not signed in this form, or not by the key of its certificate.
pub fn verify_message(
    root: &Element,
    document: &[u8],
    limits: XmlLimits,
    sha1: Sha1,
) -> Result<SignedMessage, MessageFault> {
    let text = str::from_utf8(document).map_err(|_| SignatureFault::Form("it is not UTF-8"))?;
    refuse_doubles(root)?;
    let places = Places::find(root)?;
    let certificate = certificate(places.token)?;
    names_the_token(places.signature, places.token, &certificate)?;
    let signature = base64(child(places.signature, 1, "SignatureValue")?)?;
    let (signed_info, signed) = verified_signed_info(text, &places, (&certificate, &signature), limits, sha1)?;
    let covered = signed_elements(text, root, &signed_info, sha1)?;
    for (name, path) in [("timestamp", &places.timestamp), ("To header", &places.to)] {
        if !covered.contains(path) {
            return Err(MessageFault::NotCovered(name));
        }
    }
    Ok(SignedMessage { certificate, signed })
}

/// A second element of a kind that counts is what wrapping is made of, and so is an identifier that occurs twice.
fn refuse_doubles(root: &Element) -> Result<(), MessageFault> {
    for (namespace, name) in [
        (DSIG, "Signature"),
        (ns::SECURITY, "Security"),
        (ns::SECURITY, "BinarySecurityToken"),
        (ns::UTILITY, "Timestamp"),
        (ns::ADDRESSING, "To"),
    ] {
        if root.descendants().filter(|element| element.is(namespace, name)).count() != 1 {
            return Err(MessageFault::Part(name));
        }
    }
    Ok(unique_identifiers(root)?)
}

/// The index of each element on the way down from the document element.
type Path = Vec<usize>;

/// Where the parts stand that count.
struct Places<'a> {
    timestamp: Path,
    to: Path,
    signature_at: Path,
    signature: &'a Element,
    token: &'a Element,
}

impl<'a> Places<'a> {
    fn find(root: &'a Element) -> Result<Self, MessageFault> {
        let only = |parent: &'a Element, namespace, name| {
            let mut found = parent.children.iter().enumerate().filter(|(_, child)| child.is(namespace, name));
            match (found.next(), found.next()) {
                (Some(found), None) => Ok(found),
                _ => Err(MessageFault::Part(name)),
            }
        };
        if !root.is(ns::SOAP_12, "Envelope") {
            return Err(MessageFault::Part("Envelope"));
        }
        let (header_at, header) = only(root, ns::SOAP_12, "Header")?;
        let (to_at, _) = only(header, ns::ADDRESSING, "To")?;
        let (security_at, security) = only(header, ns::SECURITY, "Security")?;
        let (timestamp_at, _) = only(security, ns::UTILITY, "Timestamp")?;
        let (_, token) = only(security, ns::SECURITY, "BinarySecurityToken")?;
        let (signature_at, signature) = only(security, DSIG, "Signature")?;
        Ok(Self {
            timestamp: vec![header_at, security_at, timestamp_at],
            to: vec![header_at, to_at],
            signature_at: vec![header_at, security_at, signature_at],
            signature,
            token,
        })
    }
}

fn certificate(token: &Element) -> Result<Vec<u8>, MessageFault> {
    let encoding = token.attribute("", "EncodingType").unwrap_or(BASE64_BINARY);
    if token.attribute("", "ValueType") != Some(X509_V3) || encoding != BASE64_BINARY || !token.children.is_empty() {
        return Err(MessageFault::Token);
    }
    base64(token).map_err(|_| MessageFault::Token)
}

/// Section 3.2 of the profile: a reference to the token in the same header, or its thumbprint, which must be of that token.
fn names_the_token(signature: &Element, token: &Element, certificate: &[u8]) -> Result<(), MessageFault> {
    let [_, _, key_info] = signature.children.as_slice() else { return Err(MessageFault::KeyReference) };
    let reference = match key_info.children.as_slice() {
        [reference] if key_info.is(DSIG, "KeyInfo") && reference.is(ns::SECURITY, "SecurityTokenReference") => {
            reference
        }
        _ => return Err(MessageFault::KeyReference),
    };
    let [named] = reference.children.as_slice() else { return Err(MessageFault::KeyReference) };
    let is_named = if named.is(ns::SECURITY, "Reference") {
        let id = token.attribute(ns::UTILITY, "Id").filter(|id| !id.is_empty());
        let kind = named.attribute("", "ValueType").unwrap_or(X509_V3);
        let uri = named.attribute("", "URI").and_then(|uri| uri.strip_prefix('#'));
        kind == X509_V3 && uri.is_some() && uri == id
    } else if named.is(ns::SECURITY, "KeyIdentifier") {
        let is_thumbprint = named.attribute("", "ValueType") == Some(THUMBPRINT);
        is_thumbprint && base64(named).is_ok_and(|thumbprint| thumbprint == openssl::sha::sha1(certificate))
    } else {
        false
    };
    if is_named { Ok(()) } else { Err(MessageFault::KeyReference) }
}

fn child<'a>(signature: &'a Element, at: usize, name: &'static str) -> Result<&'a Element, SignatureFault> {
    let child = signature.children.get(at).filter(|child| child.is(DSIG, name));
    child.ok_or(SignatureFault::Form("it is not SignedInfo, SignatureValue and KeyInfo"))
}

/// `SignedInfo` as it was signed, read anew from the very octets that the signature is over, and their digest.
fn verified_signed_info(
    text: &str,
    places: &Places<'_>,
    (certificate, signature): (&[u8], &[u8]),
    limits: XmlLimits,
    sha1: Sha1,
) -> Result<(Element, [u8; 32]), MessageFault> {
    let unverified = child(places.signature, 0, "SignedInfo")?;
    let (method, algorithm) = methods(unverified)?;
    let prefixes = prefix_list(method)?;
    let element = [places.signature_at.as_slice(), &[0]].concat();
    let part = Part { element: &element, without: None, inclusive_prefixes: &prefixes };
    let octets = canonical_part(text, part).map_err(SignatureFault::from)?;
    let certificate = X509::from_der(certificate).map_err(|_| MessageFault::Token)?;
    Algorithm::from_uri_with(algorithm, sha1)?.verify(&[certificate], octets.as_bytes(), signature)?;
    let verified = parse_document(octets.as_bytes(), limits).map_err(SignatureFault::from)?;
    // the form in which it was read must be the form it asks for
    match methods(&verified).map(|(method, _)| prefix_list(method)) {
        Ok(Ok(verified_prefixes)) if verified_prefixes == prefixes => {}
        _ => return Err(SignatureFault::Form("its canonicalization is not what it says").into()),
    }
    Ok((verified, sha256(octets.as_bytes())))
}

/// How `SignedInfo` is canonicalised, and the algorithm's URI.
fn methods(signed_info: &Element) -> Result<(&Element, &str), SignatureFault> {
    match signed_info.children.as_slice() {
        [method, signature, ..]
            if method.is(DSIG, "CanonicalizationMethod")
                && signature.is(DSIG, "SignatureMethod")
                && signature.children.is_empty() =>
        {
            let uri = signature.attribute("", "Algorithm");
            Ok((method, uri.ok_or(SignatureFault::Form("an algorithm is not named"))?))
        }
        _ => Err(SignatureFault::Form("it does not say how it was made")),
    }
}

/// The elements that the references lead to, each with the digest it had when it was signed.
fn signed_elements(text: &str, root: &Element, signed_info: &Element, sha1: Sha1) -> Result<Vec<Path>, MessageFault> {
    let references = signed_info.children.get(2..).unwrap_or_default();
    if references.is_empty() || references.len() > MOST_REFERENCES {
        return Err(SignatureFault::Form("it has no references, or too many").into());
    }
    references.iter().map(|reference| signed_element(text, root, reference, sha1)).collect()
}

fn signed_element(text: &str, root: &Element, reference: &Element, sha1: Sha1) -> Result<Path, MessageFault> {
    let (transforms, method, value) = match reference.children.as_slice() {
        [transforms, method, value]
            if reference.is(DSIG, "Reference")
                && transforms.is(DSIG, "Transforms")
                && method.is(DSIG, "DigestMethod")
                && method.children.is_empty()
                && value.is(DSIG, "DigestValue") =>
        {
            (transforms, method, value)
        }
        _ => return Err(SignatureFault::Form("a reference is not transforms, a method and a digest").into()),
    };
    let prefixes = match transforms.children.as_slice() {
        [only] if only.is(DSIG, "Transform") => prefix_list(only)?,
        _ => return Err(SignatureFault::Form("a reference has another transform than exclusive canonical XML").into()),
    };
    let uri = reference.attribute("", "URI").unwrap_or_default();
    let id = uri.strip_prefix('#').filter(|id| !id.is_empty());
    let path = id.and_then(|id| path_of(root, id)).ok_or_else(|| MessageFault::Dangling(uri.to_owned()))?;
    let part = Part { element: &path, without: None, inclusive_prefixes: &prefixes };
    let octets = canonical_part(text, part).map_err(SignatureFault::from)?;
    let digest_algorithm = method.attribute("", "Algorithm").unwrap_or_default();
    let digest = algorithm::digest_with(digest_algorithm, octets.as_bytes(), sha1)?;
    if digest.is_empty() || digest != base64(value)? {
        return Err(SignatureFault::Digest.into());
    }
    Ok(path)
}

/// Identifiers are unique by now. Only `wsu:Id` is one that a message may be signed by.
fn path_of(element: &Element, id: &str) -> Option<Path> {
    if element.attribute(ns::UTILITY, "Id") == Some(id) {
        return Some(Path::new());
    }
    element.children.iter().enumerate().find_map(|(at, child)| {
        let mut path = path_of(child, id)?;
        path.insert(0, at);
        Some(path)
    })
}
