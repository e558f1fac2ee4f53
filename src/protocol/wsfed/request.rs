//! The three things a browser may ask of `/adfs/ls/` in WS-Federation.

use super::Parameters;
use std::time::Duration;

/// A passive request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassiveRequest {
    /// `wsignin1.0`.
    SignIn(Box<SignInMessage>),
    /// `wsignout1.0`: end the session here and at every relying party of it.
    SignOut(SignOutMessage),
    /// `wsignoutcleanup1.0`: end the session here.
    CleanUp,
}

/// A sign-in request. `wreq`, `wreqptr`, `wp`, `wres` and whatever else is not named here is not read: AD FS does not support
/// them either (MS-MWBF notes 8, 49, 50).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignInMessage {
    /// Who wants the token.
    pub wtrealm: String,
    /// Where it is wanted. Worth nothing until it was compared with the trust.
    pub wreply: Option<String>,
    /// Echoed byte for byte, also when it is empty.
    pub wctx: Option<String>,
    /// When the request was made, as it is written. Informational.
    pub wct: Option<String>,
    /// The only method that will do.
    pub wauth: Option<String>,
    /// How old an authentication may be. Zero asks for another one.
    pub wfresh: Option<Duration>,
    /// The claims provider. An unknown one is not an error.
    pub whr: Option<String>,
    /// Who is expected, to fill in the name: `username`, or else `login_hint`.
    pub username: Option<String>,
    /// The domain of whom is expected.
    pub domain_hint: Option<String>,
    /// `prompt=login`; every other value of `prompt` says nothing (MS-MWBF note 20).
    pub prompt_login: bool,
    /// How old a second factor may be.
    pub mfa_max_age: Option<Duration>,
    /// The client's name for this request.
    pub client_request_id: Option<String>,
}

/// A sign-out request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignOutMessage {
    /// Whose sign-out.
    pub wtrealm: Option<String>,
    /// Where to go afterwards. Worth nothing until it was compared with a trust.
    pub wreply: Option<String>,
    /// Echoed.
    pub wctx: Option<String>,
}

/// Why a passive request cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PassiveRequestError {
    /// AD FS calls this MSIS7065.
    #[error("no parameter says which protocol is spoken: there is no wa, SAMLRequest or SAMLResponse")]
    NoProtocol,
    /// `wattr1.0`, `wpseudo1.0`, and what is not WS-Federation.
    #[error("the action wa={0:?} is not served")]
    UnsupportedAction(String),
    /// No `wtrealm`.
    #[error("wtrealm does not say which relying party the sign-in is for")]
    MissingRealm,
    /// `wfresh` or `mfa_max_age` is no number. Overlooking it would reuse what was to be renewed.
    #[error("{name}={value:?} is not a number of {unit}")]
    NotAnAge {
        /// The parameter.
        name: &'static str,
        /// What it says.
        value: String,
        /// What it counts.
        unit: &'static str,
    },
}

/// Reads a WS-Federation request.
///
/// # Errors
/// When it is none, or one that AD FS would not serve either.
pub fn read_passive_request(parameters: &Parameters<'_>) -> Result<PassiveRequest, PassiveRequestError> {
    let owned = |name: &str| parameters.said(name).map(str::to_owned);
    let wctx = || parameters.get("wctx").map(str::to_owned);
    match parameters.said("wa") {
        None => Err(PassiveRequestError::NoProtocol),
        Some("wsignin1.0") => Ok(PassiveRequest::SignIn(Box::new(SignInMessage {
            wtrealm: owned("wtrealm").ok_or(PassiveRequestError::MissingRealm)?,
            wreply: owned("wreply"),
            wctx: wctx(),
            wct: owned("wct"),
            wauth: owned("wauth"),
            wfresh: age(parameters, "wfresh", "minutes", 60)?,
            whr: owned("whr"),
            username: owned("username").or_else(|| owned("login_hint")),
            domain_hint: owned("domain_hint"),
            prompt_login: parameters.get("prompt") == Some("login"),
            mfa_max_age: age(parameters, "mfa_max_age", "seconds", 1)?,
            client_request_id: owned("client-request-id"),
        }))),
        Some("wsignout1.0") => Ok(PassiveRequest::SignOut(SignOutMessage {
            wtrealm: owned("wtrealm"),
            wreply: owned("wreply"),
            wctx: wctx(),
        })),
        Some("wsignoutcleanup1.0") => Ok(PassiveRequest::CleanUp),
        Some(other) => Err(PassiveRequestError::UnsupportedAction(shortened(other))),
    }
}

