//! A visit whose request may be served: by the plan, to a token or to a question.

use super::message::{Offered, SignIn, Typed};
use super::plan::{Plan, Way, tagged};
use super::turn::{Asking, Course, Turn};
use super::{Ask, Change, Desk, Visit, VisitedRelyingParties};
use crate::chain::PresentedChain;
use crate::federation::prompt::{AuthenticationPolicy, Method, Methods, Proof};
use crate::federation::{AdmittedRequest, Authentication, Credential, RequestContext};
use crate::outcome::{Outcome, Refusal, SoapFault, Wire};
use crate::sign_in::evidence::Evidence;
use crate::sign_in::occasion::Occasion;
use crate::sign_in::session::{Participant, Participants, Session, Transaction, Visits};
use crate::sign_in::{Caller, Issued, Stage, certificate_proof, issuance, password_proof};
use jiff::Timestamp;

pub(super) struct Visitor<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) visit: &'a Visit<'a>,
    pub(super) desk: &'a Desk<'a>,
    pub(super) context: &'a RequestContext<'a>,
    pub(super) sign_in: &'a SignIn,
    pub(super) offered: &'a Offered,
    pub(super) policy: AuthenticationPolicy,
    /// A sign-in that begins with this visit, or goes on from the state it brought.
    pub(super) begun: Transaction,
}

/// Somebody who proved it in this visit, and the session that begins with it.
struct Proved {
    caller: Caller,
    session: Session,
}

