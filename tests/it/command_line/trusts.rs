//! `fedgate trusts`: relying parties listed, their rules printed, and made of what applications say of themselves.

use crate::support::fedgate::{Ended, run};
use crate::support::gateway::{CONFIGURATION, PKI, configured_folder};
use openssl::x509::X509;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Metadata of a service provider with a place for a signature, in the shape that libraries give it.
fn metadata() -> String {
    let certificate = openssl::base64::encode_block(&PKI.token_signing.der);
    let key = |purpose: &str| {
        format!(
            r#"<md:KeyDescriptor use="{purpose}"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"#
        )
    };
    format!(
        r##"<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_7a1c" entityID="https://travel.contoso.test/metadata"><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#_7a1c"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>
  <md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    {}{}
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://travel.contoso.test/slo"/>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
    <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://travel.contoso.test/acs" index="1"/>
  </md:SPSSODescriptor>
  <md:Organization><md:OrganizationName xml:lang="en">t</md:OrganizationName><md:OrganizationDisplayName xml:lang="en">Travel desk</md:OrganizationDisplayName><md:OrganizationURL xml:lang="en">https://travel.contoso.test/</md:OrganizationURL></md:Organization>
</md:EntityDescriptor>
"##,
        key("signing"),
        key("encryption")
    )
}

/// A folder with a gateway's files, the metadata as `sp.xml` and, signed by xmlsec1, as `signed.xml`.
struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Self {
        let site = Self(configured_folder());
        fs::write(site.path("sp.xml"), metadata()).unwrap();
        let done = Command::new("xmlsec1")
            .args(["--sign", "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"])
            .args([
                "--privkey-pem",
                &site.path("signing.key"),
                "--output",
                &site.path("signed.xml"),
                &site.path("sp.xml"),
            ])
            .output()
            .expect("the command xmlsec1, from the Debian package of that name");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        site
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn import(&self, arguments: &[&str]) -> Ended {
        run(["trusts", "import"].into_iter().chain(arguments.iter().copied()))
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let read = |entry: fs::DirEntry| entry.file_name().to_str().unwrap().to_owned();
        let mut names: Vec<String> =
            fs::read_dir(self.path(folder)).into_iter().flatten().map(|entry| read(entry.unwrap())).collect();
        names.sort();
        names
    }
}

#[test]
fn an_imported_trust_can_be_used_and_is_listed() {
    let site = Site::new();
    let config = site.path("fedgate.toml");
    let done = site.import(&[&site.path("sp.xml"), "--config", &config, "--access-control-policy", "permit-everyone"]);
    assert_eq!((done.code, done.output.as_str()), (Some(0), ""), "{}", done.errors);
    for told in
        ["Travel desk\n", "  signature    there is one, and it was not looked at", "encryption.pem\n", "  next "]
    {
        assert!(done.errors.contains(told), "{told}\n{}", done.errors);
    }
    assert_eq!(site.files("trusts/travel-desk"), ["encryption.pem", "request-signing-1.pem", "transform.rules"]);
    let checked = run(["check", "--config", &config]);
    assert_eq!(checked.code, Some(0), "{}", checked.errors);

    let listed = run(["trusts", "list", "--config", &config]);
    let expected = format!(
        "\nTravel desk\n  identifier        https://travel.contoso.test/metadata\n  SAML 2.0          \
         https://travel.contoso.test/acs (index 1)\n  SAML 2.0 logout   https://travel.contoso.test/slo\n  requests signed   {0}/\
         request-signing-1.pem\n  unsigned requests refused\n  encrypted to      {0}/encryption.pem\n  admitted by       policy \
         permit-everyone\n  claims            {0}/transform.rules\n",
        site.path("trusts/travel-desk")
    );
    assert!(listed.output.starts_with("Office 365\n") && listed.output.contains(&expected), "{}", listed.output);
    let rules = run(["trusts", "rules", "https://travel.contoso.test/metadata", "--config", &config]);
    assert_eq!(rules.output, fs::read_to_string(site.path("trusts/travel-desk/transform.rules")).unwrap());

    // twice is once too many, and nothing is changed
    let text = fs::read_to_string(&config).unwrap();
    let again = site.import(&[&site.path("sp.xml"), "--config", &config, "--name", "Another"]);
    assert_eq!(again.code, Some(1), "{}", again.errors);
    assert!(again.errors.contains("is an identifier of the relying party \"Travel desk\" already"), "{}", again.errors);
    assert_eq!(fs::read_to_string(&config).unwrap(), text);
}

