//! The POST binding on the way out (SAML bindings section 3.5): a form that carries a message to another party.

use crate::protocol::hidden_form::render;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Longest `RelayState` that is accepted. The standard says 80 octets (section 3.4.3); real relying parties put addresses of
/// their own there, and AD FS echoes them.
pub const RELAY_STATE_OCTETS: usize = 4096;

/// Which parameter a message travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Carried {
    /// The parameter's name.
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// Renders the form, in the shape of AD FS's for WS-Federation. The relay state comes back as it was, and only if there was
/// one.
pub fn render_post(action: &str, carried: Carried, message: &str, relay_state: Option<&str>) -> String {
    let message = BASE64_STANDARD.encode(message);
    let field = (carried.parameter(), message.as_str());
    match relay_state {
        None => render(action, &[field]),
        Some(state) => render(action, &[field, ("RelayState", state)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::hidden_form::tests::fields;
    use crate::protocol::samlp::from_post;
    use proptest::prelude::*;

    #[test]
    fn the_form_carries_the_message_and_the_state() {
        let page = render_post("https://sp.test/acs?a=1&b=2", Carried::Response, "<r>é</r>", Some("a\r\n\"><b>&amp;"));
        assert!(page.contains("action=\"https://sp.test/acs?a=1&amp;b=2\""));
        let fields = fields(&page);
        assert_eq!(fields[0].0, "SAMLResponse");
        assert_eq!(from_post(&fields[0].1).unwrap(), "<r>é</r>".as_bytes());
        assert_eq!(fields[1..], [("RelayState".to_owned(), "a\r\n\"><b>&amp;".to_owned())]);
    }

    #[test]
    fn an_empty_state_is_echoed_and_a_missing_one_is_not() {
        let names = |state| {
            let fields = fields(&render_post("https://sp.test/", Carried::Request, "<r/>", state));
            fields.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(None), ["SAMLRequest"]);
        assert_eq!(names(Some("")), ["SAMLRequest", "RelayState"]);
    }

    proptest! {
        #[test]
        fn no_state_breaks_out(state in "\\PC*") {
            let page = render_post("https://sp.test/", Carried::Response, "<r/>", Some(&state));
            prop_assert_eq!(&fields(&page)[1].1, &state);
        }
    }
}
