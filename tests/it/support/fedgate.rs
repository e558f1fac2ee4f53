//! The real command, as somebody at a terminal or a service manager has it.

use fedgate::clock::Clock;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);
/// What the log says once both listeners are up.
const SERVES: &str = "fedgate serves";

/// `fedgate` with these arguments, deaf to the settings of whoever runs the tests.
pub fn fedgate<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fedgate"));
    command.args(arguments).stdin(Stdio::null());
    for setting in ["RUST_LOG", "COLUMNS", "NO_COLOR"] {
        command.env_remove(setting);
    }
    command
}

/// What a command said and how it ended.
pub struct Ended {
    pub code: Option<i32>,
    pub output: String,
    pub errors: String,
}

/// Runs a command to its end.
pub fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Ended {
    let Output { status, stdout, stderr } = fedgate(arguments).output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    Ended { code: status.code(), output: text(stdout), errors: text(stderr) }
}

/// What a line of shell prints, with every way out of this machine closed.
pub fn shell(line: &str) -> String {
    let output = Command::new("sh").args(["-c", line]).env("no_proxy", "*").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A command that runs until it is told to end. It dies with this value.
pub struct Running {
    process: Child,
    output: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts it and waits until it prints this.
    pub fn start<'a>(arguments: impl IntoIterator<Item = &'a str>, ready: &str) -> Self {
        let running = Self::spawn(fedgate(arguments).stderr(Stdio::inherit()), |_| true);
        running.wait_for(ready);
        running
    }

    /// `fedgate serve`, serving.
    pub fn serve(configuration: &Path) -> Self {
        Self::start(["serve", "--config", configuration.to_str().unwrap()], SERVES)
    }

    /// The same, but whoever reads the log leaves as soon as it serves.
    pub fn serve_with_reader_that_leaves(configuration: &Path, errors: impl Into<Stdio>) -> Self {
        let mut command = fedgate(["serve", "--config", configuration.to_str().unwrap()]);
        let mut running = Self::spawn(command.stderr(errors), |line| !line.contains(SERVES));
        running.reader.take().unwrap().join().unwrap();
        running
    }

    fn spawn(command: &mut Command, goes_on: impl Fn(&str) -> bool + Send + 'static) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let output = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&output);
        let reader = std::thread::spawn(move || {
            while let Some(Ok(line)) = lines.next() {
                let last = !goes_on(&line);
                kept.lock().unwrap().push(line);
                if last {
                    return;
                }
            }
        });
        Self { process, output, reader: Some(reader) }
    }

    /// Every line that it printed so far.
    pub fn output(&self) -> Vec<String> {
        self.output.lock().unwrap().clone()
    }

    /// The first line that holds this text, once there is one.
    pub fn wait_for(&self, text: &str) -> String {
        let stopwatch = Clock::System.stopwatch();
        loop {
            if let Some(line) = self.output.lock().unwrap().iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            assert!(stopwatch.elapsed() < PATIENCE, "no {text:?} in\n{}", self.output().join("\n"));
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Where user certificates are asked for, as the log tells it.
    pub fn user_tls(&self) -> SocketAddr {
        let line = self.wait_for(SERVES).replace('"', "");
        let (_, address) = line.split_once("user_tls").expect(&line);
        let address: String = address.trim_start_matches([':', '=']).split([' ', ',']).take(1).collect();
        address.parse().expect(&line)
    }

    /// What it said on standard error, when that is a pipe, until it ends.
    pub fn take_errors(&mut self) -> ChildStderr {
        self.process.stderr.take().unwrap()
    }

    /// Sends SIGTERM, as a service manager does.
    pub fn terminate(&self) {
        let process = self.process.id();
        let done = Command::new("sh").args(["-c", &format!("kill -TERM {process}")]).status().unwrap();
        assert!(done.success());
    }

    /// Waits for the end, and for the last line.
    pub fn wait(mut self) -> (ExitStatus, Vec<String>) {
        let stopwatch = Clock::System.stopwatch();
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(stopwatch.elapsed() < PATIENCE, "it does not end:\n{}", self.output().join("\n"));
            std::thread::sleep(Duration::from_millis(5));
        };
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        (status, self.output())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
