//! The virus scanner: a real `clamd` with a signature of our own where one is installed, and its protocol in any case.

use super::{Office, kept, post};
use serde_json::json;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CLEAN: &[u8] = "Cây ném trồng trên đất cát.".as_bytes();
/// What the signature of the tests finds; harmless in itself.
const MARKED: &[u8] = b"hoclieu-thu-nghiem-quet-vi-rut: tep nay chi de kiem thu, khong co gi doc hai.";

/// A scanner; ended when dropped.
struct Clamd {
    child: Child,
    socket: PathBuf,
}

impl Clamd {
    /// Starts a real one; nothing where none is installed.
    fn start(folder: &Path) -> Option<Self> {
        let installed = Command::new("clamd").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        installed.ok().filter(std::process::ExitStatus::success)?;
        let signatures = folder.join("signatures");
        std::fs::create_dir(&signatures).unwrap();
        // Any kind of file, anywhere in it: the bytes in hexadecimal digits.
        let digits = MARKED.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        std::fs::write(signatures.join("test.ndb"), format!("Hoclieu.Test:0:*:{digits}\n")).unwrap();
        let socket = folder.join("clamd.sock");
        let settings = format!(
            "Foreground yes\nLocalSocket {}\nDatabaseDirectory {}\nTemporaryDirectory {}\nStreamMaxLength 4M\n",
            socket.display(),
            signatures.display(),
            folder.display()
        );
        let path = folder.join("clamd.conf");
        std::fs::write(&path, settings).unwrap();
        let mut command = Command::new("clamd");
        command.arg("--config-file").arg(&path).stdout(Stdio::null()).stderr(Stdio::null());
        let mut clamd = Self { child: command.spawn().ok()?, socket };
        let started = Instant::now();
        while UnixStream::connect(&clamd.socket).is_err() {
            assert!(started.elapsed() < Duration::from_mins(1), "clamd does not listen");
            assert!(clamd.child.try_wait().unwrap().is_none(), "clamd ended");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(clamd)
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Refuses the marked file and takes the clean one, whoever scans.
fn refuses_what_is_marked(socket: &Path) {
    let office = Office::open(&["--clamd", &socket.to_string_lossy()]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let url = format!("{}/api/v1/materials", office.url());
    let refused = post("POST", &url, &token, &[("file", Some("a.txt"), MARKED)]);
    assert_eq!((refused.status, &refused.json()["code"]), (422, &json!("file-infected")), "{}", refused.text());
    assert_eq!(kept(&office.data()), (0, 0), "nothing of it is kept");
    assert_eq!(post("POST", &url, &token, &[("file", Some("b.txt"), CLEAN)]).status, 201);
}

#[test]
fn a_real_scanner_decides_where_one_is_installed() {
    let folder = tempfile::tempdir().unwrap();
    let Some(clamd) = Clamd::start(folder.path()) else {
        eprintln!("clamd is not installed: only its protocol is tested");
        return;
    };
    refuses_what_is_marked(&clamd.socket);
    // A file beyond its own bound gets no verdict, which is refused as nobody looked at it.
    let office = Office::open(&["--clamd", &clamd.socket.to_string_lossy()]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let url = format!("{}/api/v1/materials", office.url());
    let large = "Cây ném trên cát. ".repeat(400_000);
    let refused = post("POST", &url, &token, &[("file", Some("a.txt"), large.as_bytes())]);
    assert_eq!((refused.status, &refused.json()["code"]), (503, &json!("antivirus-unavailable")));
}

/// Reads what `INSTREAM` sends.
fn read_stream(line: &mut UnixStream) -> Vec<u8> {
    let mut command = [0; 10];
    line.read_exact(&mut command).unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut bytes = Vec::new();
    loop {
        let mut length = [0; 4];
        line.read_exact(&mut length).unwrap();
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
        if length == 0 {
            return bytes;
        }
        let at = bytes.len();
        bytes.resize(at + length, 0);
        line.read_exact(&mut bytes[at..]).unwrap();
    }
}

#[test]
fn its_protocol_is_spoken_as_documented() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("scanner.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    std::thread::spawn(move || {
        for mut line in listener.incoming().map_while(Result::ok) {
            let bytes = read_stream(&mut line);
            let is_marked = bytes.windows(MARKED.len()).any(|part| part == MARKED);
            let answer: &[u8] = if is_marked { b"stream: Hoclieu.Test FOUND\0" } else { b"stream: OK\0" };
            line.write_all(answer).unwrap();
        }
    });
    refuses_what_is_marked(&socket);
}

#[test]
fn who_does_not_answer_is_told_apart_by_the_settings() {
    for (required, status) in [("true", 503), ("false", 201)] {
        let office = Office::open(&["--clamd", "/nonexistent/clamd.sock", "--clamd-required", required]);
        let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
        let url = format!("{}/api/v1/materials", office.url());
        let answer = post("POST", &url, &token, &[("file", Some("a.txt"), CLEAN)]);
        assert_eq!(answer.status, status, "{}", answer.text());
        if status == 503 {
            assert_eq!(answer.json()["code"], "antivirus-unavailable");
        }
    }
}
