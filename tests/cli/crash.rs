//! What was answered with success survives the process being killed at any instant.

use crate::support::http::get;
use crate::support::program::{Server, command, run};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How many times an import is killed.
const ROUNDS: u64 = 16;
/// Materials in each import: enough for several transactions and commits of the index.
const MATERIALS: usize = 5_000;

fn lines(path: &Path, round: u64) {
    let mut file = std::io::BufWriter::new(File::create(path).unwrap());
    let text = "ruộng lúa nước ".repeat(40);
    for number in 0..MATERIALS {
        writeln!(file, "{{\"id\":\"{round}-{number}\",\"title\":\"Bài {number}\",\"text\":\"{text}\"}}").unwrap();
    }
    file.flush().unwrap();
}

/// A number below `bound`, scattered but the same in every run.
fn scattered(round: u64, bound: u64) -> u64 {
    (round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31) % bound.max(1)
}

/// How many materials the store of a data folder holds.
#[track_caller]
fn held(data: &Path) -> usize {
    let health = run(data, &["doctor"]);
    assert_eq!(health.code, Some(0), "{health:?}");
    let count = health.out.split(" học liệu").next().and_then(|text| text.rsplit(' ').next().map(str::to_owned));
    count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{health:?}"))
}

#[test]
fn an_import_killed_at_any_instant_leaves_nothing_half_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = |round: u64| folder.path().join(format!("{round}.jsonl"));
    // How long an import takes here and now decides where the instants lie.
    lines(&path(0), 0);
    let begun = Instant::now();
    assert_eq!(run(&data, &["import", &path(0).to_string_lossy()]).code, Some(0));
    let whole = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let mut acknowledged = 0;
    for round in 1..=ROUNDS {
        lines(&path(round), round);
        let mut child = command(&data, &["import", &path(round).to_string_lossy()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(scattered(round, whole)));
        child.kill().unwrap();
        child.wait().unwrap();
        // One that is answered with success …
        let one = folder.path().join(format!("one-{round}.jsonl"));
        fs::write(&one, format!("{{\"id\":\"w{round}\",\"title\":\"Trọn vẹn\",\"text\":\"nguyên vẹn\"}}\n")).unwrap();
        let said = run(&data, &["import", &one.to_string_lossy()]);
        assert!(said.out.contains("1 mới"), "{said:?}");
        acknowledged += 1;
    }
    let kept = held(&data);
    assert!(kept > MATERIALS + acknowledged, "no killed import had begun to write");
    let all = usize::try_from(ROUNDS + 1).unwrap() * MATERIALS + acknowledged;
    assert!(kept < all, "every import was over before it was killed");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    // … is there and searchable after all of it, and a server killed over it loses nothing either.
    let found =
        |server: &Server| get(&format!("{}/api/v1/search?q=nguyen+ven&limit=50", server.url)).json()["total"].clone();
    assert_eq!(found(&server), acknowledged);
    server.kill();
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    assert_eq!(found(&server), acknowledged);
    drop(server);
    // Whatever was cut off is completed by importing it again.
    for round in 1..=ROUNDS {
        assert_eq!(run(&data, &["import", &path(round).to_string_lossy()]).code, Some(0));
    }
    assert_eq!(held(&data), all);
}
