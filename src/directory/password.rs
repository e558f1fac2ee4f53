//! A password, and what a directory says to it.

use std::fmt;
use zeroize::Zeroizing;

/// Longest password taken, in bytes; Windows takes 256 characters, which UTF-8 writes in at most 1024.
const LONGEST: usize = 1024;

/// A password. It is never printed, never empty, and gone from memory with this value.
///
/// RFC 4513 section 5.1.2: a bind with a name and an empty password is an unauthenticated bind, which servers answer with
/// success. A value that cannot be empty makes sure that none is ever sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

/// Why a text is no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing at all.
    #[error("the password is empty")]
    Empty,
    /// Longer than any directory takes.
    #[error("the password is longer than {LONGEST} bytes")]
    TooLong,
    /// LDAP servers in C end it there, and would compare the beginning only.
    #[error("the password contains a zero character")]
    Zero,
}

impl Password {
    /// Takes the text letter for letter.
    ///
    /// # Errors
    /// When it cannot be a password.
    pub fn new(text: &str) -> Result<Self, PasswordError> {
        match text.len() {
            0 => Err(PasswordError::Empty),
            length if length > LONGEST => Err(PasswordError::TooLong),
            _ if text.contains('\0') => Err(PasswordError::Zero),
            _ => Ok(Self(Zeroizing::new(text.to_owned()))),
        }
    }

    /// The password itself, for a bind and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What a directory answers to a name and a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordAnswer {
    /// It is the account's.
    Right,
    /// The bind failed, and this is why.
    Refused(PasswordRefusal),
}

/// Why a bind with somebody's password failed. Active Directory tells by a sub-code in the text of result 49 (`data 52e`);
/// other directories tell no more than that it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// Another password, as far as the directory says (`52e`).
    Wrong,
    /// No such account (`525`).
    NoSuchAccount,
    /// Not at this hour (`530`).
    LogonHours,
    /// Not from this machine (`531`).
    Workstation,
    /// The password has expired (`532`).
    PasswordExpired,
    /// The account is disabled (`533`).
    Disabled,
    /// The account has expired (`701`).
    AccountExpired,
    /// The password must be changed before it can be used (`773`).
    MustChangePassword,
    /// Too many wrong passwords; whether this one was right is not told (`775`).
    LockedOut,
    /// A sub-code that is not known here, as the directory writes it.
    Other(String),
}

impl PasswordRefusal {
    /// Reads the diagnostic text of result 49: `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data
    /// 52e, v2580`.
    pub fn of_diagnostic(text: &str) -> Self {
        let code =
            text.split_once("data ").and_then(|(_, rest)| rest.split([',', ' ', '\0']).next()).unwrap_or_default();
        match code.to_ascii_lowercase().as_str() {
            "" | "52e" => Self::Wrong,
            "525" => Self::NoSuchAccount,
            "530" => Self::LogonHours,
            "531" => Self::Workstation,
            "532" => Self::PasswordExpired,
            "533" => Self::Disabled,
            "701" => Self::AccountExpired,
            "773" => Self::MustChangePassword,
            "775" => Self::LockedOut,
            other => Self::Other(other.chars().take(16).collect()),
        }
    }

    /// Whether the directory says so only to somebody who knows the password.
    pub fn proves_the_password(&self) -> bool {
        match self {
            Self::LogonHours
            | Self::Workstation
            | Self::PasswordExpired
            | Self::Disabled
            | Self::AccountExpired
            | Self::MustChangePassword => true,
            Self::Wrong | Self::NoSuchAccount | Self::LockedOut | Self::Other(_) => false,
        }
    }
}

impl fmt::Display for PasswordRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wrong => "the password is wrong",
            Self::NoSuchAccount => "there is no such account",
            Self::LogonHours => "the account may not sign in at this hour",
            Self::Workstation => "the account may not sign in from here",
            Self::PasswordExpired => "the password has expired",
            Self::Disabled => "the account is disabled",
            Self::AccountExpired => "the account has expired",
            Self::MustChangePassword => "the password must be changed first",
            Self::LockedOut => "the account is locked out in the directory",
            Self::Other(code) => return write!(f, "the directory gives the sub-code {code:?}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_empty_too_long_or_cut_short() {
        for (text, expected) in [
            (String::new(), Err(PasswordError::Empty)),
            ("x".repeat(LONGEST + 1), Err(PasswordError::TooLong)),
            ("a\0b".to_owned(), Err(PasswordError::Zero)),
            ("x".repeat(LONGEST), Ok(())),
            (" ".to_owned(), Ok(())),
        ] {
            assert_eq!(Password::new(&text).map(|_| ()), expected, "{} bytes", text.len());
        }
    }

    #[test]
    fn the_sub_code_is_read_from_what_domain_controllers_say() {
        use PasswordRefusal::{Disabled, LockedOut, MustChangePassword, NoSuchAccount, Other, Wrong};
        let windows = |code| {
            format!("80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data {code}, v2580\0")
        };
        for (text, expected) in [
            (windows("52e"), Wrong),
            (windows("525"), NoSuchAccount),
            (windows("533"), Disabled),
            (windows("773"), MustChangePassword),
            (windows("775"), LockedOut),
            (windows("57"), Other("57".to_owned())),
            (
                "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1".to_owned(),
                Wrong,
            ),
            ("Simple Bind Failed: NT_STATUS_LOGON_FAILURE".to_owned(), Wrong),
            (String::new(), Wrong),
        ] {
            assert_eq!(PasswordRefusal::of_diagnostic(&text), expected, "{text}");
        }
    }
}
