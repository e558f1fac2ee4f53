//! The page that carries a token back.

use crate::protocol::hidden_form::render;

/// A sign-in response for a browser to carry.
#[derive(Debug, Clone, Copy)]
pub struct PassiveResponse<'a> {
    /// An address of the trust.
    pub action: &'a str,
    /// The RequestSecurityTokenResponse.
    pub wresult: &'a str,
    /// The request's context, if it had one.
    pub wctx: Option<&'a str>,
}

/// Renders the response form, with the field names of AD FS in their order.
pub fn render_form(response: &PassiveResponse<'_>) -> String {
    let fields = [("wa", "wsignin1.0"), ("wresult", response.wresult)];
    match response.wctx {
        None => render(response.action, &fields),
        Some(wctx) => render(response.action, &[fields[0], fields[1], ("wctx", wctx)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::hidden_form::tests::fields;
    use proptest::prelude::*;

    const RESPONSE: PassiveResponse<'_> = PassiveResponse {
        action: "https://login.test/login.srf?a=1&b=2",
        wresult: "<t:R xmlns:t=\"urn:t\">it's\r\n&amp;</t:R>",
        wctx: Some("estsredirect=2&estsrequest=%2b\"><script>alert(1)</script>"),
    };

    #[test]
    fn the_page_is_that_of_adfs() {
        let page = render_form(&PassiveResponse { wctx: None, wresult: "<r/>", ..RESPONSE });
        assert_eq!(
            page,
            "<html><head><title>Working...</title></head><body><form method=\"POST\" name=\"hiddenform\" \
             action=\"https://login.test/login.srf?a=1&amp;b=2\"><input type=\"hidden\" name=\"wa\" \
             value=\"wsignin1.0\" /><input type=\"hidden\" name=\"wresult\" value=\"&lt;r/&gt;\" /><noscript><p>Script \
             is disabled. Click Submit to continue.</p><input type=\"submit\" value=\"Submit\" /></noscript></form>\
             <script>document.forms[0].submit();</script></body></html>"
        );
    }

    #[test]
    fn fields_come_back_byte_for_byte_in_their_order() {
        let expected = [("wa", "wsignin1.0"), ("wresult", RESPONSE.wresult), ("wctx", RESPONSE.wctx.unwrap())];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(fields(&render_form(&RESPONSE)), expected);
        let empty = fields(&render_form(&PassiveResponse { wctx: Some(""), ..RESPONSE }));
        assert_eq!(empty[2], ("wctx".to_owned(), String::new()));
    }

    proptest! {
        #[test]
        fn no_context_breaks_out(wctx in "\\PC*") {
            let page = render_form(&PassiveResponse { wctx: Some(&wctx), ..RESPONSE });
            prop_assert_eq!(&fields(&page)[2].1, &wctx);
        }
    }
}
