//! A browser at `/adfs/ls/`: the cookies and the state of a scenario are made, and the visit is played.

use super::Mistake;
use super::pki::Pki;
use super::recipe::{self, Browser, SealDefect};
use fedgate::clock::Clock;
use fedgate::federation::Farm;
use fedgate::federation::prompt::Proof;
use fedgate::lookups::Lookups;
use fedgate::protocol::wsfed::Parameters;
use fedgate::sign_in::Evidence;
use fedgate::sign_in::passive::{Answer, BrowserMemory, Cookies, Desk, Randomness, Visit, attend};
use fedgate::sign_in::session::{BrowserId, SealingKey, SealingKeys, Session, Transaction};
use fedgate::xml_encryption::ContentKey;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write;

/// The browser of every scenario, and another one.
pub(super) const BROWSER: BrowserId = [0xb0; 16];
pub(super) const OTHER_BROWSER: BrowserId = [0xb1; 16];

/// What a gateway has for browsers beside its farm.
pub(super) struct Reception<'a> {
    pub(super) farm: &'a Farm,
    pub(super) lookups: &'a dyn Lookups,
    pub(super) keys: SealingKeys,
    pub(super) memory: BrowserMemory,
}

impl<'a> Reception<'a> {
    pub(super) fn new(farm: &'a Farm, lookups: &'a dyn Lookups, room_for_sign_ins: Option<usize>) -> Self {
        let memory = match room_for_sign_ins {
            Some(room) => BrowserMemory::with_room(farm.sessions.lifetime, room),
            None => BrowserMemory::new(farm.sessions.lifetime),
        };
        Self { farm, lookups, keys: keys(), memory }
    }

    pub(super) async fn attend(&self, evidence: &Evidence, visit: &Visit<'_>) -> Answer {
        let (keys, memory) = (&self.keys, &self.memory);
        let desk = Desk { farm: self.farm, lookups: self.lookups, keys, hosts: &["sts.contoso.test"], memory };
        attend(evidence, visit, &desk, Clock::Fixed(evidence.at).stopwatch()).await
    }
}

pub(super) fn keys() -> SealingKeys {
    SealingKeys::new(SealingKey::new([0x4b; 32]))
}

/// Numbers that differ from visit to visit, as random ones would.
pub(super) fn randomness(number: u8) -> Randomness {
    Randomness {
        transaction: [number; 16],
        browser: [number ^ 0x20; 16],
        session: [number ^ 0x40; 16],
        state_nonce: [number; 12],
        session_nonce: [number ^ 0x80; 12],
        participants_nonce: [number ^ 0x10; 12],
        message: uuid::Uuid::from_bytes([number ^ 0x08; 16]),
        content_key: ContentKey { key: [number; 32], iv: [number; 16] },
    }
}

/// Plays the visit of a scenario. The evidence gets the body that was posted.
pub(super) async fn play(
    browser: &Browser,
    evidence: &mut Evidence,
    pki: &Pki,
    farm: &Farm,
    lookups: &dyn Lookups,
) -> Result<Answer, Mistake> {
    let query = browser.sent();
    let reception = Reception::new(farm, lookups, browser.room_for_sign_ins);
    let session = browser.session.as_ref().map(|recipe| sealed_session(recipe, pki, evidence.at)).transpose()?;
    if let (Some(form), Ok(body)) = (&browser.form, &mut evidence.request.body) {
        *body = form.clone().into_bytes();
        if let Some(state) = &browser.state {
            let state = sealed_state(state, &query, pki, evidence.at)?;
            body.extend_from_slice(format!("&State={state}").as_bytes());
        }
    }
    let loop_cookie = browser.loop_cookie.as_ref().map(|cookie| tagged(&cookie.text, browser, cookie.of.as_deref()));
    let visited = (!browser.visited.is_empty()).then(|| browser.visited.join("\n"));
    let visit = Visit {
        query: &query,
        posted: browser.form.is_some(),
        cookies: Cookies {
            session: session.as_deref(),
            browser: browser.known.then_some(BROWSER),
            visits: loop_cookie.as_deref(),
            relying_parties: visited.as_deref(),
            participants: None,
            logout_round: None,
        },
        cross_site: browser.cross_site,
        random: randomness(1),
    };
    if browser.session.as_ref().is_some_and(|session| session.signed_out) {
        let sign_out = Visit { query: "wa=wsignout1.0", posted: false, ..visit };
        reception.attend(evidence, &sign_out).await;
    }
    if browser.state.as_ref().is_some_and(|state| state.used) {
        reception.attend(evidence, &visit).await;
    }
    Ok(reception.attend(evidence, &visit).await)
}

