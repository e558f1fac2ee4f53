//! From the application's request to the token over real sockets, as a browser without script sees it: pages, headers, cookies.

use super::plain::{Form, PlainBrowser, form, set_cookies};
use crate::support::http_client::Answer;
use crate::support::lab::{TestLab, replace};
use fedgate::directory::Password;
use fedgate::lookups::SaltedHash;
use fedgate::outcome::Outcome;
use fedgate::sign_in::SignInRecord;
use std::io::Write;
use std::process::Command;
use tempfile::NamedTempFile;

const QUERY: &str = "login_hint=alice%40contoso.test&client-request-id=0b1c7f1e-5a5c-4b0e-9c53-1d8f0a6f2f11&username=alice%40contoso.test\
    &wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=estsredirect%3d2%26estsrequest%3drQ%252b&cbcxt=&mkt=&lc=";
const CONTEXT: &str = "estsredirect=2&estsrequest=rQ%2b";
const MARKUP: &str = "wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline\
    &wctx=%22%3e%3c%2fform%3e%3cscript%3ealert(1)%3c%2fscript%3e%26quot%3b%0d%0a%27&username=%22%3e%3cimg+src%3dx+onerror%3dalert(1)%3e";

/// What every answer to a browser has.
fn is_hardened(answer: &Answer) {
    let header = |name| answer.header(name).unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    assert_eq!(header("cache-control"), "no-cache, no-store");
    assert_eq!(header("x-frame-options"), "DENY");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert!(header("strict-transport-security").starts_with("max-age="));
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    for line in set_cookies(answer) {
        assert!(line.contains("; Path=/adfs;") && line.contains("; Secure; HttpOnly; SameSite="), "{line}");
        assert!(!line.contains("Domain="), "only the host that was asked: {line}");
    }
}

/// The response form: to whom, and a token that `xmlsec1` believes.
fn is_token(lab: &TestLab, answer: &Answer) -> Form {
    assert_eq!(answer.status, 200, "{}", answer.body);
    is_hardened(answer);
    let response = form(answer, "name=\"hiddenform\"");
    assert_eq!(response.action, "https://login.microsoftonline.com/login.srf");
    // an application may redirect from there to another of its hosts, and browsers hold that against the form
    assert!(answer.header("content-security-policy").unwrap().ends_with("; form-action https:"));
    assert_eq!(response.field("wa"), Some("wsignin1.0"));
    let wresult = response.field("wresult").unwrap();
    let start = wresult.find("<saml:Assertion").unwrap();
    let end = wresult.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&wresult.as_bytes()[start..end]).unwrap();
    let judged = Command::new("xmlsec1")
        .args(["--verify", "--enabled-key-data", "key-name", "--pubkey-cert-pem"])
        .arg(lab.lab.token_signing_certificate())
        .args(["--id-attr:AssertionID", "urn:oasis:names:tc:SAML:1.0:assertion:Assertion"])
        .arg(file.path())
        .output()
        .expect("xmlsec1 can be run");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    response
}

