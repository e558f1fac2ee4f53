use super::run;
use crate::config::tests::site::Site;
use std::ffi::OsString;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

fn fedgate<const N: usize>(arguments: [&str; N]) -> String {
    let code = run(["fedgate"].into_iter().chain(arguments).map(OsString::from));
    format!("{code:?}")
}

fn code(number: u8) -> String {
    format!("{:?}", ExitCode::from(number))
}

#[test]
fn check_ends_with_0_when_the_configuration_can_be_used_and_with_64_when_not() {
    let site = Site::new();
    let file = site.path("fedgate.toml").display().to_string();
    assert_eq!(fedgate(["check", "--config", &file]), code(0));
    site.write("acceptance.rules", "=> issue(");
    assert_eq!(fedgate(["check", "--config", &file]), code(64));
    assert_eq!(fedgate(["check", "--config", "/nowhere/fedgate.toml"]), code(64));
}

/// Both ports are taken. Had the gateway tried to bind one before it looked at everything, it would have ended with 1.
#[test]
fn serve_with_a_bad_configuration_ends_with_64_and_binds_nothing() {
    let taken = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [user_tls, service] = taken.each_ref().map(|socket| socket.local_addr().unwrap().to_string());
    let site = Site::new();
    site.configure(|text| text.replace("127.0.0.1:49443", &user_tls).replace("127.0.0.1:8443", &service));
    let file = site.path("fedgate.toml").display().to_string();
    assert_eq!(fedgate(["check", "--config", &file]), code(0));
    site.write("acceptance.rules", "=> issue(");
    assert_eq!(fedgate(["serve", "--config", &file]), code(64));
}

#[test]
fn the_generated_documents_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").display().to_string();
    assert_eq!(fedgate(["docs", "--check", "--folder", &folder]), code(0), "run `fedgate docs`");
    let elsewhere = tempfile::tempdir().unwrap();
    let elsewhere = elsewhere.path().display().to_string();
    assert_eq!(fedgate(["docs", "--check", "--folder", &elsewhere]), code(1));
    assert_eq!(fedgate(["docs", "--folder", &elsewhere]), code(0));
    assert_eq!(fedgate(["docs", "--check", "--folder", &elsewhere]), code(0));
}

#[test]
fn a_command_line_that_cannot_be_read_ends_with_2() {
    assert_eq!(fedgate(["check", "--colour"]), code(2));
    assert_eq!(fedgate(["--version"]), code(0));
}
