//! The lab's directory: an account for everybody in the cast who is meant to have one.

use super::cast::{Account, AlternativeName};
use super::pki::{Pki, RandomOctets, UserCertificate};
use crate::directory::Password;
use crate::lookups::SaltedHash;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// Below which everything is.
pub(super) const BASE_DN: &str = "DC=contoso,DC=test";

/// Everybody's.
pub(super) const PASSWORD: &str = "a lab's password";

const ENABLED: u32 = 0x200;
const DISABLED: u32 = 0x202;
/// The first relative identifier after the built-in accounts' thousand.
const FIRST_RELATIVE_ID: u32 = 1101;

/// The directory as LDIF.
pub(super) fn directory(pki: &Pki, random: RandomOctets<'_>) -> String {
    let mut ldif = String::from("version: 1\n\n");
    let _ = writeln!(ldif, "dn: {BASE_DN}\nobjectClass: domain\nobjectClass: top\ndc: contoso\n");
    let _ = writeln!(ldif, "dn: CN=Users,{BASE_DN}\nobjectClass: container\nobjectClass: top\ncn: Users\n");
    let mut relative_id = FIRST_RELATIVE_ID;
    let password = Password::new(PASSWORD);
    let mut write = |name: &str, user: &UserCertificate| {
        ldif.push_str(&entry(name, relative_id, &random(), user, pki));
        if let Ok(password) = &password {
            let _ = writeln!(ldif, "userPassword: {}", SaltedHash::make(password, random()));
        }
        ldif.push('\n');
        relative_id += 1;
    };
    for user in &pki.users {
        let name = user.role.certificate.common_name;
        match user.role.account {
            Account::Missing => {}
            Account::Enabled | Account::StronglyMapped | Account::Disabled => write(name, user),
            Account::Twice => {
                write(name, user);
                write(&format!("{name} (old)"), user);
            }
        }
    }
    ldif
}

fn entry(name: &str, relative_id: u32, guid: &[u8; 16], user: &UserCertificate, pki: &Pki) -> String {
    let role = user.role;
    let sam_account_name = name.to_lowercase().replace(' ', ".").replace(['(', ')'], "");
    let control = if role.account == Account::Disabled { DISABLED } else { ENABLED };
    let mut ldif = format!("dn: CN={name},CN=Users,{BASE_DN}\nobjectClass: user\nobjectClass: top\ncn: {name}\n");
    let _ = writeln!(ldif, "sAMAccountName: {sam_account_name}");
    let (first_name, _) = name.split_once(' ').unwrap_or((name, ""));
    let user_principal_name = match role.certificate.alternative_name {
        AlternativeName::UserPrincipalName(name) => name.to_owned(),
        AlternativeName::Rfc822(_) | AlternativeName::None => {
            format!("{}@contoso.test", first_name.to_lowercase())
        }
    };
    let _ = writeln!(ldif, "userPrincipalName: {user_principal_name}");
    if let AlternativeName::Rfc822(address) = role.certificate.alternative_name {
        let _ = writeln!(ldif, "mail: {address}\nproxyAddresses: SMTP:{address}");
    }
    if role.account == Account::StronglyMapped {
        let serial: String = user.issued.serial.iter().rev().map(|octet| format!("{octet:02x}")).collect();
        let _ = writeln!(ldif, "altSecurityIdentities: X509:<I>{}<SR>{serial}", pki.issuing.name);
    }
    let _ = writeln!(ldif, "userAccountControl: {control}\naccountExpires: 0");
    let _ = writeln!(ldif, "objectGUID:: {}", STANDARD.encode(guid));
    let _ = writeln!(ldif, "objectSid:: {}", STANDARD.encode(security_identifier(relative_id)));
    ldif
}

/// `S-1-5-21-…-<relative_id>` in octets (MS-DTYP section 2.4.2.2). The domain's part is made up.
fn security_identifier(relative_id: u32) -> Vec<u8> {
    const DOMAIN: [u32; 4] = [21, 1_004_336_348, 1_177_238_915, 682_003_330];
    let parts = DOMAIN.into_iter().chain([relative_id]);
    let mut octets = vec![1, 5, 0, 0, 0, 0, 0, 5];
    octets.extend(parts.flat_map(u32::to_le_bytes));
    octets
}