fn instant(response: &Form) -> String {
    let wresult = response.field("wresult").unwrap();
    wresult.split_once("AuthenticationInstant=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

fn record(lab: &TestLab, answer: &Answer) -> SignInRecord {
    lab.record(answer.header("request-id").expect("a reference"))
}

/// From the chooser to the answer of the certificate port.
fn with_certificate(browser: &mut PlainBrowser<'_>, query: &str) -> Answer {
    let chooser = browser.begin(query);
    let hop = browser.submit(&form(&chooser, "id=\"options\""));
    browser.submit(&form(&hop, "id=\"hop\""))
}

#[test]
fn from_the_chooser_to_a_token_and_out_again() {
    let lab = TestLab::start();
    let mut browser = PlainBrowser::new(&lab, Some("good"));
    let chooser = browser.begin(QUERY);
    assert_eq!(chooser.status, 200);
    is_hardened(&chooser);
    assert!(chooser.body.contains("Sign in using an X.509 certificate"));
    let sign_in = form(&chooser, "id=\"loginForm\"");
    let service = format!("https://sts.contoso.test:{}/adfs/ls/?{QUERY}", lab.service().port());
    assert_eq!(sign_in.action, service);
    assert_eq!(sign_in.field("UserName"), Some("alice@contoso.test"));
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["MSISContext"]);

    let choice = form(&chooser, "id=\"options\"");
    assert_eq!(
        (choice.action.as_str(), choice.field("AuthMethod")),
        (service.as_str(), Some("CertificateAuthentication"))
    );
    let hop_page = browser.submit(&choice);
    is_hardened(&hop_page);
    let hop = form(&hop_page, "id=\"hop\"");
    assert_eq!(hop.action, browser.certificate_url(QUERY));
    assert_eq!(hop.field("RetrieveCertificate"), Some("1"));
    let signed_in = browser.submit(&hop);
    let response = is_token(&lab, &signed_in);
    assert_eq!(response.field("wctx"), Some(CONTEXT));
    assert_eq!(record(&lab, &signed_in).outcome, Outcome::SignedIn);
    for name in ["MSISAuth", "MSISAuthenticated", "MSISLoopDetectionCookie", "MSISSignOut"] {
        assert!(browser.cookies.contains_key(name), "{name}");
    }
    let same_site = |name: &str| {
        let line = set_cookies(&signed_in).find(|line| line.starts_with(&format!("{name}="))).unwrap().to_owned();
        line.split_once("SameSite=").unwrap().1.to_owned()
    };
    assert_eq!(same_site("MSISAuth"), "None");

    // single sign-on, on the port that never asks for a certificate, and the instant of the sign-in
    let again = browser.begin(QUERY);
    assert_eq!(instant(&is_token(&lab, &again)), instant(&response));
    // the form is used up
    let replayed = browser.submit(&hop);
    assert_eq!((replayed.status, record(&lab, &replayed).outcome), (400, Outcome::SignInStateUsed));
    is_hardened(&replayed);

    let kept = browser.cookies.clone();
    let signed_out = browser.begin("wa=wsignout1.0");
    is_hardened(&signed_out);
    let told = "https://login.microsoftonline.com/login.srf?wa=wsignoutcleanup1.0";
    assert!(signed_out.body.contains(told), "{}", signed_out.body);
    let policy = signed_out.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-src https://login.microsoftonline.com"), "{policy}");
    assert!(!browser.cookies.contains_key("MSISAuth") && !browser.cookies.contains_key("MSISSignOut"));
    browser.cookies = kept;
    let copied = browser.begin(QUERY);
    assert!(copied.body.contains("id=\"options\""), "the copied cookie still signs in: {}", copied.body);
}

#[test]
fn who_is_refused_reads_why_and_keeps_nothing() {
    let lab = TestLab::start();
    for (name, expected) in [
        (Some("revoked"), Outcome::Revoked),
        (Some("unknown-issuer"), Outcome::UnknownIssuer),
        (Some("disabled-account"), Outcome::AccountDisabled),
        (None, Outcome::NoCertificate),
    ] {
        let mut browser = PlainBrowser::new(&lab, name);
        let answer = with_certificate(&mut browser, QUERY);
        let record = record(&lab, &answer);
        assert_eq!((record.outcome, answer.status), (expected, 403), "{name:?}");
        is_hardened(&answer);
        assert!(answer.body.contains(expected.code()) && answer.body.contains(&record.correlation.to_string()));
        assert!(!browser.cookies.contains_key("MSISAuth"), "{name:?}");
        // the name that was filled in came with the request
        let page = answer.body.replace(&QUERY.replace('&', "&amp;"), "");
        for secret in ["CONTOSO\\", "CN=", record.finding.as_str()] {
            assert!(!page.contains(secret), "{name:?}: {secret} is on the page");
        }
        // and back to the beginning
        let chooser = browser.begin(QUERY);
        assert!(chooser.body.contains("id=\"options\""), "{name:?}");
    }
}

/// The directory of the lab knows no passwords; Alice gets one.
pub(super) fn with_password(configuration: &str) -> TestLab {
    TestLab::changed(|lab| {
        let hash = SaltedHash::make(&Password::new("Tr0ub4dor&3").unwrap(), *b"0123456789abcdef");
        let upn = "userPrincipalName: alice@contoso.test\n";
        replace(lab, "directory.ldif", upn, &format!("{upn}userPassword: {hash}\n"));
        replace(lab, "fedgate.toml", "[control]", &format!("{configuration}\n[control]"));
    })
}

#[test]
fn a_password_is_typed_wrong_and_right() {
    let lab = with_password("");
    let mut browser = PlainBrowser::new(&lab, None);
    let chooser = browser.begin(QUERY);
    let wrong = browser.submit(&form(&chooser, "id=\"loginForm\"").typed("Password", "letmein"));
    assert_eq!((wrong.status, record(&lab, &wrong).outcome), (200, Outcome::WrongPassword));
    is_hardened(&wrong);
    assert!(wrong.body.contains("id=\"errorText\"") && !wrong.body.contains("letmein"), "{}", wrong.body);
    let once_more = form(&wrong, "id=\"loginForm\"");
    assert_eq!(once_more.field("UserName"), Some("alice@contoso.test"));
    let signed_in = browser.submit(&once_more.typed("Password", "Tr0ub4dor&3"));
    let response = is_token(&lab, &signed_in);
    assert!(response.field("wresult").unwrap().contains("PasswordProtectedTransport"));
    assert!(!format!("{:?}", record(&lab, &signed_in)).contains("Tr0ub4dor"));
    is_token(&lab, &browser.begin(QUERY));
}

#[test]
fn a_certificate_follows_a_password() {
    let lab = with_password("[authentication_policy]\nadditional = [\"CertificateAuthentication\"]\n");
    let query = &format!("{QUERY}&wauth=http%3a%2f%2fschemas.microsoft.com%2fclaims%2fmultipleauthn");
    let mut browser = PlainBrowser::new(&lab, Some("good"));
    let page = browser.begin(query);
    let second = browser.submit(&form(&page, "id=\"loginForm\"").typed("Password", "Tr0ub4dor&3"));
    assert!(!browser.cookies.contains_key("MSISAuth"), "one factor is no session where two are asked for");
    let hop = browser.submit(&form(&second, "id=\"options\""));
    let hop = form(&hop, "id=\"hop\"");
    let response = is_token(&lab, &browser.submit(&hop));
    let wresult = response.field("wresult").unwrap();
    for method in ["PasswordProtectedTransport", "authenticationmethod/tlsclient", "claims/multipleauthn"] {
        assert!(wresult.contains(method), "{method} is not in {wresult}");
    }
    // the same password, and a certificate of somebody else
    let mut other = PlainBrowser::new(&lab, Some("strong-mapping"));
    let page = other.begin(query);
    let second = other.submit(&form(&page, "id=\"loginForm\"").typed("Password", "Tr0ub4dor&3"));
    let hop = other.submit(&form(&second, "id=\"options\""));
    let refused = other.submit(&form(&hop, "id=\"hop\""));
    assert_eq!((refused.status, record(&lab, &refused).outcome), (403, Outcome::SecondFactorOfAnother));
    assert!(!other.cookies.contains_key("MSISAuth"));
}

#[test]
fn markup_in_a_request_stays_text_on_every_page() {
    let lab = TestLab::start();
    let mut browser = PlainBrowser::new(&lab, Some("good"));
    let context = "\"></form><script>alert(1)</script>&quot;\r\n'";
    let chooser = browser.begin(MARKUP);
    assert_eq!(form(&chooser, "id=\"loginForm\"").field("UserName"), Some("\"><img src=x onerror=alert(1)>"));
    let hop = browser.submit(&form(&chooser, "id=\"options\""));
    let signed_in = browser.submit(&form(&hop, "id=\"hop\""));
    let mut nobody = PlainBrowser::new(&lab, None);
    let refused = with_certificate(&mut nobody, MARKUP);
    for page in [&chooser, &hop, &signed_in, &refused] {
        is_hardened(page);
        for markup in ["<script>alert", "<img", "onerror=alert(1)>"] {
            assert!(!page.body.contains(markup), "{markup} is on the page: {}", page.body);
        }
    }
    assert_eq!(is_token(&lab, &signed_in).field("wctx"), Some(context));
}

#[test]
fn headers_of_a_stranger_do_not_bring_him_inside() {
    let lab = with_password(
        "[proxy]\ncorporate_networks = [\"10.0.0.0/8\"]\n[authentication_policy]\n\
         primary_extranet = [\"CertificateAuthentication\"]\nprimary_intranet = [\"FormsAuthentication\"]\n",
    );
    for lines in [
        &[][..],
        &["X-Forwarded-For: 10.1.2.3", "X-Real-IP: 10.1.2.3", "Forwarded: for=10.1.2.3"],
        &["X-MS-Forwarded-Client-IP: 10.1.2.3"],
        &["X-MS-ADFS-Proxy-Client-IP: 10.1.2.3", "X-MS-Proxy: wap1"],
        &["X-Forwarded-Host: sts.contoso.test", "X-MS-Endpoint-Absolute-Path: /adfs/ls/"],
    ] {
        let mut browser = PlainBrowser::new(&lab, None);
        browser.headers = lines.iter().map(|line| (*line).to_owned()).collect();
        let page = browser.begin(QUERY);
        assert!(page.body.contains("id=\"hop\"") && !page.body.contains("loginForm"), "{lines:?}");
    }
}

/// Without a name of its own for the certificate listener, links lead to the names of the configuration and not to what a
/// client says in `Host`.
#[test]
fn a_host_header_does_not_move_the_forms() {
    let lab = TestLab::start();
    let mut browser = PlainBrowser::new(&lab, None);
    browser.headers = vec!["X-Forwarded-Host: evil.test".to_owned(), "X-Forwarded-Proto: http".to_owned()];
    let page = browser.begin(QUERY);
    assert!(!page.body.contains("evil.test"));
    let service = format!("https://sts.contoso.test:{}/adfs/ls/?", lab.service().port());
    assert!(form(&page, "id=\"options\"").action.starts_with(&service));
}
