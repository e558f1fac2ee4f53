//! What a visit leaves behind, however it ends.

use super::{Answer, Ask, Carriage, Delivery, Desk, Ended, NewCookies, Question, SignedOut, Visit};
use crate::clock::Stopwatch;
use crate::outcome::Refusal;
use crate::sign_in::Issued;
use crate::sign_in::session::Transaction;
use crate::sign_in::trail::Trail;

/// Where a visit leads.
pub(super) enum Course {
    Asks(Asking),
    Issues(Issued),
    SignsOut(SignedOut),
    Carries(Carriage),
    CleansUp,
}

/// What the person is asked, and within which sign-in.
pub(super) struct Asking {
    pub(super) ask: Ask,
    pub(super) transaction: Transaction,
    pub(super) username: Option<String>,
    pub(super) other_ways: bool,
    /// What was tried and came to nothing, for which the person is asked again.
    pub(super) failed: Option<Refusal>,
}

/// What is known so far.
pub(super) struct Turn {
    pub(super) trail: Trail,
    pub(super) delivery: Option<Delivery>,
    /// A sign-in that begins here, for the person to go on or to try again with.
    pub(super) begun: Option<Transaction>,
    pub(super) cookies: NewCookies,
}

impl Turn {
    pub(super) fn new(stopwatch: Stopwatch) -> Self {
        Self { trail: Trail::new(stopwatch), delivery: None, begun: None, cookies: NewCookies::default() }
    }

    pub(super) fn question(mut self, asking: Asking, visit: &Visit<'_>, desk: &Desk<'_>) -> Answer {
        let Asking { ask, transaction, username, other_ways, failed } = asking;
        self.know_browser(visit);
        match transaction.seal(desk.keys, &visit.random.state_nonce) {
            Ok(state) => {
                let Self { trail, cookies, .. } = self;
                let failed = failed.map(|refusal| trail.end(Err(refusal)));
                Answer::Question(Box::new(Question { ask, state, other_ways, username, failed, cookies }))
            }
            Err(error) => self.end(Err(error.into()), visit, desk),
        }
    }

    pub(super) fn end(mut self, ended: Result<Issued, Refusal>, visit: &Visit<'_>, desk: &Desk<'_>) -> Answer {
        let begun = self.begun.take().filter(|_| ended.is_err());
        let again = begun.and_then(|begun| begun.seal(desk.keys, &visit.random.state_nonce).ok());
        if again.is_some() {
            self.know_browser(visit);
        }
        let Self { trail, delivery, cookies, .. } = self;
        Answer::Ended(Box::new(Ended { verdict: trail.end(ended), delivery, again, cookies }))
    }

    fn know_browser(&mut self, visit: &Visit<'_>) {
        if visit.cookies.browser.is_none() {
            self.cookies.browser = Some(visit.random.browser);
        }
    }
}
