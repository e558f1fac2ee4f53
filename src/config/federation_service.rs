//! `[service]`.

use super::Located;
use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{Optional, Period, Required, Text, TimeUnit};
use std::time::Duration;

/// `[service]`: who this gateway is.
#[derive(Debug, Clone)]
pub struct ServiceSection {
    /// Federation service name, a host name.
    pub name: Located<String>,
    /// Issuer of every token.
    pub identifier: String,
    /// How long a token holds.
    pub token_lifetime: Duration,
    /// How far a client's clock, or a CRL publisher's, may be off.
    pub clock_skew: Duration,
}

pub(super) const SERVICE: Table = Table {
    name: "service",
    repeated: false,
    meaning: "Who this gateway is.",
    keys: &[&NAME, &IDENTIFIER, &TOKEN_LIFETIME, &CLOCK_SKEW],
    variants: &[],
};

const NAME: Key<Required<Text>> = Key {
    name: "name",
    shape: Required {
        kind: Text("host name"),
        example: "sts.contoso.com",
        cure: "Set the federation service name, such as sts.contoso.com.",
    },
    meaning: "The federation service name: the host that clients connect to, without scheme and port.",
};

const IDENTIFIER: Key<Optional<Text>> = Key {
    name: "identifier",
    shape: Optional {
        kind: Text("URI"),
        example: "http://sts.contoso.com/adfs/services/trust",
        absent: "`http://NAME/adfs/services/trust`, as AD FS has it",
    },
    meaning: "The federation service identifier: issuer of every token. Entra ID knows it as the domain's `IssuerUri` and \
              compares every letter; it begins with `http:`.",
};

const TOKEN_LIFETIME: Key<Period> = Key {
    name: "token_lifetime_minutes",
    shape: Period { default: 60, range: 1..=1440, unit: TimeUnit::Minutes },
    meaning: "How long a token holds.",
};

const CLOCK_SKEW: Key<Period> = Key {
    name: "clock_skew_seconds",
    shape: Period { default: 300, range: 0..=3600, unit: TimeUnit::Seconds },
    meaning: "How far the clock of a client, or of a publisher of CRLs, may be ahead or behind.",
};

pub(super) fn service(mut section: Section<'_, '_>) -> ServiceSection {
    let name = section.required(&NAME);
    if !name.value.is_empty() && !is_host_name(&name.value) {
        let cure = "Give the name alone, such as sts.contoso.com, without https:// and without a port.";
        section.source.problem(&name, format!("must be a host name, is {:?}", name.value), cure);
    }
    let identifier = section.optional(&IDENTIFIER);
    let service = ServiceSection {
        identifier: identifier
            .map_or_else(|| format!("http://{}/adfs/services/trust", name.value), |identifier| identifier.value),
        name,
        token_lifetime: section.period(&TOKEN_LIFETIME),
        clock_skew: section.period(&CLOCK_SKEW),
    };
    section.finish();
    service
}

/// RFC 1123 section 2.1: labels of letters, digits and inner hyphens.
pub(super) fn is_host_name(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= 253 && name.split('.').all(label)
}
