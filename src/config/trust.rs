//! `[trust]`.

use super::Located;
use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{Folder, List, Number, Required, Switch};
use std::path::PathBuf;

/// `[trust]`: whose certificates may sign in.
#[derive(Debug, Clone)]
pub struct TrustSection {
    /// Folder of root certificates, PEM or DER.
    pub roots: Located<PathBuf>,
    /// Folder of intermediate certificates, PEM or DER.
    pub intermediates: Located<PathBuf>,
    /// Smallest RSA key, in bits.
    pub minimum_rsa_bits: u32,
    /// Smallest elliptic curve key, in bits.
    pub minimum_ec_bits: u32,
    /// Longest path, leaf and root counted.
    pub maximum_depth: usize,
    /// Whether SHA-1 signatures are accepted.
    pub allow_sha1: bool,
    /// Whether certificates that break RFC 5280 harmlessly are refused too.
    pub strict_profile: bool,
    /// Certificate policies of which a path that needs one must assert one; empty when any will do.
    pub certificate_policies: Vec<String>,
    /// Whether every path needs a certificate policy.
    pub explicit_policy: bool,
    /// Whether policy mappings count for nothing.
    pub inhibit_policy_mapping: bool,
    /// Whether anyPolicy counts for nothing.
    pub inhibit_any_policy: bool,
    /// Purposes of which a user certificate needs one; empty when any will do.
    pub extended_key_usages: Vec<String>,
}

pub(super) const TRUST: Table = Table {
    name: "trust",
    repeated: false,
    meaning: "Whose certificates may sign in. Only these two containers count; the machine's own trust stores never do.",
    keys: &[
        &ROOTS,
        &INTERMEDIATES,
        &MINIMUM_RSA_BITS,
        &MINIMUM_EC_BITS,
        &MAXIMUM_DEPTH,
        &ALLOW_SHA1,
        &STRICT_PROFILE,
        &CERTIFICATE_POLICIES,
        &EXPLICIT_POLICY,
        &INHIBIT_POLICY_MAPPING,
        &INHIBIT_ANY_POLICY,
        &EXTENDED_KEY_USAGES,
    ],
    variants: &[],
};

const ROOTS: Key<Required<Folder>> = Key {
    name: "roots",
    shape: Required { kind: Folder, example: "certs/root", cure: "Name the folder of your root certificates." },
    meaning: "The root container: self-signed certificates of authorities, PEM or DER. Hidden files and `.md` files in it \
              are not read.",
};

const INTERMEDIATES: Key<Required<Folder>> = Key {
    name: "intermediates",
    shape: Required {
        kind: Folder,
        example: "certs/intermediate",
        cure: "Name the folder of your issuing certificates. It may be empty if every client sends them.",
    },
    meaning: "The intermediate container: certificates of authorities below the roots, PEM or DER.",
};

const MINIMUM_RSA_BITS: Key<Number> = Key {
    name: "minimum_rsa_bits",
    shape: Number { default: 2048, range: 1024..=16384, unit: "bits" },
    meaning: "Smallest RSA key on a path.",
};

const MINIMUM_EC_BITS: Key<Number> = Key {
    name: "minimum_ec_bits",
    shape: Number { default: 256, range: 224..=521, unit: "bits" },
    meaning: "Smallest elliptic curve key on a path.",
};

const MAXIMUM_DEPTH: Key<Number> = Key {
    name: "maximum_depth",
    shape: Number { default: 8, range: 2..=32, unit: "certificates" },
    meaning: "Longest path, the user's certificate and the root counted.",
};

const ALLOW_SHA1: Key<Switch> = Key {
    name: "allow_sha1",
    shape: Switch { default: false },
    meaning: "Whether signatures with SHA-1 are accepted: on certificates, on certificate revocation lists and on OCSP answers. \
              They can be forged. It is warned of at the start.",
};

const STRICT_PROFILE: Key<Switch> = Key {
    name: "strict_profile",
    shape: Switch { default: false },
    meaning: "Whether to refuse also what RFC 5280 forbids an authority to write although it deceives nobody: certificates \
              without key identifiers, constraints that are not critical, host names with underscores, CRLs without a number.",
};

const CERTIFICATE_POLICIES: Key<List> = Key {
    name: "certificate_policies",
    shape: List { item: "object identifiers", default: &[], example: &["1.3.6.1.4.1.32473.1.1"], cure: None },
    meaning: "Certificate policies of which a path that needs one must assert one. Without any of them every policy will do. \
              A path needs one when an authority on it says so, or with `explicit_policy`.",
};

const EXPLICIT_POLICY: Key<Switch> = Key {
    name: "explicit_policy",
    shape: Switch { default: false },
    meaning: "Whether every path needs a certificate policy (RFC 5280 section 6.1.1 (f)).",
};

const INHIBIT_POLICY_MAPPING: Key<Switch> = Key {
    name: "inhibit_policy_mapping",
    shape: Switch { default: false },
    meaning: "Whether an authority's policy mappings count for nothing (section 6.1.1 (e)).",
};

const INHIBIT_ANY_POLICY: Key<Switch> = Key {
    name: "inhibit_any_policy",
    shape: Switch { default: false },
    meaning: "Whether anyPolicy counts for nothing (section 6.1.1 (g)).",
};

const EXTENDED_KEY_USAGES: Key<List> = Key {
    name: "extended_key_usages",
    shape: List {
        item: "object identifiers",
        default: &["1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.311.20.2.2"],
        example: &[],
        cure: None,
    },
    meaning: "Purposes of which a path needs one, if its certificates state any: by default client authentication or smart \
              card logon. With `[]` purposes do not matter.",
};

pub(super) fn trust(mut section: Section<'_, '_>) -> TrustSection {
    let bits = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let usages = section.list(&EXTENDED_KEY_USAGES);
    for usage in usages.value.iter().filter(|usage| !is_object_identifier(usage)) {
        let cure = "Write it in digits and dots: client authentication is 1.3.6.1.5.5.7.3.2, smart card logon \
                    1.3.6.1.4.1.311.20.2.2.";
        section.source.problem(&usages, format!("has {usage:?}, which is no object identifier"), cure);
    }
    let policies = section.list(&CERTIFICATE_POLICIES);
    for policy in policies.value.iter().filter(|policy| !is_object_identifier(policy)) {
        let cure = "Write it in digits and dots, as `openssl x509 -text` prints it under Certificate Policies.";
        section.source.problem(&policies, format!("has {policy:?}, which is no object identifier"), cure);
    }
    let trust = TrustSection {
        roots: section.required(&ROOTS),
        intermediates: section.required(&INTERMEDIATES),
        minimum_rsa_bits: bits(section.number(&MINIMUM_RSA_BITS)),
        minimum_ec_bits: bits(section.number(&MINIMUM_EC_BITS)),
        maximum_depth: section.count(&MAXIMUM_DEPTH),
        allow_sha1: section.switch(&ALLOW_SHA1),
        strict_profile: section.switch(&STRICT_PROFILE),
        certificate_policies: policies.value,
        explicit_policy: section.switch(&EXPLICIT_POLICY),
        inhibit_policy_mapping: section.switch(&INHIBIT_POLICY_MAPPING),
        inhibit_any_policy: section.switch(&INHIBIT_ANY_POLICY),
        extended_key_usages: usages.value,
    };
    section.finish();
    trust
}

fn is_object_identifier(text: &str) -> bool {
    let arc = |arc: &str| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
    text.contains('.') && text.split('.').all(arc)
}
