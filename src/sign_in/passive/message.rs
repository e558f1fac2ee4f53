//! What a browser asks, and which credential it offers for it.

use crate::directory::Password;
use crate::federation::prompt::{Location, Method, SignInDemand};
use crate::federation::{Farm, RelyingPartyTrust, TokenForm};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::samlp::LogoutResponse;
use crate::protocol::wsfed::{
    ParameterError, Parameters, PassiveRequest, SignInMessage, SignOutMessage, read_passive_request,
};
use crate::sign_in::evidence::RequestEvidence;
use crate::sign_in::issuance::Wanted;
use crate::sign_in::passive::saml::{self, SamlLogout, SamlMessage, SamlSignIn};
use crate::sign_in::passive::{Delivery, Desk, Randomness, Visit, request_text};
use crate::sign_in::request;
use crate::sign_in::session::Transaction;
use jiff::Timestamp;

/// A request of a browser, read and believed by nobody yet.
#[derive(Debug)]
pub(in crate::sign_in) struct Message {
    pub(in crate::sign_in) asked: Asked,
    pub(super) offered: Offered,
    /// What identifies the request: the state of a sign-in is bound to it.
    pub(super) octets: Vec<u8>,
}

/// What is asked.
#[derive(Debug)]
pub(in crate::sign_in) enum Asked {
    SignIn(SignIn),
    SignOut(SignOutMessage),
    Logout(Box<SamlLogout>),
    LoggedOut(Box<LogoutResponse>),
    CleanUp,
}

/// A sign-in, in the protocol it is asked in.
#[derive(Debug)]
pub(in crate::sign_in) enum SignIn {
    WsFederation(Box<SignInMessage>),
    Saml(Box<SamlSignIn>),
}

/// What comes with the request to prove who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sign_in) struct Offered {
    /// The method, which on the service listener may be no more than a choice.
    pub(super) method: Option<Method>,
    /// The state of the sign-in that the page brought along.
    pub(super) state: Option<String>,
    /// What was typed into the sign-in form.
    pub(super) typed: Option<Typed>,
}

/// A name and a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) password: Password,
}

impl Message {
    pub(super) fn read(visit: &Visit<'_>, request: &RequestEvidence, farm: &Farm) -> Result<Self, Refusal> {
        let query = Parameters::parse(visit.query)?;
        let form = if visit.posted { form(request)? } else { "" };
        let form = Parameters::parse(form)?;
        let offered = Offered {
            method: form.said("AuthMethod").and_then(Method::of_provider),
            state: form.said("State").map(str::to_owned),
            typed: typed(&form),
        };
        let body = request.body.as_deref().ok().filter(|_| visit.posted);
        let octets = request_text(visit.query, body).into_owned().into_bytes();
        saml::refuse_posted(&form)?;
        let asked = match saml::read(&query, visit.query, farm)? {
            Some(message) => Asked::of_saml(message),
            None => Asked::of_wsfed(read_passive_request(&Parameters::of_post(query, form))?),
        };
        Ok(Self { asked, offered, octets })
    }

    /// A sign-in that begins with this message.
    pub(super) fn begin(&self, visit: &Visit<'_>, at: Timestamp) -> Transaction {
        let browser = visit.cookies.browser.unwrap_or(visit.random.browser);
        Transaction::begin(visit.random.transaction, browser, &self.octets, at)
    }
}

impl Asked {
    fn of_wsfed(request: PassiveRequest) -> Self {
        match request {
            PassiveRequest::SignIn(message) => Self::SignIn(SignIn::WsFederation(message)),
            PassiveRequest::SignOut(message) => Self::SignOut(message),
            PassiveRequest::CleanUp => Self::CleanUp,
        }
    }

    fn of_saml(message: SamlMessage) -> Self {
        match message {
            SamlMessage::SignIn(sign_in) => Self::SignIn(SignIn::Saml(sign_in)),
            SamlMessage::Logout(logout) => Self::Logout(logout),
            SamlMessage::LoggedOut(response) => Self::LoggedOut(response),
        }
    }
}

