//! The extensions somebody here asks for. A malformed one of these refuses the certificate, critical or not: its meaning
//! would be a guess. Only those that merely become claims are passed over when they cannot be read.

use super::{
    BasicConstraints, CertificateError, CertificateTemplate, GeneralName, KeyUsage, NameConstraints, PolicyConstraints,
    PolicyMapping, SerialNumber, oid, policies, template,
};
use x509_parser::asn1_rs::{FromDer, Oid};
use x509_parser::extensions::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, CRLDistributionPoints, DistributionPointName,
    GeneralName as ParsedName, KeyIdentifier, SubjectAlternativeName, X509Extension,
};
use x509_parser::extensions::{BasicConstraints as ParsedConstraints, KeyUsage as ParsedUsage};

#[derive(Debug, Clone, Default)]
pub(super) struct Extensions {
    pub(super) subject_alternative_names: Vec<GeneralName>,
    pub(super) extended_key_usage: Option<Vec<String>>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    pub(super) authority_issuer: Vec<GeneralName>,
    pub(super) authority_serial: Option<SerialNumber>,
    pub(super) crl_distribution_points: Vec<String>,
    pub(super) ocsp_urls: Vec<String>,
    pub(super) ocsp_no_check: bool,
    pub(super) crl_distribution_points_der: Option<Vec<u8>>,
    pub(super) freshest_crl_der: Option<Vec<u8>>,
    pub(super) certificate_policies: Vec<String>,
    pub(super) policy_mappings: Vec<PolicyMapping>,
    pub(super) policy_constraints: Option<PolicyConstraints>,
    pub(super) inhibit_any_policy: Option<u32>,
    pub(super) name_constraints: Option<NameConstraints>,
    /// Bit N is set when the extension 2.5.29.N is critical.
    pub(super) critical: u64,
    pub(super) application_policies: Vec<String>,
    pub(super) template_name: Option<String>,
    pub(super) template: Option<CertificateTemplate>,
    pub(super) unhandled_critical: Vec<String>,
}

impl Extensions {
    pub(super) fn read(extensions: &[X509Extension<'_>]) -> Result<Self, CertificateError> {
        let mut read = Self::default();
        for (position, extension) in extensions.iter().enumerate() {
            if extensions[..position].iter().any(|earlier| earlier.oid == extension.oid) {
                return Err(CertificateError::DuplicateExtension { oid: extension.oid.to_id_string() });
            }
            read.take(extension).ok_or_else(|| CertificateError::Extension { oid: extension.oid.to_id_string() })?;
        }
        Ok(read)
    }

    fn take(&mut self, extension: &X509Extension<'_>) -> Option<()> {
        let value = extension.value;
        if let ([0x55, 0x1d, last @ 0..64], true) = (extension.oid.as_bytes(), extension.critical) {
            self.critical |= 1 << last;
        }
        match extension.oid.as_bytes() {
            oid::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_identifier = Some(whole::<KeyIdentifier<'_>, _>(value)?.0.to_vec());
            }
            oid::AUTHORITY_KEY_IDENTIFIER => {
                let authority = whole::<AuthorityKeyIdentifier<'_>, _>(value)?;
                self.authority_key_identifier = authority.key_identifier.map(|identifier| identifier.0.to_vec());
                let names = authority.authority_cert_issuer.unwrap_or_default();
                self.authority_issuer = names.iter().map(GeneralName::read).collect();
                self.authority_serial = authority.authority_cert_serial.map(SerialNumber::from_octets);
            }
            oid::KEY_USAGE => self.key_usage = Some(KeyUsage::from_flags(whole::<ParsedUsage, _>(value)?.flags)),
            oid::BASIC_CONSTRAINTS => {
                let constraints = whole::<ParsedConstraints, _>(value)?;
                self.basic_constraints =
                    Some(BasicConstraints { ca: constraints.ca, path_length: constraints.path_len_constraint });
            }
            oid::EXTENDED_KEY_USAGE => {
                let usages = whole::<Vec<Oid<'_>>, _>(value)?;
                self.extended_key_usage = Some(usages.iter().map(Oid::to_id_string).collect());
            }
            oid::SUBJECT_ALTERNATIVE_NAME => {
                let names = whole::<SubjectAlternativeName<'_>, _>(value)?.general_names;
                self.subject_alternative_names = names.iter().map(GeneralName::read).collect();
            }
            oid::CRL_DISTRIBUTION_POINTS => {
                self.crl_distribution_points = distribution_urls(value)?;
                self.crl_distribution_points_der = Some(value.to_vec());
            }
            oid::FRESHEST_CRL => self.freshest_crl_der = Some(value.to_vec()),
            oid::CERTIFICATE_POLICIES => self.certificate_policies = policies::policies(value)?,
            oid::POLICY_MAPPINGS => self.policy_mappings = PolicyMapping::read_all(value)?,
            oid::POLICY_CONSTRAINTS => self.policy_constraints = Some(PolicyConstraints::read(value)?),
            oid::INHIBIT_ANY_POLICY => self.inhibit_any_policy = Some(policies::inhibit_any(value)?),
            oid::NAME_CONSTRAINTS => self.name_constraints = Some(NameConstraints::read(value)?),
            other => {
                self.inform(other, value);
                if extension.critical {
                    self.unhandled_critical.push(extension.oid.to_id_string());
                }
            }
        }
        Some(())
    }

    /// What nobody enforces and claims repeat. Reading it does not handle it, so a critical one still refuses.
    fn inform(&mut self, oid: &[u8], value: &[u8]) {
        match oid {
            oid::APPLICATION_POLICIES => self.application_policies = policies::policies(value).unwrap_or_default(),
            oid::AUTHORITY_INFORMATION_ACCESS => self.ocsp_urls = ocsp_urls(value).unwrap_or_default(),
            oid::OCSP_NO_CHECK => self.ocsp_no_check = value == [0x05, 0x00],
            oid::TEMPLATE_NAME => self.template_name = template::read_name(value),
            oid::TEMPLATE => self.template = template::read(value),
            _ => {}
        }
    }
}

/// The value is one `T` and nothing after it.
pub(super) fn whole<'a, T: FromDer<'a, E>, E>(value: &'a [u8]) -> Option<T> {
    T::from_der(value).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, parsed)| parsed)
}

fn distribution_urls(value: &[u8]) -> Option<Vec<String>> {
    let points = whole::<CRLDistributionPoints<'_>, _>(value)?.points;
    let names = points.iter().filter_map(|point| match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    let urls = names.flatten().filter_map(|name| match name {
        ParsedName::URI(url) => Some((*url).to_owned()),
        _ => None,
    });
    Some(urls.collect())
}

fn ocsp_urls(value: &[u8]) -> Option<Vec<String>> {
    let access = whole::<AuthorityInfoAccess<'_>, _>(value)?.accessdescs;
    let responders = access.iter().filter(|description| description.access_method.as_bytes() == oid::OCSP_ACCESS);
    let urls = responders.filter_map(|description| match &description.access_location {
        ParsedName::URI(url) => Some((*url).to_owned()),
        _ => None,
    });
    Some(urls.collect())
}
