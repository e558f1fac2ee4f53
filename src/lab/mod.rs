//! (room under construction)

pub mod cast;
pub mod keys;
pub mod pki;
