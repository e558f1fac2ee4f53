//! The lab's certificates: two tiers that are installed, a branch that is not, a stranger, the gateway's own, the cast's.

use super::cast::{AlternativeName, CAST, IssuedBy, KeyShape, Purpose, Recipe, Role, Sends, Validity};
use super::keys::LabKey;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint, DistinguishedName,
    DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose, RevocationReason,
    RevokedCertParams, SanType, SerialNumber,
};
use time::OffsetDateTime;

/// How long a lab lasts. Its CRLs last a day longer, so that they are never the first thing to fail.
pub const LAB_DAYS: i64 = 30;

/// Microsoft's user principal name, an otherName of the subject alternative name (MS-PKCA section 3.1.5.2.1.2).
const USER_PRINCIPAL_NAME: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 20, 2, 3];
/// Smart card logon.
const SMART_CARD_LOGON: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 20, 2, 2];

/// Where the random octets of serial numbers and directory identifiers come from.
pub type RandomOctets<'a> = &'a mut dyn FnMut() -> [u8; 16];

/// Why a lab's certificates could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// OpenSSL could not make a key.
    #[error("OpenSSL could not make a key: {0}")]
    Key(#[from] openssl::error::ErrorStack),
    /// A certificate or a CRL could not be written.
    #[error("a certificate or a CRL of the lab could not be written: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The moment lies outside what certificates can express.
    #[error("{0} is not a moment that a certificate can express")]
    Moment(Timestamp),
}

/// A certificate and its key.
pub struct Issued {
    /// The certificate.
    pub der: Vec<u8>,
    /// The serial number's octets; the first is below 0x80, so they are also its DER content.
    pub serial: [u8; 16],
    /// The key.
    pub key: LabKey,
}

/// An authority: its certificate and what it signs with.
pub struct Authority {
    /// Certificate and key.
    pub issued: Issued,
    /// Its name in the order of the DER, spelt as altSecurityIdentities wants an issuer.
    pub name: String,
    parameters: CertificateParams,
}

impl Authority {
    fn issuer(&self) -> Issuer<'_, &LabKey> {
        Issuer::from_params(&self.parameters, &self.issued.key)
    }
}

/// A user certificate and what the client sends with it.
pub struct UserCertificate {
    /// Whose it is.
    pub role: &'static Role,
    /// Certificate and key.
    pub issued: Issued,
    /// What the client sends besides the leaf.
    pub sends: Vec<Vec<u8>>,
}

/// Everything that is signed in a lab.
pub struct Pki {
    /// The root, installed.
    pub root: Authority,
    /// The issuing CA, installed.
    pub issuing: Authority,
    /// The branch CA below the root, deliberately not installed.
    pub not_installed: Authority,
    /// A root that nobody here trusts.
    pub foreign: Authority,
    /// The gateway's TLS certificate, from the issuing CA.
    pub gateway_tls: Issued,
    /// The token-signing certificate, self-signed as AD FS makes them.
    pub token_signing: Issued,
    /// The cast's certificates, in the order of the cast.
    pub users: Vec<UserCertificate>,
    /// The root's CRL.
    pub root_crl: Vec<u8>,
    /// The issuing CA's CRL, which lists the revoked certificate.
    pub issuing_crl: Vec<u8>,
}

/// The names a lab's certificates carry.
#[derive(Debug, Clone)]
pub struct PkiNames {
    /// The federation service's name.
    pub service: String,
    /// Where the CRLs are served, without the file name.
    pub crl_base_url: String,
}

