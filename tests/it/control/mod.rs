//! A running gateway and its operator: `fedgate serve` in one process, `fedgate crl` and `fedgate metrics` in others.

mod crls;
mod metrics;
mod publisher;
mod socket;

use crate::support::fedgate::{Ended, Running, fedgate};
use crate::support::gateway::{self, PKI};
use crate::support::http_client::exchange;
use crate::support::tls_client::{Client, Identity};
use crate::support::token_request::token_request;
use openssl::ssl::SslVersion;
use publisher::Publisher;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

/// A gateway whose CRLs come from a publisher that does what it is told.
struct World {
    publisher: Publisher,
    gateway: Running,
    folder: TempDir,
}

impl World {
    fn start() -> Self {
        Self::with("")
    }

    /// With these lines in the section of the issuing authority.
    fn with(lines: &str) -> Self {
        let (folder, publisher) = (tempfile::tempdir().unwrap(), Publisher::start());
        let authority = |file: &str, crl: &str, lines: &str| {
            let url = publisher.url(crl);
            format!("[[revocation.authority]]\ncertificate = \"{file}\"\ncrl_distribution_point = \"{url}\"\n{lines}\n")
        };
        let configuration = format!(
            "{}\n[control]\nsocket = \"control.sock\"\n\n{}{}",
            gateway::CONFIGURATION,
            authority("intermediates/issuing.pem", "issuing.crl", lines),
            authority("roots/root.pem", "root.crl", ""),
        );
        gateway::write_files(folder.path(), &configuration);
        publisher.publishes("issuing.crl", PKI.issuing_crl.clone());
        publisher.publishes("root.crl", PKI.root_crl.clone());
        let gateway = Running::serve(&folder.path().join("fedgate.toml"));
        Self { publisher, gateway, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Somebody signs in, so that CRLs are needed.
    fn sign_in(&self, name: &str) {
        let client = Client::new(SslVersion::TLS1_3).presenting(Identity::of(name));
        exchange(&mut client.connect(self.gateway.user_tls()).unwrap(), token_request());
    }

    /// What the operator's command says.
    fn run(&self, arguments: &[&str]) -> Ended {
        run_in(self.folder.path(), 100, arguments)
    }

    /// The same with `--json`, line by line.
    fn json(&self, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
        let ended = self.run(&[arguments, &["--json"]].concat());
        let lines = ended.output.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        (ended.code, lines)
    }
}

fn run_in(folder: &Path, columns: usize, arguments: &[&str]) -> Ended {
    let mut command = fedgate(arguments.iter().copied());
    command.current_dir(folder).env("COLUMNS", columns.to_string());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    Ended { code: status.code(), output: text(stdout), errors: text(stderr) }
}
