//! `ds:SignedInfo` in the one form that SAML core section 5.4 allows: one reference, two transforms, exclusive
//! canonicalization. Everything is counted, so that nothing can be slipped in beside what is looked at.

use super::SignatureFault;
use crate::xml::reader::Element;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::collections::HashSet;

pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// What a signature says it covers, and how.
pub(super) struct SignedInfo<'a> {
    pub(super) canonicalization: Vec<&'a str>,
    pub(super) signature_algorithm: &'a str,
    pub(super) reference: &'a str,
    /// The prefix list of the reference's canonicalization.
    pub(super) prefixes: Vec<&'a str>,
    pub(super) digest_algorithm: &'a str,
    pub(super) digest: Vec<u8>,
}

impl<'a> SignedInfo<'a> {
    pub(super) fn read(element: &'a Element) -> Result<Self, SignatureFault> {
        let [method, signature, reference] =
            exactly(element, ["CanonicalizationMethod", "SignatureMethod", "Reference"])?;
        let [transforms, digest_method, digest_value] =
            exactly(reference, ["Transforms", "DigestMethod", "DigestValue"])?;
        let [enveloped, exclusive] = exactly(transforms, ["Transform", "Transform"])?;
        if algorithm(enveloped)? != ENVELOPED || !enveloped.children.is_empty() {
            return Err(SignatureFault::Form("its first transform is not the enveloped-signature transform"));
        }
        if !signature.children.is_empty() || !digest_method.children.is_empty() {
            return Err(SignatureFault::Form("an algorithm has parameters"));
        }
        Ok(Self {
            canonicalization: prefix_list(method)?,
            signature_algorithm: algorithm(signature)?,
            reference: reference.attribute("", "URI").ok_or(SignatureFault::Form("its reference has no URI"))?,
            prefixes: prefix_list(exclusive)?,
            digest_algorithm: algorithm(digest_method)?,
            digest: base64(digest_value)?,
        })
    }
}

/// The prefix list of an exclusive canonicalization; any other algorithm is refused.
pub(super) fn prefix_list(method: &Element) -> Result<Vec<&str>, SignatureFault> {
    if algorithm(method)? != EXCLUSIVE {
        return Err(SignatureFault::Form("it is not over exclusive canonical XML"));
    }
    match method.children.as_slice() {
        [] => Ok(Vec::new()),
        [list] if list.is(EXCLUSIVE, "InclusiveNamespaces") => {
            Ok(list.attribute("", "PrefixList").unwrap_or_default().split_ascii_whitespace().collect())
        }
        _ => Err(SignatureFault::Form("its canonicalization has unknown parameters")),
    }
}

/// The children of an element, when they are these and no others.
pub(super) fn exactly<'a, const N: usize>(
    element: &'a Element,
    names: [&str; N],
) -> Result<[&'a Element; N], SignatureFault> {
    let children: Vec<&Element> = element.children.iter().collect();
    <[&Element; N]>::try_from(children)
        .ok()
        .filter(|children| children.iter().zip(names).all(|(child, name)| child.is(DSIG, name)))
        .ok_or(SignatureFault::Form("it has other parts than one reference with two transforms and a digest"))
}

fn algorithm(element: &Element) -> Result<&str, SignatureFault> {
    element.attribute("", "Algorithm").ok_or(SignatureFault::Form("an algorithm is not named"))
}

/// An identifier that occurs twice is what wrapping is made of: two readers could each mean another element by it.
pub(super) fn unique_identifiers(root: &Element) -> Result<(), SignatureFault> {
    let mut known = HashSet::new();
    let attributes = root.descendants().flat_map(|element| &element.attributes);
    for identifier in attributes.filter(|attribute| attribute.name.eq_ignore_ascii_case("id")) {
        if !known.insert(identifier.value.as_str()) {
            return Err(SignatureFault::DuplicateId(identifier.value.clone()));
        }
    }
    Ok(())
}

/// Base64 with line breaks anywhere, as signers write it.
pub(super) fn base64(element: &Element) -> Result<Vec<u8>, SignatureFault> {
    let text: String = element.text.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(text).map_err(|_| SignatureFault::Form("a value is not Base64"))
}
