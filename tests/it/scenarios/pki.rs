//! The authorities and the user's certificate of a scenario.

use super::recipe::{self, Container, Damage, Extension, Scenario};
use super::{Mistake, der, keys};
use fedgate::certificate::Certificate;
use fedgate::lab::LabKey;
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose, NameConstraints, SanType,
    SerialNumber,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use time::OffsetDateTime;

/// Microsoft's user principal name (MS-PKCA section 3.1.5.2.1.2).
const USER_PRINCIPAL_NAME: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 20, 2, 3];

/// An authority with its certificate and key.
pub(super) struct Authority {
    pub(super) der: Vec<u8>,
    pub(super) key: Arc<LabKey>,
    pub(super) serial: Vec<u8>,
    pub(super) installed: Container,
    parameters: CertificateParams,
}

/// Who signs OCSP answers: the authority or a responder of its own.
pub(super) struct OcspSigner {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Arc<LabKey>,
    pub(super) delegated: bool,
}

/// Everything that is signed in a scenario, CRLs apart.
pub(super) struct Pki {
    pub(super) authorities: BTreeMap<String, Authority>,
    pub(super) user: Vec<u8>,
    pub(super) user_serial: Vec<u8>,
    pub(super) sent: Vec<Vec<u8>>,
}

impl Pki {
    pub(super) fn make(scenario: &Scenario) -> Result<Self, Mistake> {
        let mut recipes = scenario.authorities.clone();
        for usual in ["root", "issuing"] {
            recipes.entry(usual.to_owned()).or_default();
        }
        let recipe = &scenario.certificate;
        let mut pki =
            Self { authorities: BTreeMap::new(), user: Vec::new(), user_serial: Vec::new(), sent: Vec::new() };
        let mut waiting: Vec<&String> = recipes.keys().collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut left = Vec::new();
            for name in waiting {
                if !pki.add_authority(name, &recipes[name])? {
                    left.push(name);
                }
            }
            if left.len() == before {
                return Err(format!("nobody can issue {left:?}").into());
            }
            waiting = left;
        }
        pki.sent =
            recipe.sends.iter().map(|name| Ok(pki.authority(name)?.der.clone())).collect::<Result<_, Mistake>>()?;
        let issuer = if recipe.sends_maze > 0 { pki.add_maze(recipe.sends_maze)? } else { recipe.issuer.clone() };
        pki.user_serial = der::octets(&recipe.serial)?;
        let crl_issuer = recipe.crl_issuer.as_deref().map(|name| pki.authority(name)).transpose()?;
        pki.user = user(recipe, pki.authority(&issuer)?, &issuer, crl_issuer)?;
        Ok(pki)
    }

    /// Who signs the OCSP answers of an authority.
    pub(super) fn ocsp_signer(&self, authority: &str, recipe: &recipe::Ocsp) -> Result<OcspSigner, Mistake> {
        let key_of = recipe.signed_by.as_deref();
        let Some(responder) = &recipe.responder else {
            let named = self.authority(authority)?;
            let key = Arc::clone(&self.authority(key_of.unwrap_or(authority))?.key);
            return Ok(OcspSigner { certificate: named.der.clone(), key, delegated: false });
        };
        let key = keys::key("responder", "p256")?;
        let mut parameters = parameters("Contoso OCSP", &key, responder.validity)?;
        parameters.serial_number = Some(SerialNumber::from_slice(&[0x4f]));
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = extended_key_usages(&responder.extended_key_usages)?;
        let issuer = responder.issuer.as_deref().unwrap_or(authority);
        let certificate = self.authority(issuer)?.sign(&parameters, &key)?;
        Ok(OcspSigner { certificate, key, delegated: true })
    }

    pub(super) fn authority(&self, name: &str) -> Result<&Authority, Mistake> {
        self.authorities.get(name).ok_or_else(|| format!("there is no authority {name:?}").into())
    }

    /// The installed certificates of a container, as files.
    pub(super) fn installed(&self, container: Container) -> Vec<(String, Vec<u8>)> {
        let installed = self.authorities.iter().filter(|(_, authority)| authority.installed == container);
        installed.map(|(name, authority)| (format!("{name}.cer"), authority.der.clone())).collect()
    }

    /// False when its issuer is not there yet.
    fn add_authority(&mut self, name: &str, recipe: &recipe::Authority) -> Result<bool, Mistake> {
        let issuer_name = recipe.issuer.as_deref().unwrap_or("root");
        let own_issuer = issuer_name == name;
        if !own_issuer && !self.authorities.contains_key(issuer_name) {
            return Ok(false);
        }
        let kind = recipe.key.as_deref().unwrap_or("p256");
        let key = keys::key(recipe.key_of.as_deref().unwrap_or(name), kind)?;
        let mut parameters = authority_parameters(name, recipe, &key)?;
        let serial = [&[0x40], &openssl::sha::sha256(name.as_bytes())[..7]].concat();
        parameters.serial_number = Some(SerialNumber::from_slice(&serial));
        let der = if own_issuer {
            parameters.self_signed(&*key)?.der().to_vec()
        } else {
            parameters.crl_distribution_points = distribution_points(&[crl_url(issuer_name)]);
            self.authority(issuer_name)?.sign(&parameters, &key)?
        };
        let installed =
            recipe.installed.unwrap_or(if own_issuer { Container::Roots } else { Container::Intermediates });
        self.authorities.insert(name.to_owned(), Authority { der, key, serial, installed, parameters });
        Ok(true)
    }

    /// Authorities that have all certified each other. The certificates are sent; the last authority issues.
    fn add_maze(&mut self, size: usize) -> Result<String, Mistake> {
        let names: Vec<String> = (1..=size).map(|number| format!("maze {number}")).collect();
        for name in &names {
            let own = recipe::Authority {
                issuer: Some(name.clone()),
                installed: Some(Container::Nowhere),
                ..recipe::Authority::default()
            };
            self.add_authority(name, &own)?;
        }
        for issuer in &names {
            for subject in &names {
                let (issuer, subject) = (self.authority(issuer)?, self.authority(subject)?);
                let certificate = issuer.sign(&subject.parameters, &subject.key)?;
                self.sent.push(certificate);
            }
        }
        names.into_iter().next_back().ok_or_else(|| "an empty maze".into())
    }
}

