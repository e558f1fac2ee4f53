//! From the value of `SAMLRequest` or `SAMLResponse` to the message (SAML bindings sections 3.4.4.1 and 3.5.4).

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

/// How long a message may be once it is inflated. An honest one has a few kilobytes; its signature and certificate included,
/// none is near this.
pub const MESSAGE_OCTETS: usize = 64 * 1024;

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why there is no message in a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// Not Base64.
    #[error("the message is not Base64")]
    Base64,
    /// Not DEFLATE: a message for the POST binding, or with the header of zlib or gzip.
    #[error("the redirected message is not compressed with DEFLATE (RFC 1951)")]
    Deflate,
    /// Too long, before or after it was inflated.
    #[error("the message has more than {MESSAGE_OCTETS} octets")]
    TooLong,
}

/// A message that came in a form.
///
/// # Errors
/// When it is not Base64, or too long.
pub fn from_post(value: &str) -> Result<Vec<u8>, BindingError> {
    let message = decode(value)?;
    if message.len() > MESSAGE_OCTETS { Err(BindingError::TooLong) } else { Ok(message) }
}

/// A message that came in the query of a redirect, percent-decoded.
///
/// # Errors
/// When it is not Base64 over DEFLATE, or too long. No more is inflated than is allowed.
pub fn from_redirect(value: &str) -> Result<Vec<u8>, BindingError> {
    decompress_to_vec_with_limit(&decode(value)?, MESSAGE_OCTETS).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => BindingError::TooLong,
        _ => BindingError::Deflate,
    })
}

/// Line breaks are taken out: encoders put them in (RFC 2045 section 6.8).
fn decode(value: &str) -> Result<Vec<u8>, BindingError> {
    if value.len() > 2 * MESSAGE_OCTETS {
        return Err(BindingError::TooLong);
    }
    let text: String = value.split_ascii_whitespace().collect();
    BASE64.decode(text).map_err(|_| BindingError::Base64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;
    use miniz_oxide::deflate::compress_to_vec;
    use proptest::prelude::*;

    fn redirected(message: &[u8]) -> String {
        BASE64_STANDARD.encode(compress_to_vec(message, 9))
    }

    #[test]
    fn messages_come_back_as_they_were() {
        let message = b"<samlp:AuthnRequest/>".to_vec();
        assert_eq!(from_redirect(&redirected(&message)), Ok(message.clone()));
        let encoded = BASE64_STANDARD.encode(&message);
        assert_eq!(from_post(&encoded), Ok(message.clone()));
        assert_eq!(from_post(encoded.trim_end_matches('=')), Ok(message.clone()));
        assert_eq!(from_post(&format!("{}\r\n{}", &encoded[..8], &encoded[8..])), Ok(message));
    }

    #[test]
    fn what_is_no_message_is_told_apart() {
        assert_eq!(from_post("%%"), Err(BindingError::Base64));
        assert_eq!(from_redirect("PGEvPg*"), Err(BindingError::Base64));
        assert_eq!(from_redirect(&BASE64_STANDARD.encode("<samlp:AuthnRequest/>")), Err(BindingError::Deflate));
        let cut = compress_to_vec(b"<samlp:AuthnRequest xmlns='urn:oasis'/>", 9);
        assert_eq!(from_redirect(&BASE64_STANDARD.encode(&cut[..cut.len() / 2])), Err(BindingError::Deflate));
    }

    #[test]
    fn bombs_are_not_inflated() {
        let bomb = redirected(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 2 * MESSAGE_OCTETS, "the bomb is small enough to be looked at");
        assert_eq!(from_redirect(&bomb), Err(BindingError::TooLong));
        assert_eq!(from_redirect(&redirected(&vec![b' '; MESSAGE_OCTETS])).map(|all| all.len()), Ok(MESSAGE_OCTETS));
        assert_eq!(from_redirect(&redirected(&vec![b' '; MESSAGE_OCTETS + 1])), Err(BindingError::TooLong));
        assert_eq!(from_post(&BASE64_STANDARD.encode(vec![b' '; MESSAGE_OCTETS + 1])), Err(BindingError::TooLong));
    }

    proptest! {
        #[test]
        fn arbitrary_values_never_panic(value in "[A-Za-z0-9+/=]{0,200}") {
            let _ = (from_redirect(&value), from_post(&value));
        }
    }
}
