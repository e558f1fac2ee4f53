//! A browser at `/adfs/ls/`: what it asks, what it brings, and what becomes of it. [`attend`] is the whole of it.
//!
//! The protocol's request comes with every step, unchanged, so nothing is kept here between the steps: the state that the pages
//! carry only proves that the steps belong together ([`crate::sign_in::session`]).

mod answer;
mod flow;
mod message;
mod plan;
mod relying_parties;
mod request_text;
mod saml;
mod saml_logout;
mod saml_sign_in;
mod sign_out;
mod turn;
mod visit;
mod visitor;

pub use answer::{
    Answer, Ask, Carriage, Carrier, Change, Delivery, Ended, NewCookies, Question, SamlDelivery, SignedOut,
};
pub use flow::attend;
pub(super) use message::{Asked, Message};
pub use relying_parties::VisitedRelyingParties;
pub use request_text::request_text;
pub use saml::moved_into_query;
pub use visit::{BrowserMemory, Cookies, Desk, Randomness, Visit};
