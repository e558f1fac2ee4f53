//! Addresses that tokens are sent to.

use super::Located;
use super::document::Source;
use crate::federation::token_address;
use url::Url;

const CURE: &str = "Write it in full and as the application has it, such as https://app.contoso.com/signin; a token is never \
                    sent without TLS.";

/// An absolute https address. What could be read in two ways is refused: requests are compared with it.
pub(super) fn https_address<T>(source: &Source<'_>, at: &Located<T>, text: &str) -> Option<Url> {
    match token_address(text) {
        Ok(address) => Some(address),
        Err(fault) => {
            source.problem(at, format!("must be an https address, and {text:?} {fault}"), CURE);
            None
        }
    }
}