#[test]
fn a_signature_is_believed_from_whom_was_named_and_from_nobody_else() {
    let site = Site::new();
    let into = site.path("out");
    let import = |document: &str, certificate: &str| {
        let (document, certificate) = (site.path(document), site.path(certificate));
        site.import(&[&document, "--signed-by", &certificate, "--into", &into, "--force"])
    };
    let good = import("signed.xml", "signing.pem");
    assert_eq!(good.code, Some(0), "{}", good.errors);
    assert!(good.errors.contains("  signature    made by the certificate of --signed-by\n"), "{}", good.errors);
    assert!(good.output.starts_with("# From the metadata of \"https://travel.contoso.test/metadata\"; signed by"));

    let signed = fs::read_to_string(site.path("signed.xml")).unwrap();
    fs::write(site.path("altered.xml"), signed.replace("test/acs", "test/evil")).unwrap();
    let own = X509::from_der(&PKI.gateway_tls.der).unwrap().to_pem().unwrap();
    fs::write(site.path("stranger.pem"), own).unwrap();
    fs::remove_dir_all(&into).unwrap();
    for (document, certificate, expected) in [
        ("altered.xml", "signing.pem", "the message was changed after it was signed"),
        ("signed.xml", "stranger.pem", "made by none of the certificates that were named"),
        ("sp.xml", "signing.pem", "made by none of the certificates that were named"),
    ] {
        let refused = import(document, certificate);
        assert_eq!((refused.code, refused.output.as_str()), (Some(1), ""), "{document}: {}", refused.errors);
        assert!(refused.errors.contains(expected), "{document}: {}", refused.errors);
        assert!(!Path::new(&into).exists(), "{document}");
    }
    let missing = import("signed.xml", "sp.xml");
    assert_eq!(missing.code, Some(2), "{}", missing.errors);
}

/// One answer, over http.
fn serve(body: String) -> (String, std::thread::JoinHandle<()>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/metadata", socket.local_addr().unwrap().port());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = socket.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        stream.write_all((head + &body).as_bytes()).unwrap();
    });
    (url, served)
}

#[test]
fn what_anybody_on_the_way_could_have_written_is_not_fetched_unless_it_is_signed() {
    let site = Site::new();
    let into = site.path("out");
    let refused = site.import(&["http://127.0.0.1:9/metadata", "--into", &into]);
    assert_eq!(refused.code, Some(2), "{}", refused.errors);
    assert!(refused.errors.contains("whoever is on the way could write the metadata"), "{}", refused.errors);

    let (url, served) = serve(fs::read_to_string(site.path("signed.xml")).unwrap());
    let done = site.import(&[&url, "--signed-by", &site.path("signing.pem"), "--into", &into]);
    assert_eq!(done.code, Some(0), "{}", done.errors);
    served.join().unwrap();

    // the addresses that nothing is fetched from
    let denied = site.import(&["https://169.254.169.254/metadata", "--into", &into]);
    assert_eq!(denied.code, Some(2), "{}", denied.errors);
    assert!(denied.errors.contains("169.254."), "{}", denied.errors);
}

#[test]
fn nothing_is_overwritten_unasked_and_nothing_written_in_a_dry_run() {
    let site = Site::new();
    let (document, into) = (site.path("sp.xml"), site.path("out"));
    let dry = site.import(&[&document, "--into", &into, "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}", dry.errors);
    assert!(dry.errors.contains("  would write  ") && dry.output.contains("[[relying_party]]\n"), "{}", dry.errors);
    assert!(!Path::new(&into).exists());

    let own = PathBuf::from(&into).join("travel-desk/transform.rules");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "=> issue(Type = \"my own\");").unwrap();
    let kept = site.import(&[&document, "--into", &into]);
    assert_eq!((kept.code, kept.output.as_str()), (Some(1), ""), "{}", kept.errors);
    assert!(kept.errors.contains("  kept         "), "{}", kept.errors);
    assert_eq!(site.files("out/travel-desk"), ["transform.rules"]);
    let forced = site.import(&[&document, "--into", &into, "--force"]);
    assert_eq!(forced.code, Some(0), "{}", forced.errors);
    assert!(!fs::read_to_string(&own).unwrap().contains("my own"));
}

/// The rules of a preset are text like any other: `rules check` finds nothing wrong with them.
#[test]
fn the_rules_of_a_preset_are_printed() {
    let site = Site::new();
    let (before, _) = CONFIGURATION.split_once("[[relying_party]]").unwrap();
    let text = format!(
        "{before}[[relying_party]]\nname = \"O365\"\npreset = \"office-365\"\naccess_control_policy = \"permit-everyone\"\n\
         [[relying_party.domain]]\nname = \"contoso.test\"\n"
    );
    let config = site.path("fedgate.toml");
    fs::write(&config, text).unwrap();
    let rules = run(["trusts", "rules", "O365", "--config", &config]);
    assert_eq!(rules.code, Some(0), "{}", rules.errors);
    assert!(rules.output.contains("Value = \"http://contoso.test/adfs/services/trust/\""), "{}", rules.output);
    fs::write(site.path("printed.rules"), &rules.output).unwrap();
    let checked = run(["rules", "check", &site.path("printed.rules")]);
    assert_eq!(checked.code, Some(0), "{}{}", checked.output, checked.errors);
    let listed = run(["trusts", "list", "--config", &config]).output;
    assert!(listed.contains("  claims            preset office-365\n"), "{listed}");
    assert!(listed.contains("  WS-Federation     https://login.microsoftonline.com/login.srf\n"), "{listed}");
    let unknown = run(["trusts", "rules", "Wiki", "--config", &config]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.errors.contains("no relying party is called \"Wiki\"; there are \"O365\""), "{}", unknown.errors);
}
