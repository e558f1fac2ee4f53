//! Claims and the AD FS claim rule language.

mod claim;
pub mod claim_types;

pub use claim::{AD_AUTHORITY, Claim, LOCAL_AUTHORITY, STRING};
