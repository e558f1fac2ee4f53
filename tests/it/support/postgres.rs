//! A real PostgreSQL server in a folder of its own, as an unprivileged account, on a Unix socket and on loopback with TLS.

use super::server_certificate;
use super::slapd::ReservedPort;
use fedgate::clock::Clock;
use fedgate::lookups::PostgresSettings;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const PASSWORD: &str = "a reader's password";

/// The running server. It dies with this value.
pub struct Postgres {
    folder: TempDir,
    process: Option<Child>,
    port: ReservedPort,
    authority: Vec<u8>,
}

/// The newest that is installed.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let newest = versions.map(|entry| entry.path().join("bin").join(name)).filter(|path| path.exists()).max();
    newest.unwrap_or_else(|| {
        panic!(
            "PostgreSQL's {name} is missing: this test runs against a real server. `make test` installs it; by hand it is \
             `apt-get install postgresql`."
        )
    })
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0"
}

/// PostgreSQL refuses to run as root, so there it runs as the account that its package makes.
fn as_nobody_special(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Postgres {
    /// Makes a database with these statements, and serves it.
    pub fn start(statements: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificate = server_certificate::for_loopback();
        let mut server =
            Self { folder, process: None, port: ReservedPort::new(), authority: certificate.authority.clone() };
        let write = |name: &str, content: &[u8]| fs::write(server.path(name), content).unwrap();
        write("server.pem", &certificate.certificate);
        write("server.key", &certificate.key);
        fs::create_dir(server.path("data")).unwrap();
        fs::set_permissions(server.path("server.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        if is_root() {
            let owned = Command::new("chown").arg("-R").arg("postgres:postgres").arg(server.folder.path()).status();
            assert!(owned.unwrap().success(), "chown to postgres");
        }
        server.run(as_nobody_special(&program("initdb")).args([
            "-D",
            server.path("data").to_str().unwrap(),
            "-U",
            "owner",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        fs::write(
            server.path("data/pg_hba.conf"),
            "local all owner trust\nlocal all all scram-sha-256\nhostssl all all 127.0.0.1/32 scram-sha-256\n",
        )
        .unwrap();
        server.start_again();
        server.sql(&format!("CREATE ROLE reader LOGIN PASSWORD '{}';\n{statements}", PASSWORD.replace('\'', "''")));
        server
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, command: &mut Command) {
        let output = command.current_dir("/").stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts a server that was killed, where it was.
    pub fn start_again(&mut self) {
        let folder = self.folder.path().display();
        let log = File::create(self.path("postgres.log")).unwrap();
        let process = as_nobody_special(&program("postgres"))
            .current_dir("/")
            .args(["-D", &format!("{folder}/data"), "-k", &format!("{folder}"), "-h", "127.0.0.1"])
            .args(["-p", &self.port.port.to_string(), "-F"])
            .args(["-c", "ssl=on", "-c", &format!("ssl_cert_file={folder}/server.pem")])
            .args(["-c", &format!("ssl_key_file={folder}/server.key")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(process);
        let stopwatch = Clock::System.stopwatch();
        while !self.psql("SELECT 1").status().unwrap().success() {
            let ended = self.process.as_mut().unwrap().try_wait().unwrap();
            let said = || fs::read_to_string(self.path("postgres.log")).unwrap_or_default();
            assert!(ended.is_none(), "postgres ended: {}", said());
            assert!(stopwatch.elapsed() < Duration::from_secs(30), "postgres does not answer: {}", said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn psql(&self, statements: &str) -> Command {
        let mut psql = Command::new(program("psql"));
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder.path().to_str().unwrap(), "-U", "owner"])
            .args(["-p", &self.port.port.to_string(), "-d", "postgres", "-c", statements])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        psql
    }

    /// Statements of the database's owner.
    pub fn sql(&self, statements: &str) {
        let output = self.psql(statements).stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Ends the server at once.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // Immediate shutdown: its children end with it, which a SIGKILL would not see to.
            let _ = Command::new("kill").args(["-QUIT", &process.id().to_string()]).status();
            let _ = process.wait();
        }
    }

    /// How a reader reaches it over TLS.
    pub fn settings(&self) -> PostgresSettings {
        PostgresSettings {
            host: "127.0.0.1".to_owned(),
            port: self.port.port,
            database: "postgres".to_owned(),
            user: "reader".to_owned(),
            password: Some(PASSWORD.to_owned()),
            tls: true,
            ca_certificate: Some(self.authority.clone()),
            connections: 2,
            connect_timeout: Duration::from_secs(10),
            query_timeout: Duration::from_secs(10),
            maximum_rows: 3,
        }
    }

    /// The same over the Unix socket.
    pub fn socket_settings(&self) -> PostgresSettings {
        let host = self.folder.path().to_str().unwrap().to_owned();
        PostgresSettings { host, tls: false, ca_certificate: None, ..self.settings() }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}
