//! `fedgate verify`.

use super::certificate_input::{self, read_file};
use super::trust_settings::{Source, now};
use super::{EXIT_USAGE, terminal};
use crate::chain::ChainPolicy;
use crate::clock::Clock;
use crate::entropy;
use crate::lookups::{Fetcher, Probe, Prober};
use crate::revocation::UrlSource;
use crate::revocation::ocsp::{OcspRequest, OcspWanted};
use crate::verification::{
    Arrival, AuthorityInformation, Evidence, Fetched, GivenCrl, Judged, Layout, OcspFetched, Report, Settings, Verdict,
    judge_chain, page, shown, to_json,
};
use futures_util::future::{join_all, join3};
use jiff::Timestamp;
use std::path::PathBuf;
use std::process::ExitCode;

/// Largest CRL from a file: the largest that any cloud takes.
const LARGEST_CRL: u64 = 150 * 1024 * 1024;

/// The arguments of `fedgate verify`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Certificates: PEM (the certificate first, others of its chain after it), DER or PKCS#12; "-" is standard input
    #[arg(required = true, value_name = "CERT")]
    certificates: Vec<String>,
    #[command(flatten)]
    source: Source,
    /// A CRL to judge revocation by, DER or PEM; may be repeated
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    #[command(flatten)]
    policies: Policies,
    /// Fetch the CRLs and the issuers' certificates from where the accepted path says they are, and ask its OCSP responders
    #[arg(long)]
    url_fetch: bool,
    /// The moment to judge at, such as 2026-11-24T12:00:00Z, instead of now
    #[arg(long, value_name = "RFC3339")]
    at: Option<Timestamp>,
    /// File of the password of PKCS#12 files; without it the empty password is tried
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Print one JSON object a line, one for each certificate
    #[arg(long)]
    json: bool,
}

/// The inputs of RFC 5280 section 6.1.1 about certificate policies. They come on top of what the configuration says.
#[derive(clap::Args)]
struct Policies {
    /// A certificate policy that is acceptable; may be repeated. It matters where a path needs a policy
    #[arg(long, value_name = "OID", value_parser = object_identifier)]
    policy: Vec<String>,
    /// Every path needs an acceptable certificate policy
    #[arg(long)]
    explicit_policy: bool,
    /// No authority may map certificate policies
    #[arg(long)]
    inhibit_policy_mapping: bool,
    /// "Any policy" in a certificate counts for nothing
    #[arg(long)]
    inhibit_any_policy: bool,
}

impl Policies {
    fn demand(&self, chain: &mut ChainPolicy) {
        if !self.policy.is_empty() {
            chain.initial_policies.clone_from(&self.policy);
        }
        chain.explicit_policy |= self.explicit_policy;
        chain.inhibit_policy_mapping |= self.inhibit_policy_mapping;
        chain.inhibit_any_policy |= self.inhibit_any_policy;
    }
}

fn object_identifier(text: &str) -> Result<String, String> {
    let arc = |arc: &str| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
    if text.contains('.') && text.split('.').all(arc) {
        Ok(text.to_owned())
    } else {
        Err("write an object identifier in digits and dots, such as 2.16.840.1.101.3.2.1.48.1".to_owned())
    }
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let (mut settings, fetcher) = match arguments.source.settings() {
        Ok(opened) => opened,
        Err(problems) => {
            terminal::complain_safely(&problems);
            return ExitCode::from(super::EXIT_CONFIGURATION);
        }
    };
    arguments.policies.demand(&mut settings.chain);
    let (password, given) = match password(arguments).and_then(|password| Ok((password, crls(arguments)?))) {
        Ok(read) => read,
        Err(problem) => {
            terminal::complain(shown(&format!("fedgate: {problem}")));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    let layout = Layout { colours: terminal::colours(), width: terminal::width() };
    let mut code = 0;
    for (number, input) in arguments.certificates.iter().enumerate() {
        let report = one(input, &password, arguments, &settings, &fetcher, &given);
        code = code.max(exit_code(report.verdict));
        if report.verdict == Verdict::Unreadable {
            terminal::complain(shown(&format!("fedgate: {input}: {}", report.finding)));
        }
        if arguments.json {
            terminal::print_line(to_json(&report));
        } else if report.verdict != Verdict::Unreadable {
            let between = if number == 0 { "" } else { "\n" };
            terminal::print(format_args!("{between}{}", page(&report, layout)));
        }
    }
    ExitCode::from(code)
}

fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Good => 0,
        Verdict::Refused | Verdict::Undetermined => 1,
        Verdict::Unreadable => EXIT_USAGE,
    }
}

