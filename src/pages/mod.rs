//! Everything a person sees: pages from templates, with the content policy that belongs to each.
//!
//! The caller fills in a [`Page`] and chooses a language with [`Pages::language`]; [`Pages::render`] never fails. Templates,
//! style, scripts and texts are embedded; an operator's folder can replace each of them, and is judged when it is loaded
//! ([`Pages::new`]).
//!
//! Rules that hold for every page: it works without script; it loads nothing; what comes from a request is escaped by the
//! template engine; the only scripts and the only style are those whose hashes its content policy names.

mod address;
mod content_policy;
mod context;
mod language;
mod material;
mod page;
mod problem;
mod rendering;
mod samples;
mod texts;

pub use address::is_http;
pub use content_policy::form_content_policy;
pub use language::Language;
pub use material::{Material, Settings};
pub use page::{
    CertificateHelp, CertificateHop, CertificateProblem, ErrorPage, Page, PromptLogin, Reference, SignIn, SignedOut,
    TryAnother,
};
pub use problem::{MaterialProblem, Spot};
pub use rendering::{Pages, RenderedPage};
pub use samples::{Sample, samples};

#[cfg(test)]
mod tests;
