//! What happens next in a browser's sign-in: the trust, where the answer goes, and by what the person proves who they are.

use super::message::{Message, SignIn};
use super::{Ask, Delivery, Desk, Visit};
use crate::certificate::hexadecimal;
use crate::federation::prompt::{AuthenticationPolicy, Decision, Location, Method, Methods, Proof, Proofs, decide};
use crate::federation::{AdmittedRequest, admit};
use crate::outcome::Refusal;
use crate::sign_in::refusals;
use crate::sign_in::session::{Session, Transaction, Visits};
use jiff::Timestamp;

/// A request that may be served, and how.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) admitted: AdmittedRequest,
    pub(super) policy: AuthenticationPolicy,
    pub(super) way: Way,
    /// The state that was brought along, already used up when a credential comes with it.
    pub(super) transaction: Option<Transaction>,
    /// What the loop detection counted, when this visit would end with a token.
    pub(super) visits: Option<Visits>,
}

/// How it goes on.
#[derive(Debug, PartialEq)]
pub(super) enum Way {
    /// With what the session proves.
    Session(Session),
    /// With the certificate of this very connection; then, perhaps, with a second factor.
    Certificate { then: Option<Methods> },
    /// By asking.
    Ask(Ask),
}

/// Where a visit comes from and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub(super) at: Timestamp,
    pub(super) location: Location,
    /// Whether the connection brought a certificate that may be looked at.
    pub(super) certificate: bool,
}

/// The admission of a browser's request.
pub(super) fn plan(
    sign_in: &SignIn,
    message: &Message,
    visit: &Visit<'_>,
    desk: &Desk<'_>,
    scene: Scene,
    delivery: &mut Option<Delivery>,
) -> Result<Plan, Refusal> {
    let Scene { at, location, .. } = scene;
    let admitted = admit(Some(sign_in.applies_to()), desk.farm)?;
    let trust = admitted.trust();
    *delivery = Some(sign_in.delivery(trust)?);
    let policy = desk.farm.authentication_policy_for(trust);
    let demand = sign_in.demand(location).always_fresh(trust.always_require_authentication);
    let transaction = match &message.offered.state {
        Some(state) => {
            let browser = visit.cookies.browser.as_ref();
            Some(Transaction::open(desk.keys, state, browser, &message.octets, at)?)
        }
        None => None,
    };
    let by = |proofs: &Proofs| decide(&demand, &policy, location, proofs, at);
    let refused = |reason| refusals::impossible(reason, &demand, location, sign_in.domain());
    let way = match brought(message, &transaction, scene, visit) {
        Some(proofs) => with_certificate(by(&proofs)),
        None => with_session(session(visit, desk, at), message.offered.method, &transaction, &policy, by),
    };
    let way = way.map_err(refused)?;
    if let (Way::Certificate { .. }, Some(transaction)) = (&way, &transaction) {
        desk.memory.use_up(transaction, at)?;
    }
    let visits = match way {
        Way::Session(_) | Way::Certificate { then: None } => count(visit, sign_in.applies_to(), desk, at)?,
        _ => None,
    };
    Ok(Plan { policy, way, transaction, visits, admitted })
}

/// What the certificate of this connection would prove. With the state of a sign-in it proves freshness; without one it counts
/// like a session that began now, unless another site's page sent the browser here with it.
fn brought(
    message: &Message,
    transaction: &Option<Transaction>,
    Scene { at, certificate, .. }: Scene,
    visit: &Visit<'_>,
) -> Option<Proofs> {
    let offers = certificate && matches!(message.offered.method, None | Some(Method::Certificate));
    if !offers || (transaction.is_none() && visit.cross_site) {
        return None;
    }
    let now = Proof { primary: Method::Certificate, additional: None, at };
    let first = transaction.as_ref().and_then(|transaction| transaction.first.as_ref());
    let proof = match first.filter(|first| first.proof.primary != Method::Certificate) {
        Some(first) => Proof { additional: Some(Method::Certificate), at, ..first.proof },
        None => now,
    };
    Some(match transaction {
        Some(_) => Proofs { session: None, transaction: Some(proof) },
        None => Proofs { session: Some(proof), transaction: None },
    })
}