fn one(
    input: &str,
    password: &str,
    arguments: &Arguments,
    settings: &Settings,
    fetcher: &Fetcher,
    given: &[GivenCrl],
) -> Report {
    let at = arguments.at.unwrap_or_else(now);
    let presented = match certificate_input::read(input, password) {
        Ok(presented) => presented,
        Err(problem) => return Report::unreadable(input, problem, at),
    };
    let judged = judge_chain(input, &presented, settings, at);
    let mut evidence = Evidence { given: given.to_vec(), ..Evidence::default() };
    if arguments.url_fetch {
        let prober = Prober::new(fetcher.clone(), Clock::System);
        actix_web::rt::System::new().block_on(fetch(&prober, &judged, &mut evidence));
    }
    judged.finish(&evidence)
}

/// Asks every address of the path: the CRLs, the issuers' certificates and the responders, then the deltas that the CRLs name.
async fn fetch(prober: &Prober, judged: &Judged<'_>, evidence: &mut Evidence) {
    let wanted = judged.wanted();
    let crls = wanted.iter().map(|wanted| ask_all(prober, wanted.urls.clone(), wanted.source));
    let issuers = wanted
        .iter()
        .map(|wanted| ask_all(prober, AuthorityInformation::of(&wanted.certificate).issuers, UrlSource::Certificate));
    let questions = judged.responders();
    let responders = questions
        .iter()
        .flat_map(|question| question.urls.iter().filter_map(move |url| ask_responder(prober, url, question)));
    let (crls, issuers, responders) = join3(join_all(crls), join_all(issuers), join_all(responders)).await;
    (evidence.crls, evidence.issuers, evidence.responders) = (Some(crls), issuers, responders);
    for (position, delta) in judged.deltas_wanted(evidence) {
        let answers = ask_all(prober, delta.urls.clone(), delta.source).await;
        if let Some(crls) = evidence.crls.as_mut().and_then(|crls| crls.get_mut(position)) {
            crls.extend(answers);
        }
    }
}

/// Asks these addresses at the same time.
pub(super) async fn ask_all(prober: &Prober, urls: Vec<String>, source: UrlSource) -> Vec<Fetched> {
    join_all(urls.iter().map(|url| async move {
        let probe = prober.ask(url, source).await;
        let arrival = arrival(&probe);
        Fetched { url: probe.url, took: probe.took, arrival, answer: probe.answer }
    }))
    .await
}

/// Asks one responder; `None` when the issuer's key cannot be asked about.
fn ask_responder(prober: &Prober, url: &str, question: &OcspWanted) -> Option<impl Future<Output = OcspFetched>> {
    let nonce = question.nonce.then(entropy::random_bytes);
    let request = OcspRequest::new(&question.certificate, &question.issuer, nonce)?;
    Some(async move {
        let probe = prober.ask_responder(url, question.source, request.der()).await;
        let arrival = arrival(&probe);
        OcspFetched {
            question: question.clone(),
            request,
            url: probe.url,
            took: probe.took,
            arrival,
            answer: probe.answer,
        }
    })
}

fn arrival<F>(probe: &Probe<F>) -> Arrival {
    let facts = probe.facts.as_ref();
    Arrival {
        http_status: probe.http_status,
        redirects: probe.redirects.clone(),
        content_type: facts.and_then(|facts| facts.content_type.clone()),
        server: facts.and_then(|facts| facts.server).map(|server| server.to_string()),
    }
}

/// The first line, without its end.
fn password(arguments: &Arguments) -> Result<String, String> {
    let Some(file) = &arguments.password_file else { return Ok(String::new()) };
    let bytes = read_file(file, 4096).map_err(|problem| format!("{}: {problem}", file.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{}: it is not UTF-8 text", file.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn crls(arguments: &Arguments) -> Result<Vec<GivenCrl>, String> {
    let read = |file: &PathBuf| {
        let bytes = read_file(file, LARGEST_CRL).map_err(|problem| format!("{}: {problem}", file.display()))?;
        crate::revocation::Crl::read(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(GivenCrl { file: file.display().to_string(), bytes })
    };
    arguments.crl.iter().map(read).collect()
}
