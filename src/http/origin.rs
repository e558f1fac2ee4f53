//! Whether a request comes from inside the corporate network, asked before it is known to be a sign-in.

use super::certificate_transport::{connection_evidence, request_evidence};
use crate::entropy;
use crate::federation::{ContextPolicy, RequestContext};
use crate::sign_in::Evidence;
use actix_web::HttpRequest;
use jiff::Timestamp;

/// Judged as the claims about the request are, so that an endpoint and a rule never disagree.
pub(super) fn is_inside(request: &HttpRequest, policy: &ContextPolicy) -> bool {
    let evidence = Evidence {
        at: Timestamp::UNIX_EPOCH,
        correlation: entropy::uuid(),
        assertion: entropy::uuid(),
        connection: connection_evidence(request),
        request: request_evidence(request, "", Ok(Vec::new())),
    };
    RequestContext::of(&evidence, policy).is_inside()
}
