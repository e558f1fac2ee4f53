//! `[authentication_policy]`, by the names of `Set-AdfsGlobalAuthenticationPolicy`.

use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{Choice, List};
use crate::federation::prompt::{AuthenticationPolicy, Method, Methods, PasswordDemand};
use crate::spelling::nearest;

/// What is served, by AD FS's names.
const PROVIDERS: [(&str, Method); 2] =
    [("CertificateAuthentication", Method::Certificate), ("FormsAuthentication", Method::Password)];
/// What AD FS has besides.
const NOT_SERVED: &[&str] = &[
    "WindowsAuthentication",
    "MicrosoftPassportAuthentication",
    "DeviceAuthentication",
    "AzurePrimaryAuthentication",
    "AzureMfaAuthentication",
];

pub(super) const AUTHENTICATION_POLICY: Table = Table {
    name: "authentication_policy",
    repeated: false,
    meaning: "How people may sign in at `/adfs/ls/`, by AD FS's names: `CertificateAuthentication` and `FormsAuthentication` (name \
              and password). Where a client is inside the corporate network is said in `[proxy]`.",
    keys: &[&PRIMARY_EXTRANET, &PRIMARY_INTRANET, &ADDITIONAL, &PASSWORD_DEMAND],
    variants: &[],
};

const PRIMARY_EXTRANET: Key<List> = Key {
    name: "primary_extranet",
    shape: List {
        item: "names of methods",
        default: &["CertificateAuthentication", "FormsAuthentication"],
        example: &[],
        cure: Some("Name CertificateAuthentication, FormsAuthentication or both; without any nobody can sign in."),
    },
    meaning: "`PrimaryExtranetAuthenticationProvider`: what people outside the corporate network may begin with. AD FS leaves \
              certificates off until somebody turns them on; here they are on.",
};

const PRIMARY_INTRANET: Key<List> = Key {
    name: "primary_intranet",
    shape: List {
        item: "names of methods",
        default: &["CertificateAuthentication", "FormsAuthentication"],
        example: &[],
        cure: Some("Name CertificateAuthentication, FormsAuthentication or both; without any nobody can sign in."),
    },
    meaning: "`PrimaryIntranetAuthenticationProvider`: the same for people inside.",
};

const ADDITIONAL: Key<List> = Key {
    name: "additional",
    shape: List { item: "names of methods", default: &[], example: &["CertificateAuthentication"], cure: None },
    meaning: "`AdditionalAuthenticationProvider`: what may be the second factor, after another method. Whether a certificate alone \
              is two factors is said in `[additional_authentication]`.",
};

const PASSWORD_DEMAND: Key<Choice<PasswordDemand>> = Key {
    name: "password_demand",
    shape: Choice {
        first: ("strict", PasswordDemand::Strict),
        others: &[("fresh-certificate", PasswordDemand::FreshCertificate)],
        cure: None,
    },
    meaning: "What becomes of a request that insists on a password where certificates are the only method. Entra ID sends it for \
              `prompt=login` unless the domain's PromptLoginBehavior says otherwise. `strict`: it is refused, as by AD FS, and \
              the page names the setting. `fresh-certificate`: a certificate presented for this very request satisfies it.",
};

/// Without `certificate_is_multi_factor`, which another section says.
pub(super) fn authentication_policy(mut section: Section<'_, '_>) -> AuthenticationPolicy {
    let policy = AuthenticationPolicy {
        primary_extranet: methods(&mut section, &PRIMARY_EXTRANET),
        primary_intranet: methods(&mut section, &PRIMARY_INTRANET),
        additional: methods(&mut section, &ADDITIONAL),
        certificate_is_multi_factor: false,
        password_demand: section.choice(&PASSWORD_DEMAND),
    };
    section.finish();
    policy
}

fn methods(section: &mut Section<'_, '_>, key: &Key<List>) -> Methods {
    let names = section.list(key);
    let mut methods = Methods::NONE;
    for name in &names.value {
        if let Some((_, method)) = PROVIDERS.iter().find(|(known, _)| known == name) {
            methods = methods.with(*method);
            continue;
        }
        let known = PROVIDERS.iter().map(|(known, _)| *known);
        let (message, cure) = match nearest(name, known) {
            _ if NOT_SERVED.contains(&name.as_str()) => (
                format!("has {name:?}, which is not served yet"),
                "Remove it, and keep CertificateAuthentication, FormsAuthentication or both.".to_owned(),
            ),
            Some(meant) => (format!("has {name:?}, which is no method"), format!("Did you mean {meant}?")),
            None => (
                format!("has {name:?}, which is no method"),
                "The methods are CertificateAuthentication and FormsAuthentication.".to_owned(),
            ),
        };
        section.source.problem(&names, message, cure);
    }
    methods
}
