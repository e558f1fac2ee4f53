//! Mapping without a chain: made certificates, made entries, a fixed moment.

mod account_state;
mod bindings;
mod certificate_attributes;
mod hostile_names;
mod identifiers;
mod model;
mod named;
mod strong_mappings;

use super::{Binding, MappedSubject, SubjectError, SubjectPolicy, SubjectQuery, query, resolution};
use crate::certificate::Certificate;
use crate::chain::test_pki::{Node, TestKey, authority, user};
use crate::directory::Entry;
use jiff::Timestamp;
use rcgen::{CertificateParams, DnType, SanType, SerialNumber};
use std::sync::LazyLock;

const EVERY_BINDING: [Binding; 4] =
    [Binding::AltSecurityIdentities, Binding::UserCertificate, Binding::UserPrincipalName, Binding::Rfc822];

/// The authority's name in the order of its DER, as `X509:<I>` spells it; the serial number is `00 A1 B2 03` there.
const ISSUER: &str = "DC=test,O=\"Contoso, Ltd\",CN=Issuing CA";
const SERIAL: [u8; 3] = [0xa1, 0xb2, 0x03];

type Attributes<'a> = &'a [(&'a str, &'a str)];

fn at() -> Timestamp {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

fn certificate_with(change: impl FnOnce(&mut CertificateParams)) -> Certificate {
    static AUTHORITY: LazyLock<Node> = LazyLock::new(|| {
        let mut params = authority("Issuing CA");
        params.distinguished_name = rcgen::DistinguishedName::new();
        let domain = DnType::CustomDnType(vec![0, 9, 2342, 19200300, 100, 1, 25]);
        for (kind, value) in
            [(domain, "test"), (DnType::OrganizationName, "Contoso, Ltd"), (DnType::CommonName, "Issuing CA")]
        {
            params.distinguished_name.push(kind, value);
        }
        Node::root(params, TestKey::ec())
    });
    let mut params = user("alice");
    params.serial_number = Some(SerialNumber::from_slice(&SERIAL));
    params.subject_alt_names.clear();
    change(&mut params);
    Certificate::read_der(&AUTHORITY.issue(params, TestKey::ec()).der).unwrap()
}

fn certificate(names: impl Into<Vec<SanType>>) -> Certificate {
    certificate_with(|params| params.subject_alt_names = names.into())
}

fn upn(name: &str) -> SanType {
    SanType::OtherName((vec![1, 3, 6, 1, 4, 1, 311, 20, 2, 3], name.into()))
}

fn mail(name: &str) -> SanType {
    SanType::Rfc822Name(name.try_into().unwrap())
}

fn policy(bindings: &[Binding]) -> SubjectPolicy {
    SubjectPolicy {
        bindings: bindings.to_vec(),
        account_filter: None,
        require_equal_serial_attribute: None,
        require_equal_issuer_attribute: None,
        netbios_domain: "CONTOSO".to_owned(),
    }
}

/// Exactly these attributes, in raw octets.
fn raw_entry<'a>(dn: &str, attributes: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Entry {
    Entry::new(dn, attributes.into_iter().map(|(name, value)| (name.to_owned(), vec![value.to_vec()])))
}

/// A usable account with these attributes besides.
fn account(dn: &str, attributes: Attributes<'_>) -> Entry {
    let own = attributes.iter().map(|(name, value)| (*name, value.as_bytes()));
    raw_entry(dn, [("userAccountControl", &b"512"[..]), ("sAMAccountName", dn.as_bytes())].into_iter().chain(own))
}

/// Asks a directory that answers exactly what the filter says, and judges its answer. One that answers with everybody
/// must not change the verdict.
fn map(certificate: &Certificate, policy: &SubjectPolicy, people: &[Entry]) -> Result<MappedSubject, SubjectError> {
    let query = query::for_certificate(certificate, policy)?;
    let found = people.iter().filter(|entry| query.search().filter.matches(entry)).cloned().collect();
    let verdict = judge(certificate, policy, &query, found);
    assert_eq!(told(&verdict), told(&judge(certificate, policy, &query, people.to_vec())));
    verdict
}

/// Judges an answer, whatever was asked.
fn judge(
    certificate: &Certificate,
    policy: &SubjectPolicy,
    query: &SubjectQuery,
    answer: Vec<Entry>,
) -> Result<MappedSubject, SubjectError> {
    resolution::for_certificate(certificate, query.clone(), answer, policy, at())
}

/// `binding: dn`, or the name of the error.
fn told(result: &Result<MappedSubject, SubjectError>) -> String {
    match result {
        Ok(subject) => format!("{}: {}", subject.binding(), subject.account().entry().dn),
        Err(error) => format!("{error:?}").split(' ').next().unwrap_or_default().to_owned(),
    }
}
