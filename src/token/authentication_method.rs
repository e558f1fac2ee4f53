//! How a sign-in method is spelled inside a token (ADFS-PROTOCOLS section 8.1).

/// The family of URIs in which AD FS keeps methods internally.
const NORMALISED: &str = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/";
/// SAML 1.1 section 7.1.11: nothing is said about the method.
pub(super) const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.0:am:unspecified";

/// The SAML 1.1 `AuthenticationMethod` of a method. Ordinal comparison; a value outside the table passes unchanged.
pub fn saml11_method(method: &str) -> &str {
    let Some(name) = method.strip_prefix(NORMALISED) else { return method };
    match name {
        "password" => "urn:oasis:names:tc:SAML:1.0:am:password",
        "windows" => "urn:federation:authentication:windows",
        "kerberos" => "urn:ietf:rfc:1510",
        "tlsclient" => "urn:ietf:rfc:2246",
        "x509" => "urn:oasis:names:tc:SAML:1.0:am:X509-PKI",
        // with this doubled prefix on the wire since WIF 1.0
        "hardwaretoken" => "URI:urn:oasis:names:tc:SAML:1.0:am:HardwareToken",
        "pgp" => "urn:oasis:names:tc:SAML:1.0:am:PGP",
        "spki" => "urn:oasis:names:tc:SAML:1.0:am:SPKI",
        "xkms" => "urn:oasis:names:tc:SAML:1.0:am:XKMS",
        "secureremotepassword" => "urn:ietf:rfc:2945",
        "signature" => "urn:ietf:rfc:3075",
        "unspecified" => UNSPECIFIED,
        _ => method,
    }
}

/// SAML 2.0 authentication context section 3.4.25: nothing is said about the method.
pub(super) const UNSPECIFIED_CLASS: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";

/// The SAML 2.0 authentication context class of a method. Ordinal comparison; a value outside the table passes unchanged.
pub fn saml20_class(method: &str) -> &str {
    let Some(name) = method.strip_prefix(NORMALISED) else { return method };
    match name {
        "password" => "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
        "windows" => "urn:federation:authentication:windows",
        "kerberos" => "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos",
        "tlsclient" => "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient",
        "x509" => "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
        "smartcard" => "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
        "smartcardpki" => "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
        "pgp" => "urn:oasis:names:tc:SAML:2.0:ac:classes:PGP",
        "spki" => "urn:oasis:names:tc:SAML:2.0:ac:classes:SPKI",
        "secureremotepassword" => "urn:oasis:names:tc:SAML:2.0:ac:classes:SecureRemotePassword",
        "signature" => "urn:oasis:names:tc:SAML:2.0:ac:classes:XMLDSig",
        // the standard's spelling; WIF wrote a capital U, which no relying party can find in the standard
        "unspecified" => UNSPECIFIED_CLASS,
        _ => method,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_methods_for_saml20() {
        let classes = "urn:oasis:names:tc:SAML:2.0:ac:classes:";
        for (name, class) in [
            ("tlsclient", "TLSClient"),
            ("x509", "X509"),
            ("password", "Password"),
            ("kerberos", "Kerberos"),
            ("smartcardpki", "SmartcardPKI"),
            ("signature", "XMLDSig"),
            ("unspecified", "unspecified"),
        ] {
            assert_eq!(saml20_class(&format!("{NORMALISED}{name}")), format!("{classes}{class}"));
        }
        assert_eq!(saml20_class(&format!("{NORMALISED}windows")), "urn:federation:authentication:windows");
        for unchanged in ["urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "urn:ietf:rfc:2246", ""]
        {
            assert_eq!(saml20_class(unchanged), unchanged);
        }
        let hardware = format!("{NORMALISED}hardwaretoken");
        assert_eq!(saml20_class(&hardware), hardware);
    }

    #[test]
    fn spells_methods_for_saml11() {
        let cases = [
            ("tlsclient", "urn:ietf:rfc:2246"),
            ("x509", "urn:oasis:names:tc:SAML:1.0:am:X509-PKI"),
            ("password", "urn:oasis:names:tc:SAML:1.0:am:password"),
            ("windows", "urn:federation:authentication:windows"),
            ("hardwaretoken", "URI:urn:oasis:names:tc:SAML:1.0:am:HardwareToken"),
            ("unspecified", "urn:oasis:names:tc:SAML:1.0:am:unspecified"),
        ];
        for (name, expected) in cases {
            assert_eq!(saml11_method(&format!("{NORMALISED}{name}")), expected);
        }
        for unchanged in [
            "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/smartcard",
            "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/TLSClient",
            "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            "urn:ietf:rfc:2246",
            "",
        ] {
            assert_eq!(saml11_method(unchanged), unchanged);
        }
    }
}
