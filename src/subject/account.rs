//! The state of an account. No domain controller takes part in a sign-in, so what it would refuse is refused here.

use super::{SubjectError, SubjectPolicy};
use crate::directory::{Entry, security_identifier};
use jiff::Timestamp;

/// A usable account: enabled, not expired, not locked out at the moment it was judged at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    entry: Entry,
    windows_account_name: String,
    sid: Option<String>,
}

impl Account {
    /// Judges an entry that was found to be somebody's.
    pub(super) fn of(entry: Entry, policy: &SubjectPolicy, at: Timestamp) -> Result<Self, SubjectError> {
        is_usable(&entry, at)?;
        Ok(Self {
            windows_account_name: format!("{}\\{}", policy.netbios_domain, sam_account_name(&entry)?),
            sid: sid(&entry)?,
            entry,
        })
    }

    /// The account as the directory returned it.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// `CONTOSO\alice`.
    pub fn windows_account_name(&self) -> &str {
        &self.windows_account_name
    }

    /// The account's own `userPrincipalName`, not the certificate's.
    pub fn user_principal_name(&self) -> Option<&str> {
        self.entry.text("userPrincipalName")
    }

    /// `S-1-5-21-…`.
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }
}

/// `ADS_UF_ACCOUNTDISABLE`.
const DISABLED: u32 = 0x2;
/// `ADS_UF_LOCKOUT`, maintained only in the computed attribute.
const LOCKED_OUT: u32 = 0x10;
/// Seconds from 1601, the start of Windows file times, to 1970.
const FILETIME_EPOCH: i64 = 11_644_473_600;
const FILETIME_TICKS: i64 = 10_000_000;
/// `accountExpires` of an account that never does; 0 means the same.
const NEVER: i64 = i64::MAX;

/// The account is enabled, not expired and not locked out.
fn is_usable(entry: &Entry, at: Timestamp) -> Result<(), SubjectError> {
    let dn = || entry.dn.clone();
    let control = number::<i32>(entry, "userAccountControl")?.ok_or_else(|| missing(entry, "userAccountControl"))?;
    if control.cast_unsigned() & DISABLED != 0 {
        return Err(SubjectError::Disabled { dn: dn() });
    }
    if let Some(expired_at) = expiry(entry)?.filter(|expiry| *expiry <= at) {
        return Err(SubjectError::AccountExpired { dn: dn(), expired_at });
    }
    if is_locked_out(entry)? { Err(SubjectError::LockedOut { dn: dn() }) } else { Ok(()) }
}

/// `lockoutTime` stays set after the domain's lockout duration has passed, until the next sign-in; the computed attribute
/// (MS-ADTS section 3.1.1.4.5.17) knows the duration and is believed first. A directory without it gets the strict reading.
fn is_locked_out(entry: &Entry) -> Result<bool, SubjectError> {
    match number::<i32>(entry, "msDS-User-Account-Control-Computed")? {
        Some(computed) => Ok(computed.cast_unsigned() & LOCKED_OUT != 0),
        None => match number::<i64>(entry, "lockoutTime")? {
            Some(since) if since < 0 => Err(garbled(entry, "lockoutTime")),
            since => Ok(since.is_some_and(|since| since != 0)),
        },
    }
}

/// A moment beyond the calendar never comes.
fn expiry(entry: &Entry) -> Result<Option<Timestamp>, SubjectError> {
    match number::<i64>(entry, "accountExpires")? {
        None | Some(0 | NEVER) => Ok(None),
        Some(ticks) if ticks < 0 => Err(garbled(entry, "accountExpires")),
        Some(ticks) => Ok(Timestamp::from_second(ticks / FILETIME_TICKS - FILETIME_EPOCH).ok()),
    }
}

fn number<N: std::str::FromStr>(entry: &Entry, attribute: &'static str) -> Result<Option<N>, SubjectError> {
    match entry.values(attribute) {
        [] => Ok(None),
        [value] => {
            let number = str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok());
            number.map(Some).ok_or_else(|| garbled(entry, attribute))
        }
        _ => Err(garbled(entry, attribute)),
    }
}

/// `sAMAccountName`, without which there is no `DOMAIN\user`.
fn sam_account_name(entry: &Entry) -> Result<&str, SubjectError> {
    match entry.values("sAMAccountName") {
        [] => Err(missing(entry, "sAMAccountName")),
        [name] => {
            let name = str::from_utf8(name).ok().filter(|name| !name.is_empty());
            name.ok_or_else(|| garbled(entry, "sAMAccountName"))
        }
        // Which of two is the account's would be a guess.
        _ => Err(garbled(entry, "sAMAccountName")),
    }
}

/// `objectSid` as text; directories other than AD may hold it as text already.
fn sid(entry: &Entry) -> Result<Option<String>, SubjectError> {
    match entry.values("objectSid") {
        [] => Ok(None),
        [value] => security_identifier::text(value).map(Some).ok_or_else(|| garbled(entry, "objectSid")),
        _ => Err(garbled(entry, "objectSid")),
    }
}

fn missing(entry: &Entry, attribute: &'static str) -> SubjectError {
    let reason = "is missing or hidden from the gateway's account";
    SubjectError::AccountUnusable { dn: entry.dn.clone(), attribute, reason }
}

fn garbled(entry: &Entry, attribute: &'static str) -> SubjectError {
    SubjectError::AccountUnusable { dn: entry.dn.clone(), attribute, reason: "cannot be read" }
}
