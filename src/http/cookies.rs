//! Cookies by the names of AD FS (ADFS-PROTOCOLS section 13.1). What they hold is the gateway's own.

use crate::sign_in::passive::{Change, NewCookies};
use crate::sign_in::session::BrowserId;
use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;

const SESSION: &str = "MSISAuth";
const BROWSER: &str = "MSISContext";
const VISITS: &str = "MSISLoopDetectionCookie";
const RELYING_PARTIES: &str = "MSISSignOut";
const PARTICIPANTS: &str = "SamlSession";
const LOGOUT_ROUND: &str = "SamlLogout";
const AUTHENTICATED: &str = "MSISAuthenticated";
/// Browsers keep 4096 bytes of a cookie, its name and attributes included (RFC 6265 section 6.1).
const PART: usize = 3600;
/// A session with a chain of certificates needs several cookies, as AD FS's does.
const PARTS: usize = 4;

/// The cookies of ours that a browser brought.
#[derive(Debug, Default)]
pub(super) struct Brought {
    pub(super) session: Option<String>,
    pub(super) browser: Option<BrowserId>,
    pub(super) visits: Option<String>,
    pub(super) relying_parties: Option<String>,
    pub(super) participants: Option<String>,
    pub(super) logout_round: Option<String>,
}

/// Reads them. What cannot be read is not there.
pub(super) fn brought(request: &HttpRequest) -> Brought {
    let lines: Vec<&str> = request.headers().get_all(COOKIE).filter_map(|line| line.to_str().ok()).collect();
    let find = |wanted: &str| {
        let pairs = lines.iter().flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, _)| *name == wanted).map(|(_, value)| value).next()
    };
    let text = |name: &str| find(name).and_then(|value| String::from_utf8(STANDARD.decode(value).ok()?).ok());
    let parts: String = (0..PARTS).map_while(|number| find(&part(number))).collect();
    let browser = find(BROWSER).and_then(|value| URL_SAFE_NO_PAD.decode(value).ok()?.try_into().ok());
    Brought {
        session: Some(parts).filter(|session| !session.is_empty()),
        browser,
        visits: text(VISITS),
        relying_parties: text(RELYING_PARTIES),
        participants: find(PARTICIPANTS).map(str::to_owned),
        logout_round: find(LOGOUT_ROUND).map(str::to_owned),
    }
}

fn part(number: usize) -> String {
    if number == 0 { SESSION.to_owned() } else { format!("{SESSION}{number}") }
}

/// Where cookies count.
pub(super) struct Scope<'a> {
    /// The federation service name, where the certificate listener has another name below it; else only the host that was
    /// asked.
    pub(super) domain: Option<&'a str>,
}

impl Scope<'_> {
    /// Tells the browser what to keep.
    pub(super) fn write(&self, cookies: &NewCookies, headers: &mut HeaderMap) {
        match &cookies.session {
            Change::Keep => {}
            Change::Set(session) => self.session(session, headers),
            Change::Clear => {
                (0..PARTS).for_each(|number| self.clear(&part(number), "None", headers));
                self.clear(AUTHENTICATED, "None", headers);
            }
        }
        match &cookies.relying_parties {
            Change::Keep => {}
            Change::Set(text) => self.set(RELYING_PARTIES, &STANDARD.encode(text), "None", headers),
            Change::Clear => self.clear(RELYING_PARTIES, "None", headers),
        }
        for (name, change) in [(PARTICIPANTS, &cookies.participants), (LOGOUT_ROUND, &cookies.logout_round)] {
            match change {
                Change::Keep => {}
                Change::Set(sealed) => self.set(name, sealed, "None", headers),
                Change::Clear => self.clear(name, "None", headers),
            }
        }
        if let Some(browser) = cookies.browser {
            self.set(BROWSER, &URL_SAFE_NO_PAD.encode(browser), "Lax", headers);
        }
        if let Some(visits) = &cookies.visits {
            self.set(VISITS, &STANDARD.encode(visits), "None", headers);
        }
        if let Some(at) = cookies.authenticated_at {
            self.set(AUTHENTICATED, &STANDARD.encode(clock_face(at)), "None", headers);
        }
    }

    /// A SAML 2.0 request may arrive by POST from another site, and the session must come along: hence not `Lax`.
    fn session(&self, session: &str, headers: &mut HeaderMap) {
        // what would be cut off would never open; without a session the person signs in once more
        let session = if session.len() > PARTS * PART { "" } else { session };
        for number in 0..PARTS {
            match session.get(number * PART..).filter(|rest| !rest.is_empty()) {
                Some(rest) => self.set(&part(number), &rest[..rest.len().min(PART)], "None", headers),
                None => self.clear(&part(number), "None", headers),
            }
        }
    }

    fn set(&self, name: &str, value: &str, same_site: &str, headers: &mut HeaderMap) {
        self.line(format!("{name}={value}"), same_site, headers);
    }

    fn clear(&self, name: &str, same_site: &str, headers: &mut HeaderMap) {
        self.line(format!("{name}=; Max-Age=0"), same_site, headers);
    }

    fn line(&self, start: String, same_site: &str, headers: &mut HeaderMap) {
        let domain = self.domain.map(|domain| format!("; Domain={domain}")).unwrap_or_default();
        let line = format!("{start}; Path=/adfs{domain}; Secure; HttpOnly; SameSite={same_site}");
        if let Ok(value) = HeaderValue::from_str(&line) {
            headers.append(SET_COOKIE, value);
        }
    }
}

