//! The request as it is written.

use crate::protocol::wsfed::Parameters;
use std::borrow::Cow;

/// What the forms of our pages add, and what proves who is there. It must not come back in an address.
const NOT_OF_THE_REQUEST: [&str; 6] = ["AuthMethod", "State", "UserName", "Password", "Kmsi", "RetrieveCertificate"];

/// The parameters that make the request: those of the query, or of a body that speaks a protocol by itself (MS-MWBF section
/// 3.1.5.1). Pages lead back to them, and the state of a sign-in is bound to them.
pub fn request_text<'v>(query: &'v str, body: Option<&'v [u8]>) -> Cow<'v, str> {
    let form = body.and_then(|body| str::from_utf8(body).ok()).unwrap_or_default();
    let speaks = |text: &str| Parameters::parse(text).is_ok_and(|parameters| parameters.speaks_a_protocol());
    if !speaks(form) {
        return Cow::Borrowed(query);
    }
    let of_the_request = |part: &&str| {
        let parsed = Parameters::parse(part);
        parsed.is_ok_and(|parameter| NOT_OF_THE_REQUEST.iter().all(|name| parameter.get(name).is_none()))
    };
    Cow::Owned(form.split('&').filter(of_the_request).collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_speaks_a_protocol_is_the_request() {
        let request = "wa=wsignin1.0&wtrealm=urn%3aa";
        for (body, expected) in [
            (None, "q=1"),
            (Some("AuthMethod=FormsAuthentication&Password=secret"), "q=1"),
            (Some(request), request),
            (Some("Password=secret&wa=wsignin1.0&st%61te=x&UserName=a&wtrealm=urn%3aa&Kmsi"), request),
            (Some("SAMLRequest=PHg%2b&RelayState=r"), "SAMLRequest=PHg%2b&RelayState=r"),
            (Some("wa=a&wa=b"), "q=1"),
        ] {
            assert_eq!(request_text("q=1", body.map(str::as_bytes)), expected, "{body:?}");
        }
        assert_eq!(request_text("q=1", Some(&[0xff])), "q=1");
    }
}
