//! The end of a session, here and at everybody it went to (MS-MWBF section 3.1.5.5).

use super::{Desk, NewCookies, SignedOut, Visit, VisitedRelyingParties};
use crate::federation::RelyingPartyTrust;
use crate::protocol::wsfed::SignOutMessage;
use crate::sign_in::session::Session;
use jiff::Timestamp;
use std::sync::Arc;
use url::Url;

/// Whoever holds a copy of the cookie has no session either, from now on.
pub(super) fn end_session(visit: &Visit<'_>, desk: &Desk<'_>, at: Timestamp) {
    if let Some(session) = desk.session(visit, at) {
        desk.memory.end(session.id);
    }
}

/// Whether the browser may present a certificate again without asking: whenever the session is not known to be one of a
/// password alone.
pub(super) fn certificate_is_kept(visit: &Visit<'_>, desk: &Desk<'_>, at: Timestamp) -> bool {
    let lifetime = desk.farm.sessions.lifetime;
    let session = visit.cookies.session.and_then(|text| Session::open(desk.keys, text, lifetime, at).ok());
    session.is_none_or(|session| !session.certificates.is_empty())
}

/// Ends the session here, and says who else must be told and where the person goes.
pub(super) fn sign_out(next: Option<Url>, visit: &Visit<'_>, desk: &Desk<'_>, at: Timestamp) -> SignedOut {
    end_session(visit, desk, at);
    let certificate_is_kept = certificate_is_kept(visit, desk, at);
    SignedOut { clean_up: clean_up(visit, desk), next, certificate_is_kept, cookies: NewCookies::signed_out() }
}

/// Where the relying parties of WS-Federation are told.
pub(super) fn clean_up(visit: &Visit<'_>, desk: &Desk<'_>) -> Vec<Url> {
    let told = visited(visit, desk).into_iter().filter_map(|trust| address(None, trust)).map(|mut url| {
        url.query_pairs_mut().append_pair("wa", "wsignoutcleanup1.0");
        url
    });
    told.collect()
}

/// Where the person goes afterwards: to the address of the request, if one of those who are told has it, or the one that asks.
pub(super) fn next(asked: &SignOutMessage, visit: &Visit<'_>, desk: &Desk<'_>) -> Option<Url> {
    let visited = visited(visit, desk);
    let asking = asked.wtrealm.as_deref().and_then(|realm| desk.farm.relying_parties.find(realm));
    let wreply = asked.wreply.as_deref()?;
    visited.into_iter().chain(asking).find_map(|trust| address(Some(wreply), trust))
}

fn visited<'d>(visit: &Visit<'_>, desk: &Desk<'d>) -> Vec<&'d Arc<RelyingPartyTrust>> {
    let text = visit.cookies.relying_parties.unwrap_or_default();
    VisitedRelyingParties::from_text(text).trusts(&desk.farm.relying_parties)
}

fn address(wreply: Option<&str>, trust: &RelyingPartyTrust) -> Option<Url> {
    trust.reply_addresses.address(wreply).ok().filter(|_| trust.enabled)
}
