//! `[token_signing]`, `[claims_provider]` and `[additional_authentication]`.

use super::Located;
use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{Choice, File, Optional, Required, Switch};
use std::path::PathBuf;

/// `[token_signing]`.
#[derive(Debug, Clone)]
pub struct TokenSigningSection {
    /// PEM certificate that relying parties know.
    pub certificate: Located<PathBuf>,
    /// PEM key, RSA or P-256.
    pub private_key: Located<PathBuf>,
    /// PEM certificate of the key that will sign next.
    pub next_certificate: Option<Located<PathBuf>>,
}

/// `[claims_provider]`.
#[derive(Debug, Clone)]
pub struct ClaimsProviderSection {
    /// File of acceptance transform rules.
    pub acceptance_rules: Located<PathBuf>,
    /// Whether rules are read leniently.
    pub lenient_rules: bool,
}

/// `[additional_authentication]`.
#[derive(Debug, Clone)]
pub struct AdditionalAuthenticationSection {
    /// File of the rules that hold for every relying party.
    pub rules: Option<Located<PathBuf>>,
    /// Whether a certificate is two factors: the key and what unlocks it.
    pub certificate_is_multi_factor: bool,
}

pub(super) const TOKEN_SIGNING: Table = Table {
    name: "token_signing",
    repeated: false,
    meaning: "What tokens are signed with.",
    keys: &[&CERTIFICATE, &PRIVATE_KEY, &NEXT_CERTIFICATE],
    variants: &[],
};

pub(super) const CLAIMS_PROVIDER: Table = Table {
    name: "claims_provider",
    repeated: false,
    meaning: "The claims provider trust \"Active Directory\": which claims about a person are accepted.",
    keys: &[&ACCEPTANCE_RULES, &LENIENT_RULES],
    variants: &[],
};

pub(super) const ADDITIONAL_AUTHENTICATION: Table = Table {
    name: "additional_authentication",
    repeated: false,
    meaning: "When a second factor is demanded, and whether a certificate is one. There is no other second factor here: where \
              the rules demand one and the certificate does not count as two, the sign-in is refused with an outcome of its \
              own.",
    keys: &[&ADDITIONAL_RULES, &CERTIFICATE_COUNTS],
    variants: &[],
};

const ADDITIONAL_RULES: Key<Optional<File>> = Key {
    name: "rules",
    shape: Optional {
        kind: File,
        example: "claims-rules/additional-authentication.rules",
        absent: "none is demanded by these",
    },
    meaning: "File of the additional authentication rules for every relying party, as `Set-AdfsAdditionalAuthenticationRule` \
              keeps them. They and the rules of the relying party each may demand a second factor.",
};

const CERTIFICATE_COUNTS: Key<Choice<bool>> = Key {
    name: "certificate",
    shape: Choice { first: ("single-factor", false), others: &[("multi-factor", true)], cure: None },
    meaning: "What a certificate counts as. To AD FS it is one factor. With `multi-factor` it satisfies every demand, and the \
              incoming claims say `multipleauthn` among the authentication methods: right where every key is on a card \
              with a PIN. Acceptance rules that issue that claim for some certificates do the same for these.",
};

const CERTIFICATE: Key<Required<File>> = Key {
    name: "certificate",
    shape: Required {
        kind: File,
        example: "keys/token-signing.pem",
        cure: "Name the PEM file of the signing certificate.",
    },
    meaning: "PEM file: the certificate that relying parties know.",
};

const PRIVATE_KEY: Key<Required<File>> = Key {
    name: "private_key",
    shape: Required { kind: File, example: "keys/token-signing.key", cure: "Name the PEM file of the signing key." },
    meaning: "PEM file: its key, RSA of 2048 bits or more or on the curve P-256, without a passphrase.",
};

const NEXT_CERTIFICATE: Key<Optional<File>> = Key {
    name: "next_certificate",
    shape: Optional { kind: File, example: "keys/token-signing-next.pem", absent: "only the current one is published" },
    meaning: "The PEM certificate of the key that will sign next. It stands in the federation metadata after the current one, so \
              that relying parties know it before it is used, and signs nothing. Entra ID looks for it about 30 days before \
              the current one ends.",
};

const ACCEPTANCE_RULES: Key<Required<File>> = Key {
    name: "acceptance_rules",
    shape: Required {
        kind: File,
        example: "claims-rules/active-directory/acceptance.rules",
        cure: "Name the file of acceptance transform rules.",
    },
    meaning: "File of acceptance transform rules in the AD FS claim rule language, UTF-8.",
};

pub(super) const LENIENT_RULES: Key<Switch> = Key {
    name: "lenient_rules",
    shape: Switch { default: false },
    meaning: "Whether rules may have what AD FS may or may not take: comments, single quotes, a comma before a bracket's end, \
              no semicolon at the end, selectors beside EXISTS or COUNT, a variable in another case. Each is warned of.",
};

pub(super) fn token_signing(mut section: Section<'_, '_>) -> TokenSigningSection {
    let signing = TokenSigningSection {
        certificate: section.required(&CERTIFICATE),
        private_key: section.required(&PRIVATE_KEY),
        next_certificate: section.optional(&NEXT_CERTIFICATE),
    };
    section.finish();
    signing
}

pub(super) fn claims_provider(mut section: Section<'_, '_>) -> ClaimsProviderSection {
    let provider = ClaimsProviderSection {
        acceptance_rules: section.required(&ACCEPTANCE_RULES),
        lenient_rules: section.switch(&LENIENT_RULES),
    };
    section.finish();
    provider
}

pub(super) fn additional_authentication(mut section: Section<'_, '_>) -> AdditionalAuthenticationSection {
    let additional = AdditionalAuthenticationSection {
        rules: section.optional(&ADDITIONAL_RULES),
        certificate_is_multi_factor: section.choice(&CERTIFICATE_COUNTS),
    };
    section.finish();
    additional
}
