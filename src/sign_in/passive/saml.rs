//! SAML 2.0 at `/adfs/ls/`: from parameters to a message that is believed, or the reason why it is not.

use crate::federation::{Farm, RelyingPartyTrust};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::samlp::{
    ASSERTION, AuthnRequest, BindingError, Carried, LogoutRequest, LogoutResponse, PROTOCOL, RELAY_STATE_OCTETS,
    from_post, from_redirect, read_authn_request, read_logout_request, read_logout_response, redirect_query,
};
use crate::protocol::wsfed::Parameters;
use crate::sign_in::evidence::RequestEvidence;
use crate::sign_in::refusals;
use crate::xml::reader::{Element, parse_document};
use crate::xml_signature::{DSIG, SignatureFault, verify_enveloped, verify_query};

/// A message of SAML 2.0. Where the trust wants signatures, it is read from what was signed.
#[derive(Debug)]
pub(super) enum SamlMessage {
    SignIn(Box<SamlSignIn>),
    Logout(Box<SamlLogout>),
    LoggedOut(Box<LogoutResponse>),
}

/// A request to sign somebody in.
#[derive(Debug)]
pub(in crate::sign_in) struct SamlSignIn {
    pub(in crate::sign_in) request: AuthnRequest,
    /// Echoed.
    pub(in crate::sign_in) relay_state: Option<String>,
}

/// A request to sign somebody out.
#[derive(Debug)]
pub(in crate::sign_in) struct SamlLogout {
    pub(in crate::sign_in) request: LogoutRequest,
    /// Echoed.
    pub(in crate::sign_in) relay_state: Option<String>,
}

/// Reads the message of a query, if there is one. What was posted has been put into a query before
/// ([`redirect_query`](crate::protocol::samlp::redirect_query)), so there is one binding to read.
pub(super) fn read(parameters: &Parameters<'_>, query: &str, farm: &Farm) -> Result<Option<SamlMessage>, Refusal> {
    let carried = match (parameters.said("SAMLRequest"), parameters.said("SAMLResponse")) {
        (None, None) => return Ok(None),
        (Some(_), None) => Carried::Request,
        (None, Some(_)) => Carried::Response,
        (Some(_), Some(_)) => return Err(ambiguous("a SAMLRequest and a SAMLResponse at once")),
    };
    if parameters.get("wa").is_some() {
        return Err(ambiguous("a SAML message and a WS-Federation action at once"));
    }
    let relay_state = parameters.get("RelayState").map(str::to_owned);
    if relay_state.as_ref().is_some_and(|state| state.len() > RELAY_STATE_OCTETS) {
        return Err(ambiguous("a RelayState that is too long"));
    }
    let octets = from_redirect(parameters.said(carried.parameter()).unwrap_or_default())?;
    let root = parse_document(&octets, farm.request.xml).map_err(|error| refusals::saml_xml(&error))?;
    let kind = Kind::of(&root, carried)?;
    let incoming = Incoming { parameters, query, carried, octets: &octets, kind };
    let element = incoming.believed(root, farm)?;
    Ok(Some(match kind {
        Kind::AuthnRequest => {
            SamlMessage::SignIn(Box::new(SamlSignIn { request: read_authn_request(&element)?, relay_state }))
        }
        Kind::LogoutRequest => {
            SamlMessage::Logout(Box::new(SamlLogout { request: read_logout_request(&element)?, relay_state }))
        }
        Kind::LogoutResponse => SamlMessage::LoggedOut(Box::new(read_logout_response(&element)?)),
    }))
}

/// What is still in a form could not be put into a query.
pub(super) fn refuse_posted(form: &Parameters<'_>) -> Result<(), Refusal> {
    match (form.said("SAMLRequest"), form.said("SAMLResponse")) {
        (None, None) => Ok(()),
        (Some(_), Some(_)) => Err(ambiguous("a SAMLRequest and a SAMLResponse at once")),
        (Some(value), None) | (None, Some(value)) => {
            posted(value)?;
            Err(ambiguous("a SAML message among the answers of a page"))
        }
    }
}

