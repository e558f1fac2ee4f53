//! The whole of a visit, as one function that reads like its table of stages.

use super::message::{Asked, Message, SignIn};
use super::plan::{Plan, Scene, Way, plan, tagged};
use super::{
    Answer, Ask, Change, Delivery, Desk, Ended, NewCookies, Question, SignedOut, Visit, VisitedRelyingParties,
};
use crate::chain::PresentedChain;
use crate::clock::Stopwatch;
use crate::federation::prompt::{Location, Method, Methods, Proof};
use crate::federation::{AdmittedRequest, Authentication, Credential, RequestContext};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::wsfed::SignOutMessage;
use crate::sign_in::evidence::{ConnectionEvidence, Evidence, ListenerRole};
use crate::sign_in::occasion::Occasion;
use crate::sign_in::session::{SealError, Session, Transaction};
use crate::sign_in::trail::Trail;
use crate::sign_in::{Caller, Issued, Stage, certificate_proof, findings, issuance};
use url::Url;

/// Decides what a browser gets. Nothing here reads a clock, a file or a socket.
pub async fn attend(evidence: &Evidence, visit: &Visit<'_>, desk: &Desk<'_>, stopwatch: Stopwatch) -> Answer {
    let mut turn = Turn { trail: Trail::new(stopwatch), delivery: None, cookies: NewCookies::default() };
    match serve(evidence, visit, desk, &mut turn).await {
        Ok(Course::Asks(asking)) => turn.question(asking, visit, desk),
        Ok(Course::Issues(issued)) => turn.end(Ok(issued)),
        Ok(Course::SignsOut(signed_out)) => Answer::SignedOut(Box::new(signed_out)),
        Ok(Course::CleansUp) => Answer::CleanedUp(NewCookies::signed_out()),
        Err(refusal) => turn.end(Err(refusal)),
    }
}

/// Where a visit leads.
enum Course {
    Asks(Asking),
    Issues(Issued),
    SignsOut(SignedOut),
    CleansUp,
}

/// What the person is asked, and within which sign-in.
struct Asking {
    ask: Ask,
    transaction: Transaction,
    username: Option<String>,
    other_ways: bool,
}

/// What a visit leaves behind, however it ends.
struct Turn {
    trail: Trail,
    delivery: Option<Delivery>,
    cookies: NewCookies,
}

async fn serve(evidence: &Evidence, visit: &Visit<'_>, desk: &Desk<'_>, turn: &mut Turn) -> Result<Course, Refusal> {
    let context = RequestContext::of(evidence, &desk.farm.request_context);
    turn.trail.identifiers.extend(context.facts());
    let read = Message::read(visit, &evidence.request);
    let chosen = read.as_ref().ok().and_then(|message| message.offered.method);
    let presented = presented(&evidence.connection, chosen);
    let presented = turn.trail.step(Stage::Connection, presented, findings::browser)?;
    let message = turn.trail.step(Stage::Request, read, findings::message)?;
    let sign_in = match &message.asked {
        Asked::SignIn(sign_in) => sign_in,
        Asked::SignOut(asked) => return Ok(Course::SignsOut(sign_out(asked, visit, desk, evidence.at))),
        Asked::CleanUp => {
            end_session(visit, desk, evidence.at);
            return Ok(Course::CleansUp);
        }
    };
    let location = if context.is_inside() { Location::Intranet } else { Location::Extranet };
    let scene = Scene { at: evidence.at, location, certificate: presented.is_some() };
    let plan = plan(sign_in, &message, visit, desk, scene, &mut turn.delivery);
    let plan = turn.trail.step(Stage::Admission, plan, |plan| findings::admission(&plan.admitted))?;
    turn.trail.relying_party = Some(plan.admitted.trust().name.clone());
    let visitor =
        Visitor { evidence, visit, desk, context: &context, sign_in, octets: &message.octets, chose: chosen.is_some() };
    visitor.go(plan, presented, turn).await
}

/// The certificate of the connection. Whoever chose to sign in with one must have one by now.
fn presented(connection: &ConnectionEvidence, chosen: Option<Method>) -> Result<Option<&PresentedChain>, Refusal> {
    let asked_for = connection.listener == ListenerRole::UserTls;
    match &connection.presented {
        Some(presented) if asked_for => Ok(Some(presented)),
        None if asked_for && chosen == Some(Method::Certificate) => {
            let finding = "The browser presented no certificate in the TLS handshake.";
            Err(Refusal::new(Outcome::NoCertificate, finding)
                .with("peer", &connection.peer)
                .with("port", connection.port.to_string()))
        }
        _ => Ok(None),
    }
}