fn with_certificate(decision: Decision) -> Result<Way, crate::federation::prompt::Impossible> {
    match decision {
        Decision::UseSession(_) | Decision::UseTransaction(_) => Ok(Way::Certificate { then: None }),
        Decision::Add(methods) => Ok(Way::Certificate { then: Some(methods) }),
        Decision::GoTo(method) => Ok(Way::Ask(Ask::For(method))),
        Decision::Choose(methods) => Ok(Way::Ask(Ask::Choose(methods))),
        Decision::Refuse(impossible) => Err(impossible),
    }
}

/// A method that the person chose counts before their session does.
fn with_session(
    session: Option<Session>,
    chosen: Option<Method>,
    transaction: &Option<Transaction>,
    policy: &AuthenticationPolicy,
    by: impl Fn(&Proofs) -> Decision,
) -> Result<Way, crate::federation::prompt::Impossible> {
    let offer = |methods: Methods, all: Ask| match chosen.filter(|chosen| methods.contains(*chosen)) {
        Some(chosen) => Ask::For(chosen),
        None => methods.only().map_or(all, Ask::For),
    };
    if let Some(first) = transaction.as_ref().and_then(|transaction| transaction.first.as_ref()) {
        let methods = policy.second(first.proof.primary);
        return Ok(Way::Ask(offer(methods, Ask::Add(methods))));
    }
    let usable = session.filter(|_| chosen.is_none());
    let proofs = Proofs { session: usable.as_ref().map(|session| session.proof), transaction: None };
    match (by(&proofs), usable) {
        (Decision::UseSession(_) | Decision::UseTransaction(_), Some(session)) => Ok(Way::Session(session)),
        (Decision::Refuse(impossible), _) => Err(impossible),
        (Decision::GoTo(method), _) => Ok(Way::Ask(Ask::For(method))),
        (Decision::Choose(methods), _) => Ok(Way::Ask(offer(methods, Ask::Choose(methods)))),
        (Decision::Add(methods), _) => Ok(Way::Ask(offer(methods, Ask::Add(methods)))),
        // without a session there is no proof that a decision could use
        (Decision::UseSession(proof) | Decision::UseTransaction(proof), None) => Ok(Way::Ask(Ask::For(proof.primary))),
    }
}

/// The session that the browser brought, unless it was ended. One that cannot be read is no session, and no fault.
fn session(visit: &Visit<'_>, desk: &Desk<'_>, at: Timestamp) -> Option<Session> {
    let session = Session::open(desk.keys, visit.cookies.session?, desk.farm.sessions.lifetime, at).ok()?;
    (!desk.memory.was_ended(&session.id)).then_some(session)
}

/// Counts what this relying party gets. AD FS counts all of a browser's tokens together, and so stops people who open several
/// applications at once.
fn count(visit: &Visit<'_>, relying_party: &str, desk: &Desk<'_>, at: Timestamp) -> Result<Option<Visits>, Refusal> {
    let Some(policy) = &desk.farm.sessions.loops else { return Ok(None) };
    let before =
        visit.cookies.visits.and_then(|text| text.strip_suffix(&tag(relying_party))).and_then(Visits::from_text);
    Ok(Some(Visits::count(before, policy, at)?))
}

/// The cookie's text: that of AD FS, and whom it counts for.
pub(super) fn tagged(visits: Visits, relying_party: &str) -> String {
    visits.to_text() + &tag(relying_party)
}

fn tag(relying_party: &str) -> String {
    let digest = openssl::sha::sha256(relying_party.as_bytes());
    format!("\\{}", hexadecimal::lower(digest.into_iter().take(4)))
}
