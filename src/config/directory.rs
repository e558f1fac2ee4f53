//! `[directory]`: which kind, and the embedded one. The keys of `kind = "ldap"` are in `ldap.rs`.

use super::Located;
use super::document::Section;
use super::keys::{Key, Table, Variant};
use super::ldap::{LDAP, LdapSection, ldap};
use super::shapes::{Choice, File, Required, Text};
use std::path::PathBuf;

/// `[directory]`: where accounts are.
#[derive(Debug, Clone)]
pub enum DirectorySection {
    /// A file, for labs and small sites.
    Ldif {
        /// The LDIF file.
        file: Located<PathBuf>,
        /// The domain of `DOMAIN\user`.
        netbios_domain: String,
    },
    /// A server.
    Ldap(Box<LdapSection>),
}

pub(super) const DIRECTORY: Table = Table {
    name: "directory",
    repeated: false,
    meaning: "Where accounts are.",
    keys: &[&KIND, &NETBIOS_DOMAIN],
    variants: &[LDAP, LDIF],
};

const LDIF: Variant = Variant { key: "kind", choice: "ldif", keys: &[&FILE] };

#[derive(Clone, Copy)]
enum DirectoryKind {
    Ldap,
    Ldif,
}

const KIND: Key<Choice<DirectoryKind>> = Key {
    name: "kind",
    shape: Choice {
        first: ("ldap", DirectoryKind::Ldap),
        others: &[("ldif", DirectoryKind::Ldif)],
        cure: Some("Set it to \"ldap\" or \"ldif\"."),
    },
    meaning: "`ldap`: a server. `ldif`: a file that is read once, for labs and small sites.",
};

const NETBIOS_DOMAIN: Key<Required<Text>> = Key {
    name: "netbios_domain",
    shape: Required {
        kind: Text("domain's short name"),
        example: "CONTOSO",
        cure: "Set the domain's short name, such as CONTOSO.",
    },
    meaning: "The domain of `DOMAIN\\user` in the `windowsaccountname` claim, and the only one before the backslash of a name \
              that somebody signs in with.",
};

const FILE: Key<Required<File>> = Key {
    name: "file",
    shape: Required { kind: File, example: "directory.ldif", cure: "Name the LDIF file." },
    meaning: "The LDIF file (RFC 2849), UTF-8: content records, as `ldifde -f` and `slapcat` write them. Of `userPassword` only \
              values in the scheme `{SSHA512}` count, as `slappasswd` with the module pw-sha2 makes them; no search finds one.",
};

pub(super) fn directory(mut section: Section<'_, '_>) -> DirectorySection {
    let kind = section.required_choice(&KIND);
    let netbios_domain = section.required(&NETBIOS_DOMAIN).value;
    let directory = match kind {
        Some(DirectoryKind::Ldap) => {
            section.idle(&LDIF, &LDAP);
            DirectorySection::Ldap(Box::new(ldap(&mut section, netbios_domain)))
        }
        Some(DirectoryKind::Ldif) => {
            section.idle(&LDAP, &LDIF);
            DirectorySection::Ldif { file: section.required(&FILE), netbios_domain }
        }
        // Which keys belong here is not known, so none of them is judged.
        None => {
            DIRECTORY.variants.iter().for_each(|variant| section.pass_over(variant.keys));
            DirectorySection::Ldif { file: section.stand_in(PathBuf::new(), FILE.name), netbios_domain }
        }
    };
    section.finish();
    directory
}
