//! Reads an `OCSPResponse` (RFC 6960 section 4.2) in one pass over bounded input. Nothing read here may be believed before
//! the signer is checked: see [`super::VerifiedOcsp`].

use super::super::RevocationReason;
use super::super::crl_extensions::read_signature;
use super::super::der::{
    self, BOOLEAN, DerError, ENUMERATED, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE,
    context, context_constructed,
};
use super::certificate_id::CertificateId;
use super::request::NONCE;
use jiff::Timestamp;

/// `id-pkix-ocsp-basic`, the one kind of response that anybody sends.
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1];

/// No responder sends a tenth of this; more is an attempt to make us work.
const MAXIMUM_ITEMS: usize = 64;
/// The responder's certificate and its chain.
const MAXIMUM_CERTIFICATES: usize = 8;

/// Why a responder does not answer the question (section 4.2.1). Not signed, so it proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseStatus {
    /// 1: it could not read the request.
    MalformedRequest,
    /// 2: it has a defect.
    InternalError,
    /// 3: ask again later.
    TryLater,
    /// 5: it wants signed requests.
    SignatureRequired,
    /// 6: it does not answer us, or not about this authority.
    Unauthorized,
}

impl ResponseStatus {
    /// The name RFC 6960 gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SignatureRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
        }
    }
}

/// What a responder says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStatus {
    /// Not revoked.
    Good,
    /// Revoked or on hold.
    Revoked {
        /// Why; unspecified when the responder does not say.
        reason: RevocationReason,
        /// Since when.
        since: Timestamp,
    },
    /// The responder does not know it.
    Unknown,
}

/// Who signed, as the response has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum ResponderId<'a> {
    Name(&'a [u8]),
    KeyHash(&'a [u8]),
}

/// One `SingleResponse`.
#[derive(Debug, Clone, Copy)]
pub(super) struct SingleResponse<'a> {
    pub(super) id: CertificateId<'a>,
    pub(super) status: CertificateStatus,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
}

/// A `BasicOCSPResponse` and what its signature covers.
#[derive(Debug)]
pub(super) struct BasicResponse<'a> {
    pub(super) signed: &'a [u8],
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) responder: ResponderId<'a>,
    pub(super) produced_at: Timestamp,
    pub(super) responses: Vec<SingleResponse<'a>>,
    pub(super) nonce: Option<&'a [u8]>,
    /// Critical extensions that nobody here knows, dotted.
    pub(super) unknown_critical: Vec<String>,
}

/// What a responder sent.
#[derive(Debug)]
pub(super) enum Response<'a> {
    Refused(ResponseStatus),
    Basic(Box<BasicResponse<'a>>),
}

pub(super) fn read(bytes: &[u8]) -> Result<Response<'_>, DerError> {
    const WHAT: &str = "the response";
    let mut input = Reader::new(bytes);
    let mut response = input.sequence(WHAT)?;
    input.end(WHAT)?;
    let status = response.expect(ENUMERATED, "the response's status")?.content;
    let refused = match status {
        [0] => None,
        [1] => Some(ResponseStatus::MalformedRequest),
        [2] => Some(ResponseStatus::InternalError),
        [3] => Some(ResponseStatus::TryLater),
        [5] => Some(ResponseStatus::SignatureRequired),
        [6] => Some(ResponseStatus::Unauthorized),
        _ => return Err(DerError::Value("the response's status")),
    };
    if let Some(status) = refused {
        return Ok(Response::Refused(status));
    }
    let mut tagged = explicit(&mut response, 0, WHAT)?.ok_or(DerError::Unexpected("the response's bytes"))?;
    response.end(WHAT)?;
    let mut fields = tagged.sequence(WHAT)?;
    tagged.end(WHAT)?;
    if fields.expect(OBJECT_IDENTIFIER, "the response's type")?.content != BASIC {
        return Err(DerError::Value("the response's type"));
    }
    let basic = fields.expect(OCTET_STRING, "the response's bytes")?.content;
    fields.end(WHAT)?;
    read_basic(basic).map(|basic| Response::Basic(Box::new(basic)))
}

