//! The end of a session, here and at everybody it went to (MS-MWBF section 3.1.5.5).

use super::{Desk, NewCookies, SignedOut, Visit, VisitedRelyingParties};
use crate::federation::RelyingPartyTrust;
use crate::protocol::wsfed::SignOutMessage;
use crate::sign_in::session::Session;
use jiff::Timestamp;
use url::Url;

/// Whoever holds a copy of the cookie has no session either, from now on.
pub(super) fn end_session(visit: &Visit<'_>, desk: &Desk<'_>, at: Timestamp) {
    let lifetime = desk.farm.sessions.lifetime;
    let session = visit.cookies.session.and_then(|text| Session::open(desk.keys, text, lifetime, at).ok());
    if let Some(session) = session {
        desk.memory.end(session.id);
    }
}

/// Ends the session here, and says who else must be told and where the person goes.
pub(super) fn sign_out(asked: &SignOutMessage, visit: &Visit<'_>, desk: &Desk<'_>, at: Timestamp) -> SignedOut {
    end_session(visit, desk, at);
    let trusts = &desk.farm.relying_parties;
    let visited = VisitedRelyingParties::from_text(visit.cookies.relying_parties.unwrap_or_default()).trusts(trusts);
    let clean_up = visited.iter().filter_map(|trust| address(None, trust)).map(|mut url| {
        url.query_pairs_mut().append_pair("wa", "wsignoutcleanup1.0");
        url
    });
    let asking = asked.wtrealm.as_deref().and_then(|realm| trusts.find(realm));
    let next = asked
        .wreply
        .as_deref()
        .and_then(|wreply| visited.iter().chain(asking.iter()).find_map(|trust| address(Some(wreply), trust)));
    SignedOut { clean_up: clean_up.collect(), next, cookies: NewCookies::signed_out() }
}

fn address(wreply: Option<&str>, trust: &RelyingPartyTrust) -> Option<Url> {
    trust.reply_addresses.address(wreply).ok().filter(|_| trust.enabled)
}
