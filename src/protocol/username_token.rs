//! The WS-Security user name token (OASIS UsernameToken Profile 1.0), as far as AD FS takes it: a name and a password in the
//! clear, over HTTPS.

use super::namespaces as ns;
use crate::directory::{Password, PasswordError};
use crate::xml::reader::Element;
use zeroize::Zeroize;

/// Longest name read, in bytes. A user principal name has at most 1024 characters (MS-ADA3 section 2.349).
const LONGEST_NAME: usize = 1024;
/// The type of a password in the clear, which is also meant when there is none.
const PASSWORD_TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";

/// A name and the password that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsernameToken {
    /// As the client wrote it, without white space around it.
    pub name: String,
    /// Likewise, letter for letter.
    pub password: Password,
}

/// Why there is no name and password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsernameTokenError {
    /// None in the header.
    #[error("the message carries no UsernameToken")]
    Missing,
    /// Which of them counts is anybody's guess.
    #[error("{0} occurs more than once")]
    Twice(&'static str),
    /// A part is not there or empty.
    #[error("the UsernameToken has no {0}, or an empty one")]
    Empty(&'static str),
    /// Longer than any directory takes.
    #[error("the {0} is too long")]
    TooLong(&'static str),
    /// What no directory takes.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// A digest, which no directory could check.
    #[error("the password is not in the clear")]
    NotText,
}

/// Reads the token of a security header.
///
/// # Errors
/// When it is not one name and one password in the clear.
pub fn read(security: &Element) -> Result<UsernameToken, UsernameTokenError> {
    let token = one(security, "UsernameToken")?.ok_or(UsernameTokenError::Missing)?;
    let name = one(token, "Username")?.map(Element::trimmed).unwrap_or_default();
    let password = one(token, "Password")?.ok_or(UsernameTokenError::Empty("Password"))?;
    if password.attribute("", "Type").is_some_and(|form| form.trim() != PASSWORD_TEXT) {
        return Err(UsernameTokenError::NotText);
    }
    let name = bounded("Username", name, LONGEST_NAME)?.to_owned();
    Ok(UsernameToken { name, password: Password::new(&password.text)? })
}

/// Overwrites every password of a document that has been read.
pub fn wipe(element: &mut Element) {
    if element.is(ns::SECURITY, "Password") {
        element.text.zeroize();
    }
    element.children.iter_mut().for_each(wipe);
}

fn one<'a>(parent: &'a Element, name: &'static str) -> Result<Option<&'a Element>, UsernameTokenError> {
    let mut found = parent.children(ns::SECURITY, name);
    let first = found.next();
    if found.next().is_some() { Err(UsernameTokenError::Twice(name)) } else { Ok(first) }
}

fn bounded<'a>(part: &'static str, text: &'a str, limit: usize) -> Result<&'a str, UsernameTokenError> {
    match text.len() {
        0 => Err(UsernameTokenError::Empty(part)),
        length if length > limit => Err(UsernameTokenError::TooLong(part)),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::reader::{XmlLimits, parse_document};
    use proptest::prelude::*;

    fn token(inner: &str) -> Result<UsernameToken, UsernameTokenError> {
        header(&format!("<o:UsernameToken>{inner}</o:UsernameToken>"))
    }

    fn header(inner: &str) -> Result<UsernameToken, UsernameTokenError> {
        let text = format!("<o:Security xmlns:o='{}'>{inner}</o:Security>", ns::SECURITY);
        read(&parse_document(text.as_bytes(), XmlLimits::default()).unwrap())
    }

    const NAME: &str = "<o:Username> alice@contoso.test </o:Username>";

    #[test]
    fn a_password_is_taken_letter_for_letter_and_never_printed() {
        let read = token(&format!("{NAME}<o:Password>  p&amp;&lt;&#x20AC; </o:Password>")).unwrap();
        assert_eq!((read.name.as_str(), read.password.expose()), ("alice@contoso.test", "  p&<\u{20ac} "));
        let shown = format!("{read:?}");
        assert!(shown.contains("alice") && !shown.contains("p&"), "{shown}");
        let typed = format!("{NAME}<o:Password Type='{PASSWORD_TEXT}'>x</o:Password>");
        assert_eq!(token(&typed).unwrap().password.expose(), "x");
    }

    proptest! {
        #[test]
        fn whatever_can_be_written_is_read_letter_for_letter(password in "[ -~\u{a1}-\u{2ff}\u{1f511}]{1,60}") {
            let mut written = String::new();
            crate::xml::canonical::escape_text(&mut written, &password);
            let read = token(&format!("{NAME}<o:Password>{written}</o:Password>")).unwrap();
            prop_assert_eq!(read.password.expose(), password);
        }
    }

    #[test]
    fn passwords_are_wiped_wherever_they_stand() {
        let text =
            format!("<a xmlns:o='{}'><o:Password>x</o:Password><b>y<o:Password>z</o:Password></b></a>", ns::SECURITY);
        let mut root = parse_document(text.as_bytes(), XmlLimits::default()).unwrap();
        wipe(&mut root);
        let texts: Vec<&str> = root.descendants().map(|element| element.text.as_str()).collect();
        assert_eq!(texts, ["", "", "y", ""]);
    }

    #[test]
    fn whatever_is_no_name_with_a_password_in_the_clear_is_refused() {
        use UsernameTokenError::{Empty, Missing, NotText, TooLong, Twice};
        let password = "<o:Password>x</o:Password>";
        let digest = PASSWORD_TEXT.replace("PasswordText", "PasswordDigest");
        for (inner, expected) in [
            (NAME.to_owned(), Empty("Password")),
            (format!("{NAME}<o:Password/>"), PasswordError::Empty.into()),
            (format!("{NAME}<o:Password></o:Password>"), PasswordError::Empty.into()),
            (password.to_owned(), Empty("Username")),
            (format!("<o:Username>  </o:Username>{password}"), Empty("Username")),
            (format!("{NAME}{password}{password}"), Twice("Password")),
            (format!("{NAME}{NAME}{password}"), Twice("Username")),
            (format!("{NAME}<o:Password Type='{digest}'>x</o:Password>"), NotText),
            (format!("{NAME}<o:Password>{}</o:Password>", "x".repeat(1025)), PasswordError::TooLong.into()),
            (format!("<o:Username>{}</o:Username>{password}", "x".repeat(1025)), TooLong("Username")),
        ] {
            assert_eq!(token(&inner).unwrap_err(), expected, "{inner}");
        }
        assert_eq!(header("").unwrap_err(), Missing);
        assert_eq!(header("<o:UsernameToken/><o:UsernameToken/>").unwrap_err(), Twice("UsernameToken"));
    }
}
