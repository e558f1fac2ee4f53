//! What a token will say, decided before a byte is written.

use super::{TokenError, authentication_method};
use crate::claims::{AD_AUTHORITY, Claim, LOCAL_AUTHORITY, STRING, claim_types};
use crate::text::Text;
use crate::xml::canonical::forbidden_character;
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// What a token says besides the claims.
#[derive(Debug, Clone, Copy)]
pub struct TokenContext<'a> {
    /// The token issuer's URI, as the relying party knows it.
    pub issuer: &'a str,
    /// The relying party's identifier.
    pub audience: &'a str,
    /// A fresh identifier: `_` and a UUID.
    pub assertion_id: &'a str,
    /// Now; the token is valid from here on.
    pub issued_at: Timestamp,
    /// When the user signed in; used only when the rules issued neither method nor instant.
    pub authenticated_at: Timestamp,
    /// How long the token is valid.
    pub lifetime: SignedDuration,
}

/// A token before it is written and signed. Every text in it can be carried by XML; made only by [`describe`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenDescription {
    pub(super) issuer: Text,
    pub(super) audience: Text,
    pub(super) assertion_id: String,
    pub(super) not_before: Timestamp,
    pub(super) not_on_or_after: Timestamp,
    pub(super) subject: Option<NameIdentifier>,
    pub(super) authentication_method: Text,
    pub(super) authenticated_at: Timestamp,
    pub(super) attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameIdentifier {
    pub(super) value: Text,
    pub(super) format: Option<Text>,
    /// What only SAML 2.0 writes; MS-MWBF section 2.2.4.2 forbids a qualifier in SAML 1.1.
    pub(super) name_qualifier: Option<Text>,
    pub(super) sp_name_qualifier: Option<Text>,
    pub(super) sp_provided_id: Option<Text>,
}

impl NameIdentifier {
    fn of(claim: &Claim) -> Result<Self, TokenError> {
        let property = |name: &'static str| {
            let value = claim.properties.get(name).filter(|value| !value.is_empty());
            value.map(|value| carried(value.clone(), name)).transpose()
        };
        Ok(Self {
            value: carried(claim.value.clone(), &claim.claim_type)?,
            format: property(claim_types::PROPERTY_FORMAT)?,
            name_qualifier: property(claim_types::PROPERTY_NAME_QUALIFIER)?,
            sp_name_qualifier: property(claim_types::PROPERTY_SP_NAME_QUALIFIER)?,
            sp_provided_id: property(claim_types::PROPERTY_SP_PROVIDED_ID)?,
        })
    }
}

/// The version of SAML a token is described for. They differ in what a claim type must look like, in how a method is
/// spelled, and in what properties of a claim are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Saml11,
    Saml20,
}

/// Claims of one type, value type and original issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) claim_type: Text,
    /// Where SAML 1.1 splits the claim type; SAML 2.0 does not.
    slash: usize,
    pub(super) name_format: Option<Text>,
    value_type: Option<ValueType>,
    pub(super) original_issuer: Option<Text>,
    pub(super) values: Vec<Text>,
}

impl Attribute {
    pub(super) fn namespace(&self) -> &str {
        &self.claim_type[..self.slash]
    }

    pub(super) fn name(&self) -> &str {
        &self.claim_type[self.slash + 1..]
    }

    /// Namespace and local name of the values' type; `None` for strings.
    pub(super) fn value_type(&self) -> Option<(&str, &str)> {
        self.value_type.as_ref().map(|known| (&known.uri[..known.hash], &known.uri[known.hash + 1..]))
    }

    fn holds(&self, claim: &Claim, form: Form) -> bool {
        self.claim_type == claim.claim_type
            && self.value_type.as_ref().map_or(STRING, |known| &known.uri) == &*claim.value_type
            && self.original_issuer.as_ref() == worth_telling(&claim.original_issuer)
            && (form == Form::Saml11 || self.name_format.as_ref() == name_format(claim))
    }
}

/// `namespace#name`, split at `hash`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ValueType {
    uri: Text,
    hash: usize,
}

