//! The authorities that the TLS certificate request names, and how much of a client's patience they take.

use super::Builder;
use crate::certificate::DistinguishedName;
use crate::chain::{StoredCertificate, TrustStore};
use crate::config::{CaHints, Located};

/// What many clients take: Schannel reads no more, and a TLS record holds no more.
const BUDGET_BYTES: usize = 16 * 1024;
/// What TLS can express (RFC 5246 section 7.4.4: two octets of length).
const MAXIMUM_BYTES: usize = 65_535;

impl Builder<'_> {
    /// The names in DER, each once, in the order of the containers.
    pub(super) fn ca_hints(&mut self, trust: Option<&TrustStore>) -> Vec<Vec<u8>> {
        let hints = &self.configuration.user_tls.ca_hints;
        let stored = |stored: &[StoredCertificate]| -> Vec<DistinguishedName> {
            stored.iter().map(|stored| stored.certificate.subject().clone()).collect()
        };
        let roots = || trust.map(|trust| stored(trust.roots())).unwrap_or_default();
        let intermediates = || trust.map(|trust| stored(trust.intermediates())).unwrap_or_default();
        let authorities = match &hints.value {
            CaHints::None => return Vec::new(),
            CaHints::Roots => roots(),
            CaHints::Intermediates => intermediates(),
            CaHints::All => [roots(), intermediates()].concat(),
            CaHints::Files(files) => {
                let at = |file| Located { value: file, line: hints.line, column: hints.column, key: hints.key.clone() };
                let certificates = files.iter().filter_map(|file| self.certificate(&at(file.clone())));
                certificates.map(|certificate| certificate.subject().clone()).collect()
            }
        };
        let mut names: Vec<Vec<u8>> = Vec::with_capacity(authorities.len());
        for name in authorities {
            if !names.iter().any(|known| known == name.der()) {
                names.push(name.der().to_vec());
            }
        }
        self.weigh(&names);
        names
    }

    /// Each name costs its octets and two of length.
    fn weigh(&mut self, names: &[Vec<u8>]) {
        let hints = &self.configuration.user_tls.ca_hints;
        let bytes: usize = names.iter().map(|name| name.len() + 2).sum();
        let (key, count) = (&hints.key, names.len());
        let size = format!("{count} names in {bytes} bytes");
        if bytes > MAXIMUM_BYTES {
            let message = format!("comes to {size}, and TLS can say {MAXIMUM_BYTES} at most");
            self.problem(hints, message, "Name fewer authorities: a list of files, or \"none\".");
        } else if bytes > BUDGET_BYTES {
            self.warn(format!(
                "{key} comes to {size}; many clients read {BUDGET_BYTES} at most and ignore the rest or fail"
            ));
        } else {
            self.notes.push(format!("{key} comes to {size}, of {BUDGET_BYTES} that every client reads"));
        }
    }
}
