//! What was assembled, as the state of a running gateway.

use super::Assembled;
use crate::clock::Clock;
use crate::config::{Configuration, ListenerSection};
use crate::entropy;
use crate::federation::Endpoints;
use crate::http::{Gateway, GetAnswer, HoldLimits, PublishedMetadata};
use crate::listener::{ListenerSettings, TlsIdentity};
use crate::lookups::{CrlSource, LiveLookups, OcspPost, OcspSource};
use crate::sign_in::Recorder;
use crate::sign_in::passive::BrowserMemory;
use crate::sign_in::session::{SealingKey, SealingKeys};
use arc_swap::ArcSwap;
use std::sync::Arc;
use tokio::sync::Semaphore;

impl Assembled {
    /// The shared state of the running gateway, and what its listeners show: user TLS first, then service.
    pub fn into_gateway(
        self,
        configuration: &Configuration,
        clock: Clock,
        recorder: Recorder,
    ) -> (Gateway, [TlsIdentity; 2]) {
        let user_tls = &configuration.user_tls;
        let get_answer = if user_tls.hold_get {
            let places = Arc::new(Semaphore::new(user_tls.hold_connections));
            GetAnswer::Hold(HoldLimits { duration: user_tls.hold, places })
        } else {
            GetAnswer::AtOnce
        };
        let transport = Arc::new(OcspPost::new(&self.fetcher));
        let ocsp = OcspSource::new(transport, self.crl_settings.retry_after, entropy::random_bytes, clock);
        let crls = CrlSource::new(self.fetcher, self.crl_settings, clock);
        let browsers = BrowserMemory::new(self.farm.sessions.lifetime);
        let below = user_tls.host_name.as_ref().map(|host| format!("any.{}", host.value));
        let fresh_user_tls_hosts = below.is_some_and(|host| self.user_tls.covers(&host));
        let gateway = Gateway {
            farm: ArcSwap::from_pointee(self.farm),
            lookups: Arc::new(LiveLookups::new(crls.clone(), ocsp, self.directory, self.attribute_stores)),
            crls,
            recorder,
            clock,
            endpoints: Endpoints { fresh_user_tls_hosts, ..configuration.endpoints.clone() },
            pages: self.pages,
            service_name: configuration.service.name.value.clone(),
            request_bytes: configuration.limits.request_bytes,
            request_timeout: user_tls.listener.request_timeout,
            metadata: PublishedMetadata::default(),
            browsers,
            sealing_keys: self
                .sealing_keys
                .unwrap_or_else(|| SealingKeys::new(SealingKey::new(entropy::random_bytes()))),
            get_answer,
        };
        (gateway, [self.user_tls, self.service])
    }
}

/// What a listener may spend, from its section.
pub(crate) fn listener_settings(section: &ListenerSection, workers: usize) -> ListenerSettings {
    ListenerSettings {
        handshake_timeout: section.handshake_timeout,
        request_timeout: section.request_timeout,
        maximum_connections: section.maximum_connections.div_ceil(workers.max(1)),
        workers,
    }
}