impl Visitor<'_> {
    pub(super) async fn go(
        &self,
        plan: Plan,
        presented: Option<&PresentedChain>,
        turn: &mut Turn,
    ) -> Result<Course, Refusal> {
        let Plan { admitted, way, otherwise, transaction, visits, policy: _ } = plan;
        let first = transaction.as_ref().and_then(|transaction| transaction.first.clone());
        match (way, presented, &self.offered.typed) {
            (Way::Ask(ask), _, _) => Ok(self.asks(ask, transaction)),
            (Way::Session(session), _, _) => match self.of_session(&session, turn).await? {
                Some(caller) => {
                    turn.cookies.visits = visits.map(|visits| tagged(visits, self.sign_in.applies_to()));
                    self.issue(&caller, &admitted, &session, turn).await
                }
                None => {
                    turn.cookies.session = Change::Clear;
                    Ok(self.asks(otherwise, None))
                }
            },
            (Way::Certificate { then }, Some(presented), _) => {
                let proved = self.of_certificate(presented, first, turn).await?;
                self.proved(proved, then, &admitted, visits, turn).await
            }
            (Way::Password { then }, _, Some(typed)) => match self.of_password(typed, first, turn).await {
                Ok(proved) => self.proved(proved, then, &admitted, visits, turn).await,
                Err(refusal) if may_try_again(&refusal) => Ok(self.asks_again(typed, refusal)),
                Err(refusal) => Err(refusal),
            },
            // a credential is only planned with where there is one
            (Way::Certificate { .. }, None, _) => Ok(self.asks(Ask::For(Method::Certificate), transaction)),
            (Way::Password { .. }, _, None) => Ok(self.asks(Ask::For(Method::Password), transaction)),
        }
    }

    fn occasion(&self) -> Occasion<'_> {
        Occasion { at: self.evidence.at, farm: self.desk.farm, lookups: self.desk.lookups }
    }

    /// Within the sign-in that is under way, or else one that begins now.
    fn asks(&self, ask: Ask, transaction: Option<Transaction>) -> Course {
        let transaction = transaction.unwrap_or_else(|| self.begun.clone());
        let other_ways = self.offered.method.is_some() && transaction.first.is_none();
        let username = self.sign_in.username().map(str::to_owned);
        Course::Asks(Asking { ask, transaction, username, other_ways, failed: None })
    }

    /// For another factor, after what this session proves.
    fn asks_for_more(&self, methods: Methods, session: Session) -> Course {
        self.asks(Ask::Add(methods), Some(self.begun.clone().after(session)))
    }

    /// For the password once more, after whatever was proved before it.
    fn asks_again(&self, typed: &Typed, refusal: Refusal) -> Course {
        let transaction = self.begun.clone();
        let username = Some(typed.name.clone());
        let ask = Ask::For(Method::Password);
        Course::Asks(Asking { ask, transaction, username, other_ways: false, failed: Some(refusal) })
    }

    async fn proved(
        &self,
        Proved { caller, session }: Proved,
        then: Option<Methods>,
        admitted: &AdmittedRequest,
        visits: Option<Visits>,
        turn: &mut Turn,
    ) -> Result<Course, Refusal> {
        if let Some(methods) = then {
            return Ok(self.asks_for_more(methods, session));
        }
        turn.cookies.visits = visits.map(|visits| tagged(visits, self.sign_in.applies_to()));
        turn.cookies.session = Change::Set(session.seal(self.desk.keys, &self.visit.random.session_nonce)?);
        turn.cookies.authenticated_at = Some(self.evidence.at);
        self.issue(&caller, admitted, &session, turn).await
    }

    /// The certificate of the connection, after a password perhaps.
    async fn of_certificate(
        &self,
        presented: &PresentedChain,
        first: Option<Session>,
        turn: &mut Turn,
    ) -> Result<Proved, Refusal> {
        let proved = certificate_proof::prove(presented, Credential::TlsCertificate, self.occasion(), &mut turn.trail);
        let caller = proved.await?;
        let first = first.filter(|first| first.proof.primary != Method::Certificate);
        if let Some(first) = &first {
            self.same_account(first, &caller, turn)?;
        }
        let sent = presented.sent().iter().cloned();
        let certificates = std::iter::once(presented.leaf_der().to_vec()).chain(sent).collect();
        Ok(self.session(caller, Method::Certificate, first.as_ref(), certificates))
    }

    /// A name and a password, after a certificate perhaps, which is then judged once more.
    async fn of_password(&self, typed: &Typed, first: Option<Session>, turn: &mut Turn) -> Result<Proved, Refusal> {
        let first = first.filter(|first| first.proof.primary != Method::Password);
        let before = match &first {
            Some(first) => self.of_session(first, turn).await?,
            None => None,
        };
        let (occasion, trail) = (self.occasion(), &mut turn.trail);
        let Typed { name, password } = typed;
        let proved = password_proof::prove(name, password, Credential::PasswordForm, self.context, occasion, trail);
        let caller = proved.await?;
        let Some(first) = first else { return Ok(self.session(caller, Method::Password, None, Vec::new())) };
        self.same_account(&first, &caller, turn)?;
        let certificates = first.certificates.clone();
        Ok(self.session(before.unwrap_or(caller), Method::Password, Some(&first), certificates))
    }

    /// The session that begins when a method was proved now, by itself or as the second factor.
    fn session(&self, caller: Caller, now: Method, first: Option<&Session>, certificates: Vec<Vec<u8>>) -> Proved {
        let at = self.evidence.at;
        let proof = match first {
            Some(first) => Proof { primary: first.proof.primary, additional: Some(now), at },
            None => Proof { primary: now, additional: None, at },
        };
        let account = caller.account().windows_account_name().to_owned();
        let session = Session { id: self.visit.random.session, proof, account, certificates };
        Proved { caller: authenticated(caller, proof), session }
    }

    fn same_account(&self, first: &Session, caller: &Caller, turn: &mut Turn) -> Result<(), Refusal> {
        let second = caller.account().windows_account_name();
        let same = if first.account == second {
            Ok(())
        } else {
            let finding = format!("The first factor is of {}, the second of {second}.", first.account);
            let refusal = Refusal::new(Outcome::SecondFactorOfAnother, finding);
            Err(refusal.with("first", &first.account).with("second", second))
        };
        turn.trail.step(Stage::Subject, same, |()| "Both factors are of this account.".to_owned())
    }

    /// Whoever the session is of, judged anew; nobody if its certificate stands for somebody else by now.
    async fn of_session(&self, session: &Session, turn: &mut Turn) -> Result<Option<Caller>, Refusal> {
        let Proof { primary, at, .. } = session.proof;
        turn.trail.identifiers.push(("session", format!("by {primary} at {at}")));
        let (occasion, trail) = (self.occasion(), &mut turn.trail);
        let proved = match session.certificates.split_first() {
            Some((leaf, sent)) => {
                let presented = PresentedChain::new(leaf.clone(), sent.to_vec());
                certificate_proof::prove(&presented, Credential::TlsCertificate, occasion, trail).await
            }
            None => password_proof::recall(&session.account, Credential::PasswordForm, occasion, trail).await,
        };
        let caller = proved.inspect_err(|_| turn.cookies.session = Change::Clear)?;
        let same = caller.account().windows_account_name() == session.account;
        Ok(same.then(|| authenticated(caller, session.proof)))
    }

    /// The token, unless the rules want a second factor that can be asked for.
    async fn issue(
        &self,
        caller: &Caller,
        admitted: &AdmittedRequest,
        session: &Session,
        turn: &mut Turn,
    ) -> Result<Course, Refusal> {
        let wanted = self.sign_in.wanted(admitted.trust(), turn.delivery.as_ref(), &self.visit.random);
        let (assertion, occasion) = (self.evidence.assertion, self.occasion());
        let issued =
            issuance::issue(caller, admitted, self.context, wanted, assertion, occasion, &mut turn.trail).await;
        let second = self.policy.second(session.proof.primary);
        match issued {
            Ok(issued) => {
                self.remember(&issued, session, turn)?;
                Ok(Course::Issues(issued))
            }
            Err(refusal) if refusal.outcome == Outcome::MultiFactorDemanded && !second.is_empty() => {
                turn.cookies.visits = None;
                Ok(self.asks_for_more(second, session.clone()))
            }
            Err(refusal) => Err(refusal),
        }
    }
}

