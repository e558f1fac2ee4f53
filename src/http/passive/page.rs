//! What a browser gets, as bytes.

use super::super::cookies::Scope;
use super::super::{Gateway, plain, render};
use crate::federation::Endpoint;
use crate::federation::prompt::{Method, Methods};
use crate::outcome::{Outcome, SoapFault, Wire};
use crate::pages::{
    self, CertificateHelp, CertificateHop, CertificateProblem, ErrorPage, Language, Page, PromptLogin, Reference,
    RenderedPage, TryAnother,
};
use crate::protocol::wsfed::{PassiveResponse, render_form};
use crate::protocol::{Version, wstrust};
use crate::sign_in::evidence::{Evidence, ListenerRole};
use crate::sign_in::passive::{Answer, Ask, Delivery, Ended, NewCookies, Question, SignedOut};
use crate::sign_in::{Issued, Stage, Verdict};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};

/// One request being answered.
pub(super) struct Showing<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) evidence: &'a Evidence,
    pub(super) query: &'a str,
    pub(super) language: Language,
}

impl Showing<'_> {
    pub(super) fn answer(&self, answer: &Answer) -> HttpResponse {
        match answer {
            Answer::Question(question) => self.question(question),
            Answer::Ended(ended) => self.ended(ended),
            Answer::Carries(carriage) => self.carry(&carriage.carrier, &carriage.cookies),
            Answer::SignedOut(signed_out) => self.signed_out(signed_out),
            Answer::CleanedUp(cookies) => self.respond(200, empty(), cookies),
        }
    }

    fn question(&self, question: &Question) -> HttpResponse {
        let service = self.address(ListenerRole::Service);
        let target = self.address(ListenerRole::UserTls);
        let (methods, second_factor) = match question.ask {
            Ask::For(Method::Certificate) => {
                let port_first = self.gateway.endpoints.user_tls_port_first;
                let alternate = self.user_tls_origin_beside(!port_first).filter(|_| port_first);
                let alternate = alternate.map(|origin| self.at(&origin));
                let hop = CertificateHop {
                    target: &target,
                    state: &question.state,
                    alternate: alternate.as_deref(),
                    other_ways: question.other_ways.then_some(&service),
                };
                return self.page(200, &Page::CertificateHop(hop), &question.cookies);
            }
            Ask::For(method) => (Methods::NONE.with(method), false),
            Ask::Choose(methods) => (methods, false),
            Ask::Add(methods) => (methods, true),
        };
        let page = Page::SignIn(pages::SignIn {
            action: &service,
            state: &question.state,
            username: question.username.as_deref().unwrap_or_default(),
            methods,
            second_factor,
            wrong_name_or_password: question.failed.is_some(),
        });
        self.page(200, &page, &question.cookies)
    }

    fn ended(&self, ended: &Ended) -> HttpResponse {
        match (&ended.verdict.issued, &ended.delivery) {
            (Some(issued), Some(delivery)) => self.deliver(issued, delivery, &ended.cookies),
            (None, Some(Delivery::Saml(delivery))) => self
                .saml_failure(delivery, &ended.verdict, &ended.cookies)
                .unwrap_or_else(|| self.refused(&ended.verdict, ended.again.as_deref(), &ended.cookies)),
            _ => self.refused(&ended.verdict, ended.again.as_deref(), &ended.cookies),
        }
    }

    fn deliver(&self, issued: &Issued, delivery: &Delivery, cookies: &NewCookies) -> HttpResponse {
        let (address, wctx) = match delivery {
            Delivery::WsFederation { address, wctx } => (address, wctx),
            Delivery::Saml(delivery) => return self.saml_response(delivery, issued.token.as_str(), cookies),
        };
        let wresult = wstrust::render_passive_result(&render::response_of(issued, Version::February2005, None));
        let action = address.as_str();
        let html = render_form(&PassiveResponse { action, wresult: &wresult, wctx: wctx.as_deref() });
        let content_security_policy = pages::form_content_policy(action);
        self.respond(200, RenderedPage { html, content_security_policy }, cookies)
    }

    fn refused(&self, verdict: &Verdict, state: Option<&str>, cookies: &NewCookies) -> HttpResponse {
        let entry = verdict.outcome.entry();
        let reference = Reference { code: entry.code, correlation: self.evidence.correlation, at: self.evidence.at };
        let detail = |wanted: &str| {
            let found = verdict.details.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        // back to the beginning only where there is one: a request that was read
        let again = verdict.relying_party.is_some().then(|| self.address(ListenerRole::Service));
        let other_ways = again.as_deref();
        let elsewhere = self.another_user_tls_address();
        let certificate = |problem| {
            Page::CertificateHelp(CertificateHelp {
                problem,
                sentence: entry.user_text,
                try_another: elsewhere.as_deref().zip(state).map(|(target, state)| TryAnother { target, state }),
                other_ways,
                reference,
            })
        };
        let page = match (verdict.outcome, entry.stage) {
            (Outcome::NoCertificate, _) => certificate(CertificateProblem::NoneArrived),
            (Outcome::PasswordDemandedOfCertificateUsers, _) => {
                Page::PromptLogin(PromptLogin { domain: detail("domain"), reference })
            }
            (outcome, Stage::Chain | Stage::Revocation | Stage::Subject)
                if certificate_was_judged(verdict, outcome) =>
            {
                certificate(CertificateProblem::NotAccepted)
            }
            _ => Page::Error(ErrorPage {
                sentence: entry.user_text,
                adfs_text: detail("reason").filter(|_| verdict.outcome == Outcome::LoopDetected),
                retry: again.as_deref().filter(|_| is_state(verdict.outcome)),
                reference,
            }),
        };
        self.page(status(entry.wire), &page, cookies)
    }

    fn signed_out(&self, signed_out: &SignedOut) -> HttpResponse {
        let clean_up: Vec<&str> = signed_out.clean_up.iter().map(url::Url::as_str).collect();
        let next = signed_out.next.as_ref().map(url::Url::as_str);
        let close_browser = signed_out.certificate_is_kept;
        let page = Page::SignedOut(pages::SignedOut { clean_up: &clean_up, next, close_browser });
        self.page(200, &page, &signed_out.cookies)
    }

    /// This very request, at the origin of a listener.
    fn address(&self, listener: ListenerRole) -> String {
        self.at(&self.gateway.endpoints.origin(listener, &self.gateway.service_name))
    }

    fn at(&self, origin: &str) -> String {
        format!("{origin}{}?{}", Endpoint::Passive.path(), self.query)
    }

    /// Where a browser asks anew which certificate to use: it remembers the choice for every host name and port. A fresh name
    /// is best; else the one of the two that this request did not come by.
    fn another_user_tls_address(&self) -> Option<String> {
        let endpoints = &self.gateway.endpoints;
        let [a, b, c, d, ..] = self.evidence.correlation.into_bytes();
        let fresh = endpoints.fresh_user_tls_origin(&format!("try-{a:02x}{b:02x}{c:02x}{d:02x}"));
        let here = self.evidence.connection.tls.server_name.as_deref();
        let by_name = here.is_some() && here == endpoints.user_tls_host.as_deref();
        Some(self.at(&fresh.or_else(|| self.user_tls_origin_beside(by_name))?))
    }

    fn user_tls_origin_beside(&self, host_name: bool) -> Option<String> {
        self.gateway.endpoints.user_tls_origin_beside(host_name, &self.gateway.service_name)
    }

    fn page(&self, status: u16, page: &Page<'_>, cookies: &NewCookies) -> HttpResponse {
        self.respond(status, self.gateway.pages.render(page, self.language), cookies)
    }

    pub(super) fn respond(&self, status: u16, page: RenderedPage, cookies: &NewCookies) -> HttpResponse {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_SECURITY_POLICY, page.content_security_policy))
            .body(page.html);
        if let Ok(value) = HeaderValue::from_str(&self.evidence.correlation.to_string()) {
            response.headers_mut().insert(plain::REQUEST_ID, value);
        }
        let shared = self.gateway.endpoints.user_tls_host.is_some();
        Scope { domain: shared.then_some(&*self.gateway.service_name) }.write(cookies, response.headers_mut());
        response
    }
}

