//! What a request demands of the sign-in, whichever protocol it came in. Parsed once; nothing after this looks at `wauth`,
//! `wfresh`, `prompt`, `ForceAuthn` or `RequestedAuthnContext` again.

use super::{Method, Methods};
use crate::protocol::wsfed::SignInMessage;
use std::fmt;
use std::time::Duration;

/// Asks for two factors, whichever they are.
const MULTIPLE: &str = "http://schemas.microsoft.com/claims/multipleauthn";
/// Asks for Windows authentication inside and two factors outside (MS-MWBF note 14, whose wording has it the other way round).
const WINDOWS_OR_MULTIPLE: &str = "http://schemas.microsoft.com/claims/wiaormultiauthn";
/// `AuthenticationContextOrder` of a new farm, the weakest first.
const CONTEXT_ORDER: [&str; 6] = [
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
    "urn:federation:authentication:windows",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos",
];

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// The corporate network.
    Intranet,
    /// Everywhere else, and through every proxy.
    Extranet,
}

/// What a request demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInDemand {
    /// How the person must sign in.
    pub methods: MethodDemand,
    /// How recently.
    pub freshness: Freshness,
}

/// How the person must sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MethodDemand {
    /// As they like.
    Any,
    /// By one of these: a hard filter, never a preference (MS-MWBF note 56).
    OneOf(Methods),
    /// By two factors.
    Multiple,
    /// By something that no method here is called. The request's word for it.
    Unknown(String),
}

/// How recently the person must have signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Whenever the session still holds.
    Any,
    /// At most so long ago (WS-Federation 1.2 section 13.2.2).
    Within(Duration),
    /// In this very transaction.
    Now(Reason),
}

/// What forces a new sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `wfresh=0`.
    WFresh,
    /// `prompt=login`.
    PromptLogin,
    /// `ForceAuthn="true"`.
    ForceAuthn,
    /// `AlwaysRequireAuthentication` of the trust.
    Trust,
}

/// `Comparison` of a RequestedAuthnContext (SAML 2.0 core, section 3.3.2.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContextComparison {
    /// One of those named.
    #[default]
    Exact,
    /// At least as strong as one of those named.
    Minimum,
    /// At most as strong as one of those named.
    Maximum,
    /// Stronger than all of those named.
    Better,
}

impl SignInDemand {
    /// The demand of a WS-Federation request.
    pub fn of_wsfed(message: &SignInMessage, location: Location) -> Self {
        let freshness = match message.wfresh {
            Some(Duration::ZERO) => Freshness::Now(Reason::WFresh),
            _ if message.prompt_login => Freshness::Now(Reason::PromptLogin),
            Some(age) => Freshness::Within(age),
            None => Freshness::Any,
        };
        let methods = message.wauth.as_deref().map_or(MethodDemand::Any, |wauth| MethodDemand::named(wauth, location));
        Self { methods, freshness }
    }

    /// The demand of a SAML 2.0 AuthnRequest: its `ForceAuthn`, and the class references of its RequestedAuthnContext.
    pub fn of_saml(force_authn: bool, classes: &[&str], comparison: ContextComparison, location: Location) -> Self {
        let freshness = if force_authn { Freshness::Now(Reason::ForceAuthn) } else { Freshness::Any };
        Self { methods: MethodDemand::of_classes(classes, comparison, location), freshness }
    }

    /// Adds `AlwaysRequireAuthentication` of the trust.
    #[must_use]
    pub fn always_fresh(self, always: bool) -> Self {
        match self.freshness {
            Freshness::Any | Freshness::Within(_) if always => {
                Self { freshness: Freshness::Now(Reason::Trust), ..self }
            }
            _ => self,
        }
    }
}

impl MethodDemand {
    fn named(uri: &str, location: Location) -> Self {
        match (uri, location) {
            (MULTIPLE, _) | (WINDOWS_OR_MULTIPLE, Location::Extranet) => Self::Multiple,
            (WINDOWS_OR_MULTIPLE, Location::Intranet) => Self::OneOf(Methods::NONE.with(Method::Windows)),
            _ => match Method::with_alias(uri) {
                Some(method) => Self::OneOf(Methods::NONE.with(method)),
                None => Self::Unknown(uri.chars().take(256).collect()),
            },
        }
    }

    /// Classes that are not known are left out as long as one is known: each is an alternative to the others.
    fn of_classes(classes: &[&str], comparison: ContextComparison, location: Location) -> Self {
        if classes.is_empty() {
            return Self::Any;
        }
        if comparison != ContextComparison::Exact {
            return Self::compared(classes, comparison);
        }
        let mut demanded = Methods::NONE;
        for class in classes {
            match Self::named(class, location) {
                Self::OneOf(methods) => demanded = demanded.or(methods),
                // one alternative that costs a second factor does not make the others cost one
                Self::Multiple if classes.len() == 1 => return Self::Multiple,
                _ => {}
            }
        }
        if demanded.is_empty() {
            Self::Unknown(classes.join(" ").chars().take(256).collect())
        } else {
            Self::OneOf(demanded)
        }
    }

    fn compared(classes: &[&str], comparison: ContextComparison) -> Self {
        let place = |class: &&str| CONTEXT_ORDER.iter().position(|known| known == class);
        let places: Vec<usize> = classes.iter().filter_map(place).collect();
        let (Some(weakest), Some(strongest)) = (places.iter().min(), places.iter().max()) else {
            return Self::Unknown(classes.join(" ").chars().take(256).collect());
        };
        let enough = |place: usize| match comparison {
            ContextComparison::Exact => places.contains(&place),
            ContextComparison::Minimum => place >= *weakest,
            ContextComparison::Maximum => place <= *strongest,
            ContextComparison::Better => place > *strongest,
        };
        let accepted = CONTEXT_ORDER.iter().enumerate().filter(|(place, _)| enough(*place));
        let methods: Methods = accepted.filter_map(|(_, class)| Method::with_alias(class)).collect();
        if methods.is_empty() {
            Self::Unknown(classes.join(" ").chars().take(256).collect())
        } else {
            Self::OneOf(methods)
        }
    }
}

impl fmt::Display for SignInDemand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.methods {
            MethodDemand::Any => f.write_str("any method"),
            MethodDemand::OneOf(methods) => write!(f, "only by {methods}"),
            MethodDemand::Multiple => f.write_str("two factors"),
            MethodDemand::Unknown(name) => write!(f, "a method that is not known here, {name:?}"),
        }?;
        match self.freshness {
            Freshness::Any => f.write_str(", a session will do"),
            Freshness::Within(age) => write!(f, ", at most {} minutes ago", age.as_secs() / 60),
            Freshness::Now(reason) => write!(f, ", and now ({reason})"),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Intranet => "intranet",
            Self::Extranet => "extranet",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WFresh => "wfresh=0",
            Self::PromptLogin => "prompt=login",
            Self::ForceAuthn => "ForceAuthn",
            Self::Trust => "AlwaysRequireAuthentication of the trust",
        })
    }
}
