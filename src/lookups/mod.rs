//! (room under construction)

mod crl_fetch;
mod crl_source;

pub use crl_source::{CrlLimits, CrlSource};
