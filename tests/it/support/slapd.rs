//! A real directory server: OpenLDAP's slapd with Active Directory's attributes, on loopback, in a folder of its own.

use super::server_certificate::{self, ServerCertificate};
use super::sockets;
use fedgate::clock::Clock;
use fedgate::directory::Dialect;
use fedgate::lookups::LdapSettings;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpSocket;

const SERVER: &str = "/usr/sbin/slapd";
const LOADER: &str = "/usr/sbin/slapadd";
const SCHEMA: &str = include_str!("active_directory.schema");

pub const BASE_DN: &str = "dc=contoso,dc=test";
pub const BIND_DN: &str = "cn=gateway,dc=contoso,dc=test";
pub const BIND_PASSWORD: &str = "a gateway's password";

/// Everything that hangs in the tree below which a test's people live.
pub const TREE: &str = "dn: dc=contoso,dc=test
objectClass: organization
objectClass: dcObject
o: Contoso
dc: contoso

dn: ou=people,dc=contoso,dc=test
objectClass: organizationalUnit
ou: people

";

/// The account that the gateway binds as.
const GATEWAY: &str = "
dn: cn=gateway,dc=contoso,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: gateway
userPassword: a gateway's password
";

/// The running server. It dies with this value.
pub struct Slapd {
    folder: TempDir,
    process: Option<Child>,
    plain: ReservedPort,
    tls: Option<ReservedPort>,
    certificate: ServerCertificate,
}

impl Slapd {
    /// Loads [`TREE`] and these records, and serves ldap:// (with StartTLS) and ldaps://.
    pub fn start(people: &str) -> Self {
        Self::set_up(&format!("{TREE}{people}"), Some(ReservedPort::new()))
    }

    /// The same with a directory that has a tree of its own, such as a lab's.
    pub fn start_with_directory(ldif: &str) -> Self {
        Self::set_up(ldif, Some(ReservedPort::new()))
    }

    /// The same without a certificate: ldap:// only, and StartTLS is refused.
    pub fn start_without_tls(people: &str) -> Self {
        Self::set_up(&format!("{TREE}{people}"), None)
    }

    fn set_up(entries: &str, tls: Option<ReservedPort>) -> Self {
        for program in [SERVER, LOADER] {
            assert!(
                Path::new(program).exists(),
                "{program} is missing: this test runs against a real OpenLDAP server. `make test` installs it; by hand it \
                 is `apt-get install slapd`."
            );
        }
        let folder = tempfile::tempdir().unwrap();
        let certificate = server_certificate::for_loopback();
        let mut slapd = Self { folder, process: None, plain: ReservedPort::new(), tls, certificate };
        slapd.write_files(entries);
        slapd.load();
        slapd.start_again();
        slapd
    }

    fn write_files(&self, entries: &str) {
        let write = |name: &str, content: &[u8]| fs::write(self.folder.path().join(name), content).unwrap();
        fs::create_dir(self.folder.path().join("data")).unwrap();
        write("active_directory.schema", SCHEMA.as_bytes());
        write("entries.ldif", format!("{entries}{GATEWAY}").as_bytes());
        write("ca.pem", &self.certificate.authority);
        write("server.pem", &self.certificate.certificate);
        write("server.key", &self.certificate.key);
        write("slapd.conf", self.configuration().as_bytes());
    }

    fn configuration(&self) -> String {
        let folder = self.folder.path().display();
        let tls = format!(
            "TLSCACertificateFile {folder}/ca.pem\n\
             TLSCertificateFile {folder}/server.pem\n\
             TLSCertificateKeyFile {folder}/server.key\n"
        );
        let tls = if self.tls.is_some() { tls.as_str() } else { "" };
        format!(
            "include /etc/ldap/schema/core.schema\n\
             include /etc/ldap/schema/cosine.schema\n\
             include {folder}/active_directory.schema\n\
             modulepath /usr/lib/ldap\n\
             moduleload back_mdb\n\
             moduleload pw-sha2\n\
             pidfile {folder}/slapd.pid\n\
             {tls}\
             database mdb\n\
             maxsize 67108864\n\
             suffix \"{BASE_DN}\"\n\
             directory {folder}/data\n\
             index objectClass,userPrincipalName,sAMAccountName,mail,proxyAddresses,altSecurityIdentities eq\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to dn.subtree=\"ou=cdp,{BASE_DN}\" by * read\n\
             access to * by dn.exact=\"{BIND_DN}\" read by * none\n"
        )
    }

