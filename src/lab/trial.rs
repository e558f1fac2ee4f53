//! The trial: everybody in the cast signs in over the network, and somebody without a certificate tries to.

use super::cast::{CAST, Role};
use super::client::{Answer, Client, ClientError};
use super::folder::Lab;
use super::running::RunningLab;
use super::xmlsec1::{self, Judged};
use crate::claims::claim_types as types;
use crate::entropy;
use crate::http::routes::CERTIFICATE_TRANSPORT;
use crate::outcome::{Outcome, Wire};
use crate::protocol::namespaces as ns;
use crate::sign_in::SignInRecord;
use crate::xml::reader::{Element, XmlLimits, parse_document};
use std::path::PathBuf;
use uuid::Uuid;

const ASSERTION: &str = "urn:oasis:names:tc:SAML:1.0:assertion";
const OFFICE_365: &str = "urn:federation:MicrosoftOnline";

/// One attempt to sign in.
#[derive(Debug)]
pub struct Trial {
    /// Whose, or `none` for nobody's.
    pub name: &'static str,
    /// What is special about it.
    pub shows: &'static str,
    /// How it must end.
    pub expected: Outcome,
    /// What the client got.
    pub answer: Result<Answer, ClientError>,
    /// What the gateway recorded.
    pub record: Option<SignInRecord>,
    /// The token, when one was issued.
    pub token: Option<Token>,
}

/// A token as the client sees it.
#[derive(Debug)]
pub struct Token {
    /// Where the lab keeps it.
    pub file: PathBuf,
    /// What xmlsec1 said of it.
    pub judged: Judged,
    /// Facts outside the attributes: issuer, audience, subject, method.
    pub facts: Vec<(&'static str, String)>,
    /// Claim types and values.
    pub claims: Vec<(String, String)>,
}

impl Trial {
    /// What is not as it must be; empty when all is.
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        let answer = match &self.answer {
            Ok(answer) => answer,
            Err(error) => return vec![format!("the client got no answer: {error}")],
        };
        match &self.record {
            None => complaints.push("the gateway recorded no such sign-in".to_owned()),
            Some(record) if record.outcome != self.expected => {
                complaints.push(format!("{} {} was expected", self.expected.code(), self.expected.name()));
            }
            Some(_) => {}
        }
        let status = self.expected.entry().wire.http_status();
        if answer.status != status {
            complaints.push(format!("the client got HTTP {}, not {status}", answer.status));
        }
        if self.expected.entry().wire == Wire::Token {
            match &self.token {
                None => complaints.push("no token came back".to_owned()),
                Some(token) => complaints.extend(token.complaints(self.record.as_ref())),
            }
        }
        complaints
    }
}

impl Token {
    fn complaints(&self, record: Option<&SignInRecord>) -> Vec<String> {
        let mut complaints = Vec::new();
        if let Judged::NotGood(said) = &self.judged {
            complaints.push(format!("xmlsec1 does not accept the token: {said}"));
        }
        for wanted in [types::OFFICE_UPN, types::IMMUTABLE_ID] {
            if !self.claims.iter().any(|(claim_type, value)| claim_type == wanted && !value.is_empty()) {
                complaints.push(format!("the token lacks {wanted}"));
            }
        }
        let facts = [("audience", OFFICE_365), ("method", "urn:ietf:rfc:2246")];
        complaints.extend(facts.iter().filter_map(|(fact, wanted)| {
            let found = self.facts.iter().find(|(name, _)| name == fact).map_or("nothing", |(_, value)| value);
            (found != *wanted).then(|| format!("the token's {fact} is {found}, not {wanted}"))
        }));
        let presented = |field: &str| {
            let fields = record.into_iter().flat_map(|record| &record.identifiers);
            fields.into_iter().find(|(name, _)| *name == field).map(|(_, value)| value.clone())
        };
        for (claim_type, field) in
            [(types::SERIAL_NUMBER, "certificate_serial"), (types::CERTIFICATE_ISSUER, "certificate_issuer")]
        {
            let told = self.claims.iter().find(|(found, _)| found == claim_type).map(|(_, value)| value.clone());
            if told.is_none() || told != presented(field) {
                complaints.push(format!("the token's {claim_type} is not the certificate's"));
            }
        }
        complaints
    }
}

