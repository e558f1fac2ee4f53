//! WS-MetadataExchange: the WSDL in which active clients look for a WS-Trust endpoint. The names are those of AD FS's own
//! document. MSAL and ADAL look for a policy with a user name token, the binding that refers to it, and the port of that
//! binding; they read nothing else, and MSAL stops at any binding without a SOAP action (ADFS-PROTOCOLS section 3.2).

use super::Version;
use super::namespaces as ns;
use crate::xml::canonical::{escape_attribute, escape_text};

const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const WSDL_SOAP_12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";
const WSDL_ADDRESSING: &str = "http://www.w3.org/2006/05/addressing/wsdl";
const SOAP_OVER_HTTP: &str = "http://schemas.xmlsoap.org/soap/http";
const SERVICE: &str = "http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice";

/// How a client proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A TLS client certificate. February 2005 only.
    CertificateTransport,
    /// A certificate whose key signed the message, over HTTPS.
    CertificateMixed,
    /// A user name and a password over HTTPS.
    UserNameMixed,
}

/// How a client proves who it is, and in which version of WS-Trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Binding {
    /// How.
    pub credential: Credential,
    /// In which version.
    pub version: Version,
}

/// A binding and where it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// How.
    pub binding: Binding,
    /// The address as clients use it; it begins with `https://`.
    pub address: String,
}

impl Version {
    fn port_type(self) -> &'static str {
        match self {
            Self::February2005 => "IWSTrustFeb2005Async",
            Self::V13 => "IWSTrust13Async",
        }
    }

    fn operation(self) -> &'static str {
        match self {
            Self::February2005 => "TrustFeb2005IssueAsync",
            Self::V13 => "Trust13IssueAsync",
        }
    }

    fn answer(self) -> &'static str {
        match self {
            Self::February2005 => "RequestSecurityTokenResponse",
            Self::V13 => "RequestSecurityTokenResponseCollection",
        }
    }

    /// Namespace of the WS-SecurityPolicy that goes with it.
    fn security_policy(self) -> &'static str {
        match self {
            Self::February2005 => "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy",
            Self::V13 => "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702",
        }
    }
}

impl Binding {
    /// As AD FS names it: the twin that came second has a number.
    fn name(self) -> String {
        let (kind, number) = match self.credential {
            Credential::CertificateTransport => ("Certificate", "1"),
            Credential::CertificateMixed => ("Certificate", ""),
            Credential::UserNameMixed => ("UserName", ""),
        };
        format!("{kind}WSTrustBinding_{}{number}", self.version.port_type())
    }

    /// WS-SecurityPolicy 1.2 has no such attribute where no certificate is wanted.
    fn https_token(self) -> &'static str {
        match (self.credential, self.version) {
            (Credential::CertificateTransport, _) => "<sp:HttpsToken RequireClientCertificate=\"true\"/>",
            (_, Version::February2005) => "<sp:HttpsToken RequireClientCertificate=\"false\"/>",
            (_, Version::V13) => "<sp:HttpsToken/>",
        }
    }

    /// Where AD FS says Basic256, which in a signed message means SHA-1: such a signature is not accepted here.
    fn algorithms(self) -> &'static str {
        match self.credential {
            Credential::CertificateMixed => "Basic256Sha256",
            Credential::CertificateTransport | Credential::UserNameMixed => "Basic256",
        }
    }

    /// What the message carries beside the TLS layer. The element that holds the user name token changed its name between
    /// the versions.
    fn supporting_tokens(self) -> String {
        let namespace = self.version.security_policy();
        let to_recipient = format!("sp:IncludeToken=\"{namespace}/IncludeToken/AlwaysToRecipient\"");
        let holder = match (self.credential, self.version) {
            (Credential::CertificateTransport, _) => return String::new(),
            (Credential::CertificateMixed, _) => "EndorsingSupportingTokens",
            (Credential::UserNameMixed, Version::February2005) => "SignedSupportingTokens",
            (Credential::UserNameMixed, Version::V13) => "SignedEncryptedSupportingTokens",
        };
        let tokens = match self.credential {
            Credential::CertificateMixed => format!(
                "<sp:X509Token {to_recipient}><wsp:Policy><sp:RequireThumbprintReference/><sp:WssX509V3Token10/></wsp:Policy>\
                 </sp:X509Token><sp:SignedParts><sp:Header Name=\"To\" Namespace=\"{}\"/></sp:SignedParts>",
                ns::ADDRESSING
            ),
            _ => format!(
                "<sp:UsernameToken {to_recipient}><wsp:Policy><sp:WssUsernameToken10/></wsp:Policy></sp:UsernameToken>"
            ),
        };
        format!("<sp:{holder} xmlns:sp=\"{namespace}\"><wsp:Policy>{tokens}</wsp:Policy></sp:{holder}>")
    }
}

