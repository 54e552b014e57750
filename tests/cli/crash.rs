//! What was answered with success survives the process being killed at any instant.

use crate::support::http::get;
use crate::support::program::{Server, command, run};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// How many times the import is killed.
const ROUNDS: u64 = 6;
/// Materials in each import: enough for several transactions.
const MATERIALS: usize = 6_000;

fn lines(path: &Path, round: u64) {
    let mut file = File::create(path).unwrap();
    for number in 0..MATERIALS {
        let text = "ruộng lúa nước ".repeat(40);
        writeln!(file, "{{\"id\":\"{round}-{number}\",\"title\":\"Bài {number}\",\"text\":\"{text}\"}}").unwrap();
    }
}

#[test]
fn an_import_killed_at_any_instant_leaves_nothing_half_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let path = folder.path().join(format!("{round}.jsonl"));
        lines(&path, round);
        let mut child = command(&data, &["import", &path.to_string_lossy()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(250 << round));
        child.kill().unwrap();
        child.wait().unwrap();
        // One that is answered with success …
        let whole = folder.path().join(format!("whole-{round}.jsonl"));
        fs::write(&whole, format!("{{\"id\":\"w{round}\",\"title\":\"Trọn vẹn\",\"text\":\"nguyên vẹn\"}}\n")).unwrap();
        let said = run(&data, &["import", &whole.to_string_lossy()]);
        assert!(said.out.contains("1 mới"), "{said:?}");
        acknowledged += 1;
    }
    let health = run(&data, &["doctor"]);
    assert_eq!(health.code, Some(0), "{health:?}");
    assert!(
        !health.out.contains(&format!(", {acknowledged} học liệu")),
        "no killed import had begun to write: {health:?}"
    );
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    // … is there and searchable after all of it.
    let found = get(&format!("{}/api/v1/search?q=nguyen+ven&limit=50", server.url)).json();
    assert_eq!(found["total"], acknowledged);
    let url = server.url.clone();
    server.kill();
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    assert_ne!(server.url, url);
    assert_eq!(get(&format!("{}/api/v1/search?q=nguyen+ven", server.url)).json()["total"], acknowledged);
}
