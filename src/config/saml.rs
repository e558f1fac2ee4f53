//! What `[[relying_party]]` says about SAML 2.0, and `[[relying_party.saml_endpoint]]`.

use super::Located;
use super::document::Section;
use super::https_address::https_address;
use super::keys::{Key, Table, Variant};
use super::shapes::{Choice, File, Number, Optional, Required, Several, Switch, Text};
use crate::federation::saml_request::AssertionConsumer;
use crate::federation::{LogoutBinding, LogoutService, SamlResponseSignature};
use crate::xml_encryption::ContentEncryption;
use std::path::{Path, PathBuf};

/// The SAML 2.0 part of `[[relying_party]]`.
#[derive(Debug, Clone)]
pub struct SamlSection {
    /// Where responses go.
    pub consumers: Vec<AssertionConsumer>,
    /// Where logout messages go.
    pub logout: Option<LogoutService>,
    /// Files of certificates, PEM or DER.
    pub request_signing_certificates: Located<Vec<PathBuf>>,
    /// Whether a request without signature is refused.
    pub signed_requests_required: bool,
    /// What is signed of a response.
    pub response_signature: SamlResponseSignature,
    /// File of a certificate, PEM or DER.
    pub encryption_certificate: Option<Located<PathBuf>>,
    /// Whether it is used.
    pub encrypt_claims: bool,
    /// How assertions are encrypted.
    pub encryption_algorithm: ContentEncryption,
}

pub(super) const SAML_ENDPOINT: Table = Table {
    name: "relying_party.saml_endpoint",
    repeated: true,
    meaning: "An address of the relying party above it for SAML 2.0, as `New-AdfsSamlEndpoint` makes it. Without an assertion \
              consumer there is no SAML 2.0 sign-in.",
    keys: &[&PROTOCOL, &ADDRESS],
    variants: &[ASSERTION_CONSUMER, LOGOUT],
};

const ASSERTION_CONSUMER: Variant =
    Variant { key: "protocol", choice: "assertion-consumer", keys: &[&INDEX, &IS_DEFAULT] };
const LOGOUT: Variant = Variant { key: "protocol", choice: "logout", keys: &[&BINDING, &RESPONSE_ADDRESS] };

#[derive(Clone, Copy)]
enum Protocol {
    AssertionConsumer,
    Logout,
}

const PROTOCOL: Key<Choice<Protocol>> = Key {
    name: "protocol",
    shape: Choice {
        first: ("assertion-consumer", Protocol::AssertionConsumer),
        others: &[("logout", Protocol::Logout)],
        cure: Some("Say what is sent there: protocol = \"assertion-consumer\" for tokens, \"logout\" for sign-out."),
    },
    meaning: "What is sent there: responses with tokens (SAMLAssertionConsumer), always by POST, or logout messages \
              (SAMLLogout).",
};

const ADDRESS: Key<Required<Text>> = Key {
    name: "address",
    shape: Required {
        kind: Text("https address"),
        example: "https://app.contoso.com/saml/acs",
        cure: "Give the address as the application's metadata has it.",
    },
    meaning: "Where it is sent. Requests that name an address are compared with it letter by letter.",
};

const INDEX: Key<Number> = Key {
    name: "index",
    shape: Number { default: 0, range: 0..=65_535, unit: "" },
    meaning: "How a request may name the address (AssertionConsumerServiceIndex).",
};

const IS_DEFAULT: Key<Switch> = Key {
    name: "is_default",
    shape: Switch { default: false },
    meaning: "Whether it is used when a request names none. Without any such, the first is.",
};

const BINDING: Key<Choice<LogoutBinding>> = Key {
    name: "binding",
    shape: Choice {
        first: ("post", LogoutBinding::Post),
        others: &[("redirect", LogoutBinding::Redirect)],
        cure: None,
    },
    meaning: "How logout messages are sent.",
};

const RESPONSE_ADDRESS: Key<Optional<Text>> = Key {
    name: "response_address",
    shape: Optional {
        kind: Text("https address"),
        example: "https://app.contoso.com/saml/logged-out",
        absent: "`address`",
    },
    meaning: "`ResponseUri`: where answers to its logout requests are sent.",
};

pub(super) const REQUEST_SIGNING_CERTIFICATES: Key<Several> = Key {
    name: "request_signing_certificates",
    shape: Several { item: "file", example: "trusts/app-signing.pem", absent: "no signature is believed" },
    meaning: "`RequestSigningCertificate`: PEM or DER files of the certificates whose keys sign the application's SAML 2.0 \
              requests. A request with any other signature is refused.",
};

pub(super) const SIGNED_REQUESTS_REQUIRED: Key<Switch> = Key {
    name: "signed_saml_requests_required",
    shape: Switch { default: false },
    meaning: "`SignedSamlRequestsRequired`: whether a sign-in request without a signature is refused.",
};

pub(super) const RESPONSE_SIGNATURE: Key<Choice<SamlResponseSignature>> = Key {
    name: "saml_response_signature",
    shape: Choice {
        first: ("assertion-only", SamlResponseSignature::AssertionOnly),
        others: &[
            ("message-and-assertion", SamlResponseSignature::MessageAndAssertion),
            ("message-only", SamlResponseSignature::MessageOnly),
        ],
        cure: None,
    },
    meaning: "`SamlResponseSignature`: what is signed of a SAML 2.0 response.",
};

