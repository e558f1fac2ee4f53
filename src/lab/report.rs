//! What a trial showed, for people: a table, one decision step by step, its token.

use super::running::RunningLab;
use super::trial::{Token, Trial};
use super::xmlsec1::{self, Judged};
use crate::outcome::Disposition;
use crate::sign_in::{SignInRecord, Stage};
use crate::typesetting::wrapped;
use std::fmt::{self, Display, Write};

/// What stands below a row of the table.
const ROW_INDENT: usize = 4;
/// Mark, stage and time come before a step's finding.
const STEP_INDENT: usize = 26;

/// Words for a terminal; colours only where they are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    /// Whether to use colours (ECMA-48).
    pub colours: bool,
    /// Columns of the terminal.
    pub width: usize,
}

#[derive(Clone, Copy)]
enum Colour {
    Bold = 1,
    Faint = 2,
    Red = 31,
    Green = 32,
}

struct Painted<'t>(&'t str, Option<Colour>);

impl Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(colour) => write!(f, "\x1b[{}m{}\x1b[0m", colour as u8, self.0),
            None => f.write_str(self.0),
        }
    }
}

impl Report {
    fn paint<'t>(&self, text: &'t str, colour: Colour) -> Painted<'t> {
        Painted(text, self.colours.then_some(colour))
    }

    fn mark(&self, good: bool) -> Painted<'static> {
        let (mark, colour) = if good { ("✓", Colour::Green) } else { ("✗", Colour::Red) };
        Painted(mark, self.colours.then_some(colour))
    }

    fn heading(&self, text: &str) -> String {
        format!("\n{}\n", self.paint(text, Colour::Bold))
    }

    /// The head of the table.
    pub fn table_head(&self) -> String {
        let head = format!("  {:<23}{:<32}{:<28}", "certificate", "outcome", "the client got");
        format!("{}\n", self.paint(head.trim_end(), Colour::Bold))
    }

    /// One row of the table, and a line on why.
    pub fn row(&self, trial: &Trial) -> String {
        let complaints = trial.complaints();
        let mark = self.mark(complaints.is_empty());
        let outcome = trial
            .record
            .as_ref()
            .map_or_else(|| "—".to_owned(), |record| format!("{} {}", record.outcome.code(), record.outcome.name()));
        let mut row = format!("{mark} {:<23}{outcome:<32}{}\n", trial.name, got(trial));
        self.write_lines(&mut row, why(trial), Colour::Faint);
        for complaint in complaints {
            self.write_lines(&mut row, &complaint, Colour::Red);
        }
        row
    }

    /// The steps of one decision.
    pub fn steps(&self, name: &str, record: &SignInRecord) -> String {
        let mut text = self.heading(&format!("How \"{name}\" was decided (reference {})", record.correlation));
        for step in &record.steps {
            let mark = self.mark(step.passed);
            let took = format!("{} µs", step.took.as_micros());
            let finding = self.lines(&step.finding, STEP_INDENT).join(&format!("\n{:STEP_INDENT$}", ""));
            let _ = writeln!(text, "{mark} {:<12}{took:>10}  {finding}", step.stage.name());
        }
        text
    }

    /// What a token says and who says that it is good.
    pub fn token(&self, running: &RunningLab, name: &str, token: &Token) -> String {
        let mut text = self.heading(&format!("The token of \"{name}\""));
        for (fact, value) in &token.facts {
            let _ = writeln!(text, "  {fact:<12}{value}");
        }
        for (claim_type, value) in &token.claims {
            let _ = writeln!(text, "  {}\n      {value}", self.paint(claim_type, Colour::Faint));
        }
        let verdict = match &token.judged {
            Judged::Good => self.paint("xmlsec1: the signature is good", Colour::Green),
            Judged::NotGood(said) => self.paint(said, Colour::Red),
        };
        let command = xmlsec1::command_line(&token.file, &running.lab.token_signing_certificate());
        let _ = writeln!(text, "\n  {verdict}\n  {}", self.paint(&command, Colour::Faint));
        text
    }

    /// The last line.
    pub fn verdict(&self, trials: &[Trial]) -> String {
        let failed = trials.iter().filter(|trial| !trial.complaints().is_empty()).count();
        let line = match failed {
            0 => format!("All {} sign-ins ended as they should.", trials.len()),
            failed => format!("{failed} of {} sign-ins did not end as they should.", trials.len()),
        };
        let colour = if failed == 0 { Colour::Green } else { Colour::Red };
        format!("\n{}\n", self.paint(&line, colour))
    }

    /// Commands to paste, for a lab that stays up.
    pub fn commands(&self, running: &RunningLab) -> String {
        let mut text = self.heading("Sign in yourself");
        let lab = &running.lab;
        let (name, port) = (lab.service_name(), running.user_tls().port());
        let (certificate, key) = lab.user("good");
        let _ = writeln!(
            text,
            "curl --resolve {name}:{port}:127.0.0.1 --cacert {root} \\\n     --cert {certificate} --key {key} \\\n     \
             -H 'Content-Type: application/soap+xml; charset=utf-8' --data-binary @{request} \\\n     \
             https://{name}:{port}{path}\n\n\
             Every other certificate in {users} ends in an outcome of its own.\n\
             And what there is to see without one:\n\n\
             curl --resolve {name}:{port}:127.0.0.1 --cacert {root} \\\n     \
             https://{name}:{port}{path}",
            root = lab.root().display(),
            certificate = certificate.display(),
            key = key.display(),
            request = lab.path("request.xml").display(),
            users = lab.path("users").display(),
            path = crate::http::routes::CERTIFICATE_TRANSPORT,
        );
        text
    }

    /// Lines below a row, each painted for itself.
    fn write_lines(&self, row: &mut String, text: &str, colour: Colour) {
        for line in self.lines(text, ROW_INDENT) {
            let _ = writeln!(row, "{:ROW_INDENT$}{}", "", self.paint(&line, colour));
        }
    }

    /// The text in lines, so that nothing has to be cut.
    fn lines(&self, text: &str, indent: usize) -> Vec<String> {
        wrapped(text, self.width.saturating_sub(indent).max(40))
    }
}

/// What decided: of a token, which account it is for and how that was found; of a refusal, what was wrong.
fn why(trial: &Trial) -> &str {
    let Some(record) = &trial.record else { return trial.shows };
    let subject = record.steps.iter().find(|step| step.stage == Stage::Subject);
    match subject.filter(|_| record.outcome.entry().disposition == Disposition::Issue) {
        Some(subject) => &subject.finding,
        None => &record.finding,
    }
}

/// The answer in a few words: the status and what a client reads of the body.
fn got(trial: &Trial) -> String {
    let answer = match &trial.answer {
        Ok(answer) => answer,
        Err(error) => return error.to_string(),
    };
    let subcode = || {
        let (_, after) = answer.body.split_once("<s:Subcode>")?;
        let (value, _) = after.split_once("</s:Value>")?;
        value.rsplit_once(':').map(|(_, subcode)| subcode.to_owned())
    };
    let what = match (&trial.token, subcode()) {
        (Some(_), _) => "a token".to_owned(),
        (None, Some(subcode)) => subcode,
        (None, None) => "an explanation".to_owned(),
    };
    format!("{} {what}", answer.status)
}
