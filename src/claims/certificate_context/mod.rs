//! What a certificate says of itself, as claims: the complete list of ADFS-PROTOCOLS section 9.1, in the formats of section
//! 9.2. Everything was read with the certificate; here it is only spelled.

mod dotnet_text;
mod windows_text;

use super::{AD_AUTHORITY, Claim, claim_types as types};
use crate::certificate::Certificate;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The type of an `rsa` claim in Windows Identity Foundation.
const RSA_KEY_VALUE: &str = "http://www.w3.org/2000/09/xmldsig#RSAKeyValue";
/// A certificate of an enterprise authority has some two dozen.
const USUAL_COUNT: usize = 32;

/// The claims of the certificate context, issued by `AD AUTHORITY`. Multi-valued ones come in certificate order; what the
/// certificate does not say is no claim, not an empty one.
pub fn certificate_claims(certificate: &Certificate) -> Vec<Claim> {
    let mut context = Context { claims: Vec::with_capacity(USUAL_COUNT) };
    context.whole(certificate);
    context.fields(certificate);
    context.extensions(certificate);
    context.claims
}

struct Context {
    claims: Vec<Claim>,
}

impl Context {
    fn say(&mut self, claim_type: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.claims.push(Claim::new(claim_type, value, AD_AUTHORITY));
        }
    }

    fn field(&mut self, name: &str, value: impl Into<String>) {
        self.say([types::CERTIFICATE_FIELD, name].concat(), value);
    }

    fn extension(&mut self, name: &str, value: impl Into<String>) {
        self.say([types::CERTIFICATE_EXTENSION, name].concat(), value);
    }

    /// The types that are older than the certificate context.
    fn whole(&mut self, certificate: &Certificate) {
        self.say(types::SERIAL_NUMBER, certificate.serial().to_string());
        // Base64 in WIF, hexadecimal in the tools administrators copy from; section U takes X509Certificate2.Thumbprint.
        self.say(types::THUMBPRINT, dotnet_text::hexadecimal(&certificate.sha1_thumbprint()));
        // Documented as "Public Key" only; WIF writes RSA.ToXmlString, and says nothing of keys that are not RSA.
        if let Some((modulus, exponent)) = certificate.public_key().rsa_numbers() {
            let key = dotnet_text::rsa_key_value(modulus, exponent);
            self.claims.push(Claim::new(types::RSA, key, AD_AUTHORITY).with_value_type(RSA_KEY_VALUE));
        }
    }

    fn fields(&mut self, certificate: &Certificate) {
        let (issuer, subject) = (certificate.issuer().dotnet(), certificate.subject().dotnet());
        self.field("issuer", issuer);
        self.field("issuername", issuer);
        self.field("subject", subject);
        self.field("subjectname", subject);
        // AD FS writes the server's local time; docs/adfs-divergences.md.
        self.field("notbefore", dotnet_text::date(certificate.not_before()));
        self.field("notafter", dotnet_text::date(certificate.not_after()));
        self.field("signaturealgorithm", dotnet_text::signature_algorithm(certificate.signature_algorithm()));
        self.field("x509version", certificate.version().to_string());
        self.field("rawdata", BASE64_STANDARD.encode(certificate.der()));
    }

    fn extensions(&mut self, certificate: &Certificate) {
        for usage in certificate.key_usage().into_iter().flat_map(dotnet_text::key_usages) {
            self.extension("keyusage", usage);
        }
        for usage in certificate.extended_key_usage().unwrap_or_default() {
            self.extension("eku", usage);
        }
        self.extension("san", windows_text::alternative_names(certificate.subject_alternative_names()));
        // The documented sample is lower-case, X509SubjectKeyIdentifierExtension upper-case; .NET decides.
        let identifier = certificate.subject_key_identifier().unwrap_or_default();
        self.extension("subjectkeyidentifier", dotnet_text::hexadecimal(identifier));
        self.extension("authoritykeyidentifier", windows_text::authority_key(certificate));
        if let Some(constraints) = certificate.basic_constraints() {
            self.extension("basicconstraints", windows_text::basic_constraints(constraints));
        }
        // "One per policy" leaves the form open: the identifier, as for eku, is what a rule can compare.
        for policy in certificate.application_policies() {
            self.extension("applicationpolicy", policy);
        }
        for policy in certificate.certificate_policies() {
            self.extension("certificatepolicy", policy);
        }
        self.extension("certificatetemplatename", certificate.template_name().unwrap_or_default());
        if let Some(template) = certificate.template() {
            self.extension("certificatetemplateinformation", windows_text::template(template));
        }
    }
}

#[cfg(test)]
mod tests;
