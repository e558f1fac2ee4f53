//! What a certificate says of itself, as claims: the complete list of ADFS-PROTOCOLS section 9.1, in the formats of section
//! 9.2. Everything was read with the certificate; here it is only spelled.

mod dotnet_text;
mod windows_text;

use super::{AD_AUTHORITY, Claim, claim_types as types};
use crate::certificate::{Certificate, hexadecimal};
use crate::text::Text;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The type of an `rsa` claim in Windows Identity Foundation.
const RSA_KEY_VALUE: &str = "http://www.w3.org/2000/09/xmldsig#RSAKeyValue";
/// A certificate of an enterprise authority has some two dozen.
const USUAL_COUNT: usize = 32;

/// The claims of the certificate context whose types are wanted, issued by `AD AUTHORITY`. Multi-valued ones come in
/// certificate order; what the certificate does not say is no claim, not an empty one.
pub fn certificate_claims(certificate: &Certificate, wanted: impl Fn(&str) -> bool) -> Vec<Claim> {
    let mut context = Context { claims: Vec::with_capacity(USUAL_COUNT), wanted };
    context.whole(certificate);
    context.fields(certificate);
    context.extensions(certificate);
    context.claims
}

macro_rules! field {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/2012/12/certificatecontext/field/", $name)
    };
}

macro_rules! extension {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/2012/12/certificatecontext/extension/", $name)
    };
}

struct Context<W> {
    claims: Vec<Claim>,
    wanted: W,
}

impl<W: Fn(&str) -> bool> Context<W> {
    /// The value is only spelled when somebody will read it.
    fn say<T: Into<Text>>(&mut self, claim_type: &'static str, value: impl FnOnce() -> T) {
        self.say_all(claim_type, || [value()]);
    }

    fn say_all<T: Into<Text>, I: IntoIterator<Item = T>>(
        &mut self,
        claim_type: &'static str,
        values: impl FnOnce() -> I,
    ) {
        if (self.wanted)(claim_type) {
            let values = values().into_iter().map(Into::into).filter(|value: &Text| !value.is_empty());
            self.claims.extend(values.map(|value| Claim::new(claim_type, value, AD_AUTHORITY)));
        }
    }

    /// The types that are older than the certificate context.
    fn whole(&mut self, certificate: &Certificate) {
        self.say(types::SERIAL_NUMBER, || certificate.serial().to_string());
        // Base64 in WIF, hexadecimal in the tools administrators copy from; section U takes X509Certificate2.Thumbprint.
        self.say(types::THUMBPRINT, || hexadecimal::upper(certificate.sha1_thumbprint()));
        // Documented as "Public Key" only; WIF writes RSA.ToXmlString, and says nothing of keys that are not RSA.
        if let Some((modulus, exponent)) = certificate.public_key().rsa_numbers().filter(|_| (self.wanted)(types::RSA))
        {
            let key = dotnet_text::rsa_key_value(modulus, exponent);
            self.claims.push(Claim::new(types::RSA, key, AD_AUTHORITY).with_value_type(RSA_KEY_VALUE));
        }
    }

    fn fields(&mut self, certificate: &Certificate) {
        let (issuer, subject) = (certificate.issuer().dotnet(), certificate.subject().dotnet());
        self.say(field!("issuer"), || issuer.to_owned());
        self.say(field!("issuername"), || issuer.to_owned());
        self.say(field!("subject"), || subject.to_owned());
        self.say(field!("subjectname"), || subject.to_owned());
        // AD FS writes the server's local time; docs/adfs-divergences.md.
        self.say(field!("notbefore"), || dotnet_text::date(certificate.not_before()));
        self.say(field!("notafter"), || dotnet_text::date(certificate.not_after()));
        let algorithm = certificate.signature_algorithm();
        self.say(field!("signaturealgorithm"), || dotnet_text::signature_algorithm(algorithm).to_owned());
        self.say(field!("x509version"), || certificate.version().to_string());
        self.say(field!("rawdata"), || BASE64_STANDARD.encode(certificate.der()));
    }

    fn extensions(&mut self, certificate: &Certificate) {
        let usages = certificate.key_usage();
        self.say_all(extension!("keyusage"), || usages.into_iter().flat_map(dotnet_text::key_usages));
        let usages = certificate.extended_key_usage().unwrap_or_default();
        self.say_all(extension!("eku"), || usages.iter().cloned());
        let names = certificate.subject_alternative_names();
        self.say(extension!("san"), || windows_text::alternative_names(names));
        // The documented sample is lower-case, X509SubjectKeyIdentifierExtension upper-case; .NET decides.
        let identifier = certificate.subject_key_identifier().unwrap_or_default();
        self.say(extension!("subjectkeyidentifier"), || hexadecimal::upper(identifier.iter().copied()));
        self.say(extension!("authoritykeyidentifier"), || windows_text::authority_key(certificate));
        let constraints = certificate.basic_constraints();
        self.say_all(extension!("basicconstraints"), || constraints.map(windows_text::basic_constraints));
        // "One per policy" leaves the form open: the identifier, as for eku, is what a rule can compare.
        self.say_all(extension!("applicationpolicy"), || certificate.application_policies().iter().cloned());
        self.say_all(extension!("certificatepolicy"), || certificate.certificate_policies().iter().cloned());
        let name = certificate.template_name().unwrap_or_default();
        self.say(extension!("certificatetemplatename"), || name.to_owned());
        self.say_all(extension!("certificatetemplateinformation"), || {
            certificate.template().map(windows_text::template)
        });
    }
}

#[cfg(test)]
mod tests;
