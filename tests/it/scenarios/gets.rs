//! What a browser gets of a visit, and everything of it that is not as it must be.

use super::recipe::Scenario;
use super::visit::tagged;
use fedgate::federation::TokenForm;
use fedgate::sign_in::Verdict;
use fedgate::sign_in::passive::{Answer, Ask, Change, Delivery, NewCookies};
use std::collections::BTreeMap;

/// An answer, taken apart.
#[derive(Debug, Default)]
pub(super) struct Gets {
    /// What the person is asked: `nothing` after a sign-out.
    pub(super) asks: Option<String>,
    /// What was tried, for which the person is asked again.
    failed: Option<&'static str>,
    pub(super) delivery: Option<Delivery>,
    username: Option<String>,
    other_ways: bool,
    told: Vec<String>,
    next: Option<String>,
    pub(super) cookies: NewCookies,
}

/// What the person is asked, in words.
pub(super) fn in_words(ask: Ask) -> String {
    match ask {
        Ask::For(method) => method.to_string(),
        Ask::Choose(methods) => format!("choose {methods}"),
        Ask::Add(methods) => format!("add {methods}"),
    }
}

impl Gets {
    pub(super) fn of(answer: Answer) -> (Self, Option<Verdict>) {
        let nothing = || Some("nothing".to_owned());
        match answer {
            Answer::Question(question) => {
                let gets = Self {
                    asks: Some(in_words(question.ask)),
                    failed: question.failed.map(|verdict| verdict.outcome.name()),
                    username: question.username,
                    other_ways: question.other_ways,
                    cookies: question.cookies,
                    ..Self::default()
                };
                (gets, None)
            }
            Answer::Ended(ended) => {
                let (delivery, cookies) = (ended.delivery, ended.cookies);
                (Self { delivery, cookies, ..Self::default() }, Some(ended.verdict))
            }
            Answer::SignedOut(signed_out) => {
                let told = signed_out.clean_up.iter().map(ToString::to_string).collect();
                let (next, cookies) = (signed_out.next.map(String::from), signed_out.cookies);
                (Self { asks: nothing(), told, next, cookies, ..Self::default() }, None)
            }
            Answer::Carries(carriage) => (Self { asks: nothing(), cookies: carriage.cookies, ..Self::default() }, None),
            Answer::CleanedUp(cookies) => (Self { asks: nothing(), cookies, ..Self::default() }, None),
        }
    }

    pub(super) fn complaints(&self, scenario: &Scenario, verdict: Option<&Verdict>) -> Vec<String> {
        let expect = &scenario.expect.browser;
        let mut complaints = Vec::new();
        let mut same = |what: &str, expected: &Option<String>, found: Option<String>| {
            if expected.is_some() && *expected != found {
                complaints.push(format!("{what} is {found:?}"));
            }
        };
        let (address, wctx) = match &self.delivery {
            Some(Delivery::WsFederation { address, wctx }) => (Some(address.to_string()), wctx.clone()),
            Some(Delivery::Saml(delivery)) => (Some(delivery.consumer.clone()), delivery.relay_state.clone()),
            None => (None, None),
        };
        let form = verdict.and_then(|verdict| verdict.issued.as_ref()).map(|issued| match issued.form {
            TokenForm::Saml11 => "SAML 1.1".to_owned(),
            TokenForm::Saml20 => "SAML 2.0".to_owned(),
        });
        same("the address", &expect.delivered_to, address);
        same("the context", &expect.wctx, wctx.clone());
        same("the token", &expect.token, form);
        same("the name filled in", &expect.username, self.username.clone());
        same("what follows the sign-out", &expect.next, self.next.clone());
        same("another way", &expect.other_ways.map(|ways| ways.to_string()), Some(self.other_ways.to_string()));
        if expect.failed.as_deref() != self.failed {
            complaints.push(format!("what was tried ended in {:?}", self.failed));
        }
        if expect.no_wctx && wctx.is_some() {
            complaints.push(format!("the context is {wctx:?}"));
        }
        if expect.told.as_ref().is_some_and(|told| *told != self.told) {
            complaints.push(format!("{:?} are told", self.told));
        }
        if verdict.is_none() && self.asks.is_none() {
            complaints.push("neither a question nor an end".to_owned());
        }
        complaints.extend(self.cookie_complaints(scenario));
        complaints
    }

    fn cookie_complaints(&self, scenario: &Scenario) -> Vec<String> {
        let found = self.cookies_in_words();
        let expected = scenario.expect.browser.cookies.iter();
        let wrong = expected.filter_map(|(name, expected)| {
            let Some((kind, text)) = found.get(name.as_str()) else {
                return Some(format!("{name} is no cookie of the gateway"));
            };
            let tagged = scenario.browser.as_ref().map(|browser| tagged(expected, browser, None));
            let as_said =
                kind == expected || text.as_ref().is_some_and(|text| text == expected || Some(text) == tagged.as_ref());
            (!as_said).then(|| format!("the cookie {name} is {kind}: {text:?}"))
        });
        wrong.collect()
    }

    /// What becomes of each cookie, and its text where it has one.
    fn cookies_in_words(&self) -> BTreeMap<&'static str, (&'static str, Option<String>)> {
        let cookies = &self.cookies;
        let change = |change: &Change<String>| match change {
            Change::Keep => ("kept", None),
            Change::Set(text) => ("set", Some(text.clone())),
            Change::Clear => ("cleared", None),
        };
        let given = |text: Option<String>| if text.is_some() { ("set", text) } else { ("kept", None) };
        BTreeMap::from([
            ("MSISAuth", change(&cookies.session)),
            ("MSISSignOut", change(&cookies.relying_parties)),
            ("SamlSession", change(&cookies.participants)),
            ("SamlLogout", change(&cookies.logout_round)),
            ("MSISContext", given(cookies.browser.map(|browser| format!("{browser:?}")))),
            ("MSISLoopDetectionCookie", given(cookies.visits.clone())),
            ("MSISAuthenticated", given(cookies.authenticated_at.map(|at| at.to_string()))),
        ])
    }
}
