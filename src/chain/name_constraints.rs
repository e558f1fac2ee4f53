//! Name constraints (RFC 5280 sections 4.2.1.10 and 6.1.3 (b) and (c)): every name below an authority lies in what it
//! permits and outside what it excludes. The root's count too: whoever set them up meant them.

use super::name_forms::{self, Fit, Name};
use super::{ChainError, checks};
use crate::certificate::{Certificate, Subtree};
use std::sync::Arc;

/// Comparisons of a name with a subtree in one validation; webpki stops at the same number.
const COMPARISON_LIMIT: usize = 250_000;

/// Judges a complete path. `compared` counts over the whole search.
pub(super) fn check(path: &[Arc<Certificate>], compared: &mut usize) -> Result<(), ChainError> {
    for (position, authority) in path.iter().enumerate().skip(1).rev() {
        let Some(constraints) = authority.name_constraints() else { continue };
        for (below, certificate) in path.iter().enumerate().take(position) {
            // A renewal of the authority's own key bears the authority's own name.
            if below > 0 && certificate.is_self_issued() {
                continue;
            }
            let names = name_forms::names(certificate);
            let addresses = certificate.subject().email_addresses();
            for name in names.into_iter().chain(addresses.iter().map(|address| Name::Rfc822(address))) {
                let all = constraints.permitted.len() + constraints.excluded.len();
                *compared += all;
                if *compared > COMPARISON_LIMIT {
                    let unit = "names were compared with name constraints";
                    return Err(ChainError::BudgetExhausted { limit: COMPARISON_LIMIT, unit });
                }
                judge(&name, authority, certificate, &constraints.permitted, &constraints.excluded)?;
            }
        }
    }
    Ok(())
}

fn judge(
    name: &Name<'_>,
    authority: &Certificate,
    certificate: &Certificate,
    permitted: &[Subtree],
    excluded: &[Subtree],
) -> Result<(), ChainError> {
    let violated = |what: &str| ChainError::NameConstraints {
        subject: checks::subject(certificate),
        detail: format!("{name} {what} by \"{}\"", checks::subject(authority)),
    };
    let unsupported = |what: &str| ChainError::NameConstraintsUnsupported {
        subject: checks::subject(certificate),
        detail: format!("{name}: \"{}\" {what}", checks::subject(authority)),
    };
    let mut applicable = false;
    let mut within = false;
    for (subtree, excludes) in
        permitted.iter().map(|subtree| (subtree, false)).chain(excluded.iter().map(|subtree| (subtree, true)))
    {
        let fit = name_forms::fit(name, &subtree.base, excludes);
        if fit == Fit::OtherForm {
            continue;
        }
        if subtree.bounded {
            return Err(unsupported("sets a minimum or maximum, which RFC 5280 forbids"));
        }
        match fit {
            Fit::Within if excludes => return Err(violated("is excluded")),
            Fit::Unreadable => return Err(violated("cannot be read, and names of its form are constrained")),
            Fit::Unsupported => return Err(unsupported("constrains names of a form that is not evaluated")),
            Fit::Within => (applicable, within) = (true, true),
            Fit::Outside => applicable |= !excludes,
            Fit::OtherForm => {}
        }
    }
    if applicable && !within { Err(violated("is not among the names permitted")) } else { Ok(()) }
}
