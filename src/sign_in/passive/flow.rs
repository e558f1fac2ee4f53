//! The whole of a visit, as one function that reads like its table of stages.

use super::message::{Asked, Message};
use super::plan::{Scene, plan};
use super::saml_logout::Logout;
use super::sign_out::{end_session, next, sign_out};
use super::turn::{Course, Turn};
use super::visitor::Visitor;
use super::{Answer, Desk, NewCookies, Visit};
use crate::chain::PresentedChain;
use crate::clock::Stopwatch;
use crate::federation::RequestContext;
use crate::federation::prompt::{Location, Method};
use crate::outcome::{Outcome, Refusal};
use crate::sign_in::evidence::{ConnectionEvidence, Evidence, ListenerRole};
use crate::sign_in::{Stage, findings};

/// Decides what a browser gets. Nothing here reads a clock, a file or a socket.
pub async fn attend(evidence: &Evidence, visit: &Visit<'_>, desk: &Desk<'_>, stopwatch: Stopwatch) -> Answer {
    let mut turn = Turn::new(stopwatch);
    match serve(evidence, visit, desk, &mut turn).await {
        Ok(Course::Asks(asking)) => turn.question(asking, visit, desk),
        Ok(Course::Issues(issued)) => turn.end(Ok(issued), visit, desk),
        Ok(Course::Carries(carriage)) => Answer::Carries(Box::new(carriage)),
        Ok(Course::SignsOut(signed_out)) => Answer::SignedOut(Box::new(signed_out)),
        Ok(Course::CleansUp) => Answer::CleanedUp(NewCookies::signed_out()),
        Err(refusal) => turn.end(Err(refusal), visit, desk),
    }
}

async fn serve(evidence: &Evidence, visit: &Visit<'_>, desk: &Desk<'_>, turn: &mut Turn) -> Result<Course, Refusal> {
    let context = RequestContext::of(evidence, &desk.farm.request_context);
    turn.trail.identifiers.extend(context.facts());
    let read = Message::read(visit, &evidence.request, desk.farm);
    let chosen = read.as_ref().ok().and_then(|message| message.offered.method);
    let asking = read.as_ref().ok().filter(|message| matches!(message.asked, Asked::SignIn(_)));
    let begun = asking.map(|message| message.begin(visit, evidence.at));
    turn.begun = begun.clone();
    let presented = presented(&evidence.connection, chosen);
    let presented = turn.trail.step(Stage::Connection, presented, findings::browser)?;
    let message = turn.trail.step(Stage::Request, read, findings::message)?;
    let logout = Logout { visit, desk, at: evidence.at };
    let sign_in = match &message.asked {
        Asked::SignIn(sign_in) => sign_in,
        Asked::SignOut(asked) => {
            let next = next(asked, visit, desk);
            let told = logout.beside(next.as_ref());
            return match turn.trail.step(Stage::Admission, told, |_| "Signs out everywhere.".to_owned())? {
                Some(course) => Ok(course),
                None => Ok(Course::SignsOut(sign_out(next, visit, desk, evidence.at))),
            };
        }
        Asked::Logout(asked) => {
            return turn.trail.step(Stage::Admission, logout.asked(asked), |_| "It may ask for that.".to_owned());
        }
        Asked::LoggedOut(response) => {
            return turn.trail.step(Stage::Admission, logout.answered(response), |_| "It was asked.".to_owned());
        }
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
    let begun = begun.unwrap_or_else(|| message.begin(visit, evidence.at));
    let begun = match &plan.transaction {
        Some(earlier) => begun.going_on_from(earlier),
        None => begun,
    };
    turn.begun = Some(begun.clone());
    let visitor = Visitor {
        evidence,
        visit,
        desk,
        context: &context,
        sign_in,
        offered: &message.offered,
        policy: plan.policy,
        begun,
    };
    match (visitor.go(plan, presented, turn).await?, sign_in.may_ask()) {
        // what seemed to be a session was none
        (Course::Asks(_), Err(refusal)) => turn.trail.step(Stage::Admission, Err(refusal), |_| String::new()),
        (course, _) => Ok(course),
    }
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