/// A visit whose request may be served.
struct Visitor<'a> {
    evidence: &'a Evidence,
    visit: &'a Visit<'a>,
    desk: &'a Desk<'a>,
    context: &'a RequestContext<'a>,
    sign_in: &'a SignIn,
    octets: &'a [u8],
    /// Whether the person chose the method among several.
    chose: bool,
}

impl Visitor<'_> {
    fn occasion(&self) -> Occasion<'_> {
        Occasion { at: self.evidence.at, farm: self.desk.farm, lookups: self.desk.lookups }
    }

    async fn go(&self, plan: Plan, presented: Option<&PresentedChain>, turn: &mut Turn) -> Result<Course, Refusal> {
        let Plan { admitted, policy, way, transaction, visits } = plan;
        match (way, presented) {
            (Way::Ask(ask), _) => Ok(self.asks(ask, transaction)),
            (Way::Session(session), _) => match self.of_session(&session, turn).await? {
                None => {
                    turn.cookies.session = Change::Clear;
                    Ok(self.asks(Ask::Choose(policy.primary(self.location())), None))
                }
                Some(caller) => {
                    turn.cookies.visits = visits.map(|visits| tagged(visits, self.sign_in.applies_to()));
                    self.issue(&caller, &admitted, &session, policy.second(session.proof.primary), turn).await
                }
            },
            (Way::Certificate { then }, Some(presented)) => {
                let first = transaction.and_then(|transaction| transaction.first);
                let (caller, session) = self.of_certificate(presented, first, turn).await?;
                if let Some(methods) = then {
                    return Ok(self.asks(Ask::Add(methods), Some(self.begin().after(session))));
                }
                turn.cookies.visits = visits.map(|visits| tagged(visits, self.sign_in.applies_to()));
                turn.cookies.session = Change::Set(session.seal(self.desk.keys, &self.visit.random.session_nonce)?);
                turn.cookies.authenticated_at = Some(self.evidence.at);
                self.issue(&caller, &admitted, &session, policy.second(session.proof.primary), turn).await
            }
            // a certificate is only planned with where there is one
            (Way::Certificate { .. }, None) => Ok(self.asks(Ask::For(Method::Certificate), transaction)),
        }
    }

    fn location(&self) -> Location {
        if self.context.is_inside() { Location::Intranet } else { Location::Extranet }
    }

    fn begin(&self) -> Transaction {
        let random = &self.visit.random;
        let browser = self.visit.cookies.browser.unwrap_or(random.browser);
        Transaction::begin(random.transaction, browser, self.octets, self.evidence.at)
    }

    fn asks(&self, ask: Ask, transaction: Option<Transaction>) -> Course {
        let transaction = transaction.unwrap_or_else(|| self.begin());
        let other_ways = self.chose && transaction.first.is_none();
        Course::Asks(Asking { ask, transaction, username: self.sign_in.username().map(str::to_owned), other_ways })
    }

    /// The certificate of the connection, after a password perhaps.
    async fn of_certificate(
        &self,
        presented: &PresentedChain,
        first: Option<Session>,
        turn: &mut Turn,
    ) -> Result<(Caller, Session), Refusal> {
        let at = self.evidence.at;
        let proved = certificate_proof::prove(presented, Credential::TlsCertificate, self.occasion(), &mut turn.trail);
        let caller = proved.await?;
        let proof = match first.filter(|first| first.proof.primary != Method::Certificate) {
            None => Proof { primary: Method::Certificate, additional: None, at },
            Some(first) => {
                let same = same_account(&first, &caller);
                turn.trail.step(Stage::Subject, same, |()| "Both factors are of this account.".to_owned())?;
                Proof { primary: first.proof.primary, additional: Some(Method::Certificate), at }
            }
        };
        let account = caller.account().windows_account_name().to_owned();
        let sent = presented.sent().iter().cloned();
        let certificates = std::iter::once(presented.leaf_der().to_vec()).chain(sent).collect();
        let session = Session { id: self.visit.random.session, proof, account, certificates };
        Ok((authenticated(caller, proof), session))
    }

    /// Whoever the session is of, judged anew; nobody if its certificate stands for somebody else by now.
    async fn of_session(&self, session: &Session, turn: &mut Turn) -> Result<Option<Caller>, Refusal> {
        let Some((leaf, sent)) = session.certificates.split_first() else { return Ok(None) };
        let Proof { primary, at, .. } = session.proof;
        turn.trail.identifiers.push(("session", format!("by {primary} at {at}")));
        let presented = PresentedChain::new(leaf.clone(), sent.to_vec());
        let proved = certificate_proof::prove(&presented, Credential::TlsCertificate, self.occasion(), &mut turn.trail);
        let caller = proved.await.inspect_err(|_| turn.cookies.session = Change::Clear)?;
        let same = caller.account().windows_account_name() == session.account;
        Ok(same.then(|| authenticated(caller, session.proof)))
    }

    /// The token, unless the rules want a second factor that can be asked for.
    async fn issue(
        &self,
        caller: &Caller,
        admitted: &AdmittedRequest,
        session: &Session,
        second: Methods,
        turn: &mut Turn,
    ) -> Result<Course, Refusal> {
        let form = self.sign_in.token_form(admitted.trust());
        let assertion = self.evidence.assertion;
        let issued =
            issuance::issue(caller, admitted, self.context, form, assertion, self.occasion(), &mut turn.trail).await;
        match issued {
            Ok(issued) => {
                let before = self.visit.cookies.relying_parties.unwrap_or_default();
                let visited = VisitedRelyingParties::from_text(before).with(admitted.applies_to());
                turn.cookies.relying_parties = Change::Set(visited.to_text());
                Ok(Course::Issues(issued))
            }
            Err(refusal) if refusal.outcome == Outcome::MultiFactorDemanded && !second.is_empty() => {
                turn.cookies.visits = None;
                Ok(self.asks(Ask::Add(second), Some(self.begin().after(session.clone()))))
            }
            Err(refusal) => Err(refusal),
        }
    }
}

