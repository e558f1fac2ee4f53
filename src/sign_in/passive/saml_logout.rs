//! Single logout of SAML 2.0, over the browser: everybody who got an assertion in the session is told, one after the other, and
//! whoever asked is answered at the end (SAML profiles section 4.4).

use super::saml::SamlLogout;
use super::sign_out::{certificate_is_kept, clean_up};
use super::turn::Course;
use super::{Carriage, Carrier, Change, Desk, NewCookies, SignedOut, Visit};
use crate::federation::saml_request::{Arrival, SamlRequestFault, in_time};
use crate::federation::{LogoutBinding, LogoutService, RelyingPartyTrust, admit};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::samlp::{
    Carried, Detail, LogoutEnvelope, LogoutResponse, Party, Status, redirect_address, write_logout_request,
    write_logout_response,
};
use crate::sign_in::session::{Asker, LogoutRound, Participants, Session};
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// How long a request of ours counts.
const REQUEST_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// One step of a logout.
pub(super) struct Logout<'a> {
    pub(super) visit: &'a Visit<'a>,
    pub(super) desk: &'a Desk<'a>,
    pub(super) at: Timestamp,
}

impl Logout<'_> {
    /// A relying party asks. The session ends here only when it is of the person that is named.
    pub(super) fn asked(&self, asked: &SamlLogout) -> Result<Course, Refusal> {
        let SamlLogout { request, relay_state } = asked;
        let admitted = admit(Some(&request.issuer), self.desk.farm)?;
        let trust = admitted.trust();
        let service = trust.saml.logout.as_ref().ok_or(SamlRequestFault::NoConsumer)?;
        let arrival = self.arrival();
        in_time(request.destination.as_deref(), request.issue_instant, arrival)?;
        if request.not_on_or_after.is_some_and(|end| self.at.duration_since(end) >= arrival.window) {
            return Err(SamlRequestFault::OutsideWindow { made: request.issue_instant, window: arrival.window }.into());
        }
        let asker = Asker {
            relying_party: request.issuer.clone(),
            request_id: request.id.clone(),
            relay_state: relay_state.clone(),
        };
        let session = self.session().and_then(|session| Some((session.id, self.participants(&session)?)));
        let named = session.filter(|(_, known)| known.meant(&trust.identifiers, request).next().is_some());
        let Some((session, participants)) = named else {
            let status = Status { party: Party::Requester, detail: Some(Detail::UnknownPrincipal), message: None };
            let carrier = self.answer(&asker, service, Some(&status))?;
            return Ok(Course::Carries(Carriage { carrier, cookies: NewCookies::default() }));
        };
        self.desk.memory.end(session);
        let others = participants.into_all().into_iter();
        let others = others.filter(|other| !trust.identifiers.contains(&other.relying_party)).collect();
        self.proceed(LogoutRound::begin(Some(asker), None, others, self.at))
    }

    /// A relying party answers.
    pub(super) fn answered(&self, response: &LogoutResponse) -> Result<Course, Refusal> {
        let nobody =
            || Refusal::new(Outcome::SamlLogoutOfNobody, "No logout request of this browser is answered by this.");
        let round = self.visit.cookies.logout_round;
        let round = round.and_then(|text| LogoutRound::open(self.desk.keys, text, self.at).ok());
        let (mut round, trust) = round.zip(self.trust(&response.issuer)).ok_or_else(nobody)?;
        in_time(response.destination.as_deref(), response.issue_instant, self.arrival())?;
        if !round.answered(&response.in_response_to, &trust.identifiers, response.success) {
            return Err(nobody());
        }
        self.proceed(round)
    }

    /// The person signs out by another protocol, and goes to `next` at the end. `None` when there is nobody to tell.
    pub(super) fn beside(&self, next: Option<&Url>) -> Result<Option<Course>, Refusal> {
        let Some(session) = self.session() else { return Ok(None) };
        let Some(participants) = self.participants(&session) else { return Ok(None) };
        let round =
            LogoutRound::begin(None, next.map(|next| next.as_str().to_owned()), participants.into_all(), self.at);
        self.desk.memory.end(session.id);
        self.proceed(round).map(Some)
    }

    fn session(&self) -> Option<Session> {
        self.desk.session(self.visit, self.at)
    }

    fn participants(&self, session: &Session) -> Option<Participants> {
        Participants::open(self.desk.keys, self.visit.cookies.participants?, session.id).ok()
    }

    fn arrival(&self) -> Arrival<'_> {
        Arrival { hosts: self.desk.hosts, at: self.at, window: self.desk.farm.request.clock_skew }
    }

    fn trust(&self, identifier: &str) -> Option<&RelyingPartyTrust> {
        let trust = self.desk.farm.relying_parties.find(identifier)?;
        trust.enabled.then_some(trust)
    }

    /// To the next one that can be told; when there is none left, to the end.
    fn proceed(&self, mut round: LogoutRound) -> Result<Course, Refusal> {
        while let Some(participant) = round.take_next() {
            let service = self.trust(&participant.relying_party).and_then(|trust| trust.saml.logout.as_ref());
            let Some(service) = service else {
                round.incomplete = true;
                continue;
            };
            let id = format!("_{}", self.visit.random.message);
            round.sent(&id, &participant.relying_party);
            let envelope = self.envelope(&id, &service.address);
            let until = self.at.checked_add(REQUEST_LIFETIME).unwrap_or(self.at);
            let (name, index) = (&participant.name, &participant.session_index);
            let signer = (service.binding == LogoutBinding::Post).then_some(self.desk.farm.signer.as_ref());
            let message = write_logout_request(envelope, name, index, until, signer)?;
            let carrier = self.carrier(service.binding, &service.address, Carried::Request, message, None)?;
            let state = round.seal(self.desk.keys, &self.visit.random.participants_nonce)?;
            let cookies = NewCookies { relying_parties: Change::Keep, ..NewCookies::signed_out() };
            return Ok(Course::Carries(Carriage {
                carrier,
                cookies: NewCookies { logout_round: Change::Set(state), ..cookies },
            }));
        }
        self.finish(round)
    }

    /// The one that asked is answered, after the relying parties of WS-Federation were told in frames.
    fn finish(&self, round: LogoutRound) -> Result<Course, Refusal> {
        let cookies = NewCookies { logout_round: Change::Clear, ..NewCookies::signed_out() };
        let clean_up = clean_up(self.visit, self.desk);
        let certificate_is_kept = certificate_is_kept(self.visit, self.desk, self.at);
        let asking = round.asker.as_ref().and_then(|asker| {
            let service = self.trust(&asker.relying_party).and_then(|trust| trust.saml.logout.as_ref());
            Some((asker, service?))
        });
        let Some((asker, service)) = asking else {
            let next = round.next.as_deref().and_then(|next| Url::parse(next).ok());
            return Ok(Course::SignsOut(SignedOut { clean_up, next, certificate_is_kept, cookies }));
        };
        // a form leaves no page on which the frames could be
        let untold = !clean_up.is_empty() && service.binding == LogoutBinding::Post;
        let partial = Status { party: Party::Responder, detail: Some(Detail::PartialLogout), message: None };
        let status = (round.incomplete || untold).then_some(&partial);
        match self.answer(asker, service, status)? {
            Carrier::Redirect(address) if !clean_up.is_empty() => Ok(Course::SignsOut(SignedOut {
                clean_up,
                next: Url::parse(&address).ok(),
                certificate_is_kept,
                cookies,
            })),
            carrier => Ok(Course::Carries(Carriage { carrier, cookies })),
        }
    }

    fn answer(&self, asker: &Asker, service: &LogoutService, status: Option<&Status>) -> Result<Carrier, Refusal> {
        let id = format!("_{}", self.visit.random.message);
        let address = service.response_address();
        let signer = (service.binding == LogoutBinding::Post).then_some(self.desk.farm.signer.as_ref());
        let message = write_logout_response(self.envelope(&id, address), &asker.request_id, status, signer)?;
        self.carrier(service.binding, address, Carried::Response, message, asker.relay_state.clone())
    }

    fn envelope<'e>(&'e self, id: &'e str, destination: &'e str) -> LogoutEnvelope<'e> {
        LogoutEnvelope { id, destination, issuer: &self.desk.farm.identifier, at: self.at }
    }

    fn carrier(
        &self,
        binding: LogoutBinding,
        address: &str,
        carried: Carried,
        message: String,
        relay_state: Option<String>,
    ) -> Result<Carrier, Refusal> {
        Ok(match binding {
            LogoutBinding::Redirect => {
                let (signer, state) = (self.desk.farm.signer.as_ref(), relay_state.as_deref());
                Carrier::Redirect(redirect_address(address, carried, &message, state, signer)?)
            }
            LogoutBinding::Post => Carrier::Form { action: address.to_owned(), carried, message, relay_state },
        })
    }
}