/// Makes all certificates and CRLs of a lab, as of `at`.
pub fn make_pki(at: Timestamp, names: &PkiNames, random: RandomOctets<'_>) -> Result<Pki, PkiError> {
    let mut workshop = Workshop { at, names, random };
    let root = workshop.authority("Contoso Root CA", KeyShape::Rsa(2048), None)?;
    let issuing = workshop.authority("Contoso Issuing CA 1", KeyShape::Rsa(2048), Some(&root))?;
    let not_installed = workshop.authority("Contoso Branch CA", KeyShape::P256, Some(&root))?;
    let foreign = workshop.authority("Fabrikam Root CA", KeyShape::P256, None)?;
    let gateway_tls = workshop.gateway_tls(&issuing)?;
    let token_signing = workshop.token_signing()?;
    let issue = |role: &'static Role| {
        let issuer = match role.certificate.issued_by {
            IssuedBy::Issuing => &issuing,
            IssuedBy::NotInstalled => &not_installed,
            IssuedBy::Foreign => &foreign,
        };
        workshop.user(role, issuer)
    };
    let users = CAST.iter().map(issue).collect::<Result<Vec<_>, _>>()?;
    let revoked: Vec<_> = users.iter().filter(|user| user.role.certificate.revoked).collect();
    let root_crl = workshop.crl(&root, &[])?;
    let issuing_crl = workshop.crl(&issuing, &revoked)?;
    Ok(Pki { root, issuing, not_installed, foreign, gateway_tls, token_signing, users, root_crl, issuing_crl })
}

struct Workshop<'a> {
    at: Timestamp,
    names: &'a PkiNames,
    random: RandomOctets<'a>,
}

