//! Wire shapes only: what messages look like, never what they decide.

pub mod namespaces;
pub mod samlp;
pub mod soap;
pub mod wstrust;
