//! What is worth a word although it decides nothing: what AD FS or Entra ID would mind, and sources that contradict each other.

use super::addresses::AddressFacts;
use super::crl_evidence::RevocationFacts;

/// From here on Entra ID refuses a CRL while somebody waits for it (ENTRA-CBA section 2).
const ENTRA_INTERACTIVE_BYTES: usize = 20 * 1024 * 1024;
/// From here on Entra ID takes no CRL at all in its public cloud.
const ENTRA_LARGEST_BYTES: usize = 45 * 1024 * 1024;

/// About the CRLs that were seen, for AD FS and Entra ID.
pub(super) fn of_other_products(addresses: &[AddressFacts]) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    for address in addresses.iter().filter(|address| address.kind == "crl") {
        let url = &address.url;
        if address.crl.as_ref().is_some_and(|crl| crl.encoding == "PEM") {
            remarks.push(format!("The CRL at {url} is PEM. AD FS and Entra ID want DER and would refuse it."));
        }
        match address.bytes {
            Some(bytes) if bytes > ENTRA_LARGEST_BYTES => {
                remarks.push(format!("The CRL at {url} has {bytes} bytes. Entra ID takes none over 45 MB."));
            }
            Some(bytes) if bytes > ENTRA_INTERACTIVE_BYTES => remarks.push(format!(
                "The CRL at {url} has {bytes} bytes. Over 20 MB, Entra ID refuses the first sign-in while it loads the list."
            )),
            _ => {}
        }
    }
    remarks.dedup();
    remarks
}

/// About a CRL and a responder that do not say the same of one certificate. `by_crl` is what the CRLs alone come to.
pub(super) fn of_contradictions(by_crl: &[RevocationFacts], addresses: &[AddressFacts]) -> Vec<String> {
    let mut remarks = Vec::new();
    for facts in by_crl.iter().filter(|facts| matches!(facts.status, "good" | "revoked" | "on hold")) {
        for address in addresses.iter().filter(|address| address.serial.as_ref() == Some(&facts.serial)) {
            let Some(answer) = address.ocsp.as_ref().filter(|_| address.asked_for == facts.subject) else { continue };
            if answer.status == facts.status || address.problem.is_some() && answer.status != "unknown" {
                continue;
            }
            let crl = facts.crl.as_deref().unwrap_or_default();
            remarks.push(format!(
                "The CRL and the OCSP responder disagree about \"{}\": {crl} says {}, and {} says {}. Ask the authority which \
                 of the two is behind.",
                facts.subject,
                if facts.status == "good" { "not revoked" } else { facts.status },
                address.url,
                if answer.status == "unknown" { "that it does not know the certificate" } else { answer.status },
            ));
        }
    }
    remarks
}