/// Signs everybody in, one after the other, and says after each how far it is. Blocks: run it off the gateway's threads.
pub fn try_everybody(lab: &RunningLab, mut progress: impl FnMut(&Trial)) -> Vec<Trial> {
    let nobody = ("none", "no certificate at all", Outcome::NoCertificate, false);
    let everybody = CAST.iter().map(|role: &Role| (role.name, role.shows, role.expected, true));
    let mut trials = Vec::with_capacity(CAST.len() + 1);
    for (name, shows, expected, has_certificate) in everybody.chain([nobody]) {
        let client = Client {
            address: lab.user_tls(),
            server_name: lab.lab.service_name().to_owned(),
            root: lab.lab.root(),
            certificate: has_certificate.then(|| lab.lab.user(name)),
        };
        let answer = client.post(CERTIFICATE_TRANSPORT, &request(lab.lab.service_name(), client.address.port()));
        let correlation = answer.as_ref().ok().and_then(|answer| answer.header("request-id")?.parse::<Uuid>().ok());
        let record = correlation.and_then(|correlation| lab.records.find(correlation));
        let token = answer.as_ref().ok().and_then(|answer| read_token(&lab.lab, name, &answer.body));
        let trial = Trial { name, shows, expected, answer, record, token };
        progress(&trial);
        trials.push(trial);
    }
    trials
}

/// The request of a WCF client: no Security header, the certificate being all there is to say.
pub(super) fn request(service_name: &str, port: u16) -> String {
    format!(
        r#"<s:Envelope xmlns:s="{soap}" xmlns:a="{addressing}"><s:Header><a:Action s:mustUnderstand="1">{action}</a:Action><a:MessageID>urn:uuid:{message}</a:MessageID><a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo><a:To s:mustUnderstand="1">https://{service_name}:{port}{CERTIFICATE_TRANSPORT}</a:To></s:Header><s:Body><t:RequestSecurityToken xmlns:t="{trust}"><wsp:AppliesTo xmlns:wsp="{policy}"><a:EndpointReference><a:Address>{OFFICE_365}</a:Address></a:EndpointReference></wsp:AppliesTo><t:KeyType>{key_type}</t:KeyType><t:RequestType>{request_type}</t:RequestType></t:RequestSecurityToken></s:Body></s:Envelope>"#,
        soap = ns::SOAP_12,
        addressing = ns::ADDRESSING,
        action = ns::ACTION_ISSUE_2005,
        message = entropy::uuid(),
        trust = ns::TRUST_2005,
        policy = ns::POLICY,
        key_type = ns::KEY_TYPE_NO_PROOF,
        request_type = ns::REQUEST_TYPE_ISSUE_2005,
    )
}

fn read_token(lab: &Lab, name: &str, response: &str) -> Option<Token> {
    let assertion = xmlsec1::cut_assertion(response)?;
    let file = match lab.keep_token(name, assertion) {
        Ok(file) => file,
        Err(error) => {
            let judged = Judged::NotGood(error.to_string());
            return Some(Token { file: PathBuf::new(), judged, facts: Vec::new(), claims: Vec::new() });
        }
    };
    let judged = xmlsec1::verify(&file, &lab.token_signing_certificate());
    let limits = XmlLimits { depth: 32, attributes: 64, text_bytes: 64 * 1024 };
    let (facts, claims) = parse_document(assertion.as_bytes(), limits).map_or_else(
        |error| (vec![("unreadable", error.to_string())], Vec::new()),
        |assertion| (facts(&assertion), claims(&assertion)),
    );
    Some(Token { file, judged, facts, claims })
}

fn facts(assertion: &Element) -> Vec<(&'static str, String)> {
    let text = |name: &str| assertion.descendants().find(|e| e.is(ASSERTION, name)).map(|e| e.trimmed().to_owned());
    let statement = assertion.descendants().find(|element| element.is(ASSERTION, "AuthenticationStatement"));
    let method = statement.and_then(|statement| statement.attribute("", "AuthenticationMethod")).map(str::to_owned);
    let conditions = assertion.descendants().find(|element| element.is(ASSERTION, "Conditions"));
    let until = conditions.and_then(|conditions| conditions.attribute("", "NotOnOrAfter")).map(str::to_owned);
    let found = [
        ("issuer", assertion.attribute("", "Issuer").map(str::to_owned)),
        ("audience", text("Audience")),
        ("subject", text("NameIdentifier")),
        ("method", method),
        ("good until", until),
    ];
    found.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The claim type is namespace, slash, name (ADFS-PROTOCOLS section 4.1).
fn claims(assertion: &Element) -> Vec<(String, String)> {
    let attributes = assertion.descendants().filter(|element| element.is(ASSERTION, "Attribute"));
    attributes
        .flat_map(|attribute| {
            let part = |name| attribute.attribute("", name).unwrap_or_default();
            let claim_type = format!("{}/{}", part("AttributeNamespace"), part("AttributeName"));
            let values = attribute.children(ASSERTION, "AttributeValue");
            values.map(move |value| (claim_type.clone(), value.trimmed().to_owned()))
        })
        .collect()
}
