//! The CRLs of a scenario, written value by value so that they can be of every kind.

use super::Mistake;
use super::der::{self, Digest, sequence, value};
use super::pki::{Authority, Pki};
use super::recipe::{Crl, Extension, Moment, Revoked};
use fedgate::certificate::Certificate;
use openssl::x509::X509Crl;

/// The CRL of this authority, as its server would send it.
pub(super) fn write(authority: &str, recipe: &Crl, pki: &Pki) -> Result<Vec<u8>, Mistake> {
    let named = |other: &Option<String>| pki.authority(other.as_deref().unwrap_or(authority));
    let signer = named(&recipe.signed_by)?;
    let issuer = Certificate::read_der(&named(&recipe.issuer)?.der)?;
    let key = signer.key.private();
    let digest = if recipe.signed_with_sha1 { Digest::Sha1 } else { Digest::Sha256 };
    let mut fields = vec![
        value(der::INTEGER, &[1]),
        der::signature_algorithm(key, digest)?,
        issuer.subject().der().to_vec(),
        utc_time(recipe.this_update),
    ];
    if !recipe.without_next_update {
        fields.push(utc_time(recipe.next_update));
    }
    if !recipe.revoked.is_empty() {
        let entries = recipe.revoked.iter().map(|revoked| entry(revoked, pki)).collect::<Result<Vec<_>, _>>()?;
        fields.push(sequence(&entries));
    }
    fields.push(value(0xa0, &sequence(&extensions(recipe, named(&recipe.key_identifier)?)?)));
    let crl = der::signed(sequence(&fields), key, digest)?;
    if recipe.pem { Ok(X509Crl::from_der(&crl)?.to_pem()?) } else { Ok(crl) }
}

/// An entry of `revokedCertificates` (RFC 5280 section 5.1.2.6).
fn entry(revoked: &Revoked, pki: &Pki) -> Result<Vec<u8>, Mistake> {
    let serial = match revoked.certificate.as_str() {
        "user" => pki.user_serial.clone(),
        name => match pki.authorities.get(name) {
            Some(authority) => authority.serial.clone(),
            None => der::octets(name)?,
        },
    };
    let mut fields = vec![value(der::INTEGER, &serial), utc_time(revoked.since)];
    let mut extensions = Vec::new();
    if let Some(reason) = &revoked.reason {
        let code = value(der::ENUMERATED, &[reason_code(reason)?]);
        extensions.push(der::extension("2.5.29.21", false, &code)?);
    }
    if let Some(issuer) = &revoked.issuer {
        let issuer = Certificate::read_der(&pki.authority(issuer)?.der)?;
        let name = sequence(&[value(0xa4, issuer.subject().der())]);
        extensions.push(der::extension("2.5.29.29", true, &name)?);
    }
    if !extensions.is_empty() {
        fields.push(sequence(&extensions));
    }
    Ok(sequence(&fields))
}

pub(super) fn reason_code(name: &str) -> Result<u8, Mistake> {
    const NAMES: [&str; 11] = [
        "unspecified",
        "keyCompromise",
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "(7 is not used)",
        "removeFromCRL",
        "privilegeWithdrawn",
        "aACompromise",
    ];
    let code = NAMES.iter().position(|known| *known == name).ok_or_else(|| format!("{name:?} is no reason"))?;
    Ok(u8::try_from(code)?)
}

fn extensions(recipe: &Crl, key_owner: &Authority) -> Result<Vec<Vec<u8>>, Mistake> {
    let number = |number: u8| value(der::INTEGER, &[number]);
    let identifier = value(0x80, &key_owner.key.identifier());
    let mut extensions = vec![
        der::extension("2.5.29.35", false, &sequence(&[identifier]))?,
        der::extension("2.5.29.20", false, &number(recipe.number))?,
    ];
    if let Some(base) = recipe.delta_of {
        extensions.push(der::extension("2.5.29.27", true, &number(base))?);
    }
    if let Some(scope) = &recipe.scope {
        let uri = |uri: &String| value(0xa0, &value(0xa0, &value(0x86, uri.as_bytes())));
        let flag = |tag: u8, set: bool| if set { value(tag, &[0xff]) } else { Vec::new() };
        let reasons = if scope.only_some_reasons { value(0x83, &[6, 0x40]) } else { Vec::new() };
        let fields = [
            scope.distribution_point.as_ref().map(uri).unwrap_or_default(),
            flag(0x81, scope.only_users),
            flag(0x82, scope.only_authorities),
            reasons,
            flag(0x84, scope.indirect),
        ];
        extensions.push(der::extension("2.5.29.28", true, &sequence(&fields))?);
    }
    for Extension { oid, critical, der } in &recipe.extensions {
        extensions.push(der::extension(oid, *critical, &der::octets(der)?)?);
    }
    Ok(extensions)
}

/// Good until 2049.
fn utc_time(moment: Moment) -> Vec<u8> {
    let text = moment.0.strftime("%y%m%d%H%M%SZ").to_string();
    value(der::UTC_TIME, text.as_bytes())
}