/// The text of a loop cookie, with the tag of whom it counts for.
pub(super) fn tagged(text: &str, browser: &Browser, relying_party: Option<&str>) -> String {
    let parameters = Parameters::parse(&browser.query);
    let asked = parameters.as_ref().ok().and_then(|parameters| parameters.said("wtrealm"));
    let mut tagged = format!("{text}\\");
    for byte in &openssl::sha::sha256(relying_party.or(asked).unwrap_or_default().as_bytes())[..4] {
        let _ = write!(tagged, "{byte:02x}");
    }
    tagged
}

fn sealed_session(recipe: &recipe::Session, pki: &Pki, at: Timestamp) -> Result<String, Mistake> {
    let keys = if recipe.defect == Some(SealDefect::OtherKey) { other_keys() } else { keys() };
    let sealed = match recipe.defect {
        Some(SealDefect::OtherKind) => Transaction::begin([1; 16], BROWSER, b"", at).seal(&keys, &[3; 12])?,
        _ => session(recipe, pki, at).seal(&keys, &[3; 12])?,
    };
    Ok(damaged(sealed, recipe.defect))
}

pub(super) fn session(recipe: &recipe::Session, pki: &Pki, at: Timestamp) -> Session {
    let additional = recipe.and.map(recipe::Method::of_the_product);
    let at = at - SignedDuration::from_mins(recipe.minutes_ago);
    let with_certificate = recipe.by == recipe::Method::Certificate || recipe.and == Some(recipe::Method::Certificate);
    let certificates = std::iter::once(pki.user.clone()).chain(pki.sent.iter().cloned());
    Session {
        id: [5; 16],
        proof: Proof { primary: recipe.by.of_the_product(), additional, at },
        account: format!("CONTOSO\\{}", recipe.of),
        certificates: certificates.filter(|_| with_certificate).collect(),
    }
}

fn sealed_state(recipe: &recipe::State, query: &str, pki: &Pki, at: Timestamp) -> Result<String, Mistake> {
    let keys = if recipe.defect == Some(SealDefect::OtherKey) { other_keys() } else { keys() };
    let browser = if recipe.of_this_browser { BROWSER } else { OTHER_BROWSER };
    let began = at - SignedDuration::from_secs(recipe.seconds_ago);
    let request = recipe.query.as_deref().unwrap_or(query);
    let mut transaction = Transaction::begin([7; 16], browser, request.as_bytes(), began);
    transaction.asked = began - SignedDuration::from_secs(recipe.asked_seconds_before);
    if let Some(first) = &recipe.first {
        transaction = transaction.after(session(first, pki, at));
    }
    let sealed = match recipe.defect {
        Some(SealDefect::OtherKind) => session(&recipe::Session::default(), pki, at).seal(&keys, &[9; 12])?,
        _ => transaction.seal(&keys, &[9; 12])?,
    };
    Ok(damaged(sealed, recipe.defect))
}

fn other_keys() -> SealingKeys {
    SealingKeys::new(SealingKey::new([0x4c; 32]))
}

/// The first character of what is encrypted becomes another one.
fn damaged(mut sealed: String, defect: Option<SealDefect>) -> String {
    const HEADER_CHARACTERS: usize = 24;
    if defect == Some(SealDefect::Altered) {
        let other = if sealed[HEADER_CHARACTERS..].starts_with('A') { "B" } else { "A" };
        sealed.replace_range(HEADER_CHARACTERS..=HEADER_CHARACTERS, other);
    }
    sealed
}