/// Writes the document. Policies, bindings and the service are children of the root, which is where clients look.
pub fn render(ports: &[Port]) -> String {
    let mut out = String::with_capacity(8 * 1024);
    out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?><wsdl:definitions name=\"SecurityTokenService\"");
    attribute(&mut out, "targetNamespace", SERVICE);
    for (prefix, namespace) in [
        ("tns", SERVICE),
        ("wsdl", WSDL),
        ("soap12", WSDL_SOAP_12),
        ("wsp", ns::POLICY),
        ("wsu", ns::UTILITY),
        ("wsa10", ns::ADDRESSING),
        ("wsaw", WSDL_ADDRESSING),
        ("t", ns::TRUST_2005),
        ("trust", ns::TRUST_13),
    ] {
        attribute(&mut out, &format!("xmlns:{prefix}"), namespace);
    }
    out.push('>');
    ports.iter().for_each(|port| policy(&mut out, port.binding));
    for spoken in [Version::February2005, Version::V13] {
        if ports.iter().any(|port| port.binding.version == spoken) {
            port_type(&mut out, spoken);
        }
    }
    ports.iter().for_each(|port| binding(&mut out, port.binding));
    out.push_str("<wsdl:service name=\"SecurityTokenService\">");
    ports.iter().for_each(|port| service_port(&mut out, port));
    out.push_str("</wsdl:service></wsdl:definitions>");
    out
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_attribute(out, value);
    out.push('"');
}

fn policy(out: &mut String, binding: Binding) {
    let (name, namespace) = (binding.name(), binding.version.security_policy());
    let (https_token, algorithms, tokens) = (binding.https_token(), binding.algorithms(), binding.supporting_tokens());
    let timestamp = if tokens.is_empty() { "" } else { "<sp:IncludeTimestamp/>" };
    out.push_str(&format!(
        "<wsp:Policy wsu:Id=\"{name}_policy\"><wsp:ExactlyOne><wsp:All>\
         <sp:TransportBinding xmlns:sp=\"{namespace}\"><wsp:Policy>\
         <sp:TransportToken><wsp:Policy>{https_token}</wsp:Policy></sp:TransportToken>\
         <sp:AlgorithmSuite><wsp:Policy><sp:{algorithms}/></wsp:Policy></sp:AlgorithmSuite>\
         <sp:Layout><wsp:Policy><sp:Strict/></wsp:Policy></sp:Layout>{timestamp}\
         </wsp:Policy></sp:TransportBinding>{tokens}\
         <wsaw:UsingAddressing/></wsp:All></wsp:ExactlyOne></wsp:Policy>"
    ));
}

fn port_type(out: &mut String, version: Version) {
    let (port_type, operation, prefix) = (version.port_type(), version.operation(), version.prefix());
    let (answer, action, answer_action) = (version.answer(), version.action(), version.answer_action());
    out.push_str(&format!(
        "<wsdl:message name=\"{port_type}_{operation}_InputMessage\">\
         <wsdl:part name=\"request\" element=\"{prefix}:RequestSecurityToken\"/></wsdl:message>\
         <wsdl:message name=\"{port_type}_{operation}_OutputMessage\">\
         <wsdl:part name=\"{operation}Result\" element=\"{prefix}:{answer}\"/></wsdl:message>\
         <wsdl:portType name=\"{port_type}\"><wsdl:operation name=\"{operation}\">\
         <wsdl:input wsaw:Action=\"{action}\" message=\"tns:{port_type}_{operation}_InputMessage\"/>\
         <wsdl:output wsaw:Action=\"{answer_action}\" message=\"tns:{port_type}_{operation}_OutputMessage\"/>\
         </wsdl:operation></wsdl:portType>"
    ));
}

