//! The socket itself: whose it is, and what is said when there is none.

use super::{World, run_in};
use crate::support::fedgate::{Running, fedgate, run};
use crate::support::gateway;
use crate::support::lab::{make, replace, text};
use std::fs::{self, Permissions};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::process::Command;

#[test]
fn one_socket_belongs_to_one_living_gateway() {
    let world = World::start();
    let socket = world.path("control.sock");
    let metadata = fs::symlink_metadata(&socket).unwrap();
    assert!(metadata.file_type().is_socket());
    assert_eq!(metadata.permissions().mode() & 0o7777, 0o600);

    let second = run(["serve", "--config", world.path("fedgate.toml").to_str().unwrap()]);
    assert_eq!(second.code, Some(1));
    assert!(
        second.errors.contains("control.sock cannot be made: a running gateway listens there"),
        "{}",
        second.errors
    );
    assert!(!second.output.contains("fedgate serves"), "{}", second.output);
    assert_eq!(world.run(&["crl", "list"]).code, Some(0), "the first goes on");

    let World { gateway, folder, .. } = world;
    gateway.terminate();
    assert_eq!(gateway.wait().0.code(), Some(0));
    assert!(!socket.exists(), "a gateway that is told to stop removes it");
    let nobody = run_in(folder.path(), 100, &["crl", "list"]);
    assert_eq!(nobody.code, Some(69));
    assert!(nobody.errors.contains("no gateway is running at ") && nobody.errors.contains("there is no such socket"));

    drop(UnixListener::bind(&socket).unwrap());
    let nobody = run_in(folder.path(), 100, &["metrics"]);
    assert_eq!(nobody.code, Some(69));
    assert!(nobody.errors.contains("nobody listens there any more"), "{}", nobody.errors);
    let _third = Running::serve(&folder.path().join("fedgate.toml"));
    assert_eq!(run_in(folder.path(), 100, &["crl", "list"]).code, Some(0), "a dead socket is replaced");
}

#[test]
fn another_user_is_told_that_it_is_not_theirs() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let socket = text(folder.path().join("control.sock"));
    let _listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, Permissions::from_mode(0o000)).unwrap();
    // Root may do everything, so there the question is another's.
    let root = String::from_utf8(Command::new("id").arg("-u").output().unwrap().stdout).unwrap().trim() == "0";
    let mut command = fedgate(["crl", "list", "--socket", &socket]);
    if root {
        let binary = folder.path().join("fedgate");
        fs::copy(env!("CARGO_BIN_EXE_fedgate"), &binary).unwrap();
        command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(binary);
        command.args(["crl", "list", "--socket", &socket]).current_dir("/");
    }
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(77), "{errors}");
    assert!(errors.contains("as the user who runs the gateway, or as root"), "{errors}");
}

#[test]
fn a_configuration_without_a_socket_or_with_an_impossible_one_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let asked = |configuration: &str, arguments: &[&str]| {
        fs::write(folder.path().join("fedgate.toml"), configuration).unwrap();
        run_in(folder.path(), 100, arguments)
    };
    let without = asked(gateway::CONFIGURATION, &["crl", "list"]);
    assert_eq!(without.code, Some(64));
    assert!(without.errors.contains("[control] socket is not set"), "{}", without.errors);
    let with = |socket: &str| format!("{}\n[control]\nsocket = \"{socket}\"\n", gateway::CONFIGURATION);
    let long = asked(&with(&format!("/tmp/{}", "x".repeat(103))), &["check"]);
    assert_eq!(long.code, Some(64));
    assert!(long.errors.contains("which has 108 bytes; the path of a Unix socket has at most 107"), "{}", long.errors);
    let longest = asked(&with(&format!("/tmp/{}", "x".repeat(102))), &["check"]);
    assert!(!longest.errors.contains("[control]"), "{}", longest.errors);
    let missing = asked(&with("nowhere/control.sock"), &["check"]);
    assert!(missing.errors.contains("[control] socket names "), "{}", missing.errors);
    assert!(missing.errors.contains("nowhere, cannot be used as one"), "{}", missing.errors);
}

#[test]
fn the_lab_has_a_socket() {
    let (_folder, lab, ports) = make();
    for address in &ports.addresses().unwrap()[..2] {
        replace(&lab, "fedgate.toml", &format!("\"{address}\""), "\"127.0.0.1:0\"");
    }
    let gateway = Running::serve(&lab.path("fedgate.toml"));
    gateway.wait_for("the control socket is open");
    let listed = run_in(&lab.path("."), 80, &["crl", "list"]);
    assert_eq!((listed.code, listed.output.as_str()), (Some(0), "The gateway has needed no CRL yet.\n"));
    // curl reads it as any other server.
    let socket = text(lab.path("control.sock"));
    let curl = Command::new("curl").args(["-sS", "-D-", "--unix-socket", &socket, "http://fedgate/metrics"]).output();
    let answer = String::from_utf8(curl.unwrap().stdout).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{answer}");
    assert!(answer.ends_with('\n') && answer.contains("\nfedgate_revocation_exemptions_active 0\n"), "{answer}");
}