impl Authority {
    fn sign(&self, parameters: &CertificateParams, key: &LabKey) -> Result<Vec<u8>, Mistake> {
        let mut parameters = parameters.clone();
        parameters.use_authority_key_identifier_extension = true;
        self.sign_exactly(&parameters, key)
    }

    fn sign_exactly(&self, parameters: &CertificateParams, key: &LabKey) -> Result<Vec<u8>, Mistake> {
        Ok(parameters.signed_by(key, &Issuer::from_params(&self.parameters, &*self.key))?.der().to_vec())
    }
}

/// Where an authority publishes its CRL.
pub(super) fn crl_url(authority: &str) -> String {
    format!("http://crl.contoso.test/{authority}.crl")
}

fn authority_parameters(name: &str, recipe: &recipe::Authority, key: &LabKey) -> Result<CertificateParams, Mistake> {
    let usual_name = match name {
        "root" => "Contoso Root CA".to_owned(),
        "issuing" => "Contoso Issuing CA".to_owned(),
        other => format!("Contoso {other} CA"),
    };
    let usual_validity = ["2020-01-01", "2036-01-01"].map(|day| recipe::Moment::try_from(day.to_owned()));
    let [from, to] = match recipe.validity {
        Some(validity) => validity,
        None => {
            let [from, to] = usual_validity;
            [from?, to?]
        }
    };
    let mut parameters = parameters(recipe.name.as_deref().unwrap_or(&usual_name), key, [from, to])?;
    parameters.is_ca = match (recipe.ca, recipe.path_length) {
        (Some(false), _) => IsCa::ExplicitNoCa,
        (_, Some(length)) => IsCa::Ca(BasicConstraints::Constrained(length)),
        (_, None) => IsCa::Ca(BasicConstraints::Unconstrained),
    };
    let usual_usage = || vec!["keyCertSign".to_owned(), "cRLSign".to_owned()];
    parameters.key_usages = key_usages(&recipe.key_usage.clone().unwrap_or_else(usual_usage))?;
    parameters.extended_key_usages = extended_key_usages(&recipe.extended_key_usages)?;
    if !(recipe.permitted_names.is_empty() && recipe.excluded_names.is_empty()) {
        parameters.name_constraints = Some(NameConstraints {
            permitted_subtrees: subtrees(&recipe.permitted_names)?,
            excluded_subtrees: subtrees(&recipe.excluded_names)?,
        });
    }
    parameters.custom_extensions = custom_extensions(&recipe.extensions)?;
    Ok(parameters)
}