fn age(
    parameters: &Parameters<'_>,
    name: &'static str,
    unit: &'static str,
    seconds: u64,
) -> Result<Option<Duration>, PassiveRequestError> {
    let Some(value) = parameters.said(name) else { return Ok(None) };
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    // u32 holds any lifetime that was ever meant, and keeps the product within u64
    match value.parse::<u32>() {
        Ok(count) if digits => Ok(Some(Duration::from_secs(u64::from(count) * seconds))),
        _ => Err(PassiveRequestError::NotAnAge { name, value: shortened(value), unit }),
    }
}

fn shortened(value: &str) -> String {
    value.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<PassiveRequest, PassiveRequestError> {
        read_passive_request(&Parameters::parse(query).unwrap())
    }

    fn sign_in(query: &str) -> SignInMessage {
        match read(query) {
            Ok(PassiveRequest::SignIn(message)) => *message,
            other => panic!("{query}: {other:?}"),
        }
    }

    /// The shape that Entra ID sends (ADFS-PROTOCOLS section 5.1).
    const ENTRA: &str = "login_hint=alice%40contoso.test&client-request-id=0b1c&username=&wa=wsignin1.0\
        &wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=estsredirect%3d2%26estsrequest%3drQ%252b&cbcxt=&mkt=&lc=";

    #[test]
    fn every_parameter_has_its_place() {
        let message = sign_in(&format!(
            "{ENTRA}&wreply=https%3A%2F%2Fa.test%2F&wct=2026-01-10T10:00:00Z&wauth=urn:ietf:rfc:2246&wfresh=10\
             &whr=urn:home&domain_hint=contoso.test&prompt=login&mfa_max_age=30&wreq=%3Cx/%3E&pullStatus=0"
        ));
        let expected = SignInMessage {
            wtrealm: "urn:federation:MicrosoftOnline".to_owned(),
            wreply: Some("https://a.test/".to_owned()),
            wctx: Some("estsredirect=2&estsrequest=rQ%2b".to_owned()),
            wct: Some("2026-01-10T10:00:00Z".to_owned()),
            wauth: Some("urn:ietf:rfc:2246".to_owned()),
            wfresh: Some(Duration::from_secs(600)),
            whr: Some("urn:home".to_owned()),
            username: Some("alice@contoso.test".to_owned()),
            domain_hint: Some("contoso.test".to_owned()),
            prompt_login: true,
            mfa_max_age: Some(Duration::from_secs(30)),
            client_request_id: Some("0b1c".to_owned()),
        };
        assert_eq!(message, expected);
    }

    #[test]
    fn an_empty_context_is_echoed_and_other_empty_parameters_say_nothing() {
        let message = sign_in("wa=wsignin1.0&wtrealm=urn:a&wctx=&wauth=&wfresh=&wreply=&prompt=none");
        let expected =
            SignInMessage { wtrealm: "urn:a".to_owned(), wctx: Some(String::new()), ..SignInMessage::default() };
        assert_eq!(message, expected);
        assert_eq!(sign_in("wa=wsignin1.0&wtrealm=urn:a").wctx, None);
    }

    #[test]
    fn what_is_not_served_is_refused() {
        use PassiveRequestError::{MissingRealm, NoProtocol, NotAnAge, UnsupportedAction};
        let action = |value: &str| UnsupportedAction(value.to_owned());
        let age = |value: &str| NotAnAge { name: "wfresh", value: value.to_owned(), unit: "minutes" };
        let cases = [
            ("", NoProtocol),
            ("wtrealm=urn:a", NoProtocol),
            ("wa=&wtrealm=urn:a", NoProtocol),
            ("wa=wattr1.0&wtrealm=urn:a", action("wattr1.0")),
            ("wa=wpseudo1.0&wtrealm=urn:a", action("wpseudo1.0")),
            ("wa=WSignIn1.0&wtrealm=urn:a", action("WSignIn1.0")),
            ("wa=wsignin1.0", MissingRealm),
            ("wa=wsignin1.0&wtrealm=", MissingRealm),
            ("wa=wsignin1.0&wtrealm=urn:a&wfresh=-1", age("-1")),
            ("wa=wsignin1.0&wtrealm=urn:a&wfresh=%2b1", age("+1")),
            ("wa=wsignin1.0&wtrealm=urn:a&wfresh=0x0", age("0x0")),
            ("wa=wsignin1.0&wtrealm=urn:a&wfresh=99999999999", age("99999999999")),
        ];
        for (query, expected) in cases {
            assert_eq!(read(query), Err(expected), "{query}");
        }
    }

    #[test]
    fn signing_out_needs_no_realm() {
        let expected = SignOutMessage { wreply: Some("https://a.test/".to_owned()), ..SignOutMessage::default() };
        assert_eq!(read("wa=wsignout1.0&wreply=https://a.test/"), Ok(PassiveRequest::SignOut(expected)));
        assert_eq!(read("wa=wsignoutcleanup1.0"), Ok(PassiveRequest::CleanUp));
    }
}
