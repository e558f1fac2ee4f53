//! What `[[relying_party]]` says about the preset for Office 365, and `[[relying_party.domain]]`.

use super::Located;
use super::document::Section;
use super::federation_service::is_host_name;
use super::keys::{Key, Table};
use super::relying_party::RelyingPartySection;
use super::shapes::{Choice, Optional, Required, Text};
use crate::federation::office_365::{FederatedDomain, ImmutableIdSource, Office365};
use url::Url;

/// A relying party whose settings are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Microsoft Office 365 Identity Platform.
    Office365,
}

impl Preset {
    /// The issuance transform rules of a relying party with this preset.
    pub fn transform_rules(self, section: &RelyingPartySection) -> String {
        let Self::Office365 = self;
        let domains: Vec<FederatedDomain> = section.domains.iter().map(|domain| domain.value.clone()).collect();
        Office365 { immutable_id: section.immutable_id, domains: &domains }.transform_rules()
    }
}

pub(super) const DOMAIN: Table = Table {
    name: "relying_party.domain",
    repeated: true,
    meaning: "With `preset = \"office-365\"`: a federated domain of the tenant. Where there is one, a person of any other domain is \
              refused ([FG8006](outcomes.md#fg8006)); where there is none, every token has the issuer of `[service]`.",
    keys: &[&NAME, &ISSUER],
    variants: &[],
};

const NAME: Key<Required<Text>> = Key {
    name: "name",
    shape: Required {
        kind: Text("domain name"),
        example: "contoso.com",
        cure: "Give what stands after the @ of the user principal names, such as contoso.com.",
    },
    meaning: "What stands after the `@` of user principal names. A domain below it is another domain and needs a section of its \
              own.",
};

const ISSUER: Key<Optional<Text>> = Key {
    name: "issuer",
    shape: Optional {
        kind: Text("URI"),
        example: "http://contoso.com/adfs/services/trust/",
        absent: "`http://NAME/adfs/services/trust/`, as Azure AD Connect sets it",
    },
    meaning: "The `IssuerUri` that Entra ID has for the domain, letter by letter; `Get-MgDomainFederationConfiguration` shows it. A \
              domain below a federated one has that of the domain above, unless it was federated by itself.",
};

pub(super) const PRESET: Key<Choice<Option<Preset>>> = Key {
    name: "preset",
    shape: Choice { first: ("none", None), others: &[("office-365", Some(Preset::Office365))], cure: None },
    meaning: "`office-365`: identifiers, `ws_fed_endpoint` and issuance transform rules are those of Microsoft Office 365 Identity \
              Platform, with certificates' serial number and issuer, unless a key says otherwise; `fedgate trusts rules` prints the \
              rules. Who gets a token is still for the authorization rules or the policy to say.",
};

pub(super) const IMMUTABLE_ID: Key<Choice<ImmutableIdSource>> = Key {
    name: "immutable_id",
    shape: Choice {
        first: ("consistency-guid-or-object-guid", ImmutableIdSource::ConsistencyGuidOrObjectGuid),
        others: &[
            ("consistency-guid", ImmutableIdSource::ConsistencyGuid),
            ("object-guid", ImmutableIdSource::ObjectGuid),
        ],
        cure: None,
    },
    meaning: "With `preset = \"office-365\"`: the attribute that Azure AD Connect made the ImmutableID (source anchor) from, \
              `mS-DS-ConsistencyGuid` or `objectGUID`.",
};

/// The domains of one relying party.
pub(super) fn domains(section: &mut Section<'_, '_>) -> Vec<Located<FederatedDomain>> {
    let mut domains: Vec<Located<FederatedDomain>> = Vec::new();
    for mut inner in section.sections(&DOMAIN).unwrap_or_default() {
        let name = inner.required(&NAME);
        let issuer = inner.optional(&ISSUER);
        if !name.value.is_empty() && !is_host_name(&name.value) {
            let cure = "Give the part after the @ alone, such as contoso.com; letters beyond ASCII in the form xn--….";
            inner.source.problem(&name, format!("must be a domain name, is {:?}", name.value), cure);
        }
        if domains.iter().any(|known| known.value.name.eq_ignore_ascii_case(&name.value)) {
            let message = format!("is {:?}, which another section of this relying party has too", name.value);
            inner.source.problem(&name, message, "A domain has one issuer: keep one of the sections.");
        }
        if let Some(issuer) = issuer.as_ref().filter(|issuer| !is_plain_uri(&issuer.value)) {
            let cure = "Copy the IssuerUri that Entra ID has for the domain.";
            inner.source.problem(issuer, format!("must be a URI, is {:?}", issuer.value), cure);
        }
        let issuer =
            issuer.map_or_else(|| format!("http://{}/adfs/services/trust/", name.value), |issuer| issuer.value);
        let Located { value, line, column, key } = name;
        domains.push(Located { value: FederatedDomain { name: value, issuer }, line, column, key });
        inner.finish();
    }
    domains
}

/// It is written into a claim rule, between quotation marks.
fn is_plain_uri(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\')) && Url::parse(text).is_ok()
}