/// Without a password that could be one, the form is shown again: there is nothing to try.
fn typed(form: &Parameters<'_>) -> Option<Typed> {
    let name = form.said("UserName")?.trim().to_owned();
    let password = Password::new(form.said("Password")?).ok()?;
    Some(Typed { name, password })
}

/// The body of a POST, which no browser sends in another media type.
pub(super) fn form(request: &RequestEvidence) -> Result<&str, Refusal> {
    let body = request::bytes(request)?;
    let media_type = request.content_type.as_deref().and_then(|value| value.split(';').next()).unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let reason = format!("the body is of the media type {media_type:?} and no form");
        return Err(Refusal::because(Outcome::ParametersUnreadable, &reason).with("reason", reason));
    }
    str::from_utf8(body).map_err(|_| ParameterError::NotText.into())
}

impl SignIn {
    /// In words.
    pub(in crate::sign_in) fn protocol(&self) -> &'static str {
        match self {
            Self::WsFederation(_) => "WS-Federation sign-in request",
            Self::Saml(_) => "SAML 2.0 sign-in request",
        }
    }

    /// The relying party, as the request spells it.
    pub(in crate::sign_in) fn applies_to(&self) -> &str {
        match self {
            Self::WsFederation(message) => &message.wtrealm,
            Self::Saml(message) => &message.request.issuer,
        }
    }

    pub(super) fn demand(&self, location: Location) -> SignInDemand {
        match self {
            Self::WsFederation(message) => SignInDemand::of_wsfed(message, location),
            Self::Saml(message) => message.demand(location),
        }
    }

    /// Where the answer goes.
    pub(super) fn delivery(&self, trust: &RelyingPartyTrust) -> Result<Delivery, Refusal> {
        match self {
            Self::WsFederation(message) => Ok(Delivery::WsFederation {
                address: trust.reply_addresses.address(message.wreply.as_deref())?,
                wctx: message.wctx.clone(),
            }),
            Self::Saml(message) => message.delivery(trust).map(Delivery::Saml),
        }
    }

    /// Whether the request was meant for us, and made about `at`. WS-Federation says neither.
    pub(super) fn arrived(&self, desk: &Desk<'_>, at: Timestamp) -> Result<(), Refusal> {
        match self {
            Self::WsFederation(_) => Ok(()),
            Self::Saml(message) => message.arrived(desk, at),
        }
    }

    /// Whether the person may be asked for something.
    pub(super) fn may_ask(&self) -> Result<(), Refusal> {
        match self {
            Self::WsFederation(_) => Ok(()),
            Self::Saml(message) => message.may_ask(),
        }
    }

    /// What is to be issued.
    pub(super) fn wanted<'a>(
        &'a self,
        trust: &RelyingPartyTrust,
        delivery: Option<&'a Delivery>,
        random: &'a Randomness,
    ) -> Wanted<'a> {
        match (self, delivery) {
            (Self::Saml(message), Some(Delivery::Saml(delivery))) => {
                Wanted::Response(message.response(delivery, random))
            }
            (Self::Saml(_), _) => Wanted::Token(TokenForm::Saml20),
            (Self::WsFederation(_), _) => Wanted::Token(trust.token_form),
        }
    }

    /// Who is expected.
    pub(super) fn username(&self) -> Option<&str> {
        match self {
            Self::WsFederation(message) => message.username.as_deref(),
            Self::Saml(_) => None,
        }
    }

    /// Whose domain is expected.
    pub(super) fn domain(&self) -> Option<&str> {
        let of_name = || self.username().and_then(|name| Some(name.rsplit_once('@')?.1));
        match self {
            Self::WsFederation(message) => message.domain_hint.as_deref().or_else(of_name),
            Self::Saml(_) => None,
        }
    }
}
