//! How a sign-in ended, with everything needed to answer it and to explain it.

use super::{Found, IssuedClaims, Step};
use crate::federation::TokenForm;
use crate::outcome::{Detail, Outcome};
use crate::protocol::samlp::NameId;
use crate::token::SignedToken;

/// The end of a sign-in.
#[derive(Debug)]
pub struct Verdict {
    /// The catalogue's name for it.
    pub outcome: Outcome,
    /// One sentence with the particulars, for the operator.
    pub finding: String,
    /// The particulars as fields.
    pub details: Vec<Detail>,
    /// Every stage passed, and the one that failed.
    pub steps: Vec<Step>,
    /// MessageID of the request, to which the answer relates.
    pub relates_to: Option<String>,
    /// Display name of the relying party trust, once the request was admitted.
    pub relying_party: Option<String>,
    /// Facts about the certificate and the account, as far as the sign-in came.
    pub identifiers: Vec<Detail>,
    /// What was issued, if anything was.
    pub issued: Option<Issued>,
}

/// A token and where it goes.
#[derive(Debug)]
pub struct Issued {
    /// The signed token.
    pub token: SignedToken,
    /// The version of SAML it is in.
    pub form: TokenForm,
    /// The name of the person in a response of SAML 2.0: by it the relying party will ask to sign them out.
    pub saml_name: Option<NameId>,
    /// How the account was found.
    pub found: Found,
    /// The identifier of the relying party.
    pub applies_to: String,
    /// What the token says.
    pub claims: IssuedClaims,
    /// Certificate claims the token should carry and does not.
    pub missing_certificate_claims: Vec<&'static str>,
}
