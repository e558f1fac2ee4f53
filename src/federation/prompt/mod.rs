//! Prompt and freshness: what a request demands, and what happens next. Two functions, [`SignInDemand::of_wsfed`] (or
//! [`SignInDemand::of_saml`]) and [`decide`].

mod decision;
mod demand;
mod entra;
mod method;

pub use decision::{AuthenticationPolicy, Decision, Impossible, PasswordDemand, Proof, Proofs, decide};
pub use demand::{ContextComparison, Freshness, Location, MethodDemand, Reason, SignInDemand};
pub use entra::{AddedParameters, PASSWORD_WAUTH, PromptLoginBehavior, PromptLoginFederation};
pub use method::{Method, Methods};

#[cfg(test)]
mod tests;
