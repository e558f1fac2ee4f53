//! The cast: one certificate for every way a certificate sign-in can end, and how each must end.

use crate::outcome::Outcome;

/// One member of the cast.
#[derive(Debug, Clone, Copy)]
pub struct Role {
    /// The name of its files, `users/<name>.pem`.
    pub name: &'static str,
    /// What is special about it, in a few words.
    pub shows: &'static str,
    /// How its sign-in must end.
    pub expected: Outcome,
    /// What the directory knows of its holder.
    pub account: Account,
    /// What its certificate is made of.
    pub certificate: Recipe,
}

/// What the directory knows of a certificate's holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// One enabled account.
    Enabled,
    /// One enabled account that names the certificate itself, by issuer and serial number.
    StronglyMapped,
    /// One disabled account.
    Disabled,
    /// Two accounts with the same user principal name.
    Twice,
    /// Nothing.
    Missing,
}

/// What a user certificate is made of.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// The subject's common name.
    pub common_name: &'static str,
    /// What the subject alternative name says.
    pub alternative_name: AlternativeName,
    /// The key.
    pub key: KeyShape,
    /// The authority that issues it.
    pub issued_by: IssuedBy,
    /// When it is valid, seen from the moment the lab is made.
    pub validity: Validity,
    /// Its extended key usages.
    pub purpose: Purpose,
    /// Whether the authority's CRL lists it.
    pub revoked: bool,
    /// What the client sends besides the leaf.
    pub sends: Sends,
}

/// The subject alternative name of a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlternativeName {
    /// otherName, Microsoft's user principal name.
    UserPrincipalName(&'static str),
    /// rfc822Name.
    Rfc822(&'static str),
    /// No such extension.
    None,
}

/// The key of a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyShape {
    /// RSA of so many bits.
    Rsa(u32),
    /// ECDSA on P-256.
    P256,
}

/// The authority that issues a user certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuedBy {
    /// The issuing CA, installed in the intermediate container.
    Issuing,
    /// The branch CA: below the installed root, but deliberately not installed itself.
    NotInstalled,
    /// A root that nobody here trusts.
    Foreign,
}

/// When a user certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Now, and as long as the lab.
    Current,
    /// Until yesterday.
    Expired,
    /// From next year on.
    NotYet,
}

/// The extended key usages of a user certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// clientAuth and smart card logon.
    SignIn,
    /// serverAuth only.
    Server,
}

/// What the client sends besides the leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    /// Nothing.
    LeafOnly,
    /// Its authority's certificate too.
    WithIssuer,
}

const USUAL: Recipe = Recipe {
    common_name: "",
    alternative_name: AlternativeName::None,
    key: KeyShape::P256,
    issued_by: IssuedBy::Issuing,
    validity: Validity::Current,
    purpose: Purpose::SignIn,
    revoked: false,
    sends: Sends::LeafOnly,
};

const fn usual(common_name: &'static str, user_principal_name: &'static str) -> Recipe {
    Recipe { common_name, alternative_name: AlternativeName::UserPrincipalName(user_principal_name), ..USUAL }
}

/// Everybody. `good` comes first: its decision is the one the demonstration explains step by step.
pub const CAST: &[Role] = &[
    Role {
        name: "good",
        shows: "nothing wrong",
        expected: Outcome::SignedIn,
        account: Account::Enabled,
        certificate: Recipe {
            key: KeyShape::Rsa(2048),
            sends: Sends::WithIssuer,
            ..usual("Alice Adams", "alice@contoso.test")
        },
    },
    Role {
        name: "email-only-san",
        shows: "an e-mail address and no UPN",
        expected: Outcome::SignedInByMailAddress,
        account: Account::Enabled,
        certificate: Recipe {
            common_name: "Kim Lee",
            alternative_name: AlternativeName::Rfc822("kim@contoso.test"),
            ..USUAL
        },
    },
    Role {
        name: "strong-mapping",
        shows: "no name at all; mapped by issuer and serial number",
        expected: Outcome::SignedInByStrongMapping,
        account: Account::StronglyMapped,
        certificate: Recipe { common_name: "Mei Lin", ..USUAL },
    },
    Role {
        name: "revoked",
        shows: "on its authority's CRL",
        expected: Outcome::Revoked,
        account: Account::Enabled,
        certificate: Recipe { key: KeyShape::Rsa(2048), revoked: true, ..usual("Bob Brown", "bob@contoso.test") },
    },
    Role {
        name: "expired",
        shows: "valid until yesterday",
        expected: Outcome::CertificateExpired,
        account: Account::Enabled,
        certificate: Recipe { validity: Validity::Expired, ..usual("Carol Clark", "carol@contoso.test") },
    },
    Role {
        name: "not-yet-valid",
        shows: "valid from next year on",
        expected: Outcome::CertificateNotYetValid,
        account: Account::Enabled,
        certificate: Recipe { validity: Validity::NotYet, ..usual("Dave Davis", "dave@contoso.test") },
    },
    Role {
        name: "unknown-issuer",
        shows: "a complete chain to a root nobody here trusts",
        expected: Outcome::UnknownIssuer,
        account: Account::Enabled,
        certificate: Recipe {
            issued_by: IssuedBy::Foreign,
            sends: Sends::WithIssuer,
            ..usual("Erin Evans", "erin@contoso.test")
        },
    },
    Role {
        name: "missing-intermediate",
        shows: "its authority is neither sent nor installed",
        expected: Outcome::MissingIntermediate,
        account: Account::Enabled,
        certificate: Recipe { issued_by: IssuedBy::NotInstalled, ..usual("Frank Fox", "frank@contoso.test") },
    },
    Role {
        name: "wrong-eku",
        shows: "made for servers",
        expected: Outcome::WrongExtendedKeyUsage,
        account: Account::Enabled,
        certificate: Recipe { purpose: Purpose::Server, ..usual("Grace Green", "grace@contoso.test") },
    },
    Role {
        name: "no-directory-entry",
        shows: "a UPN that no account has",
        expected: Outcome::NoAccount,
        account: Account::Missing,
        certificate: usual("Heidi Hill", "heidi@contoso.test"),
    },
    Role {
        name: "two-directory-entries",
        shows: "a UPN that two accounts have",
        expected: Outcome::AmbiguousAccount,
        account: Account::Twice,
        certificate: usual("Ivan Ivers", "ivan@contoso.test"),
    },
    Role {
        name: "disabled-account",
        shows: "its account is disabled",
        expected: Outcome::AccountDisabled,
        account: Account::Disabled,
        certificate: usual("Judy Jones", "judy@contoso.test"),
    },
    Role {
        name: "weak-key",
        shows: "RSA with 1024 bits",
        expected: Outcome::WeakKey,
        account: Account::Enabled,
        certificate: Recipe { key: KeyShape::Rsa(1024), ..usual("Walter West", "walter@contoso.test") },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_role_has_a_name_and_an_outcome_of_its_own() {
        let names: HashSet<_> = CAST.iter().map(|role| role.name).collect();
        let outcomes: HashSet<_> = CAST.iter().map(|role| role.expected).collect();
        assert_eq!((names.len(), outcomes.len()), (CAST.len(), CAST.len()));
    }
}
