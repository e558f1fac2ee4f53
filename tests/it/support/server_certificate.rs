//! An authority of a test's own, and a server certificate for 127.0.0.1 from it.

use fedgate::lab::LabKey;
use fedgate::lab::cast::KeyShape;
use openssl::x509::X509;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, SanType,
    SerialNumber,
};
use std::net::Ipv4Addr;

/// PEM texts, as a server's configuration wants them.
pub struct ServerCertificate {
    pub authority: Vec<u8>,
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

/// The certificate has the address 127.0.0.1 and no other name, so that a client that asks for any other must refuse it.
pub fn for_loopback() -> ServerCertificate {
    for_address(Ipv4Addr::LOCALHOST)
}

/// The same for another address.
pub fn for_address(address: Ipv4Addr) -> ServerCertificate {
    signed(vec![SanType::IpAddress(address.into())])
}

/// The same for host names.
pub fn for_names(names: &[&str]) -> ServerCertificate {
    signed(names.iter().map(|name| SanType::DnsName((*name).try_into().unwrap())).collect())
}

fn signed(names: Vec<SanType>) -> ServerCertificate {
    let (authority_key, mut authority) = parameters("Test Directory CA");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let (key, mut server) = parameters("server");
    server.subject_alt_names = names;
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let certificate = server.signed_by(&key, &Issuer::from_params(&authority, &authority_key)).unwrap();
    ServerCertificate {
        authority: pem(authority_certificate.der()),
        certificate: pem(certificate.der()),
        key: key.private().private_key_to_pem_pkcs8().unwrap(),
    }
}

fn parameters(name: &str) -> (LabKey, CertificateParams) {
    let key = LabKey::generate(KeyShape::P256).unwrap();
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.serial_number = Some(SerialNumber::from(u64::from_be_bytes(fedgate::entropy::random_bytes())));
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(key.identifier());
    (key, parameters)
}

fn pem(der: &[u8]) -> Vec<u8> {
    X509::from_der(der).unwrap().to_pem().unwrap()
}
