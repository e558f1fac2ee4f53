//! What every sign-in is decided with.

use crate::federation::Farm;
use crate::lookups::Lookups;
use jiff::Timestamp;

/// The moment, the farm and the outside world of one sign-in.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'a> {
    /// Everything is judged at this moment.
    pub(super) at: Timestamp,
    pub(super) farm: &'a Farm,
    pub(super) lookups: &'a dyn Lookups,
}
