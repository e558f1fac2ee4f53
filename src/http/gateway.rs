//! What every request handler can reach.

use super::certificate_transport::GetAnswer;
use super::federation_metadata::PublishedMetadata;
use crate::clock::Clock;
use crate::federation::{Endpoints, Farm};
use crate::lookups::{CrlSource, Lookups};
use crate::pages::Pages;
use crate::sign_in::Recorder;
use crate::sign_in::passive::BrowserMemory;
use crate::sign_in::session::SealingKeys;
use arc_swap::ArcSwap;
use std::sync::Arc;
use std::time::Duration;

/// The running gateway's shared state.
pub struct Gateway {
    /// Everything sign-ins are judged by; swapped whole.
    pub farm: ArcSwap<Farm>,
    /// The outside world.
    pub lookups: Arc<dyn Lookups>,
    /// The CRLs among it, for the operator to look at.
    pub crls: CrlSource,
    /// Where records go.
    pub recorder: Recorder,
    /// Where "now" comes from.
    pub clock: Clock,
    /// What is served, and where clients find it.
    pub endpoints: Endpoints,
    /// What people see.
    pub pages: Pages,
    /// Federation service name, for people and in addresses.
    pub service_name: String,
    /// Longest body read, in bytes.
    pub request_bytes: usize,
    /// How long a body may take to arrive.
    pub request_timeout: Duration,
    /// The signed federation metadata.
    pub metadata: PublishedMetadata,
    /// What is remembered of browsers.
    pub browsers: BrowserMemory,
    /// What cookies and the state of sign-ins are sealed with.
    pub sealing_keys: SealingKeys,
    /// What a GET of certificatetransport does.
    pub get_answer: GetAnswer,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").field("service_name", &self.service_name).finish_non_exhaustive()
    }
}