fn binding(out: &mut String, binding: Binding) {
    let (name, version) = (binding.name(), binding.version);
    let (port_type, operation, action) = (version.port_type(), version.operation(), version.action());
    out.push_str(&format!(
        "<wsdl:binding name=\"{name}\" type=\"tns:{port_type}\"><wsp:PolicyReference URI=\"#{name}_policy\"/>\
         <soap12:binding transport=\"{SOAP_OVER_HTTP}\"/><wsdl:operation name=\"{operation}\">\
         <soap12:operation soapAction=\"{action}\" style=\"document\"/>\
         <wsdl:input><soap12:body use=\"literal\"/></wsdl:input>\
         <wsdl:output><soap12:body use=\"literal\"/></wsdl:output></wsdl:operation></wsdl:binding>"
    ));
}

fn service_port(out: &mut String, port: &Port) {
    let name = port.binding.name();
    out.push_str(&format!("<wsdl:port name=\"{name}\" binding=\"tns:{name}\"><soap12:address"));
    attribute(out, "location", &port.address);
    out.push_str("/><wsa10:EndpointReference><wsa10:Address>");
    escape_text(out, &port.address);
    out.push_str("</wsa10:Address></wsa10:EndpointReference></wsdl:port>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::reader::{Element, XmlLimits, parse_document};

    fn document(bindings: &[Binding]) -> Element {
        let port =
            |binding: &Binding| Port { binding: *binding, address: format!("https://sts.test/{}?a&b", binding.name()) };
        let ports: Vec<Port> = bindings.iter().map(port).collect();
        let text = render(&ports);
        let (_, body) = text.split_once("?>").unwrap();
        parse_document(body.as_bytes(), XmlLimits::default()).unwrap()
    }

    /// A dangling reference is how MSAL comes to crash.
    #[test]
    fn every_reference_leads_to_something() {
        let all = [
            (Credential::CertificateMixed, Version::February2005),
            (Credential::CertificateTransport, Version::February2005),
            (Credential::UserNameMixed, Version::February2005),
            (Credential::CertificateMixed, Version::V13),
            (Credential::UserNameMixed, Version::V13),
        ]
        .map(|(credential, version)| Binding { credential, version });
        for count in 0..=all.len() {
            let root = document(&all[..count]);
            let policies: Vec<&str> =
                root.children(ns::POLICY, "Policy").filter_map(|policy| policy.attribute(ns::UTILITY, "Id")).collect();
            let named = |name| -> Vec<&str> {
                root.children(WSDL, name).filter_map(|element| element.attribute("", "name")).collect()
            };
            let ports: Vec<&Element> = root.child(WSDL, "service").unwrap().children(WSDL, "port").collect();
            assert_eq!((policies.len(), named("binding").len(), ports.len()), (count, count, count));
            for binding in root.children(WSDL, "binding") {
                let reference = binding.child(ns::POLICY, "PolicyReference").unwrap().attribute("", "URI").unwrap();
                assert!(policies.contains(&reference.strip_prefix('#').unwrap()), "{reference}");
                let port_type = binding.attribute("", "type").unwrap().strip_prefix("tns:").unwrap();
                assert!(named("portType").contains(&port_type), "{port_type}");
                assert!(binding.child(WSDL_SOAP_12, "binding").is_some());
                let operation = binding.child(WSDL, "operation").unwrap().child(WSDL_SOAP_12, "operation").unwrap();
                assert!(operation.attribute("", "soapAction").unwrap().ends_with("/RST/Issue"));
            }
            for port in ports {
                let binding = port.attribute("", "binding").unwrap().strip_prefix("tns:").unwrap();
                assert!(named("binding").contains(&binding), "{binding}");
                let address = port.child(ns::ADDRESSING, "EndpointReference").unwrap();
                let address = address.child(ns::ADDRESSING, "Address").unwrap().trimmed();
                let location = port.child(WSDL_SOAP_12, "address").unwrap().attribute("", "location");
                assert_eq!((location, address.ends_with("?a&b")), (Some(address), true));
            }
        }
    }
}