fn user(
    recipe: &recipe::UserCertificate,
    issuer: &Authority,
    issuer_name: &str,
    crl_issuer: Option<&Authority>,
) -> Result<Vec<u8>, Mistake> {
    let key = keys::key("user", if recipe.key == "x25519" { "p256" } else { &recipe.key })?;
    let mut parameters = parameters(&recipe.subject, &key, recipe.validity)?;
    parameters.serial_number = Some(SerialNumber::from_slice(&der::octets(&recipe.serial)?));
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = key_usages(&recipe.key_usage)?;
    parameters.extended_key_usages = extended_key_usages(&recipe.extended_key_usages)?;
    for name in recipe.upn.as_slice() {
        let name = (USER_PRINCIPAL_NAME.to_vec(), name.as_str().into());
        parameters.subject_alt_names.push(SanType::OtherName(name));
    }
    for address in recipe.mail.as_slice() {
        parameters.subject_alt_names.push(SanType::Rfc822Name(address.as_str().try_into()?));
    }
    let urls = recipe.crl.clone().unwrap_or_else(|| vec![crl_url(issuer_name)]);
    parameters.custom_extensions = custom_extensions(&recipe.extensions)?;
    match crl_issuer {
        Some(crl_issuer) => parameters.custom_extensions.push(indirect_distribution_points(&urls, crl_issuer)?),
        None => parameters.crl_distribution_points = distribution_points(&urls),
    }
    if !recipe.policies.is_empty() {
        parameters.custom_extensions.push(certificate_policies(&recipe.policies)?);
    }
    parameters.use_authority_key_identifier_extension = recipe.authority_key_identifier;
    damaged(finished(issuer.sign_exactly(&parameters, &key)?, recipe, issuer)?, recipe.damage)
}

/// What rcgen cannot write is written over its certificate, which is then signed anew.
fn finished(user: Vec<u8>, recipe: &recipe::UserCertificate, issuer: &Authority) -> Result<Vec<u8>, Mistake> {
    let digest = if recipe.signed_with_sha1 { der::Digest::Sha1 } else { der::Digest::Sha256 };
    let other_key = if recipe.key == "x25519" { Some(der::x25519_public_key()?) } else { None };
    if digest == der::Digest::Sha256 && other_key.is_none() {
        return Ok(user);
    }
    Ok(der::sign_again(&user, other_key, issuer.key.private(), digest)?)
}

fn damaged(mut user: Vec<u8>, damage: Option<Damage>) -> Result<Vec<u8>, Mistake> {
    match damage {
        None => {}
        Some(Damage::Signature) => *user.last_mut().ok_or("an empty certificate")? ^= 1,
        Some(Damage::Halved) => user.truncate(user.len() / 2),
        Some(Damage::Trailing) => user.push(0),
    }
    Ok(user)
}

fn parameters(name: &str, key: &LabKey, [from, to]: [recipe::Moment; 2]) -> Result<CertificateParams, Mistake> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CountryName, DnValue::PrintableString("US".try_into()?));
    parameters.distinguished_name.push(DnType::OrganizationName, "Contoso");
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(key.identifier());
    parameters.not_before = OffsetDateTime::from_unix_timestamp(from.0.as_second())?;
    parameters.not_after = OffsetDateTime::from_unix_timestamp(to.0.as_second())?;
    Ok(parameters)
}

