//! What a sign-in asks the directory: one search for all bindings together.

use super::{Binding, SubjectError, SubjectPolicy, alt_security_identities, same_text::same_text};
use crate::certificate::Certificate;
use crate::directory::{DirectoryQuery, Entry, Filter};
use crate::revocation::AcceptedChain;
use crate::text::Text;
use std::fmt::{self, Display};

/// What [`super::resolve`] reads of an account whatever the binding.
pub(super) const ALWAYS: [&str; 11] = [
    "userPrincipalName",
    "sAMAccountName",
    "objectSid",
    "objectGUID",
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "accountExpires",
    "lockoutTime",
    "mail",
    "proxyAddresses",
    "altSecurityIdentities",
];

/// One search, and what each binding expects to find in its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectQuery {
    search: DirectoryQuery,
    pub(super) offers: Vec<Offer>,
}

impl SubjectQuery {
    /// The search: any entry that one of the bindings could mean.
    pub fn search(&self) -> &DirectoryQuery {
        &self.search
    }

    /// What one binding looks for, as an LDAP filter; `None` when the certificate holds nothing for it.
    pub fn filter(&self, binding: Binding) -> Option<Filter> {
        self.offers.iter().find(|offer| offer.binding == binding).and_then(Offer::filter)
    }
}

/// What the certificate offers for one binding; nothing expected means that it offers nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) binding: Binding,
    pub(super) expectations: Vec<Expectation>,
}

impl Offer {
    fn of(binding: Binding, certificate: &Certificate) -> Self {
        let text = |attribute, value: &str| Expectation::Text { attribute, value: value.to_owned() };
        let expectations = match binding {
            Binding::AltSecurityIdentities => alt_security_identities::strong_forms(certificate)
                .into_iter()
                .map(|value| Expectation::Text { attribute: "altSecurityIdentities", value })
                .collect(),
            Binding::UserCertificate => vec![Expectation::certificate(certificate)],
            Binding::UserPrincipalName => {
                certificate.user_principal_names().map(|name| text("userPrincipalName", name)).collect()
            }
            Binding::Rfc822 => certificate
                .rfc822_names()
                .flat_map(|name| [text("mail", name), text("proxyAddresses", &format!("smtp:{name}"))])
                .collect(),
        };
        Self { binding, expectations }
    }

    fn filter(&self) -> Option<Filter> {
        let filters: Vec<Filter> = self.expectations.iter().map(Expectation::filter).collect();
        (!filters.is_empty()).then_some(Filter::Or(filters))
    }

    pub(super) fn matches(&self, entry: &Entry) -> bool {
        self.expectations.iter().any(|expectation| expectation.matches(entry))
    }
}

/// One attribute value that would make an entry the certificate's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expectation {
    Text { attribute: &'static str, value: String },
    Certificate { der: Vec<u8>, serial: String, issuer: String },
}

impl Expectation {
    fn certificate(certificate: &Certificate) -> Self {
        Self::Certificate {
            der: certificate.der().to_vec(),
            serial: certificate.serial().decimal(),
            issuer: certificate.issuer().rfc4514().to_owned(),
        }
    }

    fn filter(&self) -> Filter {
        match self {
            Self::Text { attribute, value } => Filter::Equal((*attribute).to_owned(), value.as_bytes().to_vec()),
            Self::Certificate { der, serial, issuer } => {
                Filter::HoldsCertificate { der: der.clone(), serial: serial.clone(), issuer: issuer.clone() }
            }
        }
    }

    fn matches(&self, entry: &Entry) -> bool {
        match self {
            Self::Text { attribute, value } => entry.texts(attribute).any(|held| same_text(held, value)),
            Self::Certificate { der, .. } => entry.values("userCertificate").contains(der),
        }
    }
}

/// For the operator; attacker-chosen text is quoted.
impl Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { attribute, value } => write!(f, "{attribute}={value:?}"),
            Self::Certificate { serial, issuer, .. } => write!(f, "userCertificate=(serial {serial} of {issuer:?})"),
        }
    }
}

/// What to ask for this certificate under this policy.
pub fn query(chain: &AcceptedChain, policy: &SubjectPolicy) -> Result<SubjectQuery, SubjectError> {
    for_certificate(chain.leaf(), policy)
}

pub(super) fn for_certificate(certificate: &Certificate, policy: &SubjectPolicy) -> Result<SubjectQuery, SubjectError> {
    let offers: Vec<Offer> = policy.bindings.iter().map(|binding| Offer::of(*binding, certificate)).collect();
    let expectations = offers.iter().flat_map(|offer| &offer.expectations);
    let filters: Vec<Filter> = expectations.map(Expectation::filter).collect();
    if filters.is_empty() {
        let subject = certificate.subject().dotnet().to_owned();
        return Err(SubjectError::NothingToMap { subject, bindings: policy.bindings.clone() });
    }
    let one_of_them = Filter::Or(filters);
    let filter = match &policy.account_filter {
        Some(accounts) => Filter::And(vec![accounts.clone(), one_of_them]),
        None => one_of_them,
    };
    let search = DirectoryQuery::new(filter, attributes(policy));
    Ok(SubjectQuery { search, offers })
}

/// `userCertificate` can be large (AD keeps expired ones), so it is read only for the binding that needs it.
fn attributes(policy: &SubjectPolicy) -> Vec<Text> {
    let mut wanted: Vec<Text> = Vec::with_capacity(ALWAYS.len() + 3);
    wanted.extend(ALWAYS.map(Text::from));
    if policy.bindings.contains(&Binding::UserCertificate) {
        wanted.push("userCertificate".into());
    }
    for name in [&policy.require_equal_serial_attribute, &policy.require_equal_issuer_attribute].into_iter().flatten() {
        if !wanted.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            wanted.push(name.clone().into());
        }
    }
    wanted
}