/// The answer to a clean-up, which is shown to nobody.
fn empty() -> RenderedPage {
    RenderedPage {
        html: "<!DOCTYPE html><title>Signed out</title>".to_owned(),
        content_security_policy: "default-src 'none'".to_owned(),
    }
}

/// A directory that does not answer a name and a password, or an expired password, is no matter of a certificate.
fn certificate_was_judged(verdict: &Verdict, outcome: Outcome) -> bool {
    outcome != Outcome::PasswordExpired && verdict.steps.iter().any(|step| step.stage == Stage::Chain)
}

fn is_state(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::SignInStateInvalid | Outcome::SignInStateExpired | Outcome::SignInStateUsed)
}

/// The status of a page. AD FS answers 500 to whatever goes wrong (MS-MWBF note 51); a person who is refused is no fault of the
/// server, and whoever watches the service must be able to tell.
fn status(wire: Wire) -> u16 {
    match wire {
        Wire::Fault(SoapFault::FailedAuthentication | SoapFault::PasswordExpired | SoapFault::AccessDenied) => 403,
        other => other.http_status(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Disposition;

    #[test]
    fn whoever_is_refused_is_forbidden_and_nothing_is_broken() {
        for outcome in Outcome::ALL {
            let entry = outcome.entry();
            let about_them = matches!(entry.stage, Stage::Chain | Stage::Revocation | Stage::Subject);
            if about_them && entry.disposition == Disposition::Refuse {
                assert_eq!(status(entry.wire), 403, "{}", entry.code);
            }
        }
    }
}