/// Turns issued claims into the description of a SAML 1.1 token, as Windows Identity Foundation does (ADFS-PROTOCOLS
/// section 4.1): the name identifier becomes the subject, method and instant the authentication statement, everything
/// else an attribute. An issuerid claim is the token's issuer.
pub fn describe(claims: &[Claim], context: TokenContext<'_>) -> Result<TokenDescription, TokenError> {
    describe_as(Form::Saml11, claims, context)
}

pub(super) fn describe_as(
    form: Form,
    claims: &[Claim],
    context: TokenContext<'_>,
) -> Result<TokenDescription, TokenError> {
    let (not_before, not_on_or_after) = validity(&context)?;
    if !is_identifier(context.assertion_id) {
        return Err(TokenError::AssertionId { id: context.assertion_id.to_owned() });
    }
    let (authentication_method, authenticated_at) = authentication(form, claims, context.authenticated_at)?;
    let mut description = TokenDescription {
        issuer: carried(issuer(claims, context.issuer)?, "issuer")?,
        audience: carried(context.audience.to_owned(), "audience")?,
        assertion_id: context.assertion_id.to_owned(),
        not_before,
        not_on_or_after,
        subject: None,
        authentication_method,
        authenticated_at,
        attributes: Vec::with_capacity(claims.len()),
    };
    for claim in claims {
        match claim.claim_type.as_str() {
            claim_types::NAME_IDENTIFIER => description.identify(claim)?,
            claim_types::AUTHENTICATION_METHOD | claim_types::AUTHENTICATION_INSTANT => {}
            _ => description.attribute(claim, form)?,
        }
    }
    Ok(description)
}

impl TokenDescription {
    fn identify(&mut self, claim: &Claim) -> Result<(), TokenError> {
        let identifier = NameIdentifier::of(claim)?;
        if let Some(known) = &self.subject {
            if known.value == identifier.value && known.format == identifier.format {
                return Ok(());
            }
            return Err(TokenError::TwoNameIdentifiers {
                first: known.value.to_string(),
                second: claim.value.to_string(),
            });
        }
        self.subject = Some(identifier);
        Ok(())
    }

    fn attribute(&mut self, claim: &Claim, form: Form) -> Result<(), TokenError> {
        let value = carried(claim.value.clone(), &claim.claim_type)?;
        if let Some(attribute) = self.attributes.iter_mut().find(|attribute| attribute.holds(claim, form)) {
            attribute.values.push(value);
            return Ok(());
        }
        let slash = match form {
            Form::Saml11 => split_at(&claim.claim_type)?,
            Form::Saml20 => 0,
        };
        self.attributes.push(Attribute {
            claim_type: carried(claim.claim_type.clone(), "claim type")?,
            slash,
            name_format: name_format(claim).map(|format| carried(format.clone(), "name format")).transpose()?,
            value_type: value_type(claim)?,
            original_issuer: worth_telling(&claim.original_issuer)
                .map(|issuer| carried(issuer.clone(), "original issuer"))
                .transpose()?,
            values: vec![value],
        });
        Ok(())
    }
}

/// Entra ID knows each federated domain by an issuer of its own; the issuerid claim says which (ADFS-PROTOCOLS section 4.1).
/// The claim stays an attribute too.
fn issuer(claims: &[Claim], service: &str) -> Result<Text, TokenError> {
    let mut named = claims.iter().filter(|claim| claim.claim_type == claim_types::ISSUER_ID).map(|claim| &claim.value);
    let Some(first) = named.next() else { return Ok(service.to_owned().into()) };
    if let Some(second) = named.find(|value| *value != first) {
        return Err(TokenError::TwoIssuers { first: first.to_string(), second: second.to_string() });
    }
    if Url::parse(first).is_err() {
        return Err(TokenError::IssuerId { value: first.to_string() });
    }
    Ok(first.clone())
}

/// The last slash of a claim type, with text on both sides of it.
fn split_at(claim_type: &str) -> Result<usize, TokenError> {
    let slash = claim_type.rfind('/').filter(|slash| *slash > 0 && slash + 1 < claim_type.len());
    slash.ok_or_else(|| TokenError::ClaimType { claim_type: claim_type.to_owned() })
}

