//! `fedgate prompt explain`.

use crate::cli::{EXIT_USAGE, terminal};
use crate::federation::prompt::{
    AddedParameters, AuthenticationPolicy, Decision, Impossible, Location, Method, Methods, PasswordDemand,
    PromptLoginBehavior, Proof, Proofs, SignInDemand, decide,
};
use crate::outcome::sentence;
use crate::protocol::wsfed::{Parameters, PassiveRequest, SignInMessage, read_passive_request};
use crate::typesetting::spelled_out;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write;
use std::process::ExitCode;

/// How old the sessions of the table are, in minutes: an eighth of AD FS's SsoLifetime.
const SESSION_MINUTES: i64 = 60;

/// The arguments of `fedgate prompt explain`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The address of a sign-in request, or its query. Without it, that of an application that sends prompt=login
    #[arg(required_unless_present = "behavior", value_name = "URL")]
    request: Option<String>,
    /// PromptLoginBehavior of the domain: TranslateToFreshPasswordAuth, NativeSupport, Disabled or unset
    #[arg(long, value_name = "SETTING")]
    behavior: Option<PromptLoginBehavior>,
    /// The federated domain, for the command that mends it
    #[arg(long, default_value = "<domain>")]
    domain: String,
    /// Let a certificate presented now satisfy a demand for a password where nobody has one
    #[arg(long)]
    fresh_certificate: bool,
    /// Judge as for a client inside the corporate network
    #[arg(long)]
    intranet: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match explained(arguments, Timestamp::UNIX_EPOCH) {
        Ok(text) => {
            terminal::print(text);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            terminal::complain_safely(&format!("fedgate: {problem}"));
            ExitCode::from(EXIT_USAGE)
        }
    }
}

fn explained(arguments: &Arguments, at: Timestamp) -> Result<String, String> {
    let message = message(arguments.request.as_deref())?;
    let mut text = String::new();
    let shapes = match arguments.behavior {
        None => vec![Vec::new()],
        Some(behavior) => {
            let _ = writeln!(text, "PromptLoginBehavior {behavior}");
            behavior.added()
        }
    };
    for (number, added) in shapes.iter().enumerate() {
        if shapes.len() > 1 {
            let _ = writeln!(text, "\nReading {} of {}: Microsoft's texts differ", number + 1, shapes.len());
        }
        if arguments.behavior.is_some() {
            let _ = writeln!(text, "Entra ID adds  {}", listed(added));
        }
        page(&mut text, &with(message.clone(), added), arguments, at);
    }
    Ok(text)
}

/// The request as it reached the federation service; without one, a sign-in that says nothing.
fn message(request: Option<&str>) -> Result<SignInMessage, String> {
    let Some(request) = request else { return Ok(SignInMessage::default()) };
    let query = request.split_once('?').map_or(request, |(_, query)| query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let parameters = Parameters::parse(query).map_err(|error| sentence(&error))?;
    match read_passive_request(&parameters).map_err(|error| sentence(&error))? {
        PassiveRequest::SignIn(message) => Ok(*message),
        PassiveRequest::SignOut(_) | PassiveRequest::CleanUp => {
            Err("This is a sign-out; nobody is prompted.".to_owned())
        }
    }
}

fn with(mut message: SignInMessage, added: &AddedParameters) -> SignInMessage {
    for (name, value) in added {
        match *name {
            "wfresh" => message.wfresh = Some(std::time::Duration::ZERO),
            "wauth" => message.wauth = Some(value.clone()),
            _ => message.prompt_login = true,
        }
    }
    message
}

fn listed(added: &AddedParameters) -> String {
    if added.is_empty() {
        return "nothing".to_owned();
    }
    added.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

fn page(text: &mut String, message: &SignInMessage, arguments: &Arguments, at: Timestamp) {
    let location = if arguments.intranet { Location::Intranet } else { Location::Extranet };
    let demand = SignInDemand::of_wsfed(message, location);
    if !message.wtrealm.is_empty() {
        let _ = writeln!(text, "Relying party  {}", spelled_out(&message.wtrealm));
    }
    let _ = writeln!(text, "Demand         {demand}\n");
    let _ = writeln!(text, "{:<24}{:<26}{:<26}certificate session", "enabled", "no session", "password session");
    let mut blocked = false;
    for enabled in [&[Method::Password][..], &[Method::Certificate], &[Method::Password, Method::Certificate]] {
        let enabled: Methods = enabled.iter().copied().collect();
        let policy = policy(enabled, arguments.fresh_certificate);
        let cells = [None, Some(Method::Password), Some(Method::Certificate)].map(|method| {
            let session = method.map(|primary| Proof {
                primary,
                additional: None,
                at: at.checked_sub(SignedDuration::from_mins(SESSION_MINUTES)).unwrap_or(at),
            });
            decide(&demand, &policy, location, &Proofs { session, transaction: None }, at)
        });
        blocked |= cells.contains(&Decision::Refuse(Impossible::PasswordOfCertificateUsers));
        let [none, password, certificate] = cells.map(words);
        let _ = writeln!(text, "{:<24}{none:<26}{password:<26}{certificate}", enabled.to_string());
    }
    if blocked {
        let domain = spelled_out(&arguments.domain);
        let _ = write!(
            text,
            "\nThe request insists on a password, so people who have only a certificate cannot sign in.\n\
             This is what the domain's PromptLoginBehavior makes of prompt=login. To mend it:\n  {}\n",
            PromptLoginBehavior::NativeSupport.remedy(&domain)
        );
    }
}

fn policy(enabled: Methods, fresh_certificate: bool) -> AuthenticationPolicy {
    AuthenticationPolicy {
        primary_intranet: enabled,
        primary_extranet: enabled,
        additional: enabled,
        certificate_is_multi_factor: false,
        password_demand: if fresh_certificate { PasswordDemand::FreshCertificate } else { PasswordDemand::Strict },
    }
}

fn words(decision: Decision) -> String {
    match decision {
        Decision::UseSession(_) => "signed in, no prompt".to_owned(),
        Decision::UseTransaction(_) => "signed in".to_owned(),
        Decision::GoTo(Method::Certificate) => "certificate prompt".to_owned(),
        Decision::GoTo(method) => format!("{method} page"),
        Decision::Choose(_) => "chooser".to_owned(),
        Decision::Add(methods) => format!("then {methods}"),
        Decision::Refuse(impossible) => match impossible {
            Impossible::NothingEnabled => "REFUSED: nothing enabled",
            Impossible::UnknownMethod => "REFUSED: unknown method",
            Impossible::NotEnabled => "REFUSED: not enabled",
            Impossible::PasswordOfCertificateUsers => "REFUSED: wants password",
            Impossible::NoSecondFactor => "REFUSED: one factor",
        }
        .to_owned(),
    }
}
