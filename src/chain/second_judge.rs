//! OpenSSL: every public-key operation, and a second opinion on the whole path. It repeats independently what it can
//! express. Certificate policies are not asked of it: with POLICY_CHECK it starts from an empty set of acceptable policies
//! and refuses every hierarchy that demands one (code 43). Nor is it believed when it cannot evaluate a name constraint
//! (codes 49, 51 to 53) that was evaluated here.

use super::{ChainError, checks};
use crate::certificate::Certificate;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509StoreContext};
use std::sync::Arc;

/// Whether the key of `issuer` made the signature of `certificate`. What OpenSSL cannot read is not signed.
pub(super) fn signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let verify = || -> Result<bool, ErrorStack> {
        let key = X509::from_der(issuer.der())?.public_key()?;
        X509::from_der(certificate.der())?.verify(&key)
    };
    let signed = verify().unwrap_or(false);
    empty_error_queue();
    signed
}

/// OpenSSL's verdict on a path that is complete: its root is the only trust anchor, and time is not OpenSSL's business.
pub(super) fn agree(path: &[Arc<Certificate>]) -> Result<(), ChainError> {
    let verdict = verify(path);
    empty_error_queue();
    match verdict {
        Ok(None) => Ok(()),
        Ok(Some(Refusal { code: 49 | 51..=53, .. })) => Ok(()),
        Ok(Some(refusal)) => Err(refusal.explain(path)),
        Err(errors) => Err(Refusal { code: -1, text: errors.to_string(), depth: 0 }.explain(path)),
    }
}

/// A refusal leaves entries in OpenSSL's queue, where the next TLS operation of this thread would take them for its own.
fn empty_error_queue() {
    drop(ErrorStack::get());
}

struct Refusal {
    code: i32,
    text: String,
    depth: usize,
}

fn verify(path: &[Arc<Certificate>]) -> Result<Option<Refusal>, ErrorStack> {
    let (Some(leaf), Some(root)) = (path.first(), path.last()) else { return Err(ErrorStack::get()) };
    let store = only(X509::from_der(root.der())?)?;
    let mut untrusted = Stack::new()?;
    for intermediate in path.iter().take(path.len() - 1).skip(1) {
        untrusted.push(X509::from_der(intermediate.der())?)?;
    }
    let leaf = X509::from_der(leaf.der())?;
    let mut context = X509StoreContext::new()?;
    context.init(&store, &leaf, &untrusted, |context| {
        if context.verify_cert()? {
            return Ok(None);
        }
        let depth = usize::try_from(context.error_depth()).unwrap_or_default();
        let error = context.error();
        Ok(Some(Refusal { code: error.as_raw(), text: error.error_string().to_owned(), depth }))
    })
}

fn only(root: X509) -> Result<X509Store, ErrorStack> {
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_flags(X509VerifyFlags::NO_CHECK_TIME)?;
    parameters.set_auth_level(0);
    let mut builder = X509StoreBuilder::new()?;
    builder.add_cert(root)?;
    builder.set_param(&parameters)?;
    Ok(builder.build())
}

impl Refusal {
    /// The codes are those of `X509_verify_cert_error_string(3)`.
    fn explain(self, path: &[Arc<Certificate>]) -> ChainError {
        let Self { code, text, depth } = self;
        let subject = path.get(depth).or(path.first()).map(|at| checks::subject(at)).unwrap_or_default();
        match code {
            47 | 48 => ChainError::NameConstraints { subject, detail: text },
            _ => ChainError::RefusedByOpenssl { code, text, subject },
        }
    }
}
