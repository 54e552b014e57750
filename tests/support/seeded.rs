//! One server with the seed content for all tests that only read.

use super::program::{Server, seed_content};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The address of a server that holds the seed content; started once, ended with the tests.
pub(crate) fn url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        let data = tempfile::tempdir().expect("a folder for data").keep();
        let seed = seed_content();
        let server = Server::start(&data, &["--seed-content", &seed.to_string_lossy()]);
        let url = server.url.clone();
        end_with_tests(server, data);
        url
    })
}

/// Keeps a server until the test process ends, then ends it and removes its data.
///
/// Statics are not dropped, so a watcher process waits for the test process to go.
fn end_with_tests(server: Server, data: PathBuf) {
    let watcher =
        "while kill -0 \"$1\" 2>/dev/null; do sleep 0.5; done; kill \"$2\" 2>/dev/null; sleep 0.5; rm -rf -- \"$3\"";
    let own = std::process::id().to_string();
    Command::new("sh")
        .args(["-c", watcher, "watcher", &own, &server.pid().to_string()])
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh starts");
    std::mem::forget(server);
}
