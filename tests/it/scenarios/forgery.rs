//! Forged requests. Every attack begins with a genuine sign-in, which works, and changes one thing of it.

use super::lookups::Prepared;
use super::pki::Pki;
use super::recipe::Scenario;
use super::visit::{BROWSER, OTHER_BROWSER, Reception, keys, randomness};
use super::{farm, message};
use fedgate::federation::Farm;
use fedgate::outcome::Outcome;
use fedgate::sign_in::Evidence;
use fedgate::sign_in::evidence::{ListenerRole, ProxyHeader, ProxyHeaderName};
use fedgate::sign_in::passive::{Answer, Change, Cookies, Delivery, Ended, Visit};
use fedgate::sign_in::session::{BrowserId, SealingKey, SealingKeys};
use jiff::SignedDuration;

const QUERY: &str = "wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=c&wfresh=0";
const PAGE: &str = "AuthMethod=CertificateAuthentication&RetrieveCertificate=1";
const PASSWORD: &str = "AuthMethod=FormsAuthentication&UserName=alice%40contoso.test&Password=p%26%3c%3e%22%27";

/// A gateway, and somebody with a certificate before it.
struct Gateway {
    pki: Pki,
    farm: Farm,
    scenario: Scenario,
}

/// One request of a browser.
#[derive(Clone, Copy)]
struct Sent<'a> {
    query: &'a str,
    form: Option<&'a str>,
    browser: Option<BrowserId>,
    session: Option<&'a str>,
    visited: Option<&'a str>,
    cross_site: bool,
    listener: ListenerRole,
}

const GET: Sent<'_> = Sent {
    query: QUERY,
    form: None,
    browser: Some(BROWSER),
    session: None,
    visited: None,
    cross_site: false,
    listener: ListenerRole::Service,
};

impl Gateway {
    fn with(policy: &str) -> Self {
        let text = format!("title = \"a\"\nwhy = \"b\"\n[browser]\n[expect]\n[people.bob]\n{policy}");
        let scenario: Scenario = toml::from_str(&text).unwrap();
        let pki = Pki::make(&scenario).unwrap();
        let farm = farm::build(&scenario, &pki).unwrap();
        Self { pki, farm, scenario }
    }