impl Workshop<'_> {
    fn authority(&mut self, name: &str, shape: KeyShape, parent: Option<&Authority>) -> Result<Authority, PkiError> {
        let key = LabKey::generate(shape)?;
        let organization = name.split(' ').next().unwrap_or(name);
        let mut parameters = self.parameters(&key, distinguished_name(organization, name))?;
        parameters.is_ca = IsCa::Ca(match parent {
            Some(_) => BasicConstraints::Constrained(0),
            None => BasicConstraints::Unconstrained,
        });
        parameters.key_usages =
            vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
        parameters.not_before = self.moment(-365)?;
        parameters.not_after = self.moment(10 * 365)?;
        if parent.is_some() {
            parameters.crl_distribution_points = self.distribution_point("root.crl");
        }
        let issued = self.issue(&mut parameters, key, parent)?;
        Ok(Authority { issued, name: format!("C=US,O={organization},CN={name}"), parameters })
    }

    fn gateway_tls(&mut self, issuing: &Authority) -> Result<Issued, PkiError> {
        let key = LabKey::generate(KeyShape::Rsa(2048))?;
        let name = &self.names.service;
        let mut parameters = self.parameters(&key, distinguished_name("Contoso", name))?;
        parameters.subject_alt_names = vec![
            SanType::DnsName(name.as_str().try_into()?),
            SanType::DnsName(format!("certauth.{name}").try_into()?),
            SanType::DnsName("localhost".try_into()?),
            SanType::IpAddress(std::net::Ipv4Addr::LOCALHOST.into()),
        ];
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.crl_distribution_points = self.distribution_point("issuing.crl");
        self.issue(&mut parameters, key, Some(issuing))
    }

    fn token_signing(&mut self) -> Result<Issued, PkiError> {
        let key = LabKey::generate(KeyShape::Rsa(2048))?;
        let name = format!("Token Signing - {}", self.names.service);
        let mut parameters = self.parameters(&key, distinguished_name("Contoso", &name))?;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.not_after = self.moment(365)?;
        self.issue(&mut parameters, key, None)
    }

    fn user(&mut self, role: &'static Role, issuer: &Authority) -> Result<UserCertificate, PkiError> {
        let recipe = &role.certificate;
        let key = LabKey::generate(recipe.key)?;
        let mut parameters = self.parameters(&key, distinguished_name("Contoso", recipe.common_name))?;
        (parameters.not_before, parameters.not_after) = self.validity(recipe.validity)?;
        parameters.subject_alt_names = alternative_names(recipe)?;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = match recipe.purpose {
            Purpose::SignIn => {
                vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::Other(SMART_CARD_LOGON.to_vec())]
            }
            Purpose::Server => vec![ExtendedKeyUsagePurpose::ServerAuth],
        };
        parameters.crl_distribution_points = self.distribution_point(match recipe.issued_by {
            IssuedBy::Issuing => "issuing.crl",
            IssuedBy::NotInstalled => "branch.crl",
            IssuedBy::Foreign => "fabrikam.crl",
        });
        let issued = self.issue(&mut parameters, key, Some(issuer))?;
        let sends = match recipe.sends {
            Sends::LeafOnly => Vec::new(),
            Sends::WithIssuer => vec![issuer.issued.der.clone()],
        };
        Ok(UserCertificate { role, issued, sends })
    }

    fn crl(&mut self, authority: &Authority, revoked: &[&UserCertificate]) -> Result<Vec<u8>, PkiError> {
        let revocation_time = self.moment(0)?;
        let entry = |user: &&UserCertificate| RevokedCertParams {
            serial_number: SerialNumber::from_slice(&user.issued.serial),
            revocation_time,
            reason_code: Some(RevocationReason::KeyCompromise),
            invalidity_date: None,
        };
        let parameters = CertificateRevocationListParams {
            this_update: self.moment(-1)?,
            next_update: self.moment(LAB_DAYS + 1)?,
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::PreSpecified(authority.issued.key.identifier()),
        };
        Ok(parameters.signed_by(&authority.issuer())?.der().to_vec())
    }

    /// What all certificates share: valid with the lab, identified by their key.
    fn parameters(&self, key: &LabKey, subject: DistinguishedName) -> Result<CertificateParams, PkiError> {
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name = subject;
        parameters.is_ca = IsCa::ExplicitNoCa;
        parameters.key_identifier_method = KeyIdMethod::PreSpecified(key.identifier());
        (parameters.not_before, parameters.not_after) = self.validity(Validity::Current)?;
        Ok(parameters)
    }

    fn issue(
        &mut self,
        parameters: &mut CertificateParams,
        key: LabKey,
        issuer: Option<&Authority>,
    ) -> Result<Issued, PkiError> {
        let serial = self.serial();
        parameters.serial_number = Some(SerialNumber::from_slice(&serial));
        let certificate = match issuer {
            Some(authority) => {
                parameters.use_authority_key_identifier_extension = true;
                parameters.signed_by(&key, &authority.issuer())?
            }
            None => parameters.self_signed(&key)?,
        };
        Ok(Issued { der: certificate.der().to_vec(), serial, key })
    }

    /// Positive without a padding octet, as AD CS makes them.
    fn serial(&mut self) -> [u8; 16] {
        let mut serial = (self.random)();
        serial[0] = serial[0] & 0x3f | 0x40;
        serial
    }

    fn distribution_point(&self, file: &str) -> Vec<CrlDistributionPoint> {
        vec![CrlDistributionPoint { uris: vec![format!("{}/{file}", self.names.crl_base_url)] }]
    }

    fn validity(&self, validity: Validity) -> Result<(OffsetDateTime, OffsetDateTime), PkiError> {
        let (from, to) = match validity {
            Validity::Current => (-1, LAB_DAYS + 1),
            Validity::Expired => (-31, -1),
            Validity::NotYet => (365, 2 * 365),
        };
        Ok((self.moment(from)?, self.moment(to)?))
    }

    fn moment(&self, days: i64) -> Result<OffsetDateTime, PkiError> {
        let moment = self.at.checked_add(SignedDuration::from_hours(24 * days));
        let moment = moment.map_err(|_| PkiError::Moment(self.at))?;
        OffsetDateTime::from_unix_timestamp(moment.as_second()).map_err(|_| PkiError::Moment(moment))
    }
}

fn distinguished_name(organization: &str, common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    if let Ok(country) = "US".try_into() {
        name.push(DnType::CountryName, DnValue::PrintableString(country));
    }
    name.push(DnType::OrganizationName, organization);
    name.push(DnType::CommonName, common_name);
    name
}

