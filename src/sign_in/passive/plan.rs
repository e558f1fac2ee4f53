//! What happens next in a browser's sign-in: the trust, where the answer goes, and by what the person proves who they are.

use super::message::{Message, Offered, SignIn};
use super::{Ask, Delivery, Desk, Visit};
use crate::certificate::hexadecimal;
use crate::federation::prompt::{
    AuthenticationPolicy, Decision, Impossible, Location, Method, Methods, Proof, Proofs, decide,
};
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
    /// What is asked when the way leads to nobody.
    pub(super) otherwise: Ask,
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
    /// With the name and the password of this very form; likewise.
    Password { then: Option<Methods> },
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
    let transaction = match &message.offered.state {
        Some(state) => {
            let browser = visit.cookies.browser.as_ref();
            Some(Transaction::open(desk.keys, state, browser, &message.octets, at)?)
        }
        None => None,
    };
    // a person may take longer than the message may be old
    sign_in.arrived(desk, transaction.as_ref().map_or(at, |transaction| transaction.asked))?;
    let policy = desk.farm.authentication_policy_for(trust);
    let demand = sign_in.demand(location).always_fresh(trust.always_require_authentication);
    let by = |proofs: &Proofs| decide(&demand, &policy, location, proofs, at);
    let refused = |reason| refusals::impossible(reason, &demand, location, sign_in.domain());
    let way = match brought(message, transaction.as_ref(), scene, visit, &policy) {
        Some((method, proofs)) => with_credential(method, by(&proofs)),
        None => with_session(desk.session(visit, at), message.offered.method, transaction.as_ref(), &policy, by),
    };
    let way = way.map_err(refused)?;
    if matches!(way, Way::Ask(_)) {
        sign_in.may_ask()?;
    }
    if let (Way::Certificate { .. } | Way::Password { .. }, Some(transaction)) = (&way, &transaction) {
        desk.memory.use_up(transaction, at)?;
    }
    let visits = match way {
        Way::Session(_) | Way::Certificate { then: None } | Way::Password { then: None } => {
            count(visit, sign_in.applies_to(), desk, at)?
        }
        _ => None,
    };
    let otherwise = match by(&Proofs::default()) {
        Decision::GoTo(method) => Ask::For(method),
        Decision::Choose(methods) => Ask::Choose(methods),
        _ => Ask::Choose(policy.primary(location)),
    };
    Ok(Plan { policy, way, otherwise, transaction, visits, admitted })
}

/// What would be proved by what came along, once it is judged. With the state of a sign-in a credential proves freshness. A
/// certificate without one counts like a session that began now, unless another site's page sent the browser here with it; a
/// password without one was typed into somebody else's page.
fn brought(
    message: &Message,
    transaction: Option<&Transaction>,
    Scene { at, certificate, .. }: Scene,
    visit: &Visit<'_>,
    policy: &AuthenticationPolicy,
) -> Option<(Method, Proofs)> {
    let Offered { method, typed, .. } = &message.offered;
    let now = match method {
        None | Some(Method::Certificate) if certificate => Method::Certificate,
        Some(Method::Password) if typed.is_some() => Method::Password,
        _ => return None,
    };
    let alone = Proof { primary: now, additional: None, at };
    let Some(transaction) = transaction else {
        let counts = now == Method::Certificate && !visit.cross_site;
        return counts.then_some((now, Proofs { session: Some(alone), transaction: None }));
    };
    let second = |first: &&Session| policy.second(first.proof.primary).contains(now);
    let proof = match transaction.first.as_ref().filter(second) {
        Some(first) => Proof { primary: first.proof.primary, additional: Some(now), at },
        None => alone,
    };
    Some((now, Proofs { session: None, transaction: Some(proof) }))
}

fn with_credential(method: Method, decision: Decision) -> Result<Way, Impossible> {
    let way = |then| match method {
        Method::Password => Way::Password { then },
        Method::Certificate | Method::Windows => Way::Certificate { then },
    };
    match decision {
        Decision::UseSession(_) | Decision::UseTransaction(_) => Ok(way(None)),
        Decision::Add(methods) => Ok(way(Some(methods))),
        Decision::GoTo(method) => Ok(Way::Ask(Ask::For(method))),
        Decision::Choose(methods) => Ok(Way::Ask(Ask::Choose(methods))),
        Decision::Refuse(impossible) => Err(impossible),
    }
}

/// A method that the person chose counts before their session does.
fn with_session(
    session: Option<Session>,
    chosen: Option<Method>,
    transaction: Option<&Transaction>,
    policy: &AuthenticationPolicy,
    by: impl Fn(&Proofs) -> Decision,
) -> Result<Way, Impossible> {
    let offer = |methods: Methods, all: Ask| match chosen.filter(|chosen| methods.contains(*chosen)) {
        Some(chosen) => Ask::For(chosen),
        None => methods.only().map_or(all, Ask::For),
    };
    if let Some(first) = transaction.and_then(|transaction| transaction.first.as_ref()) {
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
