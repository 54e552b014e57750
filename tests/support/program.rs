//! The real program, run as a person runs it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
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
    /// The code for the first administrator, as the terminal told it.
    pub(crate) first_code: Option<String>,
    /// What the server has written to its log so far.
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts a server on a data folder and waits until it is ready; `arguments` come before `serve`.
    #[track_caller]
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Self {
        let mut all = Vec::new();
        if !arguments.contains(&"--listen") {
            all.extend(["--listen", "127.0.0.1:0"]);
        }
        if !arguments.contains(&"--rate-limit-per-minute") {
            all.extend(["--rate-limit-per-minute", "0"]);
        }
        // An unoptimised program on a busy machine would leave out what takes more than half of the usual time.
        if !arguments.contains(&"--search-budget-ms") {
            all.extend(["--search-budget-ms", "20000"]);
        }
        all.extend(arguments);
        all.push("serve");
        let mut child =
            command(data, &all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let errors = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let log = Arc::new(Mutex::new(String::new()));
        let writing = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let mut log = writing.lock().expect("nobody panicked");
                log.push_str(&line);
                log.push('\n');
            }
        });
        let out = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let (sender, ready) = mpsc::channel();
        std::thread::spawn(move || {
            let mut code = None;
            for line in out.lines().map_while(Result::ok) {
                if let Some(rest) = line.split("mã một lần: ").nth(1) {
                    code = rest.split(' ').next().map(str::to_owned);
                }
                if let Some(rest) = line.split("sẵn sàng tại ").nth(1) {
                    let url = rest.split(' ').next().unwrap_or_default().to_owned();
                    drop(sender.send((url, code.take())));
                }
            }
        });
        match ready.recv_timeout(READY) {
            Ok((url, first_code)) => {
                let server = Self { child, url, first_code, log };
                server.wait_for_searches();
                server
            }
            Err(error) => {
                drop(child.kill());
                std::thread::sleep(Duration::from_secs(1));
                let said = log.lock().expect("nobody panicked").clone();
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

    /// A server listens a moment before an index just made can be searched.
    fn wait_for_searches(&self) {
        let started = Instant::now();
        let is_ready = || ureq::get(format!("{}/readyz", self.url)).call().is_ok();
        while self.url.starts_with("http://") && !is_ready() {
            assert!(started.elapsed() < READY, "the index did not become ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends the server at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// What the server has written to its log so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("nobody panicked").clone()
    }

    /// The server's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
