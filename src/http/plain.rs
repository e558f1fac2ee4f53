//! Small plain answers and the headers every answer carries.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, PRAGMA,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// Our name for the sign-in, on every answer to one.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

pub(super) fn text(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(body)
}

pub(super) fn method_not_allowed(allowed: &'static str) -> HttpResponse {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, format!("This address answers {allowed} only.\n"));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

pub(super) fn not_found() -> HttpResponse {
    text(StatusCode::NOT_FOUND, "There is nothing at this address.\n".to_owned())
}

/// What AD FS 2019 sends on every answer, with a stricter content policy: nothing is loaded from anywhere, and pages with
/// scripts and forms have said already which.
pub(super) fn harden(response: &mut HttpResponse) {
    let headers = response.headers_mut();
    for (name, value) in [
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (X_FRAME_OPTIONS, "DENY"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (CACHE_CONTROL, "no-cache, no-store"),
        (PRAGMA, "no-cache"),
    ] {
        if name != CONTENT_SECURITY_POLICY || !headers.contains_key(CONTENT_SECURITY_POLICY) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
