//! The page that carries a message to another party: a form that sends itself, and can be sent by hand without script.

/// The only script of the page. AD FS starts it from a text with `setTimeout`, which a strict content policy forbids.
pub const FORM_SCRIPT: &str = "document.forms[0].submit();";
/// What `script-src` of the page's content policy names: the SHA-256 of [`FORM_SCRIPT`].
pub const FORM_SCRIPT_HASH: &str = "'sha256-8lDeP0UDwCO6/RhblgeH/ctdBzjVpJxrXizsnIk3cEQ='";

/// Renders the form with hidden fields in this order. Title and form name are those of AD FS: scripts look for them
/// (ADFS-PROTOCOLS section 4.4). The page is well-formed XML, and stays so.
pub(super) fn render(action: &str, fields: &[(&'static str, &str)]) -> String {
    let octets: usize = fields.iter().map(|(_, value)| value.len()).sum();
    let mut out = String::with_capacity(octets * 3 / 2 + 1024);
    out.push_str(
        "<html><head><title>Working...</title></head><body><form method=\"POST\" name=\"hiddenform\" action=\"",
    );
    escape(&mut out, action);
    out.push_str("\">");
    for (name, value) in fields {
        field(&mut out, name, value);
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
pub(super) mod tests {
    use super::*;
    use crate::xml::reader::{Element, XmlLimits, parse_document};
    use base64::Engine;

    /// The names and values of the hidden fields, in their order, as a reader other than this file's sees them.
    pub(in crate::protocol) fn fields(page: &str) -> Vec<(String, String)> {
        let limits = XmlLimits { depth: 10, attributes: 10, text_bytes: 1 << 20 };
        let root = parse_document(page.as_bytes(), limits).unwrap();
        let inputs = root.descendants().filter(|element| &*element.name == "input");
        let attribute = |element: &Element, name| element.attribute("", name).map(str::to_owned);
        inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect()
    }

    #[test]
    fn the_content_policy_names_the_script() {
        let digest = openssl::sha::sha256(FORM_SCRIPT.as_bytes());
        let hash = base64::engine::general_purpose::STANDARD.encode(digest);
        assert_eq!(FORM_SCRIPT_HASH, format!("'sha256-{hash}'"));
    }
}