fn alternative_names(recipe: &Recipe) -> Result<Vec<SanType>, PkiError> {
    Ok(match recipe.alternative_name {
        AlternativeName::UserPrincipalName(name) => {
            vec![SanType::OtherName((USER_PRINCIPAL_NAME.to_vec(), name.into()))]
        }
        AlternativeName::Rfc822(address) => vec![SanType::Rfc822Name(address.try_into()?)],
        AlternativeName::None => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::stack::Stack;
    use openssl::x509::store::X509StoreBuilder;
    use openssl::x509::verify::X509VerifyParam;
    use openssl::x509::{CrlStatus, X509, X509Crl, X509StoreContext, X509VerifyResult};

    fn pki(at: Timestamp) -> Pki {
        let names = PkiNames { service: "sts.contoso.test".into(), crl_base_url: "http://127.0.0.1:8089".into() };
        let mut counter = 0u8;
        make_pki(at, &names, &mut || {
            counter += 1;
            [counter; 16]
        })
        .unwrap()
    }

    /// What OpenSSL, which knows nothing of us, says about a chain.
    fn verdict(at: Timestamp, pki: &Pki, user: &UserCertificate) -> i32 {
        let mut store = X509StoreBuilder::new().unwrap();
        store.add_cert(X509::from_der(&pki.root.issued.der).unwrap()).unwrap();
        let mut parameters = X509VerifyParam::new().unwrap();
        parameters.set_time(at.as_second());
        parameters.set_purpose(openssl::x509::X509PurposeId::SSL_CLIENT).unwrap();
        parameters.set_auth_level(2);
        store.set_param(&parameters).unwrap();
        let mut others = Stack::new().unwrap();
        others.push(X509::from_der(&pki.issuing.issued.der).unwrap()).unwrap();
        for der in &user.sends {
            others.push(X509::from_der(der).unwrap()).unwrap();
        }
        let leaf = X509::from_der(&user.issued.der).unwrap();
        let mut context = X509StoreContext::new().unwrap();
        let store = store.build();
        context
            .init(&store, &leaf, &others, |context| {
                context.verify_cert()?;
                Ok(context.error())
            })
            .map_or(-1, |verdict: X509VerifyResult| verdict.as_raw())
    }

    #[test]
    fn openssl_finds_in_each_certificate_what_its_role_says() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let pki = pki(at);
        for user in &pki.users {
            // the codes of x509_vfy.h; the fates that are not the certificate's own verify
            let expected = match user.role.name {
                "expired" => 10,
                "not-yet-valid" => 9,
                "unknown-issuer" => 19,
                "missing-intermediate" => 20,
                "wrong-eku" => 26,
                "weak-key" => 66,
                _ => 0,
            };
            assert_eq!(verdict(at, &pki, user), expected, "{}", user.role.name);
        }
    }

    #[test]
    fn the_issuing_crl_lists_the_revoked_certificate_and_no_other() {
        let pki = pki("2026-03-01T12:00:00Z".parse().unwrap());
        let crl = X509Crl::from_der(&pki.issuing_crl).unwrap();
        assert!(crl.verify(pki.issuing.issued.key.private()).unwrap());
        for user in &pki.users {
            let leaf = X509::from_der(&user.issued.der).unwrap();
            let listed = matches!(crl.get_by_cert(&leaf), CrlStatus::Revoked(_));
            assert_eq!(listed, user.role.certificate.revoked, "{}", user.role.name);
        }
        let root_crl = X509Crl::from_der(&pki.root_crl).unwrap();
        assert!(root_crl.verify(pki.root.issued.key.private()).unwrap());
        assert!(root_crl.get_revoked().is_none());
    }

    #[test]
    fn the_gateway_answers_to_its_name_and_to_loopback() {
        let pki = pki("2026-03-01T12:00:00Z".parse().unwrap());
        let certificate = X509::from_der(&pki.gateway_tls.der).unwrap();
        let names: Vec<_> = certificate
            .subject_alt_names()
            .unwrap()
            .iter()
            .map(|name| name.dnsname().map_or_else(|| format!("{:?}", name.ipaddress().unwrap()), str::to_owned))
            .collect();
        let expected = ["sts.contoso.test", "certauth.sts.contoso.test", "localhost", "[127, 0, 0, 1]"];
        assert_eq!(names, expected);
    }
}
