//! A CRL that its issuer signed. [`VerifiedCrl::verify`] is the only way to one.

use super::crl::{Crl, Encoded, read_signed};
use super::crl_signature::{self, SignatureProblem};
use super::failure::CrlFailure;
use crate::certificate::{Certificate, DistinguishedName, hexadecimal};
use jiff::Timestamp;

/// A complete CRL, read once, its signature verified once.
#[derive(Debug)]
pub struct VerifiedCrl {
    crl: Crl,
    url: String,
    issuer: [u8; 32],
}

impl VerifiedCrl {
    /// Reads `bytes` that `url` answered and checks that `issuer` signed them and that the kind of CRL is one we handle.
    /// Time is not judged here: see [`super::judge`].
    pub fn verify(url: &str, bytes: &[u8], issuer: &Certificate) -> Result<Self, CrlFailure> {
        let unreadable = |detail| CrlFailure::Unreadable { url: url.to_owned(), detail };
        let encoded = Encoded::recognise(bytes).map_err(unreadable)?;
        let (crl, signed) = read_signed(&encoded).map_err(|error| unreadable(error.into()))?;
        check_issuer(url, &crl, issuer)?;
        crl_signature::verify(&issuer.public_key().spki_der, signed.algorithm, signed.tbs, signed.signature).map_err(
            |problem| match problem {
                SignatureProblem::Wrong => CrlFailure::BadSignature { url: url.to_owned() },
                SignatureProblem::Algorithm(name) => {
                    CrlFailure::Unsupported { url: url.to_owned(), what: format!("signature algorithm {name}") }
                }
            },
        )?;
        match unsupported(&crl) {
            Some(what) => Err(CrlFailure::Unsupported { url: url.to_owned(), what }),
            None => Ok(Self { crl, url: url.to_owned(), issuer: *issuer.fingerprint() }),
        }
    }

    /// What was read.
    pub fn crl(&self) -> &Crl {
        &self.crl
    }

    /// Where it came from.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// SHA-256 of the certificate whose key verified the signature.
    pub fn issuer_fingerprint(&self) -> &[u8; 32] {
        &self.issuer
    }

    /// Whether the CRL may be judged by at this moment: `thisUpdate` has come and `nextUpdate` has not.
    pub fn is_current(&self, at: Timestamp) -> bool {
        self.crl.this_update <= at && !self.has_expired(at)
    }

    /// Whether `nextUpdate` has come, or is not even named.
    pub fn has_expired(&self, at: Timestamp) -> bool {
        self.crl.next_update.is_none_or(|next_update| at >= next_update)
    }

    /// Whether the CRL's scope takes this certificate in (RFC 5280 section 6.3.3 (b)(2)). `configured` is the address the
    /// operator set for the authority; it stands in for the certificate's distribution point only when that names none.
    pub fn covers(&self, certificate: &Certificate, configured: Option<&str>) -> Result<(), CrlFailure> {
        let Some(scope) = &self.crl.extensions.issuing_distribution_point else { return Ok(()) };
        let out = |detail: String| Err(CrlFailure::OutOfScope { url: self.url.clone(), detail });
        let is_authority = certificate.basic_constraints().is_some_and(|constraints| constraints.ca);
        if scope.only_user_certificates && is_authority {
            return out("it lists end-entity certificates only, and this is a CA's".to_owned());
        }
        if scope.only_ca_certificates && !is_authority {
            return out("it lists CA certificates only, and this is none".to_owned());
        }
        let Some(names) = &scope.distribution_point else { return Ok(()) };
        let own = certificate.crl_distribution_points();
        let matches = |uri: &String| if own.is_empty() { configured == Some(uri.as_str()) } else { own.contains(uri) };
        if names.uris.iter().any(matches) {
            return Ok(());
        }
        out(format!(
            "it is the part for the distribution point {}, which the certificate does not name",
            if names.uris.is_empty() { "with a name that is no URL".to_owned() } else { names.uris.join(", ") }
        ))
    }
}

/// The name, the key identifier and the key usage (section 6.3.3 (b)(1), (f)).
fn check_issuer(url: &str, crl: &Crl, issuer: &Certificate) -> Result<(), CrlFailure> {
    let subject = issuer.subject();
    if crl.issuer != subject.der() {
        let found = DistinguishedName::read_der(&crl.issuer)
            .map_or_else(|_| "(a name that cannot be read)".to_owned(), |name| name.dotnet().to_owned());
        return Err(CrlFailure::WrongIssuer { url: url.to_owned(), found, expected: subject.dotnet().to_owned() });
    }
    match (crl.authority_key_identifier(), issuer.subject_key_identifier()) {
        (Some(found), Some(expected)) if found != expected => {
            return Err(CrlFailure::WrongIssuerKey {
                url: url.to_owned(),
                issuer: subject.dotnet().to_owned(),
                found: hexadecimal::upper(found.iter().copied()),
                expected: hexadecimal::upper(expected.iter().copied()),
            });
        }
        _ => {}
    }
    if issuer.key_usage().is_some_and(|usage| !usage.crl_sign()) {
        return Err(CrlFailure::IssuerMayNotSign { url: url.to_owned(), issuer: subject.dotnet().to_owned() });
    }
    Ok(())
}

/// What about a genuine CRL keeps it from being used: whatever is not understood could hide a revocation.
fn unsupported(crl: &Crl) -> Option<String> {
    let scope = crl.extensions.issuing_distribution_point.as_ref();
    let known: [(bool, &str); 4] = [
        (crl.extensions.delta_of.is_some(), "it is a delta CRL"),
        (scope.is_some_and(|scope| scope.indirect), "it is an indirect CRL"),
        (scope.is_some_and(|scope| scope.only_some_reasons), "it lists only some reasons for revocation"),
        (scope.is_some_and(|scope| scope.only_attribute_certificates), "it lists attribute certificates only"),
    ];
    let kind = known.iter().find(|(applies, _)| *applies).map(|(_, what)| (*what).to_owned());
    let entry = || crl.entries.unsupported().map(|what| format!("it has {what}"));
    let critical = || {
        let unknown = &crl.extensions.unknown_critical;
        (!unknown.is_empty()).then(|| format!("it has unknown critical extensions: {}", unknown.join(", ")))
    };
    kind.or_else(entry).or_else(critical)
}
