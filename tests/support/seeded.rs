//! One server with the seed content for all tests that only read.

use super::http::get;
use super::program::{Server, seed_content};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How long recognising the few scans of the seed may take; machines under test are busy.
const PATIENCE: Duration = Duration::from_mins(4);

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

/// A scan of the seed content.
pub(crate) struct Scan {
    pub(crate) id: String,
    /// The path of its page for people.
    pub(crate) address: String,
}

/// Waits until a scan of the seed content is recognised.
#[track_caller]
pub(crate) fn recognised(external_id: &str) -> Scan {
    let list = get(&format!("{}/api/v1/materials?limit=100", url())).json();
    let items = list["items"].as_array().expect("materials");
    let item = items.iter().find(|item| item["external_id"] == external_id).expect("a scan of the seed");
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let (id, address) = (text("id"), text("url"));
    let begun = Instant::now();
    loop {
        let material = get(&format!("{}/api/v1/materials/{id}", url())).json();
        let searchable = || get(&format!("{}/api/v1/materials/{id}/pages/1", url())).json()["origin"] == "ocr";
        if material["processing"] == "done" && searchable() {
            return Scan { id, address };
        }
        assert!(begun.elapsed() < PATIENCE, "{external_id}: {}", material["processing"]);
        std::thread::sleep(Duration::from_millis(200));
    }
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
