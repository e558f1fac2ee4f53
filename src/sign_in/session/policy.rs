//! How long people stay signed in.

use super::LoopPolicy;
use jiff::SignedDuration;

/// The session settings of `Set-AdfsProperties`. The keys that cookies are sealed with are no policy and not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    /// `SsoLifetime`, counted from the sign-in.
    pub lifetime: SignedDuration,
    /// When a browser is told that it goes round in circles; `None` where `EnableLoopDetection` is off.
    pub loops: Option<LoopPolicy>,
}

/// AD FS's own (ADFS-PROTOCOLS section 13).
impl Default for SessionPolicy {
    fn default() -> Self {
        Self { lifetime: SignedDuration::from_mins(480), loops: Some(LoopPolicy::default()) }
    }
}
