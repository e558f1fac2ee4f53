//! Which relying parties a session went to, for the sign-out to tell them. The browser keeps the list in the open: only what is
//! an identifier of a trust counts, so a forged one tells a known application to sign somebody out who signs out anyway.

use crate::federation::{RelyingPartyTrust, RelyingPartyTrusts};
use std::sync::Arc;

/// More than a person uses in one session; the cookie stays below 4 KiB.
const MOST: usize = 32;
const MOST_BYTES: usize = 2800;

/// Identifiers, the latest last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VisitedRelyingParties(Vec<String>);

impl VisitedRelyingParties {
    /// Reads the cookie's text.
    pub fn from_text(text: &str) -> Self {
        Self(text.lines().filter(|line| !line.is_empty()).take(MOST).map(str::to_owned).collect())
    }

    /// The cookie's text.
    pub fn to_text(&self) -> String {
        self.0.join("\n")
    }

    /// Adds one. When there are too many the oldest is forgotten, and is not told of the sign-out.
    #[must_use]
    pub fn with(mut self, identifier: &str) -> Self {
        self.0.retain(|known| known != identifier);
        self.0.push(identifier.to_owned());
        while self.0.len() > MOST || self.0.iter().map(|known| known.len() + 1).sum::<usize>() > MOST_BYTES {
            self.0.remove(0);
        }
        self
    }

    /// The trusts that are meant, each once.
    pub fn trusts<'t>(&self, trusts: &'t RelyingPartyTrusts) -> Vec<&'t Arc<RelyingPartyTrust>> {
        let mut found: Vec<&Arc<RelyingPartyTrust>> = Vec::new();
        for trust in self.0.iter().filter_map(|identifier| trusts.find(identifier)) {
            if !found.iter().any(|known| Arc::ptr_eq(known, trust)) {
                found.push(trust);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_each_once() {
        let visited = VisitedRelyingParties::from_text("urn:a\nurn:b\n").with("urn:a").with("urn:c");
        assert_eq!(visited.to_text(), "urn:b\nurn:a\nurn:c");
        let many = (0..200).fold(visited, |visited, number| visited.with(&format!("urn:{number:0>120}")));
        assert!(many.to_text().len() <= MOST_BYTES && many.to_text().ends_with("199"));
        assert_eq!(VisitedRelyingParties::from_text("").to_text(), "");
        assert_eq!(VisitedRelyingParties::from_text(&many.to_text()), many);
    }
}