/// A message that came by the POST binding, as the query in which it goes on: pages keep the request in the address of their
/// forms. `None` when there is none that can be read.
pub fn moved_into_query(request: &RequestEvidence) -> Option<String> {
    let form = Parameters::parse(super::message::form(request).ok()?).ok()?;
    let (carried, value) = match (form.said("SAMLRequest"), form.said("SAMLResponse")) {
        (Some(value), None) => (Carried::Request, value),
        (None, Some(value)) => (Carried::Response, value),
        _ => return None,
    };
    // whoever adds a field of ours to a message of theirs means no good
    let ours = ["AuthMethod", "State", "UserName", "Password", "wa"];
    let alone = ours.iter().all(|name| form.get(name).is_none());
    Some(redirect_query(carried, &posted(value).ok().filter(|_| alone)?, form.get("RelayState")))
}

/// Some relying parties compress what they post, too.
fn posted(value: &str) -> Result<Vec<u8>, BindingError> {
    let octets = from_post(value)?;
    let begins = octets.iter().find(|octet| !octet.is_ascii_whitespace());
    // the byte order mark is let pass, as the reader does
    if matches!(begins, Some(b'<' | 0xEF)) { Ok(octets) } else { from_redirect(value) }
}

fn ambiguous(what: &str) -> Refusal {
    Refusal::new(Outcome::ParametersUnreadable, format!("The request has {what}."))
        .with("reason", format!("the request has {what}"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    AuthnRequest,
    LogoutRequest,
    LogoutResponse,
}

impl Kind {
    /// A response in the place of a request is none, whatever it says.
    fn of(root: &Element, carried: Carried) -> Result<Self, Refusal> {
        match (&*root.name, carried) {
            _ if &*root.namespace != PROTOCOL => {}
            ("AuthnRequest", Carried::Request) => return Ok(Self::AuthnRequest),
            ("LogoutRequest", Carried::Request) => return Ok(Self::LogoutRequest),
            ("LogoutResponse", Carried::Response) => return Ok(Self::LogoutResponse),
            _ => {}
        }
        let reason = format!("the {} is a {:?}, which is not served", carried.parameter(), shortened(&root.name));
        Err(Refusal::because(Outcome::SamlMessageMalformed, &reason).with("reason", reason))
    }

    /// AD FS takes no logout message without a signature. A response of somebody who signs nothing at all only lets the round
    /// go on.
    fn must_be_signed(self, trust: &RelyingPartyTrust) -> bool {
        match self {
            Self::AuthnRequest => trust.saml.signed_requests_required,
            Self::LogoutRequest => true,
            Self::LogoutResponse => !trust.saml.request_signing_certificates.is_empty(),
        }
    }
}

struct Incoming<'a> {
    parameters: &'a Parameters<'a>,
    query: &'a str,
    carried: Carried,
    octets: &'a [u8],
    kind: Kind,
}

impl Incoming<'_> {
    /// The message as it was signed. A signature that is there is verified although nobody demands it, as in AD FS. Of a
    /// relying party that is not known nothing is verified: it gets no further than admission.
    fn believed(&self, root: Element, farm: &Farm) -> Result<Element, Refusal> {
        let issuer = issuer(&root).to_owned();
        let Some(trust) = farm.relying_parties.find(&issuer) else { return Ok(root) };
        let certificates = &trust.saml.request_signing_certificates;
        let beside = ["Signature", "SigAlg"].iter().any(|name| self.parameters.get(name).is_some());
        let inside = root.descendants().any(|element| element.is(DSIG, "Signature"));
        let believed = match (beside, inside) {
            (true, _) => verify_query(self.query, self.carried.parameter(), certificates).map(|()| root),
            (false, true) => verify_enveloped(self.octets, certificates, farm.request.xml),
            (false, false) if self.kind.must_be_signed(trust) => Err(SignatureFault::Missing),
            (false, false) => Ok(root),
        };
        let believed = believed.map_err(|fault| refusals::saml_signature(&fault, &issuer))?;
        if self::issuer(&believed) == issuer {
            return Ok(believed);
        }
        Err(refusals::saml_signature(&SignatureFault::Form("what is signed is of another issuer"), &issuer))
    }
}

fn issuer(root: &Element) -> &str {
    root.child(ASSERTION, "Issuer").map(Element::trimmed).unwrap_or_default()
}

fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}
