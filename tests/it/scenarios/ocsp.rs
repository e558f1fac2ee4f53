//! The OCSP answers of a scenario, written value by value so that they can be of every kind.

use super::Mistake;
use super::crl::reason_code;
use super::der::{self, Digest, sequence, value};
use super::pki::{OcspSigner, Pki};
use super::recipe::{Extension, Moment, Nonce, Ocsp, OcspServed, OcspStatus};
use fedgate::certificate::Certificate;
use fedgate::revocation::ocsp::{OcspAnswer, OcspFailure, OcspRequest, OcspWanted, VerifiedOcsp};
use std::sync::Arc;

const NONCE: [u8; 32] = [0x5a; 32];

/// What comes of asking, as the edge would say it.
pub(super) fn answer(
    wanted: &OcspWanted,
    recipe: &Ocsp,
    signer: &OcspSigner,
    at: Moment,
    pki: &Pki,
) -> Result<OcspAnswer, Mistake> {
    let Some(url) = wanted.urls.first().cloned() else {
        let issuer = wanted.issuer.subject().dotnet().to_owned();
        return Ok(Err(OcspFailure::NoUrl { issuer }.into()));
    };
    let bytes = match &recipe.served {
        OcspServed::Whole => write(wanted, recipe, signer, pki)?,
        OcspServed::Text(text) => text.clone().into_bytes(),
        OcspServed::ResponseStatus(status) => sequence(&[value(der::ENUMERATED, &[*status])]),
        failed => return Ok(Err(failure(failed, url).into())),
    };
    let request = OcspRequest::new(&wanted.certificate, &wanted.issuer, Some(NONCE)).ok_or("no request")?;
    let verified =
        VerifiedOcsp::verify_with(&url, &bytes, &request, &wanted.certificate, &wanted.issuer, at.0, wanted.sha1);
    Ok(verified.map(Arc::new).map_err(Into::into))
}

fn failure(served: &OcspServed, url: String) -> OcspFailure {
    match served {
        OcspServed::TimedOut => OcspFailure::TimedOut { url, seconds: 10 },
        OcspServed::HttpStatus(status) => OcspFailure::HttpStatus { url, status: *status },
        OcspServed::TooLarge => OcspFailure::TooLarge { url, limit: 65_536 },
        OcspServed::AddressUnusable => {
            OcspFailure::UnsupportedAddress { url, detail: "only http:// responders are asked".to_owned() }
        }
        _ => OcspFailure::Unreachable { url, detail: "connection refused".to_owned() },
    }
}

/// `OCSPResponse` (RFC 6960 section 4.2.1).
fn write(wanted: &OcspWanted, recipe: &Ocsp, signer: &OcspSigner, pki: &Pki) -> Result<Vec<u8>, Mistake> {
    let mut single = vec![certificate_id(wanted, recipe, pki)?, status(recipe)?, generalized_time(recipe.this_update)];
    if !recipe.without_next_update {
        single.push(value(0xa0, &generalized_time(recipe.next_update)));
    }
    let name = Certificate::read_der(&signer.certificate)?;
    let mut data =
        vec![value(0xa1, name.subject().der()), generalized_time(recipe.this_update), sequence(&[sequence(&single)])];
    let mut extensions = Vec::new();
    if let Some(nonce) = match recipe.nonce {
        Nonce::Repeated => Some(NONCE),
        Nonce::Other => Some([0xa5; 32]),
        Nonce::Missing => None,
    } {
        extensions.push(der::extension("1.3.6.1.5.5.7.48.1.2", false, &value(der::OCTET_STRING, &nonce))?);
    }
    for Extension { oid, critical, der } in &recipe.extensions {
        extensions.push(der::extension(oid, *critical, &der::octets(der)?)?);
    }
    if !extensions.is_empty() {
        data.push(value(0xa1, &sequence(&extensions)));
    }
    let digest = if recipe.signed_with_sha1 { Digest::Sha1 } else { Digest::Sha256 };
    let basic = der::signed_with(sequence(&data), signer.key.private(), digest, &certificates(signer))?;
    let bytes = sequence(&[der::object_identifier("1.3.6.1.5.5.7.48.1.1")?, value(der::OCTET_STRING, &basic)]);
    Ok(sequence(&[value(der::ENUMERATED, &[0]), value(0xa0, &bytes)]))
}

fn certificates(signer: &OcspSigner) -> Vec<u8> {
    if signer.delegated { value(0xa0, &sequence(std::slice::from_ref(&signer.certificate))) } else { Vec::new() }
}

fn certificate_id(wanted: &OcspWanted, recipe: &Ocsp, pki: &Pki) -> Result<Vec<u8>, Mistake> {
    let serial = match recipe.about.as_str() {
        "user" => pki.user_serial.clone(),
        other => der::octets(other)?,
    };
    let key = openssl::x509::X509::from_der(wanted.issuer.der())?;
    let key = key.public_key()?.public_key_to_der()?;
    // The key's own octets follow the algorithm and the BIT STRING's head; for P-256 they are the last 65.
    let key = key.get(key.len().saturating_sub(65)..).ok_or("a P-256 key")?;
    Ok(sequence(&[
        sequence(&[der::object_identifier("1.3.14.3.2.26")?, value(0x05, &[])]),
        value(der::OCTET_STRING, &openssl::sha::sha1(wanted.certificate.issuer().der())),
        value(der::OCTET_STRING, &openssl::sha::sha1(key)),
        value(der::INTEGER, &serial),
    ]))
}

fn status(recipe: &Ocsp) -> Result<Vec<u8>, Mistake> {
    Ok(match recipe.status {
        OcspStatus::Good => value(0x80, &[]),
        OcspStatus::Unknown => value(0x82, &[]),
        OcspStatus::Revoked => {
            let mut fields = generalized_time(recipe.since);
            if let Some(reason) = &recipe.reason {
                fields.extend(value(0xa0, &value(der::ENUMERATED, &[reason_code(reason)?])));
            }
            value(0xa1, &fields)
        }
    })
}

fn generalized_time(moment: Moment) -> Vec<u8> {
    value(0x18, moment.0.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}
