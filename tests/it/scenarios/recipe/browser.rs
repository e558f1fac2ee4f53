//! One visit of a browser to `/adfs/ls/`.

use fedgate::federation::prompt;
use fedgate::protocol::samlp::{Carried, redirect_query};
use serde::Deserialize;
use std::collections::BTreeMap;

/// With this section a scenario is such a visit.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Browser {
    /// As it comes, without its question mark.
    pub(in crate::scenarios) query: String,
    /// A message of SAML 2.0 that the query carries, in place of what it is otherwise.
    pub(in crate::scenarios) saml_request: Option<String>,
    /// Likewise.
    pub(in crate::scenarios) saml_response: Option<String>,
    pub(in crate::scenarios) relay_state: Option<String>,
    /// The form that is posted. A GET without one. The state, if there is one, is added.
    pub(in crate::scenarios) form: Option<String>,
    pub(in crate::scenarios) content_type: String,
    /// Another site's page sent the browser here.
    pub(in crate::scenarios) cross_site: bool,
    /// Whether it brings the cookie that tells it from other browsers.
    pub(in crate::scenarios) known: bool,
    pub(in crate::scenarios) session: Option<Session>,
    pub(in crate::scenarios) state: Option<State>,
    pub(in crate::scenarios) loop_cookie: Option<LoopCookie>,
    /// Identifiers in the cookie for the sign-out.
    pub(in crate::scenarios) visited: Vec<String>,
    /// How many sign-ins the gateway can tell from replays.
    pub(in crate::scenarios) room_for_sign_ins: Option<usize>,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            query:
                "wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=estsredirect%3d2%26estsrequest%3drQ%252b"
                    .to_owned(),
            saml_request: None,
            saml_response: None,
            relay_state: None,
            form: None,
            content_type: "application/x-www-form-urlencoded".to_owned(),
            cross_site: false,
            known: true,
            session: None,
            state: None,
            loop_cookie: None,
            visited: Vec::new(),
            room_for_sign_ins: None,
        }
    }
}

impl Browser {
    /// The query as it comes.
    pub(in crate::scenarios) fn sent(&self) -> String {
        let carried =
            |carried, message: &String| redirect_query(carried, message.as_bytes(), self.relay_state.as_deref());
        let request = self.saml_request.as_ref().map(|message| carried(Carried::Request, message));
        let response = || self.saml_response.as_ref().map(|message| carried(Carried::Response, message));
        request.or_else(response).unwrap_or_else(|| self.query.clone())
    }
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum Method {
    Password,
    Certificate,
    Windows,
}

impl Method {
    pub(in crate::scenarios) fn of_the_product(self) -> prompt::Method {
        match self {
            Self::Password => prompt::Method::Password,
            Self::Certificate => prompt::Method::Certificate,
            Self::Windows => prompt::Method::Windows,
        }
    }
}

/// A session that began earlier.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct Session {
    /// The account's name, without its domain.
    pub(in crate::scenarios) of: String,
    pub(in crate::scenarios) by: Method,
    /// The second factor.
    pub(in crate::scenarios) and: Option<Method>,
    pub(in crate::scenarios) minutes_ago: i64,
    /// Whether the person signed out since.
    pub(in crate::scenarios) signed_out: bool,
    pub(in crate::scenarios) defect: Option<SealDefect>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            of: "alice".to_owned(),
            by: Method::Certificate,
            and: None,
            minutes_ago: 30,
            signed_out: false,
            defect: None,
        }
    }
}

/// What is wrong with a sealed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::scenarios) enum SealDefect {
    /// The last character is another one.
    Altered,
    /// Sealed with a key that is not held.
    OtherKey,
    /// A session where a state belongs, and the other way round.
    OtherKind,
}

/// The state of the sign-in, which a page gave.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct State {
    pub(in crate::scenarios) seconds_ago: i64,
    /// How long before that the request was made, where the state went on after a wrong password or a first factor.
    pub(in crate::scenarios) asked_seconds_before: i64,
    /// The query it began with, if that was another one.
    pub(in crate::scenarios) query: Option<String>,
    /// Whether it began in this browser.
    pub(in crate::scenarios) of_this_browser: bool,
    /// Whether the very same visit came before.
    pub(in crate::scenarios) used: bool,
    /// What was proved already.
    pub(in crate::scenarios) first: Option<Session>,
    pub(in crate::scenarios) defect: Option<SealDefect>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            seconds_ago: 20,
            asked_seconds_before: 0,
            query: None,
            of_this_browser: true,
            used: false,
            first: None,
            defect: None,
        }
    }
}

/// What the browser has had for a relying party.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenarios) struct LoopCookie {
    /// As AD FS writes it: `2026-01-10:09:59:50Z\5`.
    pub(in crate::scenarios) text: String,
    /// An identifier; that of the request unless given.
    pub(in crate::scenarios) of: Option<String>,
}

/// What the browser gets.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::scenarios) struct BrowserGets {
    /// The address that the token goes to.
    pub(in crate::scenarios) delivered_to: Option<String>,
    /// The context that comes with it, letter for letter; empty for an empty one.
    pub(in crate::scenarios) wctx: Option<String>,
    /// That there is none.
    pub(in crate::scenarios) no_wctx: bool,
    /// `SAML 1.1` or `SAML 2.0`.
    pub(in crate::scenarios) token: Option<String>,
    /// The outcome of what was tried, for which the person is asked again.
    pub(in crate::scenarios) failed: Option<String>,
    /// The name that the page fills in.
    pub(in crate::scenarios) username: Option<String>,
    /// Whether the page has another way.
    pub(in crate::scenarios) other_ways: Option<bool>,
    /// Who is told of a sign-out, and where it ends.
    pub(in crate::scenarios) told: Option<Vec<String>>,
    pub(in crate::scenarios) next: Option<String>,
    /// By name: `set`, `cleared`, `kept`, or the text before base64.
    pub(in crate::scenarios) cookies: BTreeMap<String, String>,
}
