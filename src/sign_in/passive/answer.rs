//! What becomes of a visit.

use crate::federation::prompt::{Method, Methods};
use crate::protocol::samlp::Carried;
use crate::sign_in::Verdict;
use crate::sign_in::session::BrowserId;
use jiff::Timestamp;
use std::fmt;
use url::Url;

/// What the browser gets.
#[derive(Debug)]
pub enum Answer {
    /// A page that asks the person for something.
    Question(Box<Question>),
    /// The sign-in has ended, with a token or without.
    Ended(Box<Ended>),
    /// A message of SAML 2.0 goes to another party.
    Carries(Box<Carriage>),
    /// Nobody is signed in here any more.
    SignedOut(Box<SignedOut>),
    /// Likewise, on behalf of somebody else who tells so in a frame.
    CleanedUp(NewCookies),
}

/// What the person is asked.
#[derive(Debug)]
pub struct Question {
    /// For what.
    pub ask: Ask,
    /// The state that the answer must bring along.
    pub state: String,
    /// Whether the person may choose another method.
    pub other_ways: bool,
    /// Who is expected, to fill in the name.
    pub username: Option<String>,
    /// How a password ended that was wrong, and for which the page is shown again; it is recorded.
    pub failed: Option<Verdict>,
    /// Cookies.
    pub cookies: NewCookies,
}

/// What a page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// To prove it in this way: there is no other, or it was chosen.
    For(Method),
    /// To choose one of these.
    Choose(Methods),
    /// For a second factor, one of these.
    Add(Methods),
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For(method) => write!(f, "for the method {method}"),
            Self::Choose(methods) => write!(f, "to choose between {methods}"),
            Self::Add(methods) => write!(f, "for a second factor, {methods}"),
        }
    }
}

/// The end of a sign-in.
#[derive(Debug)]
pub struct Ended {
    /// How it ended; it is recorded.
    pub verdict: Verdict,
    /// Where the answer goes, once that is known to be an address of the trust.
    pub delivery: Option<Delivery>,
    /// The state for another try, when there was a sign-in request that could be read.
    pub again: Option<String>,
    /// Cookies.
    pub cookies: NewCookies,
}

/// Where the answer goes, and what it carries besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A form of WS-Federation.
    WsFederation {
        /// An endpoint of the trust.
        address: Url,
        /// Echoed.
        wctx: Option<String>,
    },
    /// A response of SAML 2.0.
    Saml(SamlDelivery),
}

/// Where a response of SAML 2.0 goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlDelivery {
    /// An assertion consumer of the trust.
    pub consumer: String,
    /// The request that is answered.
    pub in_response_to: String,
    /// Echoed.
    pub relay_state: Option<String>,
    /// Whether a response that says why there is no token is signed.
    pub sign_failure: bool,
    /// Whether the person must see no page, whatever happens (`IsPassive`).
    pub silent: bool,
}

/// A message on its way.
#[derive(Debug)]
pub struct Carriage {
    /// How it goes.
    pub carrier: Carrier,
    /// Cookies.
    pub cookies: NewCookies,
}

/// How a browser carries a message.
#[derive(Debug)]
pub enum Carrier {
    /// To this address, which has it in its query.
    Redirect(String),
    /// In a form that posts itself.
    Form {
        /// Where to.
        action: String,
        /// What it is.
        carried: Carried,
        /// The message.
        message: String,
        /// Echoed.
        relay_state: Option<String>,
    },
}

/// The end of a session.
#[derive(Debug)]
pub struct SignedOut {
    /// Where the relying parties of the session are told, each in a frame.
    pub clean_up: Vec<Url>,
    /// Where the person goes next, if the request said so and a trust knows the address.
    pub next: Option<Url>,
    /// Whether the browser may present a certificate again without asking, until it is closed.
    pub certificate_is_kept: bool,
    /// Cookies.
    pub cookies: NewCookies,
}

/// What the browser is to keep from now on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewCookies {
    /// `MSISAuth`.
    pub session: Change<String>,
    /// `MSISContext`, for a browser that had none.
    pub browser: Option<BrowserId>,
    /// `MSISLoopDetectionCookie`, before base64.
    pub visits: Option<String>,
    /// `MSISSignOut`, before base64.
    pub relying_parties: Change<String>,
    /// `SamlSession`.
    pub participants: Change<String>,
    /// `SamlLogout`.
    pub logout_round: Change<String>,
    /// `MSISAuthenticated`.
    pub authenticated_at: Option<Timestamp>,
}

/// What becomes of a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// It gets another value.
    Set(T),
    /// It goes.
    Clear,
}

impl NewCookies {
    /// Everything about sessions goes.
    pub(super) fn signed_out() -> Self {
        Self { session: Change::Clear, relying_parties: Change::Clear, participants: Change::Clear, ..Self::default() }
    }
}