fn read_basic(bytes: &[u8]) -> Result<BasicResponse<'_>, DerError> {
    const WHAT: &str = "the basic response";
    let mut input = Reader::new(bytes);
    let mut basic = input.sequence(WHAT)?;
    input.end(WHAT)?;
    let data = basic.expect(SEQUENCE, "the signed part of the response")?;
    let algorithm = basic.expect(SEQUENCE, "the signature algorithm")?.whole;
    let signature = read_signature(&mut basic)?;
    let certificates = match explicit(&mut basic, 0, "the certificates")? {
        Some(mut tagged) => read_certificates(&mut tagged)?,
        None => Vec::new(),
    };
    basic.end(WHAT)?;
    let mut read = BasicResponse {
        signed: data.whole,
        algorithm,
        signature,
        certificates,
        responder: ResponderId::Name(&[]),
        produced_at: Timestamp::MIN,
        responses: Vec::new(),
        nonce: None,
        unknown_critical: Vec::new(),
    };
    read.take_data(data.content)?;
    Ok(read)
}

fn read_certificates<'a>(tagged: &mut Reader<'a>) -> Result<Vec<&'a [u8]>, DerError> {
    const WHAT: &str = "the certificates";
    let mut list = tagged.sequence(WHAT)?;
    tagged.end(WHAT)?;
    let mut certificates = Vec::new();
    while !list.is_empty() {
        if certificates.len() == MAXIMUM_CERTIFICATES {
            return Err(DerError::Value(WHAT));
        }
        certificates.push(list.expect(SEQUENCE, WHAT)?.whole);
    }
    Ok(certificates)
}

impl<'a> BasicResponse<'a> {
    /// `ResponseData`.
    fn take_data(&mut self, content: &'a [u8]) -> Result<(), DerError> {
        const WHAT: &str = "the signed part of the response";
        let mut data = Reader::new(content);
        if let Some(mut version) = explicit(&mut data, 0, "the response's version")? {
            // The default, version 1, need not be written; there is no other.
            if version.expect(INTEGER, "the response's version")?.content != [0] {
                return Err(DerError::Value("the response's version"));
            }
        }
        self.responder = read_responder(&mut data)?;
        self.produced_at = generalized_time(&mut data, "producedAt")?;
        let mut responses = data.sequence("the single responses")?;
        while !responses.is_empty() {
            if self.responses.len() == MAXIMUM_ITEMS {
                return Err(DerError::Value("the single responses"));
            }
            let single = self.take_single(&mut responses)?;
            self.responses.push(single);
        }
        if let Some(mut tagged) = explicit(&mut data, 1, "the response's extensions")? {
            self.take_extensions(&mut tagged, true)?;
        }
        data.end(WHAT)
    }