    fn load(&self) {
        let output = Command::new(LOADER)
            .args(["-q", "-f"])
            .arg(self.folder.path().join("slapd.conf"))
            .arg("-l")
            .arg(self.folder.path().join("entries.ldif"))
            .output()
            .unwrap();
        assert!(output.status.success(), "slapadd: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts a server that was killed, on the ports it had.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "the server runs already");
        let mut addresses = self.ldap_url();
        if self.tls.is_some() {
            addresses = format!("{addresses} {}", self.ldaps_url());
        }
        let log = self.folder.path().join("slapd.log");
        // With a debug level, even none, slapd stays in the foreground and is our child.
        let process = Command::new(SERVER)
            .args(["-d", "0", "-h", &addresses, "-f"])
            .arg(self.folder.path().join("slapd.conf"))
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        self.process = Some(process);
        self.wait_until_it_listens(&log);
    }

    fn wait_until_it_listens(&mut self, log: &Path) {
        let stopwatch = Clock::System.stopwatch();
        let ports: Vec<u16> =
            [Some(&self.plain), self.tls.as_ref()].into_iter().flatten().map(|one| one.port).collect();
        while !ports.iter().all(|port| TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_ok()) {
            let ended = self.process.as_mut().unwrap().try_wait().unwrap();
            let said = || fs::read_to_string(log).unwrap_or_default();
            assert!(ended.is_none(), "slapd ended at once: {}", said());
            assert!(stopwatch.elapsed() < Duration::from_secs(20), "slapd does not listen: {}", said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stops the server in its tracks; its sockets stay open, as on a machine that hangs.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets a frozen server go on.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let process = self.process.as_ref().unwrap().id();
        let done = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap();
        assert!(done.success(), "kill -{name}");
    }

    /// Ends the server without letting it say goodbye.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    pub fn ldap_url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.plain.port)
    }

    pub fn ldaps_url(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.tls.as_ref().unwrap().port)
    }

    /// How the gateway's account reaches it over ldaps:// (ldap:// when it has no certificate).
    pub fn settings(&self) -> LdapSettings {
        LdapSettings {
            url: if self.tls.is_some() { self.ldaps_url() } else { self.ldap_url() },
            start_tls: false,
            ca_certificate: Some(self.certificate.authority.clone()),
            bind: Some((BIND_DN.to_owned(), BIND_PASSWORD.to_owned())),
            base_dn: BASE_DN.to_owned(),
            dialect: Dialect::OpenLdap,
            connections: 4,
            connect_timeout: Duration::from_secs(10),
            operation_timeout: Duration::from_secs(10),
            maximum_entries: 16,
        }
    }

    /// Connections that clients hold open to it at this moment, or are opening.
    pub fn connections(&self) -> usize {
        let ports: Vec<u16> =
            [Some(&self.plain), self.tls.as_ref()].into_iter().flatten().map(|one| one.port).collect();
        sockets::held_by_clients(&ports)
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A free port that stays ours while nobody listens on it: bound, but not listening. slapd may bind beside it because both
/// allow the reuse of addresses, and the kernel hands it to nobody else while slapd is down.
pub struct ReservedPort {
    pub port: u16,
    _socket: TcpSocket,
}

impl ReservedPort {
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        Self { port: socket.local_addr().unwrap().port(), _socket: socket }
    }
}
