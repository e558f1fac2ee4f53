//! `openssl s_client`: a client that is not of our making, and says what it sees.

use super::gateway::SERVICE;
use std::ffi::OsStr;
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// Connects, types `input` and returns all that was printed until the server closed.
pub fn s_client<A: AsRef<OsStr>>(to: SocketAddr, arguments: impl IntoIterator<Item = A>, input: &str) -> String {
    s_client_named(SERVICE, to, arguments, input)
}

/// The same, connecting to a host of this name.
pub fn s_client_named<A: AsRef<OsStr>>(
    name: &str,
    to: SocketAddr,
    arguments: impl IntoIterator<Item = A>,
    input: &str,
) -> String {
    let mut client = Command::new("openssl")
        .args(["s_client", "-servername", name, "-connect", &to.to_string()])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the openssl command, from the Debian package openssl");
    client.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = client.wait_with_output().unwrap();
    let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.push_str(&String::from_utf8_lossy(&output.stderr));
    printed
}
