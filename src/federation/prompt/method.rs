//! The primary methods of AD FS, and every spelling that selects one (ADFS-PROTOCOLS section 8.2).

use std::fmt;

/// How somebody proves who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// A name and a password on the sign-in page: FormsAuthentication.
    Password,
    /// A certificate on the user TLS listener: CertificateAuthentication.
    Certificate,
    /// Integrated Windows authentication: WindowsAuthentication.
    Windows,
}

impl Method {
    /// All methods, in the order in which pages offer them.
    pub const ALL: [Self; 3] = [Self::Password, Self::Certificate, Self::Windows];

    /// The `AuthenticationMethods` of the provider. Comparison is ordinal.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Password => &[
                "urn:oasis:names:tc:SAML:1.0:am:password",
                "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
                "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
                "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
            ],
            Self::Certificate => &[
                "urn:ietf:rfc:2246",
                "urn:oasis:names:tc:SAML:1.0:am:X509-PKI",
                "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient",
                "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
                "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient",
                "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/x509",
            ],
            Self::Windows => &[
                "urn:ietf:rfc:1510",
                "urn:federation:authentication:windows",
                "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos",
                "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/kerberos",
                "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows",
            ],
        }
    }

    /// The method that a form names: `AuthMethod` has the names of `Get-AdfsAuthenticationProvider`.
    pub fn of_provider(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.provider() == name)
    }

    /// The name in AD FS's forms and commands.
    pub fn provider(self) -> &'static str {
        match self {
            Self::Password => "FormsAuthentication",
            Self::Certificate => "CertificateAuthentication",
            Self::Windows => "WindowsAuthentication",
        }
    }

    /// The method that an alias selects.
    pub fn with_alias(alias: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.aliases().contains(&alias))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "password",
            Self::Certificate => "certificate",
            Self::Windows => "windows",
        })
    }
}

/// Some of the methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Methods(u8);

impl Methods {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Whether a method is among them.
    pub fn contains(self, method: Method) -> bool {
        self.0 & bit(method) != 0
    }

    /// With one more.
    #[must_use]
    pub fn with(self, method: Method) -> Self {
        Self(self.0 | bit(method))
    }

    /// Without one.
    #[must_use]
    pub fn without(self, method: Method) -> Self {
        Self(self.0 & !bit(method))
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The methods, in the order in which pages offer them.
    pub fn iter(self) -> impl Iterator<Item = Method> {
        Method::ALL.into_iter().filter(move |method| self.contains(*method))
    }

    /// The method, if there is exactly one.
    pub fn only(self) -> Option<Method> {
        let mut methods = self.iter();
        methods.next().filter(|_| methods.next().is_none())
    }
}

fn bit(method: Method) -> u8 {
    1 << method as u8
}

impl FromIterator<Method> for Methods {
    fn from_iter<I: IntoIterator<Item = Method>>(methods: I) -> Self {
        methods.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (position, method) in self.iter().enumerate() {
            let between = if position == 0 { "" } else { ", " };
            write!(f, "{between}{method}")?;
        }
        Ok(())
    }
}
