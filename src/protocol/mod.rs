//! Wire shapes only: what messages look like, never what they decide.

pub mod federation_metadata;
mod hidden_form;
pub mod mex;
pub mod namespaces;
pub mod samlp;
pub mod soap;
pub mod username_token;
pub mod wsfed;
pub mod wstrust;
mod wstrust_version;

pub use wstrust_version::Version;
