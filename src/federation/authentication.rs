//! How and when somebody proved who they are, as the rules and the token tell it.

use super::prompt::{Method, Proof};
use crate::claims::{AD_AUTHORITY, Claim, claim_types as types};
use crate::protocol::soap::format_instant;
use jiff::Timestamp;

const XSD_DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

/// What was proved with. Two credentials of one [`Method`] are told apart in the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A certificate in the TLS handshake.
    TlsCertificate,
    /// A certificate whose key signed the message.
    SignedMessage,
    /// A name and a password on the sign-in page.
    PasswordForm,
    /// A name and a password in a message.
    UserNameToken,
}

impl Credential {
    /// The method that policies speak of.
    pub fn method(self) -> Method {
        match self {
            Self::TlsCertificate | Self::SignedMessage => Method::Certificate,
            Self::PasswordForm | Self::UserNameToken => Method::Password,
        }
    }

    /// In the normalised form that rules see (ADFS-PROTOCOLS section 8.1). The sign-in page's is a class of SAML 2.0, which
    /// real tokens carry into SAML 1.1 unchanged.
    pub fn uri(self) -> &'static str {
        match self {
            Self::TlsCertificate => "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient",
            Self::SignedMessage => "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/x509",
            Self::PasswordForm => "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            Self::UserNameToken => "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
        }
    }

    /// What a browser proves a method with.
    fn in_browser(method: Method) -> Option<Self> {
        match method {
            Method::Password => Some(Self::PasswordForm),
            Method::Certificate => Some(Self::TlsCertificate),
            Method::Windows => None,
        }
    }
}

/// One sign-in of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authentication {
    /// What it began with.
    pub primary: Credential,
    /// The second factor, of another method.
    pub additional: Option<Credential>,
    /// When. However often a session is used, this is the moment of the sign-in (ADFS-PROTOCOLS section 8.3).
    pub at: Timestamp,
}

impl Authentication {
    /// By one credential.
    pub fn by(primary: Credential, at: Timestamp) -> Self {
        Self { primary, additional: None, at }
    }

    /// What a browser proved; `None` for a method that no browser can prove here.
    pub fn of_proof(proof: Proof) -> Option<Self> {
        let additional = match proof.additional {
            Some(method) => Some(Credential::in_browser(method)?),
            None => None,
        };
        Some(Self { primary: Credential::in_browser(proof.primary)?, additional, at: proof.at })
    }

    /// Whether two methods were used.
    pub fn is_multiple(&self) -> bool {
        self.additional.is_some_and(|additional| additional.method() != self.primary.method())
    }

    /// The primary method.
    pub(super) fn method_claim(&self) -> Claim {
        Claim::new(types::AUTHENTICATION_METHOD, self.primary.uri(), AD_AUTHORITY)
    }

    /// The moment.
    pub(super) fn instant_claim(&self) -> Claim {
        Claim::new(types::AUTHENTICATION_INSTANT, format_instant(self.at), AD_AUTHORITY).with_value_type(XSD_DATE_TIME)
    }

    /// Every method used, and that there were several.
    pub(super) fn reference_claims(&self) -> impl Iterator<Item = Claim> {
        let several = self.is_multiple().then_some(types::MULTIPLE_AUTHENTICATION);
        let used = [Some(self.primary.uri()), self.additional.map(Credential::uri), several].into_iter().flatten();
        used.map(|method| Claim::new(types::AUTHENTICATION_METHODS_REFERENCES, method, AD_AUTHORITY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::STRING;

    fn at() -> Timestamp {
        "2026-01-10T10:00:00.1239Z".parse().unwrap()
    }

    fn references(authentication: &Authentication) -> Vec<String> {
        authentication.reference_claims().map(|claim| claim.value.to_string()).collect()
    }

    #[test]
    fn the_moment_of_the_sign_in_is_a_date_time() {
        let authentication = Authentication::by(Credential::TlsCertificate, at());
        let (method, instant) = (authentication.method_claim(), authentication.instant_claim());
        let tls = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient";
        assert_eq!((method.value.as_str(), method.value_type.as_str()), (tls, STRING));
        assert_eq!((instant.value.as_str(), instant.value_type.as_str()), ("2026-01-10T10:00:00.123Z", XSD_DATE_TIME));
        assert_eq!(references(&authentication), [tls]);
    }

    #[test]
    fn two_methods_are_several_factors_and_one_method_twice_is_not() {
        let password = Authentication::by(Credential::PasswordForm, at());
        let both = Authentication { additional: Some(Credential::TlsCertificate), ..password };
        assert_eq!(
            references(&both),
            [Credential::PasswordForm.uri(), Credential::TlsCertificate.uri(), types::MULTIPLE_AUTHENTICATION]
        );
        let twice = Authentication { additional: Some(Credential::UserNameToken), ..password };
        assert!(!references(&twice).contains(&types::MULTIPLE_AUTHENTICATION.to_owned()));
    }

    #[test]
    fn every_credential_is_asked_for_by_a_name_of_its_method() {
        for credential in
            [Credential::TlsCertificate, Credential::SignedMessage, Credential::PasswordForm, Credential::UserNameToken]
        {
            assert_eq!(Method::with_alias(credential.uri()), Some(credential.method()), "{credential:?}");
        }
    }
}