/// `10/16/2023 6:22:15 AM`, as AD FS writes it.
fn clock_face(at: Timestamp) -> String {
    at.strftime("%-m/%-d/%Y %-I:%M:%S %p").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn written(cookies: &NewCookies, domain: Option<&str>) -> Vec<String> {
        let mut headers = HeaderMap::new();
        Scope { domain }.write(cookies, &mut headers);
        headers.get_all(SET_COOKIE).map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    /// As a browser would bring back what was set.
    fn returned(lines: &[String]) -> Brought {
        let kept = lines.iter().filter(|line| !line.contains("Max-Age=0"));
        let pairs: Vec<&str> = kept.map(|line| line.split(';').next().unwrap()).collect();
        brought(&TestRequest::get().insert_header((COOKIE, pairs.join("; "))).to_http_request())
    }

    #[test]
    fn everything_comes_back() {
        for length in [1, PART - 1, PART, PART + 1, PARTS * PART] {
            let cookies = NewCookies {
                session: Change::Set("s".repeat(length)),
                browser: Some([7; 16]),
                visits: Some("2026-01-10:10:00:00Z\\1".to_owned()),
                relying_parties: Change::Set("urn:a\nurn:b".to_owned()),
                participants: Change::Set("sealed-list".to_owned()),
                logout_round: Change::Set("sealed-round".to_owned()),
                authenticated_at: Some("2026-01-10T18:02:03Z".parse().unwrap()),
            };
            let lines = written(&cookies, None);
            let brought = returned(&lines);
            assert_eq!(brought.session.map(|session| session.len()), Some(length));
            assert_eq!(brought.browser, Some([7; 16]));
            assert_eq!(brought.visits, cookies.visits);
            assert_eq!(brought.relying_parties.as_deref(), Some("urn:a\nurn:b"));
            assert_eq!(brought.participants.as_deref(), Some("sealed-list"));
            assert_eq!(brought.logout_round.as_deref(), Some("sealed-round"));
            assert!(lines.iter().all(|line| line.len() < 4096 && line.contains("; Secure; HttpOnly; SameSite=")));
            assert!(lines.iter().any(|line| line.starts_with("MSISAuthenticated=MS8xMC8yMDI2IDY6MDI6MDMgUE0=;")));
        }
    }

    #[test]
    fn a_shorter_session_leaves_no_part_of_a_longer_one() {
        let lines = written(&NewCookies { session: Change::Set("s".to_owned()), ..NewCookies::default() }, None);
        assert!(lines.iter().any(|line| line.starts_with("MSISAuth1=; Max-Age=0;")), "{lines:?}");
    }

    #[test]
    fn what_does_not_fit_is_not_cut_off() {
        let long = Change::Set("s".repeat(PARTS * PART + 1));
        let lines = written(&NewCookies { session: long, ..NewCookies::default() }, None);
        assert_eq!(lines.len(), PARTS);
        assert!(lines.iter().all(|line| line.contains("=; Max-Age=0;")), "{lines:?}");
    }

    #[test]
    fn the_host_below_shares_them() {
        let lines = written(&NewCookies { browser: Some([0; 16]), ..NewCookies::default() }, Some("sts.contoso.test"));
        assert!(lines[0].contains("; Path=/adfs; Domain=sts.contoso.test; Secure"), "{lines:?}");
    }

    #[test]
    fn nonsense_is_not_there() {
        let request = TestRequest::get()
            .insert_header((
                COOKIE,
                "MSISContext=!!; MSISLoopDetectionCookie=%%%; MSISSignOut=/w==; noise; =; MSISAuth=",
            ))
            .to_http_request();
        let brought = brought(&request);
        assert!(brought.session.is_none() && brought.browser.is_none());
        assert!(brought.visits.is_none() && brought.relying_parties.is_none());
    }
}
