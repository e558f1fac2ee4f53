//! The enveloped XML signature of an assertion (ADFS-PROTOCOLS section 4.1).

use super::{Signer, SigningError};
use crate::xml::canonical::CanonicalWriter;
use base64::engine::{Engine, general_purpose::STANDARD};
use openssl::sha::Sha256;

/// Canonicalised on its own, `SignedInfo` inherits the declaration that its parent carries in the document.
const SIGNED_INFO_ALONE: &str = r#"<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">"#;

/// Octets a signature takes besides the certificate: markup, digest, the value of an RSA-4096 key.
pub(super) const MARKUP: usize = 1900;

/// SHA-256 over the canonical form of the element, all but its signature, which the enveloped-signature transform takes
/// away.
pub(super) fn digest<'a>(canonical_pieces: impl Iterator<Item = &'a str>) -> [u8; 32] {
    let mut digest = Sha256::new();
    canonical_pieces.for_each(|piece| digest.update(piece.as_bytes()));
    digest.finish()
}

/// Signs the element `id` whose start is in `xml` and whose end is in `rest`, puts the signature between the two, where SAML
/// 2.0 wants it, and leaves the whole in `xml`.
pub(crate) fn sign_between(
    xml: &mut CanonicalWriter,
    rest: &CanonicalWriter,
    id: &str,
    signer: &dyn Signer,
) -> Result<(), SigningError> {
    let digest = digest(xml.canonical_pieces().chain(rest.canonical_pieces()));
    append(xml, id, &digest, signer)?;
    xml.embed(rest);
    Ok(())
}

/// Appends the signature over the element `id` whose digest is `digest`.
pub(super) fn append(
    xml: &mut CanonicalWriter,
    id: &str,
    digest: &[u8],
    signer: &dyn Signer,
) -> Result<(), SigningError> {
    xml.literal(r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>"#);
    let start = xml.position();
    signed_info(xml, id, digest, signer);
    let message = [SIGNED_INFO_ALONE, xml.since(start)].concat();
    let value = signer.sign(message.as_bytes())?;
    xml.literal("<ds:SignatureValue>");
    STANDARD.encode_string(value, xml.unescaped());
    xml.literal("</ds:SignatureValue>");
    xml.literal(r#"<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>"#);
    xml.unescaped().push_str(signer.certificate_base64());
    xml.literal("</X509Certificate></X509Data></KeyInfo></ds:Signature>");
    Ok(())
}

fn signed_info(xml: &mut CanonicalWriter, id: &str, digest: &[u8], signer: &dyn Signer) {
    xml.literal(concat!(
        r#"<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>"#,
        r#"<ds:SignatureMethod Algorithm=""#
    ));
    xml.literal(signer.algorithm().uri());
    xml.literal(r##""></ds:SignatureMethod><ds:Reference URI="#"##);
    xml.attribute_value(id);
    xml.literal(concat!(
        r#""><ds:Transforms>"#,
        r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>"#,
        r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>"#,
        r#"<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>"#,
    ));
    STANDARD.encode_string(digest, xml.unescaped());
    xml.literal("</ds:DigestValue></ds:Reference></ds:SignedInfo>");
}
