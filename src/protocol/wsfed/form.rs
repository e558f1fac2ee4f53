//! The page that carries a token back: a form that sends itself, and can be sent by hand without script.

/// The only script of the page. AD FS starts it from a text with `setTimeout`, which a strict content policy forbids.
pub const FORM_SCRIPT: &str = "document.forms[0].submit();";
/// What `script-src` of the page's content policy names: the SHA-256 of [`FORM_SCRIPT`].
pub const FORM_SCRIPT_HASH: &str = "'sha256-8lDeP0UDwCO6/RhblgeH/ctdBzjVpJxrXizsnIk3cEQ='";

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

/// Renders the response form. Title, form name, field names and their order are those of AD FS: scripts look for them
/// (ADFS-PROTOCOLS section 4.4). The page is well-formed XML, and stays so.
pub fn render_form(response: &PassiveResponse<'_>) -> String {
    let mut out = String::with_capacity(response.wresult.len() * 3 / 2 + 1024);
    out.push_str(
        "<html><head><title>Working...</title></head><body><form method=\"POST\" name=\"hiddenform\" action=\"",
    );
    escape(&mut out, response.action);
    out.push_str("\">");
    field(&mut out, "wa", "wsignin1.0");
    field(&mut out, "wresult", response.wresult);
    if let Some(wctx) = response.wctx {
        field(&mut out, "wctx", wctx);
    }
    out.push_str("<noscript><p>Script is disabled. Click Submit to continue.</p>");
    out.push_str("<input type=\"submit\" value=\"Submit\" /></noscript></form><script>");
    out.push_str(FORM_SCRIPT);
    out.push_str("</script></body></html>");
    out
}

fn field(out: &mut String, name: &'static str, value: &str) {
    for part in ["<input type=\"hidden\" name=\"", name, "\" value=\""] {
        out.push_str(part);
    }
    escape(out, value);
    out.push_str("\" />");
}

/// Everything that means something in an attribute, and line ends, which an XML reader would turn into spaces.
fn escape(out: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' => out.push_str("&#13;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::reader::{Element, XmlLimits, parse_document};
    use base64::Engine;
    use proptest::prelude::*;

    const RESPONSE: PassiveResponse<'_> = PassiveResponse {
        action: "https://login.test/login.srf?a=1&b=2",
        wresult: "<t:R xmlns:t=\"urn:t\">it's\r\n&amp;</t:R>",
        wctx: Some("estsredirect=2&estsrequest=%2b\"><script>alert(1)</script>"),
    };

    /// The names and values of the hidden fields, in their order, as a reader other than this file's sees them.
    fn fields(page: &str) -> Vec<(String, String)> {
        let limits = XmlLimits { depth: 10, attributes: 10, text_bytes: 1 << 20 };
        let root = parse_document(page.as_bytes(), limits).unwrap();
        let inputs = root.descendants().filter(|element| &*element.name == "input");
        let attribute = |element: &Element, name| element.attribute("", name).map(str::to_owned);
        inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect()
    }

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

    #[test]
    fn the_content_policy_names_the_script() {
        let digest = openssl::sha::sha256(FORM_SCRIPT.as_bytes());
        let hash = base64::engine::general_purpose::STANDARD.encode(digest);
        assert_eq!(FORM_SCRIPT_HASH, format!("'sha256-{hash}'"));
    }

    proptest! {
        #[test]
        fn no_context_breaks_out(wctx in "\\PC*") {
            let page = render_form(&PassiveResponse { wctx: Some(&wctx), ..RESPONSE });
            prop_assert_eq!(&fields(&page)[2].1, &wctx);
        }
    }
}
