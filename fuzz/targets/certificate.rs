//! A certificate from the handshake: read, and every view of it asked for.
#![no_main]

use fedgate::certificate::Certificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|der: &[u8]| {
    let Ok(certificate) = Certificate::read_der(der) else { return };
    assert_eq!(certificate.der(), der);
    assert!(certificate.subject().matches(certificate.subject()));
    assert!(!certificate.serial().decimal().is_empty());
    let _ = (certificate.issuer().rfc4514(), certificate.issuer().dotnet(), certificate.is_self_issued());
    let _ = (certificate.name_constraints(), certificate.policy_mappings(), certificate.policy_constraints());
    let _ = (certificate.user_principal_names().count(), certificate.rfc822_names().count());
});
