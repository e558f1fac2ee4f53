//! A CRL that its issuer signed. [`VerifiedCrl::verify`] is the only way to one.

use super::crl::{Crl, Encoded, is_name, read_signed};
use super::crl_extensions::IssuingDistributionPoint;
use super::crl_signature::{self, Sha1, SignatureProblem};
use super::distribution_point::{DistributionPoint, DistributionPointNames, ReasonSet, read_distribution_points};
use super::failure::CrlFailure;
use crate::certificate::{Certificate, DistinguishedName, hexadecimal};
use jiff::Timestamp;

/// A CRL, complete or delta, read once, its signature verified once.
#[derive(Debug)]
pub struct VerifiedCrl {
    crl: Crl,
    url: String,
    issuer: [u8; 32],
}

impl VerifiedCrl {
    /// Reads `bytes` that `url` answered and checks that `issuer` signed them and that the kind of CRL is one we handle.
    /// Time is not judged here: see [`super::judge`].
    ///
    /// # Errors
    /// Why it says nothing.
    pub fn verify(url: &str, bytes: &[u8], issuer: &Certificate) -> Result<Self, CrlFailure> {
        Self::verify_with(url, bytes, issuer, Sha1::Refused)
    }

    /// The same where the operator has decided about SHA-1.
    ///
    /// # Errors
    /// Why it says nothing.
    pub fn verify_with(url: &str, bytes: &[u8], issuer: &Certificate, sha1: Sha1) -> Result<Self, CrlFailure> {
        let unreadable = |detail| CrlFailure::Unreadable { url: url.to_owned(), detail };
        let encoded = Encoded::recognise(bytes).map_err(unreadable)?;
        let (crl, signed) = read_signed(&encoded).map_err(|error| unreadable(error.into()))?;
        check_issuer(url, &crl, issuer)?;
        crl_signature::verify(&issuer.public_key().spki_der, signed.algorithm, signed.tbs, signed.signature, sha1)
            .map_err(|problem| match problem {
                SignatureProblem::Wrong => CrlFailure::BadSignature { url: url.to_owned() },
                SignatureProblem::Sha1(algorithm) => CrlFailure::WeakSignature { url: url.to_owned(), algorithm },
                SignatureProblem::Algorithm(name) => {
                    CrlFailure::Unsupported { url: url.to_owned(), what: format!("signature algorithm {name}") }
                }
            })?;
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

    /// Whether it lists changes only (RFC 5280 section 5.2.4).
    pub fn is_delta(&self) -> bool {
        self.crl.delta_of().is_some()
    }

    /// Whether the CRL may be judged by at this moment: `thisUpdate` has come and `nextUpdate` has not.
    pub fn is_current(&self, at: Timestamp) -> bool {
        self.crl.this_update <= at && !self.has_expired(at)
    }

    /// Whether `nextUpdate` has come, or is not even named.
    pub fn has_expired(&self, at: Timestamp) -> bool {
        self.crl.next_update.is_none_or(|next_update| at >= next_update)
    }

    /// The reasons for revocation that the CRL speaks of for this certificate (RFC 5280 section 6.3.3 (b)(2) and (d)).
    /// `configured` are the addresses the operator set for the authority; they stand in for the certificate's distribution
    /// points only when it names none.
    ///
    /// # Errors
    /// The limit of its scope that leaves the certificate out.
    pub fn covers(&self, certificate: &Certificate, configured: &[String]) -> Result<ReasonSet, CrlFailure> {
        let out = |detail: String| Err(CrlFailure::OutOfScope { url: self.url.clone(), detail });
        let no_limits = IssuingDistributionPoint::default();
        let scope = self.crl.extensions.issuing_distribution_point.as_ref().unwrap_or(&no_limits);
        let is_authority = certificate.basic_constraints().is_some_and(|constraints| constraints.ca);
        if scope.only_user_certificates && is_authority {
            return out("it lists end-entity certificates only, and this is a CA's".to_owned());
        }
        if scope.only_ca_certificates && !is_authority {
            return out("it lists CA certificates only, and this is none".to_owned());
        }
        if scope.only_attribute_certificates {
            return out("it lists attribute certificates only".to_owned());
        }
        let reasons = scope.only_some_reasons.unwrap_or(ReasonSet::ALL);
        match (self.reasons_of_points(scope, certificate, configured), &scope.distribution_point) {
            (Some(of_points), _) => Ok(reasons.intersection(of_points)),
            (None, Some(names)) => out(format!(
                "it is the part for the distribution point {}, which the certificate does not name",
                if names.uris.is_empty() { "with a name that is no URL".to_owned() } else { names.uris.join(", ") }
            )),
            (None, None) => out("its issuer is not one that the certificate names for an indirect CRL".to_owned()),
        }
    }

    /// What the certificate's points that this CRL belongs to are for; `None` when there is no such point. The last resort
    /// of section 6.3.3, a point that bears the name of the certificate's issuer and is for all reasons, is always there.
    fn reasons_of_points(
        &self,
        scope: &IssuingDistributionPoint,
        certificate: &Certificate,
        configured: &[String],
    ) -> Option<ReasonSet> {
        let issuer = &self.crl.issuer;
        let own = is_name(issuer, certificate.issuer());
        let last_resort = own
            && match &scope.distribution_point {
                None => true,
                Some(names) => DistributionPointNames::directory_name(issuer).shares_a_name(names, issuer),
            };
        if last_resort {
            return Some(ReasonSet::ALL);
        }
        let points = match certificate.crl_distribution_points_der() {
            Some(value) => read_distribution_points(value).unwrap_or_default(),
            None => configured.iter().map(|url| DistributionPoint::for_all_reasons(url)).collect(),
        };
        let belongs = |point: &&DistributionPoint| match point.crl_issuers.as_slice() {
            [] => own,
            named => scope.indirect && named.iter().any(|name| name == issuer),
        };
        let is_named = |point: &&DistributionPoint| match (&scope.distribution_point, &point.names) {
            (None, _) => true,
            (Some(names), Some(own)) => own.shares_a_name(names, issuer),
            (Some(names), None) => {
                let own = |name: &Vec<u8>| DistributionPointNames::directory_name(name).shares_a_name(names, issuer);
                point.crl_issuers.iter().any(own)
            }
        };
        points
            .iter()
            .filter(belongs)
            .filter(is_named)
            .map(|point| point.reasons.unwrap_or(ReasonSet::ALL))
            .reduce(ReasonSet::union)
    }
}

/// The name, the key identifier and the key usage (section 6.3.3 (b)(1), (f)).
fn check_issuer(url: &str, crl: &Crl, issuer: &Certificate) -> Result<(), CrlFailure> {
    let subject = issuer.subject();
    if !is_name(&crl.issuer, subject) {
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
    let foreign = crl.entries.names_issuers() && !scope.is_some_and(|scope| scope.indirect);
    let kind = foreign.then(|| "it has an entry of another issuer, though it is not an indirect CRL".to_owned());
    let entry = || crl.entries.unsupported().map(|what| format!("it has {what}"));
    let critical = || {
        let unknown = &crl.extensions.unknown_critical;
        (!unknown.is_empty()).then(|| format!("it has unknown critical extensions: {}", unknown.join(", ")))
    };
    kind.or_else(entry).or_else(critical)
}
