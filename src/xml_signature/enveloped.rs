//! The enveloped signature of a message that came by POST (SAML core section 5.4).

use super::SignatureFault;
use super::algorithm::{self, Algorithm};
use super::signed_info::{DSIG, SignedInfo, base64, prefix_list, unique_identifiers};
use crate::xml::exclusive::{Part, canonical_part};
use crate::xml::reader::{Element, XmlLimits, parse_document};
use openssl::x509::X509;

/// Verifies that the document element as a whole was signed by a key of `certificates`, and gives back what was signed,
/// without the signature.
///
/// # Errors
/// When the message is not read, not signed in the one allowed form, or not by one of the certificates.
pub fn verify_enveloped(document: &[u8], certificates: &[X509], limits: XmlLimits) -> Result<Element, SignatureFault> {
    let root = parse_document(document, limits)?;
    let document = str::from_utf8(document).map_err(|_| SignatureFault::Form("it is not UTF-8"))?;
    let at = place(&root)?;
    let signature = &root.children[at];
    let signed_info = verified_signed_info(document, at, signature, certificates, limits)?;
    let info = SignedInfo::read(&signed_info)?;
    covers_the_root(&info, &root)?;
    let part = Part { element: &[], without: Some(&[at]), inclusive_prefixes: &info.prefixes };
    let signed = canonical_part(document, part)?;
    let digest = algorithm::digest(info.digest_algorithm, signed.as_bytes())?;
    if digest.is_empty() || digest != info.digest {
        return Err(SignatureFault::Digest);
    }
    Ok(parse_document(signed.as_bytes(), limits)?)
}

/// The index of the one signature among the document element's children. A second one anywhere is what wrapping is made
/// of, and no request needs it.
fn place(root: &Element) -> Result<usize, SignatureFault> {
    let is_signature = |element: &Element| element.is(DSIG, "Signature");
    match (root.descendants().filter(|one| is_signature(one)).count(), root.children.iter().position(is_signature)) {
        (0, _) => Err(SignatureFault::Missing),
        (1, Some(at)) => Ok(at),
        _ => Err(SignatureFault::Misplaced),
    }
}

/// `SignedInfo` as it was signed. It is looked at only after its signature has been found good.
fn verified_signed_info(
    document: &str,
    at: usize,
    signature: &Element,
    certificates: &[X509],
    limits: XmlLimits,
) -> Result<Element, SignatureFault> {
    let form = SignatureFault::Form("it is not SignedInfo, SignatureValue and at most one KeyInfo");
    let (info, value) = match signature.children.as_slice() {
        [info, value] => (info, value),
        [info, value, key] if key.is(DSIG, "KeyInfo") => (info, value),
        _ => return Err(form),
    };
    if !info.is(DSIG, "SignedInfo") || !value.is(DSIG, "SignatureValue") {
        return Err(form);
    }
    let unverified = SignedInfo::read(info)?;
    let part = Part { element: &[at, 0], without: None, inclusive_prefixes: &unverified.canonicalization };
    let octets = canonical_part(document, part)?;
    Algorithm::from_uri(unverified.signature_algorithm)?.verify(certificates, octets.as_bytes(), &base64(value)?)?;
    let verified = parse_document(octets.as_bytes(), limits)?;
    // the form in which it was read must be the form it asks for
    match verified.children.first().map(prefix_list) {
        Some(Ok(prefixes)) if prefixes == unverified.canonicalization => Ok(verified),
        _ => Err(SignatureFault::Form("its canonicalization is not what it says")),
    }
}

/// SAML core section 5.4.2: a reference to the identifier of the element that is signed. An empty reference would mean
/// the whole document too, but is not allowed there.
fn covers_the_root(info: &SignedInfo<'_>, root: &Element) -> Result<(), SignatureFault> {
    unique_identifiers(root)?;
    let id = root.attribute("", "ID").unwrap_or_default();
    match info.reference.strip_prefix('#') {
        Some(reference) if reference == id && !id.is_empty() => Ok(()),
        _ => Err(SignatureFault::CoversSomethingElse { reference: info.reference.to_owned(), id: id.to_owned() }),
    }
}
