//! A real domain controller: Samba's Active Directory, provisioned in a folder of its own. LDAP has fixed ports there, so each
//! one listens on a loopback address of its own; binding those needs root.

use super::server_certificate::{self, ServerCertificate};
use fedgate::clock::Clock;
use fedgate::directory::Dialect;
use fedgate::lookups::LdapSettings;
use std::fs::{self, File};
use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tempfile::TempDir;

pub const BASE_DN: &str = "DC=contoso,DC=test";
pub const BIND_DN: &str = "CN=fedgate,CN=Users,DC=contoso,DC=test";
pub const BIND_PASSWORD: &str = "A gateway-s passw0rd!";
const ADMINISTRATOR_PASSWORD: &str = "Adm1nistrator-s passw0rd!";

const SERVER: &str = "/usr/sbin/samba";

/// The account that the gateway binds as, and people in groups within groups.
const PEOPLE: &str = "
dn: CN=fedgate,CN=Users,DC=contoso,DC=test
changetype: add
objectClass: user
sAMAccountName: fedgate
userAccountControl: 512
unicodePwd:: {password}

dn: CN=Alice Adams,CN=Users,DC=contoso,DC=test
changetype: add
objectClass: user
sAMAccountName: alice
userPrincipalName: alice@contoso.test
userAccountControl: 544
mail: alice@contoso.test
proxyAddresses: SMTP:alice@contoso.test
proxyAddresses: smtp:a.adams@contoso.test

dn: CN=Brackets (ext) *\\\\,CN=Users,DC=contoso,DC=test
changetype: add
objectClass: user
sAMAccountName: brackets
userAccountControl: 544
displayName: Brackets (ext) *\\

dn: CN=Laptop,CN=Computers,DC=contoso,DC=test
changetype: add
objectClass: computer
sAMAccountName: laptop$
userPrincipalName: laptop@contoso.test
userAccountControl: 4128

dn: CN=Sales,CN=Users,DC=contoso,DC=test
changetype: add
objectClass: group
sAMAccountName: Sales
groupType: -2147483646
member: CN=Alice Adams,CN=Users,DC=contoso,DC=test

dn: CN=Staff,CN=Users,DC=contoso,DC=test
changetype: add
objectClass: group
sAMAccountName: Staff Members
groupType: -2147483646
member: CN=Sales,CN=Users,DC=contoso,DC=test

dn: CN=Newsletter,CN=Users,DC=contoso,DC=test
changetype: add
objectClass: group
sAMAccountName: Newsletter
groupType: 2
member: CN=Alice Adams,CN=Users,DC=contoso,DC=test
";

/// The running server. It ends with its last user, and with this process.
pub struct Samba {
    folder: TempDir,
    process: Mutex<Child>,
    address: Ipv4Addr,
    certificate: ServerCertificate,
}

static RUNNING: Mutex<Weak<Samba>> = Mutex::new(Weak::new());

/// The one of this run. `None`, and said so past the test runner's capture, where nobody may bind its ports.
pub fn shared() -> Option<Arc<Samba>> {
    let mut running = RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(samba) = running.upgrade() {
        return Some(samba);
    }
    let user = Command::new("id").arg("-u").output().unwrap();
    if user.stdout.trim_ascii() != b"0" {
        let _ = writeln!(
            std::io::stderr(),
            "NOT RUN: tests against a Samba domain controller; its LDAP ports are 389 and 636, which only root may bind"
        );
        return None;
    }
    let samba = Arc::new(Samba::start());
    *running = Arc::downgrade(&samba);
    Some(samba)
}

impl Samba {
    fn start() -> Self {
        assert!(
            Path::new(SERVER).exists(),
            "{SERVER} is missing: this test runs against a real domain controller. `make test` installs it; by hand it is \
             `apt-get install samba samba-ad-dc samba-ad-provision`."
        );
        // Every process has an address of its own below 127.64.0.0/10.
        let process = std::process::id();
        let [_, high, middle, low] = process.to_be_bytes();
        let address =
            Ipv4Addr::new(127, 64 + (high << 3 & 0x38) + (middle >> 5), middle << 3 | low >> 5, 1 + (low & 31));
        let folder = tempfile::tempdir().unwrap();
        let certificate = server_certificate::for_address(address);
        provision(folder.path(), address);
        write_configuration(folder.path(), address, &certificate);
        let process = serve(folder.path());
        let samba = Self { folder, process: Mutex::new(process), address, certificate };
        samba.wait_until_it_listens();
        samba.add_people();
        samba
    }

