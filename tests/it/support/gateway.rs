//! A gateway that serves, in this process, with the lab's certificates and the machine's clock.

use fedgate::clock::Clock;
use fedgate::config::{self, Configuration};
use fedgate::directory::Dialect;
use fedgate::entropy;
use fedgate::http::GetAnswer;
use fedgate::lab::pki::{Issued, Pki, PkiNames, UserCertificate, make_pki};
use fedgate::listener::{ListenerParts, ListenerSettings, RunningGateway};
use fedgate::lookups::LdapSettings;
use fedgate::sign_in::{Recorder, SignInRecord};
use openssl::x509::X509;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What the gateway is called; its certificate says so.
pub const SERVICE: &str = "sts.contoso.test";

/// The lab's certificates, made once: keys take a while.
pub static PKI: LazyLock<Pki> = LazyLock::new(|| {
    // Nobody serves CRLs there: these tests are about what comes before.
    let names = PkiNames { service: SERVICE.to_owned(), crl_base_url: "http://127.0.0.1:9".to_owned() };
    make_pki(Clock::System.now(), &names, &mut entropy::random_bytes).unwrap()
});

/// The certificate of a member of the cast.
pub fn user(name: &str) -> &'static UserCertificate {
    PKI.users.iter().find(|user| user.role.name == name).unwrap()
}

/// What a gateway allows its clients.
pub struct Patience {
    pub handshake: Duration,
    pub request: Duration,
    pub get_answer: GetAnswer,
}

impl Default for Patience {
    fn default() -> Self {
        Self { handshake: Duration::from_secs(20), request: Duration::from_secs(10), get_answer: GetAnswer::AtOnce }
    }
}

/// The running gateway. It ends with this value.
pub struct TestGateway {
    pub user_tls: SocketAddr,
    pub service: SocketAddr,
    records: Arc<Mutex<Vec<SignInRecord>>>,
    running: Option<RunningGateway>,
    runtime: Option<Runtime>,
    folder: TempDir,
}

impl TestGateway {
    pub fn start() -> Self {
        Self::with(Patience::default())
    }

    pub fn with(patience: Patience) -> Self {
        Self::configured(patience, CONFIGURATION)
    }

    /// Naming authorities in the certificate request.
    pub fn hinting(ca_hints: &str) -> Self {
        Self::with_user_tls_keys(&format!("ca_hints = {ca_hints}\n"))
    }

    /// With further keys of the user TLS listener.
    pub fn with_user_tls_keys(keys: &str) -> Self {
        let section = "[listener.user_tls]\n";
        let text = CONFIGURATION.replacen(section, &format!("{section}{keys}"), 1);
        Self::configured(Patience::default(), &text)
    }

    /// With further sections.
    pub fn with_section(section: &str) -> Self {
        Self::configured(Patience::default(), &format!("{section}{CONFIGURATION}"))
    }

