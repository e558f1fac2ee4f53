//! What a trial showed, for people: a table, one decision step by step, its token.

use super::running::RunningLab;
use super::trial::{Token, Trial};
use super::xmlsec1::{self, Judged};
use crate::sign_in::SignInRecord;
use std::fmt::{self, Display, Write};

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
        let mark =
            if complaints.is_empty() { self.paint("✓", Colour::Green) } else { self.paint("✗", Colour::Red) };
        let outcome = trial
            .record
            .as_ref()
            .map_or_else(|| "—".to_owned(), |record| format!("{} {}", record.outcome.code(), record.outcome.name()));
        let mut row = format!("{mark} {:<23}{outcome:<32}{}\n", trial.name, got(trial));
        let why = trial.record.as_ref().map_or(trial.shows, |record| record.finding.as_str());
        let _ = writeln!(row, "    {}", self.paint(&self.shortened(why, 4), Colour::Faint));
        for complaint in complaints {
            let _ = writeln!(row, "    {}", self.paint(&complaint, Colour::Red));
        }
        row
    }

    /// The steps of one decision.
    pub fn steps(&self, name: &str, record: &SignInRecord) -> String {
        let mut text = self.heading(&format!("How \"{name}\" was decided (reference {})", record.correlation));
        for step in &record.steps {
            let mark = if step.passed { "✓" } else { "✗" };
            let took = format!("{} µs", step.took.as_micros());
            let _ = writeln!(text, "{mark} {:<12}{took:>10}  {}", step.stage.name(), self.shortened(&step.finding, 26));
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
             Any other name in {users} does as well: its certificate then ends in its own outcome.\n\
             What the gateway says without a certificate:\n\n\
             curl --resolve {name}:{port}:127.0.0.1 --cacert {root} https://{name}:{port}{path}",
            root = lab.root().display(),
            certificate = certificate.display(),
            key = key.display(),
            request = lab.path("request.xml").display(),
            users = lab.path("users").display(),
            path = crate::http::routes::CERTIFICATE_TRANSPORT,
        );
        text
    }

    /// One line of the terminal, told by an ellipsis when it is cut.
    fn shortened(&self, text: &str, indent: usize) -> String {
        let room = self.width.saturating_sub(indent).max(40);
        if text.chars().count() <= room {
            return text.to_owned();
        }
        text.chars().take(room - 1).chain(['…']).collect()
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