pub(super) const ENCRYPTION_CERTIFICATE: Key<Optional<File>> = Key {
    name: "encryption_certificate",
    shape: Optional { kind: File, example: "trusts/app-encryption.pem", absent: "nothing is encrypted" },
    meaning: "`EncryptionCertificate`: PEM or DER file, RSA. SAML 2.0 assertions are encrypted so that only its key reads them.",
};

pub(super) const ENCRYPT_CLAIMS: Key<Switch> = Key {
    name: "encrypt_claims",
    shape: Switch { default: true },
    meaning: "`EncryptClaims`: whether the certificate is used.",
};

pub(super) const ENCRYPTION_ALGORITHM: Key<Choice<ContentEncryption>> = Key {
    name: "encryption_algorithm",
    shape: Choice {
        first: ("aes256-cbc", ContentEncryption::Aes256Cbc),
        others: &[("aes256-gcm", ContentEncryption::Aes256Gcm)],
        cure: None,
    },
    meaning: "How assertions are encrypted. AD FS has no such setting and uses `aes256-cbc`; `aes256-gcm` is better where the \
              application understands it.",
};

/// Asks the section of a relying party for its keys, and for the sections below it.
pub(super) fn saml(section: &mut Section<'_, '_>) -> SamlSection {
    let (consumers, logout) = endpoints(section);
    let certificates = section.several(&REQUEST_SIGNING_CERTIFICATES);
    let signed_requests_required = section.switch(&SIGNED_REQUESTS_REQUIRED);
    if signed_requests_required && section.find(REQUEST_SIGNING_CERTIFICATES.name).is_none() {
        let at = section.stand_in((), SIGNED_REQUESTS_REQUIRED.name);
        let cure = "Name the certificates in request_signing_certificates, or nobody can sign in.";
        section.source.problem(&at, "needs the certificates that requests are signed with", cure);
    }
    let folder = section.source.file.parent().unwrap_or(Path::new(""));
    let Located { value, line, column, key } = certificates;
    let files = value.into_iter().map(|file| folder.join(file)).collect();
    SamlSection {
        consumers,
        logout,
        request_signing_certificates: Located { value: files, line, column, key },
        signed_requests_required,
        response_signature: section.choice(&RESPONSE_SIGNATURE),
        encryption_certificate: section.optional(&ENCRYPTION_CERTIFICATE),
        encrypt_claims: section.switch(&ENCRYPT_CLAIMS),
        encryption_algorithm: section.choice(&ENCRYPTION_ALGORITHM),
    }
}

fn endpoints(section: &mut Section<'_, '_>) -> (Vec<AssertionConsumer>, Option<LogoutService>) {
    let (mut consumers, mut logout) = (Vec::new(), None);
    for mut inner in section.sections(&SAML_ENDPOINT).unwrap_or_default() {
        let Some(protocol) = inner.required_choice(&PROTOCOL) else {
            SAML_ENDPOINT.variants.iter().for_each(|variant| inner.pass_over(variant.keys));
            inner.pass_over(&[&ADDRESS]);
            inner.finish();
            continue;
        };
        let (chosen, other) = match protocol {
            Protocol::AssertionConsumer => (&ASSERTION_CONSUMER, &LOGOUT),
            Protocol::Logout => (&LOGOUT, &ASSERTION_CONSUMER),
        };
        inner.idle(other, chosen);
        let address = inner.required(&ADDRESS);
        if !address.value.is_empty() {
            https_address(inner.source, &address, &address.value);
        }
        match protocol {
            Protocol::AssertionConsumer => {
                let consumer = consumer(&mut inner, address.value.clone());
                reject_second_consumer(&inner, &consumers, &consumer);
                consumers.push(consumer);
            }
            Protocol::Logout => {
                if logout.is_some() {
                    let message = "is the second with protocol = \"logout\" of one relying party";
                    inner.source.problem(&address, message, "Keep one; sign-out is told to one address.");
                }
                logout = Some(logout_service(&mut inner, address.value));
            }
        }
        inner.finish();
    }
    (consumers, logout)
}

fn consumer(section: &mut Section<'_, '_>, address: String) -> AssertionConsumer {
    let index = u16::try_from(section.number(&INDEX)).unwrap_or(0);
    AssertionConsumer { index, address, is_default: section.switch(&IS_DEFAULT) }
}

fn logout_service(section: &mut Section<'_, '_>, address: String) -> LogoutService {
    let response_address = section.optional(&RESPONSE_ADDRESS);
    if let Some(response) = &response_address {
        https_address(section.source, response, &response.value);
    }
    let response_address = response_address.map(|response| response.value);
    LogoutService { address, response_address, binding: section.choice(&BINDING) }
}

fn reject_second_consumer(section: &Section<'_, '_>, known: &[AssertionConsumer], consumer: &AssertionConsumer) {
    if known.iter().any(|known| known.index == consumer.index) {
        let at = section.stand_in((), INDEX.name);
        let message = format!("is {}, which another assertion consumer of the relying party has", consumer.index);
        section.source.problem(&at, message, "Give each the index that the application's metadata gives it.");
    }
    if consumer.is_default && known.iter().any(|known| known.is_default) {
        let at = section.stand_in((), IS_DEFAULT.name);
        section.source.problem(&at, "is true for another assertion consumer too", "Keep one default.");
    }
}
