//! Where commands print. `println!` panics when its reader is gone, as in `fedgate explain | head -3`; here the command ends
//! quietly then. The log of a running gateway goes on without its reader.

use crate::verification::shown;
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// What a shell says of a process that SIGPIPE (13) ended: 128 and the signal's number. Not 0, because a trial that nobody
/// heard to its end has shown nothing.
const READER_GONE: i32 = 128 + 13;

/// An input/output error, as sysexits(3) numbers it.
const OUTPUT_FAILED: i32 = 74;

/// Prints what the command is for, and ends the process when nobody can read it.
pub(super) fn print(text: impl Display) {
    let mut output = io::stdout().lock();
    let written = write!(output, "{text}").and_then(|()| output.flush());
    drop(output);
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(READER_GONE),
        Err(error) => {
            complain(format_args!("fedgate: the output cannot be written: {error}"));
            std::process::exit(OUTPUT_FAILED);
        }
    }
}

/// The same, with the end of the line.
pub(super) fn print_line(text: impl Display) {
    print(format_args!("{text}\n"));
}

/// Says what went wrong, on standard error. The exit status says it too, so it does not matter when nobody listens.
pub(super) fn complain(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Keeps one line of a terminal up to date while somebody waits; nobody but a terminal sees it. No text ends the line.
pub(super) fn progress(text: &str) {
    let mut errors = io::stderr().lock();
    if errors.is_terminal() {
        let _ = write!(errors, "\r\x1b[K{text}").and_then(|()| errors.flush());
    }
}

/// The same for words with foreign names in them: nothing in a line is left that a terminal would act upon.
pub(super) fn complain_safely(text: &str) {
    text.lines().for_each(|line| complain(shown(line)));
}

/// Whether to use colours: on a terminal, unless somebody does not want any (no-color.org).
pub(super) fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Columns of a line: the terminal's, or what COLUMNS says, or as many as most can show.
pub(super) fn width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    said.or_else(terminal).unwrap_or(120)
}

/// Where the log goes. People sign in whether or not somebody reads it; the first line that is lost is told.
#[derive(Debug, Default)]
pub(super) struct Log {
    lost: AtomicBool,
}

impl Write for &Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut output = io::stdout().lock();
        let written = output.write_all(line).and_then(|()| output.flush());
        drop(output);
        let told = self.lost.swap(written.is_err(), Ordering::Relaxed);
        if let Err(error) = written
            && !told
        {
            complain(format_args!("fedgate: the log cannot be written: {error}"));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