fn authenticated(caller: Caller, proof: Proof) -> Caller {
    match Authentication::of_proof(proof) {
        Some(authentication) => caller.authenticated(authentication),
        None => caller,
    }
}

fn same_account(first: &Session, caller: &Caller) -> Result<(), Refusal> {
    let second = caller.account().windows_account_name();
    if first.account == second {
        return Ok(());
    }
    let finding = format!("The first factor is of {}, the certificate of {second}.", first.account);
    Err(Refusal::new(Outcome::SecondFactorOfAnother, finding).with("first", &first.account).with("second", second))
}

impl From<SealError> for Refusal {
    fn from(error: SealError) -> Self {
        Self::because(Outcome::SigningFailed, &error).with("reason", error.to_string())
    }
}

fn end_session(visit: &Visit<'_>, desk: &Desk<'_>, at: jiff::Timestamp) {
    let lifetime = desk.farm.sessions.lifetime;
    let session = visit.cookies.session.and_then(|text| Session::open(desk.keys, text, lifetime, at).ok());
    if let Some(session) = session {
        desk.memory.end(session.id);
    }
}

/// Ends the session here, and says who else must be told (MS-MWBF section 3.1.5.5).
fn sign_out(asked: &SignOutMessage, visit: &Visit<'_>, desk: &Desk<'_>, at: jiff::Timestamp) -> SignedOut {
    end_session(visit, desk, at);
    let trusts = &desk.farm.relying_parties;
    let visited = VisitedRelyingParties::from_text(visit.cookies.relying_parties.unwrap_or_default()).trusts(trusts);
    let address = |wreply: Option<&str>, trust: &crate::federation::RelyingPartyTrust| {
        trust.enabled.then(|| trust.reply_addresses.address(wreply).ok()).flatten()
    };
    let clean_up = visited.iter().filter_map(|trust| address(None, trust)).map(|mut url: Url| {
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

impl Turn {
    fn question(
        mut self,
        Asking { ask, transaction, username, other_ways }: Asking,
        visit: &Visit<'_>,
        desk: &Desk<'_>,
    ) -> Answer {
        if visit.cookies.browser.is_none() {
            self.cookies.browser = Some(visit.random.browser);
        }
        match transaction.seal(desk.keys, &visit.random.state_nonce) {
            Ok(state) => {
                let cookies = self.cookies;
                Answer::Question(Box::new(Question { ask, state, other_ways, username, cookies }))
            }
            Err(error) => self.end(Err(error.into())),
        }
    }

    fn end(self, ended: Result<Issued, Refusal>) -> Answer {
        let Self { trail, delivery, cookies } = self;
        Answer::Ended(Box::new(Ended { verdict: trail.end(ended), delivery, cookies }))
    }
}
