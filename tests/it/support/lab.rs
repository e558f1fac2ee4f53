//! A lab that runs in this process, on free ports, in a folder that goes with it.

use fedgate::clock::Clock;
use fedgate::http::routes::CERTIFICATE_TRANSPORT;
use fedgate::lab::{Answer, Client, Lab, LabPorts, RunningLab};
use fedgate::sign_in::SignInRecord;
use std::fs;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Makes a lab and keeps its ports.
pub fn make() -> (TempDir, Lab, LabPorts) {
    make_for(LabPorts::bind(0, 0, 0).unwrap())
}

/// Makes a lab whose certificates say that the CRLs are on this port of the loopback interface.
pub fn made_for_crl_port(port: u16) -> (TempDir, Lab) {
    let ports = LabPorts::bind(0, 0, port).unwrap();
    assert!(ports.notes.is_empty(), "{:?}", ports.notes);
    let (folder, lab, _) = make_for(ports);
    (folder, lab)
}

fn make_for(ports: LabPorts) -> (TempDir, Lab, LabPorts) {
    let folder = tempfile::tempdir().unwrap();
    let lab = Lab::make(&folder.path().join("lab"), Clock::System.now(), ports.addresses().unwrap()).unwrap();
    (folder, lab, ports)
}

/// Replaces a text that must be in a file of the lab.
pub fn replace(lab: &Lab, file: &str, old: &str, new: &str) {
    let path = lab.path(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{file} lacks {old:?}");
    fs::write(&path, text.replace(old, new)).unwrap();
}

/// Takes a rule of this name out of the Office 365 trust.
pub fn remove_rule(lab: &Lab, name: &str) {
    let file = lab.path("claims-rules/office-365/transform.rules");
    let rules = fs::read_to_string(&file).unwrap();
    let kept: Vec<_> = rules.split("\n\n").filter(|rule| !rule.contains(&format!("@RuleName = \"{name}\""))).collect();
    assert_eq!(kept.len() + 1, rules.split("\n\n").count(), "{name}");
    fs::write(file, kept.join("\n\n")).unwrap();
}

/// A lab for the real command: free ports for both listeners, and the CRLs from files, since nobody serves them.
pub fn for_serving() -> (TempDir, Lab) {
    let (folder, lab, ports) = make();
    let [user_tls, service, _] = ports.addresses().unwrap();
    for address in [user_tls, service] {
        replace(&lab, "fedgate.toml", &format!("\"{address}\""), "\"127.0.0.1:0\"");
    }
    let authorities =
        [("certs/root/contoso-root-ca.pem", "root"), ("certs/intermediate/contoso-issuing-ca-1.pem", "issuing")];
    let from_files = authorities.map(|(certificate, crl)| {
        let file = text(lab.path(&format!("crl/{crl}.crl")));
        format!(
            "[[revocation.authority]]\ncertificate = \"{certificate}\"\ncrl_distribution_point = \"file://{file}\"\n"
        )
    });
    replace(&lab, "fedgate.toml", "\n[subject]\n", &format!("\n{}\n[subject]\n", from_files.concat()));
    (folder, lab)
}

/// Signs somebody of the cast in at a gateway somewhere.
pub fn sign_in(lab: &Lab, address: SocketAddr, name: &str) -> Answer {
    let request = fs::read_to_string(lab.path("request.xml")).unwrap();
    client(lab, address, name).post(CERTIFICATE_TRANSPORT, &request).unwrap()
}

/// A client that comes with the certificate of somebody of the cast.
pub fn client(lab: &Lab, address: SocketAddr, name: &str) -> Client {
    let (server_name, root) = (lab.service_name().to_owned(), lab.root());
    Client { address, server_name, root, certificate: Some(lab.user(name)) }
}

/// The running lab. It ends with this value.
pub struct TestLab {
    running: Option<RunningLab>,
    runtime: Runtime,
    records: Arc<Mutex<Vec<SignInRecord>>>,
    _folder: TempDir,
}

impl TestLab {
    pub fn start() -> Self {
        Self::changed(|_| {})
    }

    /// A lab whose files are changed before the gateway reads them.
    pub fn changed(change: impl FnOnce(&Lab)) -> Self {
        let (folder, lab, ports) = make();
        change(&lab);
        let runtime = Runtime::new().unwrap();
        let records = Arc::<Mutex<Vec<SignInRecord>>>::default();
        let seen = Arc::clone(&records);
        let onlooker = move |record: &SignInRecord| seen.lock().unwrap().push(record.clone());
        let running = runtime.block_on(async { RunningLab::start(lab, ports, onlooker).unwrap() });
        Self { running: Some(running), runtime, records, _folder: folder }
    }

    /// What the gateway recorded under the reference that an answer carries.
    pub fn record(&self, request_id: &str) -> SignInRecord {
        let correlation: Uuid = request_id.parse().unwrap();
        let records = self.records.lock().unwrap();
        records.iter().find(|record| record.correlation == correlation).expect("a record").clone()
    }
}

impl Deref for TestLab {
    type Target = RunningLab;

    fn deref(&self) -> &RunningLab {
        self.running.as_ref().unwrap()
    }
}

impl Drop for TestLab {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }
}

/// What an `openssl` command prints.
pub fn openssl<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    let output = Command::new("openssl").args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A path as an argument of a command.
pub fn text(path: PathBuf) -> String {
    path.into_os_string().into_string().unwrap()
}
