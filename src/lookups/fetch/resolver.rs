//! Resolves names for the HTTP client and gives it only addresses that may be asked. The check is made on the very
//! addresses that are connected to, so a name cannot mean one machine when it is judged and another when it is used.

use super::address_policy::{AddressPolicy, Forbidden};
use crate::revocation::UrlSource;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Resolver {
    pub(super) policy: Arc<AddressPolicy>,
    pub(super) named_by: UrlSource,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, named_by) = (Arc::clone(&self.policy), self.named_by);
        Box::pin(async move {
            let allowed = resolve(&policy, name.as_str(), 0, named_by).await?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Why a name gives no address.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    #[error(transparent)]
    Forbidden(Forbidden),
    #[error("{0}")]
    NoAddress(String),
}

/// The addresses of `name` that may be asked. Forbidden ones among allowed ones are left out.
pub(super) async fn resolve(
    policy: &AddressPolicy,
    name: &str,
    port: u16,
    named_by: UrlSource,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let no_address = |error: std::io::Error| ResolveError::NoAddress(format!("{name} cannot be resolved: {error}"));
    let mut forbidden = None;
    let mut allowed = Vec::new();
    for address in tokio::net::lookup_host((name, port)).await.map_err(no_address)? {
        match policy.check_address(address.ip(), named_by) {
            Ok(()) => allowed.push(address),
            Err(why) => forbidden = forbidden.or(Some(why)),
        }
    }
    match forbidden {
        _ if !allowed.is_empty() => Ok(allowed),
        Some(Forbidden { place, rule }) => {
            Err(ResolveError::Forbidden(Forbidden { place: format!("{name} is {place}, which"), rule }))
        }
        None => Err(ResolveError::NoAddress(format!("{name} has no address"))),
    }
}
