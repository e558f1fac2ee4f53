//! What each page is made of.

use crate::federation::prompt::Methods;
use jiff::Timestamp;
use uuid::Uuid;

/// One page, ready to be rendered.
#[derive(Debug, Clone, Copy)]
pub enum Page<'a> {
    /// The name and password form, the chooser, or both.
    SignIn(SignIn<'a>),
    /// The way to the user TLS origin.
    CertificateHop(CertificateHop<'a>),
    /// No certificate arrived, or it was not accepted.
    CertificateHelp(CertificateHelp<'a>),
    /// The sign-in ended.
    Error(ErrorPage<'a>),
    /// A password was asked of somebody who has none.
    PromptLogin(PromptLogin<'a>),
    /// The session is over.
    SignedOut(SignedOut<'a>),
}

/// How a person proves who they are: with a name and a password, with another method, or one of several.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// The very address this page is shown at, query included: both forms are posted there.
    pub action: &'a str,
    /// The sealed transaction, in the hidden field `State`.
    pub state: &'a str,
    /// What the name field holds at first: the hint of the request, or what was typed before; may be empty.
    pub username: &'a str,
    /// What is offered. With a password among them the page is the form and, below it, the others.
    pub methods: Methods,
    /// Whether one factor was proved already and these are for the second.
    pub second_factor: bool,
    /// Whether the form is shown again because the name or the password is wrong, or neither may be used here now. Which of
    /// these, and whether there is such an account, is never told.
    pub wrong_name_or_password: bool,
}

/// The form that goes to the user TLS origin by itself, after a look whether it can be reached at all.
#[derive(Debug, Clone, Copy)]
pub struct CertificateHop<'a> {
    /// The same path and query on the user TLS origin; absolute.
    pub target: &'a str,
    /// The sealed transaction, in the hidden field `State`.
    pub state: &'a str,
    /// The same on the certauth host name (port 443), for networks that block the port of `target`.
    pub alternate: Option<&'a str>,
    /// Where the person can choose another method.
    pub other_ways: Option<&'a str>,
}

/// A certificate was asked for, and it came to nothing.
#[derive(Debug, Clone, Copy)]
pub struct CertificateHelp<'a> {
    /// What went wrong.
    pub problem: CertificateProblem,
    /// The catalogue's sentence for people.
    pub sentence: &'a str,
    /// The same request on a host name that the browser has no choice of certificate for yet.
    pub try_another: Option<TryAnother<'a>>,
    /// Where the person can choose another method.
    pub other_ways: Option<&'a str>,
    /// What the help desk asks for.
    pub reference: Reference<'a>,
}

/// What became of the certificate. Why it was not accepted is for the operator, unless the catalogue's sentence tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateProblem {
    /// None arrived: cancelled, not installed, or none that fits.
    NoneArrived,
    /// One arrived and was refused.
    NotAccepted,
}

/// A form that asks for a certificate again.
#[derive(Debug, Clone, Copy)]
pub struct TryAnother<'a> {
    /// Where; absolute.
    pub target: &'a str,
    /// The sealed transaction, in the hidden field `State`.
    pub state: &'a str,
}

/// A sign-in or a sign-out ended without success.
#[derive(Debug, Clone, Copy)]
pub struct ErrorPage<'a> {
    /// The catalogue's sentence for people, which says what to do next.
    pub sentence: &'a str,
    /// What AD FS says of the same event (`MSIS7042: …`), for who searches for it; among the details.
    pub adfs_text: Option<&'a str>,
    /// Where to try again.
    pub retry: Option<&'a str>,
    /// What the help desk asks for.
    pub reference: Reference<'a>,
}

/// A relying party insists on a password where only certificates are enabled: PromptLoginBehavior.
#[derive(Debug, Clone, Copy)]
pub struct PromptLogin<'a> {
    /// The federated domain of the person, if the request tells. It is shown only if it is a host name, for it goes into a
    /// command that somebody will run.
    pub domain: Option<&'a str>,
    /// What the help desk asks for.
    pub reference: Reference<'a>,
}

/// The session is over here; relying parties are told by the browser.
#[derive(Debug, Clone, Copy)]
pub struct SignedOut<'a> {
    /// Clean-up addresses of the relying parties that the session visited, `?wa=wsignoutcleanup1.0` included.
    pub clean_up: &'a [&'a str],
    /// Where to go on: an address of a trust, checked by the caller.
    pub next: Option<&'a str>,
    /// Whether a certificate was used: the browser presents it again until it is closed.
    pub close_browser: bool,
}

/// What a help desk finds the record by.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// The catalogue's code, `FG3002`.
    pub code: &'a str,
    /// The correlation id of the record.
    pub correlation: Uuid,
    /// When it happened.
    pub at: Timestamp,
}
