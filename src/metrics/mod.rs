//! What is counted, and how numbers are written for whoever collects them.

mod exposition;
mod sign_ins;

pub use exposition::{Exposition, Kind};
pub use sign_ins::SignInCounts;