    /// Sends requests to one gateway, one after the other.
    fn play(&self, scene: impl FnOnce(&dyn Fn(Sent<'_>) -> Answer)) {
        self.play_with(keys(), |_| {}, scene);
    }

    fn play_with(
        &self,
        keys: SealingKeys,
        change: impl Fn(&mut Evidence),
        scene: impl FnOnce(&dyn Fn(Sent<'_>) -> Answer),
    ) {
        let lookups = Prepared::new(&self.scenario, &self.pki).unwrap();
        let reception = Reception { keys, ..Reception::new(&self.farm, &lookups, None) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let number = std::cell::Cell::new(0_u32);
        scene(&|sent| {
            number.set(number.get() + 1);
            let mut evidence = message::evidence(&self.scenario, &self.pki).unwrap();
            evidence.at += SignedDuration::from_millis(50 * i64::from(number.get()));
            evidence.connection.listener = sent.listener;
            evidence.request.body = Ok(sent.form.unwrap_or_default().as_bytes().to_vec());
            change(&mut evidence);
            let visit = Visit {
                query: sent.query,
                posted: sent.form.is_some(),
                cookies: Cookies {
                    session: sent.session,
                    browser: sent.browser,
                    visits: None,
                    relying_parties: sent.visited,
                    participants: None,
                    logout_round: None,
                },
                cross_site: sent.cross_site,
                random: randomness(u8::try_from(number.get() % 250).unwrap()),
            };
            runtime.block_on(reception.attend(&evidence, &visit))
        });
    }
}

fn state(answer: Answer) -> String {
    match answer {
        Answer::Question(question) => question.state,
        other => panic!("no question: {other:?}"),
    }
}

fn ended(answer: Answer) -> Ended {
    match answer {
        Answer::Ended(ended) => *ended,
        other => panic!("no end: {other:?}"),
    }
}

fn outcome(answer: Answer) -> Outcome {
    ended(answer).verdict.outcome
}

/// Refused, and the browser keeps nothing of it.
fn refused(answer: Answer, expected: Outcome, attack: &str) {
    let ended = ended(answer);
    assert_eq!(ended.verdict.outcome, expected, "{attack}: {}", ended.verdict.finding);
    assert!(ended.verdict.issued.is_none() && !matches!(ended.cookies.session, Change::Set(_)), "{attack}");
}

fn asked(answer: &Answer, attack: &str) {
    assert!(matches!(answer, Answer::Question(_)), "{attack}: {answer:?}");
}

fn with_state(form: &str, state: &str) -> String {
    format!("{form}&State={state}")
}

/// What a browser posts to the certificate port.
fn to_user_tls<'a>(form: &'a str) -> Sent<'a> {
    Sent { form: Some(form), listener: ListenerRole::UserTls, ..GET }
}

#[test]
fn the_sign_in_of_an_attacker_cannot_be_finished_in_the_browser_of_a_victim() {
    let gateway = Gateway::with("");
    gateway.play(|send| {
        let attackers = state(send(Sent { browser: Some(OTHER_BROWSER), ..GET }));
        let form = with_state(PASSWORD, &attackers);
        for (browser, cross_site) in [(Some(BROWSER), true), (Some(BROWSER), false), (None, true), (None, false)] {
            let forged = Sent { form: Some(&form), browser, cross_site, ..GET };
            refused(send(forged), Outcome::SignInStateInvalid, "password");
            refused(send(Sent { listener: ListenerRole::UserTls, ..forged }), Outcome::SignInStateInvalid, "password");
            let page = with_state(PAGE, &attackers);
            refused(
                send(Sent { browser, cross_site, ..to_user_tls(&page) }),
                Outcome::SignInStateInvalid,
                "certificate",
            );
        }
        // nothing of that used it up: where it belongs it still counts
        assert_eq!(outcome(send(Sent { form: Some(&form), browser: Some(OTHER_BROWSER), ..GET })), Outcome::SignedIn);
    });
}

#[test]
fn a_state_counts_once_whatever_it_came_with() {
    Gateway::with("").play(|send| {
        let genuine = state(send(GET));
        let (page, password) = (with_state(PAGE, &genuine), with_state(PASSWORD, &genuine));
        assert_eq!(outcome(send(to_user_tls(&page))), Outcome::SignedIn);
        refused(send(to_user_tls(&page)), Outcome::SignInStateUsed, "the same form");
        refused(send(Sent { form: Some(&password), ..GET }), Outcome::SignInStateUsed, "another credential");
        let elsewhere = Sent { browser: Some(OTHER_BROWSER), ..to_user_tls(&page) };
        refused(send(elsewhere), Outcome::SignInStateInvalid, "another browser");
    });
}

#[test]
fn a_state_counts_for_its_own_request() {
    Gateway::with("").play(|send| {
        let page = with_state(PAGE, &state(send(GET)));
        let changed = [
            QUERY.replace("urn%3afederation%3aMicrosoftOnline", "urn%3acontoso%3apayroll"),
            QUERY.replace("&wfresh=0", ""),
            QUERY.replace("&wfresh=0", "&wfresh=1"),
            QUERY.replace("wctx=c", "wctx=d"),
            QUERY.replace("wctx=c&wfresh=0", "wfresh=0&wctx=c"),
            QUERY.replace("%3a", "%3A"),
            format!("{QUERY}&wreply=https%3a%2f%2flogin.microsoftonline.com%2flogin.srf%2fother"),
            format!("{QUERY}&wauth=urn%3aietf%3arfc%3a2246"),
            format!("{QUERY}&"),
        ];
        for query in &changed {
            refused(send(Sent { query, ..to_user_tls(&page) }), Outcome::SignInStateInvalid, query);
        }
        for body in [
            "wa=wsignin1.0&wtrealm=urn%3acontoso%3apayroll",
            "wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline",
        ] {
            let both = format!("{body}&{page}");
            refused(send(to_user_tls(&both)), Outcome::SignInStateInvalid, body);
        }
        assert_eq!(outcome(send(to_user_tls(&page))), Outcome::SignedIn);
    });
}

#[test]
fn no_character_of_a_state_or_of_a_session_can_be_another() {
    let gateway = Gateway::with("");
    gateway.play(|send| {
        let genuine = state(send(GET));
        for damaged in damaged(&genuine) {
            let page = with_state(PAGE, &damaged);
            refused(send(to_user_tls(&page)), Outcome::SignInStateInvalid, &damaged);
        }
        let page = with_state(PAGE, &genuine);
        let Change::Set(session) = ended(send(to_user_tls(&page))).cookies.session else { panic!("no session") };
        let query = &QUERY.replace("&wfresh=0", "");
        for damaged in damaged(&session) {
            asked(&send(Sent { query, session: Some(&damaged), ..GET }), &damaged);
        }
        assert_eq!(outcome(send(Sent { query, session: Some(&session), ..GET })), Outcome::SignedIn);
    });
}

/// Every text in which one character is another or the last ones are missing; of long ones some.
fn damaged(sealed: &str) -> Vec<String> {
    let step = 1.max(sealed.len() / 200);
    let other = |character: char| if character == 'A' { "Q" } else { "A" };
    let altered = sealed.char_indices().step_by(step).map(|(place, character)| {
        let mut text = sealed.to_owned();
        text.replace_range(place..=place, other(character));
        text
    });
    // an empty parameter is none
    altered.chain((1..sealed.len()).step_by(step).map(|length| sealed[..length].to_owned())).collect()
}

#[test]
fn what_was_sealed_elsewhere_or_for_something_else_is_nothing() {
    let gateway = Gateway::with("[policy.authentication_policy]\nadditional = [\"certificate\"]");
    let query = &QUERY.replace("&wfresh=0", "&wauth=http%3a%2f%2fschemas.microsoft.com%2fclaims%2fmultipleauthn");
    let (mut sealed, mut half) = (String::new(), String::new());
    gateway.play_with(
        SealingKeys::new(SealingKey::new([1; 32])),
        |_| {},
        |send| {
            sealed = state(send(GET));
        },
    );
    gateway.play(|send| {
        refused(send(to_user_tls(&with_state(PAGE, &sealed))), Outcome::SignInStateInvalid, "another key");
        let page = with_state(PAGE, &state(send(GET)));
        let Change::Set(session) = ended(send(to_user_tls(&page))).cookies.session else { panic!("no session") };
        refused(send(to_user_tls(&with_state(PAGE, &session))), Outcome::SignInStateInvalid, "a session as state");
        let password = with_state(PASSWORD, &state(send(Sent { query, ..GET })));
        half = state(send(Sent { query, form: Some(&password), ..GET }));
        let plain = &QUERY.replace("&wfresh=0", "");
        asked(&send(Sent { query: plain, session: Some(&half), ..GET }), "half a sign-in as a session");
        let elsewhere = with_state(PAGE, &half);
        let stolen = Sent { query, browser: Some(OTHER_BROWSER), ..to_user_tls(&elsewhere) };
        refused(send(stolen), Outcome::SignInStateInvalid, "half a sign-in in another browser");
        assert_eq!(outcome(send(Sent { query, ..to_user_tls(&elsewhere) })), Outcome::SignedIn);
    });
    gateway.play_with(
        SealingKeys::new(SealingKey::new([1; 32])),
        |_| {},
        |send| {
            let answer = send(Sent { query, ..to_user_tls(&with_state(PAGE, &half)) });
            refused(answer, Outcome::SignInStateInvalid, "another gateway");
        },
    );
}

/// The certificate comes along by itself wherever a browser is sent, so another site's page must not sign anybody in.
#[test]
fn another_site_does_not_sign_anybody_in() {
    Gateway::with("").play(|send| {
        let query = &QUERY.replace("&wfresh=0", "");
        let genuine = Sent { query, ..to_user_tls(PAGE) };
        for forged in [Sent { cross_site: true, ..genuine }, Sent { cross_site: true, form: None, ..genuine }] {
            let answer = send(forged);
            asked(&answer, "cross-site");
            let Answer::Question(question) = answer else { return };
            assert_eq!(question.cookies.session, Change::Keep);
        }
        asked(&send(Sent { query, form: Some(PASSWORD), cross_site: true, ..GET }), "cross-site password");
        asked(&send(Sent { query, form: Some(PASSWORD), ..GET }), "password without a page");
        assert_eq!(outcome(send(genuine)), Outcome::SignedIn);
    });
}

#[test]
fn query_and_body_do_not_contradict_each_other() {
    Gateway::with("").play(|send| {
        let address = |answer| match ended(answer).delivery {
            Some(Delivery::WsFederation { address, wctx }) => (address.to_string(), wctx),
            Some(Delivery::Saml(_)) | None => panic!("no address of WS-Federation"),
        };
        let ours = ("https://login.microsoftonline.com/login.srf".to_owned(), Some("c".to_owned()));
        for added in ["wtrealm=urn%3acontoso%3apayroll", "wreply=https%3a%2f%2fevil.test", "wctx=d", "wfresh=60"] {
            let form = format!("{}&{added}", with_state(PAGE, &state(send(GET))));
            assert_eq!(address(send(to_user_tls(&form))), ours, "{added}");
        }
        let whole = "wa=wsignin1.0&wtrealm=urn%3acontoso%3apayroll";
        let theirs = ("https://payroll.contoso.test/".to_owned(), None);
        let query = &format!("{QUERY}&wreply=https%3a%2f%2flogin.microsoftonline.com%2flogin.srf");
        assert_eq!(address(send(Sent { query, ..to_user_tls(whole) })), theirs);
        for name in ["wa", "wtrealm", "wreply", "wctx", "wfresh", "wauth", "WTREALM", "%77trealm"] {
            let query = &format!("{QUERY}&wreply=a&wauth=b&{name}=x");
            refused(send(Sent { query, ..to_user_tls(PAGE) }), Outcome::ParametersUnreadable, name);
        }
        for name in ["State", "AuthMethod", "state"] {
            let form = format!("{}&{name}=x", with_state(PAGE, &state(send(GET))));
            refused(send(to_user_tls(&form)), Outcome::ParametersUnreadable, name);
        }
    });
}

#[test]
fn no_token_goes_to_an_address_of_nobody() {
    Gateway::with("").play(|send| {
        let query = |wreply: &str| {
            let encoded: String = wreply.bytes().map(|byte| format!("%{byte:02x}")).collect();
            format!("wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wreply={encoded}")
        };
        let host = "login.microsoftonline.com";
        for wreply in [
            "https://evil.test/login.srf".to_owned(),
            format!("https://{host}.evil.test/login.srf"),
            format!("https://{host}@evil.test/login.srf"),
            format!("https://evil.test\\@{host}/login.srf"),
            format!("https://evil.test/?{host}/login.srf"),
            format!("https://evil.test/#{host}/login.srf"),
            format!("http://{host}/login.srf"),
            format!("https://{host}:444/login.srf"),
            format!("https://{host}/login.srf/../evil"),
            format!("https://{host}/login.srf%2f..%2fevil"),
            format!("https://{host}/login.srfevil"),
            format!("https://{host}/evil"),
            format!("//{host}/login.srf"),
            format!("https://{host}/login.srf\nhttps://evil.test"),
            format!(" https://{host}/login.srf"),
            "https://payroll.contoso.test/".to_owned(),
            "javascript:alert(1)//login.srf".to_owned(),
            "data:text/html,login.srf".to_owned(),
        ] {
            let query = &query(&wreply);
            refused(send(Sent { query, ..to_user_tls(PAGE) }), Outcome::ReplyAddressRefused, &wreply);
            refused(send(Sent { query, ..GET }), Outcome::ReplyAddressRefused, &wreply);
        }
        let genuine = &query("https://login.microsoftonline.com/login.srf");
        assert_eq!(outcome(send(Sent { query: genuine, ..to_user_tls(PAGE) })), Outcome::SignedIn);
    });
}

#[test]
fn a_sign_out_leads_to_nobody_else() {
    Gateway::with("").play(|send| {
        let visited = "urn:contoso:payroll\nhttps://evil.test/\nurn:nobody\n\"><script>\nurn:contoso:payroll";
        for wreply in
            ["https://evil.test/", "https://payroll.contoso.test.evil.test/", "//evil.test", "javascript:alert(1)"]
        {
            let query = &format!("wa=wsignout1.0&wtrealm=urn%3acontoso%3apayroll&wreply={wreply}");
            let Answer::SignedOut(signed_out) = send(Sent { query, visited: Some(visited), ..GET }) else { panic!() };
            let told: Vec<&str> = signed_out.clean_up.iter().map(url::Url::as_str).collect();
            assert_eq!(told, ["https://payroll.contoso.test/?wa=wsignoutcleanup1.0"], "{wreply}");
            assert_eq!(signed_out.next, None, "{wreply}");
        }
    });
}

/// Only people inside have passwords here; whoever says they are inside is not.
#[test]
fn a_stranger_is_not_inside_by_saying_so() {
    let gateway = Gateway::with(
        "[policy.authentication_policy]\nprimary_intranet = [\"password\"]\nprimary_extranet = [\"certificate\"]\n\
         [policy.proxy]\ncorporate_networks = [\"10.0.0.0/8\"]\ntrusted_peers = [\"192.0.2.7\"]",
    );
    let header = |name, value: &str| ProxyHeader { name, value: value.into() };
    let forged = [
        vec![],
        vec![header(ProxyHeaderName::ForwardedClientIp, "10.1.2.3")],
        vec![header(ProxyHeaderName::ForwardedClientIp, "10.1.2.3"), header(ProxyHeaderName::Proxy, "")],
        vec![header(ProxyHeaderName::ProxyClientIp, "10.1.2.3"), header(ProxyHeaderName::Proxy, "wap1")],
    ];
    for headers in &forged {
        let as_stranger = |evidence: &mut Evidence| evidence.request.proxy_headers.clone_from(headers);
        gateway.play_with(keys(), as_stranger, |send| {
            let Answer::Question(question) = send(GET) else { panic!("no question") };
            assert_eq!(super::gets::in_words(question.ask), "certificate", "{headers:?}");
            let password = with_state(PASSWORD, &question.state);
            asked(&send(Sent { form: Some(&password), ..GET }), "a password from outside");
        });
    }
    let inside = |evidence: &mut Evidence| evidence.connection.peer = "10.1.2.3:50123".to_owned();
    gateway.play_with(keys(), inside, |send| {
        let password = with_state(PASSWORD, &state(send(GET)));
        assert_eq!(outcome(send(Sent { form: Some(&password), ..GET })), Outcome::SignedIn);
    });
}