    /// With further sections, and an LDAP server for a directory.
    pub fn with_ldap(section: &str, settings: &LdapSettings) -> Self {
        let (bind_dn, password) = settings.bind.clone().unwrap();
        let directory = format!(
            "[directory]\nkind = \"ldap\"\nurl = {:?}\nca_certificate = \"directory-ca.pem\"\nbase_dn = {:?}\nbind_dn = {bind_dn:?}\n\
             bind_password_file = \"directory.password\"\ndialect = {:?}\n",
            settings.url,
            settings.base_dn,
            if settings.dialect == Dialect::OpenLdap { "openldap" } else { "active-directory" },
        );
        let text = CONFIGURATION.replacen("[directory]\nkind = \"ldif\"\nfile = \"directory.ldif\"\n", &directory, 1);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("directory-ca.pem"), settings.ca_certificate.as_deref().unwrap()).unwrap();
        fs::write(folder.path().join("directory.password"), password).unwrap();
        Self::in_folder(folder, Patience::default(), &format!("{section}{text}"))
    }

    /// With further sections, and this LDIF text for a directory.
    pub fn with_people(section: &str, ldif: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("people.ldif"), ldif).unwrap();
        let text = CONFIGURATION.replacen("directory.ldif", "people.ldif", 1);
        Self::in_folder(folder, Patience::default(), &format!("{section}{text}"))
    }

    /// With another configuration as a whole.
    pub fn configured(patience: Patience, configuration: &str) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), patience, configuration)
    }

    fn in_folder(folder: TempDir, patience: Patience, configuration: &str) -> Self {
        write_files(folder.path(), configuration);
        let configuration =
            Configuration::load(&folder.path().join("fedgate.toml")).map_err(|p| p.to_string()).unwrap();
        let assembled = config::assemble(&configuration).map_err(|problems| problems.to_string()).unwrap();
        let records = Arc::<Mutex<Vec<SignInRecord>>>::default();
        let watched = records.clone();
        let recorder = Recorder::watched(move |record| watched.lock().unwrap().push(record));
        let (mut gateway, identities) = assembled.into_gateway(&configuration, Clock::System, recorder);
        gateway.request_timeout = patience.request;
        gateway.get_answer = patience.get_answer;
        let settings = ListenerSettings {
            handshake_timeout: patience.handshake,
            request_timeout: patience.request,
            maximum_connections: 256,
            workers: 2,
        };
        let [user_tls, service] = identities.map(|identity| ListenerParts {
            socket: TcpListener::bind("127.0.0.1:0").unwrap(),
            identity,
            settings,
        });
        let runtime = Runtime::new().unwrap();
        let running = runtime.block_on(async { RunningGateway::start(user_tls, service, gateway) }).unwrap();
        Self {
            user_tls: running.user_tls,
            service: running.service,
            records,
            running: Some(running),
            runtime: Some(runtime),
            folder,
        }
    }

    /// The authority of its certificate, in a file.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("roots/root.pem")
    }

    /// What it signs tokens with, in a file.
    pub fn token_signing_certificate(&self) -> PathBuf {
        self.folder.path().join("signing.pem")
    }

    /// Every sign-in recorded so far.
    pub fn records(&self) -> Vec<SignInRecord> {
        self.records.lock().unwrap().clone()
    }

    /// Tells the gateway to stop and waits until it has.
    pub fn stop(&mut self) {
        if let (Some(running), Some(runtime)) = (self.running.take(), &self.runtime) {
            runtime.block_on(running.stop());
        }
    }
}

impl Drop for TestGateway {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The shortest configuration there is.
pub const CONFIGURATION: &str = r#"
[service]
name = "sts.contoso.test"

[listener.user_tls]
address = "127.0.0.1:0"
certificate = "tls.pem"
private_key = "tls.key"

[listener.service]
address = "127.0.0.1:0"
certificate = "tls.pem"
private_key = "tls.key"

[trust]
roots = "roots"
intermediates = "intermediates"

[directory]
kind = "ldif"
file = "directory.ldif"
netbios_domain = "CONTOSO"

[token_signing]
certificate = "signing.pem"
private_key = "signing.key"

[claims_provider]
acceptance_rules = "acceptance.rules"

[[relying_party]]
name = "Office 365"
identifiers = ["urn:federation:MicrosoftOnline"]
authorization_rules = "authorization.rules"
transform_rules = "acceptance.rules"
"#;

const PASS_EVERYTHING: &str = "c:[] => issue(claim = c);\n";
const PERMIT: &str =
    "=> issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");\n";

/// A folder with a configuration and everything it names.
pub fn configured_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), CONFIGURATION);
    folder
}

/// The files of a gateway with this configuration.
pub fn write_files(folder: &Path, configuration: &str) {
    let write = |name: &str, content: &[u8]| fs::write(folder.join(name), content).unwrap();
    for name in ["roots", "intermediates"] {
        fs::create_dir(folder.join(name)).unwrap();
    }
    write("fedgate.toml", configuration.as_bytes());
    write("acceptance.rules", PASS_EVERYTHING.as_bytes());
    write("authorization.rules", PERMIT.as_bytes());
    write("directory.ldif", b"dn: CN=Alice,DC=contoso,DC=test\nuserPrincipalName: alice@contoso.test\n");
    write("roots/root.pem", &pem(&PKI.root.issued));
    write("intermediates/issuing.pem", &pem(&PKI.issuing.issued));
    write("tls.pem", &[pem(&PKI.gateway_tls), pem(&PKI.issuing.issued)].concat());
    write("tls.key", &key(&PKI.gateway_tls));
    write("signing.pem", &pem(&PKI.token_signing));
    write("signing.key", &key(&PKI.token_signing));
}

fn pem(issued: &Issued) -> Vec<u8> {
    X509::from_der(&issued.der).unwrap().to_pem().unwrap()
}

fn key(issued: &Issued) -> Vec<u8> {
    issued.key.private().private_key_to_pem_pkcs8().unwrap()
}