    fn wait_until_it_listens(&self) {
        let stopwatch = Clock::System.stopwatch();
        while ![389, 636].iter().all(|port| TcpStream::connect((self.address, *port)).is_ok()) {
            let ended = self.process.lock().unwrap().try_wait().unwrap();
            let said = || fs::read_to_string(self.folder.path().join("samba.log")).unwrap_or_default();
            assert!(ended.is_none(), "samba ended at once: {}", said());
            assert!(stopwatch.elapsed() < Duration::from_secs(60), "samba does not listen: {}", said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn add_people(&self) {
        let quoted: Vec<u8> = format!("\"{BIND_PASSWORD}\"").encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.modify(&PEOPLE.replace("{password}", &openssl::base64::encode_block(&quoted)));
    }

    /// Changes entries, as the administrator with OpenLDAP's own client.
    pub fn modify(&self, ldif: &str) {
        let file = self.folder.path().join("changes.ldif");
        fs::write(&file, ldif).unwrap();
        self.client("ldapmodify", &["-f", file.to_str().unwrap()]);
    }

    /// What OpenLDAP's client reads of one attribute, as LDIF spells it.
    pub fn attribute(&self, dn: &str, attribute: &str) -> Vec<String> {
        let ldif = self.client("ldapsearch", &["-LLL", "-o", "ldif-wrap=no", "-s", "base", "-b", dn, attribute]);
        let values = ldif.lines().filter_map(|line| line.strip_prefix(attribute)?.strip_prefix(':'));
        values.map(|value| value.trim_start_matches([':', ' ']).to_owned()).collect()
    }

    fn client(&self, command: &str, arguments: &[&str]) -> String {
        let output = Command::new(command)
            .args(["-x", "-H", &self.ldaps_url(), "-D", "Administrator@contoso.test", "-w", ADMINISTRATOR_PASSWORD])
            .args(arguments)
            .env("LDAPTLS_CACERT", self.folder.path().join("ca.pem"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{command} {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn ldaps_url(&self) -> String {
        format!("ldaps://{}", self.address)
    }

    pub fn ldap_url(&self) -> String {
        format!("ldap://{}", self.address)
    }

    pub fn authority(&self) -> &[u8] {
        &self.certificate.authority
    }

    /// How the gateway's account reaches it.
    pub fn settings(&self) -> LdapSettings {
        LdapSettings {
            url: self.ldaps_url(),
            start_tls: false,
            ca_certificate: Some(self.certificate.authority.clone()),
            bind: Some((BIND_DN.to_owned(), BIND_PASSWORD.to_owned())),
            base_dn: BASE_DN.to_owned(),
            dialect: Dialect::ActiveDirectory,
            connections: 4,
            connect_timeout: Duration::from_secs(10),
            operation_timeout: Duration::from_secs(20),
            maximum_entries: 16,
        }
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        let mut process = self.process.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let _ = process.kill();
        let _ = process.wait();
    }
}

fn provision(folder: &Path, address: Ipv4Addr) {
    let output = Command::new("samba-tool")
        .args(["domain", "provision", "--realm=CONTOSO.TEST", "--domain=CONTOSO", "--server-role=dc"])
        .args(["--dns-backend=NONE", "--host-name=dc1", "--option=bind interfaces only=yes"])
        .arg(format!("--adminpass={ADMINISTRATOR_PASSWORD}"))
        .arg(format!("--host-ip={address}"))
        .arg(format!("--option=interfaces={address}/8"))
        .arg(format!("--targetdir={}", folder.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "samba-tool: {}", String::from_utf8_lossy(&output.stderr));
}

/// Nothing but LDAP is served, and nothing outside of the folder is written.
fn write_configuration(folder: &Path, address: Ipv4Addr, certificate: &ServerCertificate) {
    let write = |name: &str, content: &[u8]| fs::write(folder.join(name), content).unwrap();
    write("ca.pem", &certificate.authority);
    write("server.pem", &certificate.certificate);
    write("server.key", &certificate.key);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(folder.join("server.key"), mode).unwrap();
    let folder_name = folder.display();
    let configuration = format!(
        "[global]\n\
         workgroup = CONTOSO\n\
         realm = CONTOSO.TEST\n\
         netbios name = DC1\n\
         server role = active directory domain controller\n\
         server services = ldap\n\
         interfaces = {address}/8\n\
         bind interfaces only = yes\n\
         private dir = {folder_name}/private\n\
         lock directory = {folder_name}\n\
         state directory = {folder_name}/state\n\
         cache directory = {folder_name}/cache\n\
         pid directory = {folder_name}/run\n\
         ncalrpc dir = {folder_name}/run/ncalrpc\n\
         log file = {folder_name}/samba-log\n\
         tls certfile = {folder_name}/server.pem\n\
         tls keyfile = {folder_name}/server.key\n\
         tls cafile = {folder_name}/ca.pem\n"
    );
    fs::create_dir_all(folder.join("run/ncalrpc")).unwrap();
    fs::create_dir_all(folder.join("cache")).unwrap();
    write("smb.conf", configuration.as_bytes());
}

/// Interactive, Samba stays our child and ends when its input does: with this process, however that ends.
fn serve(folder: &Path) -> Child {
    let log = File::create(folder.join("samba.log")).unwrap();
    Command::new(SERVER)
        .args(["-i", "-M", "single", "-s"])
        .arg(folder.join("smb.conf"))
        .stdin(Stdio::piped())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}
