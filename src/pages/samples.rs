//! One of everything: what an operator's templates are tried with, and what the gallery shows.

use super::page::{
    CertificateHelp, CertificateHop, CertificateProblem, ErrorPage, Page, PromptLogin, Reference, SignIn, SignedOut,
    TryAnother,
};
use super::problem::MaterialProblem;
use crate::federation::prompt::{Method, Methods};
use jiff::Timestamp;
use uuid::Uuid;

/// A page with invented content.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// Its name, fit for a file.
    pub name: &'static str,
    /// The page.
    pub page: Page<'a>,
    /// The template it is made from.
    template: &'static str,
    /// What must be in it for the sign-in to go on.
    needed: &'static [&'static str],
}

impl Sample<'_> {
    /// A template that lost a field or a form ends every sign-in.
    pub(super) fn missing_from(&self, html: &str) -> Option<MaterialProblem> {
        let missing = self.needed.iter().find(|needed| !html.contains(**needed))?;
        let message = format!("the page it makes lacks {missing}");
        let cure = "Without it nobody can sign in by this page. Take it over from the embedded template, which \
                    `fedgate pages gallery FOLDER` writes.";
        Some(MaterialProblem::new(self.template, None, message, cure))
    }
}

const STATE: &str = "name=\"State\"";
const PASSWORD: &[&str] = &["id=\"loginForm\"", "name=\"UserName\"", "name=\"Password\"", "name=\"AuthMethod\"", STATE];
const OPTIONS: &[&str] = &["id=\"options\"", "id=\"optionSelection\"", "name=\"AuthMethod\"", STATE];
const HOP: &[&str] = &["name=\"AuthMethod\"", "name=\"RetrieveCertificate\"", STATE];
const DETAILS: &[&str] = &["FG1001", "00000000-0000-4000-8000-000000000001"];

const ACTION: &str = "/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=estsredirect%3d2";
const ADDRESS: &str = "https://sts.contoso.test/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline";
const TARGET: &str = "https://sts.contoso.test:49443/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline";
const ALTERNATE: &str =
    "https://certauth.sts.contoso.test/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline";
const FRESH: &str = "https://c7.certauth.sts.contoso.test/adfs/ls/?wa=wsignin1.0";
const SEALED: &str = "1.c2VhbGVkLXN0YXRlLW9mLWEtc2lnbi1pbg";

const CLEAN_UP: &[&str] =
    &["https://app.contoso.test/?wa=wsignoutcleanup1.0", "https://mail.contoso.test/x?wa=wsignoutcleanup1.0"];

/// Every sample.
pub fn samples() -> Vec<Sample<'static>> {
    let mut samples = Vec::new();
    let reference =
        |code| Reference { code, correlation: Uuid::from_u128(0x4000_8000_0000_0000_0001), at: Timestamp::UNIX_EPOCH };
    let sign_in = SignIn {
        action: ACTION,
        state: SEALED,
        username: "",
        methods: Methods::NONE.with(Method::Password),
        second_factor: false,
        wrong_name_or_password: false,
    };
    let every: Methods = Method::ALL.into_iter().collect();
    let both = sign_in.methods.with(Method::Certificate);
    let mut show = |name, template, needed, page| samples.push(Sample { name, page, template, needed });
    let mut page = |name, needed, page| show(name, "sign-in.html", needed, Page::SignIn(page));
    page("sign-in", PASSWORD, SignIn { methods: both, ..sign_in });
    page("sign-in-password-only", PASSWORD, sign_in);
    page(
        "sign-in-wrong",
        PASSWORD,
        SignIn { username: "alice@contoso.test", methods: every, wrong_name_or_password: true, ..sign_in },
    );
    page("chooser", OPTIONS, SignIn { methods: every.without(Method::Password), ..sign_in });
    page(
        "second-factor",
        OPTIONS,
        SignIn { methods: Methods::NONE.with(Method::Certificate), second_factor: true, ..sign_in },
    );
    let hop = CertificateHop { target: TARGET, state: SEALED, alternate: Some(ALTERNATE), other_ways: Some(ADDRESS) };
    show("certificate-hop", "certificate-hop.html", HOP, Page::CertificateHop(hop));
    let alone = CertificateHop { target: ALTERNATE, alternate: None, other_ways: None, ..hop };
    show("certificate-hop-alone", "certificate-hop.html", HOP, Page::CertificateHop(alone));
    let help = CertificateHelp {
        problem: CertificateProblem::NoneArrived,
        sentence: "No certificate arrived with this request. Choose your certificate when your device asks for it; if it never \
                   asks, the certificate may not be installed.",
        try_another: Some(TryAnother { target: FRESH, state: SEALED }),
        other_ways: Some(ADDRESS),
        reference: reference("FG1001"),
    };
    show("certificate-none", "certificate-help.html", DETAILS, Page::CertificateHelp(help));
    show(
        "certificate-refused",
        "certificate-help.html",
        &[],
        Page::CertificateHelp(CertificateHelp {
            problem: CertificateProblem::NotAccepted,
            sentence: "Your certificate has expired. Ask for a new one.",
            try_another: None,
            other_ways: None,
            reference: reference("FG4004"),
        }),
    );
    let failure = ErrorPage {
        sentence: "Sign-in is not available at the moment. Try again in a few minutes.",
        adfs_text: None,
        retry: Some(ADDRESS),
        reference: reference("FG1001"),
    };
    show("error", "error.html", DETAILS, Page::Error(failure));
    show(
        "error-loop",
        "error.html",
        &["MSIS7042"],
        Page::Error(ErrorPage {
            sentence: "The application keeps sending you back here. Close the browser and try again; if it happens \
                           again, tell your help desk the reference below.",
            adfs_text: Some(
                "MSIS7042: The same client browser session has made '6' requests in the last '11' seconds. Contact your \
             administrator for details.",
            ),
            retry: None,
            reference: reference("FG3009"),
        }),
    );
    let prompt = PromptLogin { domain: Some("contoso.test"), reference: reference("FG1001") };
    show("prompt-login", "prompt-login.html", &["Update-MgDomainFederationConfiguration"], Page::PromptLogin(prompt));
    let nobody = PromptLogin { domain: None, ..prompt };
    show("prompt-login-no-domain", "prompt-login.html", DETAILS, Page::PromptLogin(nobody));
    let out = SignedOut { clean_up: CLEAN_UP, next: None, close_browser: true };
    show("signed-out", "signed-out.html", &["<iframe"], Page::SignedOut(out));
    let onward = SignedOut { next: Some("https://app.contoso.test/bye"), close_browser: false, ..out };
    show("signed-out-onward", "signed-out.html", &["https://app.contoso.test/bye"], Page::SignedOut(onward));
    samples
}