impl Visitor<'_> {
    /// Who must be told when the session ends.
    fn remember(&self, issued: &Issued, session: &Session, turn: &mut Turn) -> Result<(), Refusal> {
        let Visit { cookies, random, .. } = self.visit;
        if let SignIn::WsFederation(_) = self.sign_in {
            let visited = VisitedRelyingParties::from_text(cookies.relying_parties.unwrap_or_default());
            turn.cookies.relying_parties = Change::Set(visited.with(&issued.applies_to).to_text());
        }
        let Some(name) = issued.saml_name.clone() else { return Ok(()) };
        let participant = Participant {
            relying_party: issued.applies_to.clone(),
            name,
            session_index: issued.token.assertion_id().to_owned(),
        };
        let participants = participants(self.visit, self.desk, session, self.evidence.at).with(participant);
        turn.cookies.participants = Change::Set(participants.seal(self.desk.keys, &random.participants_nonce)?);
        Ok(())
    }
}

/// Those of this session, or of the one before it of the same person.
fn participants(visit: &Visit<'_>, desk: &Desk<'_>, session: &Session, at: Timestamp) -> Participants {
    let before = || Session::open(desk.keys, visit.cookies.session?, desk.farm.sessions.lifetime, at).ok();
    let of = |id| Participants::open(desk.keys, visit.cookies.participants?, id).ok();
    let of_before = || before().filter(|before| before.account == session.account).and_then(|before| of(before.id));
    of(session.id).or_else(of_before).unwrap_or_else(|| Participants::none(session.id)).in_session(session.id)
}

fn authenticated(caller: Caller, proof: Proof) -> Caller {
    match Authentication::of_proof(proof) {
        Some(authentication) => caller.authenticated(authentication),
        None => caller,
    }
}

/// Whatever is wrong with a name or a password, the page is the same and asks again. A password that must be changed first was
/// right, and a directory that does not answer is not the person's fault: both are told.
fn may_try_again(refusal: &Refusal) -> bool {
    let entry = refusal.outcome.entry();
    entry.stage == Stage::Subject && entry.wire == Wire::Fault(SoapFault::FailedAuthentication)
}
