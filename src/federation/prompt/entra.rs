//! The two settings that decide which requests arrive: PromptLoginBehavior of a domain in Entra ID, and PromptLoginFederation
//! of a claims provider trust in AD FS (ADFS-PROTOCOLS section 6).

use std::fmt;
use std::str::FromStr;

/// The password method as Entra ID and AD FS ask for it.
pub const PASSWORD_WAUTH: &str = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password";

/// Parameters that a setting adds to a request. None at all is a case of its own.
pub type AddedParameters = Vec<(&'static str, String)>;

/// What Entra ID makes of an application's `prompt=login` for a federated domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum PromptLoginBehavior {
    /// `wfresh=0` and the password method. Also what a domain without the setting has.
    #[default]
    TranslateToFreshPasswordAuthentication,
    /// `prompt=login` as it is.
    NativeSupport,
    /// The prompt is dropped. Microsoft's texts differ on whether `wfresh=0` remains.
    Disabled,
}

impl PromptLoginBehavior {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::TranslateToFreshPasswordAuthentication, Self::NativeSupport, Self::Disabled];

    /// What is added to the request to the federation service. More than one element where sources differ.
    pub fn added(self) -> Vec<AddedParameters> {
        let fresh = || ("wfresh", "0".to_owned());
        match self {
            Self::TranslateToFreshPasswordAuthentication => vec![vec![fresh(), ("wauth", PASSWORD_WAUTH.to_owned())]],
            Self::NativeSupport => vec![vec![("prompt", "login".to_owned())]],
            Self::Disabled => vec![vec![fresh()], Vec::new()],
        }
    }

    /// The value's name in Microsoft Graph.
    pub fn graph_name(self) -> &'static str {
        match self {
            Self::TranslateToFreshPasswordAuthentication => "translateToFreshPasswordAuthentication",
            Self::NativeSupport => "nativeSupport",
            Self::Disabled => "disabled",
        }
    }

    /// What an operator runs to give a domain this value. The older MSOnline module is retired.
    pub fn remedy(self, domain: &str) -> String {
        format!(
            "Update-MgDomainFederationConfiguration -DomainId {domain} -InternalDomainFederationId \
             (Get-MgDomainFederationConfiguration -DomainId {domain}).Id -PromptLoginBehavior {}",
            self.graph_name()
        )
    }
}

impl fmt::Display for PromptLoginBehavior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.graph_name())
    }
}

/// The names of Microsoft Graph, those of the MSOnline module, its numbers, and "unset".
impl FromStr for PromptLoginBehavior {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "translatetofreshpasswordauthentication" | "translatetofreshpasswordauth" | "0" | "unset" | "null" => {
                Ok(Self::TranslateToFreshPasswordAuthentication)
            }
            "nativesupport" | "1" => Ok(Self::NativeSupport),
            "disabled" | "2" => Ok(Self::Disabled),
            _ => Err("it is TranslateToFreshPasswordAuth, NativeSupport, Disabled or unset".to_owned()),
        }
    }
}

/// `PromptLoginFederation`: what AD FS, itself the relying party of another federation service, makes of `prompt=login`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptLoginFederation {
    /// The sign-in is refused rather than passed on.
    None,
    /// `wfresh=0` and `PromptLoginFallbackAuthenticationType`.
    FallbackToProtocolSpecificParameters {
        /// The method asked for, [`PASSWORD_WAUTH`] unless set.
        authentication_type: String,
    },
    /// `prompt` and the hints as they are, in WS-Federation.
    ForwardPromptAndHintsOverWsFederation,
    /// The prompt is dropped.
    Disabled,
}

impl PromptLoginFederation {
    /// What is added to the request to the other service; nothing when the sign-in must be refused.
    pub fn added(&self) -> Option<AddedParameters> {
        match self {
            Self::None => None,
            Self::FallbackToProtocolSpecificParameters { authentication_type } => {
                Some(vec![("wfresh", "0".to_owned()), ("wauth", authentication_type.clone())])
            }
            Self::ForwardPromptAndHintsOverWsFederation => Some(vec![("prompt", "login".to_owned())]),
            Self::Disabled => Some(Vec::new()),
        }
    }
}