fn distribution_points(urls: &[String]) -> Vec<CrlDistributionPoint> {
    urls.iter().map(|url| CrlDistributionPoint { uris: vec![url.clone()] }).collect()
}

/// Points whose CRL somebody else issues (RFC 5280 section 4.2.1.13).
fn indirect_distribution_points(urls: &[String], crl_issuer: &Authority) -> Result<CustomExtension, Mistake> {
    let crl_issuer = Certificate::read_der(&crl_issuer.der)?;
    let point = |url: &String| {
        let name = der::value(0xa0, &der::value(0xa0, &der::value(0x86, url.as_bytes())));
        der::sequence(&[name, der::value(0xa2, &der::value(0xa4, crl_issuer.subject().der()))])
    };
    let points: Vec<Vec<u8>> = urls.iter().map(point).collect();
    Ok(CustomExtension::from_oid_content(&der::arcs("2.5.29.31")?, der::sequence(&points)))
}

fn key_usages(names: &[String]) -> Result<Vec<KeyUsagePurpose>, Mistake> {
    let usage = |name: &String| match name.as_str() {
        "keyCertSign" => Ok(KeyUsagePurpose::KeyCertSign),
        "cRLSign" => Ok(KeyUsagePurpose::CrlSign),
        "keyEncipherment" => Ok(KeyUsagePurpose::KeyEncipherment),
        "digitalSignature" => Ok(KeyUsagePurpose::DigitalSignature),
        other => Err(format!("{other:?} is no key usage here").into()),
    };
    names.iter().map(usage).collect()
}

fn extended_key_usages(names: &[String]) -> Result<Vec<ExtendedKeyUsagePurpose>, Mistake> {
    let usage = |name: &String| {
        Ok(match name.as_str() {
            "any" => ExtendedKeyUsagePurpose::Any,
            "clientAuth" => ExtendedKeyUsagePurpose::ClientAuth,
            "serverAuth" => ExtendedKeyUsagePurpose::ServerAuth,
            "emailProtection" => ExtendedKeyUsagePurpose::EmailProtection,
            "smartCardLogon" => ExtendedKeyUsagePurpose::Other(der::arcs("1.3.6.1.4.1.311.20.2.2")?),
            dotted => ExtendedKeyUsagePurpose::Other(der::arcs(dotted)?),
        })
    };
    names.iter().map(usage).collect()
}

/// `mail:contoso.test` or `dns:contoso.test`.
fn subtrees(names: &[String]) -> Result<Vec<GeneralSubtree>, Mistake> {
    let subtree = |name: &String| match name.split_once(':') {
        Some(("mail", domain)) => Ok(GeneralSubtree::Rfc822Name(domain.to_owned())),
        Some(("dns", domain)) => Ok(GeneralSubtree::DnsName(domain.to_owned())),
        _ => Err(format!("{name:?} is no name constraint here; mail:contoso.test is").into()),
    };
    names.iter().map(subtree).collect()
}

fn custom_extensions(extensions: &[Extension]) -> Result<Vec<CustomExtension>, Mistake> {
    let custom = |extension: &Extension| {
        let content = der::octets(&extension.der)?;
        let mut custom = CustomExtension::from_oid_content(&der::arcs(&extension.oid)?, content);
        custom.set_criticality(extension.critical);
        Ok(custom)
    };
    extensions.iter().map(custom).collect()
}

/// RFC 5280 section 4.2.1.4, without qualifiers.
fn certificate_policies(policies: &[String]) -> Result<CustomExtension, Mistake> {
    let policy = |dotted: &String| Ok(der::sequence(&[der::object_identifier(dotted)?]));
    let policies = policies.iter().map(policy).collect::<Result<Vec<_>, Mistake>>()?;
    Ok(CustomExtension::from_oid_content(&[2, 5, 29, 32], der::sequence(&policies)))
}