fn name_format(claim: &Claim) -> Option<&Text> {
    claim.properties.get(claim_types::PROPERTY_ATTRIBUTE_NAME_FORMAT).filter(|format| !format.is_empty())
}

/// Real AD FS tokens name the original issuer only of claims that neither the directory nor the rules made.
fn worth_telling(original_issuer: &Text) -> Option<&Text> {
    (!matches!(original_issuer.as_str(), "" | LOCAL_AUTHORITY | AD_AUTHORITY)).then_some(original_issuer)
}

fn value_type(claim: &Claim) -> Result<Option<ValueType>, TokenError> {
    if claim.value_type == STRING {
        return Ok(None);
    }
    let malformed =
        || TokenError::ValueType { claim_type: claim.claim_type.to_string(), value_type: claim.value_type.to_string() };
    let hash = claim.value_type.find('#').ok_or_else(malformed)?;
    if !is_namespace(&claim.value_type[..hash]) || !is_identifier(&claim.value_type[hash + 1..]) {
        return Err(malformed());
    }
    Ok(Some(ValueType { uri: claim.value_type.clone(), hash }))
}

/// The first method and the first instant. Neither: the statement, which MS-MWBF section 2.2.4.2 demands, says that the
/// method is unspecified.
fn authentication(form: Form, claims: &[Claim], fallback: Timestamp) -> Result<(Text, Timestamp), TokenError> {
    let (unspecified, spelled): (_, fn(&str) -> &str) = match form {
        Form::Saml11 => (authentication_method::UNSPECIFIED, authentication_method::saml11_method),
        Form::Saml20 => (authentication_method::UNSPECIFIED_CLASS, authentication_method::saml20_class),
    };
    let first = |wanted| claims.iter().find(|claim| claim.claim_type == wanted);
    let (present, missing) =
        match (first(claim_types::AUTHENTICATION_METHOD), first(claim_types::AUTHENTICATION_INSTANT)) {
            (None, None) => return Ok((unspecified.into(), milliseconds(fallback))),
            (Some(method), Some(instant)) => {
                let at = instant.value.parse().map(milliseconds);
                let at = at.map_err(|_| TokenError::AuthenticationInstant { value: instant.value.to_string() })?;
                let method = spelled(&method.value).to_owned();
                return Ok((carried(method, claim_types::AUTHENTICATION_METHOD)?, at));
            }
            (Some(_), None) => (claim_types::AUTHENTICATION_METHOD, claim_types::AUTHENTICATION_INSTANT),
            (None, Some(_)) => (claim_types::AUTHENTICATION_INSTANT, claim_types::AUTHENTICATION_METHOD),
        };
    Err(TokenError::AuthenticationIncomplete { present, missing })
}

fn validity(context: &TokenContext<'_>) -> Result<(Timestamp, Timestamp), TokenError> {
    let impossible = || TokenError::Lifetime { seconds: context.lifetime.as_secs() };
    let start = milliseconds(context.issued_at);
    let end = start.checked_add(context.lifetime).map(milliseconds).map_err(|_| impossible())?;
    if end > start { Ok((start, end)) } else { Err(impossible()) }
}

/// A token writes milliseconds; what the record says must be what the token says.
fn milliseconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment)
}

pub(super) fn carried(text: impl Into<Text>, place: &str) -> Result<Text, TokenError> {
    let text = text.into();
    match forbidden_character(&text) {
        None => Ok(text),
        Some(character) => Err(TokenError::ForbiddenCharacter { place: place.to_owned(), character }),
    }
}

/// A namespace that a verifier can canonicalise. Canonical XML section 1.3 makes a relative namespace an error and libxml2
/// also fails on what is no URI, so that one odd value type would cost the signature of the whole token.
fn is_namespace(text: &str) -> bool {
    const RESERVED: [&str; 2] = ["http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace"];
    let scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
    };
    let rest = |rest: &str| {
        !rest.is_empty()
            && rest.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&octet))
    };
    !RESERVED.contains(&text) && text.split_once(':').is_some_and(|(first, last)| scheme(first) && rest(last))
}

/// The ASCII part of an `NCName`.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-' | b'.'))
}
