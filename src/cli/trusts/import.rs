//! `fedgate trusts import`.

use super::EXIT_USAGE;
use crate::claims::access_control::AccessControlPolicy;
use crate::cli::appending::{Unwritten, Written, append, write_files};
use crate::cli::certificate_input::read_file;
use crate::cli::trust_settings::{fetcher, usual_fetcher};
use crate::cli::{EXIT_CONFIGURATION, terminal};
use crate::clock::Clock;
use crate::config::Configuration;
use crate::federation::metadata::{self, ImportedTrust, LARGEST, MetadataSignature, RelyingPartyMetadata, Wishes};
use crate::revocation::UrlSource;
use openssl::x509::X509;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `fedgate trusts import`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// A file, `-` for standard input, or an https address
    #[arg(value_name = "METADATA")]
    metadata: String,
    /// Display name of the trust in place of the application's own
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Refuse metadata that this certificate's key did not sign, PEM or DER. Without it a signature is not looked at
    #[arg(long, value_name = "CERT")]
    signed_by: Option<PathBuf>,
    /// Who gets a token, such as permit-everyone or require-mfa
    #[arg(long, value_name = "POLICY")]
    access_control_policy: Option<String>,
    /// The folder of trusts, a folder for each below it. By default trusts beside the configuration
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// Append the section to this configuration in place of printing it
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Overwrite files that are there and say something else
    #[arg(long)]
    force: bool,
    /// Write nothing; say what would be written
    #[arg(long)]
    dry_run: bool,
}

/// Why nothing was imported, and the code to end with.
struct Failure(u8, String);

impl From<Unwritten> for Failure {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Configuration(complaint) => Self(EXIT_CONFIGURATION, complaint),
            Unwritten::File(complaint) => Self(EXIT_USAGE, complaint),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match import(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(Failure(code, complaint)) => {
            terminal::complain_safely(&format!("fedgate: {complaint}"));
            ExitCode::from(code)
        }
    }
}

fn import(arguments: &Arguments) -> Result<u8, Failure> {
    let usage = |complaint: String| Failure(EXIT_USAGE, complaint);
    let policy = arguments.access_control_policy.as_deref();
    if let Some(unknown) = policy.filter(|policy| AccessControlPolicy::read(policy).is_none()) {
        let names: Vec<&str> = AccessControlPolicy::names().collect();
        return Err(usage(format!("{unknown:?} is no policy; the policies are {}", names.join(", "))));
    }
    let configuration = match &arguments.config {
        Some(file) => {
            Some(Configuration::load(file).map_err(|problems| Failure(EXIT_CONFIGURATION, problems.to_string()))?)
        }
        None => None,
    };
    let signers = arguments.signed_by.as_deref().map(signers).transpose().map_err(usage)?.unwrap_or_default();
    let bytes = fetched(arguments, configuration.as_ref(), !signers.is_empty()).map_err(usage)?;
    let metadata = metadata::read(&bytes, &signers, Clock::System.now())
        .map_err(|error| Failure(1, format!("{}: {error}", arguments.metadata)))?;
    let folder = Folder::new(arguments).map_err(usage)?;
    let wishes = Wishes { name: arguments.name.as_deref(), folder: &folder.named, access_control_policy: policy };
    let trust = ImportedTrust::of(&metadata, wishes);
    reject_known(&trust, &metadata, configuration.as_ref())?;
    let files: Vec<(&str, &[u8])> = trust.files.iter().map(|file| (file.name.as_str(), &*file.content)).collect();
    let written = write_files(&folder.path.join(&trust.folder), &files, arguments.force, arguments.dry_run)?;
    terminal::complain_safely(report(&trust, &metadata, &written, arguments).trim_end());
    if written.iter().any(|(_, written)| *written == Written::Kept) {
        return Ok(1);
    }
    match &arguments.config {
        Some(config) if !arguments.dry_run => append(config, &[&trust.section])?,
        _ => terminal::print(&trust.section),
    }
    Ok(0)
}

/// A name or an identifier means one trust; the configuration could not be used afterwards.
fn reject_known(
    trust: &ImportedTrust,
    metadata: &RelyingPartyMetadata,
    configuration: Option<&Configuration>,
) -> Result<(), Failure> {
    for party in configuration.iter().flat_map(|configuration| &configuration.relying_parties) {
        if let Some(known) = metadata.identifiers.iter().find(|identifier| party.identifiers.value.contains(identifier))
        {
            return Err(Failure(
                1,
                format!("{known:?} is an identifier of the relying party {:?} already", party.name.value),
            ));
        }
        if party.name.value == trust.name {
            let complaint = format!("a relying party is called {:?} already; give another --name", trust.name);
            return Err(Failure(1, complaint));
        }
    }
    Ok(())
}

