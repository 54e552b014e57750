//! The real program, run as a person runs it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hoclieu");

/// How long a server may take to say that it is ready; machines under test are busy.
const READY: Duration = Duration::from_mins(4);

/// What a finished command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command on a data folder, without the settings of the machine that tests run on.
pub(crate) fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HOCLIEU_") {
            command.env_remove(name);
        }
    }
    command.arg("--data").arg(data).args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Said {
    let output = command(data, arguments).output().expect("the program starts");
    Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The seed content of the project.
pub(crate) fn seed_content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seed-content")
}

/// A server on a port of its own; ended when dropped.
pub(crate) struct Server {
    child: Child,
    /// Such as `http://127.0.0.1:40123`.
    pub(crate) url: String,
}

impl Server {
    /// Starts a server on a data folder and waits until it is ready; `arguments` come before `serve`.
    #[track_caller]
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Self {
        let mut all = vec!["--listen", "127.0.0.1:0"];
        if !arguments.contains(&"--rate-limit-per-minute") {
            all.extend(["--rate-limit-per-minute", "0"]);
        }
        all.extend(arguments);
        all.push("serve");
        let mut child =
            command(data, &all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut errors = child.stderr.take().expect("stderr is piped");
        let (error_sender, error_text) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            drop(errors.read_to_string(&mut text));
            drop(error_sender.send(text));
        });
        let out = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let (sender, ready) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if let Some(rest) = line.split("sẵn sàng tại ").nth(1) {
                    drop(sender.send(rest.split(' ').next().unwrap_or_default().to_owned()));
                }
            }
        });
        match ready.recv_timeout(READY) {
            Ok(url) => {
                wait_for_the_index(&url);
                Self { child, url }
            }
            Err(error) => {
                drop(child.kill());
                let said = error_text.recv_timeout(Duration::from_secs(5)).unwrap_or_default();
                panic!("the server did not become ready ({error}): {said}");
            }
        }
    }

    /// Asks the server to end, as an operator does; answers its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "the server is asked to end");
        self.child.wait().expect("the server ends").code()
    }

    /// Ends the server at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// The server's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

/// A server listens before its first index is built; searches are answered after.
#[track_caller]
fn wait_for_the_index(url: &str) {
    // Over TLS only the address matters to those who ask.
    let deadline = Instant::now() + READY;
    while url.starts_with("http://") && ureq::get(format!("{url}/readyz")).call().is_err() {
        assert!(Instant::now() < deadline, "searches are never answered");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
