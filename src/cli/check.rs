//! `fedgate check`.

use super::terminal;
use crate::clock::Clock;
use crate::config;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `fedgate check`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The configuration file
    #[arg(long, short, value_name = "FILE", default_value = "fedgate.toml")]
    config: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let finding = check(&arguments.config, Clock::System.now());
    if !finding.complaints.is_empty() {
        terminal::complain(finding.complaints.trim_end());
    }
    terminal::print(finding.verdict);
    ExitCode::from(finding.code)
}

/// What is printed, and the code to end with.
struct Finding {
    code: u8,
    /// Problems or warnings, for standard error.
    complaints: String,
    /// For standard output.
    verdict: String,
}

/// Whether an exemption has ended is judged at `at`.
fn check(file: &Path, at: Timestamp) -> Finding {
    match config::open(file) {
        Ok((configuration, assembled)) => Finding {
            code: 0,
            complaints: {
                let exemptions = assembled.farm.revocation.exemption_notices(at);
                assembled.warnings.iter().chain(&exemptions).map(|warning| format!("warning: {warning}\n")).collect()
            },
            verdict: verdict(&assembled.notes, &configuration.file),
        },
        Err(problems) => {
            Finding { code: super::EXIT_CONFIGURATION, complaints: format!("{problems}\n"), verdict: String::new() }
        }
    }
}

fn verdict(notes: &[String], file: &Path) -> String {
    let notes: String = notes.iter().map(|note| format!("{note}\n")).collect();
    format!("{notes}{} and everything it names can be used.\n", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::site::Site;

    #[test]
    fn every_warning_is_printed_and_ends_with_0() {
        let site = Site::new();
        site.write("authorization.rules", "");
        site.write("transform.rules", "");
        let finding = check(&site.path("fedgate.toml"), "2026-11-24T12:00:00Z".parse().unwrap());
        assert_eq!(finding.code, 0, "{}", finding.complaints);
        let expected = "warning: Office 365: the authorization rules are empty, so nobody gets a token\n\
                        warning: Office 365: the transform rules are empty, so a token says nothing about its user\n";
        assert_eq!(finding.complaints, expected);
        let file = site.path("fedgate.toml");
        assert_eq!(finding.verdict, format!("{} and everything it names can be used.\n", file.display()));
    }

    #[test]
    fn every_problem_is_printed_and_ends_with_64() {
        let site = Site::new();
        site.configure(|text| text.replace("\"127.0.0.1:8443\"", "\"here\""));
        site.write("tls.key", "no key");
        let finding = check(&site.path("fedgate.toml"), "2026-11-24T12:00:00Z".parse().unwrap());
        assert_eq!((finding.code, finding.verdict.as_str()), (64, ""));
        assert!(finding.complaints.contains("fedgate.toml:11:11: [listener.service] address must be"));
        assert!(finding.complaints.contains("fedgate.toml:8:15: [listener.user_tls] private_key names"));
        assert!(finding.complaints.ends_with("\n3 problems.\n"), "{}", finding.complaints);
    }

    #[test]
    fn an_exemption_that_has_ended_is_not_told_as_if_it_counted() {
        let site = Site::new();
        site.configure(|text| {
            format!(
                "{text}\n[[revocation.authority]]\ncertificate = \"intermediates/issuing.cer\"\n\
                 exempt_reason = \"it moves\"\nexempt_until = 2026-12-31\n"
            )
        });
        let told = |at: &str| check(&site.path("fedgate.toml"), at.parse().unwrap()).complaints;
        let before = told("2026-12-22T00:00:00Z");
        assert_eq!(
            before,
            "warning: certificates of \"CN=Issuing\" are accepted until 2027-01-01T00:00:00Z (10 d left) when nothing can \
             be said of their revocation: it moves\n"
        );
        let after = told("2027-01-04T00:00:00Z");
        assert!(after.starts_with("warning: the exemption of \"CN=Issuing\" ended at 2027-01-01T00:00:00Z (3 d ago)"));
    }
}