    fn take_single(&mut self, responses: &mut Reader<'a>) -> Result<SingleResponse<'a>, DerError> {
        const WHAT: &str = "a single response";
        let mut fields = responses.sequence(WHAT)?;
        let id = CertificateId::read(&mut fields)?;
        let status = read_status(&mut fields)?;
        let this_update = generalized_time(&mut fields, "thisUpdate")?;
        let next_update = match explicit(&mut fields, 0, "nextUpdate")? {
            Some(mut tagged) => {
                let time = generalized_time(&mut tagged, "nextUpdate")?;
                tagged.end("nextUpdate")?;
                Some(time)
            }
            None => None,
        };
        if let Some(mut tagged) = explicit(&mut fields, 1, "a single response's extensions")? {
            self.take_extensions(&mut tagged, false)?;
        }
        fields.end(WHAT)?;
        Ok(SingleResponse { id, status, this_update, next_update })
    }

    /// `Extensions`; the nonce counts among those of the whole response only.
    fn take_extensions(&mut self, tagged: &mut Reader<'a>, of_response: bool) -> Result<(), DerError> {
        const WHAT: &str = "the response's extensions";
        let mut list = tagged.sequence(WHAT)?;
        tagged.end(WHAT)?;
        let mut seen = Vec::new();
        while !list.is_empty() {
            let mut extension = list.sequence(WHAT)?;
            let identifier = extension.expect(OBJECT_IDENTIFIER, WHAT)?.content;
            if seen.contains(&identifier) || seen.len() == MAXIMUM_ITEMS {
                return Err(DerError::Value(WHAT));
            }
            seen.push(identifier);
            let critical = match extension.optional(BOOLEAN, WHAT)? {
                Some(value) => der::boolean(value.content, WHAT)?,
                None => false,
            };
            let value = extension.expect(OCTET_STRING, WHAT)?.content;
            extension.end(WHAT)?;
            if identifier == NONCE && of_response {
                self.nonce = Some(read_nonce(value)?);
            } else if critical && self.unknown_critical.len() < MAXIMUM_ITEMS {
                let name = der::dotted(identifier).unwrap_or_else(|| "(malformed identifier)".to_owned());
                self.unknown_critical.push(name);
            }
        }
        Ok(())
    }
}

fn read_nonce(value: &[u8]) -> Result<&[u8], DerError> {
    const WHAT: &str = "the nonce";
    let mut reader = Reader::new(value);
    let nonce = reader.expect(OCTET_STRING, WHAT)?.content;
    reader.end(WHAT)?;
    Ok(nonce)
}

fn read_responder<'a>(data: &mut Reader<'a>) -> Result<ResponderId<'a>, DerError> {
    const WHAT: &str = "the responder's identifier";
    if let Some(mut name) = explicit(data, 1, WHAT)? {
        let read = name.expect(SEQUENCE, WHAT)?.whole;
        name.end(WHAT)?;
        return Ok(ResponderId::Name(read));
    }
    let mut key = explicit(data, 2, WHAT)?.ok_or(DerError::Unexpected(WHAT))?;
    let hash = key.expect(OCTET_STRING, WHAT)?.content;
    key.end(WHAT)?;
    Ok(ResponderId::KeyHash(hash))
}

/// `CertStatus`: implicitly tagged, so good and unknown are a NULL without its own tag.
fn read_status(fields: &mut Reader<'_>) -> Result<CertificateStatus, DerError> {
    const WHAT: &str = "a certificate's status";
    let status = fields.any(WHAT)?;
    if status.tag == context(0) && status.content.is_empty() {
        return Ok(CertificateStatus::Good);
    }
    if status.tag == context(2) && status.content.is_empty() {
        return Ok(CertificateStatus::Unknown);
    }
    if status.tag != context_constructed(1) {
        return Err(DerError::Unexpected(WHAT));
    }
    let mut revoked = Reader::new(status.content);
    let since = generalized_time(&mut revoked, "the time of revocation")?;
    let reason = match explicit(&mut revoked, 0, "the reason for revocation")? {
        Some(mut tagged) => match tagged.expect(ENUMERATED, "the reason for revocation")?.content {
            [code] => RevocationReason::from_code(*code).ok_or(DerError::Value("the reason for revocation"))?,
            _ => return Err(DerError::Value("the reason for revocation")),
        },
        None => RevocationReason::Unspecified,
    };
    revoked.end(WHAT)?;
    Ok(CertificateStatus::Revoked { reason, since })
}

/// The inside of an explicit tag, if it stands here.
fn explicit<'a>(fields: &mut Reader<'a>, number: u8, what: &'static str) -> Result<Option<Reader<'a>>, DerError> {
    Ok(fields.optional(context_constructed(number), what)?.map(|tagged| Reader::new(tagged.content)))
}

fn generalized_time(fields: &mut Reader<'_>, what: &'static str) -> Result<Timestamp, DerError> {
    let value = fields.expect(GENERALIZED_TIME, what)?;
    Reader::new(value.whole).time(what)
}