fn signers(file: &Path) -> Result<Vec<X509>, String> {
    let bytes = read_file(file, LARGEST as u64).map_err(|problem| format!("{}: {problem}", file.display()))?;
    let certificates = match X509::stack_from_pem(&bytes).unwrap_or_default() {
        none if none.is_empty() => X509::from_der(&bytes).ok().into_iter().collect(),
        certificates => certificates,
    };
    match certificates.is_empty() {
        true => Err(format!("{}: it holds no certificate, PEM or DER", file.display())),
        false => Ok(certificates),
    }
}

fn fetched(arguments: &Arguments, configuration: Option<&Configuration>, signed: bool) -> Result<Vec<u8>, String> {
    let named = &arguments.metadata;
    let cannot = |problem: String| format!("{named}: {problem}");
    if named == "-" {
        let mut bytes = Vec::new();
        let most = LARGEST as u64 + 1;
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(|error| cannot(error.to_string()))?;
        return Ok(bytes);
    }
    if !named.contains("://") {
        return read_file(Path::new(named), LARGEST as u64).map_err(cannot);
    }
    let fetcher = match configuration {
        Some(configuration) => fetcher(configuration)?,
        None => usual_fetcher()?,
    };
    let fetcher = fetcher.limited_to(LARGEST);
    let unprotected = |address: &str| !address.to_ascii_lowercase().starts_with("https://");
    let refused = "whoever is on the way could write the metadata; use https, or name who signs it with --signed-by";
    if !signed && unprotected(named) {
        return Err(cannot(refused.to_owned()));
    }
    let got = actix_web::rt::System::new().block_on(fetcher.get(named, UrlSource::Configured, None));
    let got = got.map_err(|failure| cannot(failure.to_string()))?;
    match got.facts.redirects.iter().find(|address| !signed && unprotected(address)) {
        Some(address) => Err(cannot(format!("it leads to {address}, and {refused}"))),
        None => Ok(got.body.unwrap_or_default()),
    }
}

/// Where files go, and how the configuration names the place: relative to itself where it can.
struct Folder {
    path: PathBuf,
    named: String,
}

impl Folder {
    fn new(arguments: &Arguments) -> Result<Self, String> {
        let absolute = |path: &Path| std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()));
        let beside = arguments.config.as_deref().map(absolute).transpose()?;
        let beside = beside.as_ref().and_then(|config| config.parent());
        let path = match (&arguments.into, beside) {
            (Some(into), Some(_)) => absolute(into)?,
            (Some(into), None) => into.clone(),
            (None, Some(beside)) => beside.join("trusts"),
            (None, None) => PathBuf::from("trusts"),
        };
        let named = beside.and_then(|beside| path.strip_prefix(beside).ok()).unwrap_or(&path).display().to_string();
        Ok(Self { path, named })
    }
}

fn report(
    trust: &ImportedTrust,
    metadata: &RelyingPartyMetadata,
    written: &[(PathBuf, Written)],
    arguments: &Arguments,
) -> String {
    let mut text = format!("{}\n", trust.name);
    let mut line = |what: &str, value: &str| {
        let _ = writeln!(text, "  {what:<13}{value}");
    };
    line("entity", &metadata.entity);
    line(
        "signature",
        match metadata.signature {
            MetadataSignature::Verified => "made by the certificate of --signed-by",
            MetadataSignature::Unchecked => {
                "there is one, and it was not looked at; name the certificate with --signed-by"
            }
            MetadataSignature::Absent => "there is none: whoever gave you the document vouches for it",
        },
    );
    let kept = written.iter().any(|(_, written)| *written == Written::Kept);
    for (path, written) in written.iter().filter(|(_, written)| !kept || *written == Written::Kept) {
        let path = path.display();
        match (written, arguments.dry_run) {
            (Written::Kept, _) => {
                line("kept", &format!("{path}: it says something else; --force overwrites it. Nothing was written"));
            }
            (Written::New | Written::Overwritten, true) => line("would write", &path.to_string()),
            (Written::New, false) => line("wrote", &path.to_string()),
            (written, _) => line(written.name(), &path.to_string()),
        }
    }
    metadata.left_out.iter().for_each(|reason| line("left out", reason));
    if arguments.access_control_policy.is_none() {
        line("to do", "authorization.rules are empty: nobody gets a token until they say who does");
    }
    line("to do", "transform.rules are a beginning: a subject and a user principal name");
    if let Some(config) = arguments.config.as_ref().filter(|_| !arguments.dry_run) {
        line("next", &format!("fedgate check --config {}", config.display()));
    }
    text
}
