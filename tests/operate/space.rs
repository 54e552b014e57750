//! A disk that fills is told of in time and takes nothing with it.

use crate::accounts::served;
use crate::support::http::get;
use crate::support::program::{run, seed_content};
use std::fs;

/// More than any disk has, in megabytes.
const MORE_THAN_THERE_IS: &str = "900000000";

#[test]
fn below_the_floor_new_files_are_refused_in_plain_words_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &["--disk-floor-mb", MORE_THAN_THERE_IS]);
    let data = folder.path().join("data");
    let ready = get(&format!("{}/readyz", server.url));
    assert_eq!((ready.status, ready.text().as_str()), (200, "ready\ndisk full\n"));
    let documents = folder.path().join("tai-lieu");
    fs::create_dir(&documents).unwrap();
    fs::copy(seed_content().join("materials/vneid.pdf"), documents.join("a.pdf")).unwrap();
    let refused = run(&data, &["import", &documents.to_string_lossy()]);
    assert!(refused.code == Some(2) && refused.err.contains("sắp hết chỗ chứa"), "{refused:?}");
    let lines = folder.path().join("a.jsonl");
    fs::write(&lines, "{\"id\":\"1\",\"title\":\"Dệt zèng\",\"text\":\"Nghề dệt zèng.\"}\n").unwrap();
    assert_eq!(run(&data, &["import", &lines.to_string_lossy()]).code, Some(0), "a row of text needs no file");
    assert_eq!(get(&format!("{}/api/v1/search?q=zeng", server.url)).json()["total"], 1);
    assert!(admin.get("/tai-khoan").text().contains("Ổ đĩa của thư viện đã đầy"));
    assert!(!get(&server.url).text().contains("Ổ đĩa"), "readers have other worries");
    let health = run(&data, &["doctor"]);
    assert!(health.code == Some(1) && health.out.contains("✗ Ổ đĩa:"), "{health:?}");
}

#[test]
fn a_disk_with_room_is_told_of_only_where_it_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mut admin) = served(folder.path(), &["--disk-floor-mb", "1"]);
    assert_eq!(get(&format!("{}/readyz", server.url)).text(), "ready\ndisk ok\n");
    assert!(!admin.get("/tai-khoan").text().contains("Ổ đĩa"));
    let health = run(&folder.path().join("data"), &["doctor"]);
    assert!(health.out.contains("✓ Ổ đĩa: còn trống"), "{health:?}");
}
